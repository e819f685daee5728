//! The codec on arbitrary records: what is written is read back, and an edit touches only what changed.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone};
use kehu::record::{Field, FieldType, KINDS, Kind, Money, Number, Record, Row, Value};
use kehu::store::codec::{apply, locate, parse, render};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use rust_decimal::Decimal;
use toml_edit::DocumentMut;

fn text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        '"', '\'', '\\', '\n', '\r', '\t', '\0', '\u{7f}', '\u{1b}', '#', '客', ' ', '\u{feff}',
    ]);
    vec(prop_oneof![2 => any::<char>(), 2 => nasty, 4 => prop::char::range('a', 'z')], 0..24)
        .prop_map(|chars| chars.into_iter().collect())
}

fn boxed(text: impl Strategy<Value = String>) -> impl Strategy<Value = Box<str>> {
    text.prop_map(Into::into)
}

fn money() -> impl Strategy<Value = Money> {
    prop_oneof![
        (any::<i64>(), 0u32..=28).prop_map(|(digits, scale)| Decimal::from_i128_with_scale(digits.into(), scale)),
        Just(Decimal::MAX),
        Just(Decimal::MIN),
        Just(Decimal::ZERO),
    ]
    .prop_map(Money)
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (-40_000i32..2_900_000).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap())
}

fn moment() -> impl Strategy<Value = DateTime<FixedOffset>> {
    (-60_000_000_000i64..250_000_000_000, 0u32..1_000_000_000, any::<bool>(), -50_000i32..50_000).prop_map(
        |(seconds, nanos, whole, offset)| {
            let offset = FixedOffset::east_opt(offset / 60 * 60 + if whole { 0 } else { offset % 60 }).unwrap();
            offset.timestamp_opt(seconds, if whole { 0 } else { nanos }).unwrap()
        },
    )
}

fn odd() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["[1, 2.50]", "{ a = \"b\", \"c d\" = [] }"]).prop_map(|toml| Value::Odd(toml.into()))
}

fn value(field: &'static Field) -> BoxedStrategy<Value> {
    let fitting = match field.ty {
        FieldType::Integer => any::<i64>().prop_map(Value::Integer).boxed(),
        FieldType::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        FieldType::Money => money().prop_map(Value::Money).boxed(),
        FieldType::Date => day().prop_map(Value::Date).boxed(),
        FieldType::Moment => moment().prop_map(Value::Moment).boxed(),
        FieldType::Keys(_) | FieldType::Texts => vec(boxed(text()), 0..5).prop_map(Value::Texts).boxed(),
        FieldType::Table(fields) => vec(row(fields), 0..4).prop_map(Value::Rows).boxed(),
        _ => text().prop_map(Value::text).boxed(),
    };
    prop_oneof![20 => fitting, 1 => odd()].boxed()
}

fn custom() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::text),
        any::<i64>().prop_map(Value::Integer),
        any::<bool>().prop_map(Value::Flag),
        money().prop_map(Value::Money),
        (0i32..3_000_000).prop_map(|days| Value::Date(NaiveDate::from_num_days_from_ce_opt(days + 366).unwrap())),
        vec(boxed(text()), 0..4).prop_map(Value::Texts),
        odd(),
    ]
}

fn row(fields: &'static [Field]) -> BoxedStrategy<Row> {
    let values: Vec<_> = fields.iter().map(|field| weighted(0.4, value(field))).collect();
    let customs = vec((prop_oneof![text(), "[a-d]".prop_map(String::from)], custom()), 0..4);
    (values, prop_oneof![2 => Just(Vec::new()), 1 => customs])
        .prop_map(move |(values, customs)| {
            let mut row = Row::new(fields);
            for (at, value) in values.into_iter().enumerate() {
                value.into_iter().for_each(|value| _ = row.set_at(at as u16, value));
            }
            customs.into_iter().for_each(|(name, value)| row.set_custom(&name, value));
            row
        })
        .boxed()
}

fn kind() -> impl Strategy<Value = Kind> {
    (0..KINDS.len()).prop_map(|at| KINDS[at])
}

fn number() -> Number {
    Number::parse("X-2026-001").unwrap()
}

fn record_of(kind: Kind) -> impl Strategy<Value = Record> {
    row(kind.fields).prop_map(move |row| Record { kind, number: number(), row })
}

fn record() -> impl Strategy<Value = Record> {
    kind().prop_flat_map(record_of)
}

/// Two records of a kind, the second sharing most fields with the first.
fn change() -> impl Strategy<Value = (Record, Record)> {
    kind().prop_flat_map(|kind| (record_of(kind), record_of(kind), vec(0u8..4, 64))).prop_map(
        |(before, other, dice)| {
            let mut after = before.clone();
            for (at, field) in before.kind.fields.iter().enumerate() {
                match (dice[at % dice.len()], other.get(field.key)) {
                    (0, None) => _ = after.remove(field.key),
                    (0, Some(value)) => _ = after.set(field.key, value.clone()),
                    (1, Some(Value::Rows(rows))) => {
                        let mut kept = after.rows(field.key).to_vec();
                        kept.extend(rows.iter().cloned());
                        let by = usize::from(dice[0]).min(kept.len());
                        kept.rotate_left(by);
                        after.set(field.key, Value::Rows(kept));
                    }
                    _ => {}
                }
            }
            for (name, value) in other.custom() {
                after.set_custom(name, value.clone());
            }
            if let Some((name, _)) = before.custom().first().filter(|_| dice[1] < 2) {
                after.remove_custom(name);
            }
            (before, after)
        },
    )
}

/// A line that is no business of ours.
const MINE: &str = "zz_unknown = { a = [1] } # mine";

/// How a person might have left the file.
#[derive(Debug, Clone)]
struct Hand {
    crlf: bool,
    mark: bool,
    no_final_newline: bool,
    inline: bool,
    comments: bool,
}

fn hand() -> impl Strategy<Value = Hand> {
    any::<[bool; 5]>().prop_map(|[crlf, mark, no_final_newline, inline, comments]| Hand {
        crlf,
        mark,
        no_final_newline,
        inline,
        comments,
    })
}

/// Rewrites a rendered file as by that hand, with unknown keys of its own.
fn handwritten(record: &Record, hand: &Hand) -> String {
    let mut text = render(record);
    if hand.inline {
        let mut document: DocumentMut = text.parse().unwrap();
        for (_, item) in
            document.iter_mut().filter(|(key, _)| matches!(key.get(), "contacts" | "custom" | "verifications"))
        {
            item.make_value();
        }
        text = document.to_string();
    }
    text = format!("# top\n{MINE}\n{text}");
    if hand.comments {
        text = text.replace("\n[[", "\n# block\n[[");
        text.push_str("# last\n");
    }
    if hand.crlf {
        text = text.replace('\n', "\r\n");
    }
    if hand.no_final_newline {
        text.truncate(text.trim_end().len());
    }
    format!("{}{text}", if hand.mark { "\u{feff}" } else { "" })
}

fn read(kind: Kind, text: &str) -> Option<Record> {
    parse(kind, &number(), text).0
}

/// Returns how many lines the differing middle of two texts has, in either.
fn changed_lines(old: &str, new: &str) -> usize {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    old.len().max(new.len()) - head - tail
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_rendered_is_read_back(record in record()) {
        let text = render(&record);
        let back = read(record.kind, &text);
        prop_assert_eq!(back.as_ref(), Some(&record), "{}", text);
        prop_assert_eq!(render(&record), text.clone());
        prop_assert!(text.parse::<DocumentMut>().is_ok());
        prop_assert!(text.is_empty() || text.ends_with('\n'));
    }

    #[test]
    fn an_edit_gives_the_record_after((first, second) in change(), hand in hand()) {
        let text = handwritten(&first, &hand);
        let Some(before) = read(first.kind, &text) else { return Err(TestCaseError::fail(text)) };
        prop_assert_eq!(apply(&text, &before, &before), text.clone());
        let out = apply(&text, &before, &second);
        prop_assert_eq!(read(first.kind, &out), Some(second.clone()), "{}\n=>\n{}", text, out);
        prop_assert_eq!(apply(&out, &second, &second), out.clone());
        prop_assert!(out.contains(MINE));
        prop_assert_eq!(out.starts_with('\u{feff}'), hand.mark);
        if hand.comments {
            prop_assert!(out.contains("# last"));
        }
    }

    #[test]
    fn one_field_is_one_line(record in record(), hand in hand(), pick: prop::sample::Index, new in weighted(0.7, "[^\\x00-\\x1f\\x7f]{0,12}")) {
        let text = handwritten(&record, &Hand { inline: false, ..hand });
        let Some(before) = read(record.kind, &text) else { return Err(TestCaseError::fail(text)) };
        let plain = |field: &&Field| !field.is_table() && !field.is_list() && matches!(field.ty, FieldType::Text | FieldType::Phone | FieldType::Key(_));
        let fields: Vec<&Field> = before.kind.fields.iter().filter(plain).collect();
        let field = fields[pick.index(fields.len())];
        if before.text(field.key).is_some_and(|text| text.contains('\n')) {
            return Ok(());
        }
        let mut after = before.clone();
        match new {
            Some(new) => _ = after.set(field.key, Value::text(new)),
            None => _ = after.remove(field.key),
        }
        let out = apply(&text, &before, &after);
        prop_assert!(changed_lines(&text, &out) <= 1, "{}\n=>\n{}", text, out);
        prop_assert_eq!(read(record.kind, &out), Some(after));
    }

    #[test]
    fn no_text_panics(kind in kind(), text in prop_oneof![text(), "[a-z=\\[\\]{}\"'\n .#客0-9-]{0,60}"], path in "[a-z.0-9]{0,12}") {
        let (record, findings) = parse(kind, &number(), &text);
        prop_assert!(record.is_some() || findings.len() == 1);
        locate(&text, &path);
        if let Some(record) = record {
            prop_assert_eq!(apply(&text, &record, &record), text);
        }
    }
}
