//! Change fields of records: by number, by filter, or from JSON lines, in one commit.

use super::add::{JsonLine, refuse_change, subject};
use super::deal::complete;
use super::doubles::Doubles;
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::query::Filter;
use crate::record::{Assignment, Exit, Failure, Kind, Number, Record, Result, json};
use crate::rules::listing;
use crate::words;

/// Fewer changes than this are never held up.
const FREE_CHANGES: usize = 20;

/// Which records are meant.
pub enum Chosen {
    /// These.
    Numbers(Vec<String>),
    /// All that the filter matches.
    Where(Filter),
}

/// Changes the fields of the chosen records in one commit.
///
/// Fails with exit code 8 when a filter changes more than 20 records or a tenth of the kind and `expect`
/// is not their exact number.
pub fn set(
    session: &Session,
    kind: Kind,
    chosen: Chosen,
    assignments: &[Assignment],
    expect: Option<usize>,
) -> Result<Outcome> {
    let numbers = numbers(session, kind, &chosen)?;
    let assignments = Resolver::new(session).assignments(assignments)?;
    let mut batch = Batch::begin(session)?;
    let mut doubles = Doubles::default();
    let reading = session.config.reading();
    for number in &numbers {
        let (before, text) = batch.read(kind, number)?;
        let mut after = before.clone();
        let problems: Vec<_> = assignments.iter().filter_map(|one| one.apply(&mut after.row, &reading).err()).collect();
        refuse_change(&before, problems)?;
        complete(session, &before, &mut after, &mut batch)?;
        refuse_new_prefix(session, &before, &after)?;
        doubles.look_for(session, &before, &after, &mut batch)?;
        batch.update(&before, &text, after)?;
    }
    if let (true, Some(expected)) = (numbers.is_empty(), expect.filter(|expected| *expected > 0)) {
        return Err(none_of(expected));
    }
    if matches!(chosen, Chosen::Where(_)) || expect.is_some() {
        guard(session, kind, batch.touched().len(), expect)?;
    }
    let subject = subject(kind, "set", &batch);
    batch.commit(&subject, Vec::new())
}

/// Changes records by JSON objects, each with its `number`, and by `assignments` for all of them, in one commit.
pub fn set_objects(
    session: &Session,
    kind: Kind,
    lines: Vec<JsonLine>,
    assignments: &[Assignment],
    expect: Option<usize>,
) -> Result<Outcome> {
    let resolver = Resolver::new(session);
    let assignments = resolver.assignments(assignments)?;
    let mut batch = Batch::begin(session)?;
    let mut doubles = Doubles::default();
    let reading = session.config.reading();
    for JsonLine { line, mut object } in lines {
        let place = JsonLine::place(line);
        let number = object.remove("number").and_then(|number| number.as_str().and_then(Number::parse));
        let number = number.ok_or_else(|| place(Failure::usage(words!("`number` is missing", "缺少 `number`"))))?;
        resolver.object(kind, &mut object).map_err(&place)?;
        let (before, text) = batch.read(kind, &number).map_err(&place)?;
        let mut after = before.clone();
        let mut problems = json::apply_object(kind, &object, &mut after.row, &reading);
        problems.extend(assignments.iter().filter_map(|one| one.apply(&mut after.row, &reading).err()));
        refuse_change(&before, problems).map_err(&place)?;
        complete(session, &before, &mut after, &mut batch).map_err(&place)?;
        refuse_new_prefix(session, &before, &after).map_err(&place)?;
        doubles.look_for(session, &before, &after, &mut batch).map_err(&place)?;
        batch.update(&before, &text, after).map_err(place)?;
    }
    guard(session, kind, batch.touched().len(), expect)?;
    let subject = subject(kind, "set", &batch);
    batch.commit(&subject, Vec::new())
}

/// Returns the chosen numbers, sorted and each once.
pub fn numbers(session: &Session, kind: Kind, chosen: &Chosen) -> Result<Vec<Number>> {
    match chosen {
        Chosen::Numbers(texts) => {
            let mut numbers: Vec<Number> = Vec::new();
            for text in texts {
                let number = session.find(kind, text)?.number;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            Ok(numbers)
        }
        Chosen::Where(filter) => {
            let (snapshot, _) = session.snapshot(&with_needed(kind, filter.fields().iter().map(String::as_str)))?;
            Ok(listing::select(&snapshot, kind, Some(filter), &[], None)
                .into_iter()
                .map(|record| record.number.clone())
                .collect())
        }
    }
}

/// Returns the kind with those its computed fields are computed from.
pub fn with_needed<'a>(kind: Kind, fields: impl IntoIterator<Item = &'a str>) -> Vec<Kind> {
    let mut kinds = vec![kind];
    kinds.extend(listing::needs(kind, fields).into_iter().filter(|other| *other != kind));
    kinds
}

/// Refuses a mass change whose size was not stated.
///
/// Fails with exit code 8 when `count` is more than 20 and more than a tenth of the kind and not what
/// `expect` says, and whenever `expect` says another number.
pub fn guard(session: &Session, kind: Kind, count: usize, expect: Option<usize>) -> Result<()> {
    guard_all(session, &[(kind, count)], expect)
}

/// The same for records of several kinds, each with its count; `expect` is the count of all.
pub fn guard_all(session: &Session, counts: &[(Kind, usize)], expect: Option<usize>) -> Result<()> {
    let total = |kind: Kind| session.repo.list_numbers(kind, &session.source).map(|numbers| numbers.len());
    let count: usize = counts.iter().map(|(_, count)| count).sum();
    let mut refused = expect.is_some_and(|expected| count > 0 && expected != count);
    for (kind, count) in counts {
        // What changes nothing needs no leave: the same command twice is no mistake.
        refused |= expect.is_none() && *count > FREE_CHANGES && *count > total(*kind)? / 10;
    }
    if !refused || session.options.dry_run {
        return Ok(());
    }
    let message = match expect {
        None => words!("this would change {count} records at once", "这将一次更改 {count} 条记录"),
        Some(expected) => {
            words!("this would change {count} records, not {expected}", "这将更改 {count} 条记录，而不是 {expected} 条")
        }
    };
    Err(Failure::new(Exit::NeedsExpect, message).hint(words!(
        "`--dry-run` shows them; `--expect {count}` confirms the number",
        "用 `--dry-run` 查看，用 `--expect {count}` 确认数量"
    )))
}

/// Returns the failure of a filter that fits nothing where something was expected.
fn none_of(expected: usize) -> Failure {
    let message =
        words!("nothing fits, and {expected} records were expected", "没有符合条件的记录，而预期为 {expected} 条");
    Failure::new(Exit::NeedsExpect, message)
}

/// Refuses to change the field a number's prefix comes from: the number is for ever.
pub(super) fn refuse_new_prefix(session: &Session, before: &Record, after: &Record) -> Result<()> {
    let (old, new) = (session.config.prefix(before.kind, &before.row), session.config.prefix(after.kind, &after.row));
    if old == new {
        return Ok(());
    }
    let number = &before.number;
    Err(Failure::invalid(words!(
        "the prefix of `{number}` comes from the field you change, and numbers never change",
        "`{number}` 的编号前缀来自所改字段，编号不可更改"
    )))
}
