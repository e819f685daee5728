//! Comparing two trees: both are walked in step, and folders that are the same are not read.

use super::entries::{Entries, Named};
use super::{Entry, damaged};
use crate::record::Result;
use crate::store::error::GitResult;
use git2::{Odb, OdbObject, Oid};
use std::cmp::Ordering;
use std::iter::Peekable;

/// Calls `visit` with each regular file that differs between two trees, in order of path: what it was, what it is.
pub(crate) fn compare(
    odb: &Odb<'_>,
    before: Option<Oid>,
    after: Option<Oid>,
    folder: &str,
    visit: &mut dyn FnMut(String, Option<Oid>, Option<Oid>),
) -> Result<()> {
    let mut path = folder.as_bytes().to_vec();
    differences(odb, before, after, &mut path, &mut |path, was, is| {
        // A name that is no text cannot be a record of ours.
        let Ok(path) = std::str::from_utf8(path) else { return };
        let (was, is) = (was.and_then(Entry::file), is.and_then(Entry::file));
        if was != is {
            visit(path.to_string(), was, is);
        }
    })
}

/// Is told the path of an entry that differs, what it was, what it is.
type VisitEntry<'a> = &'a mut dyn FnMut(&[u8], Option<Entry>, Option<Entry>);

/// Calls `visit` with every entry but folders that differs between two trees, in git's order: its path, what it
/// was, what it is.
///
/// `path` holds the folder both lie in, with `/` at its end, and is as before when this returns. Folders that are
/// the same are not read, and of the others nothing is kept: a folder of a thousand files takes some 50 µs.
pub(crate) fn differences(
    odb: &Odb<'_>,
    before: Option<Oid>,
    after: Option<Oid>,
    path: &mut Vec<u8>,
    visit: VisitEntry<'_>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let data = |id: Option<Oid>| id.map(|id| odb.read(id).git()).transpose();
    let (old, new) = (data(before)?, data(after)?);
    let in_step = InStep { old: entries(old.as_ref()), new: entries(new.as_ref()) };
    for (was, is) in in_step {
        for (id, entry) in [(before, &was), (after, &is)] {
            if entry.as_ref().is_some_and(|named| named.name.is_empty()) {
                return Err(damaged(id.unwrap_or(Oid::ZERO_SHA1)));
            }
        }
        if was.as_ref().map(|named| named.entry) == is.as_ref().map(|named| named.entry) {
            continue;
        }
        let Some(Named { name, entry }) = was.or(is) else { continue };
        let above = path.len();
        path.extend_from_slice(name);
        let (was, is) = (was.map(|named| named.entry), is.map(|named| named.entry));
        if entry.is_folder() {
            path.push(b'/');
            differences(odb, was.map(|entry| entry.id), is.map(|entry| entry.id), path, visit)?;
        } else {
            visit(path, was, is);
        }
        path.truncate(above);
    }
    Ok(())
}

fn entries<'d>(tree: Option<&'d OdbObject<'_>>) -> Peekable<Entries<'d>> {
    Entries::of(tree.map_or(&[], |object| object.data())).peekable()
}

/// The entries of two trees in git's order, side by side where both have one.
struct InStep<'d> {
    old: Peekable<Entries<'d>>,
    new: Peekable<Entries<'d>>,
}

impl<'d> Iterator for InStep<'d> {
    type Item = (Option<Named<'d>>, Option<Named<'d>>);

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.old.peek(), self.new.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(was), Some(is)) => was.order(is),
        };
        let was = if order.is_le() { self.old.next() } else { None };
        let is = if order.is_ge() { self.new.next() } else { None };
        Some((was, is))
    }
}
