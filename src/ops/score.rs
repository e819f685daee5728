//! Scores of leads as tables.

use super::Session;
use super::set::{Chosen, numbers};
use crate::record::{LEAD, Record, Result, Words};
use crate::rules::Snapshot;
use crate::rules::listing::{self, Named, RecordSchema};
use crate::rules::score::score_in;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use rayon::prelude::*;

/// Returns the leads meant, best score first; all when nothing was chosen.
pub fn scored<'a>(session: &Session, snapshot: &'a Snapshot, chosen: Option<Chosen>) -> Result<Vec<&'a Record>> {
    let mut leads: Vec<&Record> = match chosen {
        None => snapshot.records(LEAD).iter().collect(),
        Some(chosen) => {
            let numbers = numbers(session, LEAD, &chosen)?;
            numbers
                .iter()
                .filter_map(|number| snapshot.find(number.as_str()))
                .filter(|record| record.kind == LEAD)
                .collect()
        }
    };
    leads.par_sort_by_cached_key(|lead| std::cmp::Reverse(score_in(lead, snapshot).total));
    Ok(leads)
}

/// What the list of scores shows of each lead.
const COLUMNS: [&str; 6] = ["number", "company", "grade", "score", "reachable", "missing"];

/// Returns a line for each lead: grade, score, what it could still reach, what is missing.
pub fn list(leads: &[&Record], snapshot: &Snapshot) -> Sheet {
    let schema = RecordSchema::of(LEAD, snapshot);
    let columns: Vec<Named> = COLUMNS.iter().filter_map(|name| schema.named(name)).collect();
    Sheet { key: "scores".into(), ..listing::sheet(LEAD, leads, &columns, snapshot) }
}

/// Returns a table of one lead's dimensions: tier, points, the fact they came from.
pub fn dimensions(lead: &Record, snapshot: &Snapshot) -> Sheet {
    let score = score_in(lead, snapshot);
    let columns = vec![
        Column::text("dimension", "Dimension", "维度"),
        Column::of("points", "Points", "得分", ColumnType::Decimal),
        Column::of("max", "Of", "满分", ColumnType::Decimal),
        Column::text("tier", "Tier", "档位"),
        Column::text("fact", "Fact", "依据"),
    ];
    let summary = score.summary();
    let title = Words::join([&Words::same(format!("{} {}", lead.number, lead.title())), &summary], ": ", "：");
    let mut sheet = Sheet::new(lead.number.as_str(), title, columns);
    sheet.whole = true;
    let label = |words: &Words| Cell::Label(words.en.to_string(), words.clone());
    for dimension in &score.dimensions {
        let tier = dimension.tier.as_ref().zip(dimension.tier_label.as_ref());
        sheet.rows.push(vec![
            label(&dimension.label),
            Cell::Decimal(dimension.points),
            Cell::Decimal(dimension.max),
            tier.map_or(Cell::Empty, |(key, words)| Cell::Label(key.clone(), words.clone())),
            dimension.fact.as_ref().map_or_else(|| label(&words!("not known", "未知")), label),
        ]);
    }
    let total = score.dimensions.iter().map(|dimension| dimension.max).sum();
    sheet.total = Some(vec![
        label(&words!("Total", "合计")),
        Cell::Decimal(score.total),
        Cell::Decimal(total),
        Cell::text(&score.grade),
        Cell::Empty,
    ]);
    sheet
}
