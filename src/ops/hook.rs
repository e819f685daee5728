//! Install git hooks that run kehu.

use super::Session;
use crate::record::{Failure, Result};
use crate::store::Repo;
use crate::words;
use std::path::{Path, PathBuf};

/// What the pre-commit hook runs.
const PRE_COMMIT: &str = "#!/bin/sh\n# Installed by `kehu hook install pre-commit`: refuses commits that break a record.\nexec kehu check --staged\n";

/// What the pre-receive hook runs.
const PRE_RECEIVE: &str = "#!/bin/sh\n# Installed by `kehu hook install pre-receive`: refuses pushes that somebody may not make or that break a record.\nexec kehu hook pre-receive\n";

/// Installs the pre-commit hook; returns its path, or none when it is installed already.
///
/// Fails with exit code 5 when another hook is there.
pub fn install_pre_commit(session: &Session) -> Result<Option<PathBuf>> {
    install(&session.repo, session.options.dry_run, "pre-commit", PRE_COMMIT, "kehu check --staged || exit 1")
}

/// Installs the pre-receive hook of a bare repository; returns its path, or none when it is installed already.
///
/// Fails with exit code 5 when another hook is there.
pub fn install_pre_receive(repo: &Repo, dry_run: bool) -> Result<Option<PathBuf>> {
    install(repo, dry_run, "pre-receive", PRE_RECEIVE, "kehu hook pre-receive || exit 1")
}

/// What HEAD of a bare repository said before a hook was installed.
pub enum Head {
    /// The main branch, or the one that will be the first.
    Sound,
    /// A branch that is not there; it names this one now, the only one or `main`.
    Mended(String),
    /// A branch that is not there, and several are.
    Unsure(String),
}

/// Has HEAD of a bare repository name the main branch where it names one that is not there.
///
/// The hook does without; who clones would get an empty folder.
pub fn settle_head(repo: &Repo, dry_run: bool) -> Result<Head> {
    let branches = repo.branches()?;
    let named = branches.head();
    if branches.is_empty() || named.is_some_and(|name| branches.has(name)) {
        return Ok(Head::Sound);
    }
    match branches.main() {
        None => Ok(Head::Unsure(named.unwrap_or("HEAD").to_string())),
        Some(main) => {
            if !dry_run {
                repo.name_main_branch(main)?;
            }
            Ok(Head::Mended(main.to_string()))
        }
    }
}

fn install(repo: &Repo, dry_run: bool, name: &str, wanted: &str, line: &str) -> Result<Option<PathBuf>> {
    let path = repo.hooks_dir()?.join(name);
    match repo.read_hook(name)? {
        Some(text) if text == wanted => Ok(None),
        Some(_) => Err(other_hook(&path, line)),
        None if dry_run => Ok(Some(path)),
        None => repo.write_hook(name, wanted).map(Some),
    }
}

fn other_hook(path: &Path, line: &str) -> Failure {
    let path = path.display();
    Failure::conflict(words!("there is another hook at `{path}`", "`{path}` 处已有其他钩子"))
        .hint(words!("add the line `{line}` to it", "请在其中加入一行 `{line}`"))
}
