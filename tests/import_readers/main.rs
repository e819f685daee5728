//! Readers, headings, mappings and values on files made here, and on the sample tables where they are.

mod any_table;
mod mapping;
mod odd_csv;
mod samples;
mod workbooks;

use kehu::import::*;
use kehu::record::date::DateOrder;
use kehu::record::dictionary::{Entries, Entry};
use kehu::record::input::Reading;
use kehu::record::{Dictionary, Kind, LEAD, Value, Words};
use std::path::PathBuf;

/// The keys the examples use, by dictionary, each with further names.
const KEYS: &[(&str, &str)] = &[
    ("lead_status", "new=新建 assigned working=跟进中 qualified converted=已转化 disqualified nurture"),
    (
        "source",
        "marketing search_ads=搜索引擎广告 social exhibition=展会 online_ads referral=转介绍 customer=老客户 partner employee inbound=自主咨询 web_form=官网表单 hotline other=其他 cold_call=陌拜",
    ),
    (
        "industry",
        "manufacturing=制造业 it=IT服务 finance education leasing_business public_administration health wholesale_retail=零售业 resident_services culture",
    ),
    ("size", "large=大型 medium=中型 small=小型"),
    ("urgency", "within_3_months=3个月内 3_to_6_months later"),
    ("decision_chain", "confirmed to_be_confirmed vague=未知"),
    ("disqualify_reason", "fake other"),
    ("customer_type", "potential=潜在 intent=意向 won=成交 churned"),
    ("customer_category", "B2B=企业 B2C"),
    ("customer_level", "high mid low"),
    ("role", "sales admin"),
    ("tag", "high_potential=高潜力"),
];

fn dictionary() -> Dictionary {
    let mut dictionary = Dictionary::default();
    for (name, keys) in KEYS {
        let entries = keys.split(' ').map(|text| {
            let (key, label) = text.split_once('=').unwrap_or((text, text));
            Entry { key: key.into(), label: Words::same(label), ..Entry::default() }
        });
        dictionary.entries.insert((*name).into(), Entries::new(entries.collect()));
    }
    dictionary
}

fn reading(dictionary: &Dictionary) -> Reading<'_> {
    Reading { dictionary, country: "CN", zone: chrono_tz::Asia::Shanghai, order: DateOrder::Unstated }
}

fn read_as(name: &str, bytes: &[u8], kind: Kind) -> Table {
    let options = ReadOptions { kind: Some(kind), ..ReadOptions::default() };
    read_table(&Input { name, bytes }, &options).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn read(name: &str, text: &str) -> Table {
    read_as(name, text.as_bytes(), LEAD)
}

fn map_all(kind: Kind, table: &Table, mapping: &str, new_keys: NewKeys) -> Vec<Mapped> {
    let dictionary = dictionary();
    let mapping = Mapping::parse(mapping, "test.toml", Some(kind)).unwrap_or_else(|e| panic!("{e:#?}"));
    let options = MapOptions { unknown: Unknown::Keep, new_keys, ..MapOptions::new(reading(&dictionary)) };
    let mapper = Mapper::new(kind, table, &mapping, options).unwrap_or_else(|e| panic!("{e}"));
    table.rows.iter().map(|row| mapper.map_row(row)).collect()
}

fn map_one(kind: Kind, text: &str, mapping: &str) -> Mapped {
    map_all(kind, &read_as("x.csv", text.as_bytes(), kind), mapping, NewKeys::Refuse).remove(0)
}

/// Returns the fields, custom fields and problem codes of a row as one text.
fn shown(mapped: &Mapped) -> String {
    let value = |value: &Value| match value {
        Value::Text(text) => text.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Money(money) => money.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Texts(texts) => texts.join("+"),
        other => format!("{other:?}"),
    };
    let mut parts: Vec<String> = mapped.row.iter().map(|(field, v)| format!("{}={}", field.key, value(v))).collect();
    if let Some((_, contact)) = &mapped.inner {
        parts.extend(contact.iter().map(|(field, v)| format!("contact.{}={}", field.key, value(v))));
    }
    parts.extend(mapped.custom.iter().map(|(key, v)| format!("[{key}]={}", value(v))));
    parts.extend(mapped.problems.iter().map(|p| format!("!{}:{}", p.code, p.field.as_deref().unwrap_or("-"))));
    parts.join(" ")
}

fn sample(path: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    ["../shared/data", "../../shared/data"].iter().find_map(|data| std::fs::read(root.join(data).join(path)).ok())
}

fn example(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/import").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
