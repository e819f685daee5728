//! `config/cadence.toml`, read strictly.

use crate::record::{Dictionary, Finding, Words};
use crate::rules::config::reader::{Section, Source, label};
use crate::words;
use chrono::{Months, NaiveDate};
use std::collections::BTreeMap;

/// `config/cadence.toml`, typed.
#[derive(Debug, Clone, Default)]
pub struct Cadence {
    /// The plan of leads, by grade.
    pub leads: BTreeMap<String, LeadPlan>,
    /// The grade whose plan holds for leads in nurture.
    pub nurture_grade: String,
    /// The touch of customers by type and, for won ones, level: `potential`, `won.high`.
    pub customers: BTreeMap<String, Touch>,
    /// Days after which an open lead of the idle grades is overdue whatever the plan says.
    pub idle_days: i64,
    /// The grades the idle limit holds for.
    pub idle_grades: Vec<String>,
    /// Hours after which the entry of a follow-up is late.
    pub late_log_hours: i64,
    /// Days before a record returns to the pool that a warning is given.
    pub recycle_warning_days: i64,
    /// Days before a renewal that reminders are given.
    pub renewal_days: Vec<i64>,
    /// Days after which core fields want a refresh.
    pub refresh_days: i64,
}

/// The plan of leads of one grade.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeadPlan {
    /// Hours within which the first response must come, if there is a limit.
    pub first_response_hours: Option<i64>,
    /// Steps, by day.
    pub steps: Vec<Step>,
    /// What repeats after the steps.
    pub then: Vec<Touch>,
}

/// One step of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Days after the day of the anchor.
    pub day: i64,
    /// What is to be done.
    pub label: Words,
    /// The key of the method suggested, if any.
    pub method: Option<String>,
}

/// A touch that repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// How long after the last one.
    pub every: Interval,
    /// What is to be done.
    pub label: Words,
    /// The key of the method suggested, if any.
    pub method: Option<String>,
}

/// A length of time in calendar terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// So many days.
    Days(u32),
    /// So many months, to the same day or the month's last.
    Months(u32),
}

impl Interval {
    /// Returns the day `times` intervals after `day`; nothing past the end of the calendar.
    pub fn after(self, day: NaiveDate, times: u32) -> Option<NaiveDate> {
        match self {
            Interval::Days(days) => day.checked_add_days(chrono::Days::new(u64::from(days) * u64::from(times))),
            Interval::Months(months) => day.checked_add_months(Months::new(months.checked_mul(times)?)),
        }
    }

    /// Returns about how many days it is, to tell the shorter of two.
    pub(super) fn rough_days(self) -> u32 {
        match self {
            Interval::Days(days) => days,
            Interval::Months(months) => months.saturating_mul(30),
        }
    }
}

/// The longest distances a plan may state.
const MAX_DAYS: i64 = 3650;
const MAX_MONTHS: i64 = 120;

impl Cadence {
    /// Reads `config/cadence.toml` without looking at dictionaries.
    pub fn parse(text: &str, path: &str) -> Result<Cadence, Vec<Finding>> {
        Cadence::parse_with(text, path, None)
    }

    /// Reads `config/cadence.toml`; methods, types and levels must be keys where the dictionary is known.
    pub fn parse_with(text: &str, path: &str, dictionary: Option<&Dictionary>) -> Result<Cadence, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let cadence = table.as_ref().and_then(|table| read(&Section::top(&source, table), dictionary));
        source.finish(cadence)
    }

    /// Returns the touch of a customer of this type and level; a won one without level is of level `low`.
    pub fn customer(&self, kind: &str, level: Option<&str>) -> Option<&Touch> {
        let by_level = || self.customers.get(&format!("{kind}.{}", level.unwrap_or("low")));
        self.customers.get(kind).or_else(by_level)
    }
}

fn read(top: &Section<'_>, dictionary: Option<&Dictionary>) -> Option<Cadence> {
    let days = |key| top.required(key, top.integer(key, 0..=MAX_DAYS)).map(|days| days.value);
    let [idle_days, recycle_warning_days, refresh_days] =
        ["idle_days", "recycle_warning_days", "refresh_days"].map(days);
    let late_log_hours = top.required("late_log_hours", top.integer("late_log_hours", 1..=10_000));
    let renewal = words!("a list of days", "天数列表");
    let renewal_days = top.list("renewal_days", renewal, crate::rules::config::reader::integer_of);
    let leads = leads(top, dictionary);
    let idle_grades = grades(top, &leads);
    let nurture_grade = top.required("nurture_grade", top.text("nurture_grade"));
    let customers = top.section("customer").map(|section| customers(&section, dictionary)).unwrap_or_default();
    top.done();
    Some(Cadence {
        leads,
        nurture_grade: nurture_grade?.value,
        customers,
        idle_days: idle_days?,
        idle_grades,
        late_log_hours: late_log_hours?.value,
        recycle_warning_days: recycle_warning_days?,
        renewal_days: renewal_days.into_iter().flat_map(|list| list.value).map(|days| days.value).collect(),
        refresh_days: refresh_days?,
    })
}

fn leads(top: &Section<'_>, dictionary: Option<&Dictionary>) -> BTreeMap<String, LeadPlan> {
    let Some(section) = top.required("lead", top.section("lead").map(Section::placed)).map(|placed| placed.value)
    else {
        return BTreeMap::new();
    };
    let plan = |grade: String| Some((grade.clone(), lead_plan(&section.section(&grade)?, dictionary)));
    let leads = section.keys().into_iter().filter_map(|grade| plan(grade.value)).collect();
    section.done();
    leads
}

fn lead_plan(section: &Section<'_>, dictionary: Option<&Dictionary>) -> LeadPlan {
    let first_response_hours = section.integer("first_response_hours", 1..=10_000).map(|hours| hours.value);
    let steps: Vec<Step> = section.sections("steps").iter().filter_map(|step| read_step(step, dictionary)).collect();
    let then = section.sections("then").iter().filter_map(|one| touch(one, dictionary)).collect();
    section.done();
    if steps.windows(2).any(|pair| matches!(pair, [before, after] if before.day >= after.day)) {
        section.report(
            "config-value",
            "steps",
            section.span(),
            words!("the days of the steps do not ascend", "各步的天数须递增"),
        );
    }
    LeadPlan { first_response_hours, steps, then }
}

fn read_step(section: &Section<'_>, dictionary: Option<&Dictionary>) -> Option<Step> {
    let day = section.required("day", section.integer("day", 0..=MAX_DAYS));
    let (label, method) = what(section, dictionary);
    section.done();
    Some(Step { day: day?.value, label: label?, method })
}

fn touch(section: &Section<'_>, dictionary: Option<&Dictionary>) -> Option<Touch> {
    let days = section.integer("days", 1..=MAX_DAYS).and_then(|days| u32::try_from(days.value).ok());
    let months = section.integer("months", 1..=MAX_MONTHS).and_then(|months| u32::try_from(months.value).ok());
    let (label, method) = what(section, dictionary);
    section.done();
    let every = match (days, months) {
        (Some(days), None) => Interval::Days(days),
        (None, Some(months)) => Interval::Months(months),
        _ => {
            let message = words!("name either `days` or `months`", "`days` 与 `months` 须写且只写一个");
            section.report("missing-key", "days", section.span(), message);
            return None;
        }
    };
    Some(Touch { every, label: label?, method })
}

/// Reads what a step or a touch is to be.
fn what(section: &Section<'_>, dictionary: Option<&Dictionary>) -> (Option<Words>, Option<String>) {
    let methods = dictionary.and_then(|dictionary| dictionary.get("followup_method"));
    let method = section.key_of("method", methods).map(|method| method.value);
    (label(section), method)
}

/// Reads the idle grades; each must have a plan.
fn grades(top: &Section<'_>, leads: &BTreeMap<String, LeadPlan>) -> Vec<String> {
    let grades = top.texts("idle_grades").map_or_else(Vec::new, |grades| grades.value);
    for grade in grades.iter().filter(|grade| !leads.contains_key(&grade.value)) {
        let message = words!("grade `{}` has no plan under `lead`", "级别 `{}` 在 `lead` 下没有计划"; grade.value);
        top.report("config-value", "idle_grades", grade.span.clone(), message);
    }
    grades.into_iter().map(|grade| grade.value).collect()
}

/// Reads `potential = {…}` and `won.high = {…}`.
fn customers(section: &Section<'_>, dictionary: Option<&Dictionary>) -> BTreeMap<String, Touch> {
    let entries = |name: &str| dictionary.and_then(|dictionary| dictionary.get(name));
    let mut touches = BTreeMap::new();
    for kind in section.keys() {
        section.check_key(&kind.value, &kind, entries("customer_type"));
        let Some(inner) = section.section(&kind.value) else { continue };
        if inner.keys().iter().any(|key| matches!(key.value.as_str(), "days" | "months")) {
            touches.extend(touch(&inner, dictionary).map(|touch| (kind.value, touch)));
            continue;
        }
        for level in inner.keys() {
            inner.check_key(&level.value, &level, entries("customer_level"));
            let read = inner.section(&level.value).and_then(|section| touch(&section, dictionary));
            touches.extend(read.map(|touch| (format!("{}.{}", kind.value, level.value), touch)));
        }
        inner.done();
    }
    section.done();
    touches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Config;

    const DEFAULT: &str = include_str!("../defaults/cadence.toml");

    fn codes(text: &str) -> Vec<&'static str> {
        let config = Config::default();
        let findings = Cadence::parse_with(text, "c", Some(&config.dictionary)).unwrap_err();
        findings.iter().map(|finding| finding.problem.code).collect()
    }

    #[test]
    fn the_default_plan() {
        let cadence = Cadence::parse(DEFAULT, "c").unwrap();
        let days = |grade: &str| cadence.leads[grade].steps.iter().map(|step| step.day).collect::<Vec<_>>();
        assert_eq!((days("A"), days("B"), days("C")), (vec![1, 3, 7], vec![2, 5, 10], vec![]));
        assert_eq!(cadence.customer("won", None).unwrap().every, Interval::Months(3));
        assert_eq!(cadence.customer("won", Some("high")).unwrap().every, Interval::Months(1));
        assert_eq!(cadence.customer("intent", Some("high")).unwrap().every, Interval::Days(3));
        assert!(cadence.customer("churned", None).is_none());
    }

    #[test]
    fn mistaken_plans() {
        assert_eq!(codes(&DEFAULT.replace("method = \"meeting\"", "method = \"meting\"")), ["unknown-key"]);
        assert_eq!(codes(&DEFAULT.replace("day = 3,", "day = 9,")), ["config-value"]);
        assert_eq!(codes(&DEFAULT.replace("{ days = 1, ", "{ ")), ["missing-key"]);
        assert_eq!(codes(&DEFAULT.replace("won.mid", "won.middle")), ["unknown-key"]);
        assert_eq!(codes(&DEFAULT.replace("[\"A\", \"B\"]", "[\"A\", \"D\"]")), ["config-value"]);
        assert_eq!(
            codes(&DEFAULT.replace("first_response_hours = 24", "first_response_hour = 24")),
            ["unknown-setting"]
        );
    }

    #[test]
    fn months_end_on_their_last_day() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        assert_eq!(Interval::Months(1).after(day, 1).unwrap().to_string(), "2026-02-28");
        assert_eq!(Interval::Days(7).after(day, 2).unwrap().to_string(), "2026-02-14");
        assert_eq!(Interval::Days(u32::MAX).after(day, u32::MAX), None);
    }
}
