//! Everything the READMEs show is run, so that they cannot rot.

#[path = "common/console.rs"]
mod console;

use console::{NOW, Shell, Step, blocks, fits, run_document, steps};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Runs a README among the sample files it speaks of.
fn run(name: &str, lang: &'static str) {
    let mut shell = Shell::new(lang);
    for sample in ["leads/展会线索.xlsx", "leads/官网表单.csv", "users.csv", "products.csv", "followups.csv"] {
        let file = Path::new(sample).file_name().unwrap();
        std::fs::copy(root().join("examples").join(sample), shell.folder().join(file)).unwrap();
    }
    let count = run_document(name, &read(name), &mut shell);
    assert!(count > 25, "{name} runs only {count} commands");
}

#[test]
fn the_english_readme_does_what_it_says() {
    run("README.md", "C");
}

#[test]
fn the_chinese_readme_does_what_it_says() {
    run("README.zh.md", "zh_CN.UTF-8");
}

#[test]
fn both_show_the_same_commands_in_the_same_order() {
    let verbs = |name: &str| -> Vec<String> {
        let words = |step: Step| step.command.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        steps(&read(name)).into_iter().map(words).collect()
    };
    assert_eq!(verbs("README.md"), verbs("README.zh.md"));
}

/// `.ci/run` reads the two commands from the README and runs them.
#[test]
fn the_main_job_and_the_tests_are_named() {
    for name in ["README.md", "README.zh.md"] {
        let text = read(name);
        for (mark, command) in [("<!-- main-job -->", "cargo run --release -- demo"), ("<!-- tests -->", "cargo test")]
        {
            let at = text.lines().position(|line| line == mark).unwrap_or_else(|| panic!("{name} lacks {mark}")) + 1;
            let block = blocks(&text).into_iter().find(|block| block.line > at).unwrap();
            assert_eq!((block.line, block.text), (at + 1, vec![command]), "{name}: {mark}");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    let documents = ["docs/format.md", "docs/format.zh.md", "docs/import-mapping.zh.md", "docs/decisions.md"];
    for name in [&["README.md", "README.zh.md", "examples/README.md"], &documents[..]].concat() {
        let text = read(name);
        let folder = root().join(name).parent().unwrap().to_path_buf();
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap();
            let known = target.is_empty() || target.starts_with("http") || folder.join(target).exists();
            assert!(known, "{name}: `{target}` does not exist");
        }
    }
}

#[test]
fn the_runner_notices_what_differs() {
    let lines = |text: &str| text.lines().map(str::to_string).collect::<Vec<_>>();
    for (expected, printed, same) in [
        ("a\nb", "a\nb", true),
        ("a", "a\nb", false),
        ("a\nb", "a", false),
        ("", "a", false),
        ("...", "", true),
        ("a\n...\nd", "a\nb\nc\nd", true),
        ("a\n...\nd", "a\nb\nc", false),
        ("a ... c", "a bb c", true),
        ("a ... c", "a bb d", false),
        ("a...b...c", "a-b-c", true),
        ("ab", "a", false),
    ] {
        assert_eq!(fits(&lines(expected), &lines(printed)), same, "{expected:?} {printed:?}");
    }
    let text = "x\n```console\n$ a\nb\n$ c \\\n> d\n```\n```sh\n$ no\n```\n";
    let step = |line, command: &str, expected| Step { line, command: command.into(), expected: lines(expected) };
    assert_eq!(steps(text), [step(3, "a", "b"), step(5, "c \\\nd", "")]);
    let mut shell = Shell::new("C");
    assert_eq!(shell.run("mkdir -p x; cd x; false"), ["[exit 1]"]);
    assert_eq!(shell.run("basename \"$PWD\"; echo $KEHU_NOW >&2"), ["x", NOW]);
}
