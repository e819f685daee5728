//! git's own lock on its index, taken as git takes it: the file `index.lock`, made only if absent.
//!
//! Ours carries a mark from its first instant, so one that a killed process left is known for what it is.

use crate::record::Result;
use crate::store::durable;
use crate::store::error::IoResult;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const MARK: &str = "kehu\n";
const PAUSE: Duration = Duration::from_millis(20);

/// Which of the two indexes that a commit writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexStage {
    /// The one that takes the old one's place with the branch: it has the new entries, without stat data.
    Early,
    /// The one that knows the files.
    Final,
}

/// The lock, held until dropped.
pub(crate) struct IndexLock {
    git_dir: PathBuf,
}

impl IndexLock {
    /// Takes the lock of the index in `git_dir`, waiting up to `wait`; none when another holds it even then.
    pub fn take(git_dir: &Path, wait: Duration) -> Result<Option<IndexLock>> {
        let lock = lock_path(git_dir);
        let mark = git_dir.join("kehu/index.mark");
        fs::write(&mark, MARK).at(&mark)?;
        let start = Instant::now();
        loop {
            match make(&mark, &lock) {
                Ok(()) => return Ok(Some(IndexLock { git_dir: git_dir.to_path_buf() })),
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).at(&lock),
                Err(_) if start.elapsed() >= wait => return Ok(None),
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
    }

    /// Tells whether no one holds the lock, waiting for it up to `wait`.
    pub fn await_free(git_dir: &Path, wait: Duration) -> bool {
        let (lock, start) = (lock_path(git_dir), Instant::now());
        while lock.symlink_metadata().is_ok() {
            if start.elapsed() >= wait {
                return false;
            }
            std::thread::sleep(PAUSE);
        }
        true
    }

    /// Makes sure that the disk has room for a new index of so many bytes.
    pub fn reserve(&self, len: u64) -> Result<()> {
        let temp = self.prepared(IndexStage::Final);
        fs::File::create(&temp).and_then(|file| durable::reserve(&file, len)).at(&temp)
    }

    /// Writes the new index beside the old one, in the room that was reserved and is given back for it.
    pub fn prepare(&self, stage: IndexStage, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        let temp = self.prepared(stage);
        let mut out = BufWriter::new(fs::File::create(&temp).at(&temp)?);
        write(&mut out)?;
        out.flush().at(&temp)
    }

    /// Puts what was written in the index's place.
    pub fn replace(&self, stage: IndexStage) -> Result<()> {
        let temp = self.prepared(stage);
        fs::rename(&temp, self.git_dir.join("index")).at(&temp)
    }

    fn prepared(&self, stage: IndexStage) -> PathBuf {
        self.git_dir.join(match stage {
            IndexStage::Early => "kehu/index.early",
            IndexStage::Final => "kehu/index.new",
        })
    }

    /// Takes a lock away that a killed kehu left. The caller holds kehu's own lock, so no other kehu lives.
    pub fn clear_left(git_dir: &Path) -> Result<()> {
        let lock = lock_path(git_dir);
        match fs::read(&lock).present(&lock)? {
            Some(text) if text == MARK.as_bytes() => fs::remove_file(&lock).at(&lock),
            _ => Ok(()),
        }
    }
}

impl Drop for IndexLock {
    fn drop(&mut self) {
        // There are some only where the work was broken off.
        let _ = fs::remove_file(self.prepared(IndexStage::Early));
        let _ = fs::remove_file(self.prepared(IndexStage::Final));
        // What cannot be removed now is ours by its mark, and cleared by the next command.
        let _ = fs::remove_file(lock_path(&self.git_dir));
    }
}

fn lock_path(git_dir: &Path) -> PathBuf {
    git_dir.join("index.lock")
}

/// Makes the lock file with its mark in one step, where the file system has links.
fn make(mark: &Path, lock: &Path) -> io::Result<()> {
    match fs::hard_link(mark, lock) {
        Err(error) if !matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
            let mut file = fs::File::create_new(lock)?;
            io::Write::write_all(&mut file, MARK.as_bytes())
        }
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_left_lock_is_cleared() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        fs::create_dir(dir.join("kehu")).unwrap();
        let lock = IndexLock::take(dir, Duration::ZERO).unwrap().unwrap();
        assert!(IndexLock::take(dir, Duration::ZERO).unwrap().is_none());
        std::mem::forget(lock);
        IndexLock::clear_left(dir).unwrap();
        assert!(!dir.join("index.lock").exists());
        fs::write(dir.join("index.lock"), "").unwrap();
        IndexLock::clear_left(dir).unwrap();
        assert!(dir.join("index.lock").exists(), "git's lock stays");
    }
}
