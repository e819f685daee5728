//! `receivables` (应收账款): what of the contracts is still to be paid, for how long, by whom and to whom.

#[cfg(test)]
mod tests;

use super::Report;
use super::axis::Axis;
use super::currency::foreign;
use super::table::{Amount, Figure, Table, figures};
use super::view::View;
use crate::record::{CONTRACT, CUSTOMER, Label, Money, Record, Words};
use crate::rules::contract::{Instalment, Payments, receivable, standing};
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The report.
pub const REPORT: Report = Report {
    name: "receivables",
    title: Label::new("Receivables", "应收账款"),
    about: Label::new(
        "What is still to be paid of contracts: ageing, by customer and owner, and each instalment",
        "合同未收款：账龄、按客户与负责人，以及每期明细",
    ),
    filters: CONTRACT,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Instalments: those of contracts that are not drafts of which something is owed as of now; with a period, those \
             due in it. Of a contract that was terminated, those due by then. A contract without a plan is one instalment \
             due on no day.",
            "各期：非草案合同中截至目前尚有未收的各期；指定期间时，为应收日期在期间内者。已终止的合同仅计终止日之前到期者。\
             没有付款计划的合同视为一期，无应收日期。",
        ),
        Label::new(
            "Paid: receipts of a contract, less what was paid back, pay its instalments in the order of their due days, \
             whatever they were meant for. Owed: due − paid.",
            "已付：合同的收款减去退款后，按应收日期先后依次冲抵各期，不论用途。未收 = 应收 − 已付。",
        ),
        Label::new(
            "Age: the days since the due day, as of the day of the report. Not due: today or later, or due on no day.",
            "账龄：自应收日期起至报表日的天数。未到期：应收日期为当日或以后，或无应收日期。",
        ),
        Label::new(
            "Only amounts in the repository's currency are added up; what is owed in others is listed apart.",
            "仅汇总仓库币种的金额；其他币种的未收款单列。",
        ),
    ],
    sheets,
};

/// The ages, youngest first: key, name and last day.
static AGES: [(&str, Label, i64); 5] = [
    ("not_due", Label::new("not due", "未到期"), 0),
    ("1-30", Label::new("1–30 days", "1–30 天"), 30),
    ("31-60", Label::new("31–60 days", "31–60 天"), 60),
    ("61-90", Label::new("61–90 days", "61–90 天"), 90),
    ("over-90", Label::new("over 90 days", "90 天以上"), i64::MAX),
];

figures! {
    /// Instalments of one row.
    Owed {
        instalments: usize,
        due: Amount,
        paid: Amount,
        owed: Amount,
    }
}

/// An instalment of which something is owed.
struct Claim<'a> {
    contract: &'a Record,
    instalment: Instalment<'a>,
    /// The days since it was due; nothing or less where it is not, or on no day.
    late: i64,
}

impl Claim<'_> {
    fn age(&self) -> &'static str {
        let age = AGES.iter().find(|(.., last)| self.late <= *last);
        age.map_or("", |(key, ..)| *key)
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let contracts = view.contracts();
    let (foreigners, own): (Vec<_>, Vec<_>) =
        contracts.iter().partition(|contract| foreign(contract, view.snapshot).is_some());
    let mut claims = claims(view, &own);
    claims.sort_by_key(|claim| (claim.instalment.due_on.is_none(), claim.instalment.due_on, &claim.contract.number));
    let title = Label::new;
    let ages = AGES.iter().map(|(key, label, _)| (*key, Words::from(*label)));
    let ages = Axis::keys("age", title("Age", "账龄"), Words::default(), ages);
    let named = view.snapshot.records(CUSTOMER).iter().map(|one| (one.number.as_str(), Words::same(one.title())));
    let customers = Axis::names("customer", title("Customer", "客户"), words!("not stated", "未填"), named);
    let owners = Axis::people(view, "owner", title("Owner", "负责人"));
    let mut ageing =
        by([&ages], &claims, |claim| [Some(claim.age())]).draw("ageing", title("Ageing", "账龄"), columns());
    ageing.notes.extend(credit(view, &own));
    let mut sheets = vec![
        ageing,
        by([&customers, &ages], &claims, |claim| [claim.contract.text("customer"), Some(claim.age())]).draw(
            "customers",
            title("By customer and age", "按客户与账龄"),
            columns(),
        ),
        by([&owners, &ages], &claims, |claim| [claim.contract.text("owner"), Some(claim.age())]).draw(
            "owners",
            title("By owner and age", "按负责人与账龄"),
            columns(),
        ),
        list(&claims),
    ];
    // Whose money it is is read to its end, on a narrow screen too.
    sheets.iter_mut().for_each(|sheet| sheet.whole = true);
    sheets.extend(elsewhere(view, &foreigners));
    sheets
}

/// Returns the instalments of which something is owed, those due in the period.
fn claims<'a>(view: &View<'a>, contracts: &[&'a Record]) -> Vec<Claim<'a>> {
    let today = view.snapshot.as_of.today();
    let late = |due: Option<NaiveDate>| due.map_or(0, |due| (today - due).num_days());
    let of = |contract: &'a Record| {
        let owed = receivable(contract, today).into_iter();
        owed.map(move |instalment| Claim { contract, instalment, late: late(instalment.due_on) })
    };
    let all = contracts.iter().flat_map(|contract| of(contract));
    all.filter(|claim| view.period.holds(claim.instalment.due_on)).collect()
}

/// Adds instalments up by keys.
fn by<'s, 'a, const N: usize>(
    sides: [&'s Axis<'a>; N],
    claims: &[Claim<'a>],
    keys: impl Fn(&Claim<'a>) -> [Option<&'a str>; N],
) -> Table<'s, 'a, N, Owed> {
    let mut table = Table::<N, Owed>::new(sides);
    for claim in claims {
        let row = table.at(keys(claim));
        row.instalments += 1;
        row.due += Some(claim.instalment.amount);
        row.paid += Some(claim.instalment.paid);
        row.owed += Some(claim.instalment.outstanding());
    }
    table
}

fn columns() -> Vec<Figure<Owed>> {
    vec![
        Figure::count("instalments", "Instalments", "期数", |row: &Owed| row.instalments),
        Figure::amount("due", "Due", "应收", |row: &Owed| row.due),
        Figure::amount("paid", "Paid", "已付", |row: &Owed| row.paid),
        Figure::amount("owed", "Owed", "未收", |row: &Owed| row.owed),
    ]
}

/// Lists the instalments, the longest due first.
fn list(claims: &[Claim<'_>]) -> Sheet {
    let money = |key: &str, en, zh| Column::of(key, en, zh, ColumnType::Money);
    let columns = vec![
        Column::text("contract", "Contract", "合同"),
        Column::text("instalment", "Name", "款项"),
        Column::of("due_on", "Due on", "应收日期", ColumnType::Date),
        money("due", "Due", "应收"),
        money("paid", "Paid", "已付"),
        money("owed", "Owed", "未收"),
        Column::of("late", "Late", "逾期天数", ColumnType::Integer),
    ];
    let mut sheet = Sheet::new("instalments", Label::new("Instalments", "各期明细").into(), columns);
    let row = |claim: &Claim<'_>| {
        vec![
            Cell::text(claim.contract.number.as_str()),
            Cell::maybe(Some(claim.instalment.name).filter(|name| !name.is_empty())),
            claim.instalment.due_on.map_or(Cell::Empty, Cell::Date),
            Cell::Money(claim.instalment.amount),
            Cell::Money(claim.instalment.paid),
            Cell::Money(claim.instalment.outstanding()),
            if claim.late > 0 { Cell::Integer(claim.late) } else { Cell::Empty },
        ]
    };
    sheet.rows = claims.iter().map(row).collect();
    sheet
}

/// Says what was received beyond the plans: it pays nothing of other contracts.
fn credit(view: &View<'_>, contracts: &[&Record]) -> Option<Words> {
    let (mut count, mut sum) = (0_usize, Amount::default());
    for contract in contracts.iter().filter(|one| standing(one, view.snapshot.as_of.today()).is_binding()) {
        let credit = Payments::of(contract).credit;
        if credit > Money::default() {
            count += 1;
            sum += Some(credit);
        }
    }
    let amount = Money(sum.0);
    (count > 0).then(|| {
        words!(
            "{count} contracts were paid {amount} more than is planned, which pays for no other",
            "{count} 份合同共多收 {amount}，不冲抵其他合同"
        )
    })
}

/// Lists what is owed in other currencies, each in its own; nothing when there is none.
fn elsewhere(view: &View<'_>, foreigners: &[&Record]) -> Option<Sheet> {
    let mut rows: BTreeMap<&str, Owed> = BTreeMap::new();
    for claim in claims(view, foreigners) {
        let row = rows.entry(foreign(claim.contract, view.snapshot).unwrap_or_default()).or_default();
        row.instalments += 1;
        row.owed += Some(claim.instalment.outstanding());
    }
    let columns = vec![
        Column::text("currency", "Currency", "币种"),
        Column::of("instalments", "Instalments", "期数", ColumnType::Integer),
        Column::of("owed", "Owed", "未收", ColumnType::Money),
    ];
    let mut sheet = Sheet::new("other_currencies", Label::new("Other currencies", "其他币种").into(), columns);
    let row = |(currency, row): (&str, Owed)| vec![Cell::text(currency), Cell::count(row.instalments), row.owed.cell()];
    sheet.rows = rows.into_iter().map(row).collect();
    Some(sheet).filter(|sheet| !sheet.rows.is_empty())
}
