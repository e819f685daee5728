//! Where a record's file lies: the path follows from kind and number alone, and the other way round.
//!
//! Folders are kept small, because a commit writes anew every folder on the path: sequences go by year
//! and from 1000 on by thousand, events by day, records that people name lie side by side.
//!
//! *Invariants:* [`parse_path`] accepts exactly the paths [`path_of`] makes for numbers of their kind's
//! form; there is one path to a number, so the file system is the unique index.

use crate::record::{Kind, Number, Numbering};
use std::fmt::Write;

/// The ending of every record's file.
pub const ENDING: &str = ".toml";

/// The first running number that lies in a folder by thousand.
const FIRST_BUCKETED: u32 = 1000;

/// Returns the path of a record's file from the repository's top: `leads/2026/LEAD-2026-001.toml`,
/// `leads/2026/012xxx/LEAD-2026-12345.toml`, `followups/2026/03/12/20260312T093000-k7x2.toml`, `users/li.ming.toml`.
///
/// A number that has not its kind's form lies in the kind's top folder, where [`parse_path`] refuses it.
pub fn path_of(kind: Kind, number: &Number) -> String {
    let mut path = folder_of(kind, number).unwrap_or_else(|| kind.folder.to_string());
    path.push('/');
    path.push_str(number.as_str());
    path.push_str(ENDING);
    path
}

/// Returns kind and number of the record whose file lies at `path`; nothing when no record lies there.
pub fn parse_path(path: &str) -> Option<(Kind, Number)> {
    let (folder, name) = path.rsplit_once('/')?;
    let kind = kind_of_path(path)?;
    let number = Number::parse(name.strip_suffix(ENDING)?)?;
    fits(kind, folder, &number).then_some((kind, number))
}

/// Returns the kind that the top folder of `path` belongs to.
pub fn kind_of_path(path: &str) -> Option<Kind> {
    Kind::of_folder(path.split('/').next()?)
}

/// Tells whether `folder` is where the number belongs, without building a path.
pub(super) fn fits(kind: Kind, folder: &str, number: &Number) -> bool {
    thread_local!(static WANTED: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) });
    WANTED.with_borrow_mut(|wanted| {
        wanted.clear();
        write_folder(wanted, kind, number).is_some() && wanted == folder
    })
}

/// Returns the folder of a number; nothing when the number has not its kind's form.
fn folder_of(kind: Kind, number: &Number) -> Option<String> {
    let mut folder = String::with_capacity(32);
    write_folder(&mut folder, kind, number)?;
    Some(folder)
}

fn write_folder(out: &mut String, kind: Kind, number: &Number) -> Option<()> {
    out.push_str(kind.folder);
    match kind.numbering {
        Numbering::Given => Some(()),
        Numbering::Sequence => {
            let parts = number.parts()?;
            write!(out, "/{:04}", parts.year).ok()?;
            if parts.seq >= FIRST_BUCKETED {
                write!(out, "/{:03}xxx", parts.seq / FIRST_BUCKETED).ok()?;
            }
            Some(())
        }
        Numbering::Event => {
            let (year, month, day) = event_day(number.as_str())?;
            write!(out, "/{year}/{month}/{day}").ok()
        }
    }
}

/// Splits the day off an event's number, `20260312T093000-k7x2` → `2026`, `03`, `12`.
fn event_day(number: &str) -> Option<(&str, &str, &str)> {
    let (day, _) = number.split_once('T')?;
    if day.len() != 8 || !day.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (&day[..4], &day[4..6], &day[6..]);
    (("01"..="12").contains(&month) && ("01"..="31").contains(&day)).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, FOLLOWUP, KINDS, LEAD, USER};
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn paths_follow_from_numbers() {
        for (kind, text, path) in [
            (LEAD, "LEAD-2026-001", "leads/2026/LEAD-2026-001.toml"),
            (LEAD, "LEAD-2026-999", "leads/2026/LEAD-2026-999.toml"),
            (LEAD, "LEAD-2026-1000", "leads/2026/001xxx/LEAD-2026-1000.toml"),
            (LEAD, "LEAD-2026-12345", "leads/2026/012xxx/LEAD-2026-12345.toml"),
            (LEAD, "LEAD-2026-1234567", "leads/2026/1234xxx/LEAD-2026-1234567.toml"),
            (CUSTOMER, "B2B-2026-007", "customers/2026/B2B-2026-007.toml"),
            (FOLLOWUP, "20260312T093000-k7x2", "followups/2026/03/12/20260312T093000-k7x2.toml"),
            (USER, "li.ming", "users/li.ming.toml"),
        ] {
            assert_eq!(path_of(kind, &number(text)), path);
            assert_eq!(parse_path(path), Some((kind, number(text))));
        }
    }

    #[test]
    fn refuses_what_lies_elsewhere() {
        for path in [
            "leads/LEAD-2026-001.toml",
            "leads/2025/LEAD-2026-001.toml",
            "leads/2026/000xxx/LEAD-2026-001.toml",
            "leads/2026/LEAD-2026-1000.toml",
            "leads/2026/x/LEAD-2026-001.toml",
            "/leads/2026/LEAD-2026-001.toml",
            "./leads/2026/LEAD-2026-001.toml",
            "leads/2026/LEAD-2026-001.tml",
            "leads/2026/.toml",
            "leads/2026/../2026/LEAD-2026-001.toml",
            "leads/note.toml",
            "others/2026/LEAD-2026-001.toml",
            "followups/2026/13/12/20261312T093000-k7x2.toml",
            "followups/2026/03/1é/2026031é093000-k7x2.toml",
            "followups/2026/03/20260312T093000-k7x2.toml",
            "users/a/li.ming.toml",
            "users",
            "",
        ] {
            assert_eq!(parse_path(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn path_and_number_are_inverse(at in 0..KINDS.len(), prefix in "[A-Z][A-Z0-9]{0,5}", year in 0..9999, seq: u32,
                                       month in 1..=12, day in 1..=31, tail in "[a-z0-9]{4}", name in "\\PC{1,12}") {
            let kind = KINDS[at];
            let number = match kind.numbering {
                Numbering::Sequence => Number::sequence(&prefix, year, seq, 3),
                Numbering::Event => number(&format!("{year:04}{month:02}{day:02}T093000-{tail}")),
                Numbering::Given => match Number::parse(&name) { Some(number) => number, None => return Ok(()) },
            };
            let path = path_of(kind, &number);
            prop_assert_eq!(parse_path(&path), Some((kind, number)), "{}", path);
        }

        #[test]
        fn accepted_paths_are_the_ones_made(path in "(leads|users|followups|x)(/[0-9]{3,4}(xxx)?){0,2}(/[0-9]{2}){0,2}/[A-Z0-9.T-]{1,24}(.toml)?") {
            if let Some((kind, number)) = parse_path(&path) {
                prop_assert_eq!(path_of(kind, &number), path);
            }
        }
    }
}
