//! Look-up keys: which records bear a phone, a credit code, a reference, without loading them all.
//!
//! The store knows no business rules: the caller says what the keys of a record are. They are kept in
//! the index as of a commit; when the branch has moved, only the paths that differ between the two
//! commits are read. Every hit is checked against the record as it is now, so a collision of hashes or
//! a record changed since costs time, never a wrong answer.
//!
//! *Absent on purpose:* records that are in no commit yet: what is found is among those of HEAD.

use super::index::{Index, hash64};
use super::layout::parse_path;
use super::{LoadOptions, Repo, Source, codec};
use crate::record::{Failure, KINDS, Kind, Number, Record, Result};
use crate::words;
use git2::Oid;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::{BTreeSet, HashMap};

/// What the keys of a record are.
#[derive(Debug, Clone, Copy)]
pub struct Keyer {
    /// Must change whenever `keys` gives other keys for the same record.
    pub version: u32,
    /// Returns the keys of a record, such as `phone:13800138000` or `subject:LEAD-2026-001`.
    pub keys: fn(&Record) -> Vec<String>,
}

/// The records of HEAD by key.
pub struct KeyIndex<'r> {
    repo: &'r Repo,
    keyer: Keyer,
    head: Option<Oid>,
    store: Store,
}

enum Store {
    Disk(Index),
    /// Where the index has to be done without.
    Memory(HashMap<i64, BTreeSet<Row>>),
}

/// A key of a record: the place of its kind in [`KINDS`], and its number.
type Row = (i64, String);

/// Keys of records: hash and record.
type Keys = Vec<(i64, Row)>;

impl Repo {
    /// Returns the records of HEAD by their keys, brought up to date.
    ///
    /// It takes as long as what changed since the last time is large. Fails when git does.
    pub fn keys(&self, keyer: &Keyer) -> Result<KeyIndex<'_>> {
        let head = self.head()?;
        let disk = Index::open(&self.private_dir()).and_then(|mut index| {
            if bring_up_to_date(self, index.db_mut(), keyer, head).is_err() {
                index.discard_if_damaged();
                return None;
            }
            Some(index)
        });
        let store = match disk {
            Some(index) => Store::Disk(index),
            None => Store::Memory(in_memory(self, keyer, head)?),
        };
        Ok(KeyIndex { repo: self, keyer: *keyer, head, store })
    }
}

impl KeyIndex<'_> {
    /// Returns the records that bear a key now, sorted.
    ///
    /// Fails when git does. A candidate whose file cannot be read or parsed bears nothing.
    pub fn find(&self, key: &str) -> Result<Vec<(Kind, Number)>> {
        let hash = hash_of(key);
        let rows = match &self.store {
            Store::Disk(index) => match rows_of(index.db(), hash) {
                Ok(rows) => rows,
                Err(_) => in_memory(self.repo, &self.keyer, self.head)?.remove(&hash).unwrap_or_default(),
            },
            Store::Memory(map) => map.get(&hash).cloned().unwrap_or_default(),
        };
        let mut found = Vec::new();
        for (at, number) in rows {
            let kind = usize::try_from(at).ok().and_then(|at| KINDS.get(at));
            let (Some(kind), Some(number)) = (kind, Number::parse(&number)) else { continue };
            if self.bears(*kind, &number, key) {
                found.push((*kind, number));
            }
        }
        Ok(found)
    }

    fn bears(&self, kind: Kind, number: &Number, key: &str) -> bool {
        let record = self.repo.load_one(kind, number, &Source::WorkTree).ok().flatten();
        record.is_some_and(|(record, _)| (self.keyer.keys)(&record).iter().any(|own| own == key))
    }
}

/// Brings the keys on disk up to `head`, in one step for other processes.
fn bring_up_to_date(repo: &Repo, db: &mut Connection, keyer: &Keyer, head: Option<Oid>) -> Result<()> {
    let wanted = state_name(keyer, head);
    if state_of(db).is_some_and(|state| state == wanted) {
        return Ok(());
    }
    let work = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(lost)?;
    let known = state_of(&work);
    let from =
        known.as_deref().and_then(|state| state.split_once(' ')).filter(|(version, _)| *version == version_name(keyer));
    let from = from.and_then(|(_, commit)| Oid::from_str(commit).ok());
    let changes = match (from, head) {
        (Some(from), Some(head)) => changed_keys(repo, keyer, from, head).ok(),
        _ => None,
    };
    match changes {
        Some((gone, come)) => {
            remove(&work, &gone).map_err(lost)?;
            insert(&work, come).map_err(lost)?;
        }
        None => {
            work.execute("DELETE FROM key", []).map_err(lost)?;
            insert(&work, all_keys(repo, keyer, head)?).map_err(lost)?;
        }
    }
    work.execute("INSERT OR REPLACE INTO state (name, value) VALUES ('keys', ?1)", [&wanted]).map_err(lost)?;
    work.commit().map_err(lost)
}

/// The index cannot be used; the caller does without.
fn lost(error: rusqlite::Error) -> Failure {
    Failure::failed(words!("the index cannot be written: {error}", "无法写入索引：{error}"))
}

fn version_name(keyer: &Keyer) -> String {
    format!("v{}", keyer.version)
}

fn state_name(keyer: &Keyer, head: Option<Oid>) -> String {
    format!("{} {}", version_name(keyer), head.map_or_else(|| "none".to_string(), |head| head.to_string()))
}

fn state_of(db: &Connection) -> Option<String> {
    db.query_row("SELECT value FROM state WHERE name = 'keys'", [], |row| row.get(0)).optional().ok()?
}

fn remove(work: &Transaction<'_>, keys: &Keys) -> rusqlite::Result<()> {
    let mut delete = work.prepare("DELETE FROM key WHERE hash = ?1 AND kind = ?2 AND number = ?3")?;
    keys.iter().try_for_each(|(hash, (kind, number))| delete.execute(params![hash, kind, number]).map(drop))
}

/// Inserts keys in the order of the table, which is several times as fast as in any other.
fn insert(work: &Transaction<'_>, mut keys: Keys) -> rusqlite::Result<()> {
    keys.sort_unstable();
    let mut insert = work.prepare("INSERT OR IGNORE INTO key (hash, kind, number) VALUES (?1, ?2, ?3)")?;
    keys.iter().try_for_each(|(hash, (kind, number))| insert.execute(params![hash, kind, number]).map(drop))
}

fn rows_of(db: &Connection, hash: i64) -> rusqlite::Result<BTreeSet<Row>> {
    let mut select = db.prepare_cached("SELECT kind, number FROM key WHERE hash = ?1")?;
    let rows = select.query_map([hash], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn in_memory(repo: &Repo, keyer: &Keyer, head: Option<Oid>) -> Result<HashMap<i64, BTreeSet<Row>>> {
    let mut map: HashMap<i64, BTreeSet<Row>> = HashMap::new();
    for (hash, row) in all_keys(repo, keyer, head)? {
        map.entry(hash).or_default().insert(row);
    }
    Ok(map)
}

/// Returns the keys of all records of a commit.
fn all_keys(repo: &Repo, keyer: &Keyer, head: Option<Oid>) -> Result<Keys> {
    let Some(head) = head else { return Ok(Keys::new()) };
    let loaded = repo.load(&KINDS, &Source::Commit(head), LoadOptions { use_index: false })?;
    Ok(loaded.records.iter().flat_map(|record| keys_of(keyer, record)).collect())
}

/// Returns the keys that went and that came between two commits; those of a changed record do both.
fn changed_keys(repo: &Repo, keyer: &Keyer, from: Oid, to: Oid) -> Result<(Keys, Keys)> {
    let (mut gone, mut come) = (Keys::new(), Keys::new());
    for kind in KINDS {
        for (path, old, new) in repo.changes_between(Some(from), to, kind.folder)? {
            let Some((kind, number)) = parse_path(&path) else { continue };
            gone.extend(keys_in(repo, keyer, kind, &number, old)?);
            come.extend(keys_in(repo, keyer, kind, &number, new)?);
        }
    }
    Ok((gone, come))
}

/// Returns the keys of the record in a blob; none when it holds no record.
fn keys_in(repo: &Repo, keyer: &Keyer, kind: Kind, number: &Number, blob: Option<Oid>) -> Result<Keys> {
    let Some(blob) = blob else { return Ok(Keys::new()) };
    let bytes = repo.blob(blob)?;
    let (record, _) = codec::parse(kind, number, std::str::from_utf8(&bytes).unwrap_or_default());
    Ok(record.iter().flat_map(|record| keys_of(keyer, record)).collect())
}

fn keys_of(keyer: &Keyer, record: &Record) -> Keys {
    let kind = KINDS.iter().position(|kind| *kind == record.kind).unwrap_or(KINDS.len()) as i64;
    let row = |key: String| (hash_of(&key), (kind, record.number.as_str().to_string()));
    (keyer.keys)(record).into_iter().map(row).collect()
}

fn hash_of(key: &str) -> i64 {
    hash64(key.as_bytes()) as i64
}
