//! Install git hooks that run kehu.

use super::Session;
use crate::record::{Failure, Result};
use crate::words;
use std::path::PathBuf;

/// What the pre-commit hook runs.
const PRE_COMMIT: &str = "#!/bin/sh\n# Installed by `kehu hook install pre-commit`: refuses commits that break a record.\nexec kehu check --staged\n";

/// Installs the pre-commit hook; returns its path, or none when it is installed already.
///
/// Fails with exit code 5 when another hook is there.
pub fn install_pre_commit(session: &Session) -> Result<Option<PathBuf>> {
    let path = session.repo.hooks_dir()?.join("pre-commit");
    match session.repo.read_hook("pre-commit")? {
        Some(text) if text == PRE_COMMIT => Ok(None),
        Some(_) => Err(other_hook(&path)),
        None if session.options.dry_run => Ok(Some(path)),
        None => session.repo.write_hook("pre-commit", PRE_COMMIT).map(Some),
    }
}

fn other_hook(path: &std::path::Path) -> Failure {
    let path = path.display();
    Failure::conflict(words!("there is another hook at `{path}`", "`{path}` 处已有其他钩子")).hint(words!(
        "add the line `kehu check --staged || exit 1` to it",
        "请在其中加入一行 `kehu check --staged || exit 1`"
    ))
}
