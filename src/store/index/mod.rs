//! The index: parsed records and look-up keys in one SQLite file, `.git/kehu/index.sqlite`.
//!
//! It saves parsing, never decides anything: every entry is checked against the file system before it
//! is believed, and a hit of a key against the record. It may be deleted at any time. What cannot be
//! opened, read or written is done without; what is damaged or of another version is made anew.
//!
//! *Invariants:* one version of kehu and its field declarations, one index; a reader never waits long
//! and takes no lock of the repository.

mod chunk;
mod hash;
mod stored;

pub(super) use chunk::{ChunkUpdate, ChunkWriter, Content, Entries, Entry, Stat};
pub(super) use hash::hash64;

use super::database::{self, Layout};
use crate::record::{Field, FieldType, KINDS};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

/// Counts changes of what is stored that neither the crate's version nor the declarations show.
const FORMAT: u32 = 1;

const SQL: &str = "
    CREATE TABLE chunk (name TEXT PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE tree (name TEXT PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE key (hash INTEGER, kind INTEGER, number TEXT, PRIMARY KEY (hash, kind, number)) WITHOUT ROWID;
";

/// An opened index.
pub(super) struct Index {
    db: Connection,
}

/// Which of the two sets of chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Folders of the work tree, by path.
    Chunk,
    /// Folders of commits, by tree and path.
    Tree,
}

/// A chunk to be written, by name; nothing when it is to go.
pub(super) type Change = (String, Option<Vec<u8>>);

impl Table {
    fn name(self) -> &'static str {
        match self {
            Table::Chunk => "chunk",
            Table::Tree => "tree",
        }
    }
}

impl Index {
    /// Opens the index in `dir`, making it where there is none; nothing when it has to be done without.
    pub(super) fn open(dir: &Path) -> Option<Index> {
        layout().open(dir).map(|db| Index { db })
    }

    /// Returns the connection, for the look-up keys.
    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    /// Returns the connection, to change the look-up keys.
    pub(super) fn db_mut(&mut self) -> &mut Connection {
        &mut self.db
    }

    /// Returns the chunks of all folders inside `folder`, by name; none when they cannot be read.
    pub(super) fn chunks_in(&self, folder: &str) -> HashMap<String, Vec<u8>> {
        // `0` follows `/`: the range is everything that starts with `folder/`, and the folder itself.
        let read = || -> rusqlite::Result<HashMap<String, Vec<u8>>> {
            let sql = "SELECT name, data FROM chunk WHERE name = ?1 OR (name > ?1 || '/' AND name < ?1 || '0')";
            let mut select = self.db.prepare(sql)?;
            let rows = select.query_map([folder], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().unwrap_or_default()
    }

    /// Returns one chunk.
    pub(super) fn chunk(&self, table: Table, name: &str) -> Option<Vec<u8>> {
        let sql = format!("SELECT data FROM {} WHERE name = ?1", table.name());
        let mut select = self.db.prepare_cached(&sql).ok()?;
        select.query_row([name], |row| row.get(0)).optional().ok()?
    }

    /// Writes chunks, and takes out those that are nothing; best effort.
    ///
    /// Of the chunks of commits the newest `keep` stay.
    pub(super) fn write(&mut self, table: Table, changes: &[Change], keep: usize) {
        if changes.is_empty() {
            return;
        }
        let name = table.name();
        let write = |db: &mut Connection| -> rusqlite::Result<()> {
            let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut put = work.prepare(&format!("INSERT OR REPLACE INTO {name} (name, data) VALUES (?1, ?2)"))?;
                let mut drop = work.prepare(&format!("DELETE FROM {name} WHERE name = ?1"))?;
                for (name, data) in changes {
                    match data {
                        Some(data) => put.execute(params![name, data])?,
                        None => drop.execute([name])?,
                    };
                }
            }
            if table == Table::Tree {
                let sql = "DELETE FROM tree WHERE rowid <= (SELECT max(rowid) FROM tree) - ?1";
                work.execute(sql, [i64::try_from(keep).unwrap_or(i64::MAX)])?;
            }
            work.commit()
        };
        // The next reader parses again what could not be written.
        if write(&mut self.db).is_err() {
            self.discard_if_damaged();
        }
    }

    /// Removes the file when SQLite says that it is damaged, so that the next command makes it anew.
    pub(super) fn discard_if_damaged(&self) {
        database::discard_if_damaged(&self.db);
    }
}

fn layout() -> Layout {
    Layout { file: "index.sqlite", version: version(), tables: &["chunk", "tree", "state", "key"], sql: SQL }
}

/// Returns the version of what is stored: this kehu and its field declarations.
fn version() -> i32 {
    static VERSION: LazyLock<i32> = LazyLock::new(make_version);
    *VERSION
}

fn make_version() -> i32 {
    let mut text = format!("{FORMAT} {}", env!("CARGO_PKG_VERSION"));
    for kind in KINDS {
        text.push_str(&format!("\n{} {} {:?}", kind.name, kind.folder, kind.numbering));
        describe(&mut text, kind.fields);
    }
    // Not 0, which SQLite gives a new file.
    (hash64(text.as_bytes()) as i32) | 1
}

fn describe(text: &mut String, fields: &[Field]) {
    for field in fields {
        text.push('\n');
        text.push_str(field.key);
        match field.ty {
            FieldType::Table(inner) => describe(text, inner),
            ty => {
                text.push_str(&format!(" {ty:?} "));
                text.push_str(field.label.en);
                text.push_str(field.label.zh);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_of_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::open(dir.path()).unwrap();
        let put = |name: &str| (name.to_string(), Some(vec![1]));
        index.write(Table::Chunk, &[put("leads"), put("leads/2026"), put("leads-old/1"), put("users")], 0);
        index.write(Table::Chunk, &[("users".into(), None)], 0);
        drop(index);
        let index = Index { db: layout().open_read_only(&dir.path().join("index.sqlite")).unwrap() };
        let mut names: Vec<_> = index.chunks_in("leads").into_keys().collect();
        names.sort();
        assert_eq!(names, ["leads", "leads/2026"]);
        assert!(index.chunk(Table::Chunk, "users").is_none());
    }

    #[test]
    fn old_trees_go() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::open(dir.path()).unwrap();
        for n in 0..5 {
            index.write(Table::Tree, &[(n.to_string(), Some(vec![n]))], 2);
        }
        assert!(index.chunk(Table::Tree, "2").is_none());
        assert_eq!(index.chunk(Table::Tree, "4"), Some(vec![4]));
    }

    #[test]
    fn damage_found_late_is_mended_by_the_next_command() {
        let dir = tempfile::tempdir().unwrap();
        let many: Vec<Change> = (0..50).map(|n| (n.to_string(), Some(vec![n; 20_000]))).collect();
        Index::open(dir.path()).unwrap().write(Table::Chunk, &many, 0);
        let file = std::fs::File::options().write(true).open(dir.path().join("index.sqlite")).unwrap();
        file.set_len(200_000).unwrap();
        for _ in 0..2 {
            Index::open(dir.path()).unwrap().write(Table::Chunk, &many, 0);
        }
        assert_eq!(Index::open(dir.path()).unwrap().chunk(Table::Chunk, "49"), Some(vec![49; 20_000]));
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index.sqlite");
        std::fs::write(&path, "not a database, but long enough to be taken for one when it is opened").unwrap();
        let mut index = Index::open(dir.path()).unwrap();
        index.write(Table::Chunk, &[("a".into(), Some(vec![1]))], 0);
        index.db.pragma_update(None, "user_version", 7).unwrap();
        drop(index);
        let index = Index::open(dir.path()).unwrap();
        assert!(index.chunk(Table::Chunk, "a").is_none());
    }
}
