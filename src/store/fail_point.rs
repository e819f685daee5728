//! Places where a test may kill the process, or let the disk fail: every step of the write path.
//!
//! Present in debug builds and with the feature `failpoints`; in a release build a call is nothing.

use crate::record::Result;

/// The steps of the write path, in order; a test kills, and lets the disk fail, at each.
pub const STEPS: [&str; 19] = [
    "locked",
    "staged",
    "objects",
    "journal",
    "git-locked",
    "moved",
    "branch",
    "half-placed",
    "half-moved",
    "placed",
    "temps",
    "synced",
    "half-renamed",
    "files",
    "index-locked",
    "index",
    "durable",
    "journal-dropped",
    "unlocking",
];

/// The steps of a sync beside those of the write path, in order.
pub const SYNC_STEPS: [&str; 4] = ["sync-locked", "fetched", "pushing", "pushed"];

/// Does what the environment variable `KEHU_FAIL_AT` asks for at `step`: `STEP` kills the process, as
/// `kill -9` would; `STEP:full` fails as a full disk does.
#[cfg(any(debug_assertions, feature = "failpoints"))]
pub(crate) fn fail_point(step: &str) -> Result<()> {
    use super::error::IoResult;
    debug_assert!(STEPS.contains(&step) || SYNC_STEPS.contains(&step), "{step} is not in the lists");
    let asked = std::env::var("KEHU_FAIL_AT").unwrap_or_default();
    match asked.strip_prefix(step) {
        Some("") => std::process::abort(),
        Some(":full") => Err(std::io::Error::from(std::io::ErrorKind::StorageFull)).at(step.as_ref()),
        _ => Ok(()),
    }
}

/// Does nothing in a release build.
#[cfg(not(any(debug_assertions, feature = "failpoints")))]
pub(crate) fn fail_point(_step: &str) -> Result<()> {
    Ok(())
}
