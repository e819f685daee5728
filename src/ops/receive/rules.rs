//! The rules of `check`, on what one commit changes.
//!
//! What was wrong in a parent is not held against it.

use super::{Push, ReadConfig, is_error};
use crate::ops::access::Change;
use crate::ops::check::of_record;
use crate::record::{Finding, Kind, Number, Result, Severity, USER};
use crate::rules::Config;
use crate::rules::references::{dangling, references};
use crate::store::layout::kind_of_path;
use crate::store::{Held, Oid, Repo, codec, misplaced, no_text, parse_path, path_of};
use rayon::prelude::*;

impl Push<'_> {
    /// Complains of what a commit breaks.
    pub(super) fn rules(&mut self, commit: Oid, parents: &[Oid], own: &[Change]) -> Result<()> {
        let first = parents.first().copied();
        // Of a merge only what is its own; what it brings was judged with the commits that made it.
        let is_config = own.iter().any(|change| is_config(&change.path));
        let known = match (is_config, first) {
            (true, Some(parent)) => Some(self.config(parent)?),
            _ => None,
        };
        let read = self.config(commit)?;
        let ReadConfig { config, mistakes, .. } = &*read;
        let is_known = |finding: &Finding| known.as_ref().is_some_and(|known| known.mistakes.contains(finding));
        for finding in mistakes.iter().filter(|finding| is_config && !is_known(finding)) {
            self.complain_of(Some(commit), finding);
        }
        let today = self.now.date_naive();
        let targets = Targets::new(self.repo, commit)?;
        let mut found = Vec::new();
        let mut texts = Vec::with_capacity(own.len());
        for change in own {
            match self.no_text(change, &targets.held)? {
                Some(finding) => found.push(finding),
                None => texts.push(change),
            }
        }
        found.extend(texts.par_iter().flat_map_iter(|change| broken(change, config, today)).collect::<Vec<_>>());
        found.iter().for_each(|finding| self.complain_of(Some(commit), finding));
        for change in own.iter().filter(|_| parents.len() < 2) {
            for finding in targets.leading_nowhere(change)? {
                self.complain_of(Some(commit), &finding);
            }
        }
        Ok(())
    }

    /// Returns why a changed file is no text, unless it was none before; `held` is what the commit has.
    fn no_text(&self, change: &Change, held: &Held<'_>) -> Result<Option<Finding>> {
        let Change { path, before, after } = change;
        let is_read = parse_path(path).is_some() || is_config(path);
        // What is no text was read as empty, see `text`.
        let may_be_none = after.as_deref() == Some("") && before.as_deref() != Some("");
        let blob = if is_read && may_be_none { held.blob(path)? } else { None };
        let Some(blob) = blob else { return Ok(None) };
        no_text(path, self.repo.blob_size(blob)?, || self.repo.blob(blob))
    }
}

/// What references may lead to: the records of a commit.
pub(super) struct Targets<'r> {
    held: Held<'r>,
    has_users: bool,
}

impl<'r> Targets<'r> {
    pub fn new(repo: &'r Repo, commit: Oid) -> Result<Targets<'r>> {
        let held = repo.held(Some(commit))?;
        Ok(Targets { has_users: held.object(USER.folder)?.is_some(), held })
    }

    /// Returns references of a changed record that it had not before and that name no record of the commit.
    pub fn leading_nowhere(&self, change: &Change) -> Result<Vec<Finding>> {
        let (Some([before, Some(after)]), Some(text)) = (change.records(), &change.after) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for reference in references(&after.row) {
            let had = before.as_ref().is_some_and(|before| {
                references(&before.row).iter().any(|one| one.path == reference.path && one.number == reference.number)
            });
            if !had && !self.has(&reference.kinds, reference.number)? {
                found.push(codec::place(&change.path, text, dangling(&reference)));
            }
        }
        Ok(found)
    }

    /// Tells whether a commit has a record of one of these kinds; without any user file every login is one.
    pub fn has(&self, kinds: &[Kind], number: &str) -> Result<bool> {
        let Some(number) = Number::parse(number) else { return Ok(false) };
        for kind in kinds {
            let is_free = *kind == USER && !self.has_users;
            if is_free || self.held.blob(&path_of(*kind, &number))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Returns the errors of a changed file that it had not before.
fn broken(change: &Change, config: &Config, today: chrono::NaiveDate) -> Vec<Finding> {
    let Change { path, before, after: Some(after) } = change else { return Vec::new() };
    let Some((kind, number)) = parse_path(path) else {
        return kind_of_path(path)
            .filter(|_| is_record_file(path))
            .map(|kind| misplaced(kind, path))
            .into_iter()
            .collect();
    };
    let known = before.as_deref().map(|text| problems(kind, &number, path, text, config, today)).unwrap_or_default();
    let mut found = problems(kind, &number, path, after, config, today);
    found.retain(|finding| known.iter().all(|known| known.problem != finding.problem));
    found
}

fn problems(
    kind: Kind,
    number: &Number,
    path: &str,
    text: &str,
    config: &Config,
    today: chrono::NaiveDate,
) -> Vec<Finding> {
    let (record, mut findings) = codec::parse(kind, number, text);
    let broken = record.map(|record| of_record(&record, config, today)).unwrap_or_default();
    findings.extend(broken.into_iter().map(|problem| codec::place(path, text, problem)));
    findings.retain(|finding| finding.problem.severity == Severity::Error && is_error(&finding.problem));
    findings
}

/// Tells whether a file in a folder of records is meant as one.
fn is_record_file(path: &str) -> bool {
    path.ends_with(".toml") && !path.rsplit('/').next().is_some_and(|name| name.starts_with('.'))
}

/// Tells whether a file is read as configuration.
pub(super) fn is_config(path: &str) -> bool {
    path == "kehu.toml" || path.starts_with("config/") || path == "config"
}
