//! The scripts that measure still run, print their tables and clear up; what they measure here says nothing.
//!
//! They want bash and GNU time; what else is not installed they leave out themselves, and say so.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Returns a folder as cargo makes it, with the program and the one that makes the data, or nothing where the
/// scripts cannot run.
fn target() -> Option<&'static Path> {
    static TARGET: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let wanted = ["/usr/bin/time", "/bin/bash"];
        if let Some(missing) = wanted.into_iter().find(|path| !Path::new(path).exists()) {
            eprintln!("skipped: there is no {missing}");
            return None;
        }
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("benches");
        std::fs::create_dir_all(target.join("examples")).unwrap();
        let _ = std::fs::remove_file(target.join("kehu"));
        std::os::unix::fs::symlink(assert_cmd::cargo::cargo_bin!("kehu"), target.join("kehu")).unwrap();
        // It needs nothing but the standard library; cargo would not build an example for one test file.
        let mut compile = Command::new("rustc");
        compile.args(["--edition", "2024", "-o"]).arg(target.join("examples/make_bulk"));
        let done = compile.arg(root().join("examples/make_bulk.rs")).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Some(target)
    };
    TARGET.get_or_init(make).as_deref()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a script with everything once; returns what it prints.
fn run(script: &str, args: &[&str]) -> Option<String> {
    let target = target()?;
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("bash");
    command.arg(root().join("benches").join(script)).args(args);
    command.env("TARGET", target).env("ONCE", "1").env("TMPDIR", folder.path()).env("KEHU_REPO", "/nowhere");
    let output = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script} {args:?}\n{stdout}\n{stderr}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{script} leaves nothing behind");
    Some(stdout)
}

/// Returns the cells of a table; every row has as many as the head.
fn cells(printed: &str) -> Vec<Vec<String>> {
    let lines = printed.lines().filter(|line| line.starts_with('|'));
    let inner = lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect());
    let rows: Vec<Vec<String>> = inner.collect();
    assert!(rows.len() > 2, "no table:\n{printed}");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "a row is longer than another:\n{printed}");
    rows
}

#[test]
fn figures() {
    let Some(printed) = run("figures.sh", &["30"]) else { return };
    let rows = cells(&printed);
    assert_eq!(rows[0], ["30 leads and follow-ups", "figure", "ratio", "must", "verdict"]);
    // Whatever must hold is judged, and nothing else is.
    let judged: Vec<_> = rows[2..].iter().filter(|row| !row[3].is_empty()).collect();
    assert_eq!(judged.len(), 13, "{printed}");
    assert!(judged.iter().all(|row| ["pass", "**fail**"].contains(&row[4].as_str())), "{printed}");
    assert!(rows[2..].iter().all(|row| row[3].is_empty() == row[4].is_empty() && !row[1].is_empty()), "{printed}");
    assert!(printed.contains("cores of"), "{printed}");
}

#[test]
fn due() {
    let Some(printed) = run("due.sh", &["30"]) else { return };
    let rows = cells(&printed);
    assert_eq!(rows[0][0], "6 customers, 60 followups, 30 leads");
    assert_eq!(rows.len(), 2 + 3, "{printed}");
    assert!(rows[3..].iter().all(|row| ["pass", "**fail**"].contains(&row[4].as_str())), "{printed}");
}

#[test]
fn growth() {
    let Some(printed) = run("growth.sh", &["20", "40"]) else { return };
    let rows = cells(&printed);
    assert_eq!(rows.len(), 2 + 5 * 2, "{printed}");
    for pair in rows[2..].chunks(2) {
        assert_eq!([&*pair[0][1], &*pair[1][1], &*pair[0][4], &*pair[1][4]], ["20", "40", "", "2.00"], "{printed}");
        assert!(["pass", "**fail**"].contains(&pair[1][7].as_str()), "{printed}");
    }
}

#[test]
fn history() {
    let Some(printed) = run("history.sh", &["30"]) else { return };
    let rows = cells(&printed);
    assert_eq!(rows.len(), 2 + 7, "{printed}");
    let judged: Vec<_> = rows[2..].iter().filter(|row| !row[3].is_empty()).collect();
    assert_eq!(judged.len(), 3, "{printed}");
    assert!(judged.iter().all(|row| ["pass", "**fail**"].contains(&row[4].as_str())), "{printed}");
}

#[test]
fn stages() {
    let Some(printed) = run("stages.sh", &["30"]) else { return };
    let rows = cells(&printed);
    assert_eq!(rows.len(), 2 + 3, "{printed}");
    assert!(["pass", "**fail**"].contains(&rows[4][3].as_str()), "{printed}");
}

#[test]
fn peers() {
    let Some(printed) = run("peers.sh", &["30"]) else { return };
    let rows = cells(&printed);
    assert_eq!(rows[0][1..6], ["kehu", "git", "recutils", "SQLite", "Taskwarrior"]);
    assert_eq!(rows.len(), 2 + 6, "{printed}");
    let programs = [(2, "recutils", "recsel"), (3, "SQLite", "sqlite3"), (4, "Taskwarrior", "task")];
    for (at, name, program) in programs {
        let is_there = Command::new(program).arg("--version").output().is_ok();
        let is_told = printed.lines().any(|line| line.starts_with("Not installed") && line.contains(name));
        assert_eq!(is_there, !is_told, "{name}: {printed}");
        assert_eq!(is_there, !rows[2][at + 1].is_empty(), "{name}: {printed}");
    }
}
