//! The write lock: one writer at a time over all work trees of a repository.
//!
//! A lock of the kernel on `.git/kehu/lock`: it goes when its process goes, however that ends, so
//! there is never a stale one to clear away. The file's text only names the holder for a message.
//! Readers take no lock.

use crate::record::{Exit, Failure, Result};
use crate::store::error::IoResult;
use crate::words;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// The write lock, held until dropped.
#[derive(Debug)]
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Takes the lock at `path`, waiting up to `timeout`; `command` is what others are told is running.
    ///
    /// Fails with exit code 9, naming the holder, when it is still held then.
    pub fn take(path: &Path, timeout: Duration, command: &str) -> Result<WriteLock> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(lock) = WriteLock::try_take(path, command)? {
                return Ok(lock);
            }
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(busy(path, timeout));
            }
            std::thread::sleep(pause.min(left));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Takes the lock if it is free.
    pub fn try_take(path: &Path, command: &str) -> Result<Option<WriteLock>> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).at(folder)?;
        }
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).at(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error).at(path),
        }
        sign(&file, command).at(path)?;
        Ok(Some(WriteLock { _file: file }))
    }
}

/// Writes who holds the lock into it.
fn sign(mut file: &File, command: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{} {command}", std::process::id())
}

fn busy(path: &Path, timeout: Duration) -> Failure {
    let mut holder = String::new();
    // Only for the message; the holder may be gone by now.
    let _ = File::open(path).and_then(|file| file.take(200).read_to_string(&mut holder));
    let holder = holder.lines().next().unwrap_or_default();
    let (pid, command) = holder.split_once(' ').unwrap_or((holder, ""));
    let seconds = timeout.as_secs_f32();
    Failure::new(
        Exit::Busy,
        words!(
            "another kehu is writing: process {pid}, `{command}`; waited {seconds:.1} s",
            "另一个 kehu 正在写入：进程 {pid}，`{command}`；已等待 {seconds:.1} 秒"
        ),
    )
    .hint(words!(
        "wait for it to end, or wait longer with `--lock-timeout`",
        "等待其结束，或用 `--lock-timeout` 延长等待"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_and_then_names_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kehu/lock");
        let first = WriteLock::take(&path, Duration::ZERO, "lead import").unwrap();
        let failure = WriteLock::take(&path, Duration::from_millis(30), "lead add").unwrap_err();
        assert_eq!(failure.exit, Exit::Busy);
        assert!(failure.message.en.contains(&format!("process {}, `lead import`", std::process::id())), "{failure}");
        drop(first);
        // A child that a test beside this one is just starting may hold the descriptor for a moment more.
        WriteLock::take(&path, Duration::from_secs(10), "lead add").unwrap();
    }
}
