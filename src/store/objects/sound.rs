//! Whether git's trees are as git makes them: each name once, in order, and one that a work tree can have.
//!
//! git reads others all the same, and which of two entries of one name it means is left open.

use super::tree::{Entries, Named, folder_in};
use crate::record::Result;
use crate::store::error::GitResult;
use crate::store::worktree::path::check_path;
use git2::{Odb, Oid};
use std::collections::HashSet;

/// Calls `visit` with the path of each entry that git would not have made, in folders that none of the trees in `known`
/// has at the same place.
///
/// `path` holds the folder the tree lies in, with `/` at its end, and is as before when this returns.
pub(crate) fn unsound(
    odb: &Odb<'_>,
    known: &[Oid],
    tree: Oid,
    path: &mut Vec<u8>,
    visit: &mut dyn FnMut(&[u8]),
) -> Result<()> {
    if known.contains(&tree) {
        return Ok(());
    }
    let object = odb.read(tree).git()?;
    let entries: Vec<Named<'_>> = Entries::of(object.data()).collect();
    let is_folder = |named: &&Named<'_>| named.entry.is_folder();
    let mut files: HashSet<&[u8]> = HashSet::new();
    if entries.iter().any(|named| is_folder(&named)) {
        files.extend(entries.iter().filter(|named| !is_folder(named)).map(|named| named.name));
    }
    for (at, named) in entries.iter().enumerate() {
        let above = path.len();
        path.extend_from_slice(named.name);
        let is_next = at == 0 || entries[at - 1].order(named).is_lt();
        let is_alone = !is_folder(&named) || !files.contains(named.name);
        if !(is_next && is_alone && is_allowed(path, named.name)) {
            visit(path);
        } else if is_folder(&named) {
            let known = known.iter().filter_map(|known| folder_in(odb, *known, named.name)).collect::<Vec<_>>();
            path.push(b'/');
            unsound(odb, &known, named.entry.id, path, visit)?;
        }
        path.truncate(above);
    }
    Ok(())
}

/// Tells whether a work tree can have the path, whose last part is `name`.
fn is_allowed(path: &[u8], name: &[u8]) -> bool {
    !name.contains(&b'/') && std::str::from_utf8(path).is_ok_and(|path| check_path(path).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use git2::{ObjectType, Repository};

    /// Writes a tree as it is given, sound or not.
    fn tree(odb: &Odb<'_>, entries: &[(&str, &str, Oid)]) -> Oid {
        let mut data = Vec::new();
        for (mode, name, id) in entries {
            data.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            data.extend_from_slice(id.as_bytes());
        }
        odb.write(ObjectType::Tree, &data).unwrap()
    }

    #[test]
    fn what_git_would_not_make_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let git = Repository::init_bare(dir.path()).unwrap();
        git2::opts::strict_object_creation(false);
        let odb = git.odb().unwrap();
        let blob = odb.write(ObjectType::Blob, b"x").unwrap();
        let found = |known: &[Oid], tree: Oid| {
            let mut found = Vec::new();
            unsound(&odb, known, tree, &mut Vec::new(), &mut |path| {
                found.push(String::from_utf8_lossy(path).into_owned());
            })
            .unwrap();
            found
        };
        const FILE: &str = "100644";
        let below = tree(&odb, &[(FILE, "a", blob), (FILE, "a", blob)]);
        for (entries, bad) in [
            (&[(FILE, "a", blob), (FILE, "b", blob)][..], &[][..]),
            (&[(FILE, "a", blob), (FILE, "a", blob)], &["a"]),
            (&[(FILE, "b", blob), (FILE, "a", blob)], &["a"]),
            (&[(FILE, "a", blob), (FILE, "a-", blob), ("40000", "a", below)], &["a"]),
            (&[(FILE, "a/b", blob)], &["a/b"]),
            (&[(FILE, ".GIT", blob), (FILE, "..", blob)], &[".GIT", ".."]),
            (&[("40000", "x", below)], &["x/a"]),
            (&[("40000", ".git", below)], &[".git"]),
        ] {
            let made = tree(&odb, entries);
            assert_eq!(found(&[], made), bad, "{entries:?}");
            assert_eq!(found(&[made], made), [""; 0], "what was there before is not looked at");
        }
        let [one, other] = [FILE, "100755"].map(|mode| tree(&odb, &[(mode, "c", blob), ("40000", "x", below)]));
        assert_eq!(found(&[one], other), [""; 0]);
        assert_eq!(found(&[], other), ["x/a"]);
    }
}
