//! Sync by itself: with `[sync] auto = true`, before and after a command that makes running numbers.
//!
//! A number that was printed is final then, for the remote has it. What cannot be pushed stays here, and the command
//! fails with its numbers named as not final.

use super::{SyncOptions, Synced, sync};
use crate::ops::Session;
use crate::record::{Exit, Failure, Kind, Number, Numbering, Result, Words};
use crate::store::Network;
use crate::words;

/// Numbers that are named when they could not be pushed; the rest is counted.
const NAMED: usize = 3;

/// Tells whether a command that makes records of a kind syncs by itself.
pub fn is_automatic(session: &Session, kind: Kind) -> bool {
    let options = &session.options;
    let changes_here = !options.dry_run && options.branch.is_none() && options.as_of.is_none();
    session.config.settings.auto_sync && kind.numbering == Numbering::Sequence && changes_here
}

/// Syncs before numbers are made; the session has to be opened anew then.
///
/// Fails with nothing made when the remote has not all of ours afterwards.
pub fn before(session: &Session, network: Network) -> Result<()> {
    let synced = sync(session, &SyncOptions { remote: None, network });
    let failure = synced.map_or_else(Some, |synced| {
        tell(session, &synced);
        synced.failure
    });
    failure.map_or(Ok(()), |failure| {
        Err(failure.detail(words!("`[sync] auto` is set, and nothing was made", "已设置 `[sync] auto`，未作任何改动")))
    })
}

/// Syncs after records were made; puts the numbers they have in the end in place of those they got.
///
/// Fails when the remote has not all of ours afterwards: the records are here, and their numbers not final.
pub fn after<'n>(
    session: &Session,
    network: Network,
    numbers: impl Iterator<Item = (Kind, &'n mut Number)>,
) -> Result<()> {
    let mut numbers: Vec<(Kind, &mut Number)> = numbers.collect();
    let synced = match sync(session, &SyncOptions { remote: None, network }) {
        Ok(synced) => synced,
        Err(failure) => return Err(not_final(failure, &numbers)),
    };
    tell(session, &synced);
    for (kind, number) in &mut numbers {
        **number = synced.number_now(*kind, number).clone();
    }
    synced.failure.map_or(Ok(()), |failure| Err(not_final(failure, &numbers)))
}

/// Says what somebody has to know of a sync they did not ask for.
fn tell(session: &Session, synced: &Synced) {
    let note = &session.options.note;
    for one in &synced.brought.moved {
        let (old, new) = (&one.old, &one.new);
        note(words!("`{old}` is `{new}` now: its number was given twice", "`{old}` 现为 `{new}`：该编号曾被重复分配"));
    }
    if synced.brought.has_conflicts() {
        note(words!(
            "others changed the same fields: `kehu conflicts` shows them",
            "他人修改了相同字段：用 `kehu conflicts` 查看"
        ));
    }
}

fn not_final(failure: Failure, numbers: &[(Kind, &mut Number)]) -> Failure {
    let named: Vec<Words> = numbers.iter().take(NAMED).map(|(_, number)| Words::same(format!("`{number}`"))).collect();
    let Words { en, zh } = Words::join(&named, ", ", "、");
    let rest = numbers.len().saturating_sub(NAMED);
    let (more_en, more_zh) = if rest > 0 {
        (format!(" and {rest} more"), format!(" 等 {} 条", numbers.len()))
    } else {
        Default::default()
    };
    let message = words!(
        "{en}{more_en}: made here, not pushed, so the number is not final",
        "{zh}{more_zh}：已在本地建立但未推送，编号尚未最终确定"
    );
    let Failure { message: why, details, hints, .. } = failure;
    let failure = Failure::new(Exit::Partly, message).detail(why);
    let failure = details.into_iter().fold(failure, Failure::detail);
    hints.into_iter().fold(failure, Failure::hint)
}
