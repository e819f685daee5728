//! The shape of what is pushed: new branches, merges, histories of one's own.

use super::{LI, Team};

#[test]
fn the_main_branch_only_grows() {
    let team = Team::new();
    team.kehu("admin", &["lead", "set", "LEAD-2026-001", "remark=x"]);
    team.pushed("admin");
    team.git_done("admin", &["reset", "-q", "--hard", "HEAD~1"]);
    assert!(team.refused("admin", &["--force", "HEAD"]).contains("`refs/heads/main` would lose commits"));
    assert!(team.refused("admin", &["--delete", "main"]).contains("`refs/heads/main` is the main branch and stays"));
    team.git_done("admin", &["push", "-q", "origin", "HEAD:refs/heads/mine"]);
    team.git_done("admin", &["push", "-q", "origin", "--delete", "mine"]);
    team.git_done("admin", &["tag", "kept"]);
    team.git_done("admin", &["push", "-q", "origin", "kept"]);
    let blob = team.git_done("admin", &["rev-parse", "HEAD:kehu.toml"]);
    assert!(team.refused("admin", &[&format!("{blob}:refs/tags/odd")]).contains("would lead to no commit"));
    team.reset("admin");
    team.edit("admin", "config/access.toml", "rewind = false", "rewind = true");
    team.kehu("admin", &["commit"]);
    team.pushed("admin");
    team.git_done("admin", &["reset", "-q", "--hard", "HEAD~2"]);
    team.git_done("admin", &["push", "-q", "--force", "origin", "HEAD"]);
}

#[test]
fn a_merge_is_judged_by_what_it_changes_itself() {
    let team = Team::new();
    // Different fields of one record, by two people: what git brings together is nobody's change.
    team.edit("li", LI, "Hangzhou", "Shanghai");
    team.commit("li");
    team.kehu("boss", &["lead", "set", "LEAD-2026-001", "remark=from the boss"]);
    team.kehu("boss", &["lead", "set", "LEAD-2026-002", "owner=li"]);
    team.pushed("boss");
    team.git_done("li", &["pull", "-q", "--no-rebase", "--no-edit"]);
    team.pushed("li");
    // A merge that takes an old version back has changed it.
    team.reset("boss");
    team.kehu("boss", &["lead", "set", "LEAD-2026-002", "owner=boss"]);
    team.reset("other");
    team.kehu("other", &["lead", "set", "LEAD-2026-003", "remark=own"]);
    team.pushed("boss");
    team.git_done("other", &["fetch", "-q"]);
    team.git_done("other", &["merge", "-q", "-s", "ours", "--no-edit", "origin/main"]);
    let said = team.refused("other", &["HEAD"]);
    assert!(said.contains("`LEAD-2026-002` is not yours to change: it belongs to `boss`"), "{said}");
    team.git_done("other", &["reset", "-q", "--hard", "HEAD~1"]);
    // So has one in which something is changed by hand.
    team.git_done("other", &["merge", "-q", "--no-commit", "origin/main"]);
    team.edit("other", LI, "Shanghai", "Suzhou");
    team.commit("other");
    assert!(team.refused("other", &["HEAD"]).contains("`LEAD-2026-001` is not yours to change"));
    team.git_done("other", &["reset", "-q", "--hard", "HEAD~1"]);
    team.git_done("other", &["merge", "-q", "--no-edit", "origin/main"]);
    team.pushed("other");
}

#[test]
fn a_record_is_not_taken_over_by_a_history_of_ones_own() {
    let team = Team::new();
    let record = std::fs::read_to_string(team.folder("other").join(LI)).unwrap();
    let pool: String =
        record.lines().filter(|line| !line.starts_with("owner")).map(|line| format!("{line}\n")).collect();
    // From before the record was there, or from nowhere: it is added to the pool, which anybody may, and merged.
    let first = team.git_done("other", &["rev-list", "--max-parents=0", "HEAD"]);
    for start in [Some(first.as_str()), None] {
        team.reset("other");
        match start {
            Some(first) => drop(team.git_done("other", &["checkout", "-q", "-B", "old", first])),
            None => {
                team.git_done("other", &["checkout", "-q", "--orphan", "none"]);
                team.git_done("other", &["rm", "-rq", "--cached", "."]);
                team.git_done("other", &["clean", "-qfdx"]);
            }
        }
        team.write("other", LI, &format!("{pool}remark = \"mine now\"\n"));
        team.commit("other");
        for [one, other] in [["HEAD", "origin/main"], ["origin/main", "HEAD"]] {
            team.git_done("other", &["read-tree", "--reset", "-u", "origin/main"]);
            team.write("other", LI, &format!("{record}remark = \"mine now\"\n"));
            team.git_done("other", &["add", "-A"]);
            let tree = team.git_done("other", &["write-tree"]);
            let merge = team.git_done("other", &["commit-tree", &tree, "-m", "merge", "-p", one, "-p", other]);
            let said = team.refused("other", &[&format!("{merge}:refs/heads/main")]);
            assert!(said.contains("`LEAD-2026-001` is not yours to change: it belongs to `li`"), "{start:?} {said}");
        }
        team.git_done("other", &["reset", "-q", "--hard"]);
        team.git_done("other", &["checkout", "-q", "main"]);
    }
    let replaced = team.git_done("other", &["rev-parse", "HEAD"]);
    let said = team.refused("other", &[&format!("HEAD:refs/replace/{replaced}")]);
    assert!(said.contains("would replace what others see"), "{said}");
}

#[test]
fn what_sync_merges_is_taken() {
    let team = Team::new();
    let new = |login: &str, company: &str, phone: &str| {
        let [company, phone, owner] =
            [format!("company={company}"), format!("phone={phone}"), format!("owner={login}")];
        team.kehu(login, &["lead", "add", &company, &phone, "contact_name=x", "region=x", "source=hotline", &owner])
    };
    // The same number for two records, the same field changed two ways, different fields of one record.
    assert_eq!([new("boss", "North", "13800138050"), new("li", "South", "13800138051")], ["LEAD-2026-004"; 2]);
    team.kehu("li", &["followup", "add", "LEAD-2026-004", "method=phone", "points=x", "no_next=later"]);
    team.kehu("boss", &["lead", "set", "LEAD-2026-001", "remark=from the boss", "need=desks"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=from li", "region=Suzhou"]);
    team.kehu("boss", &["sync"]);
    let met = team.env.finish(team.command(assert_cmd::cargo::cargo_bin!("kehu"), "li", &["sync"]));
    assert!(met.stderr.contains("4 commits went"), "{met}");
    team.kehu("boss", &["sync"]);
    let merged = std::fs::read_to_string(team.folder("boss").join(LI)).unwrap();
    assert!(
        merged.contains("[[conflicts]]") && merged.contains("region = \"Suzhou\"") && merged.contains("desks"),
        "{merged}"
    );
    assert!(team.folder("boss").join("leads/2026/LEAD-2026-005.toml").exists());
    // Taken out of li's hands meanwhile: what li did before, with the right to, is merged all the same.
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "intent=interested"]);
    team.kehu("admin", &["sync"]);
    team.kehu("admin", &["lead", "set", "LEAD-2026-001", "owner=other"]);
    team.kehu("admin", &["sync"]);
    team.kehu("li", &["sync"]);
    let handed = team.env.git_done(&["-C", "../server.git", "show", &format!("main:{LI}")]);
    assert!(handed.contains("owner = \"other\"") && handed.contains("intent = \"interested\""), "{handed}");
}
