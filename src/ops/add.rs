//! Add records: from flags, or many from JSON lines, in one commit.

use super::batch::{Action, invalid};
use super::logged::{confirm, warn_of_strangers};
use super::resolve::Resolver;
use super::session::{family_key, key_text};
use super::{Batch, Outcome, Session};
use crate::record::input::read_value;
use crate::record::{
    Assignment, CONFLICTS, CONTRACT, CUSTOMER, FOLLOWUP, Failure, Field, FieldChange, Initial, Kind, LEAD, Number,
    Numbering, Problem, Record, Result, Row, TICKET, Value, Words, json,
};
use crate::rules::Config;
use crate::rules::access::{Standing, Whose, rights};
use crate::rules::check::seems_same;
use crate::rules::dedupe::{DedupeKey, exact_keys};
use crate::words;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Reads the value of a field as people write it.
///
/// Fails with exit code 6 when it is none, with what would be one.
pub(super) fn read_one(session: &Session, field: &'static Field, text: &str) -> Result<Value> {
    read_value(field, text, &session.config.reading()).map_err(|problem| {
        let failure = Failure::invalid(problem.message);
        problem.mend.into_iter().fold(failure, Failure::hint)
    })
}

/// What happens to a record that is there already by an exact key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDuplicate {
    /// It is refused.
    #[default]
    Refuse,
    /// It is added all the same.
    Keep,
}

/// A record to be added.
#[derive(Debug, Clone)]
pub enum NewRecord {
    /// From flags and `key=value` words, with the number of kinds that are named by hand.
    Assigned(Option<String>, Vec<Assignment>),
    /// From a line of JSON, with assignments for what it lacks; its `number` is taken for kinds that are named by hand.
    Line(JsonLine, Vec<Assignment>),
}

/// A JSON object of some input, and the line it stood in.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonLine {
    /// The line, counted from one.
    pub line: usize,
    /// What stood there.
    pub object: Map<String, Json>,
}

impl JsonLine {
    /// Says in which line something went wrong.
    pub fn place(line: usize) -> impl Fn(Failure) -> Failure {
        move |failure| failure.within(words!("line {line}", "第 {line} 行"))
    }
}

/// A new record that was read, and where from.
struct Candidate {
    line: Option<usize>,
    id: Option<Number>,
    row: Row,
}

impl Candidate {
    /// Says in which line something went wrong, where there are lines.
    fn place(&self) -> impl Fn(Failure) -> Failure + use<> {
        let line = self.line;
        move |failure| line.into_iter().fold(failure, |failure, line| JsonLine::place(line)(failure))
    }
}

/// Adds records in one commit, all or none.
///
/// Fails with exit code 6 when one breaks a rule, 5 when one is there already.
pub fn add(session: &Session, kind: Kind, new: Vec<NewRecord>, on_duplicate: OnDuplicate) -> Result<Outcome> {
    let resolver = Resolver::new(session);
    let candidates = new.into_iter().map(|one| read(session, &resolver, kind, one)).collect::<Result<Vec<_>>>()?;
    let mut batch = Batch::begin(session)?;
    let (mut seen, mut unowned, mut followups) = (HashMap::new(), Vec::new(), Vec::new());
    for candidate in candidates {
        let place = candidate.place();
        if let Some(id) = &candidate.id {
            batch.refuse_taken(kind, id).map_err(&place)?;
        }
        if on_duplicate == OnDuplicate::Refuse {
            refuse_duplicate(session, kind, &candidate, &mut seen).map_err(&place)?;
        }
        let is_owned = candidate.row.text("owner").is_some();
        let row = candidate.row.clone();
        let number = batch.create(kind, candidate.id, candidate.row).map_err(place)?;
        let record = Record { kind, number: number.clone(), row };
        if kind == CONTRACT {
            warn_of_same(session, &record, &mut batch)?;
        } else if kind == FOLLOWUP {
            followups.push(record);
        }
        if !is_owned && kind.field("owner").is_some() {
            unowned.push(number);
        }
    }
    note_pool(session, kind, &unowned)?;
    let subject = subject(kind, "add", &batch);
    warn_of_strangers(session, &followups, &mut batch)?;
    confirm(session, &followups, &mut batch)?;
    batch.commit(&subject, Vec::new())
}

/// Warns of a contract that seems to be there already.
fn warn_of_same(session: &Session, contract: &Record, batch: &mut Batch<'_>) -> Result<()> {
    let Some(customer) = contract.text("customer") else { return Ok(()) };
    let family = session.find_by_key(&family_key(customer))?;
    let others = family.iter().filter(|one| one.kind == CONTRACT);
    others.filter_map(|other| seems_same(contract, other)).for_each(|problem| batch.warn(problem.message));
    Ok(())
}

/// The most columns a subject takes, git's usual width.
const SUBJECT: usize = 72;

/// Returns a commit subject that names up to three records, else their count, and the fields that changed,
/// as far as the line takes them: `lead: set LEAD-2026-002 expected_on, intent`. Values stay in the files.
pub fn subject(kind: Kind, verb: &str, batch: &Batch<'_>) -> String {
    let numbers: Vec<&str> = batch.touched().iter().map(|touched| touched.number.as_str()).collect();
    let mut line = match numbers.as_slice() {
        few if few.len() <= 3 => format!("{kind}: {verb} {}", few.join(", ")),
        many => format!("{kind}: {verb} {} records", many.len()),
    };
    let updated = batch.touched().iter().filter(|touched| touched.action == Action::Updated);
    let mut fields: Vec<&str> = Vec::new();
    let is_own = |change: &&FieldChange| !change.path.starts_with(CONFLICTS);
    for change in updated.flat_map(|touched| &touched.changes).filter(is_own) {
        if !fields.contains(&change.path.as_str()) {
            fields.push(&change.path);
        }
    }
    for (at, field) in fields.into_iter().enumerate() {
        let mark = if at == 0 { " " } else { ", " };
        if line.chars().count() + mark.len() + field.chars().count() + ", …".chars().count() > SUBJECT {
            return line + if at == 0 { "" } else { ", …" };
        }
        line = line + mark + field;
    }
    line
}

/// Tells who may not write them any more that new records lie in the pool, and how to claim them.
fn note_pool(session: &Session, kind: Kind, unowned: &[Number]) -> Result<()> {
    let Standing::Member(_, role) = session.access()?.standing() else { return Ok(()) };
    // Tickets are dispatched, not claimed.
    if unowned.is_empty() || kind == TICKET || rights(*role, kind).change.has(Whose::Pool) {
        return Ok(());
    }
    let numbers: Vec<&str> = unowned.iter().take(3).map(Number::as_str).collect();
    let (shown, list) = (numbers.join(", "), numbers.join(" "));
    (session.options.note)(words!(
        "{shown}: in the pool, since no owner is given (`owner=…`); `kehu pool claim {list}` claims it",
        "{shown} 未指定负责人（`负责人=…`），已进入公海；用 `kehu pool claim {list}` 领取"
    ));
    Ok(())
}

fn read(session: &Session, resolver: &Resolver<'_>, kind: Kind, new: NewRecord) -> Result<Candidate> {
    let mut candidate = Candidate { line: None, id: None, row: Row::new(kind.fields) };
    let reading = session.config.reading();
    let assign = |row: &mut Row, all: &[Assignment]| -> Vec<Problem> {
        all.iter().filter_map(|one| one.apply(row, &reading).err()).collect()
    };
    let (id, problems) = match new {
        NewRecord::Assigned(id, assignments) => (id, assign(&mut candidate.row, &resolver.assignments(&assignments)?)),
        NewRecord::Line(JsonLine { line, mut object }, defaults) => {
            candidate.line = Some(line);
            let id = object.remove("number").and_then(|number| number.as_str().map(str::to_string));
            resolver.object(kind, &mut object).map_err(JsonLine::place(line))?;
            let mut problems = assign(&mut candidate.row, &resolver.assignments(&defaults)?);
            problems.extend(json::apply_object(kind, &object, &mut candidate.row, &reading));
            (id, problems)
        }
    };
    let place = candidate.place();
    refuse(kind, &candidate.row, problems).map_err(&place)?;
    candidate.id = id.map(|id| parse_id(kind, &id)).transpose().map_err(&place)?;
    fill_in(session, kind, &mut candidate.row).map_err(&place)?;
    Ok(candidate)
}

fn parse_id(kind: Kind, id: &str) -> Result<Number> {
    if kind.numbering != Numbering::Given {
        let zh = kind.label.zh;
        return Err(Failure::usage(words!(
            "numbers of a {kind} are given by kehu, so `{id}` cannot be chosen",
            "{zh}的编号由 kehu 分配，不能指定 `{id}`"
        )));
    }
    Number::parse(id).ok_or_else(|| {
        Failure::usage(words!("`{id}` cannot be a number", "`{id}` 不能用作编号"))
            .hint(words!("use letters, digits, `-`, `_` and `.`", "只能用文字、数字、`-`、`_` 和 `.`"))
    })
}

/// Makes one failure of what could not be read; none when everything could.
pub fn refuse(kind: Kind, row: &Row, problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let record = Record { kind, number: Number::event(kind.name, "new"), row: row.clone() };
    Err(invalid(&record, None, &problems))
}

/// Refuses values for a record that is there, where any could not be read.
///
/// Fails with exit code 6, naming the record.
pub fn refuse_change(record: &Record, problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(invalid(record, Some(record), &problems)) }
}

/// Fills in what a new record's fields are when nothing was said.
pub(super) fn fill_in(session: &Session, kind: Kind, row: &mut Row) -> Result<()> {
    for (key, initial) in kind.initial {
        if row.get(key).is_some() {
            continue;
        }
        let value = match initial {
            Initial::Today => Some(Value::Date(session.now.date_naive())),
            Initial::Now => Some(Value::Moment(session.now.fixed_offset())),
            Initial::Actor => Some(Value::text(session.actor()?)),
            _ => None,
        };
        if let Some(value) = value {
            row.set(key, value);
        }
    }
    Constants::new(&session.config, kind).fill_in(row);
    Ok(())
}

/// The initial values of a kind that are the same for every new record.
pub struct Constants(Vec<Constant>);

struct Constant {
    key: &'static str,
    /// The field that has to be there for it.
    when: Option<&'static str>,
    value: Value,
}

impl Constants {
    /// Reads them as the configuration writes them.
    pub fn new(config: &Config, kind: Kind) -> Constants {
        let constant = |(key, initial): &(&'static str, Initial)| {
            let field = kind.field(key)?;
            let (when, text) = match initial {
                Initial::Literal(text) => (None, *text),
                Initial::First => (None, config.dictionary.get(field.dictionary()?)?.iter().next()?.key.as_str()),
                Initial::When(other, text) => (Some(*other), *text),
                _ => return None,
            };
            let value = read_value(field, text, &config.reading()).ok()?;
            Some(Constant { key, when, value })
        };
        Constants(kind.initial.iter().filter_map(constant).collect())
    }

    /// Sets those that the row does not have.
    pub fn fill_in(&self, row: &mut Row) {
        for Constant { key, when, value } in &self.0 {
            if row.get(key).is_none() && when.is_none_or(|other| row.get(other).is_some()) {
                row.set(key, value.clone());
            }
        }
    }
}

/// Returns the kinds a record of `kind` may be a duplicate of.
pub fn rivals(kind: Kind) -> Vec<Kind> {
    if kind == LEAD || kind == CUSTOMER { vec![LEAD, CUSTOMER] } else { vec![kind] }
}

/// Returns the failure of a duplicate that is not the acting person's to read: whose it is, and no more.
fn hidden_duplicate(found: &Record, key: &DedupeKey) -> Failure {
    let (number, key) = (&found.number, key.describe());
    let failure = Failure::conflict(words!("`{number}` has the same {key}", "`{number}` 的{key}相同"; each key));
    match found.text("owner") {
        Some(owner) => failure.hint(words!("it belongs to `{owner}`: talk to them", "负责人是 `{owner}`，请与其联系")),
        None => failure,
    }
}

/// Fails with exit code 5 when a record with one of the candidate's exact keys is there already, or came
/// in a line before it.
fn refuse_duplicate(
    session: &Session,
    kind: Kind,
    candidate: &Candidate,
    seen: &mut HashMap<String, usize>,
) -> Result<()> {
    let number = candidate.id.clone().unwrap_or_else(|| Number::event(kind.name, "new"));
    let record = Record { kind, number, row: candidate.row.clone() };
    for key in exact_keys(&record) {
        let first = candidate.line.and_then(|line| seen.insert(key_text(&key), line));
        if let (Some(first), Words { en, zh }) = (first, key.describe()) {
            return Err(Failure::conflict(words!("line {first} has the same {en}", "{zh}与第 {first} 行相同"))
                .hint(words!("`--on-duplicate keep` adds both", "用 `--on-duplicate keep` 两条都新建")));
        }
        for found in session.find_by_key(&key_text(&key))? {
            if rivals(kind).contains(&found.kind) {
                if session.refuse_hidden(&found).is_err() {
                    return Err(hidden_duplicate(&found, &key));
                }
                let kind = found.kind;
                let (number, title) = (found.number.to_string(), found.title().to_string());
                let key = key.describe();
                return Err(Failure::conflict(words!(
                    "`{number}` ({title}) has the same {key}",
                    "`{number}`（{title}）的{key}相同"; each key
                ))
                .hint(words!(
                    "`kehu {kind} set {number} …` changes it; `--on-duplicate keep` adds another",
                    "用 `kehu {kind} set {number} …` 修改它，或用 `--on-duplicate keep` 另建一条"
                )));
            }
        }
    }
    Ok(())
}
