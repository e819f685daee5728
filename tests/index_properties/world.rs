//! A work tree with its history and its index, to which steps happen.

use crate::common::memory;
use crate::step::Step;
use git2::{Oid, Repository, build::CheckoutBuilder};
use kehu::record::{FOLLOWUP, Kind, LEAD, Number, Record, USER, Value};
use kehu::store::Repo;
use kehu::store::codec::render;
use kehu::store::layout::path_of;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Returns the kind and number of the `n`-th file.
pub fn place(n: u8) -> (Kind, Number) {
    let number = |text: String| Number::parse(&text).unwrap();
    match n % 4 {
        0 => (LEAD, number(format!("LEAD-2026-{:03}", u32::from(n) * 300 + 1))),
        1 => (FOLLOWUP, number(format!("202603{:02}T093000-k7x{n:x}", n / 2 + 1))),
        2 => (FOLLOWUP, number(format!("20260312T093000-k7x{n:x}"))),
        _ => (USER, number(format!("li.ming{n}"))),
    }
}

pub struct World {
    pub dir: tempfile::TempDir,
    /// Where folders of records are moved to.
    aside: tempfile::TempDir,
    pub commits: Vec<Oid>,
    /// Whether a bit of the index was turned since it was made.
    pub is_flipped: bool,
}

impl World {
    pub fn new() -> World {
        let dir = memory::tempdir();
        let git = Repository::init(dir.path()).unwrap();
        let mut config = git.config().unwrap();
        config.set_str("user.name", "tester").unwrap();
        config.set_str("user.email", "tester@example.com").unwrap();
        config.set_str("core.autocrlf", "false").unwrap();
        fs::write(dir.path().join("kehu.toml"), "format = 1\n").unwrap();
        World { dir, aside: memory::tempdir(), commits: Vec::new(), is_flipped: false }
    }

    pub fn repo(&self) -> Repo {
        Repo::discover(self.dir.path()).unwrap()
    }

    fn path(&self, n: u8) -> PathBuf {
        let (kind, number) = place(n);
        self.dir.path().join(path_of(kind, &number))
    }

    fn text(n: u8, remark: u8) -> String {
        let (kind, number) = place(n);
        let mut record = Record::new(kind, number);
        match kind.name {
            "lead" => record.set("phone", Value::text(format!("1380013800{remark}"))),
            "followup" => record.set("subject", Value::text(format!("LEAD-2026-00{remark}"))),
            _ => record.set("remark", Value::text(format!("第{remark}版"))),
        };
        render(&record) + if remark == 7 { "unknwon = 1\n" } else { "" }
    }

    pub fn take(&mut self, step: &Step) {
        match *step {
            Step::Write(n, remark) => put(&self.path(n), World::text(n, remark).as_bytes()),
            Step::WriteAndHide(n, remark) => {
                let path = self.path(n);
                let before = fs::symlink_metadata(&path).ok().and_then(|file| file.modified().ok());
                put(&path, World::text(n, remark).as_bytes());
                before.into_iter().for_each(|time| set_time(&path, time));
            }
            Step::Break(n) => put(&self.path(n), b"remark = \n"),
            Step::NotUtf8(n) => put(&self.path(n), b"remark = \"\xd6\xd0\"\n"),
            Step::Touch(n) => set_time(&self.path(n), SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)),
            Step::Remove(n) => clear(&self.path(n)),
            Step::Rename(a, b) => move_file(&self.path(a), &self.path(b)),
            Step::Misplace(n) => {
                move_file(&self.path(n), &self.path(n).with_file_name(format!("LEAD-2031-{n:03}.toml")))
            }
            Step::Symlink(n) => {
                clear(&self.path(n));
                _ = std::os::unix::fs::symlink("/etc/hostname", self.path(n));
            }
            Step::Folder(n) => {
                clear(&self.path(n));
                fs::create_dir_all(self.path(n)).unwrap();
            }
            Step::Commit => self.commit(),
            Step::Checkout(at) => self.checkout(at),
            Step::Wait => std::thread::sleep(Duration::from_millis(40)),
            Step::Swap(a, b) => {
                let (a, b, between) = (self.path(a), self.path(b), self.aside.path().join("between"));
                move_file(&a, &between);
                move_file(&b, &a);
                move_file(&between, &b);
            }
            Step::Link(a, b) => {
                let (a, b) = (self.path(a), self.path(b));
                if a != b && a.is_file() {
                    clear(&b);
                    fs::hard_link(a, b).unwrap();
                }
            }
            Step::ClockMoved(n, by) => {
                let now = SystemTime::now();
                let by_seconds = Duration::from_secs(by.unsigned_abs());
                set_time(&self.path(n), if by < 0 { now - by_seconds } else { now + by_seconds });
            }
            Step::Stash => self.stash(),
            Step::Unstash => _ = Repository::open(self.dir.path()).unwrap().stash_pop(0, None),
            Step::CopyBack(kind) => {
                let (here, there) = self.folder(kind);
                if here.exists() && !there.exists() {
                    let copied = std::process::Command::new("cp").arg("-a").args([&here, &there]).status().unwrap();
                    assert!(copied.success());
                    fs::remove_dir_all(&here).unwrap();
                    fs::rename(&there, &here).unwrap();
                }
            }
            Step::Aside(kind) => {
                let (here, there) = self.folder(kind);
                let between = self.aside.path().join("between");
                _ = fs::rename(&there, &between);
                _ = fs::rename(&here, &there);
                _ = fs::rename(&between, &here);
            }
            Step::DropFolder(kind) => _ = fs::remove_dir_all(self.folder(kind).0),
            Step::DropIndex => self.drop_index(),
            Step::DamageIndex(part) => self.damage_index(|bytes| bytes.truncate(bytes.len() * usize::from(part) / 256)),
            Step::FlipIndex(at, bit) => {
                self.is_flipped = true;
                self.damage_index(|bytes| {
                    let at = bytes.len() * usize::from(at) / 65536;
                    bytes[at] ^= 1 << bit;
                });
            }
            // SQLite keeps the number at this place of the file.
            Step::AgeIndex => {
                self.damage_index(|bytes| bytes.iter_mut().skip(60).take(4).for_each(|byte| *byte ^= 0x55))
            }
        }
    }

    /// Returns where the records of a kind lie, and where they are moved to.
    fn folder(&self, kind: u8) -> (PathBuf, PathBuf) {
        let name = [LEAD, FOLLOWUP, USER][usize::from(kind)].folder;
        (self.dir.path().join(name), self.aside.path().join(name))
    }

    fn drop_index(&mut self) {
        self.is_flipped = false;
        self.index_files().iter().for_each(|path| _ = fs::remove_file(path));
    }

    fn damage_index(&self, damage: impl FnOnce(&mut Vec<u8>)) {
        if let Some(path) =
            self.index_files().first().filter(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0))
        {
            let mut bytes = fs::read(path).unwrap();
            damage(&mut bytes);
            fs::write(path, bytes).unwrap();
        }
    }

    /// Puts the work tree away, if there is something to put away and a commit to go back to.
    fn stash(&mut self) {
        let mut git = Repository::open(self.dir.path()).unwrap();
        let author = git.signature().unwrap();
        _ = git.stash_save(&author, "stash", Some(git2::StashFlags::INCLUDE_UNTRACKED));
    }

    fn index_files(&self) -> Vec<PathBuf> {
        ["", "-wal", "-shm"].map(|ending| self.repo().private_dir().join(format!("index.sqlite{ending}"))).into()
    }

    fn commit(&mut self) {
        let git = Repository::open(self.dir.path()).unwrap();
        let mut index = git.index().unwrap();
        // libgit2 overlooks a change that left size and time as they were; read every file anew.
        index.clear().unwrap();
        index.add_all(["*"], git2::IndexAddOption::FORCE, None).unwrap();
        index.write().unwrap();
        let tree = git.find_tree(index.write_tree().unwrap()).unwrap();
        let parent = git.head().ok().and_then(|head| head.peel_to_commit().ok());
        let author = git.signature().unwrap();
        let parents: Vec<_> = parent.iter().collect();
        self.commits.push(git.commit(Some("HEAD"), &author, &author, "step", &tree, &parents).unwrap());
    }

    pub fn checkout(&mut self, at: u8) {
        let Some(commit) = self.commits.get(usize::from(at) % self.commits.len().max(1)) else { return };
        let git = Repository::open(self.dir.path()).unwrap();
        let object = git.find_object(*commit, None).unwrap();
        git.reset(&object, git2::ResetType::Hard, None).unwrap();
        git.checkout_head(Some(CheckoutBuilder::new().force().remove_untracked(true))).unwrap();
    }
}

fn clear(path: &Path) {
    _ = fs::remove_file(path);
    _ = fs::remove_dir_all(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
}

pub fn put(path: &Path, bytes: &[u8]) {
    if fs::symlink_metadata(path).is_ok_and(|file| !file.is_file()) {
        clear(path);
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn set_time(path: &Path, time: SystemTime) {
    if let Some(file) = fs::symlink_metadata(path)
        .ok()
        .filter(fs::Metadata::is_file)
        .and_then(|_| fs::File::options().append(true).open(path).ok())
    {
        file.set_modified(time).unwrap();
    }
}

fn move_file(from: &Path, to: &Path) {
    if from != to && from.exists() {
        clear(to);
        fs::rename(from, to).unwrap();
    }
}
