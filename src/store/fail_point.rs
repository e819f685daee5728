//! Places where a test may kill the process: every step of the write path.
//!
//! Present in debug builds and with the feature `failpoints`; in a release build a call is nothing.

/// The steps of the write path, in order; a test kills at each.
pub const STEPS: [&str; 15] = [
    "locked",
    "staged",
    "objects",
    "journal",
    "git-locked",
    "branch",
    "placed",
    "temps",
    "synced",
    "half-renamed",
    "files",
    "index-locked",
    "index",
    "journal-dropped",
    "unlocking",
];

/// Kills the process, as `kill -9` would, when the environment variable `KEHU_FAIL_AT` names `step`.
#[cfg(any(debug_assertions, feature = "failpoints"))]
pub(crate) fn fail_point(step: &str) {
    debug_assert!(STEPS.contains(&step), "{step} is not in the list");
    if std::env::var_os("KEHU_FAIL_AT").is_some_and(|name| name == step) {
        std::process::abort();
    }
}

/// Does nothing in a release build.
#[cfg(not(any(debug_assertions, feature = "failpoints")))]
pub(crate) fn fail_point(_step: &str) {}
