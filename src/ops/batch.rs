//! Records to be written together: one lock, one check, one commit.

use super::Session;
use super::session::{said, unreadable};
use super::sound::broken_config;
use crate::record::input::shorten;
use crate::record::{
    Exit, FOLLOWUP, Failure, FieldChange, Kind, Number, Numbering, Problem, Record, Result, Row, Severity, USER, Words,
    changes,
};
use crate::rules::cadence::is_open;
use crate::rules::check;
use crate::rules::references::{Reference, SUBJECTS, dangling, references};
use crate::store::{Message, ON_BEHALF_OF, OPERATION, Oid, Source, Transaction, codec, parse_path, path_of};
use crate::words;
use chrono::Datelike;
use foldhash::HashSet;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// What was done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Created,
    /// Fields of it changed.
    Updated,
    /// It is gone.
    Removed,
}

/// A record that was, or in a dry run would be, written.
#[derive(Debug, Clone, PartialEq)]
pub struct Touched {
    /// What was done to it.
    pub action: Action,
    /// Its kind.
    pub kind: Kind,
    /// Its number; in a dry run the one it would have got.
    pub number: Number,
    /// The fields that differ; not told of records that came many at once, from a table.
    pub changes: Vec<FieldChange>,
}

/// What a batch came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The records it touched, in the order they were given.
    pub touched: Vec<Touched>,
    /// The commit; none when nothing changed and in a dry run.
    pub commit: Option<String>,
    /// What is worth a look but was not refused.
    pub warnings: Vec<Words>,
}

/// Records to be written together.
pub struct Batch<'s> {
    session: &'s Session,
    tx: Transaction<'s>,
    touched: Vec<Touched>,
    made: HashSet<String>,
    warnings: Vec<Words>,
    /// Who asked for it, where that is not git's author.
    on_behalf_of: Option<String>,
}

impl<'s> Batch<'s> {
    /// Takes the lock.
    ///
    /// Fails with exit code 9 when it stays taken, 5 during a merge, 4 when `--as` names nobody, 1 without a
    /// git identity.
    pub fn begin(session: &'s Session) -> Result<Batch<'s>> {
        session.writable()?;
        session.repo.identity()?;
        let on_behalf_of = session.on_behalf_of()?;
        let options = session.write_options("write");
        let tx = match &session.options.branch {
            None => session.repo.begin(&options)?,
            Some(branch) => session.repo.begin_on(branch, &options)?,
        };
        if let (Some(branch), Source::Commit(read)) = (&session.options.branch, &session.source)
            && tx.base() != Some(*read)
        {
            return Err(Failure::conflict(words!(
                "the branch `{branch}` was moved meanwhile; nothing was changed",
                "期间分支 `{branch}` 已移动；未做任何更改"
            ))
            .hint(words!("run it again", "请重试")));
        }
        Ok(Batch { session, tx, touched: Vec::new(), made: HashSet::default(), warnings: Vec::new(), on_behalf_of })
    }

    /// Returns a record and its file's text as of the last commit.
    ///
    /// Fails with exit code 4 when there is none, 5 when its file has changes that are not committed.
    pub fn read(&mut self, kind: Kind, number: &Number) -> Result<(Record, String)> {
        let Some(bytes) = self.tx.read(&path_of(kind, number))? else {
            return Err(self.session.find(kind, number.as_str()).err().unwrap_or_else(|| missing(kind, number)));
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match codec::parse(kind, number, &text) {
            (Some(record), _) => Ok((record, text)),
            (None, findings) => Err(unreadable(&findings)),
        }
    }

    /// Adds a new record; `id` is the number of kinds whose records are named by hand.
    ///
    /// Fails with exit code 6 when the record breaks a rule, 5 when the number is taken.
    pub fn create(&mut self, kind: Kind, id: Option<Number>, row: Row) -> Result<Number> {
        let number = self.number(kind, id, &row)?;
        let record = Record { kind, number: number.clone(), row };
        self.validate(&record, None)?;
        let differing = changes(None, Some(&record.row));
        self.put_new(&record, written(&record), differing)?;
        Ok(number)
    }

    /// Fails with exit code 5 when there is a record of this number already.
    pub fn refuse_taken(&self, kind: Kind, number: &Number) -> Result<()> {
        if self.made.contains(number.as_str()) || self.tx.exists(&path_of(kind, number)) {
            return Err(taken(kind, number));
        }
        Ok(())
    }

    /// Adds new records that were validated before; returns their numbers in the same order.
    pub fn create_all(&mut self, kind: Kind, rows: Vec<(Option<Number>, Row)>) -> Result<Vec<Number>> {
        let mut records = Vec::with_capacity(rows.len());
        for (id, row) in rows {
            records.push(Record { kind, number: self.number(kind, id, &row)?, row });
        }
        let stage = self.session.options.progress.stage(&words!("laying out records", "编排记录"), records.len());
        let files: Vec<(String, String)> = records.par_iter().map(written).collect();
        for (record, file) in records.iter().zip(files) {
            // Thousands of records are told by their fields only where nothing but that is wanted.
            let differing = if self.session.options.dry_run { changes(None, Some(&record.row)) } else { Vec::new() };
            self.put_new(record, file, differing)?;
            stage.advance(1);
        }
        // Many threads made the values, and many let go of them sooner than one.
        Ok(records.into_par_iter().map(|record| record.number).collect())
    }

    fn put_new(&mut self, record: &Record, (path, text): (String, String), changes: Vec<FieldChange>) -> Result<()> {
        if !self.tx.create(path, text.into_bytes())? {
            return Err(taken(record.kind, &record.number));
        }
        self.note(Action::Created, record, changes);
        Ok(())
    }

    /// Changes a record that [`Batch::read`] returned; returns whether anything differs.
    ///
    /// Fails with exit code 6 when the record then breaks a rule it did not break before.
    pub fn update(&mut self, before: &Record, text: &str, after: Record) -> Result<bool> {
        let differing = changes(Some(&before.row), Some(&after.row));
        if differing.is_empty() {
            return Ok(false);
        }
        self.validate(&after, Some(before))?;
        self.put_changed(before, text, &after, differing)?;
        Ok(true)
    }

    /// Changes a record that [`Batch::read`] returned and the caller has validated.
    pub fn update_validated(&mut self, before: &Record, text: &str, after: &Record) -> Result<()> {
        let differing = changes(Some(&before.row), Some(&after.row));
        if differing.is_empty() { Ok(()) } else { self.put_changed(before, text, after, differing) }
    }

    fn put_changed(&mut self, before: &Record, text: &str, after: &Record, differing: Vec<FieldChange>) -> Result<()> {
        let text = codec::apply(text, before, after);
        self.tx.write(&path_of(after.kind, &after.number), text.into_bytes())?;
        self.note(Action::Updated, after, differing);
        Ok(())
    }

    /// Replaces the text of a record's file by what a person wrote; the caller has validated it.
    pub fn replace_text(&mut self, before: &Record, after: &Record, text: String) -> Result<()> {
        self.tx.write(&path_of(after.kind, &after.number), text.into_bytes())?;
        self.note(Action::Updated, after, changes(Some(&before.row), Some(&after.row)));
        Ok(())
    }

    /// Adds what is worth a look but is not refused.
    pub fn warn(&mut self, warning: Words) {
        self.warnings.push(warning);
    }

    /// Returns what was done so far.
    pub fn touched(&self) -> &[Touched] {
        &self.touched
    }

    /// Takes a record out.
    pub fn remove(&mut self, record: &Record) -> Result<()> {
        self.tx.remove(&path_of(record.kind, &record.number))?;
        self.note(Action::Removed, record, changes(Some(&record.row), None));
        Ok(())
    }

    /// Writes a file that is not a record: configuration.
    pub fn write_file(&mut self, path: &str, text: String) -> Result<()> {
        self.tx.write(path, text.into_bytes())
    }

    /// Returns a file that is not a record as of the last commit.
    pub fn read_file(&mut self, path: &str) -> Result<Option<String>> {
        Ok(self.tx.read(path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Returns the bytes of any file as of the last commit.
    pub fn read_bytes(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        self.tx.read(path)
    }

    /// Puts the content of any file, or takes the file out; returns the record it held and the one it then holds.
    ///
    /// Nothing is validated: what it holds stood there before.
    pub fn put_bytes(&mut self, path: &str, content: Option<Vec<u8>>) -> Result<[Option<Record>; 2]> {
        let place = parse_path(path);
        let record = |bytes: &[u8]| {
            let (kind, number) = place.as_ref()?;
            codec::parse(*kind, number, str::from_utf8(bytes).ok()?).0
        };
        let before = self.tx.read(path)?.and_then(|bytes| record(&bytes));
        let after = content.as_deref().and_then(record);
        match content {
            Some(content) => self.tx.write(path, content)?,
            None => self.tx.remove(path)?,
        }
        let differing = changes(before.as_ref().map(|record| &record.row), after.as_ref().map(|record| &record.row));
        match (&before, &after) {
            (None, Some(after)) => self.note(Action::Created, after, differing),
            (Some(_), Some(after)) => self.note(Action::Updated, after, differing),
            (Some(before), None) => self.note(Action::Removed, before, differing),
            (None, None) => {}
        }
        Ok([before, after])
    }

    /// Fails with exit code 6 when a record refers to one that does not exist.
    pub fn refuse_dangling(&self, record: &Record) -> Result<()> {
        let problems = self.dangling(record, None)?;
        if problems.is_empty() { Ok(()) } else { Err(invalid(record, &problems)) }
    }

    /// Returns what would be wrong with the configuration as this leaves it; nothing where it could be read.
    pub fn broken_config(&self) -> Result<Option<Failure>> {
        broken_config(&self.tx)
    }

    fn note(&mut self, action: Action, record: &Record, changes: Vec<FieldChange>) {
        self.made.insert(record.number.to_string());
        self.touched.push(Touched { action, kind: record.kind, number: record.number.clone(), changes });
    }

    /// Refuses a record that breaks a rule; rules `before` broke already are not held against a change.
    pub fn validate(&mut self, record: &Record, before: Option<&Record>) -> Result<()> {
        let today = self.session.now.date_naive();
        let known = before.map(|before| check::check_record(before, &self.session.config, today)).unwrap_or_default();
        let mut problems = check::check_record(record, &self.session.config, today);
        problems.extend(self.dangling(record, before)?);
        if record.kind == FOLLOWUP && before.and_then(check::check_next).is_none() {
            problems.extend(self.missing_next(record)?);
        }
        problems.retain(|problem| !known.contains(problem));
        let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(|p| p.severity == Severity::Error);
        self.warnings.extend(warnings.iter().map(|problem| within(record, problem)));
        if errors.is_empty() { Ok(()) } else { Err(invalid(record, &errors)) }
    }

    /// Finds references of changed fields to records that do not exist.
    fn dangling(&self, record: &Record, before: Option<&Record>) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for reference in references(&record.row) {
            let unchanged = before.is_some_and(|before| before.text(&reference.path) == Some(reference.number));
            if !unchanged && !self.made.contains(reference.number) && !self.exists(&reference)? {
                problems.push(dangling(&reference));
            }
        }
        Ok(problems)
    }

    /// Finds what a follow-up of a subject that is still open does not say about the next one.
    fn missing_next(&self, followup: &Record) -> Result<Option<Problem>> {
        let Some(problem) = check::check_next(followup) else { return Ok(None) };
        let Some(subject) = followup.text("subject").and_then(Number::parse) else { return Ok(None) };
        for kind in SUBJECTS {
            let found = self.session.repo.load_one(kind, &subject, &self.session.source)?;
            if found.is_some_and(|(record, _)| is_open(&record)) {
                return Ok(Some(problem));
            }
        }
        Ok(None)
    }

    /// Tells whether what a reference names exists; without any user file every login does.
    pub fn exists(&self, reference: &Reference<'_>) -> Result<bool> {
        let Some(number) = Number::parse(reference.number) else { return Ok(false) };
        for kind in &reference.kinds {
            let free = *kind == crate::record::USER && !self.tx.has_folder(kind.folder);
            if free || self.tx.exists(&path_of(*kind, &number)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes a running number that a file states, so that none given later is the same; returns whether it
    /// could be taken: not when a record has or had it.
    pub fn take_number(&mut self, kind: Kind, number: &Number) -> Result<bool> {
        self.tx.take_sequence(kind, number)
    }

    fn number(&mut self, kind: Kind, id: Option<Number>, row: &Row) -> Result<Number> {
        match kind.numbering {
            Numbering::Given => id.ok_or_else(|| nameless(kind)),
            Numbering::Event => Ok(id.unwrap_or_else(|| self.event_number(kind, row))),
            Numbering::Sequence => match id {
                Some(id) => Ok(id),
                None => self.sequence_number(kind, row),
            },
        }
    }

    fn sequence_number(&mut self, kind: Kind, row: &Row) -> Result<Number> {
        let config = &self.session.config;
        let digits = config.numbering.get(kind.name).map_or(3, |scheme| scheme.digits);
        let prefix = config.prefix(kind, row).map(str::to_string).ok_or_else(|| no_prefix(kind))?;
        let year = self.session.now.year();
        let seq = self.tx.next_sequence(kind, &prefix, year)?;
        Ok(Number::sequence(&prefix, year, seq, digits))
    }

    /// Names an event by its moment and four letters of its content's hash, so that the same event
    /// entered in two clones gets the same file, and different ones hardly ever do.
    fn event_number(&self, kind: Kind, row: &Row) -> Number {
        let zone = self.session.now.timezone();
        let at = row.moment("at").unwrap_or_else(|| self.session.now.fixed_offset()).with_timezone(&zone);
        let content = codec::render_row(row);
        let letters = base32(&Sha256::digest(content.as_bytes()));
        let name = |len: usize| Number::event(&at.format("%Y%m%dT%H%M%S").to_string(), &letters[..len]);
        let free = |number: &Number| !self.made.contains(number.as_str()) && !self.tx.exists(&path_of(kind, number));
        (4..letters.len()).map(name).find(free).unwrap_or_else(|| name(letters.len()))
    }

    /// Fails with exit code 7 when what was done so far is not the acting person's to do.
    pub fn rehearse(&mut self) -> Result<()> {
        self.tx.rehearse()
    }

    /// Commits what differs, under `subject` unless the user gave another; says if git's author is no user.
    pub fn commit(self, subject: &str, trailers: Vec<(String, String)>) -> Result<Outcome> {
        let Batch { session, mut tx, touched, warnings, on_behalf_of, .. } = self;
        let mut outcome = Outcome { touched, warnings, ..Outcome::default() };
        if session.options.dry_run {
            tx.rehearse()?;
            return Ok(outcome);
        }
        let subject = session.options.message.clone().unwrap_or_else(|| subject.to_string());
        let mut all = operation(session, tx.base(), &subject, on_behalf_of);
        all.extend(trailers);
        let commit = tx.commit(&Message { trailers: all, ..Message::new(subject) })?;
        outcome.commit = commit.map(|oid| oid.to_string());
        if let (Some(branch), Some(_)) = (&session.options.branch, &outcome.commit) {
            (session.options.note)(words!(
                "this is on the branch `{branch}`; `kehu diff HEAD...{branch}` shows it, `kehu merge {branch}` takes it over",
                "改动位于分支 `{branch}`；用 `kehu diff HEAD...{branch}` 查看，用 `kehu merge {branch}` 合入"
            ));
        }
        // Who adds users is on the way to being one.
        if outcome.commit.is_some() && outcome.touched.iter().any(|touched| touched.kind != USER) {
            session.note_stranger();
        }
        Ok(outcome)
    }
}

/// Returns the path and the text of a new record's file.
fn written(record: &Record) -> (String, String) {
    (path_of(record.kind, &record.number), codec::render(record))
}

/// Returns the trailers of every commit: the name of the operation, by what it was based on, whose it was, when it
/// happened and what it says; and in whose name git's author acted, where that is another's.
pub fn operation(
    session: &Session,
    base: Option<Oid>,
    subject: &str,
    on_behalf_of: Option<String>,
) -> Vec<(String, String)> {
    let base = base.map(|oid| oid.to_string()).unwrap_or_default();
    let email = session.repo.identity().map(|identity| identity.email).unwrap_or_default();
    let hash = Sha256::digest(format!("{base}\n{email}\n{}\n{subject}", session.now.to_rfc3339()).as_bytes());
    let name = format!("{}-{}", session.now.format("%Y%m%dT%H%M%S"), &base32(&hash)[..6]);
    let named = on_behalf_of.map(|login| (ON_BEHALF_OF.to_string(), login));
    std::iter::once((OPERATION.to_string(), name)).chain(named).collect()
}

/// Writes bytes in the 32 letters `a`–`z`, `2`–`7`, five bits of each byte.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

fn within(record: &Record, problem: &Problem) -> Words {
    Words::join([&Words::same(record.number.as_str()), &said(problem)], ": ", "：")
}

/// Makes one failure of a record's problems.
pub fn invalid(record: &Record, problems: &[Problem]) -> Failure {
    let mut lines = problems.iter().map(said);
    let first = lines.next().unwrap_or_default();
    let first = match record.get(record.kind.title) {
        // What was talked about names no record.
        Some(_) if record.kind != FOLLOWUP => Words::join([&Words::same(shorten(record.title())), &first], ": ", "："),
        _ => first,
    };
    lines.fold(Failure::invalid(first), Failure::detail)
}

fn missing(kind: Kind, number: &Number) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::conflict(words!("{en} `{number}` is not committed yet", "{zh} `{number}` 尚未提交"))
        .hint(words!("`kehu commit` commits files written by hand", "用 `kehu commit` 提交手工写的文件"))
}

fn taken(kind: Kind, number: &Number) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::conflict(words!("there is a {en} `{number}` already", "编号为 `{number}` 的{zh}已存在"))
        .hint(words!("`kehu {kind} set {number}` changes it", "用 `kehu {kind} set {number}` 修改它"))
}

fn nameless(kind: Kind) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::usage(words!("a new {en} needs a number", "新建{zh}需要指定编号"))
        .hint(words!("write it after the verb: `kehu {kind} add NUMBER …`", "写在动词之后：`kehu {kind} add 编号 …`"))
}

fn no_prefix(kind: Kind) -> Failure {
    Failure::new(Exit::Invalid, words!("`{kind}` has no number prefix", "`{kind}` 没有编号前缀"))
        .hint(words!("see `config/numbering.toml`", "见 `config/numbering.toml`"))
}
