//! Places that are the repository's own: no result may be written there.
//!
//! `-o leads/2026/LEAD-2026-001.toml` would replace a record by a table, and a file among git's own would
//! damage the repository. Reports that somebody keeps beside the records, committed or not, are his.

use super::hand_edit::OTHERS;
use crate::record::{Failure, KINDS, Result};
use crate::words;
use std::path::{Path, PathBuf};

/// What a folder of git's has, whatever its name is.
const GIT_DIR: [&str; 3] = ["HEAD", "objects", "refs"];

/// Refuses a path for a result, with exit code 2, where it is of a repository of records itself: `kehu.toml`,
/// configuration, records, attachments, and everything of git's.
///
/// Links are followed, as they are when the result is written.
pub fn refuse_own_place(path: &Path) -> Result<()> {
    let real = real(path);
    if !real.ancestors().any(|place| is_git(place) || is_ours(place, &real)) {
        return Ok(());
    }
    let shown = path.display();
    let message = words!(
        "`{shown}` is a place of the repository's own, not one for results",
        "`{shown}` 属于仓库自身，不能写入结果"
    );
    Err(Failure::usage(message).hint(words!(
        "name a file outside its folders, as `results/FILE`",
        "请使用这些目录之外的文件，例如 `results/文件`"
    )))
}

/// Returns where a path leads, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let found = path.ancestors().find_map(|there| Some((there, there.canonicalize().ok()?)));
    match found {
        Some((there, real)) => path.strip_prefix(there).map_or(real.clone(), |rest| real.join(rest)),
        None => path,
    }
}

fn is_git(place: &Path) -> bool {
    place.file_name().is_some_and(|name| name.eq_ignore_ascii_case(".git"))
        || GIT_DIR.iter().all(|name| place.join(name).exists())
}

/// Tells whether `place` is the top of a repository of records, and what `path` leads to is its own.
fn is_ours(place: &Path, path: &Path) -> bool {
    let Some(first) = path.strip_prefix(place).ok().and_then(|below| below.components().next()) else { return false };
    let mut names = KINDS.iter().map(|kind| kind.folder).chain(OTHERS);
    names.any(|name| first.as_os_str().eq_ignore_ascii_case(name)) && place.join("kehu.toml").exists()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn own_places_are_told_from_others() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for folder in ["leads/2026", "reports", ".git", "bare/objects", "bare/refs", "else/leads"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for file in ["kehu.toml", "leads/2026/LEAD-2026-001.toml", "bare/HEAD"] {
            fs::write(root.join(file), "").unwrap();
        }
        let own = ["kehu.toml", "leads/2026/LEAD-2026-001.toml", "leads/new.csv", "Config/x.toml", ".gitattributes"];
        let own = own.into_iter().chain(["users/a.toml", ".git/config", "bare/x.csv", "reports/../leads/x.csv"]);
        for path in own {
            assert!(refuse_own_place(&root.join(path)).is_err(), "{path}");
        }
        for path in ["report.md", "reports/leads.csv", "leads.csv", "else/leads/x.csv", "no/such/folder.csv"] {
            refuse_own_place(&root.join(path)).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("repo/leads")).unwrap();
        fs::write(root.join("repo/kehu.toml"), "").unwrap();
        std::os::unix::fs::symlink("repo/leads", root.join("folder")).unwrap();
        std::os::unix::fs::symlink("repo/kehu.toml", root.join("file.csv")).unwrap();
        assert!(refuse_own_place(&root.join("folder/x.csv")).is_err());
        assert!(refuse_own_place(&root.join("file.csv")).is_err());
    }
}
