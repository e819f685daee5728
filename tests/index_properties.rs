//! The index never shows: with it and without, after any history of a work tree, the same is loaded and found.

mod common;

use common::{Env, memory};
use git2::{Oid, Repository, build::CheckoutBuilder};
use kehu::record::{FOLLOWUP, KINDS, Kind, LEAD, Number, Record, USER, Value};
use kehu::store::layout::path_of;
use kehu::store::{Keyer, LoadOptions, Loaded, Repo, Source, codec::render};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const WITHOUT: LoadOptions = LoadOptions { use_index: false };

/// Something that happens to a file; files are told apart by small numbers.
#[derive(Debug, Clone)]
enum Step {
    /// Written with a remark; remarks of one length make files of one size.
    Write(u8, u8),
    /// Written, with the time of the file it replaces.
    WriteAndHide(u8, u8),
    Break(u8),
    NotUtf8(u8),
    Touch(u8),
    Remove(u8),
    /// Renamed to another record's path.
    Rename(u8, u8),
    /// Moved to where it does not belong.
    Misplace(u8),
    Symlink(u8),
    Folder(u8),
    Commit,
    /// The earlier commit put back into the work tree.
    Checkout(u8),
    /// Two files change places, each with its times.
    Swap(u8, u8),
    /// The second becomes another name of the first.
    Link(u8, u8),
    /// The clock ran so many seconds ahead, or behind, when the file was written.
    ClockMoved(u8, i64),
    /// The work tree is put away with `git stash`, or the last that was put away is brought back.
    Stash,
    Unstash,
    /// The records of a kind are moved away and a copy is put in their place, times and all.
    CopyBack(u8),
    /// The records of a kind are moved away, or what was moved away comes back: old inodes, old times.
    Aside(u8),
    DropFolder(u8),
    /// Time passes until stats are to be believed.
    Wait,
    DropIndex,
    /// The index is cut to so many parts of 256.
    DamageIndex(u8),
    /// A bit of the index is turned, at a part of its length.
    FlipIndex(u16, u8),
    /// The index is of another version of the program.
    AgeIndex,
}

fn step() -> impl Strategy<Value = Step> {
    let file = 0u8..12;
    prop_oneof![
        8 => (file.clone(), 0u8..10).prop_map(|(n, remark)| Step::Write(n, remark)),
        4 => (file.clone(), 0u8..10).prop_map(|(n, remark)| Step::WriteAndHide(n, remark)),
        1 => file.clone().prop_map(Step::Break),
        1 => file.clone().prop_map(Step::NotUtf8),
        1 => file.clone().prop_map(Step::Touch),
        2 => file.clone().prop_map(Step::Remove),
        2 => (file.clone(), file.clone()).prop_map(|(a, b)| Step::Rename(a, b)),
        1 => file.clone().prop_map(Step::Misplace),
        1 => file.clone().prop_map(Step::Symlink),
        1 => file.clone().prop_map(Step::Folder),
        2 => (file.clone(), file.clone()).prop_map(|(a, b)| Step::Swap(a, b)),
        1 => (file.clone(), file.clone()).prop_map(|(a, b)| Step::Link(a, b)),
        2 => (file, prop_oneof![Just(-3600), Just(-1), Just(0), Just(3600)]).prop_map(|(n, by)| Step::ClockMoved(n, by)),
        1 => Just(Step::Stash),
        1 => Just(Step::Unstash),
        2 => (0u8..3).prop_map(Step::CopyBack),
        2 => (0u8..3).prop_map(Step::Aside),
        1 => (0u8..3).prop_map(Step::DropFolder),
        4 => Just(Step::Commit),
        2 => any::<u8>().prop_map(Step::Checkout),
        2 => Just(Step::Wait),
        1 => Just(Step::DropIndex),
        1 => any::<u8>().prop_map(Step::DamageIndex),
        1 => (any::<u16>(), 0u8..8).prop_map(|(at, bit)| Step::FlipIndex(at, bit)),
        1 => Just(Step::AgeIndex),
    ]
}

/// Returns the kind and number of the `n`-th file.
fn place(n: u8) -> (Kind, Number) {
    let number = |text: String| Number::parse(&text).unwrap();
    match n % 4 {
        0 => (LEAD, number(format!("LEAD-2026-{:03}", u32::from(n) * 300 + 1))),
        1 => (FOLLOWUP, number(format!("202603{:02}T093000-k7x{n:x}", n / 2 + 1))),
        2 => (FOLLOWUP, number(format!("20260312T093000-k7x{n:x}"))),
        _ => (USER, number(format!("li.ming{n}"))),
    }
}

struct World {
    dir: tempfile::TempDir,
    /// Where folders of records are moved to.
    aside: tempfile::TempDir,
    commits: Vec<Oid>,
    /// Whether a bit of the index was turned since it was made.
    is_flipped: bool,
}

impl World {
    fn new() -> World {
        let dir = memory::tempdir();
        let git = Repository::init(dir.path()).unwrap();
        let mut config = git.config().unwrap();
        config.set_str("user.name", "tester").unwrap();
        config.set_str("user.email", "tester@example.com").unwrap();
        config.set_str("core.autocrlf", "false").unwrap();
        fs::write(dir.path().join("kehu.toml"), "format = 1\n").unwrap();
        World { dir, aside: memory::tempdir(), commits: Vec::new(), is_flipped: false }
    }

    fn repo(&self) -> Repo {
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

    fn take(&mut self, step: &Step) {
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

    fn checkout(&mut self, at: u8) {
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

fn put(path: &Path, bytes: &[u8]) {
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

fn keys(record: &Record) -> Vec<String> {
    ["phone", "subject"].iter().filter_map(|field| Some(format!("{field}:{}", record.text(field)?))).collect()
}

const KEYER: Keyer = Keyer { version: 1, keys };

/// Finds by walking over all records.
fn found_by_walking(loaded: &Loaded, key: &str) -> Vec<(Kind, Number)> {
    let bears = |kind: &Kind| {
        let mut numbers: Vec<_> = loaded
            .records
            .iter()
            .filter(|r| r.kind == *kind && keys(r).iter().any(|k| k == key))
            .map(|r| r.number.clone())
            .collect();
        numbers.sort();
        numbers.into_iter().map(|number| (*kind, number)).collect::<Vec<_>>()
    };
    KINDS.iter().flat_map(bears).collect()
}

fn load(repo: &Repo, source: &Source, options: LoadOptions) -> Loaded {
    repo.load(&KINDS, source, options).unwrap()
}

/// Returns what was loaded in a form whose differences can be read.
fn shown(loaded: &Loaded) -> Vec<String> {
    let records =
        loaded.records.iter().map(|record| format!("{}: {}", path_of(record.kind, &record.number), render(record)));
    records.chain(loaded.findings.iter().map(|finding| format!("{finding:?}"))).collect()
}

/// `PROPTEST_CASES` says how many sequences to try, for a run by hand.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_index_never_shows(steps in vec((step(), any::<[bool; 2]>()), 1..30)) {
        let mut world = World::new();
        for (step, [look, look_back]) in &steps {
            world.take(step);
            let repo = world.repo();
            if *look {
                let plain = load(&repo, &Source::WorkTree, WITHOUT);
                let indexed = load(&repo, &Source::WorkTree, LoadOptions::default());
                prop_assert_eq!(shown(&indexed), shown(&plain), "after {:?}", step);
                prop_assert!(indexed == plain);
                for kind in [LEAD, FOLLOWUP] {
                    let part = repo.load(&[kind], &Source::WorkTree, LoadOptions::default()).unwrap();
                    let of_kind = plain.records.iter().filter(|record| record.kind == kind);
                    prop_assert!(part.records.iter().eq(of_kind));
                }
                for record in &plain.records {
                    let one = repo.load_one(record.kind, &record.number, &Source::WorkTree).unwrap();
                    prop_assert_eq!(&one.unwrap().0, record);
                }
            }
            if let Some(commit) = world.commits.last().filter(|_| *look_back) {
                let source = Source::Commit(*commit);
                let plain = load(&repo, &source, WITHOUT);
                prop_assert_eq!(shown(&load(&repo, &source, LoadOptions::default())), shown(&plain));
                prop_assert_eq!(shown(&load(&repo, &source, LoadOptions::default())), shown(&plain), "from the index");
            }
            // What is found by a key is checked, but a key that a turned bit took away is not missed.
            if matches!(step, Step::Commit) && !world.is_flipped {
                let plain = load(&repo, &Source::WorkTree, WITHOUT);
                let index = repo.keys(&KEYER).unwrap();
                for n in 0..10 {
                    for key in [format!("phone:1380013800{n}"), format!("subject:LEAD-2026-00{n}")] {
                        prop_assert_eq!(index.find(&key).unwrap(), found_by_walking(&plain, &key), "{}", key);
                    }
                }
            }
        }
        if !world.commits.is_empty() {
            KINDS.iter().for_each(|kind| _ = fs::remove_dir_all(world.dir.path().join(kind.folder)));
            world.checkout(u8::MAX);
            let (repo, at) = (world.repo(), Repository::open(world.dir.path()).unwrap().head().unwrap().target().unwrap());
            let (tree, commit) = (load(&repo, &Source::WorkTree, LoadOptions::default()), load(&repo, &Source::Commit(at), LoadOptions::default()));
            prop_assert_eq!(shown(&tree), shown(&commit), "the work tree is the commit");
        }
    }
}

#[test]
fn what_is_wrong_with_files_is_found_again_from_a_warm_index() {
    let mut world = World::new();
    for step in [
        Step::Write(0, 7),
        Step::Break(1),
        Step::NotUtf8(2),
        Step::Write(4, 1),
        Step::Misplace(4),
        Step::Symlink(3),
        Step::Folder(7),
    ] {
        world.take(&step);
    }
    put(&world.dir.path().join("leads/.LEAD-2026-001.toml.tmp"), b"x");
    put(&world.dir.path().join("leads/README.md"), b"x");
    world.take(&Step::Wait);
    let repo = world.repo();
    let first = load(&repo, &Source::WorkTree, LoadOptions::default());
    let codes: Vec<_> = first.findings.iter().map(|f| (f.path.as_str(), f.line, f.column, f.problem.code)).collect();
    let expected = [
        ("followups/2026/03/20260301T093000-k7x1.toml", 1, 10, "toml-syntax"),
        ("followups/2026/03/20260312T093000-k7x2.toml", 1, 11, "encoding"),
        ("leads/2026/001xxx/LEAD-2031-004.toml", 0, 0, "misplaced-file"),
        ("leads/2026/LEAD-2026-001.toml", 2, 1, "unknown-field"),
        ("users/li.ming3.toml", 0, 0, "not-a-file"),
        ("users/li.ming7.toml", 0, 0, "not-a-file"),
    ];
    assert_eq!(codes, expected);
    assert_eq!(load(&repo, &Source::WorkTree, LoadOptions::default()), first);
    assert_eq!(load(&repo, &Source::WorkTree, WITHOUT), first);
}

#[test]
fn one_file_read_by_itself() {
    let mut world = World::new();
    world.take(&Step::Write(0, 1));
    world.take(&Step::Commit);
    world.take(&Step::Break(0));
    let (repo, (kind, number)) = (world.repo(), place(0));
    let commit = Source::Commit(world.commits[0]);
    assert!(
        repo.load_one(kind, &number, &Source::WorkTree)
            .is_err_and(|failure| failure.message.en.contains(":1:10: not TOML"))
    );
    assert!(repo.load_one(kind, &number, &commit).unwrap().is_some());
    assert_eq!(repo.load_one(kind, &place(4).1, &commit).unwrap(), None);
    assert_eq!(repo.read_text(&Source::WorkTree, "nothing/here").unwrap(), None);
    assert_eq!(repo.read_text(&commit, "kehu.toml").unwrap().as_deref(), Some("format = 1\n"));
    assert_eq!(repo.list_numbers(kind, &Source::WorkTree).unwrap(), std::slice::from_ref(&number));
    assert_eq!(repo.list_numbers(kind, &commit).unwrap(), [number]);
    assert!(repo.load(&KINDS, &Source::Commit(Oid::ZERO_SHA1), LoadOptions::default()).is_err());
}

#[test]
fn an_index_that_cannot_be_written_is_done_without() {
    let mut world = World::new();
    world.take(&Step::Write(0, 1));
    world.take(&Step::Commit);
    let repo = world.repo();
    fs::write(repo.private_dir(), "a file where the folder should be").unwrap();
    assert_eq!(load(&repo, &Source::WorkTree, LoadOptions::default()).records.len(), 1);
    assert_eq!(load(&repo, &Source::Commit(world.commits[0]), LoadOptions::default()).records.len(), 1);
    assert_eq!(repo.keys(&KEYER).unwrap().find("phone:13800138001").unwrap().len(), 1);
}

/// Everyday work beside the program, by the binary: lists and reports do not show whether there is an index.
#[test]
fn lists_and_reports_are_the_same_without_the_index() {
    let env = Env::repository("en");
    for n in 0..6 {
        env.lead(&format!("Firm {n}"), &format!("1380013800{n}"));
    }
    env.done(&["followup", "add", "LEAD-2026-001", "method=phone", "points=called", "no_next=done"]);
    same_without_the_index(&env, "at the start");
    let script = [
        "sed -i s/Hangzhou/Shanghai/ leads/2026/LEAD-2026-001.toml",
        // The same size, within one tick, by the same name and with the same time.
        "touch -r leads/2026/LEAD-2026-002.toml ../t; sed -i s/Buyer/Seller/ leads/2026/LEAD-2026-002.toml; \
         sed -i s/Seller/Buyer/ leads/2026/LEAD-2026-002.toml; touch -r ../t leads/2026/LEAD-2026-002.toml",
        "printf '%s' \"$(sed s/Hangzhou/Shenzhen/ leads/2026/LEAD-2026-003.toml)\" > leads/2026/LEAD-2026-003.toml",
        "touch -d '2036-01-01' leads/2026/LEAD-2026-004.toml",
        "git stash -q",
        "git checkout -qb side; sed -i s/Firm/Farm/ leads/2026/*; git commit -qam side; git checkout -q main",
        "git checkout -q side",
        "git checkout -q main~2 -- leads/2026/LEAD-2026-005.toml",
        "git checkout -qf main; git stash pop -q",
        "mv leads ../away; cp -a ../away leads",
        "rm -r leads; mv ../away leads",
        "mv leads/2026/LEAD-2026-006.toml leads/2026/LEAD-2026-016.toml",
        "cp -a leads/2026/LEAD-2026-016.toml leads/2026/LEAD-2026-006.toml",
        "rm -r followups",
        "git checkout -q -- followups",
        "truncate -s 5000 .git/kehu/index.sqlite",
        "head -c 40000 /dev/urandom > .git/kehu/index.sqlite",
        "rm -f .git/kehu/index.sqlite*",
        "rm -r .git/kehu",
    ];
    for line in script {
        let mut shell = assert_cmd::Command::new("sh");
        env.hermetic(&mut shell, &env.dir());
        let done = env.finish({
            shell.args(["-ec", line]);
            shell
        });
        assert_eq!(done.code, 0, "{line}: {done}");
        same_without_the_index(&env, line);
    }
}

/// Compares a list, a report and the past, each with the index, which may be cold, and without; the list
/// once more when the index is warm.
fn same_without_the_index(env: &Env, after: &str) {
    let list = ["lead", "list", "--json"];
    for args in [&list[..], &["report", "weekly", "--json"], &["lead", "list", "--as-of", "HEAD~1"], &list] {
        let plain = env.run(&[args, &["--no-index"]].concat());
        assert_eq!(env.run(args), plain, "{args:?} after: {after}");
    }
}
