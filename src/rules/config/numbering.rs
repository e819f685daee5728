//! `config/numbering.toml`: how the numbers of records are made.

use super::reader::{Placed, Section, Source};
use crate::record::{Dictionary, Finding, Kind, Need, Number};
use crate::words;
use std::collections::BTreeMap;

/// How records of one kind are numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prefix {
    /// Always the same: `LEAD`.
    Fixed(String),
    /// The value of a field of the record: `category` → `B2B`.
    Field(String),
}

/// The numbering of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberScheme {
    /// Where the prefix comes from.
    pub prefix: Prefix,
    /// The least count of digits of the running number.
    pub digits: usize,
}

const BUILT_IN: &str = include_str!("../defaults/numbering.toml");

/// The kinds with running numbers, those of later versions included.
const KINDS: [&str; 9] =
    ["lead", "customer", "opportunity", "contract", "order", "review", "ticket", "article", "campaign"];

/// Reads `config/numbering.toml`; a kind that it does not name is numbered as in the built-in file, so a repository made
/// by an older version works on.
pub(super) fn parse(
    text: &str,
    path: &str,
    dictionary: Option<&Dictionary>,
) -> Result<BTreeMap<String, NumberScheme>, Vec<Finding>> {
    let source = Source::new(path, text);
    let table = source.parse();
    let schemes = table.as_ref().map(|table| {
        let top = Section::top(&source, table);
        let read = |kind: &&str| Some((kind.to_string(), scheme(&top.section(kind)?, kind)?));
        let mut schemes: BTreeMap<_, _> = KINDS.iter().filter_map(read).collect();
        top.done();
        if text != BUILT_IN {
            complete(&top, &mut schemes);
        }
        check_collisions(&top, &schemes, dictionary);
        schemes
    });
    source.finish(schemes)
}

fn scheme(section: &Section<'_>, kind: &str) -> Option<NumberScheme> {
    let fixed = section.text("prefix");
    let field = section.text("prefix_field");
    let digits = section.integer("digits", 1..=9).map_or(3, |digits| digits.value as usize);
    section.done();
    let prefix = match (fixed, field) {
        (Some(prefix), None) => Prefix::Fixed(checked_prefix(section, prefix)?),
        (None, Some(field)) => Prefix::Field(checked_field(section, field, kind)?),
        _ => {
            let message = words!("name either `prefix` or `prefix_field`", "`prefix` 与 `prefix_field` 须写且只写一个");
            section.report("missing-key", "prefix", section.span(), message);
            return None;
        }
    };
    Some(NumberScheme { prefix, digits })
}

/// Adds the built-in schemes of kinds that the file does not name.
fn complete(top: &Section<'_>, schemes: &mut BTreeMap<String, NumberScheme>) {
    let written = top.keys();
    // A test holds that it has no mistake.
    let built_in = parse(BUILT_IN, "", None).unwrap_or_default();
    schemes.extend(built_in.into_iter().filter(|(kind, _)| !written.iter().any(|key| key.value == *kind)));
}

/// Tells whether numbers with this prefix can be taken apart again and used as file names.
fn fits(prefix: &str) -> bool {
    !prefix.is_empty()
        && Number::parse(&format!("{prefix}-1")).is_some()
        && prefix.chars().all(char::is_alphanumeric)
        && prefix.chars().count() <= 20
}

fn checked_prefix(section: &Section<'_>, prefix: Placed<String>) -> Option<String> {
    if fits(&prefix.value) {
        return Some(prefix.value);
    }
    let message = words!("prefix `{}` has more than letters and digits", "前缀 `{}` 只能有字母和数字"; prefix.value);
    section.report("config-value", "prefix", prefix.span, message);
    None
}

/// Only a required field will do: a record without a prefix could have no number.
fn checked_field(section: &Section<'_>, field: Placed<String>, kind: &str) -> Option<String> {
    let Some(kind) = Kind::find(kind) else { return Some(field.value) };
    let declared = kind.field(&field.value);
    if declared.is_some_and(|f| f.need == Need::Required && f.dictionary().is_some()) {
        return Some(field.value);
    }
    let usable = kind.fields.iter().filter(|f| f.need == Need::Required && f.dictionary().is_some()).map(|f| f.key);
    let mend = super::reader::did_you_mean(&field.value, usable);
    let message = words!("`{}` is not a required field with a dictionary", "`{}` 不是有字典的必填字段"; field.value);
    section.report_with("config-value", "prefix_field", field.span, message, mend);
    None
}

/// Reports two kinds that could give the same number, and dictionary keys that cannot be a prefix.
fn check_collisions(top: &Section<'_>, schemes: &BTreeMap<String, NumberScheme>, dictionary: Option<&Dictionary>) {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let place = |kind: &str| top.keys().into_iter().find(|key| key.value == kind).map_or(0..0, |key| key.span);
    for (kind, scheme) in schemes {
        for prefix in prefixes(kind, scheme, dictionary) {
            if !fits(&prefix) {
                let message = words!("key `{prefix}` cannot be a prefix", "key `{prefix}` 不能用作编号前缀");
                top.report("config-value", kind, place(kind), message);
            }
            if let Some(other) = taken.insert(prefix.clone(), kind).filter(|other| *other != kind) {
                let message = words!(
                    "`{other}` and `{kind}` share the prefix `{prefix}`",
                    "`{other}` 与 `{kind}` 前缀同为 `{prefix}`"
                );
                top.report("prefix-collision", kind, place(kind), message);
            }
        }
    }
}

fn prefixes(kind: &str, scheme: &NumberScheme, dictionary: Option<&Dictionary>) -> Vec<String> {
    let keys_of = |field: &str| {
        let name = Kind::find(kind)?.field(field)?.dictionary()?;
        Some(dictionary?.get(name)?.iter().map(|entry| entry.key.clone()).collect())
    };
    match &scheme.prefix {
        Prefix::Fixed(prefix) => vec![prefix.clone()],
        Prefix::Field(field) => keys_of(field).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the codes of what is wrong with a file of these lines.
    fn codes(text: &str) -> Vec<&'static str> {
        parse(text, "n", None).unwrap_err().iter().map(|f| f.problem.code).collect()
    }

    #[test]
    fn mistaken_schemes() {
        assert_eq!(codes("lead = { prefix = \"A-B\" }"), ["config-value"]);
        assert_eq!(codes("lead = { digits = 3 }"), ["missing-key"]);
        assert_eq!(codes("customer = { prefix_field = \"name\" }"), ["config-value"]);
        assert_eq!(codes("leed = { prefix = \"L\" }"), ["unknown-setting"]);
        assert_eq!(codes("ticket = { prefix = \"LEAD\" }"), ["prefix-collision"]);
        assert_eq!(codes("lead = { prefix = \"L\", digits = 0 }"), ["config-value"]);
    }

    #[test]
    fn kinds_that_are_not_named_are_numbered_as_usual() {
        let schemes = parse("contract = { prefix = \"HT\", digits = 4 }", "n", None).unwrap();
        assert_eq!(schemes["contract"], NumberScheme { prefix: Prefix::Fixed("HT".into()), digits: 4 });
        assert_eq!(schemes["review"], NumberScheme { prefix: Prefix::Fixed("REV".into()), digits: 3 });
        assert_eq!(schemes.len(), KINDS.len());
        assert_eq!(codes("contract = { prefix = \"REV\" }"), ["prefix-collision"]);
    }
}
