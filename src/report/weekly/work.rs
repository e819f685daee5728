//! The follow-ups made, by person and by method.

use super::Week;
use crate::record::Label;
use crate::report::axis::Axis;
use crate::report::table::{Figure, Table, figures};
use crate::report::view::is_late;
use crate::sheet::Sheet;

figures! {
    /// Follow-ups of one row.
    Made {
        followups: usize,
        late: usize,
    }
}

/// Returns the follow-ups of each person, and how many were entered late.
pub fn by_person(week: &Week<'_, '_>) -> Sheet {
    let mut table = week.of_people::<Made>();
    for followup in &week.followups {
        let row = table.at([followup.text("author")]);
        row.followups += 1;
        row.late += usize::from(is_late(followup));
    }
    table.draw("followups", Label::new("Follow-ups", "跟进"), columns())
}

/// Returns the follow-ups of each person by method, only what there is.
pub fn by_method(week: &Week<'_, '_>) -> Sheet {
    let methods = Axis::dictionary(week.view, "followup_method", "method", Label::new("Method", "方式"));
    let mut table = Table::<2, Made>::new([&week.people, &methods]);
    for followup in &week.followups {
        let row = table.at([followup.text("author"), followup.text("method")]);
        row.followups += 1;
        row.late += usize::from(is_late(followup));
    }
    table.draw("followups_by_method", Label::new("Follow-ups by method", "跟进方式"), columns())
}

fn columns() -> Vec<Figure<Made>> {
    vec![
        Figure::count("followups", "Made", "跟进", |row: &Made| row.followups),
        Figure::count("late", "Late logs", "补录", |row: &Made| row.late),
    ]
}
