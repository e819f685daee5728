//! What a batch refuses: records that break a rule or name what does not exist.

use super::Batch;
use crate::ops::session::said;
use crate::record::input::shorten;
use crate::record::{FOLLOWUP, Failure, Number, Problem, Record, Result, Severity, USER, Words};
use crate::rules::cadence::is_open;
use crate::rules::check::{self, STAGE_MATERIAL};
use crate::rules::lifecycle::converted_to_nothing;
use crate::rules::references::{Reference, SUBJECTS, dangling, references};
use crate::store::path_of;
use crate::words;

impl Batch<'_> {
    /// Fails with exit code 6 when a record refers to one that does not exist.
    pub fn refuse_dangling(&self, record: &Record) -> Result<()> {
        let problems = self.dangling(record, None)?;
        if problems.is_empty() { Ok(()) } else { Err(invalid(record, None, &problems)) }
    }

    /// Refuses a record that breaks a rule; rules `before` broke already are not held against a change.
    pub fn validate(&mut self, record: &Record, before: Option<&Record>) -> Result<()> {
        let today = self.session.now.date_naive();
        let known = before.map(|before| check::check_record(before, &self.session.config, today)).unwrap_or_default();
        let mut problems = check::check_record(record, &self.session.config, today);
        problems.extend(self.dangling(record, before)?);
        problems.extend(before.and_then(|before| converted_to_nothing(before, record)));
        if record.kind == FOLLOWUP && before.and_then(check::check_next).is_none() {
            problems.extend(self.missing_next(record)?);
        }
        // What the stage of a changed one wants is asked for at the commit, contracts and all, so that one refusal names
        // everything.
        let is_later = |problem: &Problem| before.is_some() && problem.code == STAGE_MATERIAL;
        problems.retain(|problem| !known.contains(problem) && !is_later(problem));
        let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(|p| p.severity == Severity::Error);
        self.warnings.extend(warnings.iter().map(|problem| within(record, problem)));
        if errors.is_empty() { Ok(()) } else { Err(invalid(record, before, &errors)) }
    }

    /// Finds references of changed fields to records that do not exist.
    fn dangling(&self, record: &Record, before: Option<&Record>) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        let known = before.map(|before| references(&before.row)).unwrap_or_default();
        for reference in references(&record.row) {
            let unchanged = known.iter().any(|one| one.path == reference.path && one.number == reference.number);
            if !unchanged && !self.made.contains(reference.number) && !self.exists(&reference)? {
                let problem = dangling(&reference);
                problems.push(match self.session.merged_into(reference.number) {
                    Some(into) => problem.mend(words!("it was merged into `{}`", "已合并到 `{}`"; into.number)),
                    None => problem,
                });
            }
        }
        Ok(problems)
    }

    /// Finds what a follow-up of a subject that is still open does not say about the next one.
    fn missing_next(&self, followup: &Record) -> Result<Option<Problem>> {
        let Some(problem) = check::check_next(followup) else { return Ok(None) };
        let Some(subject) = followup.text("subject").and_then(Number::parse) else { return Ok(None) };
        for kind in SUBJECTS {
            let found = self.session.repo.load_one(kind, &subject, &self.session.source)?;
            if found.is_some_and(|(record, _)| is_open(&record)) {
                return Ok(Some(problem));
            }
        }
        Ok(None)
    }

    /// Tells whether what a reference names exists; without any user file every login does.
    pub fn exists(&self, reference: &Reference<'_>) -> Result<bool> {
        let Some(number) = Number::parse(reference.number) else { return Ok(false) };
        for kind in &reference.kinds {
            let free = *kind == USER && !self.tx.has_folder(kind.folder);
            if free || self.tx.exists(&path_of(*kind, &number)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn within(record: &Record, problem: &Problem) -> Words {
    Words::join([&Words::same(record.number.as_str()), &said(problem)], ": ", "：")
}

/// Makes one failure of a record's problems: of one that is there by its number, of a new one by its title.
pub fn invalid(record: &Record, before: Option<&Record>, problems: &[Problem]) -> Failure {
    let mut lines = problems.iter().map(said);
    let first = lines.next().unwrap_or_default();
    // What was talked about names no record.
    let titled =
        || (record.kind != FOLLOWUP).then_some(record).filter(|record| record.get(record.kind.title).is_some());
    let name = before.map(|before| before.number.to_string()).or_else(|| Some(shorten(titled()?.title())));
    let first = name.iter().fold(first, |first, name| Words::join([&Words::same(&**name), &first], ": ", "："));
    lines.fold(Failure::invalid(first), Failure::detail)
}
