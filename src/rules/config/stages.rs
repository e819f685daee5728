//! `config/stages.toml`: the stages of an opportunity, what each demands, why one is lost.
//!
//! Stages and reasons are the dictionaries `stage` and `lost_reason` of the fields that hold them.

use super::reader::{Placed, Section, Source, did_you_mean, label};
use crate::record::dictionary::{Entries, Entry};
use crate::record::{Dictionary, Finding, Money, OPPORTUNITY, Words};
use crate::rules::gate::FACTS;
use crate::words;

/// The dictionaries that the file holds.
pub const DICTIONARIES: [&str; 2] = ["stage", "lost_reason"];

/// `config/stages.toml`, typed.
#[derive(Debug, Clone)]
pub struct Stages {
    /// The stages in order.
    pub list: Vec<Stage>,
    /// Why an opportunity may be lost.
    pub lost_reasons: Vec<Entry>,
    /// Winning above this amount needs approval; never when absent.
    pub approval_above: Option<Money>,
    /// The currency of that amount, that of `kehu.toml`.
    pub currency: String,
    /// Days within which a closed opportunity is reviewed.
    pub review_days: i64,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// What is stored.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// Other names accepted on input.
    pub aliases: Vec<String>,
    /// The probability of winning, in per cent.
    pub probability: u8,
    /// What must be there to enter; of each item's alternatives one is enough.
    pub requires: Vec<Vec<String>>,
}

impl Stages {
    /// Reads `config/stages.toml`; kinds of attachments are those of the dictionary, any where there is none.
    pub fn parse(text: &str, path: &str, known: Option<&Dictionary>) -> Result<Stages, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let stages = table.as_ref().and_then(|table| {
            let top = Section::top(&source, table);
            let list: Vec<Stage> = top.sections("stage").iter().filter_map(|section| stage(section, known)).collect();
            let lost_reasons = top.sections("lost_reason").iter().filter_map(reason).collect();
            let approval_above = top.money("approval_above").map(|money| money.value);
            let review_days = top.required("review_days", top.integer("review_days", 1..=3650));
            top.done();
            check_ends(&top, &list);
            Some(Stages {
                list,
                lost_reasons,
                approval_above,
                currency: String::new(),
                review_days: review_days?.value,
            })
        });
        source.finish(stages)
    }

    /// Returns above which amount of a currency, that of the company where none is named, winning needs approval.
    ///
    /// Any amount of another currency does, for no rate is kept.
    pub fn approval_limit(&self, currency: Option<&str>) -> Option<Money> {
        self.approval_above.map(|above| if self.foreign(currency).is_some() { Money::default() } else { above })
    }

    /// Returns a currency that is another than the company's.
    pub fn foreign<'c>(&self, currency: Option<&'c str>) -> Option<&'c str> {
        currency.map(str::trim).filter(|currency| !currency.eq_ignore_ascii_case(&self.currency))
    }

    /// Returns the stage with this key.
    pub fn get(&self, key: &str) -> Option<&Stage> {
        self.list.iter().find(|stage| stage.key == key)
    }

    /// Puts stages and reasons beside the other dictionaries.
    pub(super) fn join(&self, dictionary: &mut Dictionary) {
        let stages = self.list.iter().map(|stage| Entry {
            key: stage.key.clone(),
            label: stage.label.clone(),
            aliases: stage.aliases.clone(),
            group: None,
        });
        let lists = DICTIONARIES.into_iter().zip([stages.collect(), self.lost_reasons.clone()]);
        dictionary.entries.extend(lists.map(|(name, list)| (name.to_string(), Entries::new(list))));
    }
}

fn stage(section: &Section<'_>, known: Option<&Dictionary>) -> Option<Stage> {
    let key = section.required("key", section.text("key"));
    let label = label(section);
    let aliases = aliases(section);
    let probability = section.required("probability", section.integer("probability", 0..=100));
    let requires = section.texts("requires").map_or_else(Vec::new, |items| items.value);
    requires.iter().for_each(|item| check_wanted(section, item, known));
    section.done();
    Some(Stage {
        key: key?.value,
        label: label?,
        aliases,
        probability: u8::try_from(probability?.value).ok()?,
        requires: requires.iter().map(|item| alternatives(&item.value).map(str::to_string).collect()).collect(),
    })
}

/// Walks the alternatives of a requirement.
fn alternatives(text: &str) -> impl Iterator<Item = &str> {
    text.split('|').map(str::trim)
}

/// Reports what can never be there: neither a field, nor a kind of attachment, nor a fact that contracts show.
fn check_wanted(section: &Section<'_>, item: &Placed<String>, known: Option<&Dictionary>) {
    let kinds = known.and_then(|known| known.get("attachment_kind"));
    let (Some(kinds), fields) = (kinds, || OPPORTUNITY.fields.iter().map(|field| field.key)) else { return };
    let all = || fields().chain(FACTS.iter().map(|(key, _)| *key)).chain(kinds.iter().map(|entry| entry.key.as_str()));
    for wanted in alternatives(&item.value).filter(|wanted| !all().any(|key| key == *wanted)) {
        let message = words!(
            "`{wanted}` is neither a field of an opportunity nor a kind of attachment",
            "`{wanted}` 既不是商机的字段，也不是附件类型"
        );
        section.report_with("config-value", "requires", item.span.clone(), message, did_you_mean(wanted, all()));
    }
}

fn reason(section: &Section<'_>) -> Option<Entry> {
    let key = section.required("key", section.text("key"));
    let label = label(section);
    let aliases = aliases(section);
    section.done();
    Some(Entry { key: key?.value, label: label?, aliases, group: None })
}

fn aliases(section: &Section<'_>) -> Vec<String> {
    let aliases = section.texts("aliases").map_or_else(Vec::new, |aliases| aliases.value);
    aliases.into_iter().map(|alias| alias.value).collect()
}

/// Reports stages named twice, and a funnel without its two ends.
fn check_ends(top: &Section<'_>, list: &[Stage]) {
    for (at, stage) in list.iter().enumerate() {
        if list.iter().take(at).any(|other| other.key == stage.key) {
            let message = words!("stage `{}` stands twice", "阶段 `{}` 重复"; stage.key);
            top.report("duplicate-key", "stage", top.span(), message);
        }
    }
    for (key, probability) in [("won", 100), ("lost", 0)] {
        if !list.iter().any(|stage| stage.key == key && stage.probability == probability) {
            let message = words!(
                "stage `{key}` with probability {probability} is missing",
                "缺少成交概率为 {probability} 的阶段 `{key}`"
            );
            top.report("missing-key", "stage", top.span(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_funnel() {
        let stages = Stages::parse(include_str!("../defaults/stages.toml"), "s", None).unwrap();
        let steps: Vec<_> = stages.list.iter().map(|stage| (stage.key.as_str(), stage.probability)).collect();
        assert_eq!(steps, [("needs", 20), ("proposal", 40), ("negotiation", 70), ("won", 100), ("lost", 0)]);
        assert_eq!(stages.list[3].requires[0], ["contract_signed", "deposit_paid"]);
    }

    #[test]
    fn a_funnel_needs_its_ends() {
        let findings = Stages::parse("review_days = 14\nstage = []", "s", None).unwrap_err();
        assert_eq!(findings.len(), 2);
    }

    #[test]
    fn what_is_wanted_can_be_there() {
        let config = crate::rules::Config::default();
        let text = include_str!("../defaults/stages.toml");
        assert!(Stages::parse(text, "s", Some(&config.dictionary)).is_ok());
        let mistyped = text.replace("\"quote|proposal\"", "\"qoute|proposal\"");
        let findings = Stages::parse(&mistyped, "s", Some(&config.dictionary)).unwrap_err();
        assert_eq!(findings.len(), 1);
        assert!(findings[0].problem.mend.as_ref().is_some_and(|mend| mend.en.contains("`quote`")), "{findings:?}");
    }
}
