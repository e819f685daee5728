//! Records that are the same made one, taken apart again, or noted as not the same. DOMAIN: duplicates.
//!
//! A merge is one commit: the survivor takes over what the others have ([`crate::rules::dedupe::merge`]), every reference to
//! them follows, their files move to its folder, they go. It is an operation as any other, and the undo of it is that of
//! all others. The trailer [`MERGED`] names what went, which is how [`unmerge()`] finds it.
//!
//! *Invariants:* all or nothing. No reference leads to what went, no file is lost, no number is given again: the survivor
//! keeps it in `merged_from`. What gave way is said, in the commit too, where no name stands.
//!
//! *Absent on purpose:* which records are the same; who survives is said by whoever merges.

mod files;
mod fit;
mod gone;
mod merge;
mod review;
mod takes;
mod unmerge;

pub use merge::{Asked, Merger, merge};
pub use review::{Pair, Verdict, pair, settle, sheet};
pub use unmerge::unmerge;

use super::Session;
use super::resolve::Resolver;
use crate::record::{CUSTOMER, Failure, Kind, Number, Result};
use crate::rules::references::CALLED;
use crate::words;

/// The trailer of a merge: the numbers that went.
pub const MERGED: &str = "Kehu-Merged";

/// Returns the lead or customer that a text names.
///
/// Fails with exit code 4 when there is none, or several are called so.
fn named(session: &Session, resolver: &Resolver<'_>, text: &str) -> Result<(Kind, Number)> {
    let stated = Number::parse(text.trim()).filter(|number| number.parts().is_some());
    let number = match &stated {
        Some(number) => number.clone(),
        None => resolver.number(&CALLED, text)?,
    };
    let Some(kind) = CALLED.into_iter().find(|kind| resolver.exists(*kind, &number)) else {
        return Err(unknown(session, &number));
    };
    if stated.is_none() {
        resolver.only(kind, text)?;
    }
    Ok((kind, number))
}

fn unknown(session: &Session, number: &Number) -> Failure {
    if session.merged_into(number.as_str()).is_some() {
        return session.missing(CUSTOMER, number.as_str());
    }
    Failure::not_found(words!("there is no lead or customer `{number}`", "没有编号为 `{number}` 的线索或客户"))
        .hint(words!("leads and customers are merged, each with its kind", "只有线索与线索、客户与客户可以合并"))
}

/// Returns the failure of one record named twice.
fn itself(number: &Number) -> Failure {
    Failure::conflict(words!("`{number}` is named twice", "`{number}` 出现了两次"))
        .hint(words!("name two records: the one that stays first", "请写出两条不同的记录，先写保留的一条"))
}
