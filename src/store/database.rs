//! SQLite files for what is only remembered: opened, made anew when they are damaged or of another version, done
//! without when they cannot be had.
//!
//! *Invariants:* nothing here is a truth; every file may be deleted at any time. A reader never waits long and takes
//! no lock of the repository.

use rusqlite::{Connection, FileControl, OpenFlags, TransactionBehavior};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another process's write is waited for before the file is done without.
const PATIENCE: Duration = Duration::from_millis(500);

/// The size of a page; the file is made of whole ones.
const PAGE: u64 = 8192;

/// What a file holds.
pub(super) struct Layout {
    /// The file's name.
    pub file: &'static str,
    /// Which layout of the tables it is, never 0, which SQLite gives a new file.
    pub version: i32,
    /// The tables.
    pub tables: &'static [&'static str],
    /// What makes them.
    pub sql: &'static str,
}

impl Layout {
    /// Opens the file in `dir`, making it where there is none; nothing when it has to be done without.
    pub fn open(&self, dir: &Path) -> Option<Connection> {
        _ = fs::create_dir_all(dir);
        let path = dir.join(self.file);
        // SQLite takes what is missing of the last page for zeros, and finds less than there was.
        if fs::metadata(&path).is_ok_and(|file| file.len() % PAGE != 0) {
            remove(&path);
        }
        match self.open_or_make(&path) {
            Ok(db) => Some(db),
            Err(error) if is_damage(&error) => {
                remove(&path);
                self.open_or_make(&path).ok()
            }
            Err(_) => self.open_read_only(&path),
        }
    }

    fn open_or_make(&self, path: &Path) -> rusqlite::Result<Connection> {
        let mut db = Connection::open(path)?;
        db.busy_timeout(PATIENCE)?;
        db.execute_batch(&format!(
            "PRAGMA page_size = {PAGE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA journal_size_limit = 1048576;",
        ))?;
        // Else each command makes the two files beside it and removes them again, which takes as long as its reading.
        db.file_control(Some("main"), FileControl::PersistWal(&mut 1))?;
        if version_of(&db)? != self.version {
            self.make_anew(&mut db)?;
        }
        Ok(db)
    }

    /// Opens a file in a folder that cannot be written to; so nobody writes to it meanwhile.
    pub fn open_read_only(&self, path: &Path) -> Option<Connection> {
        let mut uri = String::from("file:");
        for byte in path.to_str()?.bytes() {
            match byte {
                b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(byte)),
                other => uri.push_str(&format!("%{other:02X}")),
            }
        }
        uri.push_str("?immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let db = Connection::open_with_flags(uri, flags).ok()?;
        (version_of(&db).ok()? == self.version).then_some(db)
    }

    /// Drops every table and makes them again, in one step for others who have the file open.
    fn make_anew(&self, db: &mut Connection) -> rusqlite::Result<()> {
        let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if version_of(&work)? != self.version {
            for table in self.tables {
                work.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?;
            }
            work.execute_batch(self.sql)?;
            work.pragma_update(None, "user_version", self.version)?;
        }
        work.commit()
    }
}

/// Removes the file when SQLite says that it is damaged, so that the next command makes it anew.
pub(super) fn discard_if_damaged(db: &Connection) {
    let check = db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    let damaged = check.map_or_else(|error| is_damage(&error), |said| said != "ok");
    if damaged {
        discard(db);
    }
}

/// Removes the file of a connection, so that the next command makes it anew.
pub(super) fn discard(db: &Connection) {
    if let Some(path) = db.path() {
        remove(Path::new(path));
    }
}

fn version_of(db: &Connection) -> rusqlite::Result<i32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
        || matches!(error, rusqlite::Error::SqliteFailure(_, Some(why)) if why.contains("no such table") || why.contains("already exists"))
}

fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        _ = fs::remove_file(PathBuf::from(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        file: "x.sqlite",
        version: 1,
        tables: &["a"],
        sql: "CREATE TABLE a (n INTEGER PRIMARY KEY, data BLOB)",
    };

    #[test]
    fn a_file_that_was_cut_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let count = |db: &Connection| db.query_row("SELECT count(*) FROM a", [], |row| row.get::<_, i64>(0)).unwrap();
        let db = LAYOUT.open(dir.path()).unwrap();
        db.execute_batch("INSERT INTO a VALUES (1, zeroblob(100))").unwrap();
        drop(db);
        assert_eq!(count(&LAYOUT.open(dir.path()).unwrap()), 1);
        let path = dir.path().join(LAYOUT.file);
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_len(fs::metadata(&path).unwrap().len() - 100).unwrap();
        let db = LAYOUT.open(dir.path()).unwrap();
        assert_eq!(count(&db), 0);
        db.execute_batch("INSERT INTO a VALUES (1, NULL)").unwrap();
    }
}
