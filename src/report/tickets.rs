//! `tickets` (工单分析): how fast what was raised is answered and resolved, whether in time, and how satisfied people are.

use super::Report;
use super::axis::Axis;
use super::table::{Figure, Table, figures, quotient};
use super::view::View;
use crate::record::{Label, Record, TICKET};
use crate::rules::config::Sla;
use crate::rules::ticket::{Promise, Standing, is_open, response};
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use chrono::TimeDelta;
use rust_decimal::Decimal;

/// The report.
pub const REPORT: Report = Report {
    name: "tickets",
    title: Label::new("Tickets", "工单分析"),
    about: Label::new(
        "Tickets by kind, cause, handler and priority: response, resolution, closure, in time, opened again, CSAT, NPS",
        "按类型、原因、处理人和优先级统计工单：响应、解决、关单率、按时率、重开率、满意度、NPS",
    ),
    filters: TICKET,
    unit: Some(super::Unit::Week),
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Raised: tickets raised in the period, with what has become of them since.",
            "受理：期间内受理的工单，按其现在的状态统计。",
        ),
        Label::new(
            "Closed: confirmed by the customer or archived ÷ raised. Opened again: tickets that were resolved and opened again ÷ tickets that were ever resolved.",
            "关单率：客户已确认或已归档 ÷ 受理。重开率：解决后又重新打开的工单 ÷ 解决过的工单。",
        ),
        Label::new(
            "In time: resolved by the promised moment ÷ those resolved and those whose moment has passed; a delay that was explained in time is late all the same, and no breach.",
            "按时率：在承诺时限内解决 ÷ 已解决和已到时限的工单；事前说明的超时仍算超时，但不算违约。",
        ),
        Label::new(
            "Response and resolution: mean working hours from being raised to the first response, and to being resolved, time on hold left out.",
            "响应与解决：从受理到首次响应、到解决的平均工作小时，挂起时间不计。",
        ),
        Label::new(
            "CSAT: ratings from `satisfied_from` (config/sla.toml) on ÷ ratings. NPS: share of 9 and 10 less share of 0 to 6, times 100, of those asked.",
            "满意度：不低于 `satisfied_from`（config/sla.toml）的评分 ÷ 全部评分。NPS：9–10 分占比减 0–6 分占比，乘以 100。",
        ),
    ],
    sheets,
};

figures! {
    /// Tickets of one row.
    Raised {
        raised: usize,
        closed: usize,
        resolved: usize,
        reopened: usize,
        judged: usize,
        kept: usize,
        explained: usize,
        breached: usize,
        responses: usize,
        response_seconds: i64,
        done: usize,
        resolution_seconds: i64,
        ratings: usize,
        satisfied: usize,
        asked: usize,
        promoters: usize,
        detractors: usize,
    }
}

impl Raised {
    fn count(&mut self, ticket: &Record, view: &View<'_>) {
        let again = !ticket.rows("reopenings").is_empty();
        let was_resolved = again || !is_open(ticket);
        self.raised += 1;
        self.closed += usize::from(matches!(ticket.text("status"), Some("confirmed" | "archived")));
        self.resolved += usize::from(was_resolved);
        self.reopened += usize::from(again);
        self.judge(ticket, view);
        let response = response(ticket, view.snapshot);
        self.responses += usize::from(response.is_some());
        self.response_seconds += response.map_or(0, |time| time.num_seconds());
        if let Some(rating) = ticket.integer("satisfaction") {
            self.ratings += 1;
            self.satisfied += usize::from(rating >= view.snapshot.config.sla.satisfied_from);
        }
        if let Some(likely) = ticket.integer("recommends") {
            self.asked += 1;
            self.promoters += usize::from(likely >= 9);
            self.detractors += usize::from(likely <= 6);
        }
    }

    fn judge(&mut self, ticket: &Record, view: &View<'_>) {
        let Some(promise) = Promise::of(ticket, view.snapshot) else { return };
        self.judged += usize::from(!matches!(promise.standing, Standing::Running | Standing::Paused));
        self.kept += usize::from(promise.standing == Standing::Kept);
        self.explained += usize::from(promise.standing == Standing::Explained);
        self.breached += usize::from(promise.standing == Standing::Breached);
        if !is_open(ticket) {
            self.done += 1;
            self.resolution_seconds += promise.used.num_seconds();
        }
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let raised = view.tickets();
    let title = Label::new;
    let kinds = Axis::dictionary(view, "ticket_kind", "kind", title("Kind", "类型"));
    let causes = Axis::dictionary(view, "ticket_cause", "cause", title("Cause", "原因"));
    let handlers = Axis::people(view, "handler", title("Handler", "处理人"));
    let priorities = Axis::dictionary(view, "priority", "priority", title("Priority", "优先级"));
    let by = |axis, field: &'static str| {
        let mut table = Table::<1, Raised>::new([axis]);
        raised.iter().for_each(|ticket| table.at([ticket.text(field)]).count(ticket, view));
        table
    };
    let mut sheets = vec![summary(&by(&kinds, "kind").total(), &view.snapshot.config.sla)];
    for (axis, field, key, title) in [
        (&kinds, "kind", "kinds", title("By kind", "按类型")),
        (&causes, "cause", "causes", title("By cause", "按原因")),
        (&handlers, "owner", "handlers", title("By handler", "按处理人")),
        (&priorities, "priority", "priorities", title("By priority", "按优先级")),
    ] {
        sheets.push(by(axis, field).draw(key, title, columns()));
    }
    sheets
}

fn columns() -> Vec<Figure<Raised>> {
    vec![
        Figure::count("raised", "Raised", "受理", |row: &Raised| row.raised),
        Figure::share("closed", "Closed", "关单率", |row: &Raised| (row.closed, row.raised)),
        Figure::share("in_time", "In time", "按时率", |row: &Raised| (row.kept, row.judged)),
        Figure::count("breached", "Breach", "违约", |row: &Raised| row.breached),
        Figure::share("reopened", "Again", "重开率", |row: &Raised| (row.reopened, row.resolved)),
        Figure::mean("response_hours", "Ans h", "响应", |row: &Raised| (hours(row.response_seconds), row.responses)),
        Figure::mean("resolution_hours", "Res h", "解决", |row: &Raised| (hours(row.resolution_seconds), row.done)),
        Figure::share("csat", "CSAT", "满意度", |row: &Raised| (row.satisfied, row.ratings)),
    ]
}

fn hours(seconds: i64) -> Decimal {
    Decimal::from(seconds) / Decimal::from(TimeDelta::hours(1).num_seconds())
}

/// Lists the figures of all tickets with what they are measured by.
fn summary(all: &Raised, sla: &Sla) -> Sheet {
    let columns = vec![
        Column::text("figure", "Figure", "指标"),
        Column::of("part", "Part", "其中", ColumnType::Integer),
        Column::of("whole", "Of", "总数", ColumnType::Integer),
        Column::of("share", "Share", "比率", ColumnType::Ratio),
        Column::of("goal", "Goal", "目标", ColumnType::Ratio),
        Column::text("verdict", "", ""),
    ];
    let mut sheet = Sheet::new("summary", Label::new("Summary", "概要").into(), columns);
    let goal = Decimal::new(sla.closure_goal, 2);
    let mut row = |key: &str, words, part: usize, whole: usize, goal: Option<Decimal>| {
        let share = Decimal::from(part).checked_div(Decimal::from(whole));
        let verdict = share.zip(goal).map(|(share, goal)| match share >= goal {
            true => Cell::Label("met".into(), words!("met", "达标")),
            false => Cell::Label("missed".into(), words!("missed", "未达标")),
        });
        sheet.rows.push(vec![
            Cell::Label(key.into(), words),
            Cell::count(part),
            Cell::count(whole),
            quotient(Decimal::from(part), Decimal::from(whole)),
            goal.map_or(Cell::Empty, Cell::Ratio),
            verdict.unwrap_or(Cell::Empty),
        ]);
    };
    row("closed", words!("Closed", "关单率"), all.closed, all.raised, Some(goal));
    row("in_time", words!("In time", "按时率"), all.kept, all.judged, None);
    row("explained", words!("Late, explained before", "超时，事前已说明"), all.explained, all.judged, None);
    row("breached", words!("Breached", "超时违约"), all.breached, all.judged, None);
    row("reopened", words!("Opened again", "重开率"), all.reopened, all.resolved, None);
    row("csat", words!("CSAT", "满意度"), all.satisfied, all.ratings, None);
    if all.asked > 0 {
        let share = |part: usize| Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(all.asked);
        let (nps, asked) = ((share(all.promoters) - share(all.detractors)).round_dp(1), all.asked);
        sheet.notes.push(words!("NPS {nps}, of {asked} asked", "NPS {nps}（{asked} 人作答）"));
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lines, record, run, sheet, snapshot_of};
    use super::*;
    use crate::record::{REOPENING, Row, Value};
    use chrono::DateTime;

    fn at(text: &str) -> Value {
        Value::Moment(DateTime::parse_from_rfc3339(&format!("2026-03-{text}:00+08:00")).unwrap())
    }

    /// A ticket of the week of the 16th of March 2026: when it was raised and resolved, with other fields.
    fn ticket(n: usize, words: &str, [raised, responded, resolved]: [&str; 3]) -> Record {
        let mut one = record(TICKET, &format!("TKT-2026-{n:03}"), words);
        one.set("raised_at", at(raised));
        for (key, text) in [("responded_at", responded), ("resolved_at", resolved)] {
            if !text.is_empty() {
                one.set(key, at(text));
            }
        }
        one
    }

    #[test]
    fn what_was_raised_in_the_week_by_kind_and_handler() {
        // The snapshot is of Wednesday the 18th, noon; lunch is no working time. What is high has eight hours, urgent two.
        let mut again =
            ticket(3, "status=reopened kind=support priority=high owner=rep.a", ["16T09:00", "16T10:00", ""]);
        let mut row = Row::new(REOPENING);
        row.set("resolved_at", at("16T11:00"));
        row.set("at", at("18T11:00"));
        again.set("reopenings", Value::Rows(vec![row]));
        let mut rated =
            ticket(1, "status=archived kind=support priority=high owner=rep.a", ["16T09:00", "16T10:00", "16T12:00"]);
        rated.set("satisfaction", Value::Integer(5));
        rated.set("recommends", Value::Integer(9));
        let mut late = ticket(
            2,
            "status=confirmed kind=complaint priority=urgent owner=rep.b cause=delivery",
            ["16T09:00", "16T13:00", "16T14:00"],
        );
        late.set("satisfaction", Value::Integer(2));
        late.set("recommends", Value::Integer(3));
        let records = vec![
            rated,
            late,
            again,
            ticket(4, "status=open kind=inquiry priority=low", ["17T09:00", "", ""]),
            ticket(5, "status=archived kind=support priority=high owner=rep.a", ["02T09:00", "", "02T10:00"]),
        ];
        let document = run(&REPORT, &snapshot_of(records));
        let shown = |key| lines(sheet(&document, key));
        assert_eq!(
            shown("summary"),
            [
                "closed 2 4 50.0% 98.0% missed",
                "in_time 1 2 50.0% · ·",
                "explained 0 2 0.0% · ·",
                "breached 1 2 50.0% · ·",
                "reopened 1 3 33.3% · ·",
                "csat 1 2 50.0% · ·",
            ]
        );
        assert_eq!(sheet(&document, "summary").notes[0].en, "NPS 0, of 2 asked");
        assert_eq!(
            [shown("handlers"), shown("kinds"), shown("causes")].concat(),
            [
                "rep.a 2 50.0% 100.0% 0 50.0% 1 3 100.0%",
                "rep.b 1 100.0% 0.0% 1 0.0% 3 4 0.0%",
                "- 1 0.0% · 0 · · · ·",
                "total 4 50.0% 50.0% 1 33.3% 1.7 3.5 50.0%",
                "inquiry 1 0.0% · 0 · · · ·",
                "support 2 50.0% 100.0% 0 50.0% 1 3 100.0%",
                "complaint 1 100.0% 0.0% 1 0.0% 3 4 0.0%",
                "total 4 50.0% 50.0% 1 33.3% 1.7 3.5 50.0%",
                "delivery 1 100.0% 0.0% 1 0.0% 3 4 0.0%",
                "- 3 33.3% 100.0% 0 50.0% 1 3 100.0%",
                "total 4 50.0% 50.0% 1 33.3% 1.7 3.5 50.0%",
            ]
        );
    }
}
