//! Edited indexes beside those that git makes of the same edits.

use super::super::objects::id_of;
use super::*;
use git2::ObjectType;
use proptest::prelude::*;
use std::process::Command;
use std::time::Duration;

fn git(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git").current_dir(dir).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn entry(dir: &Path, path: &str) -> Option<NewEntry> {
    let bytes = fs::read(dir.join(path)).unwrap();
    let id = id_of(ObjectType::Blob, &bytes);
    Some(NewEntry { stat: stat_of(&dir.join(path).symlink_metadata().unwrap()), mode: 0o100_644, id })
}

/// Returns the index with some edits made; a shared index goes to its place.
fn written(index: &GitIndex, edits: &IndexEdits, splitting: Option<bool>) -> Vec<u8> {
    let mut out = Vec::new();
    index.write(edits, splitting, &mut out).unwrap();
    out
}

/// What git makes of an edited index must be what git itself would have staged.
fn same_as_git(version: &str, splitting: Option<bool>) {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    git(dir, &["init", "-q"]);
    for folder in ["a", "a/b", "文件夹"] {
        fs::create_dir_all(dir.join(folder)).unwrap();
        for n in 0..30 {
            fs::write(dir.join(folder).join(format!("{n}.toml")), format!("n = {n}\n")).unwrap();
        }
    }
    git(dir, &["add", "."]);
    fs::create_dir(dir.join(".git/kehu")).unwrap();
    git(dir, &["update-index", "--index-version", version]);
    if splitting == Some(true) {
        git(dir, &["update-index", "--split-index"]);
    }
    git(dir, &["write-tree"]);
    fs::write(dir.join("a/b/5.toml"), "n = 55\n").unwrap();
    fs::write(dir.join("a/b/new.toml"), "n = 1\n").unwrap();
    fs::create_dir_all(dir.join("z/y")).unwrap();
    fs::write(dir.join("z/y/last.toml"), "n = 1\n").unwrap();
    fs::remove_file(dir.join("文件夹/7.toml")).unwrap();
    let path = dir.join(".git/index");
    let index = GitIndex::load(&path).unwrap();
    assert_eq!(index.own.version.to_string(), version);
    let mut edits = IndexEdits::new();
    for path in ["a/b/5.toml", "a/b/new.toml", "z/y/last.toml"] {
        edits.insert(path.into(), entry(dir, path));
    }
    edits.insert("文件夹/7.toml".into(), None);
    assert!(index.is_current());
    fs::write(&path, written(&index, &edits, splitting)).unwrap();
    git(dir, &["hash-object", "-w", "a/b/5.toml", "a/b/new.toml", "z/y/last.toml"]);
    let ours = (git(dir, &["write-tree"]), git(dir, &["ls-files", "-s"]));
    assert_eq!(git(dir, &["diff-files", "--name-only"]), "");
    git(dir, &["add", "-A", "."]);
    assert_eq!(ours, (git(dir, &["write-tree"]), git(dir, &["ls-files", "-s"])));
    assert_eq!(index.find("a/b/new.toml").unwrap(), Staged::Absent);
    assert!(matches!(GitIndex::load(&path).unwrap().find("a/b/new.toml").unwrap(), Staged::Blob(..)));
}

#[test]
fn an_edit_equals_git_add() {
    for version in ["2", "4"] {
        for splitting in [None, Some(true), Some(false)] {
            same_as_git(version, splitting);
        }
    }
}

#[test]
fn entries_of_a_merge_are_a_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    git(dir, &["init", "-q"]);
    fs::write(dir.join("x"), "1").unwrap();
    let id = git(dir, &["hash-object", "-w", "x"]);
    let lines: String = (1..=3).map(|stage| format!("100644 {} {stage}\tx\n", id.trim())).collect();
    fs::write(dir.join("lines"), lines).unwrap();
    let input = fs::File::open(dir.join("lines")).unwrap();
    Command::new("git").current_dir(dir).args(["update-index", "--index-info"]).stdin(input).status().unwrap();
    let index = GitIndex::load(&dir.join(".git/index")).unwrap();
    assert_eq!(index.find("x").unwrap(), Staged::Conflict);
    assert_eq!(index.find("y").unwrap(), Staged::Absent);
    assert_eq!(written(&index, &IndexEdits::new(), Some(false)), fs::read(dir.join(".git/index")).unwrap());
}

#[test]
fn damage_is_said_not_laundered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("index");
    for bytes in [&b"DIRC"[..], &[0; 40], b"DIRC\0\0\0\x02\0\0\0\x01 and then nothing of any use"] {
        fs::write(&path, bytes).unwrap();
        assert!(GitIndex::load(&path).is_err());
    }
    assert!(GitIndex::load(&dir.path().join("none")).unwrap().own.entries.is_empty());
    git(dir.path(), &["init", "-q"]);
    fs::write(dir.path().join("x"), "1").unwrap();
    git(dir.path(), &["add", "x"]);
    let path = dir.path().join(".git/index");
    assert!(GitIndex::load(&path).unwrap().own.is_sound());
    let mut bytes = fs::read(&path).unwrap();
    bytes[60] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(!GitIndex::load(&path).unwrap().own.is_sound(), "a turned bit");
}

/// What is done to an index in a random order.
#[derive(Debug, Clone)]
enum Act {
    /// Ours: files that get this content, or go.
    Edit(Vec<(u8, Option<u8>)>, Option<bool>),
    /// git's: a file is staged.
    Add(u8, u8),
    /// git's: a file is unstaged.
    Remove(u8),
    /// git changes the form of the index.
    Form(&'static [&'static str]),
}

fn act() -> impl Strategy<Value = Act> {
    let splitting = prop_oneof![Just(None), Just(None), Just(Some(true)), Just(Some(false))];
    let edits = proptest::collection::vec((0..40_u8, proptest::option::of(any::<u8>())), 1..8);
    let forms: [&[&str]; 4] =
        [&["--split-index"], &["--no-split-index"], &["--index-version", "4"], &["--index-version", "2"]];
    prop_oneof![
        4 => (edits, splitting).prop_map(|(edits, splitting)| Act::Edit(edits, splitting)),
        1 => (0..40_u8, any::<u8>()).prop_map(|(file, content)| Act::Add(file, content)),
        1 => (0..40_u8).prop_map(Act::Remove),
        2 => proptest::sample::select(forms.to_vec()).prop_map(Act::Form),
    ]
}

fn path_of(file: u8) -> String {
    format!("{}/{file:02}.toml", ["a", "a-b", "文件夹"][usize::from(file % 3)])
}

fn perform(dir: &Path, act: &Act, model: &mut BTreeMap<String, Oid>) {
    let put = |file: u8, content: u8| {
        let path = dir.join(path_of(file));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, [content]).unwrap();
    };
    match act {
        Act::Edit(files, splitting) => {
            let mut edits = IndexEdits::new();
            for (file, content) in files {
                content.iter().for_each(|content| put(*file, *content));
                let path = path_of(*file);
                edits.insert(path.clone(), content.and_then(|_| entry(dir, &path)));
                match content {
                    Some(content) => drop(model.insert(path, id_of(ObjectType::Blob, &[*content]))),
                    None => drop(model.remove(&path)),
                }
            }
            let path = dir.join(".git/index");
            let index = GitIndex::load(&path).unwrap();
            assert!(index.is_sound(&edits, *splitting).unwrap());
            fs::write(&path, written(&index, &edits, *splitting)).unwrap();
        }
        Act::Add(file, content) => {
            put(*file, *content);
            git(dir, &["add", "--force", &path_of(*file)]);
            model.insert(path_of(*file), id_of(ObjectType::Blob, &[*content]));
        }
        Act::Remove(file) => {
            git(dir, &["rm", "-q", "--force", "--cached", "--ignore-unmatch", &path_of(*file)]);
            model.remove(&path_of(*file));
        }
        Act::Form(form) => drop(git(dir, &[&["update-index"], *form].concat())),
    }
}

/// What git lists, and both our ways of reading, against what there should be.
fn compare(dir: &Path, model: &BTreeMap<String, Oid>) {
    let lines = model.iter().map(|(path, id)| format!("100644 {id} 0\t{path}\n"));
    assert_eq!(git(dir, &["-c", "core.quotePath=false", "ls-files", "-s"]), lines.collect::<String>());
    let index = GitIndex::load(&dir.join(".git/index")).unwrap();
    for path in (0..40).map(path_of) {
        let staged = model.get(&path).map_or(Staged::Absent, |id| Staged::Blob(*id, 0o100_644));
        assert_eq!(index.find(&path).unwrap(), staged);
    }
    let whole = GitIndex::load_whole(&dir.join(".git/index")).unwrap();
    let paths: Vec<&str> = (0..whole.len()).filter_map(|at| whole.path(at)).collect();
    assert_eq!(paths, model.keys().collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn git_and_we_take_turns(acts in proptest::collection::vec(act(), 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        git(dir, &["init", "-q"]);
        fs::create_dir(dir.join(".git/kehu")).unwrap();
        let mut model = BTreeMap::new();
        for act in acts {
            perform(dir, &act, &mut model);
            compare(dir, &model);
        }
    }
}

#[test]
fn a_file_changed_as_the_shared_index_was_written_is_compared() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    git(dir, &["init", "-q"]);
    fs::create_dir(dir.join(".git/kehu")).unwrap();
    let (a, b, path) = (dir.join("a"), dir.join("b"), dir.join(".git/index"));
    fs::write(&a, "1").unwrap();
    fs::write(&b, "1").unwrap();
    git(dir, &["hash-object", "-w", "a"]);
    let edit = |name: &str| IndexEdits::from([(name.to_string(), entry(dir, name))]);
    let first = written(&GitIndex::load(&path).unwrap(), &edit("a"), Some(true));
    let staged_at = a.metadata().unwrap().modified().unwrap();
    fs::write(&path, first).unwrap();
    // Within the tick in which the index was written, of the same size: only the clock's grain hides it.
    fs::write(&a, "2").unwrap();
    for file in [&a, &path] {
        fs::File::options().write(true).open(file).unwrap().set_modified(staged_at).unwrap();
    }
    let second = written(&GitIndex::load(&path).unwrap(), &edit("b"), None);
    fs::write(&path, second).unwrap();
    assert_eq!(git(dir, &["diff-files", "--name-only"]), "a\n");
}

#[test]
fn a_shared_index_that_is_missing_or_another_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    git(dir, &["init", "-q"]);
    fs::write(dir.join("x"), "1").unwrap();
    git(dir, &["add", "x"]);
    git(dir, &["update-index", "--split-index"]);
    let index = dir.join(".git/index");
    let shared = GitIndex::load(&index).unwrap().shared.unwrap().path().to_path_buf();
    let bytes = fs::read(&shared).unwrap();
    for damage in [&[][..], b"DIRC", &[0; 200]] {
        fs::write(&shared, damage).unwrap();
        assert!(GitIndex::load(&index).is_err(), "{damage:?}");
    }
    fs::remove_file(&shared).unwrap();
    assert!(GitIndex::load(&index).is_err());
    fs::write(&shared, bytes).unwrap();
    assert!(matches!(GitIndex::load(&index).unwrap().find("x").unwrap(), Staged::Blob(..)));
}

#[test]
fn a_map_of_places_that_is_damaged_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    git(dir, &["init", "-q"]);
    fs::create_dir(dir.join(".git/kehu")).unwrap();
    for name in ["x", "y"] {
        fs::write(dir.join(name), "1").unwrap();
        git(dir, &["add", name]);
    }
    git(dir, &["update-index", "--split-index"]);
    let (index, map) = (dir.join(".git/index"), dir.join(".git/kehu/index.map"));
    GitIndex::load(&index).unwrap();
    let good = fs::read(&map).unwrap();
    for at in [0, 20, good.len() / 2, good.len() - 1] {
        let mut bytes = good.clone();
        bytes[at] ^= 0x40;
        fs::write(&map, bytes).unwrap();
        assert!(matches!(GitIndex::load(&index).unwrap().find("y").unwrap(), Staged::Blob(..)));
        assert_eq!(fs::read(&map).unwrap(), good);
    }
}

#[test]
fn shared_indexes_that_nothing_names_are_removed_a_day_later() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    git(dir, &["init", "-q"]);
    fs::create_dir(dir.join(".git/kehu")).unwrap();
    let (old, young) = (dir.join(".git/sharedindex.00"), dir.join(".git/sharedindex.01"));
    for path in [&old, &young] {
        fs::write(path, "").unwrap();
    }
    let long_ago = young.metadata().unwrap().modified().unwrap() - Duration::from_secs(3 * 24 * 60 * 60);
    fs::File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    fs::write(dir.join("x"), "1").unwrap();
    let edits = IndexEdits::from([("x".to_string(), entry(dir, "x"))]);
    written(&GitIndex::load(&dir.join(".git/index")).unwrap(), &edits, Some(true));
    assert!(!old.exists() && young.exists());
}
