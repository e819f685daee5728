//! Where the history of a shallow clone begins: commits whose parents git left behind (`git clone --depth`).
//!
//! What such a commit changed is not known: compared with nothing it would seem to have made all there is.

use crate::record::{Result, Words};
use crate::store::Repo;
use crate::store::error::IoResult;
use crate::words;
use git2::Oid;
use std::fs;

impl Repo {
    /// Returns the commits where the history begins although they had parents; none but in a shallow clone.
    ///
    /// Format: git's documentation `gitformat-shallow`, an id in hexadecimal digits on each line.
    pub fn boundary(&self) -> Result<Vec<Oid>> {
        if !self.git().is_shallow() {
            return Ok(Vec::new());
        }
        let path = self.git().commondir().join("shallow");
        let text = fs::read_to_string(&path).at(&path)?;
        Ok(text.lines().filter_map(|line| Oid::from_str(line.trim()).ok()).collect())
    }
}

/// Says what brings the history that a shallow clone lacks.
pub fn unshallow() -> Words {
    words!("`git fetch --unshallow` brings the rest of the history", "`git fetch --unshallow` 可取回其余历史")
}
