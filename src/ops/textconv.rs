//! A file as git's diff shows it: its own text, with labels and the words of dictionaries behind each line.
//!
//! git starts a process for every file it compares and names a copy in a temporary folder, so nothing here opens
//! the repository, and what a file holds is told from its name and its keys.

use crate::record::{Dictionary, KINDS, Kind, Lang, Number, Numbering};
use crate::rules::Config;
use crate::rules::config::DICTIONARY;
use crate::store::layout::{kind_of_path, path_of};
use crate::store::{Repo, codec, parse_path};
use std::path::Path;

/// Returns the bytes of a file with words behind its lines; as they are when it is no record.
///
/// `start` is where to look for the repository whose dictionary is taken.
pub fn textconv(start: &Path, path: &str, bytes: Vec<u8>, lang: Lang) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
    match kind_of(path, text) {
        Some(kind) => codec::annotate(text, kind, &dictionary(start), lang).into_bytes(),
        None => bytes,
    }
}

fn dictionary(start: &Path) -> Dictionary {
    Config::dictionary_of(Repo::peek(start, DICTIONARY).as_deref())
}

/// Returns the kind of record a file is: by its path, else by the form of its name and the keys it has.
fn kind_of(path: &str, text: &str) -> Option<Kind> {
    if let Some((kind, _)) = parse_path(path) {
        return Some(kind);
    }
    // A place in the repository that is none for records; a copy lies at an absolute path.
    let is_inside = path.contains('/') && !path.starts_with('.') && !Path::new(path).is_absolute();
    if is_inside && kind_of_path(path).is_none() {
        return None;
    }
    let name = path.rsplit(['/', '\\']).next()?;
    let number = Number::parse(name.strip_suffix(".toml")?);
    let table: toml::Table = text.parse().ok()?;
    let fits = |kind: &Kind| number.as_ref().is_none_or(|number| has_form(*kind, number));
    let known = |kind: Kind| table.keys().filter(|key| kind.field(key).is_some()).count();
    // Of two that fit alike the first: their labels for the same keys are the same.
    let best = KINDS.into_iter().filter(fits).map(|kind| (known(kind), kind)).rev().max_by_key(|(known, _)| *known)?;
    (best.0 * 2 > table.len()).then_some(best.1)
}

/// Tells whether records of a kind have numbers of this form.
fn has_form(kind: Kind, number: &Number) -> bool {
    let is_given = kind.numbering == Numbering::Given && number.parts().is_none();
    is_given || kind.numbering != Numbering::Given && parse_path(&path_of(kind, number)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, FOLLOWUP, LEAD, PRODUCT, USER};

    #[test]
    fn kinds_are_told_by_path_name_and_keys() {
        let lead = "company = \"x\"\nphone = \"1\"\nstatus = \"new\"\n";
        for (path, text, kind) in [
            ("leads/2026/LEAD-2026-001.toml", "", Some(LEAD)),
            ("/tmp/git-blob-a1B2c3/LEAD-2026-001.toml", lead, Some(LEAD)),
            ("/tmp/a1B2c3_LEAD-2026-001.toml", lead, Some(LEAD)),
            ("/tmp/x/B2B-2026-001.toml", "type = \"won\"\nname = \"x\"\n[[contacts]]\nname = \"y\"\n", Some(CUSTOMER)),
            ("/tmp/x/20260312T093000-k7x2.toml", "at = 1\npoints = \"x\"\n", Some(FOLLOWUP)),
            ("/tmp/x/li.ming.toml", "name = \"x\"\nemail = \"a@b.cn\"\nrole = \"sales\"\n", Some(USER)),
            ("/tmp/x/DESK-01.toml", "name = \"x\"\nprice_min = \"1.00\"\n", Some(PRODUCT)),
            ("/tmp/x/kehu.toml", "format = 1\nname = \"x\"\nlocale = \"zh\"\n", None),
            ("/tmp/x/sla.toml", "dispatch_minutes = 30\n", None),
            ("config/sla.toml", lead, None),
            ("/tmp/x/LEAD-2026-001.toml", "<<<<<<< HEAD\n", None),
            ("/tmp/x/notes.md", lead, None),
        ] {
            assert_eq!(kind_of(path, text), kind, "{path}");
        }
    }

    #[test]
    fn what_is_no_record_stays_as_it_is() {
        let nowhere = Path::new("/nonexistent");
        for bytes in [&b"\xff\xfe\0"[..], b"", b"company = \"x\"\n\0", b"company = \"x"] {
            let path = "leads/2026/LEAD-2026-001.toml";
            assert_eq!(textconv(nowhere, path, bytes.to_vec(), Lang::En), bytes);
        }
        let told = textconv(nowhere, "/tmp/x/LEAD-2026-001.toml", b"source = \"exhibition\"\n".to_vec(), Lang::Zh);
        assert!(String::from_utf8(told).unwrap().contains("：展会›"));
    }
}
