//! How the first response to the new leads kept its limit. DOMAIN: ABC scoring, consequences.

use super::Week;
use crate::record::Label;
use crate::report::axis::Axis;
use crate::report::table::{Figure, Table, figures};
use crate::rules::cadence::{Response, first_response_as};
use crate::sheet::Sheet;

figures! {
    /// New leads with a limit, of one person and grade.
    Responses {
        leads: usize,
        in_time: usize,
        late: usize,
        missed: usize,
        pending: usize,
    }
}

/// Returns first-response compliance by person and grade, of the grades that have a limit.
pub fn by_person(week: &Week<'_, '_>) -> Sheet {
    let grades = Axis::grades(week.view);
    let mut table = Table::<2, Responses>::new([&week.people, &grades]);
    for new in week.new_leads() {
        let grade = week.view.grade_key(new.grade);
        let first = first_response_as(new.lead, week.view.snapshot, grade);
        let Some(first) = first.filter(|first| first.limit_hours.is_some()) else { continue };
        let row = table.at([new.lead.text("owner"), grade]);
        row.leads += 1;
        match first.response {
            Response::Within => row.in_time += 1,
            Response::Late => row.late += 1,
            Response::Missed => row.missed += 1,
            Response::Pending => row.pending += 1,
        }
    }
    table.draw("first_response", Label::new("First response", "首次响应"), columns())
}

fn columns() -> Vec<Figure<Responses>> {
    vec![
        Figure::count("leads", "Leads", "线索", |row: &Responses| row.leads),
        Figure::count("in_time", "In time", "及时", |row: &Responses| row.in_time),
        Figure::count("late", "Late", "超时", |row: &Responses| row.late),
        Figure::count("missed", "Missed", "未响应", |row: &Responses| row.missed),
        Figure::count("pending", "Pending", "待定", |row: &Responses| row.pending),
        Figure::share("rate", "Rate", "及时率", |row: &Responses| (row.in_time, row.leads - row.pending)),
    ]
}
