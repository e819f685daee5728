//! Something else where a record or a folder of records should be: a link, a folder, a pipe, a socket, a
//! huge file. It is named and the rest is shown; nothing outside the repository is read as a record,
//! written or removed; nothing waits for ever.

#![cfg(unix)]

mod common;
#[path = "common/sound.rs"]
mod sound;

use common::{Env, Output};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";
const OTHER: &str = "leads/2026/LEAD-2026-002.toml";

/// What must never be shown: it lies outside.
const SECRET: &str = "Elsewhere";

/// A repository with two leads, and beside it a folder with records of its own, in which nothing may change.
struct Place {
    env: Env,
    outside: PathBuf,
}

impl Place {
    fn new() -> Place {
        let env = Env::repository("en");
        env.lead("A", "13800138001");
        env.lead("B", "13800138002");
        let outside = env.dir().with_file_name("outside");
        let text = env.read(LEAD).replace('A', SECRET);
        for path in ["2026/LEAD-2026-001.toml", "2026/LEAD-2026-007.toml", "LEAD-2026-001.toml"] {
            let path = outside.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &text).unwrap();
        }
        fs::write(outside.join("sla.toml"), format!("# {SECRET}\n")).unwrap();
        Place { env, outside }
    }

    fn full(&self, path: &str) -> PathBuf {
        self.env.dir().join(path)
    }

    /// Runs the program, which must end soon and tell nothing of what lies outside.
    #[track_caller]
    fn run(&self, args: &[&str]) -> Output {
        let mut command = self.env.command(args);
        command.timeout(Duration::from_secs(20));
        let output = self.env.finish(command);
        assert!(output.code >= 0, "{args:?} does not end: {output}");
        assert!(!output.to_string().contains(SECRET), "{args:?}: {output}");
        assert!(!output.to_string().contains("kehu has made a mistake"), "{args:?}: {output}");
        output
    }

    /// Returns every file outside with its content.
    fn elsewhere(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(&self.outside)
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path.clone(), fs::read(&path).unwrap())),
        }
    }
    found
}

/// Ways to put something else in a record's place.
type Odd = (&'static str, fn(&Place));

const RECORDS: [Odd; 7] = [
    ("a link to a file outside", |place| symlink(place.outside.join("LEAD-2026-001.toml"), put_away(place)).unwrap()),
    ("a link to another record", |place| symlink("LEAD-2026-002.toml", put_away(place)).unwrap()),
    ("a link that leads nowhere", |place| symlink("nowhere", put_away(place)).unwrap()),
    ("a link to a device", |place| symlink("/dev/zero", put_away(place)).unwrap()),
    ("a folder", |place| {
        fs::create_dir(put_away(place)).unwrap();
        fs::write(place.full(LEAD).join("x"), "x").unwrap();
    }),
    ("a pipe", |place| {
        assert!(Command::new("mkfifo").arg(put_away(place)).status().unwrap().success());
    }),
    ("a socket", |place| drop(std::os::unix::net::UnixListener::bind(put_away(place)).unwrap())),
];

/// Takes the record away; returns its place.
fn put_away(place: &Place) -> PathBuf {
    fs::remove_file(place.full(LEAD)).unwrap();
    place.full(LEAD)
}

#[test]
fn something_else_in_a_records_place() {
    for (what, make) in RECORDS {
        let place = Place::new();
        make(&place);
        let (outside, head) = (place.elsewhere(), place.env.git_done(&["rev-parse", "HEAD"]));
        for index in ["--quiet", "--no-index"] {
            let listed = place.run(&["lead", "list", index, "--json"]);
            assert_eq!(listed.code, 3, "{what}: {listed}");
            assert!(
                listed.stdout.contains("LEAD-2026-002") && !listed.stdout.contains("\"LEAD-2026-001"),
                "{what}: {listed}"
            );
        }
        let listed = place.run(&["lead", "list"]);
        assert!(listed.stderr.contains(&format!("{LEAD}:1:1: it is a ")), "{what}: {listed}");
        assert_eq!(place.run(&["report", "weekly"]).code, 3, "{what}");
        let checked = place.run(&["check"]);
        assert!(checked.code == 6 && checked.stdout.contains("[error not-a-file]"), "{what}: {checked}");
        for args in [
            &["lead", "show", "LEAD-2026-001"][..],
            &["lead", "score", "LEAD-2026-001"],
            &["lead", "set", "LEAD-2026-001", "remark=x"],
            &["lead", "edit", "LEAD-2026-001"],
            &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"],
            &["commit"],
            &["commit", LEAD],
        ] {
            let refused = place.run(args);
            assert!(matches!(refused.code, 1 | 5 | 6), "{what}: {args:?}: {refused}");
            assert!(refused.stderr.contains(LEAD), "{what}: {args:?}: {refused}");
        }
        assert_eq!(place.env.git_done(&["rev-parse", "HEAD"]), head, "{what}: nothing was committed");
        assert_eq!(place.env.lead("C", "13800138003"), "LEAD-2026-003", "{what}: others are added");
        place.env.done(&["lead", "set", "LEAD-2026-002", "remark=x"]);
        assert_eq!(place.env.git_done(&["diff", "--name-only", &head, "HEAD"]).lines().count(), 2, "{what}");
        assert_eq!(place.elsewhere(), outside, "{what}");
        // What is in the way goes; what was committed is there again.
        let odd = place.full(LEAD);
        _ = fs::remove_file(&odd).or_else(|_| fs::remove_dir_all(&odd));
        place.env.git_done(&["checkout", "--", LEAD]);
        sound::sound(&place.env);
    }
}

/// Ways to put something else in a folder's place; the path that is named.
const FOLDERS: [(&str, &str); 4] = [("leads", ""), ("leads/2026", "2026"), ("users", ""), ("followups", "")];

#[test]
fn a_link_in_a_folders_place() {
    for (path, target) in FOLDERS {
        let place = Place::new();
        let is_of_leads = path.starts_with("leads");
        _ = fs::remove_dir_all(place.full(path));
        symlink(place.outside.join(target), place.full(path)).unwrap();
        let outside = place.elsewhere();
        let head = place.env.git_done(&["rev-parse", "HEAD"]);
        for index in ["--quiet", "--no-index"] {
            let listed = place.run(&["lead", "list", index, "--json"]);
            assert_eq!(listed.code, 3, "{path}: {listed}");
            assert_eq!(listed.stdout.contains("LEAD-2026-00"), !is_of_leads, "{path}: {listed}");
        }
        let checked = place.run(&["check"]);
        assert!(
            checked.code == 6 && checked.stdout.contains(&format!("{path}:1:1: it is a symbolic link")),
            "{path}: {checked}"
        );
        let csv = place.env.dir().with_file_name("leads.csv");
        fs::write(&csv, "company,contact_name,phone,region,source,acquired_on\nD,x,13800138004,x,hotline,2026-03-01\n")
            .unwrap();
        let writes: [&[&str]; 6] = [
            &["lead", "add", "company=C", "contact_name=x", "phone=13800138003", "region=x", "source=hotline"],
            &["lead", "import", csv.to_str().unwrap()],
            &["lead", "set", "LEAD-2026-001", "remark=x"],
            &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"],
            &["user", "add", "b", "name=B", "email=b@example.com", "role=sales"],
            &["commit"],
        ];
        for args in writes {
            let output = place.run(args);
            let concerns =
                is_of_leads && args[0] == "lead" || path == "users" && args[0] == "user" || args[0] == "commit";
            if concerns {
                assert!(matches!(output.code, 1 | 5 | 6), "{path}: {args:?}: {output}");
                assert!(output.stderr.contains(path), "{path}: {args:?}: {output}");
            }
        }
        assert_eq!(place.elsewhere(), outside, "{path}");
        if is_of_leads {
            let changed = place.env.git_done(&["diff", "--name-only", &head, "HEAD"]);
            assert!(!changed.contains("leads"), "{path}: {changed}");
        }
        fs::remove_file(place.full(path)).unwrap();
        place.env.git_done(&["checkout", "--", "."]);
        sound::sound(&place.env);
    }
}

#[test]
fn configuration_that_lies_elsewhere() {
    let place = Place::new();
    fs::remove_dir_all(place.full("config")).unwrap();
    symlink(&place.outside, place.full("config")).unwrap();
    let listed = place.run(&["lead", "list"]);
    assert_eq!(listed.code, 6, "{listed}");
    assert!(listed.stderr.contains("`config` is not a folder"), "{listed}");
    assert_eq!(place.run(&["check"]).code, 6);
    fs::remove_file(place.full("config")).unwrap();
    place.env.git_done(&["checkout", "--", "config"]);
    fs::remove_file(place.full("config/sla.toml")).unwrap();
    symlink(place.outside.join("sla.toml"), place.full("config/sla.toml")).unwrap();
    let listed = place.run(&["lead", "list"]);
    assert_eq!(listed.code, 6, "{listed}");
    assert!(listed.stderr.contains("`config/sla.toml` is not a regular file"), "{listed}");
    let checked = place.run(&["check"]);
    assert!(checked.code == 6 && checked.stdout.contains("config/sla.toml"), "{checked}");
}

/// Links that a commit holds are no records either, in the past as in the present.
#[test]
fn links_in_a_commit() {
    let place = Place::new();
    fs::remove_file(place.full(LEAD)).unwrap();
    symlink(place.outside.join("LEAD-2026-001.toml"), place.full(LEAD)).unwrap();
    symlink(&place.outside, place.full("users")).unwrap();
    place.env.git_done(&["add", "."]);
    place.env.git_done(&["commit", "-qm", "links"]);
    for args in [&["lead", "list", "--as-of", "HEAD"][..], &["lead", "list"], &["report", "weekly", "--as-of", "HEAD"]]
    {
        let output = place.run(args);
        assert_eq!(output.code, 3, "{args:?}: {output}");
        assert!(output.stderr.contains(LEAD), "{args:?}: {output}");
    }
    assert_eq!(place.run(&["lead", "show", "LEAD-2026-001", "--as-of", "HEAD"]).code, 6);
    let outside = place.elsewhere();
    assert_eq!(place.run(&["lead", "set", "LEAD-2026-001", "remark=x"]).code, 6);
    assert_eq!(place.run(&["user", "add", "b", "name=B", "email=b@example.com", "role=sales"]).code, 5);
    assert_eq!(place.elsewhere(), outside);
}

/// A second name of a file outside, or of another record: a change makes a new file and leaves that one alone.
#[test]
fn a_second_name_of_a_file() {
    let place = Place::new();
    let outside = place.outside.join("kept.toml");
    fs::write(&outside, place.env.read(LEAD)).unwrap();
    fs::remove_file(place.full(LEAD)).unwrap();
    fs::hard_link(&outside, place.full(LEAD)).unwrap();
    let before = place.elsewhere();
    assert_eq!(place.env.run(&["lead", "list"]).code, 0);
    place.env.done(&["lead", "set", "LEAD-2026-001", "remark=x"]);
    assert!(place.env.read(LEAD).contains("remark"));
    place.env.done(&["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    assert_eq!(place.elsewhere(), before);
    fs::remove_file(place.full(OTHER)).unwrap();
    fs::write(place.full(LEAD), place.env.git_done(&["show", &format!("HEAD:{OTHER}")]) + "\n").unwrap();
    fs::hard_link(place.full(LEAD), place.full(OTHER)).unwrap();
    place.env.done(&["lead", "set", "LEAD-2026-002", "remark=y"]);
    assert!(!place.env.read(LEAD).contains("remark"));
    fs::remove_file(place.full(LEAD)).unwrap();
    sound::sound(&place.env);
}

/// `KEHU_HUGE_MB` makes it larger than it takes.
#[test]
fn a_record_that_is_huge() {
    let size = std::env::var("KEHU_HUGE_MB").ok().and_then(|mb| mb.parse::<u64>().ok()).unwrap_or(17);
    let place = Place::new();
    // A hole: it takes no room on the disk, and all of it in memory.
    fs::File::options().write(true).open(place.full(LEAD)).unwrap().set_len(size << 20).unwrap();
    for _ in 0..2 {
        let listed = place.run(&["lead", "list"]);
        assert_eq!(listed.code, 3, "{listed}");
        assert!(listed.stdout.contains("LEAD-2026-002"), "{listed}");
        assert!(
            listed.stderr.contains(&format!("{LEAD}:1:1: the file has {size} MB; a record has at most 16 MB")),
            "{listed}"
        );
    }
    let checked = place.run(&["check"]);
    assert!(checked.code == 6 && checked.stdout.contains("[error too-large]"), "{checked}");
    for args in [&["lead", "show", "LEAD-2026-001"][..], &["lead", "set", "LEAD-2026-001", "remark=x"], &["commit"]] {
        let refused = place.run(args);
        assert!(refused.code == 6 && refused.stderr.contains(LEAD), "{args:?}: {refused}");
    }
    place.env.git_done(&["add", LEAD]);
    place.env.git_done(&["commit", "-qm", "huge"]);
    let past = place.run(&["lead", "list", "--as-of", "HEAD"]);
    assert!(past.code == 3 && past.stderr.contains("16 MB"), "{past}");
    assert_eq!(place.run(&["lead", "show", "LEAD-2026-001", "--as-of", "HEAD"]).code, 6);
}

/// No record can be written that could not be read again.
#[test]
fn a_value_that_is_huge() {
    let place = Place::new();
    let before = place.env.state();
    let line = format!(
        "{{\"company\":\"C\",\"contact_name\":\"x\",\"phone\":\"13800138003\",\"region\":\"x\",\"source\":\"hotline\",\"remark\":\"{}\"}}\n",
        "x".repeat(17 << 20)
    );
    let refused = place.env.run_with(&["lead", "add", "--stdin"], line);
    assert_eq!(
        (refused.code, refused.stdout.as_str()),
        (6, ""),
        "{}",
        refused.stderr.get(..500).unwrap_or(&refused.stderr)
    );
    assert!(refused.stderr.contains("16 MB") && refused.stderr.len() < 500);
    assert_eq!(place.env.state(), before);
}

/// A result is never written over a record, nor among git's files, whatever link leads there.
#[test]
fn results_in_places_of_the_repositorys_own() {
    let place = Place::new();
    let csv = place.env.dir().with_file_name("bad.csv");
    fs::write(&csv, "company,contact_name,phone,region,source\nC,x,nonsense,x,hotline\n").unwrap();
    symlink(LEAD, place.full("link.csv")).unwrap();
    symlink("leads", place.full("folder")).unwrap();
    let (before, head) = (files(&place.env.dir()), place.env.git_done(&["rev-parse", "HEAD"]));
    let own = [LEAD, "kehu.toml", ".git/config", ".git/x.csv", "config/x.csv", "link.csv", "folder/2026/x.csv"];
    for path in own.into_iter().chain(["leads/2026/../x.csv", "attachments/x.csv"]) {
        for args in [
            &["lead", "list", "-o", path][..],
            &["report", "weekly", "-o", path],
            &["lead", "show", "LEAD-2026-001", "-o", path, "--dry-run"],
            &["lead", "import", csv.to_str().unwrap(), "--set", "acquired_on=2026-03-01", "--rejects", path],
            &["import", "map", csv.to_str().unwrap(), "-o", path],
        ] {
            let refused = place.run(args);
            let is_format = !path.contains('.') || path.ends_with(".toml") || path.ends_with("config");
            assert!(refused.code == 2, "{args:?}: {refused}");
            assert!(is_format || refused.stderr.contains("of the repository's own"), "{args:?}: {refused}");
        }
    }
    assert_eq!(place.run(&["man", "--out", "leads"]).code, 2);
    let now = files(&place.env.dir());
    let changed: Vec<_> =
        now.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
    assert!(changed.iter().all(|path| path.starts_with(place.full(".git/kehu"))), "{changed:?}");
    assert_eq!(place.env.git_done(&["rev-parse", "HEAD"]), head);
    // Beside them is everybody's.
    assert_eq!(place.run(&["lead", "list", "-o", "leads.csv"]).code, 0);
}
