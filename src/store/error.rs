//! Turning the errors of git and the file system into failures a person can act on.

use crate::record::{Failure, Result, Words};
use crate::words;
use git2::ErrorCode;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Errors of git, said as failures.
pub(crate) trait GitResult<T> {
    /// Returns the value, or the error as a failure.
    fn git(self) -> Result<T>;

    /// Returns the value, nothing when git did not find it, or the error as a failure.
    fn found(self) -> Result<Option<T>>;
}

/// Errors of the file system, said as failures that name the path.
pub(crate) trait IoResult<T> {
    /// Returns the value, or the error as a failure that names `path`.
    fn at(self, path: &Path) -> Result<T>;

    /// Returns the value, nothing when there is no such file, or the error as a failure.
    fn present(self, path: &Path) -> Result<Option<T>>;
}

impl<T> GitResult<T> for std::result::Result<T, git2::Error> {
    fn git(self) -> Result<T> {
        self.map_err(|error| explain(&error))
    }

    fn found(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::UnbornBranch) => Ok(None),
            Err(error) => Err(explain(&error)),
        }
    }
}

impl<T> IoResult<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T> {
        self.map_err(|error| refused(&Words::same(format!("`{}`", path.display())), &error))
    }

    fn present(self, path: &Path) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error).at(path),
        }
    }
}

/// Says why the file system refused, in words of ours where it is something that happens to people.
pub(crate) fn reason(error: &io::Error) -> Words {
    match error.kind() {
        ErrorKind::StorageFull => words!("no space is left on the disk", "磁盘空间已满"),
        ErrorKind::QuotaExceeded => words!("the disk quota is used up", "磁盘配额已用完"),
        ErrorKind::FileTooLarge => words!("the file may not become that large", "文件大小超出允许的上限"),
        ErrorKind::PermissionDenied => words!("no permission", "没有权限"),
        ErrorKind::ReadOnlyFilesystem => words!("the file system is read-only", "文件系统为只读"),
        ErrorKind::NotFound => words!("there is no such file or folder", "文件或目录不存在"),
        ErrorKind::NotADirectory => words!("a folder on the way is none", "路径中有一级不是目录"),
        ErrorKind::IsADirectory => words!("it is a folder", "它是目录"),
        _ => words!("{error}", "{error}"),
    }
}

/// Says what the file system refused, why, and what a person can do about it.
pub fn refused(what: &Words, error: &io::Error) -> Failure {
    let failure = Failure::failed(Words::join([what, &reason(error)], ": ", "："));
    with_remedy(failure, error.kind())
}

fn with_remedy(failure: Failure, kind: ErrorKind) -> Failure {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            failure.hint(words!("make room on that disk and run it again", "请在该磁盘上腾出空间后重试"))
        }
        ErrorKind::FileTooLarge => failure.hint(words!(
            "`ulimit -f` shows the limit of this session; run it again where it is higher",
            "`ulimit -f` 可查看当前会话的上限；请在上限更高的会话中重试"
        )),
        ErrorKind::PermissionDenied => failure.hint(words!(
            "`ls -ld` on it and on its folder shows who may; run it as one of them, or ask them for the right",
            "对该文件及其目录运行 `ls -ld` 可查看谁有权限；请以有权限的用户运行，或请其授权"
        )),
        ErrorKind::ReadOnlyFilesystem => failure.hint(words!(
            "choose a place that can be written; a repository moves there by `git clone FOLDER`",
            "请选择可写入的位置；仓库可用 `git clone 目录` 复制过去"
        )),
        _ => failure,
    }
}

/// What libgit2 quotes of the system's errors, which reach us as text alone.
const QUOTED: [(&str, ErrorKind); 4] = [
    ("No space left on device", ErrorKind::StorageFull),
    ("File too large", ErrorKind::FileTooLarge),
    ("Permission denied", ErrorKind::PermissionDenied),
    ("Read-only file system", ErrorKind::ReadOnlyFilesystem),
];

/// The formats of repository that libgit2 cannot open: what its message contains, and their name.
const UNSUPPORTED: [(&str, &str, &str); 5] = [
    ("refstorage", "reftable references", "reftable 引用格式"),
    ("object format", "SHA-256 objects", "SHA-256 对象格式"),
    ("objectformat", "SHA-256 objects", "SHA-256 对象格式"),
    ("partialclone", "a partial clone", "部分克隆"),
    ("unsupported extension", "an extension that kehu does not know", "kehu 不认识的扩展"),
];

/// Says an error of git: whose folder it is, what format it has, or git's own words.
fn explain(error: &git2::Error) -> Failure {
    let said = error.message();
    if error.code() == ErrorCode::Owner {
        return Failure::failed(words!("this git repository belongs to another user", "此 git 仓库属于另一个用户"))
            .hint(words!(
                "if you trust it, `git config --global --add safe.directory FOLDER` lets git and kehu open it",
                "如果信任它，可用 `git config --global --add safe.directory 目录` 允许 git 和 kehu 打开"
            ));
    }
    match UNSUPPORTED.iter().find(|(mark, ..)| said.contains(mark)) {
        Some((_, en, zh)) => unsupported(Words { en: (*en).into(), zh: (*zh).into() }),
        None => {
            let failure = Failure::failed(words!("git: {said}", "git：{said}"));
            match QUOTED.iter().find(|(text, _)| said.contains(text)) {
                Some((_, kind)) => with_remedy(failure, *kind),
                None => failure,
            }
        }
    }
}

/// Says that the repository has a format kehu cannot work with.
pub(crate) fn unsupported(what: Words) -> Failure {
    let sentence = words!(
        "this git repository uses {what}, which kehu cannot work with",
        "此 git 仓库使用了{what}，kehu 无法处理"; each what
    );
    Failure::failed(sentence).hint(words!(
        "a full clone in git's default format works: `git clone URL FOLDER`",
        "使用默认格式的完整克隆即可：`git clone URL 目录`"
    ))
}
