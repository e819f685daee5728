//! Verification (信息核实): who checked which fields of a record, when and how.

use super::add::{refuse, subject};
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::record::{Assignment, Failure, Kind, Record, Result, Row, VERIFICATION, Value, Words};
use crate::rules::listing::RecordSchema;
use crate::words;

/// Adds a verification to each record, in one commit: by the acting person and of today unless `assignments` say otherwise.
///
/// Fields are told by key, label or alias. Fails with exit code 2 for one the kind has not, 6 for one that a record has
/// nothing in.
pub fn verify(session: &Session, kind: Kind, texts: &[String], assignments: &[Assignment]) -> Result<Outcome> {
    let resolver = Resolver::new(session);
    let row = row(session, kind, &resolver.assignments(assignments)?)?;
    let mut batch = Batch::begin(session)?;
    for text in texts {
        let number = resolver.number(&[kind], text)?;
        let number = session.find(kind, number.as_str())?.number;
        let (before, text) = batch.read(kind, &number)?;
        refuse_empty(&before, &row)?;
        let mut after = before.clone();
        let rows = before.rows("verifications").iter().chain([&row]).cloned();
        after.set("verifications", Value::Rows(rows.collect()));
        batch.update(&before, &text, after)?;
    }
    let subject = subject(kind, "verify", &batch);
    batch.commit(&subject, Vec::new())
}

fn row(session: &Session, kind: Kind, assignments: &[Assignment]) -> Result<Row> {
    let mut row = Row::new(VERIFICATION);
    let reading = session.config.reading();
    let problems: Vec<_> = assignments.iter().filter_map(|one| one.apply(&mut row, &reading).err()).collect();
    refuse(kind, &row, problems)?;
    let schema = RecordSchema::stored(kind, None);
    let key = |text: &str| schema.named(text).map(|named| named.key()).ok_or_else(|| no_field(kind, text));
    let keys: Vec<Box<str>> = row.texts("fields").iter().map(|text| Ok(key(text)?.into())).collect::<Result<_>>()?;
    if !keys.is_empty() {
        row.set("fields", Value::Texts(keys));
    }
    if row.get("on").is_none() {
        row.set("on", Value::Date(session.now.date_naive()));
    }
    let today = session.now.date_naive();
    if let Some(day) = row.date("on").filter(|day| *day > today) {
        return Err(Failure::invalid(words!(
            "nothing was verified on {day}, which is to come",
            "{day} 尚未到来，无从核实"
        )));
    }
    let actor = session.actor()?;
    match row.text("by").filter(|by| *by != actor) {
        Some(other) => session.access()?.refuse_speaking_for(other)?,
        None => drop(row.set("by", Value::text(actor))),
    }
    Ok(row)
}

fn no_field(kind: Kind, name: &str) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::usage(words!("a {en} has no field `{name}`", "{zh}没有字段“{name}”"))
        .hint(words!("`kehu {kind} add --help` lists the fields", "`kehu {kind} add --help` 列出所有字段"))
}

/// Fails where there is nothing that could have been checked.
fn refuse_empty(record: &Record, row: &Row) -> Result<()> {
    let schema = RecordSchema::stored(record.kind, None);
    let is_empty = |key: &&str| {
        let plain = key.split('.').next().unwrap_or(key);
        record.get(plain).is_none() && record.get_custom(key.trim_start_matches("custom.")).is_none()
    };
    let Some(empty) = row.texts("fields").iter().map(|key| &**key).find(is_empty) else { return Ok(()) };
    let number = &record.number;
    let label = schema.named(empty).map_or_else(|| Words::same(empty.to_string()), |named| named.label());
    Err(Failure::invalid(words!(
        "`{number}` has nothing in {label} that could be verified",
        "`{number}` 的{label}为空，无从核实"; each label
    )))
}
