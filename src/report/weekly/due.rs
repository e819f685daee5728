//! What waits: overdue now, due by the end of the period, due in the week after it.

use super::Week;
use crate::record::{Label, Record};
use crate::report::table::{Figure, figures};
use crate::rules::cadence::{Due, next_due_as};
use crate::sheet::Sheet;
use chrono::Days;
use rayon::prelude::*;

figures! {
    /// Contacts of one person that wait.
    Waiting {
        overdue: usize,
        open: usize,
        next: usize,
        no_plan: usize,
    }
}

/// Returns what each person's leads and customers call for.
pub fn by_person(week: &Week<'_, '_>) -> Sheet {
    let due = |record: &Record, grade: Option<&str>| next_due_as(record, week.view.snapshot, grade);
    let leads = week.graded.par_iter().map(|graded| {
        let due = due(graded.lead, week.view.grade_key(graded.grade));
        (graded.lead.text("owner"), due)
    });
    let customers = week.customers.par_iter().map(|customer| (customer.text("owner"), due(customer, None)));
    let found: Vec<_> = leads.chain(customers).collect();
    let mut table = week.of_people::<Waiting>();
    for (owner, due) in &found {
        if let Some(due) = due {
            count(table.at([*owner]), due, week);
        }
    }
    let columns = vec![
        Figure::count("overdue", "Overdue", "逾期", |row: &Waiting| row.overdue),
        Figure::count("open", "Open", "本期", |row: &Waiting| row.open),
        Figure::count("next", "Next 7 days", "下期", |row: &Waiting| row.next),
        Figure::count("no_plan", "No plan", "无计划", |row: &Waiting| row.no_plan),
    ];
    table.draw("due", Label::new("Due", "待办"), columns)
}

fn count(row: &mut Waiting, due: &Due, week: &Week<'_, '_>) {
    let to = week.view.period.to;
    let day = due.at.date_naive();
    if due.rule == "no-plan" {
        row.no_plan += 1;
    } else if due.overdue_by.is_some() {
        row.overdue += 1;
    } else if day <= to {
        row.open += 1;
    } else if to.checked_add_days(Days::new(7)).is_some_and(|last| day <= last) {
        row.next += 1;
    }
}
