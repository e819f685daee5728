//! What finance is told of contracts (财务台账): a row for each instalment and each receipt.
//!
//! Only what both sides are bound by. Amounts due stand in the rows of instalments, amounts received in those of receipts,
//! so each column may be added up; what is outstanding is what receipts have not paid, in the order of due days.

use crate::ops::Session;
use crate::record::{CONTRACT, CUSTOMER, Finding, Money, Record, Result, Row, Words};
use crate::rules::Snapshot;
use crate::rules::contract::{Instalment, Payments, receivable, standing, total};
use crate::sheet::{Cell, Column, ColumnType, Document, Fact, Sheet, Weight};
use crate::words;
use chrono::NaiveDate;

/// The days that are meant, both included; open where none is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Span {
    /// Tells whether a day is meant; what has none only where no day is said.
    fn has(&self, day: Option<NaiveDate>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to),
            None => self.from.is_none() && self.to.is_none(),
        }
    }
}

/// Returns the ledger of the contracts the acting person reads; also what could not be read in full.
pub fn ledger(session: &Session, span: &Span) -> Result<(Document, Vec<Finding>)> {
    let (snapshot, findings) = session.snapshot(&[CONTRACT, CUSTOMER])?;
    let today = session.now.date_naive();
    let mut sheet = Sheet { whole: true, ..Sheet::new("ledger", Words::default(), columns()) };
    let mut sums = [Vec::new(), Vec::new(), Vec::new()];
    let mut currencies: Vec<&str> = Vec::new();
    for contract in snapshot.records(CONTRACT) {
        let entries = entries(contract, today).into_iter().filter(|entry| span.has(entry.day()));
        for entry in entries {
            let currency = contract.text("currency").unwrap_or(&session.config.settings.currency);
            if !currencies.contains(&currency) {
                currencies.push(currency);
            }
            for (sum, amount) in sums.iter_mut().zip(entry.amounts()) {
                sum.extend(amount);
            }
            sheet.rows.push(row(contract, &entry, currency, &snapshot, today));
        }
    }
    // Amounts of several currencies are no sum.
    if currencies.len() == 1 {
        sheet.total = Some(sum_row(sums));
    }
    Ok((document(sheet, span), findings))
}

fn document(sheet: Sheet, span: &Span) -> Document {
    let days = [("from", words!("From", "起"), span.from), ("to", words!("To", "止"), span.to)];
    let facts = days.into_iter().filter_map(|(key, label, day)| Some(Fact::new(key, label, Cell::Date(day?))));
    Document {
        name: "contract-ledger".to_string(),
        title: words!("Instalments and receipts of contracts", "合同应收与收款台账"),
        facts: facts.collect(),
        sheets: vec![sheet],
        definition: Vec::new(),
    }
}

/// A line of the ledger.
enum Entry<'r> {
    /// An instalment, and what of it is still owed.
    Due(Instalment<'r>, Money),
    Received(&'r Row),
}

impl Entry<'_> {
    fn day(&self) -> Option<NaiveDate> {
        match self {
            Entry::Due(instalment, _) => instalment.due_on,
            Entry::Received(row) => row.date("received_on"),
        }
    }

    /// Returns what is due, received, outstanding.
    fn amounts(&self) -> [Option<Money>; 3] {
        match self {
            Entry::Due(instalment, outstanding) => [Some(instalment.amount), None, Some(*outstanding)],
            Entry::Received(row) => [None, row.money("amount"), None],
        }
    }
}

/// Returns the lines of a contract: nothing is due of one that does not bind, but what was received was.
fn entries(contract: &Record, today: NaiveDate) -> Vec<Entry<'_>> {
    let binds = standing(contract, today).is_binding();
    let owed = receivable(contract, today);
    let outstanding = |one: &Instalment<'_>| {
        let found = owed.iter().find(|other| other.place == one.place);
        found.map(Instalment::outstanding).unwrap_or_default()
    };
    let due =
        Payments::of(contract).instalments.into_iter().filter(|_| binds).map(|one| Entry::Due(one, outstanding(&one)));
    due.chain(contract.rows("receipts").iter().map(Entry::Received)).collect()
}

fn columns() -> Vec<Column> {
    let money = |key, en, zh| Column::of(key, en, zh, ColumnType::Money);
    vec![
        Column::text("contract", "Contract", "合同编号"),
        Column::text("paper_number", "Number on paper", "纸质合同号").weighing(Weight::Spare),
        Column::text("name", "Name", "合同名称").weighing(Weight::Spare),
        Column::text("status", "Status", "状态").weighing(Weight::Spare),
        Column::text("customer", "Customer", "客户编号").weighing(Weight::Spare),
        Column::text("company", "Company", "客户名称").weighing(Weight::Main),
        Column::text("credit_code", "Credit code", "统一社会信用代码").weighing(Weight::Spare),
        money("contract_amount", "Contract amount", "合同金额").weighing(Weight::Spare),
        Column::text("entry", "Entry", "类型"),
        Column::text("item", "Item", "款项/凭证号"),
        Column::of("on", "On", "日期", ColumnType::Date),
        money("due", "Due", "应收"),
        money("received", "Received", "已收"),
        money("outstanding", "To come", "待收"),
        Column::text("currency", "Currency", "币种").weighing(Weight::Spare),
        Column::text("owner", "Owner", "负责人").weighing(Weight::Spare),
        Column::text("note", "Note", "说明").weighing(Weight::Spare),
    ]
}

fn row(contract: &Record, entry: &Entry<'_>, currency: &str, snapshot: &Snapshot, today: NaiveDate) -> Vec<Cell> {
    let customer = contract.text("customer").and_then(|number| snapshot.find(number));
    let of_customer = |key: &str| Cell::maybe(customer.and_then(|customer| customer.text(key)));
    let status = standing(contract, today).key();
    let (key, label, item, note) = match entry {
        Entry::Due(instalment, _) => ("instalment", words!("Due", "应收"), Some(instalment.name), None),
        Entry::Received(row) => ("receipt", words!("Paid", "收款"), row.text("reference"), row.text("note")),
    };
    let [due, received, outstanding] = entry.amounts().map(|amount| amount.map_or(Cell::Empty, Cell::Money));
    vec![
        Cell::text(contract.number.as_str()),
        Cell::maybe(contract.text("external_number")),
        Cell::maybe(contract.text("name")),
        Cell::Label(status.into(), snapshot.config.dictionary.words("contract_status", status)),
        Cell::maybe(contract.text("customer")),
        of_customer("name"),
        of_customer("credit_code"),
        contract.money("amount").map_or(Cell::Empty, Cell::Money),
        Cell::Label(key.into(), label),
        Cell::maybe(item),
        entry.day().map_or(Cell::Empty, Cell::Date),
        due,
        received,
        outstanding,
        Cell::text(currency),
        Cell::maybe(contract.text("owner")),
        Cell::maybe(note),
    ]
}

fn sum_row(sums: [Vec<Money>; 3]) -> Vec<Cell> {
    let mut sums = sums.into_iter().map(|amounts| Cell::Money(total(amounts)));
    let mut cells = vec![Cell::Label("total".into(), words!("Total", "合计"))];
    cells.extend(columns()[1..].iter().map(|column| match column.key.as_str() {
        "due" | "received" | "outstanding" => sums.next().unwrap_or(Cell::Empty),
        _ => Cell::Empty,
    }));
    cells
}
