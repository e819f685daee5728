//! The git objects of one commit: gathered in memory, then written, loose when few, else as a pack.
//!
//! *Invariant:* after [`Objects::store`] they are on the disk; until then nothing of them is.

use super::durable;
use super::error::GitResult;
use super::{loose, pack};
use crate::progress::Stage;
use crate::record::Result;
use git2::{ObjectType, Oid, Repository};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashSet;

/// A git object.
pub(crate) struct Object<'a> {
    pub id: Oid,
    pub kind: ObjectType,
    pub data: Cow<'a, [u8]>,
}

/// The objects of one commit.
#[derive(Default)]
pub(crate) struct Objects<'a> {
    list: Vec<Object<'a>>,
    known: HashSet<Oid>,
}

impl<'a> Objects<'a> {
    /// Adds an object; returns its id.
    pub fn add(&mut self, kind: ObjectType, data: impl Into<Cow<'a, [u8]>>) -> Result<Oid> {
        let data = data.into();
        let id = Oid::hash_object(kind, &data).git()?;
        if self.known.insert(id) {
            self.list.push(Object { id, kind, data });
        }
        Ok(id)
    }

    /// Adds files, hashed in parallel; returns their ids in the same order.
    pub fn add_files(&mut self, files: &[&'a [u8]]) -> Result<Vec<Oid>> {
        let hash = |data: &&[u8]| Oid::hash_object(ObjectType::Blob, data);
        let ids: Vec<Oid> = files.par_iter().map(hash).collect::<std::result::Result<_, _>>().git()?;
        for (id, data) in ids.iter().zip(files) {
            if self.known.insert(*id) {
                self.list.push(Object { id: *id, kind: ObjectType::Blob, data: Cow::Borrowed(data) });
            }
        }
        Ok(ids)
    }

    /// Writes all of them to the disk.
    pub fn store(&self, git: &Repository, stage: &Stage) -> Result<()> {
        let folder = git.commondir().join("objects");
        if self.list.len() > durable::BULK {
            pack::write(&folder.join("pack"), &self.list, &|count| stage.advance(count))?;
            return git.odb().and_then(|odb| odb.refresh()).git();
        }
        loose::write(&folder, &self.list)
    }
}
