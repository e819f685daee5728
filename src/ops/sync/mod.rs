//! Sync: fetch, merge, push, until the remote has all of ours and we have all of theirs.
//!
//! Somebody else may push between our fetch and our push; then it begins anew, a bounded number of times. What was
//! merged here stays here whatever becomes of the push, and what could not be pushed is said, with a failure.
//! A push is judged by what the remote has afterwards, not by what git says: so neither a language nor a connection
//! that breaks after the remote has taken it can mislead.
//!
//! *Invariants:* nothing is swept into a commit; a hand edit to a file that the merge would change refuses it before
//! anything happens; the remote only ever gains commits.

pub mod auto;
mod branch;
mod people;
mod refused;
mod result;

pub use branch::{Taken, merge_branch};
pub use result::{Act, Brought, FileStep, MetRecord, Synced};

use super::Session;
use super::batch::operation;
use super::sound::broken_config;
use crate::record::{Exit, Failure, Result};
use crate::store::{
    CommitInfo, Merge, Message, Network, Oid, Pushed, RENUMBERED, Remote, Renumbered, Transaction, Way, path_of,
};
use crate::words;
use people::People;
use std::time::Duration;

/// How often somebody else may push first.
const ROUNDS: usize = 20;

/// How often a remote that stays where it was may turn a push down: once it may have been busy with another.
const REFUSALS: usize = 2;

/// The longest pause before the next round.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What to sync with, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOptions {
    /// The remote; the upstream's when none is said.
    pub remote: Option<String>,
    /// How to go over the network.
    pub network: Network,
}

/// Brings the checked-out branch and its counterpart of a remote in step; a dry run fetches and merges, but writes
/// nothing and pushes nothing.
///
/// Fails with nothing merged when the remote cannot be reached, with exit code 5 when hand edits stand in the way, 9
/// while another process syncs, 11 when a newer kehu made what was fetched. Once something was merged, what goes
/// wrong is in the result.
pub fn sync(session: &Session, options: &SyncOptions) -> Result<Synced> {
    session.writable()?;
    let remote = session.repo.remote(options.remote.as_deref())?;
    let _lock = session.repo.begin_sync(&session.write_options("sync"))?;
    let mut rounds = Rounds { session, remote: &remote, options, people: People::new(session) };
    rounds.run()
}

/// The rounds of a sync.
struct Rounds<'s> {
    session: &'s Session,
    remote: &'s Remote,
    options: &'s SyncOptions,
    people: People<'s>,
}

/// A push that was turned down, and where the remote was when it was.
struct Refused {
    seen: Option<Oid>,
    times: usize,
    why: Failure,
}

impl Rounds<'_> {
    fn run(&mut self) -> Result<Synced> {
        let repo = &self.session.repo;
        let mut synced = Synced::new(self.remote, self.session.options.dry_run);
        let mut refused: Option<Refused> = None;
        for round in 0..ROUNDS {
            let (theirs, merge) = match self.fetch_and_merge(&mut synced) {
                Ok(both) => both,
                // Before anything was merged there is nothing to tell but this.
                Err(failure) if round == 0 => return Err(failure),
                Err(failure) => return self.stay(synced, failure),
            };
            let head = repo.head()?.ok_or_else(nothing_here)?;
            let dry_run = self.session.options.dry_run;
            synced.went(repo, theirs, head, merge.as_ref().filter(|_| dry_run))?;
            if dry_run {
                return Ok(synced);
            }
            if theirs.map_or(Ok(false), |theirs| repo.has_all_of(theirs, head))? {
                return self.done(synced);
            }
            if let Some(last) = refused.take_if(|last| last.seen == theirs && last.times >= REFUSALS) {
                let why = refused::with_way_out(self.session, last.why, self.remote, [theirs, Some(head)])?;
                return self.stay(synced, why);
            }
            match repo.push(self.remote, head, self.options.network) {
                Ok(Pushed::Yes) => return self.done(synced),
                Ok(Pushed::No(why)) => {
                    let times = refused.filter(|last| last.seen == theirs).map_or(1, |last| last.times + 1);
                    refused = Some(Refused { seen: theirs, times, why });
                }
                Err(failure) => return self.stay(synced, failure),
            }
            pause(round);
        }
        let why = refused.map_or_else(|| always_first(self.remote), |last| last.why);
        self.stay(synced, why)
    }

    /// Returns what the remote has, and the merge it took, if there was anything new.
    fn fetch_and_merge(&self, synced: &mut Synced) -> Result<(Option<Oid>, Option<Merge>)> {
        let theirs = self.session.repo.fetch(self.remote, self.options.network)?;
        Ok((theirs, theirs.map_or(Ok(None), |theirs| self.merge(theirs, synced))?))
    }

    fn merge(&self, theirs: Oid, synced: &mut Synced) -> Result<Option<Merge>> {
        let session = self.session;
        let head = session.repo.head()?;
        if head.map_or(Ok(false), |head| session.repo.has_all_of(head, theirs))? {
            return Ok(None);
        }
        let mut tx = session.repo.begin(&session.write_options("sync"))?;
        let shown = self.remote.shown();
        let who = |commit: &CommitInfo| self.people.login(commit);
        let merge = tx.merge_in(theirs, &who, &shown)?;
        refuse_broken_config(&tx, &shown)?;
        let subject = subject(&shown, &merge);
        synced.came(&session.repo, head, theirs, &merge)?;
        if session.options.dry_run || merge.way == Way::Nothing {
            return Ok(Some(merge));
        }
        let subject = session.options.message.clone().unwrap_or(subject);
        commit(session, tx, subject, &merge)?;
        note_stale_branches(session, theirs, &merge)?;
        Ok(Some(merge))
    }

    fn done(&self, mut synced: Synced) -> Result<Synced> {
        synced.is_pushed = true;
        self.session.repo.remember_upstream(self.remote)?;
        Ok(synced)
    }

    /// Ends with something that is here and not there.
    fn stay(&self, mut synced: Synced, failure: Failure) -> Result<Synced> {
        let (shown, n) = (self.remote.shown(), synced.commits_out);
        let hint = words!(
            "what is not in `{shown}` stays here ({n} commits); `kehu sync` tries again",
            "尚未进入 `{shown}` 的内容仍保留在本地（{n} 次提交）；`kehu sync` 会再次尝试"
        );
        // What was merged has happened, and stays.
        let exit = if synced.commits_in > 0 { Exit::Partly } else { failure.exit };
        synced.failure = Some(Failure { exit, ..failure }.hint(hint));
        Ok(synced)
    }
}

/// Refuses a merge after which the configuration could not be read: no command would work here any more.
fn refuse_broken_config(tx: &Transaction<'_>, shown: &str) -> Result<()> {
    broken_config(tx)?.map_or(Ok(()), |why| Err(unusable(why, shown)))
}

/// Commits a merge that was prepared, with a line for each record that got another number.
fn commit(session: &Session, tx: Transaction<'_>, subject: String, merge: &Merge) -> Result<Option<Oid>> {
    let mut trailers = operation(session, tx.base(), &subject, session.on_behalf_of()?);
    let moved = merge.moved.iter().map(|one| format!("{} {} {}", one.kind.name, one.old, one.new));
    trailers.extend(moved.map(|moved| (RENUMBERED.to_string(), moved)));
    tx.commit(&Message { trailers, ..Message::new(subject) })
}

/// Says which branches still call a record by the number that is another's now: git would merge the two.
fn note_stale_branches(session: &Session, theirs: Oid, merge: &Merge) -> Result<()> {
    for Renumbered { kind, old, new } in &merge.moved {
        for branch in session.repo.branches_with(&path_of(*kind, old), theirs)? {
            (session.options.note)(words!(
                "the branch `{branch}` has `{old}` for what is `{new}` now: `kehu merge` refuses it, plain git would mix the two",
                "分支 `{branch}` 中的 `{old}` 现为 `{new}`：`kehu merge` 会拒绝合入，直接用 git 合并会混淆两条记录"
            ));
        }
    }
    Ok(())
}

/// Waits a little longer each round, and not as long as the next process, so that two do not keep meeting.
fn pause(round: usize) {
    let step = Duration::from_millis(20 + u64::from(std::process::id() % 31));
    std::thread::sleep((step * (1 << round.min(6))).min(LONGEST_PAUSE));
}

/// Says what a merge brought: `sync: merge origin/main, renumber 2, 1 in conflict`.
fn subject(upstream: &str, merge: &Merge) -> String {
    match merge.way {
        Way::Forward => format!("sync: forward to {upstream}"),
        _ => format!("sync: merge {upstream}{}", extent(merge)),
    }
}

/// Says what of a merge wants a look: `, renumber 2, 1 in conflict`.
fn extent(merge: &Merge) -> String {
    let torn = merge.met.iter().filter(|one| result::is_torn(one)).count();
    let parts = [(merge.moved.len(), "renumber"), (torn, "in conflict")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| match *what {
        "renumber" => format!(", renumber {count}"),
        what => format!(", {count} {what}"),
    });
    parts.collect()
}

fn nothing_here() -> Failure {
    Failure::conflict(words!("there is no commit yet", "尚无任何提交"))
        .hint(words!("`kehu commit` makes the first one", "用 `kehu commit` 完成第一次提交"))
}

fn always_first(remote: &Remote) -> Failure {
    let shown = remote.shown();
    Failure::failed(words!("somebody else always pushed to `{shown}` first", "总有他人抢先推送到 `{shown}`"))
}

fn unusable(why: Failure, upstream: &str) -> Failure {
    let Failure { message, details, .. } = why;
    let failure = Failure::invalid(words!(
        "with what `{upstream}` has, the configuration cannot be read; nothing was merged",
        "并入 `{upstream}` 后配置将无法读取；未合并任何内容"
    ));
    let failure = details.into_iter().fold(failure.detail(message), Failure::detail);
    failure.hint(words!(
        "mend it in the clone it came from, or so that both fit here, `kehu commit`, and run it again",
        "请在其来源处修正，或在本地调整使两者相容，`kehu commit` 后重试"
    ))
}
