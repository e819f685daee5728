//! Records and configuration for tests.

use crate::record::dictionary::{Entries, Entry};
use crate::record::input::read_value;
use crate::record::{Dictionary, Kind, Lang, Number, Record, Value, Words};
use crate::rules::config::Settings;
use crate::rules::{AsOf, Config, Snapshot};
use crate::words;
use chrono::DateTime;
use chrono_tz::Tz;
use std::sync::LazyLock;

/// Sets a field as a person would write it; a key its dictionary does not know is taken as it stands.
pub fn set(record: &mut Record, key: &str, text: &str) {
    if let Some(name) = key.strip_prefix("custom.") {
        record.set_custom(name, Value::text(text));
        return;
    }
    static CONFIG: LazyLock<Config> = LazyLock::new(config);
    let field = record.kind.field(key).unwrap_or_else(|| panic!("no field `{key}`"));
    let value = read_value(field, text, &CONFIG.reading()).unwrap_or_else(|_| match field.is_list() {
        true => Value::Texts(text.split(',').map(Into::into).collect()),
        false => Value::text(text),
    });
    record.set(key, value);
}

/// Makes a record.
pub fn record(kind: Kind, number: &str, fields: &[(&str, &str)]) -> Record {
    let mut record = Record::new(kind, Number::parse(number).unwrap());
    for (key, text) in fields {
        set(&mut record, key, text);
    }
    record
}

/// Makes the snapshot of these records as of noon on 2026-03-12 in Shanghai.
pub fn snapshot(records: Vec<Record>) -> Snapshot {
    let moment = DateTime::parse_from_rfc3339("2026-03-12T12:00:00+08:00").unwrap().with_timezone(&Tz::Asia__Shanghai);
    Snapshot::new(config(), AsOf { moment, commit: None, edited: false }, records)
}

/// Makes a configuration with the default model and a few words of some dictionaries.
pub fn config() -> Config {
    let settings = Settings {
        name: "test".into(),
        company: None,
        locale: Lang::Zh,
        timezone: Tz::Asia__Shanghai,
        currency: "CNY".into(),
        country: "CN".into(),
        min_deal: None,
        auto_sync: false,
        largest_attachment: 10 << 20,
    };
    Config { settings, dictionary: dictionary(), ..Config::default() }
}

fn dictionary() -> Dictionary {
    let entry = |key: &str, label: Words, group: Option<&str>| Entry {
        key: key.into(),
        label,
        aliases: Vec::new(),
        group: group.map(str::to_string),
    };
    let mut dictionary = Dictionary::default();
    let statuses = [("new", "新"), ("working", "跟进中"), ("converted", "已转化"), ("disqualified", "已剔除")];
    let statuses = statuses.map(|(key, zh)| entry(key, Words { en: key.into(), zh: zh.into() }, None));
    let sources = [
        entry("marketing", words!("Marketing", "市场推广"), None),
        entry("exhibition", words!("Exhibition", "展会"), Some("marketing")),
        entry("referral", words!("Referral", "转介绍"), None),
    ];
    dictionary.entries.insert("lead_status".into(), Entries::new(statuses.to_vec()));
    dictionary.entries.insert("source".into(), Entries::new(sources.to_vec()));
    dictionary.entries.insert("tag".into(), Entries::new(vec![entry("vip", words!("VIP", "重点"), None)]));
    dictionary
}
