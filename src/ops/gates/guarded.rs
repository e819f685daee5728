//! What a commit changes of opportunities, their contracts and their files, over what there was.

use crate::ops::access::Change;
use crate::record::{CONTRACT, Kind, Number, OPPORTUNITY, ORDER, Record, Result, Row, Value};
use crate::rules::Config;
use crate::rules::gate::{Gap, gaps, wants_contracts};
use crate::store::{Held, LoadOptions, Oid, Repo, Source, parse_path};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The folder of the files that are attached to records.
const ATTACHMENTS: &str = "attachments/";

/// Tells whether a file may decide whether a gate holds, or what belongs together is of one customer.
pub fn is_guarded(path: &str) -> bool {
    path.starts_with(ATTACHMENTS)
        || parse_path(path).is_some_and(|(kind, _)| [OPPORTUNITY, CONTRACT, ORDER].contains(&kind))
}

/// A record before and after.
type States = [Option<Record>; 2];

/// What a commit changes, and what there was.
pub(super) struct Guarded<'a> {
    repo: &'a Repo,
    /// What there was; nothing before the first commit.
    base: Option<Oid>,
    held: Held<'a>,
    /// Every opportunity whose gate the changes may decide.
    opportunities: BTreeMap<Number, States>,
    contracts: BTreeMap<Number, States>,
    /// The attached files that are changed, each with whether it is there afterwards.
    files: HashMap<&'a str, bool>,
    /// The contracts there were, once they were asked for.
    known: OnceCell<Vec<Record>>,
}

impl<'a> Guarded<'a> {
    pub fn new(changes: &'a [Change], repo: &'a Repo, base: Option<Oid>) -> Result<Guarded<'a>> {
        let (opportunities, contracts, files) = (BTreeMap::new(), BTreeMap::new(), HashMap::new());
        let held = repo.held(base)?;
        let mut guarded = Guarded { repo, base, held, opportunities, contracts, files, known: OnceCell::new() };
        let mut named = BTreeSet::new();
        for change in changes {
            if let Some(file) = change.path.strip_prefix(ATTACHMENTS) {
                named.extend(file.split('/').next().and_then(Number::parse));
                guarded.files.insert(&change.path, change.after.is_some());
                continue;
            }
            let (Some((kind, number)), Some(records)) = (parse_path(&change.path), change.records()) else { continue };
            if kind == OPPORTUNITY {
                guarded.opportunities.insert(number, records);
            } else if kind == CONTRACT {
                let of = records.iter().flatten().filter_map(|record| record.text("opportunity"));
                named.extend(of.filter_map(Number::parse));
                guarded.contracts.insert(number, records);
            }
        }
        for number in named {
            if !guarded.opportunities.contains_key(&number) {
                let now = guarded.load(OPPORTUNITY, &number)?;
                guarded.opportunities.insert(number, [now.clone(), now]);
            }
        }
        Ok(guarded)
    }

    fn load(&self, kind: Kind, number: &Number) -> Result<Option<Record>> {
        let Some(base) = self.base else { return Ok(None) };
        Ok(self.repo.load_one(kind, number, &Source::Commit(base))?.map(|(record, _)| record))
    }

    /// Returns the opportunities as they were and as they would be, with those attachments alone whose file is there.
    pub fn opportunities(&self) -> Result<Vec<States>> {
        let all = self.opportunities.values().map(|[before, after]| {
            let before = before.as_ref().map(|one| self.with_files(one, |path| self.was_there(path))).transpose()?;
            let after = after.as_ref().map(|one| self.with_files(one, |path| self.is_there(path))).transpose()?;
            Ok([before, after])
        });
        all.collect()
    }

    fn with_files(&self, opportunity: &Record, is_there: impl Fn(&str) -> Result<bool>) -> Result<Record> {
        let mut rows: Vec<Row> = Vec::new();
        for row in opportunity.rows("attachments") {
            if row.text("path").map_or(Ok(false), &is_there)? {
                rows.push(row.clone());
            }
        }
        let mut with = opportunity.clone();
        if rows.len() < opportunity.rows("attachments").len() {
            with.set("attachments", Value::Rows(rows));
        }
        Ok(with)
    }

    fn was_there(&self, path: &str) -> Result<bool> {
        Ok(self.held.blob(path)?.is_some())
    }

    fn is_there(&self, path: &str) -> Result<bool> {
        self.files.get(path).map_or_else(|| self.was_there(path), |is_there| Ok(*is_there))
    }

    /// Returns what an opportunity would lack that it did not lack in the same stage before.
    pub fn opened(&self, before: Option<&Record>, after: &Record, config: &Config) -> Result<Vec<Gap>> {
        let stages = &config.stages;
        let [theirs_before, theirs_after] = match wants_contracts(after, stages) {
            true => self.contracts_of(after)?,
            false => Default::default(),
        };
        let stayed = before.filter(|before| before.text("stage") == after.text("stage"));
        let known = stayed.map(|before| gaps(before, &theirs_before, stages)).unwrap_or_default();
        let mut now = gaps(after, &theirs_after, stages);
        now.retain(|gap| !known.contains(gap));
        Ok(now)
    }

    /// Returns the contracts of an opportunity, before and after.
    fn contracts_of(&self, opportunity: &Record) -> Result<[Vec<&Record>; 2]> {
        let is_theirs = |record: &&Record| record.text("opportunity") == Some(opportunity.number.as_str());
        let known: Vec<&Record> = self.known()?.iter().filter(is_theirs).collect();
        let stays = known.iter().copied().filter(|record| !self.contracts.contains_key(&record.number));
        let changed = self.contracts.values().filter_map(|[_, after]| after.as_ref()).filter(is_theirs);
        let after = stays.chain(changed).collect();
        Ok([known, after])
    }

    fn known(&self) -> Result<&[Record]> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let options = LoadOptions { use_index: true };
        let load = |base| self.repo.load(&[CONTRACT], &Source::Commit(base), options);
        let records = self.base.map(load).transpose()?.map(|loaded| loaded.records).unwrap_or_default();
        Ok(self.known.get_or_init(|| records))
    }
}
