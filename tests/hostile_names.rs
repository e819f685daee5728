//! What a file or a person calls something never becomes a path elsewhere, nor a command to a terminal.

mod common;

use common::Env;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Names that would lead elsewhere, mean a device, or be no file.
const ODD: [&str; 18] = [
    "../x",
    "..",
    ".",
    ".git",
    ".git/hooks/pre-commit",
    "a/b",
    "/etc/passwd",
    "a\\b",
    "C:\\x",
    "C:x",
    "CON",
    "nul.txt",
    "com1",
    "-rf",
    "a\0b",
    "x\u{1b}[2J",
    "~",
    "a\nb",
];

/// Returns every file around and in the repository, without what is git's own.
fn files(env: &Env) -> BTreeSet<PathBuf> {
    fn walk(dir: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                let is_git = path.ends_with(".git");
                if is_git {
                    found.extend(
                        std::fs::read_dir(path.join("hooks")).into_iter().flatten().map(|file| file.unwrap().path()),
                    );
                } else {
                    walk(&path, found);
                }
            } else {
                found.insert(path);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(env.dir().parent().unwrap(), &mut found);
    found
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Imports rows of which one column is odd; whatever becomes of them, files appear only where records belong.
fn import(kind: &str, folder: &str, head: &str, row: impl Fn(&str, usize) -> String) {
    let env = Env::repository("en");
    let long = "长".repeat(200);
    let names = ODD.iter().copied().chain([long.as_str()]);
    let rows: Vec<String> = names.enumerate().map(|(at, name)| row(&quoted(name), at)).collect();
    env.write("in.csv", &format!("{head}\n{}\n", rows.join("\n")));
    let before = files(&env);
    let output = env.run(&[kind, "import", "in.csv", "--rejects", "back.csv"]);
    assert!(matches!(output.code, 0 | 3) && !output.stderr.contains("mistake"), "{output}");
    assert!(!output.to_string().contains('\u{1b}'), "{output}");
    let records = env.dir().join(folder);
    for path in files(&env).difference(&before) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let stem = name.trim_end_matches(".toml").to_lowercase();
        let fits = path.starts_with(&records)
            && name.ends_with(".toml")
            && !["con", "nul", "com1", "nul.txt"].contains(&stem.as_str());
        assert!(fits || path.ends_with("back.csv"), "{}", path.display());
    }
    assert_eq!(env.run(&["check"]).code, 0, "{}", env.run(&["check"]));
    assert_eq!(env.git_done(&["status", "--porcelain"]).replace("?? back.csv", "").replace("?? in.csv", "").trim(), "");
}

#[test]
fn numbers_of_leads() {
    import("lead", "leads", "number,company,contact_name,phone,region,source,acquired_on", |name, at| {
        format!("{name},Firm {at},Buyer,138{at:08},Hangzhou,hotline,2026-03-01")
    });
}

#[test]
fn numbers_of_customers() {
    import("customer", "customers", "number,name,category,region,source,archived_on,contact,phone", |name, at| {
        format!("{name},Firm {at},B2B,Hangzhou,hotline,2026-03-01,Buyer,138{at:08}")
    });
}

#[test]
fn codes_of_products() {
    import("product", "products", "number,name,price_min,price_max", |name, at| format!("{name},Desk {at},100,200"));
}

#[test]
fn logins_of_users() {
    import("user", "users", "number,name,email,role", |name, at| format!("{name},Person {at},p{at}@example.com,sales"));
    import("user", "users", "name,email,role", |name, at| format!("{name},{at}@example.com,sales"));
}

#[test]
fn subjects_of_followups() {
    import("followup", "followups", "subject,at,method,summary", |name, _| format!("{name},2026-03-05 10:00,phone,x"));
}

#[test]
fn names_on_the_command_line() {
    let env = Env::repository("zh");
    let before = files(&env);
    for name in ODD.iter().filter(|name| !name.contains('\0')) {
        for args in [
            &["product", "add", "--number", name, "name=桌子"][..],
            &["user", "add", "--number", name, "name=王某", "role=sales"],
            &["lead", "show", name],
            &["lead", "rm", name],
            &["lead", "set", name, "company=x"],
            &["customer", "log", name],
        ] {
            let output = env.run(args);
            assert!(output.code != 0 && !output.stderr.contains("内部出错"), "{args:?}\n{output}");
            assert!(!output.to_string().contains('\u{1b}'), "{args:?}\n{output}");
        }
    }
    assert_eq!(files(&env), before);
}

#[test]
fn nothing_in_a_record_commands_the_terminal() {
    let env = Env::repository("en");
    let wild = "a\u{1b}]0;x\u{7}b\u{9b}2J\u{202e}c\u{7f}d\re";
    // Among enough of plain text; a file of nothing else is taken for no text at all.
    let row =
        format!("{w},{w},13800000001,{w},hotline,2026-03-01,{w}{}", "\n,,,,,,plain text".repeat(300), w = quoted(wild));
    env.write(
        "in\u{1b}[31m.csv",
        &format!("company,contact_name,phone,region,source,acquired_on,{}\n{row}\n", quoted(wild)),
    );
    let file = "in\u{1b}[31m.csv";
    let mut printed = Vec::new();
    let mut run = |args: &[&str]| {
        let output = env.run(args);
        printed.push((format!("{args:?}"), output.to_string()));
        output
    };
    for more in ["--dry-run", "--quiet", "--verbose"] {
        let output = run(&["lead", "import", file, "--keep-unknown", more]);
        assert_eq!(output.code, 3, "{output}");
    }
    for args in [
        &["lead", "list"][..],
        &["lead", "list", "--format", "plain"],
        &["lead", "list", "--format", "markdown"],
        &["lead", "show", "LEAD-2026-001"],
        &["lead", "log", "LEAD-2026-001"],
        &["lead", "score", "LEAD-2026-001"],
        &["lead", "list", "--where", "company = '\u{1b}[31m"],
        &["lead", "list", "--where", "\u{1b}[31m = 1"],
        &["lead", "list", "--columns", "\u{1b}[31m"],
        &["lead", "add", "company=x", "phone=\u{1b}[31m", "source=\u{1b}[31m"],
        &["lead", "set", "LEAD-2026-001", "company=y\u{1b}[31m"],
        &["lead", "show", "\u{1b}[31m"],
        &["lead", "import", "\u{1b}[31m"],
        &["\u{1b}[31m"],
        &["lead", "list", "--\u{1b}[31m"],
        &["import", "map", file],
        &["report", "weekly"],
        &["status"],
        &["check"],
    ] {
        run(args);
    }
    env.edit(
        "leads/2026/LEAD-2026-001.toml",
        "phone = ",
        "source = \"\u{9b}2J\u{202e}\"\nowner = \"\\u001b[31m\"\n\u{9b}x = 1\nphone = ",
    );
    for args in [&["check"][..], &["status"], &["lead", "list"], &["lead", "show", "LEAD-2026-001"], &["commit"]] {
        run(args);
    }
    let commands = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    for (args, text) in printed {
        assert!(!text.contains(commands), "{args}\n{text:?}");
    }
}
