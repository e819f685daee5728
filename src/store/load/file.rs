//! One file: its bytes, and what they hold or why they cannot be had.

use super::super::codec::{parse_at, position};
use super::super::error::{reason, refused};
use super::super::index::Content;
use super::super::layout::{ENDING, parse_path, path_of};
use crate::record::{Failure, Finding, Kind, Number, Problem, Result, Severity, Words};
use crate::store::worktree::path::obstacle;
use crate::words;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The largest file that is read. A record is a page of text; what is larger was put there by mistake, and
/// reading it would take all memory.
pub(super) const LARGEST: u64 = 16 << 20;

/// Reads a file of the work tree; nothing when there is none.
///
/// Fails for what is no regular file, or lies behind a link: that is not of this repository.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<Vec<u8>>> {
    if let Some(folder) = obstacle(root, path) {
        return Err(Failure::invalid(words!("`{folder}` is not a folder", "`{folder}` 不是目录"))
            .hint(words!("kehu follows no symbolic links inside a repository", "kehu 不跟随仓库内的符号链接")));
    }
    let full = root.join(path);
    let read = || match fs::symlink_metadata(&full) {
        Ok(file) if !file.is_file() => {
            Ok(Err(Failure::invalid(words!("`{path}` is not a regular file", "`{path}` 不是普通文件"))))
        }
        Ok(file) => match refuse_large(path, file.len()) {
            Ok(()) => fs::read(&full).map(Ok),
            refused => Ok(refused.map(|()| Vec::new())),
        },
        Err(error) => Err(error),
    };
    match read() {
        Ok(bytes) => bytes.map(Some),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(refused(&words!("cannot read `{path}`", "无法读取 `{path}`"), &error)),
    }
}

/// Refuses to read or write a file that is too large for a record.
pub(in crate::store) fn refuse_large(path: &str, size: u64) -> Result<()> {
    if size > LARGEST { Err(Failure::invalid(large(size)).within(words!("`{path}`", "`{path}`"))) } else { Ok(()) }
}

fn large(size: u64) -> Words {
    let (size, most) = (size >> 20, LARGEST >> 20);
    words!("the file has {size} MB; a record has at most {most} MB", "文件有 {size} MB；记录最大 {most} MB")
}

/// Says that a file is too large for a record.
pub(super) fn too_large(path: &str, size: u64) -> Finding {
    finding(path, "too-large", large(size), None)
}

/// Returns what a record's file holds.
pub(super) fn content(kind: Kind, number: &Number, path: &str, bytes: &[u8]) -> Content {
    if bytes.len() as u64 > LARGEST {
        return Content { row: None, findings: vec![too_large(path, bytes.len() as u64)] };
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Content { row: None, findings: vec![not_utf8(path, bytes, error.valid_up_to())] },
    };
    let (record, findings) = parse_at(kind, number, text, path);
    Content { row: record.map(|record| record.row), findings }
}

/// Returns why a file of `size` bytes is no text of a record; none when it is one. `read` is asked for what is not too large.
pub fn no_text(path: &str, size: usize, read: impl FnOnce() -> Result<Vec<u8>>) -> Result<Option<Finding>> {
    if size as u64 > LARGEST {
        return Ok(Some(too_large(path, size as u64)));
    }
    let bytes = read()?;
    let text = std::str::from_utf8(&bytes);
    Ok(text.err().map(|error| not_utf8(path, &bytes, error.valid_up_to())))
}

fn not_utf8(path: &str, bytes: &[u8], valid: usize) -> Finding {
    let text = std::str::from_utf8(&bytes[..valid]).unwrap_or_default();
    let (line, column) = position(text, valid);
    let message = words!("the file is not UTF-8 text", "文件不是 UTF-8 文本");
    let mend = words!("save it as UTF-8", "请另存为 UTF-8 编码");
    Finding { line, column, ..finding(path, "encoding", message, Some(mend)) }
}

/// Says that a file cannot be read.
pub(super) fn cannot_read(path: &str, error: &io::Error) -> Finding {
    let message = Words::join([&words!("it cannot be read", "无法读取"), &reason(error)], ": ", "：");
    finding(path, "unreadable", message, None)
}

/// Says that something has a record's name but is no file.
pub(super) fn not_a_file(path: &str, what: Words) -> Finding {
    let message = words!(
        "{what}, not a regular file; it is not read",
        "{what}，不是普通文件，未读取"; each what
    );
    finding(path, "not-a-file", message, None)
}

/// Says that a file lies where no record of its name belongs, and where it would, if anywhere.
pub fn misplaced(kind: Kind, path: &str) -> Finding {
    let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(ENDING));
    let wanted = stem.and_then(Number::parse).map(|number| path_of(kind, &number)).filter(|wanted| wanted != path);
    let (message, mend) = match wanted {
        Some(wanted) if parse_path(&wanted).is_some() => (
            words!("the file does not lie where its number says", "文件位置与其编号不符"),
            words!("move it to `{wanted}`", "请移动到 `{wanted}`"),
        ),
        _ => (
            words!("the file name is not a number of its kind", "文件名不是该类记录的编号"),
            words!("rename it, or move it out of `{}`", "请改名或移出 `{}`"; kind.folder),
        ),
    };
    finding(path, "misplaced-file", message, Some(mend))
}

fn finding(path: &str, code: &'static str, message: Words, mend: Option<Words>) -> Finding {
    let problem = Problem { code, severity: Severity::Error, field: None, message, mend };
    Finding { path: path.to_string(), line: 0, column: 0, problem }
}
