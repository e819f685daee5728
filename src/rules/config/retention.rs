//! `config/retention.toml`: how long data is kept, and who lets it be destroyed.

use super::reader::{Section, Source};
use crate::record::{Dictionary, Finding, Number};
use crate::words;

/// `config/retention.toml`, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Years the log is kept at least.
    pub log_years: i64,
    /// Years after its end from which on a customer may be destroyed.
    pub destroy_after_years: i64,
    /// Years after its end by which a customer must be.
    pub destroy_within_years: i64,
    /// The role that approves it.
    pub approved_by: String,
    /// Numbers kept for legal reasons.
    pub legal_hold: Vec<Number>,
}

impl Retention {
    /// Reads `config/retention.toml`; the role is checked where the dictionary is known.
    pub fn parse(text: &str, path: &str, dictionary: Option<&Dictionary>) -> Result<Retention, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let retention = table.as_ref().and_then(|table| {
            let top = Section::top(&source, table);
            let years = |key| top.required(key, top.integer(key, 1..=100));
            let log_years = years("log_years");
            let (after, within) = (years("destroy_after_years"), years("destroy_within_years"));
            let role = top.key_of("approved_by", dictionary.and_then(|dictionary| dictionary.get("role")));
            let role = top.required("approved_by", role);
            let wanted = words!("a list of record numbers", "记录编号列表");
            let hold = top.list("legal_hold", wanted, |value| value.as_str().and_then(Number::parse));
            top.done();
            let (after, within) = (after?, within?);
            if within.value < after.value {
                let message = words!("the limit is before the start", "最迟年限早于起始年限");
                top.report("config-value", "destroy_within_years", within.span, message);
            }
            Some(Retention {
                log_years: log_years?.value,
                destroy_after_years: after.value,
                destroy_within_years: within.value,
                approved_by: role?.value,
                legal_hold: hold.map_or_else(Vec::new, |hold| hold.value.into_iter().map(|n| n.value).collect()),
            })
        });
        source.finish(retention)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_in_order() {
        let text = include_str!("../defaults/retention.toml");
        assert_eq!(Retention::parse(text, "r", None).unwrap().destroy_within_years, 5);
        assert_eq!(Retention::parse(&text.replace("= 5 ", "= 2 "), "r", None).unwrap_err().len(), 1);
        assert_eq!(Retention::parse(&text.replace("[]", "[\"../x\"]"), "r", None).unwrap_err().len(), 1);
    }
}
