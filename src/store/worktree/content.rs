//! What lies in the work tree at a path, compared with git's blobs as git compares it.
//!
//! A file that differs from its blob only in CRLF line ends, where `core.autocrlf` or an attribute
//! asks for them, is the blob. *Absent on purpose:* filter programs; a path with one is refused.

use crate::record::{Failure, Result};
use crate::store::error::{GitResult, IoResult};
use crate::store::objects::id_of;
use crate::words;
use git2::{AttrCheckFlags, AttrValue, ObjectType, Oid, Repository};
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

/// What lies at a path of the work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OnDisk {
    /// Nothing.
    Missing,
    /// A regular file.
    File(Content),
    /// A folder, a link, or anything else that is no record.
    Other,
}

/// The content of a file, as the blobs it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// Its blob as it is.
    pub exact: Oid,
    /// Its blob with LF line ends, when it has CRLF ones.
    pub normal: Option<Oid>,
    /// Which state of the file was read.
    pub stamp: Stamp,
}

/// Which state of a file was seen: a changed file has another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    size: u64,
}

impl Stamp {
    /// Returns the state of the file now; none when it is missing.
    pub fn now(path: &Path) -> Option<Stamp> {
        path.symlink_metadata().ok().map(|meta| Stamp::of(&meta))
    }

    fn of(meta: &Metadata) -> Stamp {
        Stamp { modified: meta.modified().ok(), size: meta.len() }
    }
}

impl OnDisk {
    /// Reads what lies at `path`.
    pub fn read(path: &Path) -> Result<OnDisk> {
        let Some(meta) = path.symlink_metadata().present(path)? else { return Ok(OnDisk::Missing) };
        if !meta.is_file() {
            return Ok(OnDisk::Other);
        }
        let bytes = fs::read(path).at(path)?;
        let exact = id_of(ObjectType::Blob, &bytes);
        let normal = bytes.windows(2).any(|pair| pair == b"\r\n").then(|| to_lf(&bytes));
        let normal = normal.map(|lf| id_of(ObjectType::Blob, &lf));
        Ok(OnDisk::File(Content { exact, normal, stamp: Stamp::of(&meta) }))
    }

    /// Returns which state of the file was read; none when there is none.
    pub fn stamp(&self) -> Option<Stamp> {
        match self {
            OnDisk::File(content) => Some(content.stamp.clone()),
            _ => None,
        }
    }

    /// Returns how it is the `blob` (none: that nothing is there), if it is.
    pub fn same_as(&self, blob: Option<Oid>, git: &Repository, path: &str) -> Option<LineEnds> {
        match (self, blob) {
            (OnDisk::Missing, None) => Some(LineEnds::AsStored),
            (OnDisk::File(content), Some(blob)) if content.exact == blob => Some(LineEnds::AsStored),
            (OnDisk::File(content), Some(blob)) if content.normal == Some(blob) && converts(git, path) => {
                Some(LineEnds::Crlf)
            }
            _ => None,
        }
    }
}

/// How a file in the work tree holds its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnds {
    /// As in the blob.
    AsStored,
    /// With CRLF, where the blob has LF.
    Crlf,
}

/// Returns the bytes with LF for CRLF.
pub(crate) fn to_lf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

/// Returns the bytes with CRLF for LF.
pub(crate) fn to_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    for byte in to_lf(bytes) {
        if byte == b'\n' {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

/// Tells whether git converts line ends of `path`: by its attributes, else by `core.autocrlf`.
pub(crate) fn converts(git: &Repository, path: &str) -> bool {
    let attribute = |name| attribute(git, path, name).unwrap_or(Attribute::Unset);
    match (attribute("text"), attribute("eol")) {
        (Attribute::Off, _) => false,
        (Attribute::On, _) | (_, Attribute::On) => true,
        _ => {
            let config = git.config().and_then(|config| config.get_string("core.autocrlf"));
            config.is_ok_and(|value| ["true", "input", "yes", "on", "1"].contains(&value.to_lowercase().as_str()))
        }
    }
}

/// Attributes that make git send content through a program, or store it in another form.
const TRANSFORMS: [&str; 2] = ["filter", "working-tree-encoding"];

/// Refuses a path whose content git would send through a program: kehu would store it unfiltered.
pub(crate) fn refuse_filter(git: &Repository, path: &str) -> Result<()> {
    for name in TRANSFORMS {
        if attribute(git, path, name)? == Attribute::On {
            return Err(Failure::conflict(words!(
                "`{path}` has the git attribute `{name}`, which kehu cannot apply",
                "`{path}` 带有 git 属性 `{name}`，kehu 无法应用"
            ))
            .hint(words!(
                "`git check-attr -a {path}` shows where it is set",
                "`git check-attr -a {path}` 可查看其设置位置"
            )));
        }
    }
    Ok(())
}

/// Tells whether a file of attributes that applies in `folder` mentions a transforming attribute at all.
///
/// Asking libgit2 makes it read the whole index first, 100 ms at 100,000 records; this spares nearly everyone that.
pub(crate) fn mentions_filter(git: &Repository, root: &Path, folder: &str) -> bool {
    let mentions =
        |path: &Path| fs::read_to_string(path).is_ok_and(|text| TRANSFORMS.iter().any(|name| text.contains(name)));
    let above = folder.match_indices('/').map(|(end, _)| &folder[..end]).chain(["", folder]);
    let config = || git.config().and_then(|config| config.get_path("core.attributesFile")).ok();
    above.map(|folder| root.join(folder).join(".gitattributes")).any(|path| mentions(&path))
        || mentions(&git.commondir().join("info/attributes"))
        || config().is_some_and(|path| mentions(&path))
}

/// What an attribute says, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attribute {
    /// Set, or set to a value.
    On,
    /// Set to false: `-text`.
    Off,
    /// Not mentioned.
    Unset,
}

/// Returns what the attributes of `path` say about `name`.
fn attribute(git: &Repository, path: &str, name: &str) -> Result<Attribute> {
    let value = git.get_attr_bytes(Path::new(path), name, AttrCheckFlags::default()).git()?;
    Ok(match AttrValue::from_bytes(value) {
        AttrValue::False => Attribute::Off,
        AttrValue::Unspecified => Attribute::Unset,
        _ => Attribute::On,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends() {
        assert_eq!(to_lf(b"a\r\nb\rc\n"), b"a\nb\rc\n");
        assert_eq!(to_crlf(b"a\r\nb\n"), b"a\r\nb\r\n");
    }

    #[test]
    fn crlf_is_no_edit_where_git_converts() {
        let dir = tempfile::tempdir().unwrap();
        let git = Repository::init(dir.path()).unwrap();
        let file = dir.path().join("x.toml");
        fs::write(&file, "a = 1\r\n").unwrap();
        let stored = Oid::hash_object(ObjectType::Blob, b"a = 1\n").unwrap();
        let disk = OnDisk::read(&file).unwrap();
        let same = || disk.same_as(Some(stored), &git, "x.toml");
        git.config().unwrap().set_str("core.autocrlf", "false").unwrap();
        assert_eq!(same(), None);
        git.config().unwrap().set_str("core.autocrlf", "true").unwrap();
        assert_eq!(same(), Some(LineEnds::Crlf));
        fs::write(dir.path().join(".gitattributes"), "*.toml -text\n").unwrap();
        assert!(!converts(&Repository::open(dir.path()).unwrap(), "x.toml"));
    }
}
