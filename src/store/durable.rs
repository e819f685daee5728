//! Making writes survive a power cut: sync a file, a folder, many at once; replace a file whole.

use super::error::IoResult;
use crate::record::Result;
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// From this many files on, one sync of the file system is cheaper than one a file (about 2 ms each).
pub(crate) const BULK: usize = 50;

/// How long files gather between two syncs of the file system while many are written. Syncs without a pause
/// hold up the writer: 300,000 files took 20 s with 45,000 syncs and 15 s with 250.
const SYNC_PAUSE: Duration = Duration::from_millis(50);

/// Replaces or makes the file `path`; after a crash it holds either the old or the new bytes, whole.
///
/// Returns once the bytes and the name are on the disk. The folder must exist.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temp = path.with_added_extension("tmp");
    let write = || -> io::Result<()> {
        let mut file = File::create(&temp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temp, path)
    };
    write().at(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Writes the names in a folder to the disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // Other systems cannot open a folder, and keep names safe by themselves.
    if cfg!(unix) { File::open(folder).and_then(|file| file.sync_all()).at(folder) } else { Ok(()) }
}

/// Writes the bytes of several files, or the names of several folders, to the disk.
///
/// In parallel, since the file system then joins what waits; one that is gone is passed over.
pub(crate) fn sync_all(paths: &[PathBuf]) -> Result<()> {
    paths.par_iter().try_for_each(|path| match File::open(path).present(path)? {
        Some(file) => file.sync_all().at(path),
        None => Ok(()),
    })
}

/// Writes the bytes of many files in `folder`'s file system to the disk.
pub(crate) fn sync_many(folder: &Path, paths: &[PathBuf]) -> Result<()> {
    if paths.len() > BULK && sync_file_system(folder) { Ok(()) } else { sync_all(paths) }
}

/// Makes sure that the disk has room for a file of `len` bytes, which is that long then; where the system cannot
/// tell, nothing happens.
pub(crate) fn reserve(file: &File, len: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        // SAFETY: `fallocate` takes a descriptor, open for the length of the call, and touches no memory of ours.
        while unsafe { libc::fallocate(file.as_raw_fd(), 0, 0, len as libc::off_t) } != 0 {
            let error = io::Error::last_os_error();
            match error.raw_os_error() {
                Some(libc::EINTR) => {}
                Some(libc::EOPNOTSUPP | libc::ENOSYS) => return Ok(()),
                _ => return Err(error),
            }
        }
    }
    let _ = (file, len);
    Ok(())
}

/// Runs `work`, which writes `paths` below `folder`, and returns what it does when they are on the disk.
///
/// The disk starts while `work` goes on, so that little is left to wait for.
pub(crate) fn sync_while<T>(folder: &Path, paths: &[&Path], work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let sync_each = || paths.par_iter().try_for_each(|path| File::open(path)?.sync_all());
    if paths.len() <= BULK {
        let done = work()?;
        return sync_each().map(|()| done);
    }
    let is_done = AtomicBool::new(false);
    let (done, is_synced) = thread::scope(|scope| {
        let sync = scope.spawn(|| {
            loop {
                // What was written before this look is on the disk after the next sync.
                let is_last = is_done.load(Ordering::Acquire);
                if !sync_file_system(folder) || is_last {
                    return is_last;
                }
                thread::park_timeout(SYNC_PAUSE);
            }
        });
        let worked = work();
        is_done.store(true, Ordering::Release);
        sync.thread().unpark();
        worked.map(|done| (done, sync.join().unwrap_or(false)))
    })?;
    if !is_synced {
        sync_each()?;
    }
    Ok(done)
}

/// Syncs the whole file system that `folder` lies in; returns whether that can be done here.
#[cfg(target_os = "linux")]
fn sync_file_system(folder: &Path) -> bool {
    use std::os::fd::AsRawFd;
    // SAFETY: `syncfs` takes a descriptor, open for the length of the call, and touches no memory of ours.
    File::open(folder).is_ok_and(|file| unsafe { libc::syncfs(file.as_raw_fd()) } == 0)
}

/// Syncs the whole file system that `folder` lies in; returns whether that can be done here.
#[cfg(not(target_os = "linux"))]
fn sync_file_system(_folder: &Path) -> bool {
    false
}

/// Fails when this process may not make files in `folder`.
#[cfg(unix)]
pub(crate) fn writable(folder: &Path) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let folder = std::ffi::CString::new(folder.as_os_str().as_bytes())?;
    // SAFETY: the text ends with NUL and outlives the call, which changes nothing.
    match unsafe { libc::faccessat(libc::AT_FDCWD, folder.as_ptr(), libc::W_OK | libc::X_OK, libc::AT_EACCESS) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Tells nothing: on other systems only trying shows it.
#[cfg(not(unix))]
pub(crate) fn writable(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a file readable by all and writable by none, as git's objects are.
pub(crate) fn set_read_only(file: &File) -> std::io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    #[cfg(unix)]
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o444);
    #[cfg(not(unix))]
    permissions.set_readonly(true);
    file.set_permissions(permissions)
}
