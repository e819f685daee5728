//! Turning the errors of git and the file system into failures a person can act on.

use crate::record::{Failure, Result, Words};
use crate::words;
use git2::ErrorCode;
use std::io;
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
        self.map_err(|error| Failure::failed(words!("`{}`: {error}", "`{}`：{error}"; path.display())))
    }

    fn present(self, path: &Path) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error).at(path),
        }
    }
}

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
        None => Failure::failed(words!("git: {said}", "git：{said}")),
    }
}

/// Says that the repository has a format kehu cannot work with.
pub(crate) fn unsupported(what: Words) -> Failure {
    let sentence = Words {
        en: format!("this git repository uses {}, which kehu cannot work with", what.en).into(),
        zh: format!("此 git 仓库使用了{}，kehu 无法处理", what.zh).into(),
    };
    Failure::failed(sentence).hint(words!(
        "a full clone in git's default format works: `git clone URL FOLDER`",
        "使用默认格式的完整克隆即可：`git clone URL 目录`"
    ))
}
