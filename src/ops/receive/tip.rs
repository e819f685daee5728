//! What only the result of a push shows: numbers that were another record's, references that lead nowhere.

use super::rules::{Targets, is_config};
use super::{Push, is_error};
use crate::ops::access::Change;
use crate::ops::check::check;
use crate::record::{Finding, KINDS, Kind, Numbering, Problem, Result};
use crate::rules::references::{Reference, dangling, references};
use crate::store::{LoadOptions, Oid, Source, codec, parse_path, path_of};
use crate::words;
use std::collections::HashSet;

impl Push<'_> {
    /// Complains of what a branch would break, from `old` on, else from where it leaves the main branch.
    pub(super) fn tip(&mut self, old: Option<Oid>, new: Oid) -> Result<()> {
        let base = match (old, self.main) {
            (Some(old), _) => Some(old),
            (None, Some(main)) => self.repo.merge_bases(main, new)?.first().copied(),
            (None, None) => None,
        };
        let changes = self.changes(base, new)?;
        self.numbers_used(&changes, new)?;
        let targets = Targets::new(self.repo, new)?;
        let mut found = Vec::new();
        for change in &changes {
            found.extend(targets.leading_nowhere(change)?);
        }
        found.extend(self.left_behind(&changes, new, &targets)?);
        if changes.iter().any(|change| is_config(&change.path)) {
            found.extend(self.whole(base, new)?);
        }
        found.dedup();
        found.iter().for_each(|finding| self.complain_of(None, finding));
        Ok(())
    }

    /// Complains of new records under a number that another record has or had.
    fn numbers_used(&mut self, changes: &[Change], new: Oid) -> Result<()> {
        let Some(main) = self.main else { return Ok(()) };
        let is_running = |path: &str| parse_path(path).is_some_and(|(kind, _)| kind.numbering == Numbering::Sequence);
        let created = changes.iter().filter(|change| change.before.is_none() && is_running(&change.path));
        let paths: Vec<&str> = created.map(|change| change.path.as_str()).collect();
        for path in self.repo.held_before(main, paths)? {
            let Some(blob) = self.repo.blob_at(new, &path)? else { continue };
            // What was removed may come back as it was.
            if self.repo.held_as(main, &path, blob)? {
                continue;
            }
            let number = parse_path(&path).map(|(_, number)| number.to_string()).unwrap_or_default();
            let message = words!(
                "`{number}` is or was another record's, and numbers are never used twice",
                "`{number}` 是或曾是另一条记录的编号，编号不重复使用"
            );
            let mend = words!("`kehu sync` gives it the next one", "`kehu sync` 会改用下一个编号");
            let problem = Problem { field: None, ..Problem::error("number-used", "", message).mend(mend) };
            self.complain_of(None, &Finding { path, line: 0, column: 0, problem });
        }
        Ok(())
    }

    /// Returns references of records that nobody touched to records that are gone.
    fn left_behind(&self, changes: &[Change], new: Oid, targets: &Targets<'_>) -> Result<Vec<Finding>> {
        let gone = changes.iter().filter(|change| change.after.is_none()).filter_map(|change| parse_path(&change.path));
        let gone: HashSet<(Kind, String)> = gone.map(|(kind, number)| (kind, number.to_string())).collect();
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let leads_there =
            |one: &Reference<'_>| one.kinds.iter().any(|kind| gone.contains(&(*kind, one.number.to_string())));
        let source = Source::Commit(new);
        let mut found = Vec::new();
        for record in self.repo.load(&KINDS, &source, LoadOptions { use_index: false })?.records {
            for reference in references(&record.row).iter().filter(|one| leads_there(one)) {
                if !targets.has(&reference.kinds, reference.number)? {
                    let path = path_of(record.kind, &record.number);
                    let text = self.repo.read_text(&source, &path)?.unwrap_or_default();
                    found.push(codec::place(&path, &text, dangling(reference)));
                }
            }
        }
        Ok(found)
    }

    /// Returns the errors that a changed configuration brings to all records.
    fn whole(&self, base: Option<Oid>, new: Oid) -> Result<Vec<Finding>> {
        let errors = |commit: Oid| -> Result<Vec<Finding>> {
            let mut findings = check(self.repo, &Source::Commit(commit), self.now, &[])?.findings;
            findings.retain(|finding| is_error(&finding.problem));
            Ok(findings)
        };
        let mut found = errors(new)?;
        let known = if found.is_empty() { Vec::new() } else { base.map(errors).transpose()?.unwrap_or_default() };
        found.retain(|finding| known.iter().all(|one| (&one.path, &one.problem) != (&finding.path, &finding.problem)));
        Ok(found)
    }
}
