//! What is remembered of the history: the graph, and what each commit changed, in `.git/kehu/history.sqlite`.
//!
//! So is the text that blobs have in a field that was asked for through all of history.
//!
//! A commit never changes and is known by its id, so nothing remembered becomes wrong: after an amendment, a
//! reset, a rebase or a switch of branches the new commits are added and the old ones no longer come up. Only
//! where the history of a shallow clone begins may move; then all is read anew.
//!
//! *Invariants:* nothing here is a truth. The file may be deleted at any time, is shared by the work trees of a
//! repository, and is left alone by a process that finds that another one added to it meanwhile.

use super::change::Change;
use super::commit::Renumbered;
use super::graph::{Graph, Place};
use crate::record::{Kind, Number};
use crate::store::Repo;
use crate::store::database::{self, Layout};
use crate::store::index::hash64;
use git2::Oid;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::rc::Rc;

const LAYOUT: Layout = Layout {
    file: "history.sqlite",
    version: 2,
    tables: &["node", "part", "touch", "renumbered", "text", "state"],
    sql: "
        CREATE TABLE node (place INTEGER PRIMARY KEY, id BLOB NOT NULL, time INTEGER NOT NULL, parents BLOB NOT NULL);
        CREATE TABLE part (place INTEGER, n INTEGER, data BLOB NOT NULL, PRIMARY KEY (place, n)) WITHOUT ROWID;
        CREATE TABLE touch (hash INTEGER, place INTEGER, n INTEGER, PRIMARY KEY (hash, place, n)) WITHOUT ROWID;
        CREATE TABLE renumbered (place INTEGER, kind TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL);
        CREATE TABLE text (field TEXT, blob BLOB, text TEXT, PRIMARY KEY (field, blob)) WITHOUT ROWID;
        CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    ",
};

/// How many changes of a commit lie in one piece.
const PART: usize = 256;

/// What is remembered of the history.
pub(super) struct Known {
    db: Connection,
}

/// What a commit came to, to be remembered.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// The files it left different from any of its parents.
    pub changes: Vec<Change>,
    /// The records that got another number with it.
    pub renumbered: Vec<Renumbered>,
}

/// A change as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    path: &'a str,
    before: Vec<Option<[u8; 20]>>,
    after: Option<[u8; 20]>,
}

impl Known {
    /// Opens what is remembered of a repository; nothing when it has to be done without.
    pub fn open(repo: &Repo) -> Option<Known> {
        let open = || Some(Known { db: LAYOUT.open(&repo.shared_dir())? });
        let (known, beginning) = (open()?, beginning(repo));
        match known.state("beginning") {
            Some(known) if known != beginning => {}
            Some(_) => return Some(known),
            None => {
                put_state(&known.db, "beginning", beginning).ok()?;
                return Some(known);
            }
        }
        // Not emptied: another process may be reading it by the places it knows.
        database::discard(&known.db);
        let known = open()?;
        put_state(&known.db, "beginning", beginning).ok()?;
        Some(known)
    }

    fn state(&self, name: &str) -> Option<i64> {
        let mut select = self.db.prepare_cached("SELECT value FROM state WHERE name = ?1").ok()?;
        select.query_row([name], |row| row.get(0)).optional().ok()?
    }

    /// Returns how many commits, from the first place on, are remembered with what they changed.
    pub fn covered(&self) -> usize {
        self.state("covered").and_then(|covered| usize::try_from(covered).ok()).unwrap_or(0)
    }

    /// Returns the graph as far as it is remembered; nothing when it cannot be read.
    pub fn graph(&self) -> Option<Graph> {
        let read = || -> rusqlite::Result<Option<Graph>> {
            let mut graph = Graph::default();
            let mut select = self.db.prepare("SELECT id, time, parents FROM node ORDER BY place")?;
            let mut rows = select.query([])?;
            let mut parents = Vec::new();
            while let Some(row) = rows.next()? {
                let Ok(id) = Oid::from_bytes(row.get_ref(0)?.as_blob()?) else { return Ok(None) };
                parents.clear();
                let (stored, _) = row.get_ref(2)?.as_blob()?.as_chunks::<4>();
                parents.extend(stored.iter().map(|place| Place::from_le_bytes(*place)));
                if parents.iter().any(|place| *place as usize >= graph.len()) {
                    return Ok(None);
                }
                graph.push(id, row.get(1)?, &parents);
            }
            Ok(Some(graph))
        };
        match read() {
            Ok(Some(graph)) if self.state("sum").unwrap_or(0) == sum(&graph) => Some(graph),
            Ok(_) => {
                database::discard(&self.db);
                None
            }
            Err(_) => {
                database::discard_if_damaged(&self.db);
                None
            }
        }
    }

    /// Adds the commits of a graph from place `from` on; returns whether it could, which it could not when another
    /// process added some meanwhile.
    pub fn add_commits(&mut self, graph: &Graph, from: usize) -> bool {
        let write = |db: &mut Connection| -> rusqlite::Result<bool> {
            let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if count(&work)? != from as i64 {
                return Ok(false);
            }
            {
                let mut put = work.prepare("INSERT INTO node (place, id, time, parents) VALUES (?1, ?2, ?3, ?4)")?;
                for place in from as Place..graph.len() as Place {
                    let parents: Vec<u8> = graph.parents(place).iter().flat_map(|place| place.to_le_bytes()).collect();
                    put.execute(params![place, graph.id(place).as_bytes(), graph.time(place), parents])?;
                }
            }
            put_state(&work, "sum", sum(graph))?;
            work.commit()?;
            Ok(true)
        };
        write(&mut self.db).unwrap_or(false)
    }

    /// Remembers what the commits at `places` came to; returns whether it could, which it could not when another
    /// process did meanwhile.
    pub fn add_changes(&mut self, places: Range<usize>, told: &[Told]) -> bool {
        let write = |db: &mut Connection| -> rusqlite::Result<bool> {
            let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let sql = "SELECT value FROM state WHERE name = 'covered'";
            let covered: Option<i64> = work.query_row(sql, [], |row| row.get(0)).optional()?;
            if covered.unwrap_or(0) != places.start as i64 {
                return Ok(false);
            }
            put_changes(&work, places.start, told)?;
            put_state(&work, "covered", places.end as i64)?;
            work.commit()?;
            Ok(true)
        };
        write(&mut self.db).unwrap_or(false)
    }

    /// Returns what the commit at a place changed; nothing when it cannot be read.
    pub fn changes(&self, place: Place) -> Option<Vec<Change>> {
        let read = || -> rusqlite::Result<Option<Vec<Change>>> {
            let mut select = self.db.prepare_cached("SELECT data FROM part WHERE place = ?1 ORDER BY n")?;
            let mut rows = select.query([place])?;
            let mut changes = Vec::new();
            while let Some(row) = rows.next()? {
                let Some(part) = unpack(row.get_ref(0)?.as_blob()?, |_| true) else { return Ok(None) };
                changes.extend(part);
            }
            Ok(Some(changes))
        };
        self.or_discard(read().ok().flatten())
    }

    /// Returns the changes of files of this top folder and name, wherever they lie between, with their places.
    pub fn touches(&self, folder: &str, name: &str) -> Option<Vec<(Place, Change)>> {
        let read = || -> rusqlite::Result<Option<Vec<(Place, Change)>>> {
            let sql = "SELECT place, data FROM touch JOIN part USING (place, n) WHERE hash = ?1 ORDER BY place, n";
            let mut select = self.db.prepare_cached(sql)?;
            let mut rows = select.query([touch_hash(folder, name)])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let place: Place = row.get(0)?;
                let is_ours = |path: &str| split(path) == (folder, name);
                let Some(ours) = unpack(row.get_ref(1)?.as_blob()?, is_ours) else { return Ok(None) };
                found.extend(ours.into_iter().map(|change| (place, change)));
            }
            Ok(Some(found))
        };
        self.or_discard(read().ok().flatten())
    }

    /// Returns the changes of all files of this top folder, with their places.
    pub fn changes_below(&self, folder: &str) -> Option<Vec<(Place, Change)>> {
        let read = || -> rusqlite::Result<Option<Vec<(Place, Change)>>> {
            let mut select = self.db.prepare("SELECT place, data FROM part ORDER BY place, n")?;
            let mut rows = select.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let place: Place = row.get(0)?;
                let is_ours = |path: &str| split(path).0 == folder;
                let Some(ours) = unpack(row.get_ref(1)?.as_blob()?, is_ours) else { return Ok(None) };
                found.extend(ours.into_iter().map(|change| (place, change)));
            }
            Ok(Some(found))
        };
        self.or_discard(read().ok().flatten())
    }

    /// Returns the text that blobs have in a field, as far as it is remembered; none for a blob without one.
    pub fn texts(&self, field: &str) -> Option<HashMap<Oid, Option<Rc<str>>>> {
        let read = || -> rusqlite::Result<Option<HashMap<Oid, Option<Rc<str>>>>> {
            let mut select = self.db.prepare("SELECT blob, text FROM text WHERE field = ?1")?;
            let mut rows = select.query([field])?;
            let mut found = HashMap::new();
            while let Some(row) = rows.next()? {
                let Ok(blob) = Oid::from_bytes(row.get_ref(0)?.as_blob()?) else { return Ok(None) };
                found.insert(blob, row.get_ref(1)?.as_str_or_null()?.map(Rc::from));
            }
            Ok(Some(found))
        };
        self.or_discard(read().ok().flatten())
    }

    /// Remembers the text that blobs have in a field; where it cannot, they are read again another time.
    pub fn add_texts<'t>(&self, field: &str, texts: impl Iterator<Item = (Oid, Option<&'t str>)>) {
        let write = || -> rusqlite::Result<()> {
            let work = self.db.unchecked_transaction()?;
            {
                let mut put = work.prepare("INSERT OR IGNORE INTO text (field, blob, text) VALUES (?1, ?2, ?3)")?;
                for (blob, text) in texts {
                    put.execute(params![field, blob.as_bytes(), text])?;
                }
            }
            work.commit()
        };
        write().unwrap_or_default();
    }

    /// Returns what was renumbered among records of a kind, with the places of the commits.
    pub fn renumbered(&self, kind: Kind) -> Option<Vec<(Place, Renumbered)>> {
        let read = || -> rusqlite::Result<Vec<(Place, Renumbered)>> {
            let sql = "SELECT place, old, new FROM renumbered WHERE kind = ?1 ORDER BY place, old, new";
            let mut select = self.db.prepare(sql)?;
            let mut rows = select.query([kind.name])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let numbers = (Number::parse(row.get_ref(1)?.as_str()?), Number::parse(row.get_ref(2)?.as_str()?));
                if let (Some(old), Some(new)) = numbers {
                    found.push((row.get(0)?, Renumbered { kind, old, new }));
                }
            }
            Ok(found)
        };
        self.or_discard(read().ok())
    }

    /// Removes the file when something in it could not be read, so that the next command makes it anew.
    fn or_discard<T>(&self, read: Option<T>) -> Option<T> {
        if read.is_none() {
            database::discard(&self.db);
        }
        read
    }
}

fn count(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT coalesce(max(place) + 1, 0) FROM node", [], |row| row.get(0))
}

fn put_state(work: &Connection, name: &str, value: i64) -> rusqlite::Result<()> {
    work.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?1, ?2)", params![name, value]).map(drop)
}

fn put_changes(work: &Transaction<'_>, from: usize, told: &[Told]) -> rusqlite::Result<()> {
    let mut put = work.prepare("INSERT INTO part (place, n, data) VALUES (?1, ?2, ?3)")?;
    let mut renumber = work.prepare("INSERT INTO renumbered (place, kind, old, new) VALUES (?1, ?2, ?3, ?4)")?;
    let mut touches = Vec::new();
    for (at, told) in told.iter().enumerate() {
        let place = (from + at) as i64;
        for (n, part) in (0i64..).zip(told.changes.chunks(PART)) {
            put.execute(params![place, n, pack(part)])?;
            let hash = |change: &Change| {
                let (folder, name) = split(&change.path);
                touch_hash(folder, name)
            };
            touches.extend(part.iter().map(|change| (hash(change), place, n)));
        }
        for one in &told.renumbered {
            renumber.execute(params![place, one.kind.name, one.old.as_str(), one.new.as_str()])?;
        }
    }
    // In the order they will lie in, many are written five times as fast.
    touches.sort_unstable();
    touches.dedup();
    let mut touch = work.prepare("INSERT INTO touch (hash, place, n) VALUES (?1, ?2, ?3)")?;
    touches.iter().try_for_each(|(hash, place, n)| touch.execute(params![hash, place, n]).map(drop))
}

/// Writes changes in one piece, with a check sum before them.
fn pack(changes: &[Change]) -> Vec<u8> {
    let bytes = |id: Oid| <[u8; 20]>::try_from(id.as_bytes()).ok();
    let mut data = vec![0; 8];
    for change in changes {
        let before = change.before.iter().map(|id| id.and_then(bytes)).collect();
        let stored = Stored { path: &change.path, before, after: change.after.and_then(bytes) };
        // Writing to memory cannot fail; if it did, the check sum would reject the piece.
        data = postcard::to_extend(&stored, data).unwrap_or_default();
    }
    if let Some((sum, rest)) = data.split_first_chunk_mut::<8>() {
        *sum = hash64(rest).to_le_bytes();
    }
    data
}

/// Reads the changes of a piece whose path is wanted; nothing when it is damaged.
fn unpack(data: &[u8], is_wanted: impl Fn(&str) -> bool) -> Option<Vec<Change>> {
    let (sum, mut rest) = data.split_first_chunk::<8>()?;
    (u64::from_le_bytes(*sum) == hash64(rest)).then_some(())?;
    let id = |bytes: Option<[u8; 20]>| bytes.and_then(|bytes| Oid::from_bytes(&bytes).ok());
    let mut changes = Vec::new();
    while !rest.is_empty() {
        let (stored, more) = postcard::take_from_bytes::<Stored<'_>>(rest).ok()?;
        rest = more;
        if is_wanted(stored.path) {
            let before = stored.before.into_iter().map(id).collect();
            changes.push(Change { path: stored.path.to_string(), before, after: id(stored.after) });
        }
    }
    Some(changes)
}

/// Splits a path into its top folder and its name; what lies between is how records are stored, not which.
pub(super) fn split(path: &str) -> (&str, &str) {
    let folder = path.split_once('/').map_or("", |(folder, _)| folder);
    (folder, path.rsplit_once('/').map_or(path, |(_, name)| name))
}

fn touch_hash(folder: &str, name: &str) -> i64 {
    hash64(format!("{folder}/{name}").as_bytes()) as i64
}

/// Returns a check sum over the graph.
fn sum(graph: &Graph) -> i64 {
    let mut sum = 0;
    let mut bytes = Vec::new();
    for place in 0..graph.len() as Place {
        bytes.clear();
        bytes.extend_from_slice(&u64::to_le_bytes(sum));
        bytes.extend_from_slice(graph.id(place).as_bytes());
        bytes.extend_from_slice(&graph.time(place).to_le_bytes());
        bytes.extend(graph.parents(place).iter().flat_map(|place| place.to_le_bytes()));
        sum = hash64(&bytes);
    }
    sum as i64
}

/// Returns what changes when the history of a shallow clone begins elsewhere, or is grafted.
fn beginning(repo: &Repo) -> i64 {
    let read = |name: &str| fs::read(repo.git().commondir().join(name)).unwrap_or_default();
    hash64(&[read("shallow"), read("info/grafts")].concat()) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str) -> Change {
        let id = |n: u8| Oid::from_bytes(&[n; 20]).ok();
        Change { path: path.into(), before: vec![id(1), None], after: id(2) }
    }

    #[test]
    fn changes_come_back_as_they_were_and_damage_is_noticed() {
        let changes = vec![change("leads/2026/LEAD-2026-001.toml"), change("桌子")];
        let mut data = pack(&changes);
        assert_eq!(unpack(&data, |_| true).unwrap(), changes);
        assert_eq!(unpack(&data, |path| path == "桌子").unwrap(), changes[1..]);
        data[20] ^= 1;
        assert_eq!(unpack(&data, |_| true), None);
        assert_eq!(unpack(&[1, 2], |_| true), None);
    }

    #[test]
    fn a_record_is_its_folder_and_name() {
        assert_eq!(split("leads/2026/012xxx/LEAD-2026-12345.toml"), ("leads", "LEAD-2026-12345.toml"));
        assert_eq!(split("users/li.ming.toml"), ("users", "li.ming.toml"));
        assert_eq!(split("kehu.toml"), ("", "kehu.toml"));
    }
}
