//! The leads converted and disqualified in the period.

use super::Week;
use crate::record::Label;
use crate::report::axis::Axis;
use crate::report::table::{Figure, Table, figures};
use crate::sheet::Sheet;
use crate::words;

figures! {
    /// Leads of one row that came to an end.
    Moved {
        converted: usize,
        disqualified: usize,
    }
}

/// Returns the leads each person converted and disqualified.
pub fn by_person(week: &Week<'_, '_>) -> Sheet {
    let mut table = week.of_people::<Moved>();
    for lead in &week.view.leads {
        let converted = week.view.became(lead, "converted");
        let disqualified = week.view.became(lead, "disqualified");
        if converted || disqualified {
            let row = table.at([lead.text("owner")]);
            row.converted += usize::from(converted);
            row.disqualified += usize::from(disqualified);
        }
    }
    let columns = vec![
        Figure::count("converted", "Converted", "转化", |row: &Moved| row.converted),
        Figure::count("disqualified", "Disqualified", "剔除", |row: &Moved| row.disqualified),
    ];
    let mut sheet = table.draw("moved", Label::new("Converted and disqualified", "转化与剔除"), columns);
    if week.view.earlier.is_none() && week.view.period.start().is_some() {
        sheet.notes.push(words!(
            "what leads were when the period began is not known, so only those acquired in it are counted",
            "不知线索期初的状态，仅计期间内获取的线索"
        ));
    }
    sheet
}

/// Returns why leads were disqualified, by person.
pub fn reasons(week: &Week<'_, '_>) -> Sheet {
    let reasons = Axis::dictionary(week.view, "disqualify_reason", "reason", Label::new("Reason", "原因"));
    let mut table = Table::<2, Moved>::new([&week.people, &reasons]);
    for lead in week.view.leads.iter().filter(|lead| week.view.became(lead, "disqualified")) {
        table.at([lead.text("owner"), lead.text("disqualify_reason")]).disqualified += 1;
    }
    let columns = vec![Figure::count("leads", "Leads", "线索", |row: &Moved| row.disqualified)];
    table.draw("disqualified", Label::new("Disqualified because", "剔除原因"), columns)
}
