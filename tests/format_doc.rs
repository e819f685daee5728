//! The documents of files show them as they are: each example is read, checked and written as shown.

#[path = "common/console.rs"]
mod console;

use console::blocks;
use kehu::import::Mapping;
use kehu::record::{Field, KINDS, Record, Row, Value, table_fields};
use kehu::rules::{AsOf, Config, Snapshot, check};
use kehu::store::{codec, parse_path, path_of};
use std::path::Path;

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// Returns the records of the format's examples, each read from its text without a finding.
fn examples() -> Vec<(Record, String)> {
    let document = document("format.md");
    let mut found = Vec::new();
    for block in blocks(&document).into_iter().filter(|block| block.info == "toml") {
        let place = block.text[0].strip_prefix("# ").unwrap();
        if place.starts_with("config/") {
            continue;
        }
        let (kind, number) = parse_path(place).unwrap_or_else(|| panic!("no record lies at {place}"));
        assert_eq!(path_of(kind, &number), place);
        let text = block.text[1..].join("\n") + "\n";
        let (record, findings) = codec::parse(kind, &number, &text);
        assert!(findings.is_empty(), "{place}: {findings:?}");
        found.push((record.unwrap(), text));
    }
    found
}

#[test]
fn the_configuration_shown_is_read() {
    let document = document("format.md");
    let files: Vec<_> = blocks(&document).into_iter().filter(|block| block.text[0].starts_with("# config/")).collect();
    assert!(!files.is_empty());
    for block in files {
        let (place, text) = (block.text[0].strip_prefix("# ").unwrap(), block.text[1..].join("\n"));
        let read = |text: String| Config::parse(&|asked| (asked == place).then(|| text.clone()));
        assert!(read(text).is_ok(), "{place}");
        assert!(read("colour = 1".to_string()).is_err(), "{place} is no file that is read");
    }
}

#[test]
fn examples_are_written_as_shown() {
    for (record, text) in examples() {
        assert_eq!(codec::render(&record), text, "{}", record.number);
    }
}

#[test]
fn examples_keep_every_rule() {
    let config = Config::default();
    let now = chrono::DateTime::parse_from_rfc3339("2026-05-10T09:00:00+08:00").unwrap();
    let now = now.with_timezone(&config.settings.timezone);
    let records: Vec<Record> = examples().into_iter().map(|(record, _)| record).collect();
    for record in &records {
        let mut problems = check::check_record(record, &config, now.date_naive());
        // The example of conflicts has two.
        problems.retain(|problem| problem.code != "open-conflict");
        assert!(problems.is_empty(), "{}: {problems:#?}", record.number);
    }
    let as_of = AsOf { moment: now, commit: None, edited: false };
    let problems = check::check_snapshot(&Snapshot::new(config, as_of, records));
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_field_is_shown() {
    let examples = examples();
    for kind in KINDS {
        let rows: Vec<&Row> =
            examples.iter().filter(|(record, _)| record.kind == kind).map(|(record, _)| &record.row).collect();
        assert_shown(kind.name, kind.fields, &rows);
    }
}

fn assert_shown(name: &str, fields: &'static [Field], rows: &[&Row]) {
    for field in fields {
        let place = format!("{name}.{}", field.key);
        // What kehu keeps itself is the same in every kind, and shown once.
        if field.own && name != "lead" {
            continue;
        }
        let values: Vec<&Value> = rows.iter().filter_map(|row| row.get(field.key)).collect();
        assert!(!values.is_empty(), "docs/format.md shows no `{place}`");
        if let Some(inner) = table_fields(field) {
            let inner_rows: Vec<&Row> = rows.iter().flat_map(|row| row.rows(field.key)).collect();
            assert_shown(&place, inner, &inner_rows);
        }
    }
}

#[test]
fn the_mapping_shown_is_understood_and_whole() {
    let document = document("import-mapping.md");
    let block = blocks(&document).into_iter().find(|block| block.info == "toml").unwrap();
    let text = block.text.join("\n");
    assert!(Mapping::parse(&text, "import-mapping.md", None).is_ok());
    let shown: toml::Table = text.parse().unwrap();
    // A mapping with a key that is none is refused with the keys there are.
    let findings = Mapping::parse("zzz = 1", "x", None).unwrap_err();
    let message = &findings[0].problem.message.en;
    let keys: Vec<&str> = message.split("known are ").nth(1).unwrap().split(", ").collect();
    assert!(keys.len() > 15, "{message}");
    for key in keys {
        assert!(shown.contains_key(key), "docs/import-mapping.md does not show `{key}`");
    }
}

#[test]
fn the_chinese_documents_say_as_much() {
    for name in ["format", "import-mapping"] {
        let (en, zh) = (document(&format!("{name}.md")), document(&format!("{name}.zh.md")));
        let headings = |text: &str| text.lines().filter(|line| line.starts_with('#')).map(levels).collect::<Vec<_>>();
        let outside = |text: &str| text.split("```").step_by(2).collect::<String>();
        assert_eq!(headings(&outside(&en)), headings(&outside(&zh)), "{name}");
        let points = |text: &str| outside(text).lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(points(&en), points(&zh), "{name}");
        let values = |text: &str| -> Vec<toml::Table> {
            blocks(text).iter().map(|block| block.text.join("\n").parse().unwrap()).collect()
        };
        assert_eq!(values(&en), values(&zh), "{name}: what the blocks say, comments apart");
    }
}

/// Returns how many marks a heading starts with.
fn levels(heading: &str) -> usize {
    heading.chars().take_while(|c| *c == '#').count()
}
