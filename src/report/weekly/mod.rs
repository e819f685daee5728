//! `weekly` (周报): what the team did in the week, what it gained and lost, and what waits for it.
//!
//! Each section is a file with a function to a sheet; a new one is a file and a line in [`SECTIONS`].
//! *Absent on purpose:* what opportunities are worth in other currencies in its sums; that is listed apart.

mod due;
mod gained;
mod moved;
mod response;
mod sales;
mod work;

use super::axis::Axis;
use super::deals::Deal;
use super::table::Table;
use super::view::{Graded, View};
use super::{Report, Unit};
use crate::record::{LEAD, Label, Record};
use crate::rules::cadence::is_open;
use crate::sheet::Sheet;
use std::collections::BTreeSet;
use std::ops::AddAssign;

/// The report.
pub const REPORT: Report = Report {
    name: "weekly",
    title: Label::new("Weekly report", "周报"),
    about: Label::new(
        "The week per person and team: new leads, first response, follow-ups, conversions, stage moves, won and lost, what is due",
        "每人及团队的一周：新增线索、首次响应、跟进、转化与剔除、阶段变动、成交与失败、待办",
    ),
    filters: LEAD,
    unit: Some(Unit::Week),
    wants_stays: true,
    as_of_end: true,
    definition: &[
        Label::new(
            "As of: a week that has ended is told as of its end, whenever it is printed: status, grade, owner and what is due are \
             what they were then. What took place by then and was entered since is counted too.",
            "截至：已结束的一周始终按期末统计，与何时输出无关：状态、级别、负责人与待办均为期末情况；期末之前发生、期后补录的也计入。",
        ),
        Label::new(
            "New: leads acquired in the period, by the grade they have; a lead counts for its owner.",
            "新增：获取日期在期间内的线索，按其级别；计入其负责人。",
        ),
        Label::new(
            "First response: of the new leads whose grade has a limit, the hours from assignment (else acquisition) to \
             the first follow-up. Pending ones, whose limit has not passed, are left out of the rate; lost ones are not.",
            "首次响应：级别有时限的新增线索，自分配（否则自获取）至首次跟进的小时数。时限未到者为待定，不计入比率；已剔除者仍计入。",
        ),
        Label::new(
            "Follow-ups: those that took place in the period, for their author. Late: entered more than 24 h afterwards; imported ones, whose moment of entry the file does not give, are not counted.",
            "跟进：发生在期间内的跟进，计入跟进人。补录：事后 24 小时以上才登记；导入且文件未给登记时间的不计。",
        ),
        Label::new(
            "Converted, disqualified: leads in that status that were acquired in the period or had another status \
             when it began, or when they were entered in it.",
            "转化、剔除：为该状态，且在期间内获取，或期初（期间内录入的则为录入时）为其他状态的线索。",
        ),
        Label::new(
            "Stage moves: from git's commits of the period that took an opportunity from one stage to another, for its owner; \
             a new one has not moved. Won, lost: opportunities in that stage that were closed in the period, for \
             their owner; what is won counts by the actual amount, what is lost by the amount expected, and only amounts in \
             the repository's currency are added up.",
            "阶段变动：期间内的 git 提交将商机由一个阶段带入另一阶段的次数，计入其负责人；新建不算变动。成交、失败：为该阶段且关闭日期在期间内的商机，\
             计入其负责人；成交按实际成交金额，失败按预计金额，仅汇总仓库币种的金额。",
        ),
        Label::new(
            "Due: the next contact of each open lead and each customer by the cadence. Overdue is as of that moment, open is due \
             from it to the end of the period, next is due in the seven days after it; no plan is in none of these.",
            "待办：按跟进节奏每条在手线索、每个客户的下次联系。逾期指截至该时刻，本期指自该时刻至期末，下期指期末之后七天；\
             无计划者不计入三者。",
        ),
    ],
    sheets,
};

/// The sections, in the order they are printed.
static SECTIONS: [fn(&Week<'_, '_>) -> Sheet; 13] = [
    gained::by_person,
    gained::by_source,
    gained::by_person_and_source,
    response::by_person,
    work::by_person,
    work::by_method,
    moved::by_person,
    moved::reasons,
    sales::moves,
    sales::moves_by_person,
    sales::closed_by_person,
    sales::loss_reasons,
    due::by_person,
];

/// What the sections are made from.
struct Week<'v, 'a> {
    view: &'v View<'a>,
    people: Axis<'a>,
    /// The leads that are open or were acquired in the period.
    graded: Vec<Graded<'a>>,
    followups: Vec<&'a Record>,
    customers: Vec<&'a Record>,
    deals: Vec<Deal<'a>>,
    /// Everybody with an open lead, a new lead, a customer, a follow-up or an open opportunity; a row each in every sheet of people.
    team: BTreeSet<Option<&'a str>>,
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let is_new = |lead: &Record| view.period.holds(lead.date("acquired_on"));
    let worked: Vec<&Record> = view.leads.iter().copied().filter(|lead| is_open(lead) || is_new(lead)).collect();
    let mut week = Week {
        view,
        people: Axis::people(view, "person", Label::new("Person", "人员")),
        graded: view.score(&worked),
        followups: view.followups(),
        customers: view.customers(),
        deals: view.deals(),
        team: BTreeSet::new(),
    };
    week.team.extend(worked.iter().map(|lead| lead.text("owner")));
    week.team.extend(week.customers.iter().map(|customer| customer.text("owner")));
    week.team.extend(week.followups.iter().map(|followup| followup.text("author")));
    week.team.extend(week.deals.iter().filter(|deal| deal.is_open()).map(|deal| deal.record.text("owner")));
    let sheets = SECTIONS.iter().map(|section| section(&week));
    sheets.chain(sales::in_other_currencies(&week)).collect()
}

impl<'a> Week<'_, 'a> {
    /// Walks the leads acquired in the period.
    fn new_leads(&self) -> impl Iterator<Item = &Graded<'a>> {
        self.graded.iter().filter(|graded| self.view.period.holds(graded.lead.date("acquired_on")))
    }

    /// Makes a table with a row for everybody in the team.
    fn of_people<F: Default + for<'f> AddAssign<&'f F>>(&self) -> Table<'_, 'a, 1, F> {
        let mut table = Table::new([&self.people]);
        for person in &self.team {
            table.at([*person]);
        }
        table
    }
}

#[cfg(test)]
mod tests;
