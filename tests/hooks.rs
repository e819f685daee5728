//! The pre-commit hook refuses broken records, whichever way git is asked to commit.

#[path = "common/console.rs"]
mod console;

use console::Shell;

fn shell() -> Shell {
    let mut shell = Shell::new("C");
    for command in [
        "git config --global user.name Clerk; git config --global user.email clerk@example.com",
        "kehu init crm --lang en -q; cd crm; kehu hook install pre-commit -q",
        "kehu lead add company=Example contact_name=Chen phone=13800130001 region=浙江 source=exhibition",
        "kehu lead add company=Sample contact_name=Wang phone=13800130002 region=江苏 source=exhibition",
    ] {
        let lines = shell.run(command);
        assert!(!lines.last().is_some_and(|line| line.starts_with("[exit")), "{command}: {lines:?}");
    }
    shell
}

#[test]
fn what_git_is_about_to_commit_is_checked() {
    let record = "leads/2026/LEAD-2026-001.toml";
    for commit in ["git commit -qam x", "git commit -qm x -- leads", "git add -A; git commit -qm x"] {
        let mut shell = shell();
        shell.run(&format!("sed -i 's/13800130001/138/' {record}"));
        let lines = shell.run(commit);
        assert!(lines[0].starts_with("leads/2026/LEAD-2026-001.toml:4:9: Phone `138`"), "{commit}: {lines:?}");
        assert_eq!(lines.last().map(String::as_str), Some("[exit 1]"), "{commit}: {lines:?}");
        shell.run(&format!("sed -i 's/\"138\"/\"13800130009\"/' {record}"));
        assert_eq!(shell.run(commit), ["checked 2 records: 0 errors, 0 warnings"], "{commit}");
        assert_eq!(shell.run("git status --porcelain"), [""; 0], "{commit}");
    }
}

#[test]
fn what_is_not_committed_is_not_checked() {
    let mut shell = shell();
    shell.run("sed -i 's/13800130001/138/' leads/2026/LEAD-2026-001.toml");
    shell.run(
        "sed -i 's/13800130002/13800130003/' leads/2026/LEAD-2026-002.toml; git add leads/2026/LEAD-2026-002.toml",
    );
    assert_eq!(shell.run("kehu check --staged"), ["checked 2 records: 0 errors, 0 warnings"]);
    assert_eq!(shell.run("git commit -qm x"), ["checked 2 records: 0 errors, 0 warnings"]);
    assert_eq!(shell.run("kehu check -q").last().map(String::as_str), Some("[exit 6]"));
}
