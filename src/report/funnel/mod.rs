//! `funnel` (销售漏斗): how many came how far, from lead to won, as a snapshot and by the month of the lead.
//! With the days that opportunities stayed in each stage, as git's history has them.

mod path;
mod stays;
#[cfg(test)]
mod tests;

use self::path::{End, OPENED, Path, Steps, paths};
use super::table::{Amount, Figure, PerRank, Table, figures, quotient};
use super::units::Units;
use super::view::View;
use super::{Report, Unit};
use crate::record::{LEAD, Label, Words};
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use rust_decimal::Decimal;

/// The report.
pub const REPORT: Report = Report {
    name: "funnel",
    title: Label::new("Funnel", "销售漏斗"),
    about: Label::new(
        "From lead to won: how many reached each step, conversion, where they are and where they were lost; by cohort",
        "自线索至成交：各步到达数、转化率、停留与流失所在；并按获取月份分批统计",
    ),
    filters: LEAD,
    unit: None,
    wants_stays: true,
    as_of_end: false,
    definition: &[
        Label::new(
            "Snapshot: what leads acquired in the period and opportunities without a lead opened in it are now, not what \
             they were at any time before. Cohort: the same leads by the month they were acquired.",
            "快照：期间内获取的线索与期间内立项的无线索商机，按其当前状态统计，不反映过往任何时点。分批：同一批线索按获取月份统计。",
        ),
        Label::new(
            "Reached: came at least so far. A converted lead reached the opportunity; an opportunity reached all stages \
             before its own, a lost one those up to the stage it was lost in, where that is stated. A disqualified lead \
             counts as a lead only: what it was before is not known.",
            "到达：至少走到该步。已转化的线索到达商机；商机视为到达其所处阶段之前的各阶段，失败商机到其失败阶段为止（已填写时）。\
             已剔除的线索只计为线索，其此前状态不详。",
        ),
        Label::new(
            "A lead with several opportunities counts once, at the furthest step of any, and as lost when all are; the \
             amounts of all count. A lead and its opportunities are the lead's owner's. Direct: opportunities without a lead.",
            "有多个商机的线索计一次，取走得最远者；全部失败才算失败；金额全部计入。线索及其商机计入线索的负责人。直接商机：没有线索的商机。",
        ),
        Label::new(
            "Step: reached ÷ reached the step before, where direct ones begin at the opportunity and are not counted as \
             having come from leads. Of leads: the leads that reached the step ÷ all leads, disqualified ones included.",
            "逐步转化率：到达该步 ÷ 到达上一步；直接商机自商机起计，不算由线索转化而来。占线索：到达该步的线索 ÷ 全部线索（含已剔除）。",
        ),
        Label::new(
            "Went on, still there and lost there are the reached of a step: on to the next one, neither won nor lost, and \
             lost or disqualified. Amounts are in the repository's currency only.",
            "某步的到达数 = 进入下一步 + 仍在该步 + 在该步流失（失败或剔除）。金额仅计仓库币种。",
        ),
        Label::new(
            "Days in stage: of the opportunities counted above that the maker of the report reads, from git's commits up to \
             the one the report is as of. A stay begins with the commit that brought the opportunity to the stage, or added \
             it in it, and ends with the one that took it to another; coming back is another stay. What was imported as won \
             or lost has none, and what was never committed is not known. Median: of the stays that have ended; now: of \
             those that have not, up to the moment the report is as of.",
            "阶段停留：上述商机中制表人可读者，取自 git 提交，至报表所截至的提交为止。停留自将商机带入该阶段（或在该阶段新建）的提交起，\
             至离开该阶段的提交止；再次进入另计一次。导入时已成交或失败的商机没有停留；未提交的改动不详。\
             中位天数：已结束的停留；当前：尚未结束的停留，计至报表截至时刻。",
        ),
    ],
    sheets,
};

figures! {
    /// Leads of one month by the steps they reached.
    Cohort {
        reached: PerRank,
    }
}

/// What is counted at a step.
#[derive(Default, Clone)]
struct Step {
    /// Paths of leads that came at least so far.
    leads: usize,
    /// Other opportunities that did.
    direct: usize,
    /// What the opportunities that did are worth.
    amount: Amount,
    /// Paths that came no further and are neither won nor lost.
    open: usize,
    /// Paths that came no further and are lost.
    lost: usize,
}

impl Step {
    fn reached(&self) -> usize {
        self.leads + self.direct
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let steps = Steps::of(view.snapshot);
    let paths = paths(view, &steps);
    let counted = count(&paths, &steps);
    vec![reached(&steps, &counted), dropped(&steps, &counted), stays::in_stages(view, &paths), cohorts(&steps, &paths)]
}

fn count(paths: &[Path<'_>], steps: &Steps<'_>) -> Vec<Step> {
    let mut counted = vec![Step::default(); steps.list.len()];
    for path in paths {
        let is_lead = path.record.kind == LEAD;
        for (at, step) in counted.iter_mut().enumerate().take(path.reached + 1) {
            step.leads += usize::from(is_lead);
            step.direct += usize::from(!is_lead && at >= OPENED);
            for (_, worth) in path.worth.iter().filter(|(reached, _)| *reached >= at) {
                step.amount += *worth;
            }
        }
        if let Some(last) = counted.get_mut(path.reached) {
            last.open += usize::from(path.end == End::Open);
            last.lost += usize::from(path.end == End::Lost);
        }
    }
    counted
}

/// Draws how many reached each step.
fn reached(steps: &Steps<'_>, counted: &[Step]) -> Sheet {
    let column = |key: &str, en, zh, ty| Column::of(key, en, zh, ty);
    let columns = vec![
        Column::text("step", "Step", "步骤"),
        column("reached", "Reached", "到达", ColumnType::Integer),
        column("direct", "Direct", "直接商机", ColumnType::Integer),
        column("amount", "Amount", "金额", ColumnType::Money),
        column("step_rate", "Step rate", "逐步转化率", ColumnType::Ratio),
        column("of_leads", "Of leads", "占线索", ColumnType::Ratio),
    ];
    let mut sheet = Sheet::new("snapshot", Label::new("Snapshot: what is now", "快照：当前状态").into(), columns);
    if counted.iter().all(|step| step.reached() == 0) {
        return sheet;
    }
    let all = counted.first().map_or(0, |step| step.leads);
    for (at, ((key, words), step)) in steps.list.iter().zip(counted).enumerate() {
        let before = at.checked_sub(1).and_then(|before| counted.get(before));
        // Up to where opportunities begin there are leads only, whatever begins there besides.
        let on = if at <= OPENED { step.leads } else { step.reached() };
        sheet.rows.push(vec![
            Cell::Label((*key).into(), words.clone()),
            Cell::count(step.reached()),
            if at < OPENED { Cell::Empty } else { Cell::count(step.direct) },
            if at < OPENED { Cell::Empty } else { step.amount.cell() },
            before.map_or(Cell::Empty, |before| Cell::share(on, before.reached())),
            if at == 0 { Cell::Empty } else { Cell::share(step.leads, all) },
        ]);
    }
    sheet
}

/// Draws what became of those who reached each step before the last.
fn dropped(steps: &Steps<'_>, counted: &[Step]) -> Sheet {
    let column = |key: &str, en, zh| Column::of(key, en, zh, ColumnType::Integer);
    let columns = vec![
        Column::text("step", "Step", "步骤"),
        column("reached", "Reached", "到达"),
        column("went_on", "Went on", "进入下一步"),
        column("open", "Still there", "仍在该步"),
        column("lost", "Lost there", "在该步流失"),
        Column::of("lost_share", "Lost", "流失率", ColumnType::Ratio),
    ];
    let mut sheet = Sheet::new("dropped", Label::new("Where they are and were lost", "停留与流失").into(), columns);
    let rows = steps.list.iter().zip(counted).take(steps.won()).filter(|(_, step)| step.reached() > 0);
    sheet.rows = rows
        .map(|((key, words), step)| {
            let (all, lost) = (Decimal::from(step.reached()), Decimal::from(step.lost));
            vec![
                Cell::Label((*key).into(), words.clone()),
                Cell::count(step.reached()),
                Cell::count(step.reached() - step.open - step.lost),
                Cell::count(step.open),
                Cell::count(step.lost),
                quotient(lost, all),
            ]
        })
        .collect();
    sheet
}

/// Draws how far the leads of each month came.
fn cohorts(steps: &Steps<'_>, paths: &[Path<'_>]) -> Sheet {
    let leads = || paths.iter().filter(|path| path.record.kind == LEAD);
    let acquired = |path: &Path<'_>| path.record.date("acquired_on");
    let units = Units::of(Unit::Month, leads().filter_map(acquired));
    let months = units.axis("month", Label::new("Month", "月份"));
    let mut table = Table::<1, Cohort>::new([&months]);
    for path in leads() {
        let row = table.at([units.name(acquired(path))]);
        (0..=path.reached).for_each(|step| row.reached.count(step));
    }
    let mut columns: Vec<Figure<Cohort>> = (0..=steps.won()).map(|step| reached_column(steps, step)).collect();
    let won = steps.won();
    let rate = move |row: &Cohort| (row.reached.get(won), row.reached.get(0));
    columns.push(Figure::share("won_rate", "Rate", "成交率", rate));
    table.draw("cohorts", Label::new("Cohorts: leads by the month acquired", "分批：按获取月份"), columns)
}

fn reached_column(steps: &Steps<'_>, step: usize) -> Figure<Cohort> {
    let (key, words) = &steps.list[step];
    // What a screen of 80 columns leaves for the names of leads' steps.
    let heading: Words = match step {
        0 => Label::new("Leads", "线索").into(),
        1 => Label::new("Qual.", "已确认").into(),
        OPENED => Label::new("Opp.", "商机").into(),
        _ => words.clone(),
    };
    Figure::count_of(Column::new(*key, heading, ColumnType::Integer), move |row: &Cohort| row.reached.get(step))
}
