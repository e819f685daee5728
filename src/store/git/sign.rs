//! Signing commits with an SSH key, where git is told to: `commit.gpgSign` and `gpg.format = ssh`.
//!
//! As git does it: the text of the commit goes to `ssh-keygen -Y sign -n git`, and what comes back stands in its
//! header `gpgsig`, so that `git log --show-signature` and every server verify commits of kehu and of git alike.
//!
//! *Absent on purpose:* OpenPGP and X.509, which want programs of their own; that is noted, and the commit unsigned.

use super::config;
use crate::record::{Failure, Result};
use crate::store::Repo;
use crate::store::error::IoResult;
use crate::words;
use git2::Config;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::NamedTempFile;

/// What git is told of signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) enum Signing {
    /// Commits are not signed.
    No,
    /// They are to be signed in a format that kehu does not write.
    Other,
    /// By this program with this key.
    Ssh { program: String, key: Key },
}

/// A key as `user.signingKey` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) enum Key {
    /// The file of a private key, or of a public one whose private one the agent holds.
    File(PathBuf),
    /// A public key itself; the agent holds the private one.
    Literal(String),
}

impl Repo {
    /// Returns what git is told of signing commits here.
    ///
    /// Fails when they are to be signed and no key is named.
    pub(in crate::store) fn signing(&self) -> Result<Signing> {
        let config = config::read(Some(self.git()))?;
        let stated = |name: &str| config::from_environment(name).or_else(|| config.get_string(name).ok());
        let signs = stated("commit.gpgSign").is_some_and(|text| Config::parse_bool(text.trim()).unwrap_or(false));
        match stated("gpg.format").as_deref() {
            _ if !signs => Ok(Signing::No),
            Some("ssh") => {
                let program = stated("gpg.ssh.program").unwrap_or_else(|| "ssh-keygen".to_string());
                let key = stated("user.signingKey").filter(|key| !key.trim().is_empty());
                let command = stated("gpg.ssh.defaultKeyCommand");
                let key = key.map_or_else(|| command.as_deref().and_then(default_key), Some).ok_or_else(keyless)?;
                Ok(Signing::Ssh { program, key: Key::of(&key, std::env::home_dir()) })
            }
            _ => Ok(Signing::Other),
        }
    }

    /// Puts a signature into the text of a commit where git is told to sign.
    ///
    /// Fails, with what the signing program said, when there is none.
    pub(in crate::store) fn signed(&self, text: String, signing: &Signing) -> Result<String> {
        let Signing::Ssh { program, key } = signing else { return Ok(text) };
        let folder = self.git().path();
        let signature = match key {
            Key::File(path) => run(program, path, false, &text)?,
            Key::Literal(key) => {
                let mut file = NamedTempFile::new().at(folder)?;
                writeln!(file, "{key}").at(file.path())?;
                run(program, file.path(), true, &text)?
            }
        };
        Ok(with_header(&text, &signature))
    }
}

impl Key {
    fn of(text: &str, home: Option<PathBuf>) -> Key {
        let text = text.trim();
        match text.strip_prefix("key::") {
            Some(key) => Key::Literal(key.to_string()),
            None if text.starts_with("ssh-") => Key::Literal(text.to_string()),
            None => match (text.strip_prefix("~/"), home) {
                (Some(below), Some(home)) => Key::File(home.join(below)),
                _ => Key::File(text.into()),
            },
        }
    }
}

/// Returns the first key that a command of the user's prints.
fn default_key(command: &str) -> Option<String> {
    let output = Command::new("sh").arg("-c").arg(command).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = text.lines().next().map(str::trim).filter(|line| !line.is_empty())?;
    output.status.success().then(|| first.to_string())
}

/// Runs the signing program over a text; returns the signature.
fn run(program: &str, key: &Path, of_agent: bool, text: &str) -> Result<String> {
    let mut command = Command::new(program);
    command.args(["-Y", "sign", "-n", "git", "-f"]).arg(key);
    if of_agent {
        command.arg("-U");
    }
    let output = piped(&mut command, text).map_err(|error| {
        Failure::failed(words!("cannot run `{program}` to sign: {error}", "无法运行 `{program}` 进行签名：{error}"))
    })?;
    let signature = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() && signature.starts_with("-----BEGIN SSH SIGNATURE-----") {
        return Ok(signature);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
    Err(Failure::failed(words!("the commit could not be signed: {said}", "无法为提交签名：{said}")).hint(words!(
        "`git config user.signingKey` names the key; nothing was changed",
        "密钥由 `git config user.signingKey` 指定；未作任何修改"
    )))
}

fn piped(command: &mut Command, text: &str) -> std::io::Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read to the end says why on stderr.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait_with_output()
}

/// Puts the signature into the header, each of its lines but the first behind a blank.
fn with_header(text: &str, signature: &str) -> String {
    let (header, message) = text.split_once("\n\n").unwrap_or((text, ""));
    let lines = signature.trim_end().lines().collect::<Vec<_>>().join("\n ");
    format!("{header}\ngpgsig {lines}\n\n{message}")
}

fn keyless() -> Failure {
    Failure::failed(words!(
        "commits are to be signed, and git knows no key (`user.signingKey`)",
        "已要求为提交签名，但 git 没有密钥（`user.signingKey`）"
    ))
    .hint(words!(
        "`git config user.signingKey ~/.ssh/id_ed25519.pub` names one",
        "可用 `git config user.signingKey ~/.ssh/id_ed25519.pub` 指定"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_stands_in_the_header() {
        let text = "tree t\nauthor a\ncommitter c\n\nsubject\n\nbody\n";
        assert_eq!(
            with_header(text, "-----BEGIN\nAAAA\n-----END\n"),
            "tree t\nauthor a\ncommitter c\ngpgsig -----BEGIN\n AAAA\n -----END\n\nsubject\n\nbody\n"
        );
    }

    #[test]
    fn keys_are_files_or_stand_there() {
        let of = |text| Key::of(text, Some("/home/x".into()));
        assert_eq!(of("~/.ssh/id.pub"), Key::File("/home/x/.ssh/id.pub".into()));
        assert_eq!(of("/keys/id"), Key::File("/keys/id".into()));
        for literal in ["key::ssh-ed25519 AAAA", "ssh-ed25519 AAAA"] {
            assert_eq!(of(literal), Key::Literal("ssh-ed25519 AAAA".into()));
        }
    }
}
