//! What belongs to a record, as tables beside it: of a customer its leads, opportunities, contracts, orders, tickets and
//! what was said to it; of an opportunity its contracts and what was said about it.

use crate::record::{
    CONTRACT, CUSTOMER, FOLLOWUP, Kind, LEAD, Label, Lang, Money, OPPORTUNITY, ORDER, Record, TICKET, Words,
};
use crate::rules::Snapshot;
use crate::rules::contract::Payments;
use crate::rules::family::customer_of;
use crate::rules::listing::{self, RecordSchema};
use crate::rules::opportunity::{is_open, weighted, worth};
use crate::rules::ticket::{self, Promise};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;

/// How many follow-ups are shown, the newest; `followup list` has all.
pub const SHOWN: usize = 10;

/// What belongs to a record.
pub struct Related<'a> {
    /// The leads a customer was made of.
    pub leads: Vec<&'a Record>,
    /// The opportunities of a customer.
    pub opportunities: Vec<&'a Record>,
    /// The contracts of a customer or an opportunity.
    pub contracts: Vec<&'a Record>,
    /// The orders of a customer.
    pub orders: Vec<&'a Record>,
    /// The tickets of a customer.
    pub tickets: Vec<&'a Record>,
    /// What was said, the newest first.
    pub followups: Vec<&'a Record>,
}

impl<'a> Related<'a> {
    /// Finds what belongs to a record; nothing belongs to records of other kinds.
    pub fn of(record: &Record, snapshot: &'a Snapshot) -> Related<'a> {
        let number = record.number.as_str();
        let customer = match record.kind {
            kind if kind == CUSTOMER => Some(number),
            kind if kind == OPPORTUNITY => customer_of(record),
            _ => None,
        };
        let family: Vec<&Record> = customer.into_iter().flat_map(|customer| snapshot.family(customer)).collect();
        let whole =
            |kind: Kind| family.iter().copied().filter(|one| one.kind == kind && record.kind == CUSTOMER).collect();
        let is_of = |contract: &&Record| {
            contract.kind == CONTRACT && (record.kind == CUSTOMER || contract.text("opportunity") == Some(number))
        };
        // What an opportunity's customer was told is the customer's to show.
        let is_shown = |one: &&Record| record.kind != OPPORTUNITY || one.text("subject") == Some(number);
        let touches = if record.kind == FOLLOWUP { Vec::new() } else { snapshot.touches(record) };
        Related {
            leads: whole(LEAD),
            opportunities: whole(OPPORTUNITY),
            contracts: family.iter().copied().filter(is_of).collect(),
            orders: whole(ORDER),
            tickets: whole(TICKET),
            followups: touches.into_iter().rev().filter(is_shown).collect(),
        }
    }
}

/// Returns what belongs to a record as tables, those that have rows.
pub fn sheets(record: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let related = Related::of(record, snapshot);
    let all = [
        opportunities(&related.opportunities, snapshot),
        contracts(&related.contracts, snapshot),
        orders(&related.orders, snapshot),
        tickets(&related.tickets, snapshot),
        leads(&related.leads, snapshot),
        timeline(record, &related.followups, snapshot),
    ];
    all.into_iter().flatten().collect()
}

/// Returns the open opportunities with what they sum up to, and counts those that are closed.
fn opportunities(all: &[&Record], snapshot: &Snapshot) -> Option<Sheet> {
    let (open, closed): (Vec<&Record>, Vec<&Record>) = all.iter().partition(|one| is_open(one));
    let first = all.first()?;
    let title = Label::new("Open opportunities", "在谈商机");
    let columns = "number,name,stage,amount,weighted,expected_on,owner";
    let mut sheet = table(first.kind, title, &open, columns, snapshot)?;
    spare(&mut sheet, &["owner"]);
    sheet.total = (open.len() > 1).then(|| total(&sheet, &open, snapshot));
    sheet.notes.extend(closed_words(&closed, snapshot));
    Some(sheet)
}

/// Counts the opportunities that were won and lost, with what they were worth; nothing where none is closed.
fn closed_words(closed: &[&Record], snapshot: &Snapshot) -> Option<Words> {
    let stages = [("won", words!("won", "成交")), ("lost", words!("lost", "失败"))];
    let told = stages.into_iter().filter_map(|(stage, label)| {
        let these: Vec<&Record> = closed.iter().copied().filter(|one| one.text("stage") == Some(stage)).collect();
        let worth = sum(&these, worth, snapshot).filter(|sum| *sum != Money::default());
        let (count, worth) = (these.len(), worth.map(|sum| Cell::Money(sum).display(Lang::En)));
        (count > 0).then(|| match worth {
            None => words!("{count} {label}", "{label} {count} 个"; each label),
            Some(worth) => words!("{count} {label} ({worth})", "{label} {count} 个（{worth}）"; each label),
        })
    });
    let told: Vec<Words> = told.collect();
    let all = Words::join(&told, ", ", "，");
    (!told.is_empty()).then(|| words!("closed: {all}", "已关闭：{all}"; each all))
}

/// The row of sums of amounts and weighted amounts.
fn total(sheet: &Sheet, open: &[&Record], snapshot: &Snapshot) -> Vec<Cell> {
    let stages = &snapshot.config.stages;
    let sum_of = |key: &str| match key {
        "number" => Some(Cell::Label("total".into(), words!("Total", "合计"))),
        "amount" => sum(open, worth, snapshot).map(Cell::Money),
        "weighted" => sum(open, |one| weighted(one, stages), snapshot).map(Cell::Money),
        _ => None,
    };
    sheet.columns.iter().map(|column| sum_of(&column.key).unwrap_or(Cell::Empty)).collect()
}

/// Returns the contracts with what was received of each.
fn contracts(all: &[&Record], snapshot: &Snapshot) -> Option<Sheet> {
    let first = all.first()?;
    let title = Label::new("Contracts", "合同");
    let mut sheet = table(first.kind, title, all, "number,name,standing,amount,end_on,owner", snapshot)?;
    spare(&mut sheet, &["owner"]);
    let at = sheet.columns.iter().position(|column| column.key == "end_on").unwrap_or(sheet.columns.len());
    sheet.columns.insert(at, Column::of("received", "Received", "已收款", ColumnType::Money));
    for (row, contract) in sheet.rows.iter_mut().zip(all) {
        row.insert(at, Cell::Money(Payments::of(contract).received));
    }
    Some(sheet)
}

/// Returns how many orders there are, what they sum up to and of which days they are.
fn orders(all: &[&Record], snapshot: &Snapshot) -> Option<Sheet> {
    let count = all.len();
    let days = || all.iter().filter_map(|order| order.date("ordered_on"));
    let columns = vec![
        Column::of("count", "Orders", "订单数", ColumnType::Integer),
        Column::of("amount", "Amount", "金额合计", ColumnType::Money),
        Column::of("first_on", "First", "首单日期", ColumnType::Date),
        Column::of("last_on", "Last", "最近下单", ColumnType::Date),
    ];
    let mut sheet = Sheet::new("orders", Label::new("Orders", "订单").into(), columns);
    let amount = sum(all, |order| order.money("amount"), snapshot);
    sheet.rows.push(vec![
        Cell::count(count),
        amount.map_or(Cell::Empty, Cell::Money),
        days().min().map_or(Cell::Empty, Cell::Date),
        days().max().map_or(Cell::Empty, Cell::Date),
    ]);
    (count > 0).then_some(sheet)
}

/// Returns the open tickets, what is due first, and counts those that are resolved.
fn tickets(all: &[&Record], snapshot: &Snapshot) -> Option<Sheet> {
    let (mut open, closed): (Vec<&Record>, Vec<&Record>) = all.iter().partition(|one| ticket::is_open(one));
    open.sort_by_cached_key(|one| (Promise::of(one, snapshot).and_then(|promise| promise.due), one.number.clone()));
    let first = all.first()?;
    let title = Label::new("Open tickets", "未解决工单");
    let mut sheet = table(first.kind, title, &open, "number,kind,priority,content,status,promise,owner", snapshot)?;
    spare(&mut sheet, &["kind", "owner"]);
    let count = closed.len();
    if count > 0 {
        sheet.notes.push(words!("resolved: {count}", "已解决：{count} 个"));
    }
    Some(sheet)
}

fn leads(all: &[&Record], snapshot: &Snapshot) -> Option<Sheet> {
    let first = all.first()?;
    table(
        first.kind,
        Label::new("Made of the leads", "来源线索"),
        all,
        "number,contact_name,product,acquired_on,owner",
        snapshot,
    )
}

/// Returns the newest of what was said, and where the rest is found.
fn timeline(record: &Record, all: &[&Record], snapshot: &Snapshot) -> Option<Sheet> {
    let shown = &all[..all.len().min(SHOWN)];
    let columns = "at,method,contact,points,outcome,next_action,next_on,author,subject";
    let mut sheet = table(FOLLOWUP, Label::new("Follow-ups", "跟进记录"), shown, columns, snapshot)?;
    spare(&mut sheet, &["contact", "outcome", "next_action", "author", "subject"]);
    sheet.drop_empty_columns();
    let (more, number) = (all.len() - shown.len(), &record.number);
    let field =
        if record.kind == CUSTOMER { Label::new("customer", "客户") } else { Label::new("subject", "跟进对象") };
    if more > 0 {
        sheet.notes.push(words!(
            "{more} more: `kehu followup list --where '{field} = {number}'`",
            "另有 {more} 条：`kehu followup list --where '{field} = {number}'`"; each field
        ));
    }
    (!shown.is_empty()).then_some(sheet)
}

fn table(kind: Kind, title: Label, records: &[&Record], columns: &str, snapshot: &Snapshot) -> Option<Sheet> {
    let columns = listing::columns(columns, &RecordSchema::of(kind, snapshot)).ok()?;
    let mut sheet = listing::sheet(kind, records, &columns, snapshot);
    sheet.title = title.into();
    Some(sheet)
}

/// Lets columns give way on a narrow screen.
fn spare(sheet: &mut Sheet, keys: &[&str]) {
    let columns = sheet.columns.iter_mut().filter(|column| keys.contains(&&*column.key));
    columns.for_each(|column| column.weight = Weight::Spare);
}

/// Adds up what records are worth; nothing where they are of several currencies, or no decimal holds it.
pub fn sum(records: &[&Record], worth: impl Fn(&Record) -> Option<Money>, snapshot: &Snapshot) -> Option<Money> {
    let usual = snapshot.config.settings.currency.as_str();
    let mut currencies = records.iter().map(|one| one.text("currency").unwrap_or(usual));
    let first = currencies.next()?;
    if currencies.any(|other| other != first) {
        return None;
    }
    let mut amounts = records.iter().filter_map(|one| worth(one));
    amounts.try_fold(Money::default(), |sum, one| sum.0.checked_add(one.0).map(Money))
}
