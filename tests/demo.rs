//! `kehu demo`: the main job on a fresh machine, from spreadsheets to the weekly report.

mod common;

use common::{Env, Output};
use std::collections::BTreeMap;
use std::path::Path;

/// Runs the program as on a fresh machine: git knows nobody, and the moment is the demo's own.
fn run(env: &Env, args: &[&str]) -> Output {
    let mut command = env.command(args);
    command.env_remove("KEHU_NOW");
    for part in ["AUTHOR", "COMMITTER"] {
        for what in ["NAME", "EMAIL", "DATE"] {
            command.env_remove(format!("GIT_{part}_{what}"));
        }
    }
    for part in ["AUTHOR", "COMMITTER"] {
        command.env_remove(format!("GIT_{part}_NAME")).env_remove(format!("GIT_{part}_EMAIL"));
    }
    env.finish(command)
}

fn git(env: &Env, dir: &str, args: &[&str]) -> String {
    let output = env.git(&[&["-C", dir], args].concat());
    assert_eq!(output.code, 0, "{output}");
    output.stdout
}

/// Returns every file below `dir` but git's own.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![dir.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != ".git" {
                waiting.push(path);
            } else if path.is_file() {
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What holds after a demo, whatever it said.
fn assert_sound(env: &Env, dir: &str) {
    git(env, dir, &["fsck", "--strict"]);
    assert_eq!(git(env, dir, &["status", "--porcelain"]), "");
    let subjects = git(env, dir, &["log", "--format=%s"]);
    let told = [
        "customer: set B2B-2026-001 first_cooperation_on, products, …",
        "opportunity: win B2B-2026-001, OPP-2026-001 type, …",
        "opportunity: advance OPP-2026-002 stage",
        "opportunity: attach to OPP-2026-002",
        "opportunity: advance OPP-2026-001 stage",
        "opportunity: attach to OPP-2026-001",
        "opportunity: advance OPP-2026-001 stage",
        "opportunity: attach to OPP-2026-001",
        "followup: import 4 (customer-followups.csv)",
        "contract: add CON-2026-001",
        "contact: set B2B-2026-004",
        "contact: set B2B-2026-003",
        "contact: set B2B-2026-002",
        "contact: set B2B-2026-001",
        "contact: add B2B-2026-001",
        "lead: convert LEAD-2026-037 to B2B-2026-004, OPP-2026-004",
        "lead: convert LEAD-2026-010 to B2B-2026-003, OPP-2026-003",
        "lead: convert LEAD-2026-004 to B2B-2026-002, OPP-2026-002",
        "lead: convert LEAD-2026-001 to B2B-2026-001, OPP-2026-001",
        "followup: import 44 (followups.csv)",
        "lead: import 15 (inbound-en.csv)",
        "lead: import 25 (官网表单.csv)",
        "lead: import 37 (展会线索.xlsx)",
        "product: import 4 (products.csv)",
        "user: add demo",
        "user: import 4 (users.csv)",
        "init: configuration with every default",
    ];
    assert_eq!(subjects.lines().collect::<Vec<_>>(), told);
    // Later on a year would be missing whose holidays are not known yet.
    let check = run(env, &["-C", dir, "check", "--now", "2026-03-23"]);
    assert_eq!((check.code, check.stdout.as_str()), (0, ""), "{check}");
    assert!(check.stderr.contains("143"), "{check}");
}

#[track_caller]
fn assert_says(output: &Output, stdout: &[&str], stderr: &[&str]) {
    assert_eq!(output.code, 0, "{output}");
    for (text, lines) in [(&output.stdout, stdout), (&output.stderr, stderr)] {
        let mut rest = text.as_str();
        for line in lines {
            let at = rest.find(line).unwrap_or_else(|| panic!("lacks `{line}`, or not in this order: {output}"));
            rest = &rest[at + line.len()..];
        }
    }
}

#[test]
fn in_english() {
    let env = Env::new();
    assert_says(
        &run(&env, &["demo", "shop"]),
        &[
            "展会线索.xlsx: 37 created, 0 updated, 0 unchanged, 1 duplicates, 2 rejected\n",
            "官网表单.csv: 25 created",
            "inbound-en.csv: 15 created",
            "followups.csv: 44 created",
            "customer-followups.csv: 4 created",
            "Weekly report\n",
            "Period: 2026-W12 (2026-03-16 to 2026-03-22)\n",
            "As of: 2026-03-20 18:00\n",
            "New leads\n",
            "Total        14  2  4  8\n",
            "First response\n",
            "Definition\n",
        ],
        &[
            "headings are taken from row 3\n",
            "read as gb18030",
            "try:\n",
            "kehu -C shop lead list --where 'grade = A'\n",
        ],
    );
    assert_sound(&env, "shop");
    let authors = git(&env, "shop", &["log", "--format=%an <%ae>"]);
    assert!(authors.lines().all(|author| author == "kehu demo <demo@example.com>"), "{authors}");
    let again = run(&env, &["demo", "shop"]);
    assert_eq!((again.code, again.stdout.as_str()), (5, ""), "{again}");
    assert!(again.stderr.contains("is not empty"), "{again}");
}

#[test]
fn in_chinese() {
    let env = Env::new();
    assert_says(
        &run(&env, &["--lang", "zh", "demo", "门店"]),
        &[
            "展会线索.xlsx：新建 37，更新 0，未变 0，重复 1，拒绝 2\n",
            "周报\n",
            "期间：2026 年第 12 周（2026-03-16 至 2026-03-22）\n",
            "截至：2026-03-20 18:00\n",
            "新增线索\n",
            "合计      14  2  4  8\n",
            "统计口径\n",
        ],
        &["表头取自第 3 行\n", "可以试试：\n", "kehu -C 门店 lead list --where '级别 = A'\n"],
    );
    assert_sound(&env, "门店");
    let again = run(&env, &["--lang", "zh", "demo", "门店"]);
    assert!(again.code == 5 && again.stderr.contains("不是空目录"), "{again}");
}

#[test]
fn what_it_says_to_try_works() {
    let env = Env::new();
    let demo = run(&env, &["demo"]);
    let commands: Vec<&str> = demo.stderr.lines().filter_map(|line| line.strip_prefix("  kehu ")).collect();
    assert!(commands.len() >= 4, "{demo}");
    for line in commands {
        let (words, filter) = line.split_once(" '").map_or((line, None), |(words, filter)| (words, Some(filter)));
        let args: Vec<&str> = words.split(' ').chain(filter.map(|filter| filter.trim_end_matches('\''))).collect();
        let output = run(&env, &args);
        assert!(output.code == 0 && output.stdout.lines().count() > 5, "{line}: {output}");
    }
}

#[test]
fn it_has_customers_and_what_is_to_be_done_with_them() {
    let env = Env::new();
    assert_eq!(run(&env, &["demo"]).code, 0);
    let told = |args: &[&str]| {
        let output = run(&env, &[&["-C", "kehu-demo", "--now", "2026-03-20T18:00:00+08:00"], args].concat());
        assert_eq!(output.code, 0, "{args:?}: {output}");
        output.stdout
    };
    assert_eq!(told(&["opportunity", "list", "--where", "stage = won", "--count"]), "1\n");
    assert_eq!(told(&["opportunity", "list", "--where", "stage in (needs, proposal)", "--count"]), "3\n");
    let page = told(&["customer", "show", "B2B-2026-001"]);
    for part in ["100.0%", "Due next", "Decision maker", "CON-2026-001", "74,400.00", "1 won (248,000.00)"] {
        assert!(page.contains(part), "lacks `{part}`: {page}");
    }
    let due = told(&["due", "--owner", "all"]);
    assert!(["B2B-2026-001", "B2B-2026-004", "OPP-2026-002"].iter().all(|number| due.contains(number)), "{due}");
    let weekly = told(&["report", "weekly"]);
    assert!(weekly.contains("李明                2             0"), "of four converted that week: {weekly}");
}

#[test]
fn twice_is_the_same_bytes_and_the_same_commits() {
    let env = Env::new();
    let mut seen = Vec::new();
    for folder in ["a", "b"] {
        let dir = env.dir().join(folder);
        std::fs::create_dir(&dir).unwrap();
        let output = run(&env, &["--now", "2026-03-20T18:00:00+08:00", "-C", folder, "demo", "same"]);
        assert_eq!(output.code, 0, "{output}");
        let head = git(&env, &format!("{folder}/same"), &["rev-parse", "HEAD"]);
        seen.push((output.stdout, head, files(&dir.join("same"))));
    }
    assert!(seen[0].2.len() > 130);
    assert!(seen[0] == seen[1], "{}\n{}", seen[0].1, seen[1].1);
}

#[test]
fn an_identity_that_git_knows_is_used() {
    let env = Env::new();
    let mut command = env.command(&["demo", "mine"]);
    for part in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{part}_NAME"), "Test User").env(format!("GIT_{part}_EMAIL"), "test@example.com");
    }
    let output = env.finish(command);
    assert_eq!(output.code, 0, "{output}");
    assert_eq!(git(&env, "mine", &["log", "-1", "--format=%an <%ae>"]), "Test User <test@example.com>\n");
}
