//! Records to be written together: one lock, one check, one commit.

mod numbers;
mod validate;

pub use numbers::operation;
pub use validate::invalid;

use super::Session;
use super::session::unreadable;
use super::sound::broken_config;
use crate::record::{Failure, FieldChange, Kind, Number, Record, Result, Row, USER, Words, changes};
use crate::store::{Message, Source, Transaction, codec, parse_path, path_of};
use crate::words;
use foldhash::HashSet;
use rayon::prelude::*;
use std::sync::mpsc;
use std::thread;

/// Records written out at a time while others are taken in.
const CHUNK: usize = 4096;

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
    /// What the commit says after its subject.
    body: String,
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
        Ok(Batch {
            session,
            tx,
            touched: Vec::new(),
            made: HashSet::default(),
            warnings: Vec::new(),
            on_behalf_of,
            body: String::new(),
        })
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
        thread::scope(|scope| {
            let (send, ready) = mpsc::sync_channel(2);
            let records = &records;
            // What is written out is taken in meanwhile; who takes it in no more has failed.
            scope.spawn(move || {
                let write = |chunk: &[Record]| chunk.par_iter().map(written).collect::<Vec<_>>();
                records.chunks(CHUNK).all(|chunk| send.send(write(chunk)).is_ok())
            });
            for (record, file) in records.iter().zip(ready.into_iter().flatten()) {
                // Thousands of records are told by their fields only where nothing but that is wanted.
                let is_told = self.session.options.dry_run;
                let differing = if is_told { changes(None, Some(&record.row)) } else { Vec::new() };
                self.put_new(record, file, differing)?;
                stage.advance(1);
            }
            Ok(())
        })?;
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

    /// Has the commit say more than its subject: numbers and logins, no names.
    pub fn explain(&mut self, body: String) {
        self.body = body;
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

    /// Returns the paths of the files in a folder as of the last commit, sorted.
    pub fn files_in(&self, folder: &str) -> Result<Vec<String>> {
        self.tx.files_in(folder)
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

    /// Returns what would be wrong with the configuration as this leaves it; nothing where it could be read.
    pub fn broken_config(&self) -> Result<Option<Failure>> {
        broken_config(&self.tx)
    }

    fn note(&mut self, action: Action, record: &Record, changes: Vec<FieldChange>) {
        self.made.insert(record.number.to_string());
        self.touched.push(Touched { action, kind: record.kind, number: record.number.clone(), changes });
    }

    /// Fails with exit code 7 when what was done so far is not the acting person's to do.
    pub fn rehearse(&mut self) -> Result<()> {
        self.tx.rehearse(&Message::default())
    }

    /// Commits what differs, under `subject` unless the user gave another; says if git's author is no user.
    pub fn commit(self, subject: &str, trailers: Vec<(String, String)>) -> Result<Outcome> {
        let Batch { session, mut tx, touched, warnings, on_behalf_of, body, .. } = self;
        let mut outcome = Outcome { touched, warnings, ..Outcome::default() };
        if session.options.dry_run {
            tx.rehearse(&Message { trailers, ..Message::default() })?;
            return Ok(outcome);
        }
        let subject = session.options.message.clone().unwrap_or_else(|| subject.to_string());
        let mut all = operation(session, tx.base(), &subject, on_behalf_of);
        all.extend(trailers);
        let commit = tx.commit(&Message { body, trailers: all, ..Message::new(subject) })?;
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
