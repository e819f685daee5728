//! A push judged on the server, before any branch moves: `kehu hook pre-receive`.
//!
//! Every commit that no reference of the server has yet is judged by itself, after its parents: who made it must be a
//! user (`makers`), whose role allows what it changes, and what it changes must hold by the rules of `check`
//! (`rules`), and what sales claim from the pool within its limits (`claims`). Of a merge that is what differs from
//! bringing its parents together (`merges`). What only the result
//! shows, references and numbers used before, is looked at in the new tip (`tip`).
//!
//! *Invariants:* the users that count are those of the main branch as the server has it, with what commits of the push
//! that were accepted before changed of them: so nobody becomes an admin by a push, and who was one no more is none
//! on an old branch either. One complaint refuses the whole push.
//!
//! *Absent on purpose:* reading, which a server cannot withhold from who may fetch.

mod claims;
mod gates;
mod makers;
mod merges;
mod odd;
mod rules;
mod tip;

use super::access::{Change, TakenBack, changed_policy, policy_of, refusals};
use super::pool::limits::{Claim, Reverted};
use super::session::{describe, unreadable};
use crate::record::{Exit, Failure, Finding, Problem, Result, Severity, Words};
use crate::rules::Config;
use crate::rules::access::Policy;
use crate::store::{Branches, Oid, Repo, Source, codec};
use crate::words;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The largest file that is read: no record and no configuration is larger.
const LARGEST: usize = 16 << 20;

/// How many complaints a refusal names.
const NAMED: usize = 20;

/// A reference that is to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Where it was; none when it is new.
    pub old: Option<Oid>,
    /// Where it is to be; none when it is to go.
    pub new: Option<Oid>,
    /// Its full name.
    pub name: String,
}

/// What is wrong with a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The commit; none when it is about a reference, or the result.
    pub commit: Option<Oid>,
    /// What it is.
    pub words: Words,
    /// Whether somebody may not do it; else it breaks a rule.
    pub is_denied: bool,
}

/// The configuration of a commit.
struct ReadConfig {
    /// What it was read from: `kehu.toml` and `config/`.
    of: [Option<Oid>; 2],
    /// As it says, or every default where it has a mistake.
    config: Config,
    /// The mistakes.
    mistakes: Vec<Finding>,
}

/// A push being judged.
struct Push<'r> {
    repo: &'r Repo,
    now: DateTime<Tz>,
    pusher: Option<String>,
    /// Where the main branch is.
    main: Option<Oid>,
    policy: Arc<Policy>,
    judged: HashSet<Oid>,
    /// What users claimed from the pool, by login and day.
    claimed: HashMap<(String, NaiveDate), HashSet<Claim>>,
    /// The configuration read last.
    config: Option<Arc<ReadConfig>>,
    complaints: Vec<Complaint>,
}

/// Judges a push; `pusher` is who the server says pushes, where it does.
///
/// Fails with exit code 7 when somebody may not what was done, 6 when it breaks a rule; each line names the commit and
/// the place. Fails with exit code 11 when a newer kehu made what is pushed.
pub fn receive(repo: &Repo, updates: &[Update], pusher: Option<String>, now: DateTime<Tz>) -> Result<()> {
    let branches = repo.branches()?;
    let after = branches.after(updates.iter().map(|update| (update.name.as_str(), update.new.is_some())));
    let main = main_branch(repo, &branches, &after)?;
    let tip = branches.main().map(|name| repo.tip_of(name)).transpose()?.flatten();
    let policy = Arc::new(policy_of(repo, tip, now.date_naive())?);
    let (judged, claimed, complaints) = (HashSet::new(), HashMap::new(), Vec::new());
    let mut push = Push { repo, now, pusher, main: tip, policy, judged, claimed, config: None, complaints };
    let is_main = |update: &Update| Some(update.name.as_str()) == main;
    // What becomes of the main branch decides about the others.
    let mut updates: Vec<&Update> = updates.iter().collect();
    updates.sort_by_key(|update| !is_main(update));
    for update in updates {
        push.update(update, is_main(update))?;
    }
    if push.complaints.is_empty() { Ok(()) } else { Err(refusal(push.complaints)) }
}

/// Returns the branch whose users count: the main one, or on the first push the one that will be.
///
/// Fails when it cannot be told which that is, or will be another after the push: then who has a role on one branch
/// would choose who has one on all of them. None when nothing is on the server and no branch comes.
fn main_branch<'b>(repo: &Repo, before: &'b Branches, after: &'b Branches) -> Result<Option<&'b str>> {
    let refused = |words: Words| Err(refusal(vec![Complaint { commit: None, words, is_denied: true }]));
    let (head, dir) = (before.head().unwrap_or("HEAD"), repo.root().display());
    match (before.main(), after.main()) {
        (None, None) if before.is_empty() && after.is_empty() => Ok(None),
        (None, main @ Some(_)) if before.is_empty() => Ok(main),
        (None, _) => refused(words!(
            "which branch is the main one cannot be told, for `{head}` is not there; whoever runs the server says it: \
             `git --git-dir {dir} symbolic-ref HEAD refs/heads/main`",
            "无法确定主分支，因为 `{head}` 不存在；请服务器管理员指定：`git --git-dir {dir} symbolic-ref HEAD refs/heads/main`"
        )),
        // One that goes is judged where it goes.
        (Some(main), now) if now != Some(main) && after.has(main) => refused(words!(
            "`{main}` would no longer be the main branch, for `{head}` is not there; whoever runs the server keeps it so: \
             `git --git-dir {dir} symbolic-ref HEAD {main}`",
            "`{main}` 将不再是主分支，因为 `{head}` 不存在；请服务器管理员固定：`git --git-dir {dir} symbolic-ref HEAD {main}`"
        )),
        (main, _) => Ok(main),
    }
}

/// Returns the failure that complaints come to.
fn refusal(complaints: Vec<Complaint>) -> Failure {
    let exit = if complaints.iter().any(|one| one.is_denied) { Exit::Denied } else { Exit::Invalid };
    let more = complaints.len().saturating_sub(NAMED);
    let failure =
        Failure::new(exit, words!("the push is refused, and nothing of it was taken", "推送被拒绝，未接受任何内容"));
    let failure = complaints.into_iter().take(NAMED).fold(failure, |failure, one| failure.detail(one.into_words()));
    match more {
        0 => failure,
        _ => failure.detail(words!("and {more} more", "另有 {more} 项")),
    }
}

impl Complaint {
    fn into_words(self) -> Words {
        let Some(commit) = self.commit else { return self.words };
        let short: String = commit.to_string().chars().take(8).collect();
        Words::join([&words!("commit {short}", "提交 {short}"), &self.words], ": ", "：")
    }
}

impl Push<'_> {
    fn complain(&mut self, commit: Option<Oid>, words: Words) {
        self.complaints.push(Complaint { commit, words, is_denied: true });
    }

    fn complain_of(&mut self, commit: Option<Oid>, finding: &Finding) {
        let is_denied = finding.problem.code == "denied";
        self.complaints.push(Complaint { commit, words: describe(finding), is_denied });
    }

    fn update(&mut self, update: &Update, is_main: bool) -> Result<()> {
        let Update { old, new, name } = update;
        let may_rewind = !is_main || self.policy.rules().rewind;
        let Some(new) = new else {
            if !may_rewind {
                self.complain(None, words!("`{name}` is the main branch and stays", "`{name}` 是主分支，不能删除"));
            }
            return Ok(());
        };
        if name.starts_with("refs/replace/") {
            self.complain(None, words!("`{name}` would replace what others see", "`{name}` 会替换他人看到的内容"));
            return Ok(());
        }
        let Some(new) = self.repo.commit_of(*new) else {
            self.complain(None, words!("`{name}` would lead to no commit", "`{name}` 将不指向任何提交"));
            return Ok(());
        };
        if let Some(old) = old
            && !may_rewind
            && !self.repo.follows(new, *old)?
        {
            let message = words!(
                "`{name}` would lose commits (a forced push); fetch and merge them first",
                "`{name}` 将丢失提交（强制推送）；请先获取并合并"
            );
            self.complain(None, message);
            return Ok(());
        }
        for commit in self.repo.new_commits(new)? {
            if self.complaints.len() <= NAMED && self.judged.insert(commit) {
                self.commit(commit)?;
            }
        }
        if self.complaints.is_empty() { self.tip(old.and_then(|old| self.repo.commit_of(old)), new) } else { Ok(()) }
    }

    /// Judges one commit.
    fn commit(&mut self, commit: Oid) -> Result<()> {
        let info = self.repo.commit_info(commit)?;
        let parents = &info.parents;
        let changes = match parents.as_slice() {
            [] => self.changes(None, commit)?,
            [parent] => self.changes(Some(*parent), commit)?,
            [one, other] => self.own_of_merge(commit, [*one, *other])?,
            _ => {
                self.complain(Some(commit), words!("it joins more than two histories", "它合并了两个以上的历史"));
                return Ok(());
            }
        };
        let before = self.complaints.len();
        let makers = self.makers(commit)?;
        for maker in &makers {
            let parent = parents.first().copied().filter(|_| parents.len() == 1);
            let taken_back = TakenBack::find(maker, self.repo, parent, Reverted::of(&info).undone())?;
            let refused = refusals(maker, &changes, self.repo, Some(Source::Commit(commit)), taken_back.as_ref());
            let problem = |(change, refusal): (&Change, Box<crate::rules::access::Refusal>)| {
                let text = change.after.as_deref().or(change.before.as_deref()).unwrap_or_default();
                codec::place(&change.path, text, refusal.into_problem())
            };
            let findings: Vec<Finding> = refused.into_iter().map(problem).collect();
            findings.iter().for_each(|finding| self.complain_of(Some(commit), finding));
        }
        let after = changed_policy(&self.policy, &changes);
        if let Some(maker) = makers.last().filter(|_| changes.iter().any(Change::is_policy))
            && let Err(failure) = self.policy.refuse_lock_out(&after, maker.email())
        {
            self.complain(Some(commit), failure.message);
        }
        self.claims(&info, &changes, &makers)?;
        self.gates(&info, &changes)?;
        self.odd(commit, parents, &makers)?;
        self.rules(commit, parents, &changes)?;
        if self.complaints.len() == before {
            self.policy = Arc::new(after);
        }
        Ok(())
    }

    /// Returns the files that differ between two commits, with their text where it matters.
    fn changes(&self, before: Option<Oid>, after: Oid) -> Result<Vec<Change>> {
        let found = self.repo.changes_between(before, after, "")?;
        found.into_iter().map(|(path, was, is)| Ok(self.change(path, was, is))).collect()
    }

    fn change(&self, path: String, was: Option<Oid>, is: Option<Oid>) -> Change {
        let text = |blob: Option<Oid>| blob.map(|blob| self.text(&path, blob));
        Change { before: text(was), after: text(is), path }
    }

    /// Returns the text of a file; that of one which is no text is empty, and said by the rules.
    fn text(&self, path: &str, blob: Oid) -> String {
        let is_read = path.ends_with(".toml") && self.repo.blob_size(blob).is_ok_and(|size| size <= LARGEST);
        let bytes = if is_read { self.repo.blob(blob).unwrap_or_default() } else { Vec::new() };
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Returns the configuration of a commit.
    fn config(&mut self, commit: Oid) -> Result<Arc<ReadConfig>> {
        let held = self.repo.held(Some(commit))?;
        let of = [held.object("kehu.toml")?, held.object("config")?];
        if let Some(known) = self.config.as_ref().filter(|known| known.of == of) {
            return Ok(known.clone());
        }
        let text = |path: &str| self.repo.read_text(&Source::Commit(commit), path).ok().flatten();
        let (config, mistakes) = match Config::parse(&text) {
            Ok(config) => (config, Vec::new()),
            Err(findings) if findings.iter().any(|finding| finding.problem.code == "newer-format") => {
                return Err(unreadable(&findings));
            }
            Err(findings) => (Config::default(), findings),
        };
        let read = Arc::new(ReadConfig { of, config, mistakes });
        self.config = Some(read.clone());
        Ok(read)
    }
}

/// Tells whether a problem is one to refuse for.
fn is_error(problem: &Problem) -> bool {
    problem.severity == Severity::Error
}
