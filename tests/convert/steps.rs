//! Each step of a lead: what it leads to, and where it may not be taken.

use super::*;

fn status(env: &Env, number: &str) -> String {
    env.json(&["lead", "show", number, "--json"])["record"]["status"].as_str().unwrap().to_string()
}

#[test]
fn a_lead_goes_its_way_and_comes_back() {
    let env = fair();
    let steps: [(&[&str], &str); 7] = [
        (&["nurture"], "nurture"),
        (&["reopen"], "working"),
        (&["qualify"], "qualified"),
        (&["disqualify", "--reason", "信息虚假", "--evidence", "empty number"], "disqualified"),
        (&["reopen"], "working"),
        (&["disqualify", "--reason", "other", "--note", "cancelled"], "disqualified"),
        (&["reopen"], "working"),
    ];
    let before = env.read("leads/2026/LEAD-2026-001.toml");
    for (verb, to) in steps {
        env.done(&[&["lead", verb[0], "LEAD-2026-001"][..], &verb[1..]].concat());
        assert_eq!(status(&env, "LEAD-2026-001"), to, "{verb:?}");
        assert_eq!(env.run(&["check"]).code, 0);
    }
    assert_eq!(env.read("leads/2026/LEAD-2026-001.toml"), before.replace("\"assigned\"", "\"working\""));
    assert_snapshot!(env.git_done(&["log", "-4", "--format=%s"]), @"
    lead: reopen LEAD-2026-001 status, disqualify_reason, disqualify_note
    lead: disqualify LEAD-2026-001 status, disqualify_reason, …
    lead: reopen LEAD-2026-001 status, disqualify_reason, evidence
    lead: disqualify LEAD-2026-001 status, disqualify_reason, evidence
    ");
}

#[test]
fn only_a_conversion_converts() {
    let env = fair();
    let before = env.read("leads/2026/LEAD-2026-001.toml");
    assert_snapshot!(env.refused(6, &["lead", "set", "LEAD-2026-001", "status=converted"]), @"error: LEAD-2026-001: a lead is converted to a customer, and none is named; `kehu lead convert LEAD-2026-001` converts it");
    let line = "{\"number\": \"LEAD-2026-001\", \"status\": \"converted\"}\n";
    let told = env.run_with(&["lead", "set", "--stdin"], line);
    assert_eq!(told.code, 6, "{told}");
    assert_eq!(env.read("leads/2026/LEAD-2026-001.toml"), before);
    let path = env.dir().join("leads/2026/LEAD-2026-001.toml");
    std::fs::write(&path, before.replace("\"assigned\"", "\"converted\"")).unwrap();
    assert!(env.refused(6, &["commit"]).contains("kehu lead convert LEAD-2026-001"));
    assert!(env.run(&["check"]).stdout.contains("unknown-customer"), "{}", env.run(&["check"]));
}

#[test]
fn a_step_that_may_not_be_taken_says_what_may() {
    let env = fair();
    env.lead("Second", "13800138002");
    assert_snapshot!(env.refused(5, &["lead", "reopen", "LEAD-2026-001", "LEAD-2026-002"]), @"
    error: `LEAD-2026-001` is open: its status is Assigned
      `LEAD-2026-002` is open: its status is New
    hint: from there it is qualified, converted, nurtured or disqualified
    ");
    let reason = env.refused(2, &["lead", "disqualify", "LEAD-2026-001"]);
    assert!(reason.contains("--reason"), "{reason}");
    assert_snapshot!(env.refused(6, &["lead", "disqualify", "LEAD-2026-001", "--reason", "other"]), @"error: LEAD-2026-001: the reason `other` needs a note");
    assert_snapshot!(env.refused(6, &["lead", "disqualify", "LEAD-2026-001", "--reason", "budget"]), @"error: LEAD-2026-001: Disqualified because `budget` is not in dictionary `disqualify_reason`; one of Fake information (fake), No fit (no_fit), Budget too low (budget_too_low), Duplicate (duplicate), Unreachable (unreachable), Other (other)");
    env.done(&["lead", "disqualify", "LEAD-2026-001", "--reason", "no_fit"]);
    assert_snapshot!(env.refused(5, &["lead", "qualify", "LEAD-2026-002", "LEAD-2026-001"]), @"
    error: `LEAD-2026-001` is disqualified
    hint: `kehu lead reopen LEAD-2026-001` opens it again
    ");
    assert_eq!(status(&env, "LEAD-2026-002"), "new", "all or none");
    assert_snapshot!(env.refused(5, &["lead", "convert", "LEAD-2026-001", "--lang", "zh"]), @"
    错误：`LEAD-2026-001` 已剔除
    提示：用 `kehu lead reopen LEAD-2026-001` 重新打开
    ");
    let same = env.run(&["lead", "disqualify", "LEAD-2026-001", "--reason", "no_fit"]);
    assert_eq!((same.code, same.stderr.as_str()), (0, "nothing changed\n"));
}

#[test]
fn many_at_once_are_one_commit_and_a_mass_wants_its_number() {
    let env = Env::repository("en");
    let lines: String = (0..25)
        .map(|at| format!("{{\"company\":\"C{at}\",\"contact_name\":\"x\",\"phone\":\"138001380{at:02}\",\"region\":\"x\",\"source\":\"hotline\"}}\n"))
        .collect();
    assert_eq!(env.run_with(&["lead", "add", "--stdin"], lines).code, 0);
    let all = ["lead", "disqualify", "--where", "status = new", "--reason", "unreachable"];
    assert!(env.refused(8, &all).contains("--expect 25"));
    env.done(&[&all[..], &["--expect", "25"]].concat());
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: disqualify 25 records status, disqualify_reason");
}
