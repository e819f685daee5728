//! The layers of `src/lib.rs`, kept: a module uses only what stands left of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with those it may use besides itself.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    const INNER: &[&str] = &["record", "query", "rules", "sheet", "progress"];
    BTreeMap::from([
        ("record", &[][..]),
        ("query", &["record"]),
        ("sheet", &["record"]),
        ("progress", &["record"]),
        ("rules", &["record", "query", "sheet"]),
        ("store", INNER),
        ("import", INNER),
        ("report", INNER),
        ("output", INNER),
        ("ops", &["record", "query", "rules", "sheet", "progress", "store", "import", "report", "output"]),
        ("cli", &["record", "query", "rules", "sheet", "progress", "store", "import", "report", "output", "ops"]),
    ])
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Returns the layer a file belongs to: the folder or the file right under `src`.
fn layer_of(path: &Path, src: &Path) -> String {
    let first = path.strip_prefix(src).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_string()
}

/// Returns what a line names after `crate::`, braces opened: `use crate::{record::X, query}` → record, query.
fn used_layers(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let mut depth = 0;
        let mut word = String::new();
        let mut at_start = true;
        for c in rest.chars() {
            match c {
                '{' => (depth, at_start) = (depth + 1, depth == 0),
                '}' => depth -= 1,
                ',' if depth == 1 => at_start = true,
                c if c.is_alphanumeric() || c == '_' => {
                    if at_start {
                        word.push(c);
                    }
                    continue;
                }
                c if c.is_whitespace() => continue,
                _ => at_start = false,
            }
            if !word.is_empty() {
                used.push(std::mem::take(&mut word));
                at_start = depth == 1 && c == ',';
            }
            if depth <= 0 {
                break;
            }
        }
        if !word.is_empty() {
            used.push(word);
        }
    }
    used
}

#[test]
fn every_module_uses_only_what_stands_left_of_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed = allowed();
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let layer = layer_of(&path, &src);
        if matches!(layer.as_str(), "lib" | "main") {
            continue;
        }
        let Some(may) = allowed.get(layer.as_str()) else {
            wrong.push(format!("{}: layer `{layer}` is not declared in this test", path.display()));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for used in used_layers(&code) {
            if allowed.contains_key(used.as_str()) && used != layer && !may.contains(&used.as_str()) {
                wrong.push(format!("{}: `{layer}` uses `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "layers reached upwards or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn the_walk_reads_uses_in_every_form() {
    assert_eq!(used_layers("use crate::record::{Kind, Row};"), ["record"]);
    assert_eq!(
        used_layers("use crate::{query::Filter, record, rules::{Config, check}};"),
        ["query", "record", "rules"]
    );
    assert_eq!(used_layers("let x = crate::store::Repo::open();"), ["store"]);
}

/// What may reach outside the program's own data, and the files that may: one door each.
const DOORS: [(&[&str], &[&str]); 3] = [
    // The clock; the walk of files compares stamps with the moment it began.
    (&["Utc::now", "Local::now", "SystemTime::now"], &["cli/context.rs", "store/load/walk.rs"]),
    // The environment; git's own variables say who commits and from which index,
    // and fail points serve the tests.
    (
        &["env::var", "env::args", "env::current_dir"],
        &[
            "cli/context.rs",
            "cli/mod.rs",
            "store/git/identity.rs",
            "store/repo.rs",
            "store/fail_point.rs",
            "store/remote/git_program.rs",
            "store/sync/model/mod.rs",
        ],
    ),
    // stdout and stderr.
    (&["println!", "print!(", "eprint", "dbg!", "io::stdout()", "io::stderr()"], &["cli/ui/mod.rs", "cli/context.rs"]),
];

#[test]
fn clock_environment_and_terminal_come_in_by_one_door() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("tests.rs")) {
        let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (marks, doors) in DOORS {
            for mark in marks.iter().filter(|mark| !doors.contains(&name.as_str()) && code.contains(**mark)) {
                wrong.push(format!("{name}: `{mark}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "use what the session carries instead:\n{}", wrong.join("\n"));
}
