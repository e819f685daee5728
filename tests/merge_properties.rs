//! The merge of a file on arbitrary changes: nothing is lost, nothing breaks, the sides may be swapped.

use chrono::{DateTime, FixedOffset};
use kehu::record::{CUSTOMER, FieldType, Kind, LEAD, Number, PRODUCT, Record, Value, table_fields};
use kehu::store::codec::{apply, parse, render};
use kehu::store::merge::{Merged, Side, Sides, merge_file, merge_record};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use toml::Table;

fn side(by: &str) -> Side {
    let at = DateTime::parse_from_rfc3339("2026-11-22T09:00:00+08:00").unwrap();
    Side { by: by.into(), at: at as DateTime<FixedOffset> }
}

fn merge(kind: Kind, base: Option<&str>, ours: &str, theirs: &str) -> Merged {
    let sides = Sides { base, ours: Some(ours), theirs: Some(theirs) };
    merge_record(kind, sides, &side("li.ming"), &side("zhang.wei"))
}

fn number() -> Number {
    Number::parse("X-2026-001").unwrap()
}

fn read(kind: Kind, text: &str) -> Record {
    parse(kind, &number(), text).0.unwrap_or_else(|| panic!("{text}"))
}

/// A change that a person or a command makes to a record's file.
#[derive(Debug, Clone)]
enum Edit {
    /// Sets a single value by the codec.
    Set(usize, u8),
    /// Takes one out.
    Remove(usize),
    /// Adds to a list or takes from it.
    Tag(u8),
    Untag(u8),
    /// A contact comes, goes, changes.
    Contact(u8),
    Gone(u8),
    Phone(u8, u8),
    Rename(u8, u8),
    Custom(u8, u8),
    /// A person adds a comment line above the nth line, or one behind it.
    Comment(usize, u8),
    Behind(usize, u8),
    /// A person adds a key of their own.
    Own(u8, u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let n = || 0u8..4;
    prop_oneof![
        4 => (0usize..40, n()).prop_map(|(at, n)| Edit::Set(at, n)),
        1 => (0usize..40).prop_map(Edit::Remove),
        2 => n().prop_map(Edit::Tag),
        1 => n().prop_map(Edit::Untag),
        1 => n().prop_map(Edit::Contact),
        1 => n().prop_map(Edit::Gone),
        2 => (n(), n()).prop_map(|(at, n)| Edit::Phone(at, n)),
        1 => (n(), n()).prop_map(|(at, n)| Edit::Rename(at, n)),
        2 => (n(), n()).prop_map(|(at, n)| Edit::Custom(at, n)),
        1 => (0usize..60, n()).prop_map(|(at, n)| Edit::Comment(at, n)),
        1 => (0usize..60, n()).prop_map(|(at, n)| Edit::Behind(at, n)),
        1 => (n(), n()).prop_map(|(at, n)| Edit::Own(at, n)),
    ]
}

fn value(ty: FieldType, n: u8) -> Value {
    match ty {
        FieldType::Integer => Value::Integer(n.into()),
        FieldType::Flag => Value::Flag(n.is_multiple_of(2)),
        FieldType::Money => Value::Money(kehu::record::Money(rust_decimal::Decimal::from(n))),
        FieldType::Date => Value::Date(format!("2026-01-0{}", n + 1).parse().unwrap()),
        FieldType::Moment => Value::Moment(format!("2026-01-0{}T00:00:00Z", n + 1).parse().unwrap()),
        _ if n == 3 => Value::text("一\n\"二\" # no comment"),
        _ => Value::text(format!("值 {n}")),
    }
}

/// Edits a text as the codec or a person would; a comment says who made it, so that each is one of its own.
fn edited(kind: Kind, text: &str, edits: &[Edit], who: &str) -> String {
    edits.iter().fold(text.to_string(), |text, edit| edited_once(kind, &text, edit, who))
}

fn edited_once(kind: Kind, text: &str, edit: &Edit, who: &str) -> String {
    let before = read(kind, text);
    let mut after = before.clone();
    let single: Vec<_> = kind.fields.iter().filter(|field| !field.is_table() && !field.is_list()).collect();
    match edit {
        Edit::Set(at, n) => {
            let field = single[at % single.len()];
            after.set(field.key, value(field.ty, *n));
        }
        Edit::Remove(at) => _ = after.remove(single[at % single.len()].key),
        Edit::Tag(n) => list(&mut after, |tags| tags.push(format!("t{n}").into())),
        Edit::Untag(n) => list(&mut after, |tags| tags.retain(|tag| **tag != *format!("t{n}"))),
        Edit::Contact(n) => contacts(&mut after, |rows| {
            let field = CUSTOMER.field("contacts").and_then(table_fields).unwrap();
            let mut row = kehu::record::Row::new(field);
            row.set("name", Value::text(format!("人{n}")));
            row.set("email", Value::text(format!("{who}{n}@example.com")));
            rows.push(row);
        }),
        Edit::Gone(n) => contacts(&mut after, |rows| rows.truncate((*n).into())),
        Edit::Phone(at, n) => contacts(&mut after, |rows| {
            if let Some(row) = rows.get_mut(usize::from(*at)) {
                row.set("work_phone", Value::text(format!("{n}")));
            }
        }),
        Edit::Rename(at, n) => contacts(&mut after, |rows| {
            if let Some(row) = rows.get_mut(usize::from(*at)) {
                row.set("name", Value::text(format!("新{n}")));
            }
        }),
        Edit::Custom(at, n) => after.set_custom(&format!("键 {at}"), Value::Integer((*n).into())),
        Edit::Comment(at, n) => return between_lines(text, *at, &format!("# {who} {n}\n")),
        Edit::Behind(at, n) => return behind_line(text, *at, &format!(" # {who} {n}")),
        Edit::Own(at, n) => {
            let line = format!("own{at} = {n}\n");
            let rest: String =
                text.split_inclusive('\n').filter(|line| !line.starts_with(&format!("own{at} "))).collect();
            return line + &rest;
        }
    }
    apply(text, &before, &after)
}

fn list(record: &mut Record, change: impl FnOnce(&mut Vec<Box<str>>)) {
    let Some(field) = record.kind.fields.iter().find(|field| field.is_list()) else { return };
    let mut texts = record.texts(field.key).to_vec();
    change(&mut texts);
    texts.dedup();
    if texts.is_empty() {
        record.remove(field.key)
    } else {
        record.set(field.key, Value::Texts(texts))
    };
}

fn contacts(record: &mut Record, change: impl FnOnce(&mut Vec<kehu::record::Row>)) {
    if record.kind != CUSTOMER {
        return;
    }
    let mut rows = record.rows("contacts").to_vec();
    change(&mut rows);
    if rows.is_empty() {
        record.remove("contacts")
    } else {
        record.set("contacts", Value::Rows(rows))
    };
}

fn namesakes(record: &Record) -> bool {
    let mut names: Vec<Option<&str>> = record.rows("contacts").iter().map(|row| row.text("name")).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() < all
}

/// Tells whether a list of texts has one of them twice.
fn repeats(text: &str) -> bool {
    fn in_value(value: &toml::Value) -> bool {
        match value {
            toml::Value::Array(items) => {
                let mut texts: Vec<&str> = items.iter().filter_map(toml::Value::as_str).collect();
                let all = texts.len();
                texts.sort_unstable();
                texts.dedup();
                texts.len() < all || items.iter().any(in_value)
            }
            toml::Value::Table(table) => table.values().any(in_value),
            _ => false,
        }
    }
    text.parse::<toml::Table>().is_ok_and(|table| table.values().any(in_value))
}

/// Puts a line above the nth that starts a key or a header.
fn between_lines(text: &str, at: usize, line: &str) -> String {
    let starts = starts(text);
    if starts.is_empty() || text.contains(line) {
        return text.to_string();
    }
    let at = starts[at % starts.len()];
    format!("{}{line}{}", &text[..at], &text[at..])
}

fn behind_line(text: &str, at: usize, comment: &str) -> String {
    let starts: Vec<usize> = starts(text).into_iter().filter(|at| !text[*at..].starts_with('[')).collect();
    let lines: Vec<usize> = starts.into_iter().filter(|at| one_line(&text[*at..])).collect();
    if lines.is_empty() || text.contains(comment) {
        return text.to_string();
    }
    let start = lines[at % lines.len()];
    let end = start + text[start..].find('\n').unwrap_or(text.len() - start);
    format!("{}{comment}{}", &text[..end], &text[end..])
}

fn one_line(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    line.parse::<Table>().is_ok() && !line.contains('#')
}

/// Returns where lines start that are a key or a header, at a place where a comment may stand.
fn starts(text: &str) -> Vec<usize> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let head = &text[..at];
        let is_start = line.starts_with(|c: char| c.is_ascii_lowercase() || c == '[');
        if is_start && (head.is_empty() || head.parse::<Table>().is_ok()) {
            found.push(at);
        }
        at += line.len();
    }
    found
}

/// Returns every single value by its place; of lists and tables the items without order.
fn leaves(text: &str) -> BTreeMap<String, String> {
    fn walk(path: String, value: &toml::Value, found: &mut BTreeMap<String, String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    walk(format!("{path}/{key}"), value, found);
                }
            }
            toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
                for item in items {
                    found.insert(format!("{path}={item}"), String::new());
                }
            }
            toml::Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(format!("{path}/{at}"), item, found);
                }
            }
            single => _ = found.insert(path, single.to_string()),
        }
    }
    let mut found = BTreeMap::new();
    walk(
        String::new(),
        &toml::Value::Table(text.replace("\r\n", "\n").parse().unwrap_or_else(|e| panic!("{e}\n{text}"))),
        &mut found,
    );
    found
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![3 => Just(CUSTOMER), 2 => Just(LEAD), 1 => Just(PRODUCT)]
}

#[derive(Debug, Clone)]
struct Case {
    kind: Kind,
    base: String,
    ours: String,
    theirs: String,
}

/// How a person's editor leaves a file.
fn wrapped(text: &str, crlf: bool, unended: bool) -> String {
    let text = if unended { text.trim_end_matches('\n').to_string() } else { text.to_string() };
    if crlf { text.replace('\n', "\r\n") } else { text }
}

fn case() -> impl Strategy<Value = Case> {
    let edits = |most: usize| vec(edit(), 0..most);
    (kind(), edits(12), edits(5), edits(5), any::<[bool; 2]>()).prop_map(
        |(kind, base, ours, theirs, [crlf, unended])| {
            let start = render(&Record::new(kind, number())) + "# end\n";
            let base = edited(kind, &start, &base, "base");
            let [ours, theirs] =
                [(&ours, "ours"), (&theirs, "theirs")].map(|(edits, who)| edited(kind, &base, edits, who));
            let [base, ours, theirs] = [base, ours, theirs].map(|text| wrapped(&text, crlf, unended));
            Case { kind, base, ours, theirs }
        },
    )
}

/// Returns the lines that are comments or have one behind.
fn comments(text: &str) -> Vec<String> {
    let parts = text.lines().flat_map(|line| line.match_indices("# ").map(move |(at, _)| &line[at..]));
    let marks = ["ours", "theirs", "base", "end"];
    let own = |comment: &&str| marks.iter().any(|mark| comment.strip_prefix("# ").is_some_and(|c| c.starts_with(mark)));
    parts.filter(own).map(|comment| comment[2..].split(" #").next().unwrap_or_default().trim().to_string()).collect()
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    ProptestConfig { cases, max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn one_side_alone_is_taken_as_it_is(case in case()) {
        let Case { kind, base, ours, .. } = &case;
        for (one, other) in [(ours, base), (base, ours)] {
            let merged = merge(*kind, Some(base), one, other);
            prop_assert_eq!(merged.text.as_ref(), Some(ours));
            prop_assert!(merged.conflicts.is_empty() && !merged.marked);
        }
        prop_assert_eq!(merge(*kind, Some(base), ours, ours).text, Some(ours.clone()));
    }

    #[test]
    fn sides_may_be_swapped_where_nothing_conflicts(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let (one, other) = (merge(*kind, Some(base), ours, theirs), merge(*kind, Some(base), theirs, ours));
        prop_assert_eq!(one.conflicts.len(), other.conflicts.len());
        if one.conflicts.is_empty() {
            prop_assert_eq!(&one.text, &other.text);
        }
        prop_assert!(!one.marked);
    }

    #[test]
    fn what_comes_out_is_read_and_merges_again_to_itself(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        // Which of two contacts of one name is meant is not written down anywhere.
        prop_assume!(![base, ours, theirs].into_iter().any(|text| namesakes(&read(*kind, text))));
        // A set that a hand gave an item twice is the same set: a merge may leave the second out, or keep it.
        prop_assume!(![base, ours, theirs].into_iter().any(|text| repeats(text)));
        let merged = merge(*kind, Some(base), ours, theirs);
        let text = merged.text.unwrap();
        read(*kind, &text);
        for side in [theirs, ours, base, &text] {
            let again = merge(*kind, Some(base), &text, side);
            prop_assert!(!again.marked);
            read(*kind, again.text.as_deref().unwrap());
            if side != ours || merged.conflicts.is_empty() {
                prop_assert_eq!(again.text.as_ref(), Some(&text), "{}\n--- with\n{}", text, side);
                prop_assert!(again.conflicts.is_empty());
            }
        }
    }

    #[test]
    fn no_change_of_a_value_is_lost(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let merged = merge(*kind, Some(base), ours, theirs);
        let text = merged.text.unwrap();
        let there: Vec<String> = leaves(&text).into_iter().map(|(path, value)| {
            let last = path.rsplit('/').next().unwrap_or_default();
            if path.contains('=') { last.to_string() } else { value }
        }).collect();
        let old = leaves(base);
        for side in [ours, theirs] {
            for (path, value) in leaves(side).iter().filter(|(path, value)| old.get(*path) != Some(*value)) {
                let wanted = if path.contains('=') { path.rsplit('/').next().unwrap() } else { value };
                prop_assert!(there.iter().any(|one| one == wanted), "{} {} of\n{}\nnot in\n{}", path, value, side, text);
            }
        }
    }

    #[test]
    fn a_value_nobody_changed_stays(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let text = merge(*kind, Some(base), ours, theirs).text.unwrap();
        let [old, one, other, new] = [base, ours, theirs, &text].map(|text| leaves(text));
        let single = |path: &&String| !path.starts_with("/contacts") && !path.starts_with("/conflicts");
        for path in old.keys().chain(one.keys()).chain(other.keys()).filter(single) {
            let wanted = if one.get(path) == old.get(path) { other.get(path) } else { one.get(path) };
            if one.get(path) == old.get(path) || other.get(path) == old.get(path) {
                prop_assert_eq!(new.get(path), wanted, "{} in\n{}", path, text);
            }
        }
    }

    #[test]
    fn comments_of_both_sides_survive(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let merged = merge(*kind, Some(base), ours, theirs);
        let (text, old) = (merged.text.unwrap(), comments(base));
        let there = comments(&text);
        for side in [ours, theirs] {
            for comment in comments(side).iter().filter(|comment| !old.contains(comment)) {
                prop_assert!(there.contains(comment), "{} of\n{}\nnot in\n{}", comment, side, text);
            }
        }
        for comment in &there {
            let most = [base, ours, theirs].map(|text| comments(text).iter().filter(|one| *one == comment).count());
            let count = there.iter().filter(|one| *one == comment).count();
            prop_assert!(count <= most.into_iter().max().unwrap(), "{} in\n{}", comment, text);
        }
    }

    #[test]
    fn without_a_base_nothing_is_lost_either(case in case()) {
        let Case { kind, ours, theirs, .. } = &case;
        let merged = merge(*kind, None, ours, theirs);
        let text = merged.text.unwrap();
        let there: Vec<String> = leaves(&text).into_values().collect();
        for side in [ours, theirs] {
            for value in leaves(side).values() {
                prop_assert!(there.contains(value), "{} of\n{}\nnot in\n{}", value, side, text);
            }
        }
    }

    #[test]
    fn no_text_panics_or_is_lost(texts in proptest::array::uniform3("[a-c=\\[\\]{}\"'\n .#客0-9,-]{0,50}"), path in prop::sample::select(vec!["leads/2026/LEAD-2026-001.toml", "config/x.toml", "note.md"])) {
        let [base, ours, theirs] = &texts;
        let sides = Sides { base: Some(base), ours: Some(ours), theirs: Some(theirs) };
        let merged = merge_file(path, sides, &side("a"), &side("b"));
        let toml = |text: &str| text.parse::<Table>().is_ok();
        if path != "note.md" && [base, ours, theirs].iter().all(|text| toml(text)) && !merged.marked {
            prop_assert!(toml(merged.text.as_deref().unwrap_or_default()), "{:?}", merged);
        }
        if path.starts_with("leads") && toml(ours) && toml(theirs) {
            prop_assert!(!merged.marked, "{:?}", merged);
        }
    }
}
