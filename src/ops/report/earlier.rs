//! What leads were when a period began.
//!
//! One that came in during the period, by an import of last month's fair, was nothing then: it counts as what it was when
//! it came, so that who converts it in the week it came in has converted it.

use super::Session;
use crate::record::{LEAD, Number, Result};
use crate::report::Period;
use crate::rules::Snapshot;
use crate::store::{LoadOptions, Source, codec, parse_path};
use chrono::{NaiveTime, TimeZone};
use std::collections::{HashMap, HashSet};

/// Returns the status at a period's beginning, else at their own, of the leads whose file has changed since.
pub(super) fn statuses(session: &Session, snapshot: &Snapshot, period: &Period) -> Result<HashMap<Number, String>> {
    let zone = session.now.timezone();
    let Some(start) = zone.from_local_datetime(&period.from.and_time(NaiveTime::MIN)).earliest() else {
        return Ok(HashMap::new());
    };
    let Some(tip) = (match session.source {
        Source::Commit(commit) => Some(commit),
        _ => session.repo.head()?,
    }) else {
        return Ok(HashMap::new());
    };
    let before = session.repo.commit_before(&start)?;
    let (mut earlier, mut new) = (HashMap::new(), HashSet::new());
    for (path, old, _) in session.repo.changes_between(before, tip, LEAD.folder)? {
        let Some((kind, number)) = parse_path(&path) else { continue };
        let Some(old) = old else {
            new.insert(number);
            continue;
        };
        let text = String::from_utf8_lossy(&session.repo.blob(old)?).into_owned();
        let record = codec::parse(kind, &number, &text).0;
        earlier.extend(record.and_then(|record| Some((number, record.text("status")?.to_string()))));
    }
    // Of what was acquired in the period it does not matter what it came as.
    new.retain(|number| {
        let lead = snapshot.find(number.as_str()).filter(|lead| !period.holds(lead.date("acquired_on")));
        lead.is_some_and(|lead| matches!(lead.text("status"), Some("converted" | "disqualified")))
    });
    if !new.is_empty() {
        let history = session.repo.history(Some(tip), LoadOptions { use_index: session.options.use_index })?;
        earlier.extend(history.first_texts(LEAD, "status", &new)?);
    }
    Ok(earlier)
}
