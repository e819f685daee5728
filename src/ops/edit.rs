//! Change a record's file in an editor; nothing is written that does not hold.

use super::check;
use super::doubles::Doubles;
use super::session::{missing, unreadable};
use super::{Batch, Outcome, Session};
use crate::record::{Failure, Finding, Kind, Number, Record, Result, Severity, plural};
use crate::store::{codec, path_of};
use crate::words;

/// A record's file as it was taken for editing.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The record.
    pub record: Record,
    /// The text of its file.
    pub text: String,
}

/// Takes a record's text for editing.
///
/// Fails with exit code 4 when there is none, 5 when its file has changes that are not committed, 7 when it is not the
/// acting person's to read.
pub fn take(session: &Session, kind: Kind, number: &str) -> Result<Draft> {
    session.writable()?;
    let path = path_of(kind, &session.number_of(kind, number)?);
    let number = session.number_of(kind, number)?;
    let text = session.committed_text(&path)?.ok_or_else(|| missing(kind, number.as_str()))?;
    match codec::parse(kind, &number, &text) {
        (Some(record), _) => {
            session.refuse_hidden(&record)?;
            Ok(Draft { record, text })
        }
        (None, findings) => Err(unreadable(&findings)),
    }
}

/// Returns what is wrong with an edited text, with line and column; nothing wrong means it can be saved.
///
/// What was wrong before the edit is not held against it, as `set` does not.
pub fn judge(session: &Session, draft: &Draft, text: &str) -> Vec<Finding> {
    let known = errors(session, draft, &draft.text);
    let mut findings = errors(session, draft, text);
    findings.retain(|finding| known.iter().all(|known| known.problem != finding.problem));
    findings
}

fn errors(session: &Session, draft: &Draft, text: &str) -> Vec<Finding> {
    let (kind, number) = (draft.record.kind, &draft.record.number);
    let (record, mut findings) = codec::parse(kind, number, text);
    let path = path_of(kind, number);
    if let Some(record) = record {
        let problems = check::of_record(&record, &session.config, session.now.date_naive());
        findings.extend(problems.into_iter().map(|problem| codec::place(&path, text, problem)));
    }
    findings.retain(|finding| finding.problem.severity == Severity::Error);
    findings
}

/// Writes the edited text, byte for byte, in one commit; nothing when it is as it was.
///
/// Fails with exit code 6 when it does not hold, 5 when the record changed meanwhile.
pub fn save(session: &Session, draft: &Draft, text: String) -> Result<Outcome> {
    let (kind, number) = (draft.record.kind, &draft.record.number);
    if text == draft.text {
        return Ok(Outcome::default());
    }
    let findings = judge(session, draft, &text);
    let (Some(after), true) = (codec::parse(kind, number, &text).0, findings.is_empty()) else {
        return Err(unreadable(&findings));
    };
    let mut batch = Batch::begin(session)?;
    let (before, current) = batch.read(kind, number)?;
    if current != draft.text {
        return Err(changed_meanwhile(number));
    }
    batch.validate(&after, Some(&before))?;
    Doubles::default().look_for(session, &before, &after, &mut batch)?;
    batch.replace_text(&before, &after, text)?;
    batch.commit(&format!("{kind}: edit {number}"), Vec::new())
}

fn changed_meanwhile(number: &Number) -> Failure {
    Failure::conflict(words!("`{number}` was changed while you edited it", "编辑期间 `{number}` 已被他人修改"))
}

/// Makes the failure of a text with so many mistakes, which were said already.
pub fn refused(draft: &Draft, mistakes: usize) -> Failure {
    let (number, en) = (&draft.record.number, plural(mistakes, "mistake"));
    Failure::invalid(words!("`{number}` was not changed: {en}", "`{number}` 未作修改：有 {mistakes} 处错误"))
}
