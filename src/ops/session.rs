//! An opened repository with its configuration, who acts, and when.

use super::access::{Acting, Readable};
use super::resolve::Resolver;
use crate::progress::Progress;
use crate::record::date::{Clock, DateOrder, Moment, parse_moment};
use crate::record::{
    ARTICLE, CONTRACT, CUSTOMER, Exit, FOLLOWUP, Failure, Finding, KINDS, Kind, MERGED_FROM, Number, OPPORTUNITY,
    PRODUCT, Problem, REVIEW, Record, Result, TICKET, USER, Words,
};
use crate::rules::dedupe::{DedupeKey, exact_keys};
use crate::rules::family::{self, customer_of};
use crate::rules::references::{SUBJECTS, references};
use crate::rules::{AsOf, Config, Snapshot};
use crate::store::{Keyer, LoadOptions, Oid, Repo, Source, WriteOptions};
use crate::words;
use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What the command line decides about every operation.
pub struct Options {
    /// The present.
    pub clock: Clock,
    /// The login to act as instead of the one whose e-mail git knows.
    pub user: Option<String>,
    /// The date or revision to read as of.
    pub as_of: Option<String>,
    /// Whether the present configuration is applied to what is read as of another moment.
    pub present_config: bool,
    /// The branch to read and to write instead of the one that is checked out; it starts at HEAD where it is new.
    pub branch: Option<String>,
    /// Nothing is written.
    pub dry_run: bool,
    /// The commit's subject instead of the usual one.
    pub message: Option<String>,
    /// How long to wait for the lock.
    pub lock_timeout: Duration,
    /// Whether the index may be used.
    pub use_index: bool,
    /// Is told how long work goes on.
    pub progress: Progress,
    /// Receives what a person should know although nothing failed.
    pub note: Box<dyn Fn(Words)>,
}

/// An opened repository with its configuration, who acts, and when.
pub struct Session {
    /// The repository.
    pub repo: Repo,
    /// Its configuration, as of what is read.
    pub config: Arc<Config>,
    /// Where records are read from.
    pub source: Source,
    /// The moment, in the repository's zone.
    pub now: DateTime<Tz>,
    /// What the command line decided.
    pub options: Options,
    /// Who acts, once that was asked.
    pub(super) acting: OnceCell<Acting>,
    /// Whether it was said that records are left out.
    pub(super) told_left_out: Cell<bool>,
    /// Whether it was said that the history is not all there.
    told_shallow: Cell<bool>,
}

impl Session {
    /// Opens the repository that `dir` lies in, finishing what a killed command left.
    ///
    /// Fails with exit code 10 when there is none, 6 when its configuration is wrong, 4 when `as_of`
    /// names nothing.
    pub fn open(dir: &Path, options: Options) -> Result<Session> {
        let repo = Repo::discover(dir)?.watched(options.progress.clone());
        repo.recover_if_idle(&*options.note);
        Session::over(repo, options)
    }

    /// Makes a session of an opened repository.
    pub fn over(repo: Repo, options: Options) -> Result<Session> {
        let present = read_config(&repo, &Source::WorkTree)?;
        let zone = present.settings.timezone;
        let present_moment = options.clock.now(zone);
        let (source, now) = match (&options.as_of, &options.branch) {
            (None, None) => (Source::WorkTree, present_moment),
            (None, Some(branch)) => (Source::Commit(repo.start_of(branch)?), present_moment),
            (Some(text), _) => past(&repo, text, present_moment)?,
        };
        let is_present = source == Source::WorkTree || (options.as_of.is_some() && options.present_config);
        let config = if is_present { present } else { read_config(&repo, &source)? };
        let config = Arc::new(config);
        let (told_left_out, told_shallow) = (Cell::new(false), Cell::new(false));
        let session =
            Session { repo, config, source, now, options, acting: OnceCell::new(), told_left_out, told_shallow };
        if session.options.as_of.is_some() {
            session.note_shallow()?;
        }
        Ok(session)
    }

    /// Loads the records of `kinds` that the person who acts reads, with what is wrong with files that could not be
    /// read in full.
    pub fn snapshot(&self, kinds: &[Kind]) -> Result<(Snapshot, Vec<Finding>)> {
        let Readable { records, findings, .. } = self.load(kinds)?;
        Ok((Snapshot::new(self.config.clone(), self.as_of()?, records), findings))
    }

    /// Loads all records of `kinds`, whoever acts: for rules that hold between records, not to be shown.
    pub fn whole(&self, kinds: &[Kind]) -> Result<Snapshot> {
        let options = LoadOptions { use_index: self.options.use_index };
        let records = self.repo.load(kinds, &self.source, options)?.records;
        Ok(Snapshot::new(self.config.clone(), self.as_of()?, records))
    }

    /// Returns what is read as of when; whether files were edited by hand is the caller's to find out where it says so.
    pub fn as_of(&self) -> Result<AsOf> {
        let commit = match self.source {
            Source::Commit(commit) => Some(commit),
            Source::WorkTree => self.repo.head()?,
        };
        Ok(AsOf { moment: self.now, commit: commit.map(|oid| oid.to_string()), edited: false })
    }

    /// Returns one record as it is read from the session's source.
    ///
    /// Fails with exit code 4 when there is none, 6 when its file does not parse, 7 when it is not the acting
    /// person's to read.
    pub fn find(&self, kind: Kind, number: &str) -> Result<Record> {
        let number = self.number_of(kind, number)?;
        let found = self.repo.load_one(kind, &number, &self.source)?;
        let (record, _) = found.ok_or_else(|| self.missing(kind, number.as_str()))?;
        self.refuse_hidden(&record)?;
        Ok(record)
    }

    /// Returns the number of the record that `text` names: its number, or what people call it.
    ///
    /// Fails with exit code 4 when there is none, or several are called so.
    pub fn number_of(&self, kind: Kind, text: &str) -> Result<Number> {
        Resolver::new(self).number(&[kind], text)
    }

    /// Returns the text of a file that agrees with the last commit.
    ///
    /// Fails with exit code 5 when it has changes that are not committed.
    pub fn committed_text(&self, path: &str) -> Result<Option<String>> {
        let now = self.repo.read_text(&Source::WorkTree, path)?;
        let head =
            self.repo.head()?.map(|head| self.repo.read_text(&Source::Commit(head), path)).transpose()?.flatten();
        let lines = |text: &Option<String>| text.as_ref().map(|text| text.replace("\r\n", "\n"));
        if lines(&now) == lines(&head) {
            return Ok(head);
        }
        Err(Failure::conflict(words!(
            "`{path}` has hand edits that are not committed",
            "`{path}` 有尚未提交的手工修改"
        ))
        .hint(words!(
            "`kehu status` shows hand edits; `kehu commit` commits them",
            "`kehu status` 列出手工修改；`kehu commit` 提交它们"
        )))
    }

    /// Returns the records in the last commit, or in what is read, that bear an exact key.
    pub fn find_by_key(&self, key: &str) -> Result<Vec<Record>> {
        if self.source != Source::WorkTree {
            let options = LoadOptions { use_index: self.options.use_index };
            let mut records = self.repo.load(&KINDS, &self.source, options)?.records;
            records.retain(|record| keys_of(record).iter().any(|own| own == key));
            return Ok(records);
        }
        let mut found = Vec::new();
        for (kind, number) in self.repo.keys(&KEYER)?.find(key)? {
            found.extend(self.repo.load_one(kind, &number, &Source::WorkTree)?.map(|(record, _)| record));
        }
        Ok(found)
    }

    /// Returns what a transaction depends on.
    pub fn write_options<'a>(&'a self, command: &'a str) -> WriteOptions<'a> {
        WriteOptions {
            lock_timeout: self.options.lock_timeout,
            now: self.now.fixed_offset(),
            command,
            note: &*self.options.note,
            judge: Some(self),
        }
    }

    /// Loads a record with what its computed fields are computed from: its contacts, its family, products, users.
    ///
    /// It takes as long in a large repository as in a small one.
    pub fn around(&self, kind: Kind, number: &str) -> Result<Snapshot> {
        let options = LoadOptions { use_index: self.options.use_index };
        // By its number, whatever it was called by.
        let record = self.find(kind, number)?;
        let mut around = match self.source {
            Source::WorkTree => self.relatives(&record)?,
            Source::Commit(_) => {
                let kinds: BTreeSet<&str> = SUBJECTS
                    .into_iter()
                    .chain(family::kinds())
                    .chain([FOLLOWUP, REVIEW])
                    .map(|kind| kind.name)
                    .collect();
                let kinds: Vec<Kind> = kinds.into_iter().filter_map(Kind::find).collect();
                self.repo.load(&kinds, &self.source, options)?.records
            }
        };
        self.leave_out_hidden(&record, &mut around)?;
        around.extend(self.repo.load(&[PRODUCT, USER], &self.source, options)?.records);
        around.retain(|other| (other.kind, &other.number) != (record.kind, &record.number));
        around.push(record);
        Ok(Snapshot::new(self.config.clone(), self.as_of()?, around))
    }

    /// Returns what is about a record: what it refers to, of a customer its family, of an opportunity its contracts, and
    /// the follow-ups with any of them, and their reviews; of an article the tickets it answered.
    fn relatives(&self, record: &Record) -> Result<Vec<Record>> {
        let number = record.number.as_str();
        if record.kind == ARTICLE {
            return self.find_by_key(&use_key(number));
        }
        let mut found = match (record.kind, customer_of(record)) {
            (kind, _) if kind == CUSTOMER => self.find_by_key(&family_key(number))?,
            (kind, Some(customer)) if kind == OPPORTUNITY => {
                let mut family = self.find_by_key(&family_key(customer))?;
                family.retain(|one| one.kind == CONTRACT && one.text("opportunity") == Some(number));
                family
            }
            _ => Vec::new(),
        };
        // Users and products are loaded whole.
        let is_wanted = |kind: &&Kind| ![USER, PRODUCT].contains(kind);
        for reference in references(&record.row) {
            let Some(number) = Number::parse(reference.number) else { continue };
            for kind in reference.kinds.iter().filter(is_wanted) {
                found.extend(self.repo.load_one(*kind, &number, &self.source)?.map(|(record, _)| record));
            }
        }
        let subjects = found.iter().chain([record]).filter(|one| SUBJECTS.contains(&one.kind));
        let keys = |number: &str| [subject_key(number), review_key(number)];
        let threads: BTreeSet<String> = subjects.flat_map(|one| keys(one.number.as_str())).collect();
        for thread in threads {
            found.extend(self.find_by_key(&thread)?);
        }
        Ok(found)
    }

    /// Returns the commit that is read instead of the work tree, if one is.
    pub fn past(&self) -> Option<Oid> {
        match self.source {
            Source::Commit(commit) => Some(commit),
            Source::WorkTree => None,
        }
    }

    /// Says, once a command, that the history is not all there, where it is not.
    pub fn note_shallow(&self) -> Result<()> {
        let boundary = self.repo.boundary()?;
        if let Some(first) = boundary.first()
            && !self.told_shallow.replace(true)
        {
            let first = &first.to_string()[..8];
            (self.options.note)(words!(
                "this clone is shallow: history before `{first}` is missing; `git fetch --unshallow` brings it",
                "此克隆是浅克隆：缺少 `{first}` 之前的历史；`git fetch --unshallow` 可取回"
            ));
        }
        Ok(())
    }

    /// Refuses to write while the past is being read.
    pub fn writable(&self) -> Result<()> {
        if self.options.as_of.is_none() {
            return Ok(());
        }
        Err(Failure::usage(words!("the past cannot be changed", "不能修改过去的数据"))
            .hint(words!("leave `--as-of` out to change the present", "去掉 `--as-of` 才能修改当前数据")))
    }
}

/// Returns the failure of a record that does not exist.
pub fn missing(kind: Kind, number: &str) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::not_found(words!("there is no {en} `{number}`", "没有编号为 `{number}` 的{zh}"))
        .hint(words!("`kehu {kind} list` shows the numbers there are", "用 `kehu {kind} list` 列出已有编号"))
}

/// Returns what `--as-of` reads, and the moment it means.
///
/// Fails with exit code 4 when it names nothing.
pub fn past(repo: &Repo, text: &str, now: DateTime<Tz>) -> Result<(Source, DateTime<Tz>)> {
    let commit = repo.resolve(text, &now.timezone())?;
    Ok((Source::Commit(commit), as_of_moment(repo, text, commit, now)?))
}

/// Returns the moment that `--as-of` means: the end of a day, a moment itself, or when a revision was committed.
fn as_of_moment(repo: &Repo, text: &str, commit: Oid, now: DateTime<Tz>) -> Result<DateTime<Tz>> {
    let zone = now.timezone();
    let stated = parse_moment(text, DateOrder::Unstated).and_then(|moment| match moment {
        Moment::Day(day) => day.and_hms_opt(23, 59, 59).and_then(|end| zone.from_local_datetime(&end).latest()),
        other => other.fixed(&zone).map(|moment| moment.with_timezone(&zone)),
    });
    match stated {
        Some(moment) => Ok(moment.min(now)),
        None => Ok(repo.commit_time(commit)?.with_timezone(&zone)),
    }
}

/// The keys by which records are found: what makes them the same, what a follow-up or a review is about, to which
/// customer a record belongs, which article a ticket names, and the numbers of records that were merged into it.
const KEYER: Keyer = Keyer { version: 5, keys: keys_of };

fn keys_of(record: &Record) -> Vec<String> {
    let mut keys: Vec<String> = exact_keys(record).iter().map(key_text).collect();
    keys.extend(record.text("subject").filter(|_| record.kind == FOLLOWUP).map(subject_key));
    keys.extend(customer_of(record).map(family_key));
    keys.extend(record.text("opportunity").filter(|_| record.kind == REVIEW).map(review_key));
    keys.extend(record.texts(MERGED_FROM).iter().map(|number| merged_key(number)));
    keys.extend(record.text("article").filter(|_| record.kind == TICKET).map(use_key));
    keys
}

/// Returns the text a key is looked up by.
pub fn key_text(key: &DedupeKey) -> String {
    format!("{:?}:{}", key.kind, key.text)
}

/// Returns the key of the follow-ups of a subject.
pub fn subject_key(number: &str) -> String {
    format!("subject:{number}")
}

/// Returns the key of what a record of this number was merged into.
pub fn merged_key(number: &str) -> String {
    format!("merged:{number}")
}

/// Returns the key of the reviews of an opportunity.
fn review_key(number: &str) -> String {
    format!("review:{number}")
}

/// Returns the key of the tickets that name an article.
fn use_key(number: &str) -> String {
    format!("article:{number}")
}

/// Returns the key of the leads and opportunities that belong to a customer.
pub fn family_key(number: &str) -> String {
    format!("family:{number}")
}

/// Reads the configuration.
///
/// Fails with exit code 6, or 11 for a newer format, naming every place that is wrong.
pub fn read_config(repo: &Repo, source: &Source) -> Result<Config> {
    let trouble = RefCell::new(None);
    let read = |path: &str| {
        repo.read_text(source, path).unwrap_or_else(|failure| {
            trouble.borrow_mut().get_or_insert(failure);
            None
        })
    };
    let config = Config::parse(&read);
    match trouble.into_inner() {
        Some(failure) => Err(failure),
        None => config.map_err(|findings| unreadable(&findings)),
    }
}

/// How many findings a failure names besides the first.
const SHOWN: usize = 19;

/// Makes one failure of findings: the first in the message, the next as details.
pub fn unreadable(findings: &[Finding]) -> Failure {
    let newer = findings.iter().any(|finding| finding.problem.code == "newer-format");
    let exit = if newer { Exit::Newer } else { Exit::Invalid };
    let mut lines = findings.iter().map(describe);
    let failure = Failure::new(exit, lines.next().unwrap_or_default());
    lines.take(SHOWN).fold(failure, Failure::detail)
}

/// Returns `path:line:column: what is wrong; what would mend it`.
pub fn describe(finding: &Finding) -> Words {
    // What is wrong with a file as a whole stands at its beginning, where an editor can jump to.
    let place = format!("{}:{}:{}", finding.path, finding.line.max(1), finding.column.max(1));
    Words::join([&Words::same(place), &said(&finding.problem)], ": ", "：")
}

/// Returns what is wrong and, where it is known, what would mend it.
pub fn said(problem: &Problem) -> Words {
    match &problem.mend {
        Some(mend) => Words::join([&problem.message, mend], "; ", "；"),
        None => problem.message.clone(),
    }
}
