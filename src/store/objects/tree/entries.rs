//! The entries of a tree as git writes them, read one by one.

use super::Entry;
use git2::Oid;
use std::cmp::Ordering;

/// An entry of a tree with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Named<'d> {
    pub name: &'d [u8],
    pub entry: Entry,
}

impl Named<'_> {
    /// Compares as git sorts: a folder as if its name ended with `/`. A file and a folder of one name differ.
    pub fn order(&self, other: &Named<'_>) -> Ordering {
        let end = |named: &Named<'_>| if named.entry.is_folder() { b'/' } else { 0 };
        let common = self.name.len().min(other.name.len());
        let next = |named: &Named<'_>| named.name.get(common).copied().unwrap_or_else(|| end(named));
        let order = self.name[..common].cmp(&other.name[..common]);
        order.then_with(|| next(self).cmp(&next(other))).then_with(|| self.name.len().cmp(&other.name.len()))
    }
}

/// The entries of a tree in git's form, `mode name NUL id`, the mode in octal, the id as 20 bytes.
///
/// Damage is one last entry without a name, which git allows nobody to have.
pub(in crate::store) struct Entries<'d> {
    data: &'d [u8],
    damaged: bool,
}

impl<'d> Entries<'d> {
    /// Reads the entries of a tree.
    pub fn of(data: &'d [u8]) -> Entries<'d> {
        Entries { data, damaged: false }
    }

    fn take(&mut self) -> Option<Named<'d>> {
        let data = self.data;
        let blank = data.iter().position(|byte| *byte == b' ')?;
        let end = blank + data[blank..].iter().position(|byte| *byte == 0)?;
        let digit = |mode: u32, byte: &u8| matches!(byte, b'0'..=b'7').then(|| (mode << 3) | u32::from(byte - b'0'));
        let mode = data.get(..blank)?.iter().try_fold(0, digit)?;
        let name = data.get(blank + 1..end).filter(|name| !name.is_empty())?;
        let id = Oid::from_bytes(data.get(end + 1..end + 21)?).ok()?;
        self.data = &data[end + 21..];
        Some(Named { name, entry: Entry { mode, id } })
    }
}

impl<'d> Iterator for Entries<'d> {
    type Item = Named<'d>;

    fn next(&mut self) -> Option<Named<'d>> {
        if self.data.is_empty() || self.damaged {
            return None;
        }
        self.take().or_else(|| {
            self.damaged = true;
            Some(Named { name: &[], entry: Entry { mode: 0, id: Oid::ZERO_SHA1 } })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FILE, FOLDER};
    use super::*;

    #[test]
    fn entries_are_in_gits_order() {
        let named =
            |name: &'static str, mode| Named { name: name.as_bytes(), entry: Entry { mode, id: Oid::ZERO_SHA1 } };
        let sorted = [
            named("a", FILE),
            named("a-b", FILE),
            named("a.b", FOLDER),
            named("a", FOLDER),
            named("a0", FILE),
            named("ab", FILE),
        ];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                assert_eq!(one.order(other), at.cmp(&other_at), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn damage_is_an_entry_without_a_name() {
        let entries = |data: &'static [u8]| Entries::of(data).map(|named| named.name).collect::<Vec<_>>();
        assert_eq!(entries(b"100644 x\0short"), [b""]);
        assert_eq!(entries(b"100644 \0aaaaaaaaaaaaaaaaaaaa"), [b""]);
        assert_eq!(entries(b"100644 x\0aaaaaaaaaaaaaaaaaaaa8 y"), [&b"x"[..], b""]);
    }
}
