//! `activity` (跟进分析): how much is followed up, by whom and how, and when it is answered.

use super::Report;
use super::axis::Axis;
use super::table::{Figure, Table, figures};
use super::view::{View, is_late};
use crate::record::{FOLLOWUP, Label, Record, Words};
use crate::sheet::Sheet;
use crate::words;
use chrono::{Datelike, Timelike};
use std::sync::LazyLock;

/// The report.
pub const REPORT: Report = Report {
    name: "activity",
    title: Label::new("Activity", "跟进分析"),
    about: Label::new(
        "Follow-ups by person, method, weekday, hour and outcome; answers, next steps, late logs",
        "按人员、方式、星期、时段与结果统计跟进；接通率、下一步、补录",
    ),
    filters: FOLLOWUP,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Made: follow-ups that took place in the period, for their author; day and hour in the repository's zone.",
            "跟进：发生在期间内的跟进，计入跟进人；日期与时段按仓库时区。",
        ),
        Label::new(
            "Rate: answered ÷ follow-ups with a stated outcome; answered is any outcome but No answer.",
            "接通率：已接通 ÷ 填写了结果的跟进；结果不是“未接通”即为接通。",
        ),
        Label::new(
            "Next: a next action with its date was set. Late: entered more than 24 h afterwards; imported ones, whose moment of entry the file does not give, are not counted.",
            "下一步：已写明下一步行动及日期。补录：事后 24 小时以上才登记；导入且文件未给登记时间的不计。",
        ),
    ],
    sheets,
};

figures! {
    /// Follow-ups of one row.
    Made {
        followups: usize,
        stated: usize,
        answered: usize,
        next: usize,
        late: usize,
    }
}

impl Made {
    fn count(&mut self, followup: &Record) {
        let outcome = followup.text("outcome");
        let next = followup.text("next_action").is_some() && followup.date("next_on").is_some();
        self.followups += 1;
        self.stated += usize::from(outcome.is_some());
        self.answered += usize::from(outcome.is_some_and(|outcome| outcome != "no_answer"));
        self.next += usize::from(next);
        self.late += usize::from(is_late(followup));
    }
}

/// The days of the week, Monday first, by key and name.
static WEEKDAYS: [(&str, Label); 7] = [
    ("mon", Label::new("Monday", "周一")),
    ("tue", Label::new("Tuesday", "周二")),
    ("wed", Label::new("Wednesday", "周三")),
    ("thu", Label::new("Thursday", "周四")),
    ("fri", Label::new("Friday", "周五")),
    ("sat", Label::new("Saturday", "周六")),
    ("sun", Label::new("Sunday", "周日")),
];

/// The hours of the day as they are printed, `00` to `23`.
static HOURS: LazyLock<[String; 24]> = LazyLock::new(|| std::array::from_fn(|hour| format!("{hour:02}")));

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let made = view.followups();
    let people = Axis::people(view, "person", Label::new("Person", "人员"));
    let methods = Axis::dictionary(view, "followup_method", "method", Label::new("Method", "方式"));
    let outcomes = Axis::dictionary(view, "outcome", "outcome", Label::new("Outcome", "结果"));
    let weekday = |followup: &Record| {
        let day = view.day(followup.moment("at")?);
        WEEKDAYS.get(day.weekday().num_days_from_monday() as usize).map(|(key, _)| *key)
    };
    let hour = |followup: &Record| {
        let at = followup.moment("at")?.with_timezone(&view.zone());
        HOURS.get(at.hour() as usize).map(String::as_str)
    };
    let unknown = || words!("not stated", "未填");
    let weekdays = WEEKDAYS.iter().map(|(key, label)| (*key, Words::from(*label)));
    let weekdays = Axis::keys("weekday", Label::new("Weekday", "星期"), unknown(), weekdays);
    let hours = HOURS.iter().map(|hour| (hour.as_str(), Words::same(hour)));
    let hours = Axis::keys("hour", Label::new("Hour", "时段"), unknown(), hours);
    let all = made.len();
    let share = vec![
        Figure::count("followups", "Made", "跟进", |row: &Made| row.followups),
        Figure::share("share", "Share", "占比", move |row: &Made| (row.followups, all)),
    ];
    let title = Label::new;
    vec![
        by([&people], &made, |f| [f.text("author")]).draw("people", title("By person", "按人员"), columns()),
        by([&people, &methods], &made, |f| [f.text("author"), f.text("method")]).draw(
            "people_and_methods",
            title("By person and method", "按人员与方式"),
            effect(),
        ),
        by([&methods], &made, |f| [f.text("method")]).draw("methods", title("By method", "按方式"), columns()),
        by([&outcomes], &made, |f| [f.text("outcome")]).draw("outcomes", title("By outcome", "按结果"), share),
        by([&weekdays], &made, |f| [weekday(f)]).draw("weekdays", title("By weekday", "按星期"), effect()),
        by([&hours], &made, |f| [hour(f)]).draw("hours", title("By hour", "按时段"), effect()),
    ]
}

/// Counts follow-ups by the keys they have on each side.
fn by<'s, 'a, const N: usize>(
    sides: [&'s Axis<'a>; N],
    made: &[&'a Record],
    keys: impl Fn(&'a Record) -> [Option<&'a str>; N],
) -> Table<'s, 'a, N, Made> {
    let mut table = Table::<N, Made>::new(sides);
    for followup in made {
        table.at(keys(followup)).count(followup);
    }
    table
}

/// Returns the columns on how often people answer.
fn effect() -> Vec<Figure<Made>> {
    vec![
        Figure::count("followups", "Made", "跟进", |row: &Made| row.followups),
        Figure::count("answered", "Answered", "接通", |row: &Made| row.answered),
        Figure::share("rate", "Rate", "接通率", |row: &Made| (row.answered, row.stated)),
    ]
}

/// Returns the columns on how often people answer and how well it is kept.
fn columns() -> Vec<Figure<Made>> {
    let mut columns = effect();
    columns.extend([
        Figure::count("next", "Next set", "下一步", |row: &Made| row.next),
        Figure::count("late", "Late logs", "补录", |row: &Made| row.late),
    ]);
    columns
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lines, run, run_where, sheet, snapshot, snapshot_of};
    use super::*;

    #[test]
    fn people_and_methods() {
        let document = run(&REPORT, &snapshot());
        assert_eq!(
            lines(sheet(&document, "people")),
            ["rep.a 6 4 80.0% 5 1", "rep.b 3 2 66.7% 2 0", "rep.x 1 1 100.0% 0 0", "total 10 7 77.8% 7 1"]
        );
        assert_eq!(
            lines(sheet(&document, "people_and_methods")),
            [
                "rep.a phone 2 1 100.0%",
                "rep.a email 1 0 0.0%",
                "rep.a wechat 1 1 100.0%",
                "rep.a visit 2 2 100.0%",
                "rep.b phone 1 0 0.0%",
                "rep.b meeting 1 1 100.0%",
                "rep.b fax 1 1 100.0%",
                "rep.x phone 1 1 100.0%",
                "total · 10 7 77.8%"
            ]
        );
        assert_eq!(lines(sheet(&document, "methods"))[0], "phone 4 2 66.7% 3 1");
    }

    #[test]
    fn outcomes_days_and_hours() {
        let document = run(&REPORT, &snapshot());
        let outcomes = lines(sheet(&document, "outcomes"));
        for line in ["no_answer 2 20.0%", "neutral 1 10.0%", "positive 4 40.0%", "negative 2 20.0%"] {
            assert!(outcomes.contains(&line.to_string()), "{line} in {outcomes:?}");
        }
        assert_eq!(outcomes[4..], ["- 1 10.0%", "total 10 100.0%"]);
        assert_eq!(
            lines(sheet(&document, "weekdays")),
            ["mon 3 3 100.0%", "tue 4 1 33.3%", "wed 2 2 100.0%", "thu 1 1 100.0%", "total 10 7 77.8%"]
        );
        assert_eq!(
            lines(sheet(&document, "hours")),
            ["09 2 1 50.0%", "10 4 4 100.0%", "11 2 1 100.0%", "15 2 1 50.0%", "total 10 7 77.8%"]
        );
    }

    #[test]
    fn a_filter_is_of_follow_ups() {
        let document = run_where(&REPORT, &snapshot(), "method = phone");
        assert_eq!(lines(sheet(&document, "people")).last().unwrap(), "total 4 2 66.7% 3 1");
    }

    #[test]
    fn an_empty_repository() {
        assert!(run(&REPORT, &snapshot_of(vec![])).sheets.iter().all(|sheet| sheet.rows.is_empty()));
    }
}
