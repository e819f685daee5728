//! `config/sla.toml`: what is promised to those who raise a ticket.

use super::reader::{Section, Source};
use crate::record::Finding;
use crate::words;

/// `config/sla.toml`, typed.
#[derive(Debug, Clone)]
pub struct Sla {
    /// Minutes within which a ticket is dispatched.
    pub dispatch_minutes: i64,
    /// Goal of the closure rate, in per cent.
    pub closure_goal: i64,
    /// The rating from which on a customer counts as satisfied.
    pub satisfied_from: i64,
    /// Working hours to resolve, by priority, the most pressing first.
    pub promise_hours: Vec<(String, i64)>,
    /// At what per cent of the promised time it goes to whom, ascending.
    pub escalation: Vec<(i64, String)>,
}

/// The priorities a promise is made for.
const PRIORITIES: [&str; 4] = ["urgent", "high", "medium", "low"];

impl Sla {
    /// Reads `config/sla.toml`.
    pub fn parse(text: &str, path: &str) -> Result<Sla, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let sla = table.as_ref().and_then(|table| {
            let top = Section::top(&source, table);
            let number = |key, range| top.required(key, top.integer(key, range)).map(|number| number.value);
            let dispatch_minutes = number("dispatch_minutes", 1..=10_080);
            let closure_goal = number("closure_goal", 0..=100);
            let satisfied_from = number("satisfied_from", 1..=5);
            let promise_hours = top.section("promise_hours").map(|section| promises(&section)).unwrap_or_default();
            let escalation = top.section("escalation").map(|section| steps(&section)).unwrap_or_default();
            top.done();
            Some(Sla {
                dispatch_minutes: dispatch_minutes?,
                closure_goal: closure_goal?,
                satisfied_from: satisfied_from?,
                promise_hours,
                escalation,
            })
        });
        source.finish(sla)
    }
}

fn promises(section: &Section<'_>) -> Vec<(String, i64)> {
    let hours = |key: &&str| {
        let hours = section.required(key, section.integer(key, 1..=10_000))?;
        Some((key.to_string(), hours.value))
    };
    let promises = PRIORITIES.iter().filter_map(hours).collect();
    section.done();
    promises
}

fn steps(section: &Section<'_>) -> Vec<(i64, String)> {
    let mut steps: Vec<(i64, String)> = Vec::new();
    for step in section.sections("steps") {
        let percent = step.required("percent", step.integer("percent", 1..=1000));
        let to = step.required("to", step.text("to"));
        step.done();
        let (Some(percent), Some(to)) = (percent, to) else { continue };
        if steps.last().is_some_and(|(before, _)| *before >= percent.value) {
            step.report("config-value", "percent", percent.span, words!("the steps do not ascend", "升级比例须递增"));
        }
        steps.push((percent.value, to.value));
    }
    section.done();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_promises() {
        let sla = Sla::parse(include_str!("../defaults/sla.toml"), "s").unwrap();
        let hours: Vec<i64> = sla.promise_hours.iter().map(|(_, hours)| *hours).collect();
        assert_eq!(hours, [2, 8, 24, 72]);
        assert_eq!(sla.escalation[2], (150, "tech_lead".to_string()));
    }

    #[test]
    fn escalation_ascends() {
        let text = include_str!("../defaults/sla.toml").replace("percent = 100", "percent = 70");
        let findings = Sla::parse(&text, "s").unwrap_err();
        assert_eq!(findings.len(), 1);
        assert!(findings[0].line > 10);
    }
}
