//! The git objects of one commit: gathered in memory, then written, loose when few, else as a pack.
//!
//! *Invariant:* after [`Objects::store`] they are on the disk; until then nothing of them is.

mod loose;
mod pack;
pub(super) mod sound;
pub(super) mod tree;

use super::durable;
use super::error::GitResult;
use crate::progress::Stage;
use crate::record::Result;
use foldhash::HashSet;
use git2::{ObjectType, Oid, Repository};
use sha1::{Digest, Sha1};
use std::borrow::Cow;

/// A git object.
pub(crate) struct Object<'a> {
    pub id: Oid,
    pub kind: ObjectType,
    pub data: Cow<'a, [u8]>,
}

/// Returns the id of an object, as git makes it.
///
/// libgit2's own hash looks for signs of a forged collision in every block and takes eight times as long. What is
/// hashed here was made or read by this user; git looks for collisions when objects come from elsewhere.
pub(crate) fn id_of(kind: ObjectType, data: &[u8]) -> Oid {
    let mut hash = Sha1::new_with_prefix(format!("{} {}\0", kind.str(), data.len()));
    hash.update(data);
    // Only another number of bytes than 20 is refused.
    Oid::from_bytes(&hash.finalize()).unwrap_or(Oid::ZERO_SHA1)
}

/// The objects of one commit.
#[derive(Default)]
pub(crate) struct Objects<'a> {
    list: Vec<Object<'a>>,
    known: HashSet<Oid>,
}

impl<'a> Objects<'a> {
    /// Adds an object; returns its id.
    pub fn add(&mut self, kind: ObjectType, data: Vec<u8>) -> Oid {
        let id = id_of(kind, &data);
        self.add_known(id, kind, Cow::Owned(data));
        id
    }

    /// Adds a file whose id is known.
    pub fn add_file(&mut self, id: Oid, data: &'a [u8]) {
        self.add_known(id, ObjectType::Blob, Cow::Borrowed(data));
    }

    fn add_known(&mut self, id: Oid, kind: ObjectType, data: Cow<'a, [u8]>) {
        if self.known.insert(id) {
            self.list.push(Object { id, kind, data });
        }
    }

    /// Returns them in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Object<'a>> {
        self.list.iter()
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
