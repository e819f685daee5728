//! New leads, by person, by source, and both.

use super::Week;
use crate::record::Label;
use crate::report::axis::Axis;
use crate::report::table::{Figure, PerRank, Table, figures};
use crate::report::view::Graded;
use crate::sheet::Sheet;

figures! {
    /// New leads of one row.
    New {
        leads: usize,
        grades: PerRank,
    }
}

impl New {
    fn count(&mut self, new: &Graded<'_>) {
        self.leads += 1;
        self.grades.count(new.grade);
    }
}

/// Returns the new leads of each person by grade.
pub fn by_person(week: &Week<'_, '_>) -> Sheet {
    let mut table = week.of_people::<New>();
    for new in week.new_leads() {
        table.at([new.lead.text("owner")]).count(new);
    }
    table.draw("new_leads", Label::new("New leads", "新增线索"), columns(week))
}

/// Returns the team's new leads by source and grade.
pub fn by_source(week: &Week<'_, '_>) -> Sheet {
    let sources = sources(week);
    let mut table = Table::<1, New>::new([&sources]);
    for new in week.new_leads() {
        table.at([new.lead.text("source")]).count(new);
    }
    table.draw("new_by_source", Label::new("New leads by source", "新增线索来源"), columns(week))
}

/// Returns each person's new leads by source and grade, only what there is.
pub fn by_person_and_source(week: &Week<'_, '_>) -> Sheet {
    let sources = sources(week);
    let mut table = Table::<2, New>::new([&week.people, &sources]);
    for new in week.new_leads() {
        table.at([new.lead.text("owner"), new.lead.text("source")]).count(new);
    }
    let title = Label::new("New leads by person and source", "各人新增线索来源");
    table.draw("new_by_person_and_source", title, columns(week))
}

fn sources<'a>(week: &Week<'_, 'a>) -> Axis<'a> {
    Axis::dictionary(week.view, "source", "source", Label::new("Source", "来源"))
}

fn columns(week: &Week<'_, '_>) -> Vec<Figure<New>> {
    let mut columns = vec![Figure::count("new", "New", "新增", |row: &New| row.leads)];
    columns.extend(Figure::grades(week.view.grades(), |row: &New| &row.grades));
    columns
}
