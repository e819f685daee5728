//! Paths inside the repository: what may be written, and never anything outside it.

use crate::record::{Failure, Result};
use crate::words;
use std::path::Path;

/// Checks that `path` names a file inside the repository, with `/` between its parts.
///
/// Refuses what git refuses to keep: empty parts, `.`, `..`, `.git` in any spelling that some file
/// system takes for it, backslashes and control characters.
pub(crate) fn check_path(path: &str) -> Result<()> {
    if !path.is_empty() && path.len() < 4096 && path.split('/').all(is_plain) {
        return Ok(());
    }
    Err(Failure::invalid(words!("`{path}` is not a path inside the repository", "`{path}` 不是仓库内的路径")))
}

fn is_plain(part: &str) -> bool {
    // What the names of records are made of needs no closer look.
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if part.len() <= 255 && part.bytes().all(usual) && !part.starts_with('.') && !part.ends_with('.') {
        return !part.is_empty();
    }
    let visible: String = part.chars().filter(|c| !is_ignorable(*c)).collect();
    let folded = visible.to_ascii_lowercase();
    // Windows drops final dots and blanks, and knows the short name `git~1`.
    let folded = folded.trim_end_matches(['.', ' ']);
    !part.is_empty()
        && part.len() <= 255
        && !folded.is_empty()
        && folded != ".git"
        && !folded.starts_with("git~")
        && !part.contains(|c: char| c.is_control() || matches!(c, '\\' | ':'))
}

/// Tells whether macOS drops the character when it compares names.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

/// Returns the folder a path lies in, empty for the top.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Returns the first folder above `path` that is not a real folder: a symbolic link or a file.
pub(crate) fn obstacle<'a>(root: &Path, path: &'a str) -> Option<&'a str> {
    path.match_indices('/')
        .map(|(end, _)| &path[..end])
        .find(|folder| root.join(folder).symlink_metadata().is_ok_and(|meta| !meta.is_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_inside() {
        for good in ["kehu.toml", "leads/2026/LEAD-2026-001.toml", "users/桌子.toml", ".gitattributes", "a/.gitx"] {
            assert!(check_path(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "a//b",
            "a/",
            "../x",
            "a/../b",
            "./a",
            ".git/config",
            "a/.GIT/x",
            ".git.",
            "GIT~1/x",
            ".g\u{200c}it/x",
            "a\\b",
            "C:x",
            "a\0b",
            "a/ /b",
            "a\nb",
        ] {
            assert!(check_path(bad).is_err(), "{bad:?}");
        }
    }
}
