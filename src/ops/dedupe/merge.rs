//! Several records made one, in one commit.

use super::super::access::subject_in;
use super::super::resolve::Resolver;
use super::super::set::{guard_all, refuse_new_prefix};
use super::super::{Batch, Outcome, Session};
use super::{MERGED, files, fit, named, takes};
use crate::record::{Dictionary, Failure, FieldType, KINDS, Kind, Number, Record, Result, Value, Words};
use crate::rules::dedupe::merge::{self as rules, Lost};
use crate::rules::listing::{field_words, value_words};
use crate::rules::references::{follow, references};
use crate::store::{Source, codec, parse_path};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};

/// Which records are to be one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The one that stays, by number or by what people call it.
    pub survivor: String,
    /// Those that go, in the order in which they fill what it lacks.
    pub others: Vec<String>,
    /// What stands instead of what the survivor has, `NUM.FIELD` each.
    pub takes: Vec<String>,
    /// The exact count of records that may change.
    pub expect: Option<usize>,
}

/// What a merge came to.
#[derive(Debug, Clone)]
pub struct Merger {
    /// The kind of the records.
    pub kind: Kind,
    /// The one that stays.
    pub survivor: Number,
    /// Those that went.
    pub gone: Vec<Number>,
    /// How many records of each kind name the survivor instead, in the order of the kinds.
    pub followed: Vec<(Kind, usize)>,
    /// How many files moved.
    pub files: usize,
    /// The commit and what it changed.
    pub outcome: Outcome,
}

/// Makes one record of several in one commit.
///
/// Fails with exit code 5 when they are of two kinds, are not to be one or have hand edits, 6 when the survivor would break a
/// rule, 7 when one of the records that change is not the acting person's to write, 8 when more change than a mass change
/// may without `expect`.
pub fn merge(session: &Session, asked: &Asked) -> Result<Merger> {
    let (kind, numbers) = all_named(session, asked)?;
    let takes = takes::read(session, kind, &numbers.iter().collect::<Vec<_>>(), &asked.takes)?;
    let mut batch = Batch::begin(session)?;
    let mut read = Vec::new();
    for number in &numbers {
        let (record, text) = batch.read(kind, number)?;
        refuse_foreign(session, &record)?;
        read.push((record, text));
    }
    let (before, text) = read.remove(0);
    let mut others: Vec<Record> = read.iter().map(|(record, _)| record.clone()).collect();
    fit::refuse_unfit(session, &before, &others, &takes)?;
    let files = files::move_all(&mut batch, &before.number, &mut others)?;
    let merged = rules::merge(&before, &others, &takes);
    refuse_new_prefix(session, &before, &merged.record)?;
    batch.update(&before, &text, merged.record)?;
    others.iter().try_for_each(|other| batch.remove(other))?;
    let followed = follow_all(session, &mut batch, kind, &numbers)?;
    batch.rehearse()?;
    let mut counts: BTreeMap<&str, (Kind, usize)> = BTreeMap::from([(kind.name, (kind, numbers.len()))]);
    followed.iter().for_each(|(kind, count)| counts.entry(kind.name).or_insert((*kind, 0)).1 += count);
    guard_all(session, &counts.into_values().collect::<Vec<_>>(), asked.expect)?;
    let dictionary = &session.config.dictionary;
    merged.lost.iter().for_each(|lost| batch.warn(told(kind, lost, dictionary)));
    read.iter().for_each(|(other, text)| warn_of_unknown(&mut batch, other, text));
    batch.explain(merged.lost.iter().map(line).collect());
    let (survivor, gone) = (before.number, numbers[1..].to_vec());
    let trailer = (MERGED.to_string(), join(&gone, " "));
    let outcome = batch.commit(&subject(kind, &survivor, &gone), vec![trailer])?;
    Ok(Merger { kind, survivor, gone, followed, files, outcome })
}

/// Fails with exit code 7 where a record is not the acting person's to read, or not to write.
fn refuse_foreign(session: &Session, record: &Record) -> Result<()> {
    session.refuse_hidden(record)?;
    let subjects = |number: &str| subject_in(&session.repo, &session.source, number);
    session.access()?.may_write(Some(record), Some(record), &subjects).map_err(|refusal| refusal.into_failure())
}

/// Returns the kind of the records that are named, and their numbers, the survivor's first.
fn all_named(session: &Session, asked: &Asked) -> Result<(Kind, Vec<Number>)> {
    let resolver = Resolver::new(session);
    let (kind, survivor) = named(session, &resolver, &asked.survivor)?;
    let mut numbers = vec![survivor];
    for text in &asked.others {
        let (other, number) = named(session, &resolver, text)?;
        if other != kind {
            return Err(two_kinds([(kind, &numbers[0]), (other, &number)]));
        }
        numbers.push(number);
    }
    Ok((kind, numbers))
}

fn two_kinds(of: [(Kind, &Number); 2]) -> Failure {
    let [(a, stays), (b, goes)] = of;
    let [ours, theirs] = [a, b].map(|kind| Words { en: kind.label.en.to_lowercase().into(), zh: kind.label.zh.into() });
    let (lead, customer) = if a.name == "lead" { (stays, goes) } else { (goes, stays) };
    Failure::conflict(words!(
        "`{stays}` is a {ours} and `{goes}` is a {theirs}: only records of one kind are merged",
        "`{stays}` 是{ours}，`{goes}` 是{theirs}：只能合并同类记录"; each ours, theirs
    ))
    .hint(words!(
        "`kehu lead convert {lead} --customer {customer}` lets the lead become that customer",
        "用 `kehu lead convert {lead} --customer {customer}` 将线索转化为该客户"
    ))
}

/// Lets every record that names one of those that go name the survivor; returns how many of each kind did.
fn follow_all(session: &Session, batch: &mut Batch<'_>, kind: Kind, numbers: &[Number]) -> Result<Vec<(Kind, usize)>> {
    let (survivor, gone) = numbers.split_first().ok_or_else(|| Failure::failed(Words::default()))?;
    let is_gone = |kinds: &[Kind], number: &str| kinds.contains(&kind) && gone.iter().any(|one| one.as_str() == number);
    let names = |record: &Record| references(&record.row).iter().any(|one| is_gone(&one.kinds, one.number));
    let renamed = |kinds: &[Kind], number: &str| is_gone(kinds, number).then(|| survivor.to_string());
    let mut counts = Vec::new();
    let edited = edited_away(session, &names)?;
    // Also those that are not the acting person's to read: a reference must not lead nowhere.
    let snapshot = session.whole(&KINDS)?;
    for kind in KINDS {
        let named = snapshot.records(kind).iter().filter(|record| names(record)).map(|record| record.number.clone());
        let edited = edited.iter().filter(|(other, _)| *other == kind).map(|(_, number)| number.clone());
        let all: BTreeSet<Number> = named.chain(edited).collect();
        for number in &all {
            let (before, text) = batch.read(kind, number)?;
            let mut after = before.clone();
            follow(&mut after.row, &renamed);
            batch.update(&before, &text, after)?;
        }
        if !all.is_empty() {
            counts.push((kind, all.len()));
        }
    }
    Ok(counts)
}

/// Returns the records that fit in the last commit and have hand edits, in which they may not fit any more.
fn edited_away(session: &Session, fits: &dyn Fn(&Record) -> bool) -> Result<Vec<(Kind, Number)>> {
    let (Source::WorkTree, Some(head)) = (&session.source, session.repo.head()?) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for edit in session.repo.status()? {
        let Some((kind, number)) = parse_path(&edit.path) else { continue };
        let there = session.repo.load_one(kind, &number, &Source::Commit(head))?;
        found.extend(there.filter(|(record, _)| fits(record)).map(|_| (kind, number)));
    }
    Ok(found)
}

/// Says that a value gave way, to people: what is personal without its value.
fn told(kind: Kind, lost: &Lost, dictionary: &Dictionary) -> Words {
    let (number, label) = (&lost.number, field_words(kind, &lost.path));
    let is_sensitive = lost.field.is_some_and(|field| field.sensitive);
    let value = |value: &Value| value_words(lost.field, value, dictionary);
    match &lost.kept {
        _ if is_sensitive => words!("`{number}`: {label} gives way", "`{number}`：{label}未采用"; each label),
        Some(kept) => {
            let (old, new) = (value(&lost.value), value(kept));
            words!("`{number}`: {label} {old} gives way to {new}", "`{number}`：{label} {old} 未采用，保留 {new}"; each label, old, new)
        }
        None => {
            let old = value(&lost.value);
            words!("`{number}`: {label} {old} is left out", "`{number}`：{label} {old} 未采用"; each label, old)
        }
    }
}

/// Says it in the commit, where no person and no company is named: of texts only keys and logins are told.
fn line(lost: &Lost) -> String {
    let Lost { number, place, field, value, .. } = lost;
    let is_told = field.is_some_and(|field| !field.sensitive && !field.is_table());
    let is_key = field.is_some_and(|field| matches!(field.ty, FieldType::Key(_) | FieldType::Reference(_)));
    let told = match value {
        Value::Text(key) if is_key => format!(" ({key})"),
        Value::Text(_) | Value::Texts(_) | Value::Rows(_) | Value::Odd(_) => String::new(),
        _ if is_told => format!(" ({})", value_words(None, value, &Dictionary::default()).en),
        _ => String::new(),
    };
    format!("gave way: {number} {place}{told}\n")
}

/// Says what a file holds that is no field of its kind, which goes with it.
fn warn_of_unknown(batch: &mut Batch<'_>, other: &Record, text: &str) {
    let number = &other.number;
    let (_, findings) = codec::parse(other.kind, number, text);
    for problem in findings.into_iter().map(|finding| finding.problem).filter(|one| one.code == "unknown-field") {
        let path = problem.field.unwrap_or_default();
        batch.warn(words!("`{number}`: `{path}` is no field and is left out", "`{number}`：`{path}` 不是字段，未采用"));
    }
}

fn join(numbers: &[Number], mark: &str) -> String {
    numbers.iter().map(Number::as_str).collect::<Vec<_>>().join(mark)
}

fn subject(kind: Kind, survivor: &Number, gone: &[Number]) -> String {
    match gone {
        few if few.len() <= 3 => format!("{kind}: merge {} into {survivor}", join(few, ", ")),
        many => format!("{kind}: merge {} records into {survivor}", many.len()),
    }
}
