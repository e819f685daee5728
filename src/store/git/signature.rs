//! Signatures of commits, verified by git against the public keys of users.
//!
//! git calls `ssh-keygen`, which looks the key up in a file of allowed signers that is written for this and gone after.

use crate::record::{Failure, Result};
use crate::store::Repo;
use crate::store::error::IoResult;
use crate::words;
use git2::Oid;
use std::io::Write;
use std::process::{Command, Stdio};
use tempfile::NamedTempFile;

/// What git says of a commit's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// There is none.
    No,
    /// It was made by a key of this user.
    By(String),
    /// It does not fit the commit, or its key is none of these users'.
    Wrong,
}

impl Repo {
    /// Finds out who signed a commit; `keys` are logins with a public key each.
    ///
    /// Fails when git cannot be run.
    pub fn signed_by(&self, commit: Oid, keys: &[(&str, String)]) -> Result<Signed> {
        let mut signers = NamedTempFile::new().at(self.git().path())?;
        for (login, key) in keys {
            writeln!(signers, "{login} namespaces=\"git\" {key}").at(signers.path())?;
        }
        let mut command = Command::new("git");
        // A replacement somebody pushed must not stand in for the commit.
        command.arg("--no-replace-objects").arg("--git-dir").arg(self.git().path());
        command.arg("-c").arg(format!("gpg.ssh.allowedSignersFile={}", signers.path().display()));
        command.args(["log", "-1", "--no-show-signature", "--format=%G?%n%GS", &commit.to_string()]);
        let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().map_err(|error| {
            Failure::failed(words!("cannot run git to verify: {error}", "无法运行 git 进行验证：{error}"))
        })?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut lines = said.lines();
        Ok(match (lines.next().unwrap_or_default(), lines.next().unwrap_or_default()) {
            ("N" | "", _) => Signed::No,
            ("G", login) => Signed::By(login.to_string()),
            _ => Signed::Wrong,
        })
    }
}
