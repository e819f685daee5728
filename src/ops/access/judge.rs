//! Changes judged: of files about to be committed, or of commits that were pushed.

use super::actor::Acting;
use super::taken_back::TakenBack;
use crate::ops::Session;
use crate::ops::gates::is_guarded;
use crate::ops::pool::limits::{Claim, Reverted, claims, refuse_limits};
use crate::record::{CONTRACT, Exit, Failure, Kind, MERGED_FROM, Number, Record, Result, USER, Words};
use crate::rules::access::{Access, Member, Policy, Refusal, Role, Standing, Subject};
use crate::rules::config::{ACCESS, AccessRules};
use crate::rules::family::customer_of;
use crate::rules::references::SUBJECTS;
use crate::store::{HandEdit, Judge, Message, Repo, Source, Written, codec, parse_path};
use crate::words;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// How many refusals a failure names besides the first.
const NAMED: usize = 9;

/// A file as it was and as it is to be.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its path from the repository's top.
    pub path: String,
    /// What it held; none when it is new.
    pub before: Option<String>,
    /// What it is to hold; none when it is removed.
    pub after: Option<String>,
}

/// A record before and after a change.
pub type Records = [Option<Record>; 2];

impl Change {
    /// Returns the record it was and the record it will be; none for a file that is no record.
    pub fn records(&self) -> Option<Records> {
        let (kind, number) = parse_path(&self.path)?;
        let read = |text: &Option<String>| text.as_ref().map(|text| record_of(kind, &number, text));
        Some([read(&self.before), read(&self.after)])
    }

    /// Tells whether users or rules of access are changed by it.
    pub fn is_policy(&self) -> bool {
        is_policy(&self.path)
    }
}

/// Returns the record; one that does not parse has no fields, and so is nobody's.
fn record_of(kind: Kind, number: &Number, text: &str) -> Record {
    codec::parse(kind, number, text).0.unwrap_or_else(|| Record::new(kind, number.clone()))
}

fn is_policy(path: &str) -> bool {
    path == ACCESS || parse_path(path).is_some_and(|(kind, _)| kind == USER)
}

/// Returns the policy as changes leave it.
pub fn changed_policy<'c>(policy: &Policy, changes: impl IntoIterator<Item = &'c Change>) -> Policy {
    let mut after = policy.clone();
    for change in changes {
        let Change { path, after: text, .. } = change;
        if path == ACCESS {
            let rules = text.as_deref().map(|text| AccessRules::parse(text, ACCESS));
            after.set_rules(rules.and_then(|rules| rules.ok()).unwrap_or_default());
        } else if let Some((_, login)) = parse_path(path).filter(|(kind, _)| *kind == USER) {
            let member = text.as_ref().map(|text| Member::of(&record_of(USER, &login, text)));
            after.put(login.as_str(), member);
        }
    }
    after
}

/// Returns which of these changes are refused, in their order; `repo` at `source` has what they do not touch.
///
/// `taken_back` is the operation that they take back, if they do.
pub fn refusals<'c>(
    access: &Access,
    changes: &'c [Change],
    repo: &Repo,
    source: Option<Source>,
    taken_back: Option<&TakenBack<'_>>,
) -> Vec<(&'c Change, Box<Refusal>)> {
    if access.may_all() {
        return Vec::new();
    }
    let read: Vec<Option<Records>> = changes.par_iter().map(Change::records).collect();
    let known = SubjectsThere::new(&read, repo, source);
    let merged = merged_away(&read);
    let judge = |(change, records): (&'c Change, &Option<Records>)| {
        let refused = match records {
            // What goes into another stays in it: who may change it may let it.
            Some([Some(before), None]) if merged.contains(&(before.kind, before.number.as_str())) => {
                access.may_write(Some(before), Some(before), &|number| known.find(number))
            }
            Some([before, after]) => access.may_write(before.as_ref(), after.as_ref(), &|number| known.find(number)),
            None => access.may_write_file(&change.path, &|number| known.find(number)),
        };
        // What one added oneself may go again, whoever may not remove.
        let is_own = || taken_back.is_some_and(|operation| operation.has_added(change));
        refused.err().filter(|_| !is_own()).map(|refusal| (change, refusal))
    };
    changes.iter().zip(&read).filter_map(judge).collect()
}

/// Returns the records that changes note as merged into another of their kind.
fn merged_away(read: &[Option<Records>]) -> HashSet<(Kind, &str)> {
    let mut found = HashSet::new();
    for [before, after] in read.iter().flatten() {
        let Some(after) = after else { continue };
        let known = before.as_ref().map_or(&[][..], |before| before.texts(MERGED_FROM));
        let new = after.texts(MERGED_FROM).iter().filter(|number| !known.contains(number));
        found.extend(new.map(|number| (after.kind, &**number)));
    }
    found
}

/// The leads, customers, opportunities and contracts that changes are about: as the changes leave them, else as they are.
struct SubjectsThere<'a> {
    changed: HashMap<&'a str, &'a Record>,
    repo: &'a Repo,
    source: Option<Source>,
}

impl<'a> SubjectsThere<'a> {
    fn new(read: &'a [Option<Records>], repo: &'a Repo, source: Option<Source>) -> SubjectsThere<'a> {
        let records = read.iter().flatten().filter_map(|[before, after]| after.as_ref().or(before.as_ref()));
        let subjects = records.filter(|record| SUBJECTS.contains(&record.kind) || record.kind == CONTRACT);
        let changed = subjects.map(|record| (record.number.as_str(), record)).collect();
        SubjectsThere { changed, repo, source }
    }

    fn find(&self, number: &str) -> Option<Subject> {
        match self.changed.get(number) {
            Some(record) => Some(subject_of(record)),
            None => subject_in(self.repo, &self.source?, number),
        }
    }
}

/// Returns the lead, customer, opportunity or contract with a number.
pub fn subject_in(repo: &Repo, source: &Source, number: &str) -> Option<Subject> {
    let number = Number::parse(number)?;
    // A contract is nothing that follow-ups are about, but has attachments.
    SUBJECTS
        .into_iter()
        .chain([CONTRACT])
        .find_map(|kind| Some(subject_of(&repo.load_one(kind, &number, source).ok()??.0)))
}

/// Returns a lead, customer, opportunity or contract as what something is about.
pub fn subject_of(record: &Record) -> Subject {
    let [owner, customer] = [record.text("owner"), customer_of(record)].map(|text| text.map(str::to_string));
    Subject { kind: record.kind, owner, customer }
}

impl Judge for Session {
    fn judge(&self, written: &[Written<'_>], message: &Message) -> Result<()> {
        // Most changes are made where nothing is withheld, and need not be taken apart.
        let is_free = self.acting()?.commit == self.repo.head()? && self.access()?.may_all();
        let is_asked_for = |one: &&Written<'_>| !is_free || is_policy(one.path) || is_guarded(one.path);
        if !written.iter().any(|one| is_asked_for(&one)) {
            return Ok(());
        }
        self.refuse(&self.changes(written)?, Reverted::by(message))
    }
}

impl Session {
    /// Refuses hand edits as committing them would.
    pub fn judge_edits(&self, edits: &[HandEdit]) -> Result<()> {
        let head = self.repo.head()?;
        // A file that is no text is there all the same.
        let text = |source: Source, path: &str| {
            let bytes = self.repo.read_bytes(&source, path).unwrap_or_default();
            bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        };
        let before = |path: &str| head.and_then(|head| text(Source::Commit(head), path));
        let change = |edit: &HandEdit| Change {
            path: edit.path.clone(),
            before: before(&edit.path),
            after: text(Source::WorkTree, &edit.path),
        };
        self.refuse(&edits.iter().map(change).collect::<Vec<_>>(), Reverted::default())
    }

    /// Refuses with exit code 7 what is not the acting person's to write, naming each file up to ten, and what sales
    /// claim beyond the limits of the pool.
    fn refuse(&self, changes: &[Change], reverted: Reverted<'_>) -> Result<()> {
        let head = self.repo.head()?;
        let known = self.acting()?;
        // Another process may have changed who may what since the command began.
        let fresh = if known.commit == head { None } else { Some(self.make_acting(head)?) };
        let Acting { access, .. } = fresh.as_ref().unwrap_or(known);
        let taken_back = TakenBack::find(access, &self.repo, head, reverted.undone())?;
        let refused = refusals(access, changes, &self.repo, head.map(Source::Commit), taken_back.as_ref());
        if let Some(failure) = denied(refused) {
            return Err(failure);
        }
        self.refuse_shut(changes, reverted.is_any())?;
        if let Standing::Member(Member { login, .. }, Role::Sales) = access.standing() {
            let claimed: Vec<Claim> = claims(changes, login).into_iter().map(|(_, claim)| claim).collect();
            if !claimed.is_empty() {
                refuse_limits(self, login, &claimed, reverted)?;
            }
        }
        if !changes.iter().any(Change::is_policy) {
            return Ok(());
        }
        let after = changed_policy(access.policy(), changes);
        access.policy().refuse_lock_out(&after, &self.repo.identity()?.email)
    }

    fn changes(&self, written: &[Written<'_>]) -> Result<Vec<Change>> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let change = |one: &Written<'_>| {
            let before = one.before.map(|blob| self.repo.blob(blob)).transpose()?;
            let after = one.after.map(text);
            Ok(Change { path: one.path.to_string(), before: before.as_deref().map(text), after })
        };
        written.iter().map(change).collect()
    }
}

/// Makes one failure of refusals; none of none.
fn denied(refused: Vec<(&Change, Box<Refusal>)>) -> Option<Failure> {
    let more = refused.len().saturating_sub(NAMED + 1);
    let is_one = refused.len() == 1;
    let mut failure: Option<Failure> = None;
    for (change, refusal) in refused.into_iter().take(NAMED + 1) {
        let place = |sentence: Words| Words::join([&Words::same(change.path.as_str()), &sentence], ": ", "：");
        failure = Some(match failure {
            None if is_one => refusal.into_failure(),
            None => {
                let Failure { message, hints, .. } = refusal.into_failure();
                hints.into_iter().fold(Failure::new(Exit::Denied, place(message)), Failure::hint)
            }
            Some(failure) => failure.detail(place(refusal.sentence())),
        });
    }
    match more {
        0 => failure,
        _ => failure.map(|failure| failure.detail(words!("and {more} more", "另有 {more} 项"))),
    }
}
