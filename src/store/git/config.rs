//! git's configuration, from the files git reads it from.
//!
//! libgit2 knows nothing of the variables that name other files: `GIT_CONFIG_GLOBAL`, `GIT_CONFIG_SYSTEM`,
//! `GIT_CONFIG_NOSYSTEM`, nor of `GIT_CONFIG_COUNT` with its keys and values. Where one is set the levels are
//! put together here, so that kehu signs as git does.
//!
//! *Absent on purpose:* conditional includes (`includeIf`) in files these variables name, for libgit2 decides
//! them only in files it finds by itself.

use crate::record::Result;
use crate::store::error::GitResult;
use git2::{Config, ConfigLevel, Repository};
use std::env::{var, var_os};
use std::path::{Path, PathBuf};

/// The variables that name other files than the usual ones.
const ELSEWHERE: [&str; 3] = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];

/// Returns the configuration of a repository, or the one outside of any.
pub(in crate::store) fn read(git: Option<&Repository>) -> Result<Config> {
    let usual = || git.map_or_else(Config::open_default, Repository::config);
    let config = if ELSEWHERE.iter().any(|name| var_os(name).is_some()) { gathered(git) } else { usual() };
    config.and_then(|mut config| config.snapshot()).git()
}

/// Returns what `GIT_CONFIG_COUNT` and its like say of a key; of several the last.
pub(super) fn from_environment(key: &str) -> Option<String> {
    let count: usize = var("GIT_CONFIG_COUNT").ok()?.trim().parse().ok()?;
    let is_key = |at: &usize| var(format!("GIT_CONFIG_KEY_{at}")).is_ok_and(|name| name.eq_ignore_ascii_case(key));
    // git itself refuses counts that no environment holds.
    let at = (0..count.min(10_000)).rev().find(is_key)?;
    var(format!("GIT_CONFIG_VALUE_{at}")).ok()
}

/// Puts the levels together: system, then the user's, then the repository's.
fn gathered(git: Option<&Repository>) -> std::result::Result<Config, git2::Error> {
    let mut config = Config::new()?;
    let mut add = |path: Option<PathBuf>, level| match path.filter(|path| path.is_file()) {
        Some(path) => config.add_file(&path, level, false),
        None => Ok(()),
    };
    if !is_true("GIT_CONFIG_NOSYSTEM") {
        add(named("GIT_CONFIG_SYSTEM").or_else(|| Config::find_system().ok()), ConfigLevel::System)?;
    }
    if let Some(path) = named("GIT_CONFIG_GLOBAL") {
        add(Some(path), ConfigLevel::Global)?;
    } else {
        add(Config::find_xdg().ok(), ConfigLevel::XDG)?;
        add(Config::find_global().ok(), ConfigLevel::Global)?;
    }
    if let Some(git) = git {
        add(Some(git.commondir().join("config")), ConfigLevel::Local)?;
        add(Some(git.path().join("config.worktree")).filter(|_| has_own(git)), ConfigLevel::Worktree)?;
    }
    Ok(config)
}

/// Tells whether the work trees of a repository have settings of their own.
fn has_own(git: &Repository) -> bool {
    git.config().and_then(|config| config.get_bool("extensions.worktreeConfig")).unwrap_or(false)
}

fn named(variable: &str) -> Option<PathBuf> {
    var_os(variable).map(|path| Path::new(&path).to_path_buf())
}

/// Tells whether a variable says yes, in git's words for it.
fn is_true(variable: &str) -> bool {
    var(variable).is_ok_and(|text| Config::parse_bool(text.trim()).unwrap_or(false))
}
