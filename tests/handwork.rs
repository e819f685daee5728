//! Files that people change with other means: shown, never swept in, committed when they hold.

mod common;

use common::Env;
use insta::assert_snapshot;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";
const OTHER: &str = "leads/2026/LEAD-2026-002.toml";

#[test]
fn a_hand_edit_is_nobodys_but_the_hands() {
    let env = Env::with_two_leads();
    env.edit(LEAD, "Hangzhou", "Shanghai");
    env.write("notes.txt", "mine");
    assert_snapshot!(env.run(&["status"]), @"
    Change    File
    --------  -----------------------------
    modified  leads/2026/LEAD-2026-001.toml
    ");
    let before = env.state();
    assert_snapshot!(env.refused(5, &["lead", "set", "LEAD-2026-001", "remark=x"]), @"
    error: `leads/2026/LEAD-2026-001.toml` has hand edits that are not committed
    hint: `kehu status` shows hand edits; `kehu commit` commits them
    ");
    for args in [
        &["lead", "edit", "LEAD-2026-001"][..],
        &["lead", "set", "--where", "region = Shanghai", "remark=x"],
        &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"],
    ] {
        assert!(env.refused(5, args).contains("`leads/2026/LEAD-2026-001.toml` has hand edits"), "{args:?}");
    }
    assert_eq!(env.state(), before);
    env.done(&["lead", "set", "LEAD-2026-002", "remark=x"]);
    assert_eq!(env.last_diff(), format!("1 1 {LEAD}\n1 0 {OTHER}"), "the first is the work tree's alone");
    assert_eq!(env.git_done(&["show", "--name-only", "--format="]), OTHER);
    assert_snapshot!(env.run(&["commit"]), @"
    ------- stderr -------
    committed 1 file
    ");
    assert_eq!(env.git_done(&["show", "--name-only", "--format=%s"]), format!("edit: LEAD-2026-001\n\n{LEAD}"));
    assert_eq!(env.git_done(&["status", "--porcelain"]), "?? notes.txt");
    assert_snapshot!(env.run(&["commit"]), @"
    ------- stderr -------
    no file was edited by hand
    ");
    assert_snapshot!(env.run(&["status"]), @"
    ------- stderr -------
    no file was edited by hand
    ");
}

/// An editor's swap file beside a record is nobody's record, and no commit of records takes it along.
#[test]
fn hidden_files_beside_records_are_left_alone() {
    let env = Env::with_two_leads();
    env.write("leads/2026/.LEAD-2026-001.toml.swp", "half");
    env.write("leads/2026/.LEAD-2026-009.toml.kehu-tmp", "half");
    assert_eq!(env.run(&["status"]).stderr, "no file was edited by hand\n");
    env.edit(LEAD, "Hangzhou", "Shanghai");
    env.done(&["commit"]);
    assert_eq!(env.git_done(&["show", "--name-only", "--format="]), LEAD);
    assert_eq!(env.run(&["check"]).code, 0);
}

#[test]
fn other_line_ends_alone_are_no_edit() {
    let env = Env::with_two_leads();
    env.write(LEAD, &env.read(LEAD).replace('\n', "\r\n"));
    let before = env.git_done(&["rev-parse", "HEAD"]);
    for args in [&["status"][..], &["commit"], &["commit", "--dry-run"]] {
        let said = env.run(args);
        assert_eq!((said.code, said.stderr.as_str()), (0, "no file was edited by hand\n"), "{args:?}");
    }
    assert_eq!(env.git_done(&["rev-parse", "HEAD"]), before);
    // With more than that it is one, and git stores its lines as ever.
    env.edit(LEAD, "Hangzhou", "Shanghai");
    assert!(env.run(&["status"]).stdout.contains("modified"));
    assert_eq!(env.run(&["commit"]).stderr, "committed 1 file\n");
    assert!(!env.git_done(&["cat-file", "-p", &format!("HEAD:{LEAD}")]).contains('\r'));
}

#[test]
fn only_what_holds_is_committed() {
    let env = Env::with_two_leads();
    env.edit(LEAD, "hotline", "nowhere");
    env.edit(OTHER, "Hangzhou", "Shanghai");
    let before = env.state();
    assert_snapshot!(env.refused(6, &["commit"]), @"error: leads/2026/LEAD-2026-001.toml:6:10: Source `nowhere` is not in dictionary `source`; did you mean Other (other)?");
    assert_eq!(env.state(), before);
    assert_eq!(env.run(&["commit", "--dry-run", OTHER]).code, 0);
    assert_eq!(env.state(), before);
    env.done(&["commit", "-m", "moved to Shanghai", OTHER]);
    assert_eq!(env.git_done(&["show", "--name-only", "--format=%s"]), format!("moved to Shanghai\n\n{OTHER}"));
    assert_eq!(env.git_done(&["status", "--porcelain"]), format!(" M {LEAD}"));
}

#[test]
fn what_others_refer_to_is_not_taken_away() {
    let env = Env::with_two_leads();
    env.done(&["followup", "add", "LEAD-2026-001", "method=phone", "points=called", "no_next=done"]);
    std::fs::remove_file(env.dir().join(LEAD)).unwrap();
    let said = env.refused(6, &["commit"]);
    assert!(said.contains("Subject `LEAD-2026-001` does not exist"), "{said}");
    env.edit(OTHER, "Hangzhou", "Shanghai");
    env.refused(6, &["commit"]);
    env.done(&["commit", OTHER]);
    env.git_done(&["checkout", "--", LEAD]);
}

#[test]
fn a_double_that_was_kept_does_not_stand_in_the_way() {
    let env = Env::with_two_leads();
    let twin = ["lead", "add", "company=C", "contact_name=y", "phone=13800138001", "region=x", "source=hotline"];
    env.done(&[&twin[..], &["--on-duplicate", "keep"]].concat());
    env.edit(LEAD, "Hangzhou", "Shanghai");
    env.done(&["commit"]);
    let checked = env.run(&["check"]);
    assert_eq!(checked.code, 0, "{checked}");
    assert!(checked.stdout.contains("[warning duplicate]"), "it is still told: {checked}");
}

#[test]
fn nothing_is_written_in_the_middle_of_a_merge() {
    let env = Env::with_two_leads();
    env.git_done(&["checkout", "-q", "-b", "side"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=side"]);
    env.git_done(&["checkout", "-q", "main"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=main"]);
    assert_eq!(env.git(&["merge", "side"]).code, 1);
    assert_snapshot!(env.refused(5, &["lead", "set", "LEAD-2026-002", "remark=x"]), @"
    error: a git merge is under way
    hint: `git status` says how to finish it
    ");
    assert_snapshot!(env.run(&["status"]), @"
    Change      File
    ----------  -----------------------------
    conflicted  leads/2026/LEAD-2026-001.toml
    ");
    assert_snapshot!(env.refused(5, &["commit"]), @"
    error: a merge left `leads/2026/LEAD-2026-001.toml` undecided
    hint: settle it and `git add leads/2026/LEAD-2026-001.toml`
    ");
    assert_snapshot!(env.run(&["check"]), @"
    leads/2026/LEAD-2026-001.toml:1:1: git's index has it undecided, from a merge; `git merge --abort` goes back, and `kehu sync` or `kehu merge BRANCH` merge by field, what is in conflict for `kehu resolve`; or settle it here and `git add leads/2026/LEAD-2026-001.toml` [error unmerged]
    leads/2026/LEAD-2026-001.toml:8:1: the file holds an unresolved merge conflict; keep one side and take the lines starting with <<<<<<<, ======= and >>>>>>> out [error conflict-marker]
    ------- stderr -------
    checked 1 record: 2 errors, 0 warnings
    [exit 6]
    ");
    let shown = env.run(&["lead", "show", "LEAD-2026-001"]);
    assert_eq!(shown.code, 6, "{shown}");
    env.git_done(&["merge", "--abort"]);
    env.git_done(&["checkout", "-q", "side"]);
    assert_eq!(env.git(&["rebase", "main"]).code, 1);
    assert_snapshot!(env.refused(5, &["lead", "set", "LEAD-2026-002", "remark=x"]), @"
    error: a git rebase is under way
    hint: `git status` says how to finish it
    ");
    env.git_done(&["rebase", "--abort"]);
    env.done(&["lead", "set", "LEAD-2026-002", "remark=x"]);
}

#[cfg(unix)]
#[test]
fn who_holds_the_lock_is_named() {
    let env = Env::with_two_leads();
    let before = env.state();
    let mut holder = std::process::Command::new("flock")
        .arg(env.dir().join(".git/kehu/lock"))
        .args(["sh", "-c", "echo held; read line"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(holder.stdout.as_mut().unwrap()), &mut line).unwrap();
    let said = env.refused(9, &["lead", "set", "LEAD-2026-001", "remark=x", "--lock-timeout", "0"]);
    assert!(said.contains("--lock-timeout"), "{said}");
    assert_eq!(env.state(), before);
    drop(holder.stdin.take());
    holder.wait().unwrap();
    env.done(&["lead", "set", "LEAD-2026-001", "remark=x"]);
}

#[test]
fn the_past_is_read_and_never_written() {
    let env = Env::with_two_leads();
    env.done(&["lead", "set", "LEAD-2026-001", "region=Shanghai", "--now", "2026-03-13"]);
    env.edit(LEAD, "Shanghai", "Suzhou");
    let region = |as_of: &[&str]| {
        env.json(&[&["lead", "show", "LEAD-2026-001", "--json"], as_of].concat())["record"]["region"].clone()
    };
    assert_eq!(region(&[]), "Suzhou");
    assert_eq!(region(&["--as-of", "HEAD"]), "Shanghai");
    assert_eq!(region(&["--as-of", "HEAD~1"]), "Hangzhou");
    assert_snapshot!(env.refused(2, &["lead", "set", "LEAD-2026-002", "remark=x", "--as-of", "HEAD~1"]), @"
    error: the past cannot be changed
    hint: leave `--as-of` out to change the present
    ");
    assert_snapshot!(env.refused(4, &["lead", "list", "--as-of", "2020-01-01"]), @"error: there was no commit yet at `2020-01-01`");
}
