//! Temporary folders in memory, where there is room for them.
//!
//! The program syncs what it writes; thousands of times on a disk that is the time a test takes. What is
//! tested ends processes and refuses writes, it does not cut the power, so memory will do. `TMPDIR` wins.

use std::ffi::CString;
use std::path::Path;

const MEMORY: &str = "/dev/shm";
const WANTED: u64 = 1 << 30;

/// Makes a temporary folder.
pub fn tempdir() -> tempfile::TempDir {
    let in_memory = || tempfile::Builder::new().prefix("kehu-").tempdir_in(MEMORY).ok();
    let stated = std::env::var_os("TMPDIR").is_some();
    let made = if !stated && Path::new(MEMORY).is_dir() && room(MEMORY) >= WANTED { in_memory() } else { None };
    made.unwrap_or_else(|| tempfile::tempdir().expect("a temporary folder"))
}

/// Returns the bytes that are free where `path` lies.
fn room(path: &str) -> u64 {
    let path = CString::new(path).expect("no NUL");
    // SAFETY: all zero is a value of the structure, which the call fills in or leaves alone.
    let mut found: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are good for the length of the call.
    match unsafe { libc::statvfs(path.as_ptr(), &mut found) } {
        0 => found.f_bavail as u64 * found.f_frsize as u64,
        _ => 0,
    }
}
