//! Opportunities as reports count them: what came of each, what it is worth, and where it came from.
//!
//! *Invariants:* an amount in another currency than the repository's is in no sum; it is counted, and listed apart by
//! [`of_other_currencies`]. An opportunity came of one lead or customer, so no revenue is counted twice.

use super::currency::foreign;
use super::table::Amount;
use super::view::View;
use crate::record::{CUSTOMER, LEAD, Label, Money, OPPORTUNITY, Record};
use crate::rules::Snapshot;
use crate::rules::opportunity::{chance, is_open, weighted, worth};
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// From so many per cent on an open opportunity counts as committed.
pub const COMMITTED: i64 = 70;

/// An opportunity with what follows from it.
#[derive(Clone, Copy)]
pub struct Deal<'a> {
    /// The opportunity.
    pub record: &'a Record,
    /// The currency of its amounts, where it is not the repository's.
    pub foreign: Option<&'a str>,
    /// What it was won for or may be won for, in its currency.
    amount: Option<Money>,
    /// That times the probability.
    weighted: Option<Money>,
    /// The probability in per cent.
    chance: Option<i64>,
}

impl<'a> Deal<'a> {
    /// Looks at an opportunity.
    pub fn new(record: &'a Record, snapshot: &Snapshot) -> Deal<'a> {
        let stages = &snapshot.config.stages;
        Deal {
            record,
            foreign: foreign(record, snapshot),
            amount: worth(record),
            weighted: weighted(record, stages),
            chance: chance(record, stages),
        }
    }

    /// Tells whether it is neither won nor lost.
    pub fn is_open(&self) -> bool {
        is_open(self.record)
    }

    /// Tells whether it is won.
    pub fn is_won(&self) -> bool {
        self.record.text("stage") == Some("won")
    }

    /// Tells whether it is lost.
    pub fn is_lost(&self) -> bool {
        self.record.text("stage") == Some("lost")
    }

    /// Tells whether it is open and as good as promised.
    pub fn is_committed(&self) -> bool {
        self.is_open() && self.chance.is_some_and(|chance| chance >= COMMITTED)
    }

    /// Returns what it is worth; nothing where no amount is stated, or one in another currency.
    pub fn worth(&self) -> Option<Money> {
        self.amount.filter(|_| self.foreign.is_none())
    }

    /// Returns what it is worth times its probability; nothing where [`Deal::worth`] is nothing.
    pub fn weighted(&self) -> Option<Money> {
        self.weighted.filter(|_| self.foreign.is_none())
    }

    /// Returns the day it was won or lost.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        self.record.date("closed_on").filter(|_| !self.is_open())
    }

    /// Returns its customer.
    pub fn customer<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s Record> {
        snapshot.find(self.record.text("customer")?).filter(|found| found.kind == CUSTOMER)
    }

    /// Returns the lead it came of.
    pub fn lead<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s Record> {
        snapshot.find(self.record.text("lead")?).filter(|found| found.kind == LEAD)
    }

    /// Returns what says where it came from: its lead, or its customer where there is no lead.
    pub fn origin<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s Record> {
        self.lead(snapshot).or_else(|| self.customer(snapshot))
    }
}

/// Opportunities by what they came of.
///
/// One that came of a lead goes with it, whoever owns the two; so the leads of all owners have all of them.
pub struct Descent<'a> {
    of_leads: HashMap<&'a str, Vec<Deal<'a>>>,
    /// Those admitted that came of no lead there is; none under a filter of leads.
    pub direct: Vec<Deal<'a>>,
}

impl<'a> Descent<'a> {
    /// Sorts opportunities by lead.
    pub fn new(view: &View<'a>) -> Descent<'a> {
        let mut of_leads: HashMap<&str, Vec<Deal<'_>>> = HashMap::new();
        for record in view.snapshot.records(OPPORTUNITY) {
            let deal = Deal::new(record, view.snapshot);
            if let Some(lead) = deal.lead(view.snapshot) {
                of_leads.entry(lead.number.as_str()).or_default().push(deal);
            }
        }
        let mut direct = view.deals();
        direct.retain(|deal| deal.lead(view.snapshot).is_none());
        Descent { of_leads, direct }
    }

    /// Returns the opportunities that came of a lead.
    pub fn of(&self, lead: &Record) -> &[Deal<'a>] {
        self.of_leads.get(lead.number.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// What there is of one other currency.
#[derive(Default)]
struct Elsewhere {
    open: usize,
    amount: Amount,
    weighted: Amount,
    won: usize,
    won_amount: Amount,
}

/// Lists what is open and won in other currencies, each in its own; nothing when there is none.
pub fn of_other_currencies<'d, 'a: 'd>(deals: impl IntoIterator<Item = &'d Deal<'a>>) -> Option<Sheet> {
    let mut rows: BTreeMap<&str, Elsewhere> = BTreeMap::new();
    for deal in deals {
        let Some(currency) = deal.foreign else { continue };
        let row = rows.entry(currency).or_default();
        if deal.is_open() {
            row.open += 1;
            row.amount += deal.amount;
            row.weighted += deal.weighted;
        } else if deal.is_won() {
            row.won += 1;
            row.won_amount += deal.amount;
        }
    }
    let mut sheet =
        Sheet::new("other_currencies", Label::new("Other currencies", "其他币种").into(), elsewhere_columns());
    sheet.rows = rows.into_iter().map(|(currency, row)| row.cells(currency)).collect();
    sheet.notes.push(words!(
        "these opportunities are counted above, and their amounts are in no sum",
        "以上各表计入这些商机的个数，但不计入其金额"
    ));
    Some(sheet).filter(|sheet| !sheet.rows.is_empty())
}

fn elsewhere_columns() -> Vec<Column> {
    let money = |key: &str, en, zh| Column::of(key, en, zh, ColumnType::Money);
    vec![
        Column::text("currency", "Currency", "币种"),
        Column::of("open", "Open", "在手", ColumnType::Integer),
        money("amount", "Amount", "金额"),
        money("weighted", "Weighted", "加权金额"),
        Column::of("won", "Won", "成交", ColumnType::Integer),
        money("won_amount", "Won amount", "成交金额"),
    ]
}

impl Elsewhere {
    fn cells(&self, currency: &str) -> Vec<Cell> {
        let [open, won] = [self.open, self.won].map(Cell::count);
        vec![Cell::text(currency), open, self.amount.cell(), self.weighted.cell(), won, self.won_amount.cell()]
    }
}
