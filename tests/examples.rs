//! The scripts and spreadsheets of `examples/` do what they say, with the real program.

#[path = "common/console.rs"]
mod console;

use console::Shell;
use std::path::{Path, PathBuf};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// A shell beside a repository `crm` that knows the sample users and products.
fn shell() -> Shell {
    let mut shell = Shell::new("C");
    let script = format!("cp -r '{}' samples", examples().display());
    run(&mut shell, &script);
    run(&mut shell, "git config --global user.name Clerk; git config --global user.email clerk@example.com");
    run(&mut shell, "kehu init crm --lang en -q; kehu -C crm user import samples/users.csv -q");
    run(&mut shell, "kehu -C crm product import samples/products.csv -q");
    shell
}

/// Runs what must end well; returns what it printed.
#[track_caller]
fn run(shell: &mut Shell, command: &str) -> Vec<String> {
    let lines = shell.run(command);
    assert!(!lines.last().is_some_and(|line| line.starts_with("[exit")), "{command}: {lines:?}");
    lines
}

#[track_caller]
fn assert_prints(shell: &mut Shell, command: &str, expected: &[&str]) {
    assert_eq!(shell.run(command), expected, "{command}");
}

#[test]
fn the_samples_import_with_the_counts_documented() {
    let mut shell = shell();
    for (file, created, duplicates, rejected) in
        [("leads/展会线索.xlsx", 37, 1, 2), ("leads/官网表单.csv", 25, 0, 0), ("leads/inbound-en.csv", 15, 0, 0)]
    {
        let name = file.rsplit('/').next().unwrap();
        let exit = if rejected == 0 { "" } else { "; [ $? = 3 ]" };
        let lines = run(&mut shell, &format!("kehu -C crm lead import samples/{file}{exit}"));
        let said =
            format!("{name}: {created} created, 0 updated, 0 unchanged, {duplicates} duplicates, {rejected} rejected");
        assert!(lines.contains(&said), "{lines:?}");
    }
    let lines = run(&mut shell, "kehu -C crm followup import samples/followups.csv");
    assert!(lines.iter().any(|line| line.starts_with("followups.csv: 44 created")), "{lines:?}");
    assert_prints(&mut shell, "kehu -C crm lead list --count", &["77"]);
    let lines = run(&mut shell, "kehu -C crm followup import samples/followups.csv");
    assert!(lines.iter().any(|line| line.contains(" 0 created, 0 updated, 44 unchanged")), "{lines:?}");
    run(&mut shell, "kehu -C crm check");
}

#[test]
fn an_inbox_is_imported_and_tidied() {
    let mut shell = shell();
    run(
        &mut shell,
        "mkdir inbox; cp samples/leads/* inbox; head -c 3000 inbox/展会线索.xlsx > inbox/broken.xlsx; echo x > inbox/note.txt",
    );
    let script = "bash samples/import-folder.sh crm inbox";
    assert_prints(
        &mut shell,
        &format!("{script} | sort; exit ${{PIPESTATUS[0]}}"),
        &[
            "broken.xlsx: not imported, see inbox/failed/broken.xlsx.txt",
            "inbound-en.csv: imported",
            "官网表单.csv: imported",
            "展会线索.xlsx: imported, some rows rejected: inbox/rejects/展会线索.xlsx",
            "[exit 1]",
        ],
    );
    assert_prints(&mut shell, "kehu -C crm lead list --count", &["77"]);
    assert_prints(&mut shell, "ls inbox", &["done", "failed", "note.txt", "rejects"]);
    assert_prints(
        &mut shell,
        "LC_ALL=C ls inbox/*/",
        &[
            "inbox/done/:",
            "inbound-en.csv",
            "inbound-en.csv.json",
            "官网表单.csv",
            "官网表单.csv.json",
            "展会线索.xlsx",
            "展会线索.xlsx.json",
            "",
            "inbox/failed/:",
            "broken.xlsx",
            "broken.xlsx.txt",
            "",
            "inbox/rejects/:",
            "展会线索.xlsx",
        ],
    );
    run(&mut shell, "grep -q '\"created\": *37' inbox/done/展会线索.xlsx.json");
    run(&mut shell, "grep -q '^error: ' inbox/failed/broken.xlsx.txt");

    // Once more: nothing is new, nothing is committed, nothing is overwritten.
    let head = run(&mut shell, "git -C crm rev-parse HEAD");
    run(&mut shell, "cp samples/leads/* inbox");
    let lines = shell.run(script);
    assert_eq!(lines.last().map(String::as_str), Some("[exit 3]"), "{lines:?}");
    assert_eq!(run(&mut shell, "git -C crm rev-parse HEAD"), head);
    run(&mut shell, "test -f inbox/done/展会线索.2.xlsx && test -f inbox/rejects/展会线索.2.xlsx");
    assert_prints(&mut shell, "kehu -C crm lead list --count", &["77"]);

    // The mended rejects go in; an empty inbox is no trouble.
    run(
        &mut shell,
        "kehu -C crm lead import inbox/rejects/展会线索.xlsx --set phone=13800139999 --dry-run; [ $? = 3 ]",
    );
    assert_prints(&mut shell, script, &[]);
}

#[test]
fn an_inbox_script_says_what_is_wrong_with_its_call() {
    let mut shell = shell();
    let script = "bash samples/import-folder.sh";
    assert_prints(&mut shell, script, &["usage: import-folder.sh REPO INBOX", "[exit 2]"]);
    assert_prints(&mut shell, &format!("{script} crm nowhere"), &["no such folder: nowhere", "[exit 2]"]);
    run(&mut shell, "mkdir inbox none; cp samples/leads/inbound-en.csv inbox");
    let lines = shell.run(&format!("{script} none inbox"));
    assert_eq!(lines.last().map(String::as_str), Some("[exit 10]"), "{lines:?}");
    run(&mut shell, "test -f inbox/inbound-en.csv");
}

#[test]
fn the_weekly_report_is_written_the_same_twice() {
    let mut shell = shell();
    run(&mut shell, "kehu -C crm lead import samples/leads/展会线索.xlsx -q; [ $? = 3 ]");
    run(&mut shell, "kehu -C crm followup import samples/followups.csv -q");
    let expected = ["wrote `reports/weekly-2026-W12.xlsx`", "wrote `reports/weekly-2026-W12.md`"];
    let script = "bash samples/weekly-report.sh crm reports 2026-03-23";
    let lines = run(&mut shell, script);
    for line in expected.into_iter().chain(["reports/weekly-2026-W12.xlsx", "reports/weekly-2026-W12.md"]) {
        assert!(lines.iter().any(|said| said == line), "{line}: {lines:?}");
    }
    run(&mut shell, "grep -q '^# Weekly report' reports/weekly-2026-W12.md; sha256sum reports/* > sums");
    run(&mut shell, &format!("sleep 1.1; {script} >again && sha256sum --quiet -c sums"));
    assert_prints(&mut shell, "cat again", &["reports/weekly-2026-W12.xlsx", "reports/weekly-2026-W12.md"]);
    assert_prints(&mut shell, "git -C crm status --porcelain", &[]);

    // A record that cannot be read: the report is written, and the exit code says so.
    run(&mut shell, "echo 'company = ' > crm/leads/2026/LEAD-2026-001.toml");
    let lines = shell.run(script);
    assert_eq!(lines.last().map(String::as_str), Some("[exit 3]"), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("LEAD-2026-001.toml:1:")), "{lines:?}");
}

#[test]
fn a_report_script_says_what_is_wrong_with_its_call() {
    let mut shell = shell();
    let script = "bash samples/weekly-report.sh";
    assert_prints(&mut shell, script, &["usage: weekly-report.sh REPO FOLDER [DAY]", "[exit 2]"]);
    assert_prints(
        &mut shell,
        &format!("{script} crm reports monday"),
        &["not a day: monday (wanted as 2026-03-23)", "[exit 2]"],
    );
    assert_prints(&mut shell, &format!("{script} crm reports 2026-02-31"), &["no such day: 2026-02-31", "[exit 2]"]);
    let lines = shell.run(&format!("{script} nowhere reports 2026-03-23"));
    assert_eq!(lines.last().map(String::as_str), Some("[exit 10]"), "{lines:?}");
}

#[test]
fn a_team_works_offline_and_comes_together() {
    let mut shell = shell();
    let lines = run(&mut shell, "bash samples/teamwork.sh trial 2>&1");
    assert_eq!(lines.last().map(String::as_str), Some("ok"));
    for said in ["改号  LEAD-2026-079         原为 LEAD-2026-078", "expo.csv：新建 300，更新 0，未变 0，重复 0，拒绝 0"]
    {
        assert!(lines.iter().any(|line| line == said), "{said}: {lines:#?}");
    }
    assert_prints(&mut shell, "grep -c . trial/weekly.again.md > count; [ $(cat count) -gt 20 ]", &[]);
    assert_prints(
        &mut shell,
        "bash samples/teamwork.sh trial",
        &["usage: teamwork.sh FOLDER, one that does not exist", "[exit 2]"],
    );
}

#[test]
fn every_mapping_file_is_understood() {
    let mut shell = shell();
    run(&mut shell, "echo a,b > table.csv; echo 1,2 >> table.csv");
    for file in std::fs::read_dir(examples().join("import")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let text = std::fs::read_to_string(examples().join("import").join(&name)).unwrap();
        let kind = text.lines().find_map(|line| line.strip_prefix("kind = \"")).unwrap().trim_end_matches('"');
        let lines = shell.run(&format!("kehu -C crm {kind} import table.csv --map samples/import/{name} --dry-run"));
        // It is read; that this table has other columns is all there is to say, if it says which it wants.
        let understood = lines[0].starts_with("error: the mapping names column `")
            || lines.iter().any(|line| line.starts_with("table.csv: "));
        assert!(understood, "{name}: {lines:?}");
    }
}
