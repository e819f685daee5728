//! `config/dictionary.toml`: the keys fields may hold, with their names and, for channels, their costs.
//!
//! A dictionary that the file lacks is the built-in one, so a repository made by an older version works
//! on. Some keys are relied on by rules; those may be renamed to people but not taken away.

use super::reader::{Placed, Section, Source, did_you_mean, label};
use crate::record::dictionary::{Entries, Entry, fold_name};
use crate::record::{Dictionary, Finding, Money};
use crate::words;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

const BUILT_IN: &str = include_str!("../defaults/dictionary.toml");

/// What a channel cost over some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCost {
    /// The key of the channel in the dictionary `source`.
    pub source: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The amount.
    pub amount: Money,
}

/// What the file says.
#[derive(Debug, Clone)]
pub(super) struct DictionaryFile {
    pub dictionary: Dictionary,
    pub costs: Vec<SourceCost>,
}

/// The keys that rules rely on, by dictionary.
const FIXED: [(&str, &[&str]); 16] = [
    ("lead_status", &["new", "assigned", "working", "qualified", "converted", "disqualified", "nurture"]),
    ("disqualify_reason", &["fake", "no_fit", "budget_too_low", "duplicate", "unreachable", "other"]),
    ("urgency", &["within_3_months", "3_to_6_months", "later"]),
    ("budget_fit", &["within", "negotiable", "insufficient"]),
    ("size", &["large", "medium", "small"]),
    ("decision_chain", &["confirmed", "to_be_confirmed", "vague"]),
    ("intent", &["requested_proposal", "interested", "needs_contact"]),
    ("customer_type", &["potential", "intent", "won", "churned"]),
    ("buying_role", &["decision_maker"]),
    ("role", &["sales", "service", "manager", "marketing", "admin"]),
    ("contract_status", &["draft", "signed", "active", "expired", "terminated"]),
    (
        "ticket_status",
        &["open", "assigned", "in_progress", "on_hold", "escalated", "resolved", "confirmed", "archived", "reopened"],
    ),
    ("article_status", &["draft", "published", "retired"]),
    ("ticket_standing", &["running", "paused", "kept", "explained", "breached"]),
    ("target_scope", &["company", "department", "person"]),
    ("priority", &["urgent", "high", "medium", "low"]),
];

/// The dictionary whose keys the groups of another one are; its own for all that are not named.
const GROUPS_OF: [(&str, &str); 1] = [("ticket_kind", "department")];

/// Reads `config/dictionary.toml`.
pub(super) fn parse(text: &str, path: &str) -> Result<DictionaryFile, Vec<Finding>> {
    let mut words = if text == BUILT_IN { DictionaryFile::empty() } else { read(BUILT_IN, path)? };
    let own = read(text, path)?;
    let costs = std::mem::replace(&mut words.costs, own.costs);
    words.dictionary.entries.extend(own.dictionary.entries);
    debug_assert!(costs.is_empty(), "built-in channels cost nothing");
    Ok(words)
}

impl DictionaryFile {
    fn empty() -> DictionaryFile {
        DictionaryFile { dictionary: Dictionary::default(), costs: Vec::new() }
    }
}

/// An entry as it stands in the file.
struct Written {
    /// Without its aliases, which are beside.
    entry: Entry,
    aliases: Vec<Placed<String>>,
    group: Option<Placed<String>>,
    place: Range<usize>,
}

impl Written {
    /// Returns the entry with its aliases.
    fn whole(self) -> Entry {
        Entry { aliases: self.aliases.into_iter().map(|alias| alias.value).collect(), ..self.entry }
    }
}

fn read(text: &str, path: &str) -> Result<DictionaryFile, Vec<Finding>> {
    let source = Source::new(path, text);
    let table = source.parse();
    let words = table.as_ref().map(|table| {
        let top = Section::top(&source, table);
        let mut words = DictionaryFile::empty();
        let mut written = Vec::new();
        let present = top.keys();
        for name in known_names().into_iter().filter(|name| present.iter().any(|key| key.value == *name)) {
            let entries: Vec<Written> =
                top.sections(name).iter().filter_map(|s| entry(s, name, &mut words.costs)).collect();
            written.push((name, entries));
        }
        top.done();
        // The built-in file is held by a test; looking at it with every command would take a fifth of reading it.
        let unchecked = if text != BUILT_IN { &written[..] } else { &[] };
        for (name, entries) in unchecked {
            check_groups(&top, name, entries, &written);
            check_names(&top, name, entries);
            check_fixed(&top, name, entries);
        }
        for (name, entries) in written {
            let list = entries.into_iter().map(Written::whole).collect();
            words.dictionary.entries.insert(name.to_string(), Entries::new(list));
        }
        words
    });
    source.finish(words)
}

/// Returns the names of the dictionaries there are: those of the built-in file.
fn known_names() -> Vec<&'static str> {
    let name = |line: &'static str| line.strip_suffix(" = [").filter(|name| !name.starts_with([' ', '#']));
    BUILT_IN.lines().filter_map(name).collect()
}

fn entry(section: &Section<'_>, dictionary: &str, costs: &mut Vec<SourceCost>) -> Option<Written> {
    let key = section.required("key", section.text("key"));
    let label = label(section);
    let aliases = section.texts("aliases").map_or_else(Vec::new, |aliases| aliases.value);
    let group = section.text("group");
    let spent = if dictionary == "source" { section.sections("costs") } else { Vec::new() };
    section.done();
    let key = key?;
    costs.extend(spent.iter().filter_map(|cost| read_cost(cost, &key.value)));
    let label = label?;
    let entry =
        Entry { key: key.value, label, aliases: Vec::new(), group: group.as_ref().map(|group| group.value.clone()) };
    Some(Written { entry, aliases, group, place: key.span })
}

fn read_cost(section: &Section<'_>, source: &str) -> Option<SourceCost> {
    let from = section.required("from", section.date("from"));
    let to = section.required("to", section.date("to"));
    let amount = section.required("amount", section.money("amount"));
    section.done();
    let (from, to) = (from?, to?);
    if from.value > to.value {
        section.report(
            "config-value",
            "to",
            to.span,
            words!("the last day is before the first", "结束日期早于开始日期"),
        );
        return None;
    }
    Some(SourceCost { source: source.to_string(), from: from.value, to: to.value, amount: amount?.value })
}

fn check_groups(top: &Section<'_>, name: &str, entries: &[Written], all: &[(&str, Vec<Written>)]) {
    let home = GROUPS_OF.iter().find(|(of, _)| *of == name).map_or(name, |(_, home)| home);
    let groups = all.iter().find(|(of, _)| *of == home).map_or(&[][..], |(_, entries)| entries);
    if groups.is_empty() {
        return;
    }
    for written in entries {
        let Some(group) = &written.group else { continue };
        let found = groups.iter().find(|other| other.entry.key == group.value);
        let nested = found.is_some_and(|found| found.entry.group.is_some());
        if found.is_none() || nested || (home == name && group.value == written.entry.key) {
            let keys = groups.iter().filter(|other| other.entry.group.is_none()).map(|other| other.entry.key.as_str());
            let message = words!("`{}` is not a group of `{home}`", "`{}` 不是 `{home}` 中的分组"; group.value);
            top.report_with("unknown-group", name, group.span.clone(), message, did_you_mean(&group.value, keys));
        }
    }
}

/// Reports names that two entries claim: reading one of them would be a guess.
fn check_names(top: &Section<'_>, name: &str, entries: &[Written]) {
    let mut keys = HashSet::new();
    let mut claimed: HashMap<String, &str> = HashMap::new();
    for written in entries {
        let key = written.entry.key.as_str();
        if !keys.insert(key) {
            let message = words!("key `{key}` stands twice in `{name}`", "`{name}` 中 key `{key}` 重复");
            top.report("duplicate-key", name, written.place.clone(), message);
            continue;
        }
        let label = &written.entry.label;
        let own = [key, &label.en, &label.zh].map(|name| (name, &written.place));
        let aliases = written.aliases.iter().map(|alias| (alias.value.as_str(), &alias.span));
        for (said_text, place) in own.into_iter().chain(aliases) {
            let other = *claimed.entry(fold_name(said_text)).or_insert(key);
            if other != key {
                let message = words!(
                    "`{said_text}` already means `{other}` in `{name}`",
                    "`{said_text}` 在 `{name}` 中已指 `{other}`"
                );
                top.report("duplicate-alias", name, place.clone(), message);
            }
        }
    }
}

fn check_fixed(top: &Section<'_>, name: &str, entries: &[Written]) {
    let fixed = FIXED.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, keys)| keys);
    let place = top.keys().into_iter().find(|key| key.value == name).map_or(0..0, |key| key.span);
    for key in fixed.iter().filter(|key| entries.iter().all(|written| written.entry.key != **key)) {
        let message = words!("dictionary `{name}` lacks the key `{key}`", "字典 `{name}` 缺少 key `{key}`");
        let mend = words!(
            "labels and aliases may change, this key is relied on by rules",
            "名称和别名可改，此 key 被业务规则使用，须保留"
        );
        top.report_with("missing-key", name, place.clone(), message, mend);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<(usize, usize, &'static str)> {
        parse(text, "d").unwrap_err().iter().map(|f| (f.line, f.column, f.problem.code)).collect()
    }

    #[test]
    fn the_built_in_file_keeps_its_own_rules() {
        // As one that a person changed, which is looked at.
        assert!(parse(&format!("{BUILT_IN}\n"), "d").is_ok());
    }

    #[test]
    fn a_lacking_dictionary_is_the_built_in_one() {
        let words = parse("tag = [{ key = \"x\", zh = \"甲\", en = \"X\" }]", "d").unwrap();
        assert!(words.dictionary.get("source").is_some());
        assert_eq!(words.dictionary.get("tag").unwrap().iter().count(), 1);
    }

    #[test]
    fn names_claimed_twice() {
        let text = "tag = [\n  { key = \"x\", zh = \"甲\", en = \"X\", aliases = [\"same\"] },\n  { key = \"y\", zh = \"乙\", en = \"Y\", aliases = [\"SAME\"] },\n]\n";
        assert_eq!(findings(text), [(3, 47, "duplicate-alias")]);
        let text =
            "tag = [\n  { key = \"x\", zh = \"甲\", en = \"X\" },\n  { key = \"x\", zh = \"乙\", en = \"Y\" },\n]\n";
        assert_eq!(findings(text), [(3, 11, "duplicate-key")]);
    }

    #[test]
    fn entries_must_be_whole() {
        assert_eq!(findings("tag = [{ key = \"x\", zh = \"甲\" }]")[0].2, "missing-key");
        assert_eq!(findings("tags = []")[0].2, "unknown-setting");
        assert_eq!(
            findings("outcome = [{ key = \"x\", zh = \"甲\", en = \"X\", group = \"none\" }]")[0].2,
            "unknown-group"
        );
        assert_eq!(
            findings("outcome = [{ key = \"x\", zh = \"甲\", en = \"X\", alias = [] }]")[0].2,
            "unknown-setting"
        );
    }

    #[test]
    fn keys_rules_rely_on_must_stay() {
        let found = findings("size = [{ key = \"large\", zh = \"大\", en = \"L\" }]");
        assert_eq!(found.iter().filter(|f| f.2 == "missing-key").count(), 2);
    }

    #[test]
    fn channels_may_cost() {
        let text = "source = [{ key = \"exhibition\", zh = \"展会\", en = \"Fair\", costs = [{ from = 2026-03-01, to = 2026-03-31, amount = \"5万\" }] }]";
        let words = parse(text, "d").unwrap();
        assert_eq!(words.costs.len(), 1);
        assert_eq!(words.costs[0].amount.to_string(), "50000.00");
        assert_eq!(findings(&text.replace("03-31", "02-01")).len(), 1);
    }

    #[test]
    fn salespeople_are_understood() {
        let words = parse(include_str!("../defaults/dictionary.toml"), "d").unwrap();
        for (dictionary, text, key) in [
            ("urgency", "三个月内", "within_3_months"),
            ("size", "300-500人", "medium"),
            ("size", "500人以上", "large"),
            ("decision_chain", "老板拍板", "confirmed"),
            ("source", "Trade Show", "exhibition"),
            ("source", "官网注册", "web_form"),
            ("source", "市场推广", "marketing"),
            ("source", "Google", "search_ads"),
            ("source", "Organic Search", "organic_search"),
            ("industry", "IT服务", "it"),
            ("industry", "零售业", "wholesale_retail"),
            ("industry", "C", "manufacturing"),
            ("customer_category", "b2b", "B2B"),
            ("followup_method", "线下会议", "meeting"),
            ("lead_status", "Attempted to Contact", "working"),
        ] {
            let found = words.dictionary.get(dictionary).and_then(|d| d.find(text)).map(|e| e.key.as_str());
            assert_eq!(found, Some(key), "{dictionary}: {text}");
        }
    }
}
