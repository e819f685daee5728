//! Loose objects: one file each, for the few of a single record's commit.
//!
//! Written here and not by libgit2, which gives a file its name before its bytes are on the disk: after
//! a power cut such a name can stand for nothing, and the same object would never be written again.
//!
//! Format: git's documentation `gitformat-loose`.

use super::Object;
use crate::record::Result;
use crate::store::durable;
use crate::store::error::IoResult;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes objects into git's folder `objects`; they are on the disk when this returns.
pub(crate) fn write(folder: &Path, objects: &[Object<'_>]) -> Result<()> {
    let written: Vec<(NamedTempFile, PathBuf)> =
        objects.par_iter().map(|object| write_one(folder, object)).collect::<Result<_>>()?;
    let mut folders = BTreeSet::from([folder.to_path_buf()]);
    for (file, path) in written {
        folders.extend(path.parent().map(PathBuf::from));
        // An object that is there has these very bytes; git's own never changes, so neither does ours.
        file.persist(&path).map_err(|error| error.error).at(&path)?;
    }
    durable::sync_all(&folders.into_iter().collect::<Vec<_>>())
}

/// Writes one object beside its place, to the disk; returns the file and its place.
fn write_one(folder: &Path, object: &Object<'_>) -> Result<(NamedTempFile, PathBuf)> {
    let id = object.id.to_string();
    let (first, rest) = id.split_at(2);
    let folder = folder.join(first);
    fs::create_dir_all(&folder).at(&folder)?;
    // `git prune` clears away files with this name that a killed process left.
    let file = tempfile::Builder::new().prefix("tmp_obj_").tempfile_in(&folder).at(&folder)?;
    let make = || -> std::io::Result<()> {
        let mut deflate = ZlibEncoder::new(file.as_file(), Compression::new(6));
        write!(deflate, "{} {}\0", object.kind.str(), object.data.len())?;
        deflate.write_all(&object.data)?;
        deflate.finish()?;
        durable::set_read_only(file.as_file())?;
        file.as_file().sync_all()
    };
    make().at(file.path())?;
    let path = folder.join(rest);
    Ok((file, path))
}
