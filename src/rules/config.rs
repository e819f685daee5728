//! The configuration of a repository: `kehu.toml` and `config/*.toml`, typed.
//!
//! Each file has a default built into the program, written out and commented, which `kehu init` copies;
//! a file that a repository lacks is the default. Reading is strict and gathers every mistake with its
//! place, since a mistyped threshold that is silently ignored costs more than one that is refused.
//!
//! *Invariants:* a `Config` that exists was read without a finding; every dictionary that a field of
//! `record` names is in it.
//!
//! *Absent on purpose:* where the files come from (the store reads them, of the work tree or a commit).

mod access;
pub mod assignment;
pub mod calendar;
mod dictionary;
mod extend;
mod holidays;
mod numbering;
pub(crate) mod reader;
pub mod retention;
mod settings;
pub mod sla;
pub mod stages;

pub use access::AccessRules;
pub use assignment::{Assignment, Pool, Rule};
pub use calendar::Calendar;
pub use dictionary::SourceCost;
pub use extend::{NewEntry, add_entries};
pub use holidays::Holiday;
pub use numbering::{NumberScheme, Prefix};
pub use retention::Retention;
pub use settings::{FORMAT, Settings};
pub use sla::Sla;
pub use stages::Stages;

use super::cadence::Cadence;
use super::model::Model;
use crate::record::date::DateOrder;
use crate::record::input::Reading;
use crate::record::{Dictionary, Finding, Kind, Lang, Row};
use std::collections::BTreeMap;

/// All configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// `kehu.toml`
    pub settings: Settings,
    /// `config/dictionary.toml`
    pub dictionary: Dictionary,
    /// What the channels of `source` cost, in the order of the file.
    pub source_costs: Vec<SourceCost>,
    /// `config/numbering.toml`, by kind name.
    pub numbering: BTreeMap<String, NumberScheme>,
    /// `config/scoring.toml`
    pub model: Model,
    /// `config/cadence.toml`
    pub cadence: Cadence,
    /// `config/stages.toml`
    pub stages: Stages,
    /// `config/assignment.toml`
    pub assignment: Assignment,
    /// `config/sla.toml`
    pub sla: Sla,
    /// `config/calendar.toml` and `config/holidays/`
    pub calendar: Calendar,
    /// `config/retention.toml`
    pub retention: Retention,
    /// `config/access.toml`
    pub access: AccessRules,
}

const SETTINGS: &str = "kehu.toml";
/// Where the dictionaries are.
pub const DICTIONARY: &str = "config/dictionary.toml";
const NUMBERING: &str = "config/numbering.toml";
const SCORING: &str = "config/scoring.toml";
const CADENCE: &str = "config/cadence.toml";
const STAGES: &str = "config/stages.toml";
const ASSIGNMENT: &str = "config/assignment.toml";
const SLA: &str = "config/sla.toml";
/// Where working days and festivals are.
pub const CALENDAR: &str = "config/calendar.toml";
const RETENTION: &str = "config/retention.toml";
/// The file of [`AccessRules`].
pub const ACCESS: &str = "config/access.toml";

/// Every configuration file with its default, in the order `init` names them.
fn defaults() -> [(&'static str, &'static str); 11] {
    [
        (SETTINGS, include_str!("defaults/kehu.toml")),
        (DICTIONARY, include_str!("defaults/dictionary.toml")),
        (NUMBERING, include_str!("defaults/numbering.toml")),
        (SCORING, Model::default_text()),
        (CADENCE, include_str!("defaults/cadence.toml")),
        (STAGES, include_str!("defaults/stages.toml")),
        (ASSIGNMENT, include_str!("defaults/assignment.toml")),
        (SLA, include_str!("defaults/sla.toml")),
        (CALENDAR, include_str!("defaults/calendar.toml")),
        (RETENTION, include_str!("defaults/retention.toml")),
        (ACCESS, include_str!("defaults/access.toml")),
    ]
}

fn default_text(path: &str) -> &'static str {
    defaults().into_iter().find(|(name, _)| *name == path).map_or("", |(_, text)| text)
}

/// The files of a repository, parsed one by one; findings are gathered while the readable ones go on.
struct Files<'r> {
    read: &'r dyn Fn(&str) -> Option<String>,
    findings: Vec<Finding>,
}

impl Files<'_> {
    /// Parses a file, or its default where there is none; `parse` gets text and path.
    fn parse<T>(&mut self, path: &str, parse: impl FnOnce(&str, &str) -> Result<T, Vec<Finding>>) -> Option<T> {
        let text = (self.read)(path).unwrap_or_else(|| default_text(path).to_string());
        parse(&text, path).map_err(|findings| self.findings.extend(findings)).ok()
    }

    /// Parses all files; nothing when one cannot be read, or all are of a newer kehu.
    fn config(&mut self) -> Option<Config> {
        let settings = self.parse(SETTINGS, Settings::parse);
        if self.findings.iter().any(|finding| finding.problem.code == "newer-format") {
            return None;
        }
        let words = self.parse(DICTIONARY, dictionary::parse);
        let known = words.as_ref().map(|words| &words.dictionary);
        let numbering = self.parse(NUMBERING, |text, path| numbering::parse(text, path, known));
        let mut model = self.parse(SCORING, Model::parse);
        if let (Some(model), Some(known)) = (&mut model, known) {
            self.findings.extend(model.bind(known));
        }
        let cadence = self.parse(CADENCE, |text, path| Cadence::parse_with(text, path, known));
        let stages = self.parse(STAGES, |text, path| Stages::parse(text, path, known));
        let assignment = self.parse(ASSIGNMENT, |text, path| Assignment::parse(text, path, known));
        let sla = self.parse(SLA, Sla::parse);
        let years =
            Calendar::parse_years(self.read).map_err(|findings| self.findings.extend(findings)).unwrap_or_default();
        let calendar = self.parse(CALENDAR, |text, path| Calendar::parse(text, path, years));
        let retention = self.parse(RETENTION, |text, path| Retention::parse(text, path, known));
        let access = self.parse(ACCESS, AccessRules::parse);
        let mut words = words?;
        let (settings, stages) = (settings?, stages?);
        let stages = Stages { currency: settings.currency.clone(), ..stages };
        stages.join(&mut words.dictionary);
        Some(Config {
            settings,
            dictionary: words.dictionary,
            source_costs: words.costs,
            numbering: numbering?,
            model: model?,
            cadence: cadence?,
            stages,
            assignment: assignment?,
            sla: sla?,
            calendar: calendar?,
            retention: retention?,
            access: access?,
        })
    }
}

impl Config {
    /// Reads all configuration; `read` returns a file's text, nothing where there is no such file.
    ///
    /// Fails with every finding of every file; with the one finding `newer-format` when a newer kehu
    /// made the repository, since then nothing else can be judged.
    pub fn parse(read: &dyn Fn(&str) -> Option<String>) -> Result<Config, Vec<Finding>> {
        let mut files = Files { read, findings: Vec::new() };
        match files.config() {
            Some(config) if files.findings.is_empty() => Ok(config),
            _ => Err(files.findings),
        }
    }

    /// Returns the dictionaries of a repository whose `config/dictionary.toml` has this text; those built in where
    /// there is none or it cannot be read. Stages and reasons are those built in.
    pub fn dictionary_of(text: Option<&str>) -> Dictionary {
        let read = |text: &str| dictionary::parse(text, DICTIONARY).ok().map(|words| words.dictionary);
        let built_in = || read(default_text(DICTIONARY));
        let mut words = text.and_then(read).or_else(built_in).unwrap_or_default();
        if let Ok(stages) = Stages::parse(default_text(STAGES), STAGES, None) {
            stages.join(&mut words);
        }
        words
    }

    /// Returns path and text of every configuration file of a new repository.
    pub fn default_files(lang: Lang, name: &str) -> Vec<(&'static str, String)> {
        let personal = |path, text: &str| match path {
            SETTINGS => settings::personalize(text, lang, name),
            _ => text.to_string(),
        };
        defaults().into_iter().map(|(path, text)| (path, personal(path, text))).collect()
    }

    /// Returns what reading a value from text depends on.
    pub fn reading(&self) -> Reading<'_> {
        Reading {
            dictionary: &self.dictionary,
            country: &self.settings.country,
            zone: self.settings.timezone,
            order: DateOrder::Unstated,
        }
    }

    /// Returns the prefix of a new record's number; nothing when the field it comes from is missing.
    pub fn prefix<'a>(&'a self, kind: Kind, row: &'a Row) -> Option<&'a str> {
        match &self.numbering.get(kind.name)?.prefix {
            Prefix::Fixed(prefix) => Some(prefix),
            Prefix::Field(field) => row.text(field),
        }
    }
}

impl Default for Config {
    /// Returns the built-in configuration; a test proves that it reads without findings.
    fn default() -> Config {
        Config::parse(&|_| None).unwrap_or_else(|findings| panic!("built-in configuration: {findings:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Field, KINDS, table_fields};

    fn parse_with(path: &'static str, text: &str) -> Result<Config, Vec<Finding>> {
        Config::parse(&|asked| (asked == path).then(|| text.to_string()))
    }

    fn dictionaries(fields: &'static [Field]) -> Vec<&'static str> {
        let inner = fields.iter().filter_map(table_fields).flat_map(dictionaries);
        fields.iter().filter_map(Field::dictionary).chain(inner).collect()
    }

    #[test]
    fn the_defaults_hold_every_dictionary_a_field_names() {
        let config = Config::default();
        for name in KINDS.into_iter().flat_map(|kind| dictionaries(kind.fields)) {
            assert!(config.dictionary.get(name).is_some_and(|d| d.iter().next().is_some()), "dictionary `{name}`");
        }
    }

    #[test]
    fn the_written_files_are_the_defaults() {
        for (lang, name) in [(Lang::Zh, "杭州\"销售\"部"), (Lang::En, "Sales \\ East")] {
            let files = Config::default_files(lang, name);
            let read = |path: &str| files.iter().find(|(p, _)| *p == path).map(|(_, text)| text.clone());
            let config = Config::parse(&read).unwrap();
            assert_eq!((config.settings.name.as_str(), config.settings.locale), (name, lang));
            assert!(files.iter().all(|(_, text)| text.ends_with('\n') || text.is_empty()));
        }
    }

    #[test]
    fn dictionaries_are_there_whatever_the_file_holds() {
        let label = |text| Config::dictionary_of(text).label("source", "exhibition", Lang::Zh).to_string();
        assert_eq!((label(None).as_str(), label(Some("no toml")).as_str()), ("展会", "展会"));
        let own = "source = [\n  { key = \"exhibition\", zh = \"展览\", en = \"Fair\" },\n]\n";
        assert_eq!(label(Some(own)), "展览");
    }

    #[test]
    fn mistakes_of_all_files_are_gathered() {
        let read = |path: &str| match path {
            SLA => Some("dispatch_minute = 10".to_string()),
            RETENTION => Some("log_years = \"x\"".to_string()),
            _ => None,
        };
        let findings = Config::parse(&read).unwrap_err();
        assert!(findings.iter().any(|f| f.path == SLA && f.problem.code == "unknown-setting"));
        assert!(findings.iter().any(|f| f.path == RETENTION && f.problem.code == "config-value"));
    }

    #[test]
    fn a_newer_format_is_the_only_finding() {
        let findings = parse_with(SETTINGS, "format = 2\nname = \"x\"\nfuture = true\n").unwrap_err();
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].problem.code, findings[0].line), ("newer-format", 1));
    }
}
