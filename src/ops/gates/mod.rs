//! The gates of stages, held at every commit: whatever command changes an opportunity, its contracts or its files, none
//! leaves one in a stage without its materials, or takes it past a stage.
//!
//! One rule for commands, asked under the lock, and for pushed commits, asked on the server. What was missing before, in
//! the same stage, is not held against a change. An attachment is one whose file is there.
//!
//! *Absent on purpose:* a refusal of what a merge makes of two histories, each of which held; [`lacking`] says it
//! afterwards. Whether a file is what it was when it was attached `check` finds.

mod guarded;
mod parties;

pub use guarded::is_guarded;

use self::guarded::Guarded;
use self::parties::would_part;
use super::Session;
use super::access::Change;
use super::session::said;
use crate::record::input::shorten;
use crate::record::{Failure, OPPORTUNITY, Problem, Record, Result, Words};
use crate::rules::Config;
use crate::rules::check::other_customer;
use crate::rules::gate::{Gap, skipped};
use crate::store::{Oid, Repo, Source, parse_path, path_of};
use crate::words;

/// How many opportunities a failure names.
const NAMED: usize = 10;

/// An opportunity in the way of a change: what it would lack.
#[derive(Debug, Clone, PartialEq)]
pub struct Shut {
    /// The opportunity as it would be.
    pub opportunity: Record,
    /// Whether it is new, and has no number yet that anybody knows.
    pub is_new: bool,
    /// What it would lack.
    pub gaps: Vec<Gap>,
}

/// Returns the opportunities that changes of a commit would leave without what their stage wants, or take past a stage.
///
/// `may_skip` is for changes that put back what stood there before.
pub fn shut(changes: &[Change], repo: &Repo, base: Option<Oid>, config: &Config, may_skip: bool) -> Result<Vec<Shut>> {
    let guarded = Guarded::new(changes, repo, base)?;
    let mut all = Vec::new();
    for [before, after] in guarded.opportunities()? {
        let (before, Some(mut after)) = (before.as_ref(), after) else { continue };
        take_waiver(before, &mut after);
        let passed = before.and_then(|before| skipped(before, &after, &config.stages)).filter(|_| !may_skip);
        let mut gaps: Vec<Gap> = passed.into_iter().collect();
        gaps.extend(guarded.opened(before, &after, config)?);
        if !gaps.is_empty() {
            all.push(Shut { opportunity: after, is_new: before.is_none(), gaps });
        }
    }
    Ok(all)
}

/// Returns the opportunities that lack what their stage wants in the last commit, of those that these files concern.
///
/// For what a merge made of two sides each of which held: a contract that one removed, a deal that the other won by it.
pub fn lacking<'p>(session: &Session, paths: impl Iterator<Item = &'p str>) -> Result<Vec<Shut>> {
    let (repo, Some(head)) = (&session.repo, session.repo.head()?) else { return Ok(Vec::new()) };
    let source = Source::Commit(head);
    let as_it_is = |path: String| {
        let bytes = repo.read_bytes(&source, &path)?;
        let after = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Change { path, before: None, after })
    };
    let guarded = paths.filter(|path| is_guarded(path)).map(|path| as_it_is(path.to_string()));
    let mut changes: Vec<Change> = guarded.collect::<Result<_>>()?;
    // Of which deal a contract was that is gone, it says no more.
    let is_gone = |change: &Change| change.after.is_none() && parse_path(&change.path).is_some();
    if changes.iter().any(is_gone) {
        let all = repo.list_numbers(OPPORTUNITY, &source)?;
        let others = all.iter().map(|number| as_it_is(path_of(OPPORTUNITY, number)));
        changes.extend(others.collect::<Result<Vec<_>>>()?);
    }
    let mut all = shut(&changes, repo, Some(head), &session.config, true)?;
    all.iter_mut().for_each(|one| one.is_new = false);
    Ok(all)
}

/// Takes a waiver from an opportunity that came to another stage than it was given in.
fn take_waiver(before: Option<&Record>, after: &mut Record) {
    let moved = before.filter(|before| before.text("stage") != after.text("stage"));
    if moved.is_some_and(|before| before.get("materials_waived") == after.get("materials_waived")) {
        after.remove("materials_waived");
    }
}

impl Shut {
    /// Says that it lacks something.
    fn head(&self, config: &Config) -> Words {
        let stage = config.dictionary.words("stage", self.opportunity.text("stage").unwrap_or_default());
        let name = if self.is_new { self.opportunity.title() } else { self.opportunity.number.as_str() };
        words!("`{name}` lacks what the stage {stage} wants", "`{name}` 尚缺阶段“{stage}”所需材料"; each stage)
    }

    /// Says what each thing is, and how it is mended.
    fn lines(&self, config: &Config) -> impl Iterator<Item = Words> {
        self.gaps.iter().map(move |gap| {
            let (what, mend) = (gap.words(config), gap.mend(self.opportunity.number.as_str(), config));
            words!("{what}: {mend}", "{what}：{mend}"; each what, mend)
        })
    }

    /// Says what it lacks and how each thing is mended.
    pub fn told(&self, config: &Config) -> Words {
        let lines: Vec<Words> = self.lines(config).collect();
        Words::join([&self.head(config), &Words::join(&lines, "; ", "；")], ": ", "：")
    }

    /// Says in one sentence what it lacks.
    pub fn words(&self, config: &Config) -> Words {
        let wanted: Vec<Words> = self.gaps.iter().map(|gap| gap.words(config)).collect();
        Words::join([&self.head(config), &Words::join(&wanted, "; ", "；")], ": ", "：")
    }
}

impl Session {
    /// Refuses with exit code 6 changes that would leave an opportunity without what its stage wants, naming all of it.
    pub(super) fn refuse_shut(&self, changes: &[Change], may_skip: bool) -> Result<()> {
        let all = shut(changes, &self.repo, self.repo.head()?, &self.config, may_skip)?;
        let lines = |shut: &Shut| {
            let head = shut.head(&self.config);
            std::iter::once(head).chain(shut.lines(&self.config)).collect::<Vec<_>>()
        };
        if !may_skip {
            self.refuse_parted(changes)?;
        }
        let mut told = all.iter().take(NAMED).flat_map(lines);
        let Some(first) = told.next() else { return Ok(()) };
        let failure = told.fold(Failure::invalid(first), Failure::detail);
        let more = all.len().saturating_sub(NAMED);
        Err(match more {
            0 => failure,
            _ => failure.detail(words!("and {more} more opportunities", "另有 {more} 个商机")),
        })
    }

    /// Refuses with exit code 6 changes that would leave a record with another customer than the one it belongs to.
    fn refuse_parted(&self, changes: &[Change]) -> Result<()> {
        let all = would_part(changes, &self.repo, self.repo.head()?)?;
        let told = all.iter().take(NAMED).map(|(record, other)| {
            let name = if record.title().is_empty() { record.number.as_str() } else { record.title() };
            Words::join([&Words::same(shorten(name)), &said(&other_customer(record, other))], ": ", "：")
        });
        told.map(Failure::invalid).reduce(|first, next| first.detail(next.message)).map_or(Ok(()), Err)
    }
}

/// Returns what would be parted by a commit: the record, and what is wrong with it.
pub fn parted_by(changes: &[Change], repo: &Repo, base: Option<Oid>) -> Result<Vec<(Record, Problem)>> {
    let all = would_part(changes, repo, base)?.into_iter();
    Ok(all
        .map(|(record, other)| {
            let problem = other_customer(&record, &other);
            (record, problem)
        })
        .collect())
}
