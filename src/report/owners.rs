//! `owners` (负责人分析): what each person and department has in hand and has done.

use super::Report;
use super::axis::Axis;
use super::deals::Deal;
use super::table::{Amount, Figure, PerRank, Table, figures};
use super::view::{Graded, View};
use crate::record::{LEAD, Label, Record, USER};
use crate::rules::cadence::{is_open, next_due_as};
use crate::rules::computed::{self, Evaluation};
use crate::sheet::Sheet;
use crate::words;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// The report.
pub const REPORT: Report = Report {
    name: "owners",
    title: Label::new("Owners", "负责人分析"),
    about: Label::new(
        "Open leads by grade, idle and overdue, new leads, follow-ups, conversions, customers and opportunities per owner",
        "各负责人的在手线索（按级别）、闲置与逾期、新增、跟进、转化、客户及商机",
    ),
    filters: LEAD,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Open: leads neither converted nor disqualified, as of now. Idle: open leads without follow-up for more \
             days than the cadence allows (3 unless changed). Overdue: open leads whose next contact is overdue.",
            "在手：截至目前既未转化也未剔除的线索。闲置：无跟进超过跟进节奏所定天数（默认 3 天）的在手线索。逾期：下次联系已逾期的在手线索。",
        ),
        Label::new(
            "New: leads acquired in the period. Follow-ups: made in the period, for their author. Converted: now \
             converted, and acquired in the period or in another status when it began, or when they were entered in it.",
            "新增：期间内获取的线索。跟进：期间内的跟进，计入跟进人。转化：现已转化，且在期间内获取，或期初（期间内录入的则为录入时）为其他状态。",
        ),
        Label::new(
            "Customers: those owned now that have not churned. Department: that of the user's record.",
            "客户：目前负责且未流失的客户。部门：取自用户记录。",
        ),
        Label::new(
            "Open opportunities: neither won nor lost, as of now; weighted is amount × probability. Won: closed in the \
             period, by the actual amount. Amounts are in the repository's currency only.",
            "在手商机：截至目前既未成交也未失败；加权金额 = 金额 × 成交概率。成交：关闭日期在期间内，按实际成交金额。金额仅计仓库币种。",
        ),
    ],
    sheets,
};

figures! {
    /// What one owner has and did.
    Hand {
        open: usize,
        grades: PerRank,
        idle: usize,
        overdue: usize,
        new: usize,
        followups: usize,
        converted: usize,
        customers: usize,
        deals: usize,
        amount: Amount,
        weighted: Amount,
        won: usize,
        won_amount: Amount,
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let owners = Axis::people(view, "owner", Label::new("Owner", "负责人"));
    let none = words!("no department", "无部门");
    let departments = Axis::names("department", Label::new("Department", "部门"), none, []);
    let users = view.snapshot.records(USER).iter();
    let department: HashMap<&str, &str> =
        users.filter_map(|user| Some((user.number.as_str(), user.text("department")?))).collect();
    let hands = hands(view);
    let by_owner = || sum(&owners, hands.iter().map(|(login, hand)| (*login, hand)));
    let department_of = |login: &str| department.get(login).copied();
    let by_department = || sum(&departments, hands.iter().map(|(login, hand)| (login.and_then(department_of), hand)));
    let title = Label::new;
    vec![
        by_owner().draw("open", title("Open leads", "在手线索"), open_columns(view)),
        by_owner().draw("work", title("Work and customers", "工作与客户"), work_columns()),
        by_department().draw(
            "open_by_department",
            title("Open leads by department", "各部门在手线索"),
            open_columns(view),
        ),
        by_department().draw("work_by_department", title("Work by department", "各部门工作与客户"), work_columns()),
        by_owner().draw("deals", title("Opportunities", "商机"), deal_columns()),
        by_department().draw("deals_by_department", title("Opportunities by department", "各部门商机"), deal_columns()),
    ]
}

/// Adds hands up along a side.
fn sum<'s, 'a, 'h>(
    axis: &'s Axis<'a>,
    hands: impl Iterator<Item = (Option<&'a str>, &'h Hand)>,
) -> Table<'s, 'a, 1, Hand> {
    let mut table = Table::new([axis]);
    for (key, hand) in hands {
        *table.at([key]) += hand;
    }
    table
}

/// Returns what each person has and did; nobody is a person too, where there is something of theirs.
fn hands<'a>(view: &View<'a>) -> BTreeMap<Option<&'a str>, Hand> {
    let mut hands: BTreeMap<Option<&'a str>, Hand> = BTreeMap::new();
    for (owner, hand) in of_open_leads(view) {
        *hands.entry(owner).or_default() += &hand;
    }
    for lead in &view.leads {
        let new = view.period.holds(lead.date("acquired_on"));
        let converted = view.became(lead, "converted");
        if new || converted {
            let hand = hands.entry(lead.text("owner")).or_default();
            hand.new += usize::from(new);
            hand.converted += usize::from(converted);
        }
    }
    for followup in view.followups() {
        hands.entry(followup.text("author")).or_default().followups += 1;
    }
    for customer in view.customers().into_iter().filter(|customer| is_open(customer)) {
        hands.entry(customer.text("owner")).or_default().customers += 1;
    }
    for deal in view.deals() {
        let won = deal.is_won() && view.period.holds(deal.closed_on());
        if deal.is_open() || won {
            count_deal(hands.entry(deal.record.text("owner")).or_default(), &deal);
        }
    }
    hands
}

/// Counts an opportunity that is open, or was won in the period.
fn count_deal(hand: &mut Hand, deal: &Deal<'_>) {
    if deal.is_won() {
        hand.won += 1;
        hand.won_amount += deal.worth();
    } else {
        hand.deals += 1;
        hand.amount += deal.worth();
        hand.weighted += deal.weighted();
    }
}

/// Returns the owner of every open lead, with its grade and whether it is idle and overdue.
fn of_open_leads<'a>(view: &View<'a>) -> Vec<(Option<&'a str>, Hand)> {
    let open: Vec<&Record> = view.leads.iter().copied().filter(|lead| is_open(lead)).collect();
    let one = |graded: &Graded<'a>| {
        let due = next_due_as(graded.lead, view.snapshot, view.grade_key(graded.grade));
        let mut hand = Hand { open: 1, ..Hand::default() };
        hand.grades.count(graded.grade);
        hand.idle = usize::from(is_idle(graded.lead, view));
        hand.overdue = usize::from(due.is_some_and(|due| due.overdue_by.is_some()));
        (graded.lead.text("owner"), hand)
    };
    view.score(&open).par_iter().map(one).collect()
}

/// Tells whether a lead has had no follow-up for more days than the cadence allows.
fn is_idle(lead: &Record, view: &View<'_>) -> bool {
    match Evaluation::new(lead, view.snapshot).compute("idle_days") {
        Some(computed::Figure::Integer(days)) => days > view.snapshot.config.cadence.idle_days,
        _ => false,
    }
}

fn open_columns(view: &View<'_>) -> Vec<Figure<Hand>> {
    let mut columns = vec![Figure::count("open", "Open", "在手", |row: &Hand| row.open)];
    columns.extend(Figure::grades(view.grades(), |row: &Hand| &row.grades));
    columns.extend([
        Figure::count("idle", "Idle", "闲置", |row: &Hand| row.idle),
        Figure::count("overdue", "Overdue", "逾期", |row: &Hand| row.overdue),
    ]);
    columns
}

fn work_columns() -> Vec<Figure<Hand>> {
    vec![
        Figure::count("new", "New", "新增", |row: &Hand| row.new),
        Figure::count("followups", "Follow-ups", "跟进", |row: &Hand| row.followups),
        Figure::count("converted", "Converted", "转化", |row: &Hand| row.converted),
        Figure::count("customers", "Customers", "客户", |row: &Hand| row.customers),
    ]
}

fn deal_columns() -> Vec<Figure<Hand>> {
    vec![
        Figure::count("open", "Open", "在手", |row: &Hand| row.deals),
        Figure::amount("amount", "Amount", "金额", |row: &Hand| row.amount),
        Figure::amount("weighted", "Weighted", "加权金额", |row: &Hand| row.weighted),
        Figure::count("won", "Won", "成交", |row: &Hand| row.won),
        Figure::amount("won_amount", "Won amount", "成交金额", |row: &Hand| row.won_amount),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lines, run, run_where, sales, sheet, snapshot, snapshot_of};
    use super::*;

    #[test]
    fn open_leads() {
        let document = run(&REPORT, &snapshot());
        assert_eq!(
            lines(sheet(&document, "open")),
            ["rep.a 3 2 0 1 0 0", "rep.b 4 0 3 1 1 2", "rep.x 0 0 0 0 0 0", "- 1 0 0 1 0 0", "total 8 2 3 3 1 2"]
        );
        assert_eq!(
            lines(sheet(&document, "open_by_department")),
            ["华东 3 2 0 1 0 0", "华南 4 0 3 1 1 2", "- 1 0 0 1 0 0", "total 8 2 3 3 1 2"]
        );
    }

    #[test]
    fn work_and_customers() {
        let document = run(&REPORT, &snapshot());
        assert_eq!(
            lines(sheet(&document, "work")),
            ["rep.a 5 6 2 1", "rep.b 6 3 1 0", "rep.x 0 1 0 0", "- 1 0 0 0", "total 12 10 3 1"]
        );
        assert_eq!(
            lines(sheet(&document, "work_by_department")),
            ["华东 5 6 2 1", "华南 6 3 1 0", "- 1 1 0 0", "total 12 10 3 1"]
        );
    }

    #[test]
    fn opportunities() {
        let document = run(&REPORT, &sales());
        assert_eq!(
            lines(sheet(&document, "deals")),
            [
                "rep.a 2 210,000.00 148,000.00 1 100,000.00",
                "rep.b 2 80,000.00 16,000.00 0 0.00",
                "rep.x 0 0.00 0.00 1 30,000.00",
                "- 0 0.00 0.00 0 0.00",
                "total 4 290,000.00 164,000.00 2 130,000.00"
            ]
        );
        assert_eq!(lines(sheet(&document, "deals_by_department"))[1], "华南 2 80,000.00 16,000.00 0 0.00");
        let leads = run_where(&REPORT, &sales(), "source = exhibition");
        assert_eq!(lines(sheet(&leads, "deals")).last().unwrap(), "total 0 0.00 0.00 1 100,000.00");
    }

    #[test]
    fn an_empty_repository() {
        assert!(run(&REPORT, &snapshot_of(vec![])).sheets.iter().all(|sheet| sheet.rows.is_empty()));
    }
}
