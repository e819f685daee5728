//! Make a repository of records.

use crate::record::{Lang, Result, Words};
use crate::rules::Config;
use crate::store::{ATTRIBUTES, ATTRIBUTES_PATH, Message, Note, Repo, WriteOptions, completed_attributes};
use chrono::{DateTime, FixedOffset};
use std::path::Path;
use std::time::Duration;

/// How a repository is made.
pub struct InitOptions<'a> {
    /// The language reports are in unless asked otherwise.
    pub lang: Lang,
    /// The moment of the commit.
    pub now: DateTime<FixedOffset>,
    /// How long to wait for the lock.
    pub lock_timeout: Duration,
    /// Receives notes.
    pub note: Note<'a>,
    /// Nothing is written.
    pub dry_run: bool,
}

/// What `init` did.
pub struct Made {
    /// The files it wrote; none when it was a repository of records already.
    pub files: Vec<String>,
    /// The commit.
    pub commit: Option<String>,
    /// Whether git had to be told of the programs that show and merge records.
    pub drivers: bool,
}

/// Makes `dir` a repository of records: git, `kehu.toml`, `config/` with every default, one commit.
///
/// A directory that is one already is left as it is, but for configuration files and attributes it lacks, and
/// for git's settings, which a clone does not bring along. Fails with exit code 1 when git knows no identity,
/// before anything is written.
pub fn init(dir: &Path, options: &InitOptions<'_>) -> Result<Made> {
    let files = files(dir, options.lang);
    Repo::require_identity(dir)?;
    if options.dry_run {
        Repo::at(dir)?;
        let missing = files.into_iter().map(|(path, _)| path).filter(|path| !dir.join(path).exists());
        return Ok(Made { files: missing.collect(), commit: None, drivers: false });
    }
    let repo = Repo::init(dir)?;
    let write = WriteOptions {
        lock_timeout: options.lock_timeout,
        now: options.now,
        command: "init",
        note: options.note,
        judge: None,
    };
    // Only a convenience; nothing fails for it.
    let drivers = repo.install_git_drivers().unwrap_or_else(|failure| {
        (options.note)(failure.message);
        false
    });
    let mut transaction = repo.begin(&write)?;
    let mut written = Vec::new();
    for (path, text) in files {
        let known = transaction.read(&path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let wanted = match known {
            None => Some(text),
            Some(known) => completed_attributes(&known).filter(|_| path == ATTRIBUTES_PATH),
        };
        if let Some(text) = wanted {
            transaction.write(&path, text.into_bytes())?;
            written.push(path);
        }
    }
    let commit = transaction.commit(&Message::new("init: configuration with every default"))?;
    Ok(Made { files: written, commit: commit.map(|oid| oid.to_string()), drivers })
}

fn files(dir: &Path, lang: Lang) -> Vec<(String, String)> {
    let name = std::path::absolute(dir).ok().and_then(|dir| Some(dir.file_name()?.to_string_lossy().into_owned()));
    let name = name.unwrap_or_else(|| "kehu".to_string());
    let defaults = Config::default_files(lang, &name).into_iter().map(|(path, text)| (path.to_string(), text));
    defaults.chain([(ATTRIBUTES_PATH.to_string(), ATTRIBUTES.to_string())]).collect()
}

/// Says nothing: the note of callers that need none.
pub fn silent(_: Words) {}
