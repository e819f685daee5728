//! The life of a lead (线索状态流转): which status follows which. DOMAIN: lead.
//!
//! New, assigned, working, qualified, converted is the usual way; a lead may skip a step forward, as one does that
//! asked for a quote at the stand. Until it is converted it may be disqualified, with a reason, or nurtured, and from
//! both it comes back. What was converted is no lead any more: its conversion is undone as a whole.
//!
//! *Invariant:* a step never leaves the reason of a disqualification with a lead that is not disqualified.

use crate::record::{Dictionary, LEAD, Problem, Record, Value, Words};
use crate::words;

/// A step in the life of a lead, conversion apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is worth selling to.
    Qualify,
    /// It is nothing for us.
    Disqualify,
    /// It is for later.
    Nurture,
    /// It is worked on again.
    Reopen,
}

/// What says why a lead is disqualified.
const REASON: [&str; 3] = ["disqualify_reason", "disqualify_note", "evidence"];

impl Step {
    /// Every step, in the order of help.
    pub const ALL: [Step; 4] = [Step::Qualify, Step::Disqualify, Step::Nurture, Step::Reopen];

    /// Returns its verb.
    pub fn verb(self) -> &'static str {
        match self {
            Step::Qualify => "qualify",
            Step::Disqualify => "disqualify",
            Step::Nurture => "nurture",
            Step::Reopen => "reopen",
        }
    }

    /// Tells whether it may be taken from a status; one that the program does not know is taken for an open one.
    fn is_from(self, status: &str) -> bool {
        match (self, status) {
            (_, "converted") => false,
            (Step::Disqualify, _) => true,
            (Step::Qualify | Step::Nurture, status) => status != "disqualified",
            (Step::Reopen, status) => matches!(status, "disqualified" | "nurture"),
        }
    }
}

/// Takes a step with a lead; `is_contacted` says whether a follow-up with it took place.
///
/// Fails with why not and with what may be done instead.
pub fn take(lead: &mut Record, step: Step, is_contacted: bool, dictionary: &Dictionary) -> Result<(), [Words; 2]> {
    let status = lead.text("status").unwrap_or_default();
    if !step.is_from(status) {
        return Err([why_not(lead, status, dictionary), instead(lead, status)]);
    }
    let next = match step {
        Step::Qualify => "qualified",
        Step::Disqualify => "disqualified",
        Step::Nurture => "nurture",
        Step::Reopen if lead.text("owner").is_none() => "new",
        Step::Reopen if is_contacted => "working",
        Step::Reopen => "assigned",
    };
    lead.set("status", Value::text(next));
    if step != Step::Disqualify {
        REASON.into_iter().for_each(|key| drop(lead.remove(key)));
    }
    Ok(())
}

/// Takes the reason of a disqualification from a lead that is not disqualified any more, unless the change says it anew.
pub fn leave(before: &Record, after: &mut Record) {
    if after.kind == LEAD
        && before.text("status") == Some("disqualified")
        && after.text("status") != Some("disqualified")
    {
        for key in REASON {
            if before.get(key) == after.get(key) {
                after.remove(key);
            }
        }
    }
}

/// Fails where a lead may not be converted, with why not and with what may be done instead.
pub fn refuse_conversion(lead: &Record, dictionary: &Dictionary) -> Result<(), [Words; 2]> {
    match lead.text("status").unwrap_or_default() {
        status @ ("converted" | "disqualified") => Err([why_not(lead, status, dictionary), instead(lead, status)]),
        _ => Ok(()),
    }
}

/// The statuses, from the first to those that people close a lead with.
const WAY: [&str; 6] = ["new", "assigned", "working", "nurture", "qualified", "disqualified"];

/// Tells whether a status is further on than another, on the way that needs no conversion.
pub fn is_further(from: &str, to: &str) -> bool {
    let place = |status: &str| WAY.iter().position(|known| *known == status);
    place(from).is_some_and(|from| place(to).is_some_and(|to| from < to))
}

/// Returns what is wrong with a change that makes a lead converted and names no customer.
pub fn converted_to_nothing(before: &Record, after: &Record) -> Option<Problem> {
    let is_bare = |lead: &Record| lead.text("status") == Some("converted") && lead.text("converted_to").is_none();
    if after.kind != LEAD || !is_bare(after) || is_bare(before) {
        return None;
    }
    let number = &after.number;
    let message = words!("a lead is converted to a customer, and none is named", "线索须转化为客户，此处未指明客户");
    let mend = words!("`kehu lead convert {number}` converts it", "请用 `kehu lead convert {number}` 转化");
    Some(Problem::error("odd-status", "status", message).mend(mend))
}

/// Marks a lead as converted to a customer.
pub fn convert(lead: &mut Record, customer: &str) {
    lead.set("status", Value::text("converted"));
    lead.set("converted_to", Value::text(customer));
}

fn why_not(lead: &Record, status: &str, dictionary: &Dictionary) -> Words {
    let number = &lead.number;
    let label = dictionary.words("lead_status", status);
    match (status, lead.text("converted_to")) {
        ("converted", Some(customer)) => {
            words!("`{number}` was converted to `{customer}`", "`{number}` 已转化为 `{customer}`")
        }
        ("converted", None) => words!("`{number}` is converted already", "`{number}` 已转化"),
        ("disqualified", _) => words!("`{number}` is disqualified", "`{number}` 已剔除"),
        _ => words!("`{number}` is open: its status is {label}", "`{number}` 未关闭：状态为“{label}”"; each label),
    }
}

fn instead(lead: &Record, status: &str) -> Words {
    let number = &lead.number;
    match (status, lead.text("converted_to")) {
        ("converted", Some(customer)) => {
            words!("`kehu customer show {customer}` shows it", "用 `kehu customer show {customer}` 查看")
        }
        ("converted", None) => words!(
            "`kehu lead set {number} status=…` changes what was entered as converted",
            "以“已转化”录入的线索可用 `kehu lead set {number} 状态=…` 更改"
        ),
        ("disqualified", _) => {
            words!("`kehu lead reopen {number}` opens it again", "用 `kehu lead reopen {number}` 重新打开")
        }
        _ => words!(
            "from there it is qualified, converted, nurtured or disqualified",
            "此状态下可确认（qualify）、转化（convert）、培育（nurture）或剔除（disqualify）"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Number, Severity};
    use crate::rules::Config;
    use crate::rules::check::check_record;
    use proptest::prelude::*;

    const STATUSES: [&str; 7] = ["new", "assigned", "working", "qualified", "nurture", "disqualified", "converted"];

    fn lead(status: &str) -> Record {
        let mut lead = Record::new(LEAD, Number::sequence("LEAD", 2026, 1, 3));
        lead.set("status", Value::text(status));
        if status == "disqualified" {
            REASON.into_iter().for_each(|key| drop(lead.set(key, Value::text("fake"))));
        }
        lead
    }

    #[test]
    fn each_step_leads_from_where_it_may_to_where_it_says() {
        // Per step the status it leads to from each of the seven; a dash where it may not be taken.
        for (step, to) in [
            (Step::Qualify, "qualified qualified qualified qualified qualified - -"),
            (Step::Nurture, "nurture nurture nurture nurture nurture - -"),
            (Step::Disqualify, "disqualified disqualified disqualified disqualified disqualified disqualified -"),
            (Step::Reopen, "- - - - new new -"),
        ] {
            let found = STATUSES.map(|status| {
                let mut lead = lead(status);
                take(&mut lead, step, true, &Dictionary::default())
                    .map_or("-".to_string(), |()| lead.text("status").unwrap().to_string())
            });
            assert_eq!(found.join(" "), to, "{step:?}");
        }
    }

    #[test]
    fn what_comes_back_is_where_it_would_be() {
        for (owner, contacted, status) in
            [(None, true, "new"), (Some("li"), true, "working"), (Some("li"), false, "assigned")]
        {
            let mut lead = lead("disqualified");
            owner.into_iter().for_each(|owner| drop(lead.set("owner", Value::text(owner))));
            take(&mut lead, Step::Reopen, contacted, &Dictionary::default()).unwrap();
            assert_eq!(lead.text("status"), Some(status));
            assert!(REASON.iter().all(|key| lead.get(key).is_none()), "an open lead has no reason to be none");
        }
    }

    #[test]
    fn a_lead_is_converted_once_and_not_while_it_is_disqualified() {
        for status in STATUSES {
            let mut lead = lead(status);
            let may = !matches!(status, "disqualified" | "converted");
            assert_eq!(refuse_conversion(&lead, &Dictionary::default()).is_ok(), may, "{status}");
            convert(&mut lead, "B2B-2026-001");
            let [why, instead] = refuse_conversion(&lead, &Dictionary::default()).unwrap_err();
            assert!(!why.en.is_empty() && !instead.zh.is_empty());
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_steps_leaves_a_status_that_check_objects_to(
            steps in prop::collection::vec((0usize..5, any::<bool>()), 0..12),
            owned in any::<bool>(),
        ) {
            let mut lead = lead("new");
            let facts = [("company", "x"), ("contact_name", "x"), ("phone", "13800138000"), ("region", "x"), ("source", "hotline")];
            facts.into_iter().for_each(|(key, text)| drop(lead.set(key, Value::text(text))));
            lead.set("acquired_on", Value::Date("2026-03-01".parse().unwrap()));
            if owned {
                lead.set("owner", Value::text("li"));
            }
            let (config, today) = (Config::default(), "2026-03-12".parse().unwrap());
            for (at, contacted) in steps {
                let before = lead.clone();
                let taken = match Step::ALL.get(at) {
                    Some(step) => take(&mut lead, *step, contacted, &config.dictionary),
                    None => refuse_conversion(&lead, &Dictionary::default()).map(|()| convert(&mut lead, "B2B-2026-001")),
                };
                if taken.is_err() {
                    prop_assert_eq!(&lead, &before);
                } else if lead.text("status") == Some("disqualified") {
                    lead.set("disqualify_reason", Value::text("fake"));
                }
                let problems = check_record(&lead, &config, today);
                prop_assert!(problems.iter().all(|one| one.severity != Severity::Error), "{:?}", problems);
                prop_assert_eq!(lead.get("converted_to").is_some(), lead.text("status") == Some("converted"));
            }
        }
    }
}
