//! The gates of stages, held at every commit: whatever command changes an opportunity or its contracts, none leaves one in
//! a stage without its materials, or takes it past a stage.
//!
//! One rule for commands, asked under the lock, and for pushed commits, asked on the server. What was missing before, in
//! the same stage, is not held against a change.
//!
//! *Absent on purpose:* what a merge makes of two histories, each of which held; `check` finds that.

use super::Session;
use super::access::Change;
use crate::record::{CONTRACT, Failure, Kind, Number, OPPORTUNITY, Record, Result, Words};
use crate::rules::Config;
use crate::rules::gate::{Gap, gaps, is_waived, own_gaps, skipped};
use crate::store::{LoadOptions, Repo, Source, parse_path};
use crate::words;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// How many opportunities a failure names.
const NAMED: usize = 10;

/// Tells whether a file may decide whether a gate holds.
pub fn is_guarded(path: &str) -> bool {
    parse_path(path).is_some_and(|(kind, _)| [OPPORTUNITY, CONTRACT].contains(&kind))
}

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

/// What a commit changes of opportunities and contracts, over what there was.
struct Guarded<'a> {
    repo: &'a Repo,
    /// What there was; nothing before the first commit.
    base: Option<Source>,
    /// Before and after, by number.
    opportunities: BTreeMap<Number, [Option<Record>; 2]>,
    contracts: BTreeMap<Number, [Option<Record>; 2]>,
    /// The contracts there were, once they were asked for.
    known: OnceCell<Vec<Record>>,
}

/// Returns the opportunities that changes would leave without what their stage wants, or take past a stage.
///
/// `may_skip` is for changes that put back what stood there before.
pub fn shut(
    changes: &[Change],
    repo: &Repo,
    base: Option<Source>,
    config: &Config,
    may_skip: bool,
) -> Result<Vec<Shut>> {
    let guarded = Guarded::new(changes, repo, base)?;
    let mut all = Vec::new();
    for (number, [before, after]) in &guarded.opportunities {
        let Some(after) = after else { continue };
        let after = &unwaived(before.as_ref(), after);
        let passed = before.as_ref().and_then(|before| skipped(before, after, &config.stages)).filter(|_| !may_skip);
        let mut found: Vec<Gap> = passed.into_iter().collect();
        found.extend(guarded.opened(number, before.as_ref(), after, config)?);
        if !found.is_empty() {
            all.push(Shut { opportunity: after.clone(), is_new: before.is_none(), gaps: found });
        }
    }
    Ok(all)
}

/// Takes a waiver from an opportunity that came to another stage than it was given in.
fn unwaived(before: Option<&Record>, after: &Record) -> Record {
    let mut after = after.clone();
    if let Some(before) = before.filter(|before| before.text("stage") != after.text("stage"))
        && before.get("materials_waived") == after.get("materials_waived")
    {
        after.remove("materials_waived");
    }
    after
}

impl<'a> Guarded<'a> {
    fn new(changes: &[Change], repo: &'a Repo, base: Option<Source>) -> Result<Guarded<'a>> {
        let mut guarded =
            Guarded { repo, base, opportunities: BTreeMap::new(), contracts: BTreeMap::new(), known: OnceCell::new() };
        let mut named = BTreeSet::new();
        for change in changes {
            let (Some((kind, number)), Some(records)) = (parse_path(&change.path), change.records()) else { continue };
            if kind == OPPORTUNITY {
                guarded.opportunities.insert(number, records);
            } else if kind == CONTRACT {
                let of = records.iter().flatten().filter_map(|record| record.text("opportunity"));
                named.extend(of.filter_map(Number::parse));
                guarded.contracts.insert(number, records);
            }
        }
        for number in named.into_iter().filter(|number| !guarded.opportunities.contains_key(number)).collect::<Vec<_>>()
        {
            let now = guarded.load(OPPORTUNITY, &number)?;
            guarded.opportunities.insert(number, [now.clone(), now]);
        }
        Ok(guarded)
    }

    fn load(&self, kind: Kind, number: &Number) -> Result<Option<Record>> {
        let Some(base) = &self.base else { return Ok(None) };
        Ok(self.repo.load_one(kind, number, base)?.map(|(record, _)| record))
    }

    /// Returns what an opportunity would lack that it did not lack in the same stage before.
    fn opened(&self, number: &Number, before: Option<&Record>, after: &Record, config: &Config) -> Result<Vec<Gap>> {
        let stages = &config.stages;
        let stayed = before.filter(|before| before.text("stage") == after.text("stage"));
        let own = own_gaps(after, stages);
        // Contracts are looked for only where they could decide; what is won they may tell to be worth more.
        let is_won = after.text("stage") == Some("won") && !is_waived(after);
        if !is_won && gaps(after, &[], stages) == own {
            let known = stayed.map(|before| own_gaps(before, stages)).unwrap_or_default();
            return Ok(own.into_iter().filter(|gap| !known.contains(gap)).collect());
        }
        let [theirs_before, theirs_after] = self.contracts_of(number)?;
        let lacks = |one: &Record, contracts: &[Record]| gaps(one, &contracts.iter().collect::<Vec<_>>(), stages);
        let known = stayed.map(|before| lacks(before, &theirs_before)).unwrap_or_default();
        let now = lacks(after, &theirs_after);
        Ok(now.into_iter().filter(|gap| !known.contains(gap)).collect())
    }

    /// Returns the contracts of an opportunity, before and after.
    fn contracts_of(&self, number: &Number) -> Result<[Vec<Record>; 2]> {
        let is_theirs = |record: &Record| record.text("opportunity") == Some(number.as_str());
        let known: Vec<Record> = self.known()?.iter().filter(|record| is_theirs(record)).cloned().collect();
        let stays = known.iter().filter(|record| !self.contracts.contains_key(&record.number));
        let changed =
            self.contracts.values().filter_map(|[_, after]| after.as_ref()).filter(|record| is_theirs(record));
        let after = stays.chain(changed).cloned().collect();
        Ok([known, after])
    }

    fn known(&self) -> Result<&[Record]> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let records = match &self.base {
            Some(base) => self.repo.load(&[CONTRACT], base, LoadOptions { use_index: true })?.records,
            None => Vec::new(),
        };
        Ok(self.known.get_or_init(|| records))
    }
}

impl Shut {
    /// Returns what it is called in a sentence.
    fn name(&self) -> &str {
        if self.is_new { self.opportunity.title() } else { self.opportunity.number.as_str() }
    }

    /// Says what it lacks.
    pub fn words(&self, config: &Config) -> Words {
        let stage = config.dictionary.words("stage", self.opportunity.text("stage").unwrap_or_default());
        let number = self.name();
        let wanted: Vec<Words> = self.gaps.iter().map(|gap| gap.words(config)).collect();
        let wanted = Words::join(&wanted, "; ", "；");
        words!("`{number}` cannot be in the stage {stage}: it wants {wanted}", "`{number}` 不能处于阶段“{stage}”：须有{wanted}"; each stage, wanted)
    }
}

impl Session {
    /// Refuses with exit code 6 changes that would leave an opportunity without what its stage wants, naming all of it.
    pub(super) fn refuse_shut(&self, changes: &[Change], may_skip: bool) -> Result<()> {
        let base = self.repo.head()?.map(Source::Commit);
        let all = shut(changes, &self.repo, base, &self.config, may_skip)?;
        let more = all.len().saturating_sub(NAMED);
        let mut failure: Option<Failure> = None;
        for shut in all.iter().take(NAMED) {
            let lines = shut.gaps.iter().map(|gap| {
                let (what, mend) = (gap.words(&self.config), gap.mend(shut.opportunity.number.as_str(), &self.config));
                words!("{what}: {mend}", "{what}：{mend}"; each what, mend)
            });
            let head = self.refusal(shut);
            let whole = match failure {
                None => Failure::invalid(head),
                Some(failure) => failure.detail(head),
            };
            failure = Some(lines.fold(whole, Failure::detail));
        }
        let failure = failure.map(|failure| match more {
            0 => failure,
            _ => failure.detail(words!("and {more} more opportunities", "另有 {more} 个商机")),
        });
        failure.map_or(Ok(()), Err)
    }

    fn refusal(&self, shut: &Shut) -> Words {
        let stage = self.config.dictionary.words("stage", shut.opportunity.text("stage").unwrap_or_default());
        let number = shut.name();
        words!("`{number}` lacks what the stage {stage} wants", "`{number}` 尚缺阶段“{stage}”所需材料"; each stage)
    }
}
