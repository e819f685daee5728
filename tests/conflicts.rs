//! `kehu conflicts` and `kehu resolve`: what two people changed differently, seen and settled.

#![cfg(unix)]

mod common;
#[path = "common/team.rs"]
mod team;

use common::parse;
use insta::assert_snapshot;
use serde_json::json;
use team::Team;

const FIRST: &str = "leads/2026/LEAD-2026-001.toml";

/// Two clones of which the first has shared a budget, a city and a note, and the second others.
fn team() -> Team {
    let team = Team::new(2);
    team.lead(0, "Alpha", "13800138001");
    team.done(0, &["lead", "set", "LEAD-2026-001", "budget_max=5万", "intent=interested"]);
    team.synced(0);
    team.synced(1);
    let set = |login: &str, clone: usize, words: &[&str]| {
        let output = team.run_as(login, clone, &[&["lead", "set", "LEAD-2026-001"], words].concat());
        assert_eq!(output.code, 0, "{output}");
    };
    set("li.ming", 0, &["budget_max=9万", "intent=requested_proposal", "custom.vat=13"]);
    set("wang.fang", 1, &["budget_max=8万", "intent=", "custom.vat=6", "needs=48V cells, 200 sets a month"]);
    team.synced(0);
    assert_eq!(team.run(1, &["sync"]).code, 5);
    team
}

#[test]
fn conflicts_are_listed_with_both_values_and_who_gave_them() {
    let team = team();
    assert_snapshot!(team.done(1, &["conflicts"]), @"
    Record        Field     Side   Value                       Who                   When
    ------------- --------- ------ --------------------------- --------------------- ----------------
    LEAD-2026-001 Budget to ours   80000.00                    wang.fang@example.com 2026-03-12 09:30
    LEAD-2026-001 Budget to theirs 90000.00                    li.ming@example.com   2026-03-12 09:30
    LEAD-2026-001 Budget to before 50000.00
    LEAD-2026-001 Intent    ours   nothing                     wang.fang@example.com 2026-03-12 09:30
    LEAD-2026-001 Intent    theirs Requested proposal or quote li.ming@example.com   2026-03-12 09:30
    LEAD-2026-001 Intent    before Interested
    LEAD-2026-001 vat       ours   6                           wang.fang@example.com 2026-03-12 09:30
    LEAD-2026-001 vat       theirs 13                          li.ming@example.com   2026-03-12 09:30
    ");
    assert_snapshot!(team.done(1, &["--lang", "zh", "conflicts", "LEAD-2026-001.预算上限"]), @"
    记录           字段      哪方           值        何人                   时间
    -------------  --------  -------------  --------  ---------------------  ----------------
    LEAD-2026-001  预算上限  我方 (ours)    80000.00  wang.fang@example.com  2026-03-12 09:30
    LEAD-2026-001  预算上限  对方 (theirs)  90000.00  li.ming@example.com    2026-03-12 09:30
    LEAD-2026-001  预算上限  原值           50000.00
    ");
    let json = parse(&team.done(1, &["conflicts", "--json"]));
    assert_eq!(json["schema"], "kehu.conflicts");
    let first = &json["conflicts"][0];
    assert_eq!(
        (&first["number"], &first["field"], &first["ours"], &first["ours_by"], &first["theirs"], &first["base"]),
        (
            &json!("LEAD-2026-001"),
            &json!("budget_max"),
            &json!("80000.00"),
            &json!("wang.fang@example.com"),
            &json!("90000.00"),
            &json!("50000.00")
        )
    );
    let checked = team.run(1, &["check"]);
    assert!(
        checked.stdout.contains("open-conflict") && checked.stdout.contains("kehu resolve LEAD-2026-001.budget_max"),
        "{checked}"
    );
    let blamed = team.done(1, &["blame", "LEAD-2026-001"]);
    assert!(!blamed.contains("Conflicts"), "{blamed}");
    assert_eq!(team.run(0, &["conflicts", "--json"]).stdout.matches("kehu.conflicts").count(), 1);
}

#[test]
fn a_side_is_taken_and_nothing_else_changes() {
    let team = team();
    assert_eq!(team.done(1, &["resolve", "LEAD-2026-001.budget_max", "--take", "ours"]), "LEAD-2026-001");
    assert_eq!(team.git(1, &["log", "-1", "--format=%s"]), "lead: resolve LEAD-2026-001 budget_max");
    assert_snapshot!(changed(&team, 1), @r#"
    -budget_max = "90000.00"
    +budget_max = "80000.00"
    -[[conflicts]]
    -field = "budget_max"
    -base = "50000.00"
    -ours = "80000.00"
    -ours_by = "wang.fang@example.com"
    -theirs = "90000.00"
    -theirs_by = "li.ming@example.com"
    -
    "#);
    team.done(1, &["resolve", "LEAD-2026-001.合作意向", "--take", "theirs"]);
    assert_snapshot!(changed(&team, 1), @r#"
    -[[conflicts]]
    -field = "intent"
    -base = "interested"
    -ours_by = "wang.fang@example.com"
    -theirs = "requested_proposal"
    -theirs_by = "li.ming@example.com"
    -
    "#);
    team.done(1, &["resolve", "LEAD-2026-001", "--take", "ours"]);
    let text = team.read(1, FIRST);
    assert!(text.contains("vat = \"6\"") && !text.contains("conflicts"), "{text}");
    assert_snapshot!(team.done(1, &["conflicts"]), @"
    Record  Field  Side  Value  Who  When
    ------  -----  ----  -----  ---  ----
    ");
    team.synced(1);
    team.synced(0);
    team.in_step();
}

/// The lines that the last commit of a clone took and gave.
fn changed(team: &Team, clone: usize) -> String {
    let diff = team.git(clone, &["show", "--no-textconv", "-U0", "--format="]);
    let is_change = |line: &&str| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---");
    let lines: Vec<&str> = diff.lines().filter(is_change).filter(|line| !line.contains("_at = ")).collect();
    lines.join("\n")
}

#[test]
fn another_value_is_read_as_set_reads_it() {
    let team = team();
    team.done(1, &["resolve", "LEAD-2026-001.budget_max", "--take", "8.5万"]);
    assert!(team.read(1, FIRST).contains("budget_max = \"85000.00\""));
    let said =
        team.env.finish(team.env.command(&["-C", "../b", "resolve", "LEAD-2026-001.intent", "--take", "perhaps"]));
    assert_eq!(said.code, 6, "{said}");
    assert!(said.stderr.contains("perhaps"), "{said}");
    team.done(1, &["resolve", "LEAD-2026-001.intent", "--take", ""]);
    team.done(1, &["resolve", "LEAD-2026-001.custom.vat", "--take", "9"]);
    let text = team.read(1, FIRST);
    assert!(text.contains("vat = \"9\"") && !text.contains("intent") && !text.contains("conflicts"), "{text}");
}

#[test]
fn mistakes_are_told_and_change_nothing() {
    let team = team();
    let head = team.head(1);
    for (args, code, said) in [
        (&["resolve", "LEAD-2026-001.city", "--take", "ours"][..], 4, "open are LEAD-2026-001.budget_max"),
        (&["resolve", "LEAD-2026-009", "--take", "ours"], 4, "`kehu conflicts` lists"),
        (&["resolve", "--take", "ours"], 2, "no conflict is named"),
        (&["resolve", "LEAD-2026-001"], 2, "--take"),
        (&["resolve", "--all", "LEAD-2026-001", "--take", "ours"], 2, "--all"),
        (&["resolve", "--all", "--take", "ours", "--expect", "3"], 8, "this would change 1 record"),
        (&["--as-of", "HEAD", "resolve", "--all", "--take", "ours"], 2, "the past cannot be changed"),
    ] {
        let output = team.run(1, args);
        assert_eq!(output.code, code, "{args:?}: {output}");
        assert!(output.stderr.contains(said), "{args:?}: {output}");
    }
    let output = team.run(1, &["resolve", "--all", "--take", "theirs", "--dry-run"]);
    assert!(output.code == 0 && output.stderr.contains("nothing was written"), "{output}");
    assert_eq!(team.head(1), head);
    team.done(1, &["resolve", "--all", "--take", "theirs", "--expect", "1"]);
    assert!(!team.read(1, FIRST).contains("conflicts"));
    team.edit(1, FIRST, "Alpha", "Beta");
    assert_eq!(team.run(1, &["resolve", "--all", "--take", "theirs"]).code, 0, "there are none, so nothing changes");
}

#[test]
fn a_record_that_one_side_removed_goes_or_stays() {
    for (take, stays) in [("ours", false), ("theirs", true)] {
        let team = Team::with_a_lead();
        team.done(0, &["lead", "set", "LEAD-2026-001", "remark=call"]);
        team.done(1, &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
        team.synced(0);
        assert_eq!(team.run(1, &["sync"]).code, 5);
        let shown = team.done(1, &["conflicts"]);
        assert!(shown.contains("the record itself"), "{shown}");
        assert_eq!(team.run(1, &["resolve", "LEAD-2026-001", "--take", "x"]).code, 2);
        team.done(1, &["resolve", "LEAD-2026-001", "--take", take]);
        assert_eq!(team.folder(1).join(FIRST).exists(), stays, "{take}");
        if stays {
            assert!(!team.read(1, FIRST).contains("conflicts"));
        }
        team.synced(1);
        team.synced(0);
        team.in_step();
    }
}

#[test]
fn what_goes_must_not_be_referred_to() {
    let team = Team::with_a_lead();
    team.done(0, &["lead", "set", "LEAD-2026-001", "remark=call"]);
    team.done(1, &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    team.synced(0);
    assert_eq!(team.run(1, &["sync"]).code, 5);
    team.done(1, &["followup", "add", "LEAD-2026-001", "method=phone", "points=called", "no_next=done"]);
    let output = team.run(1, &["resolve", "LEAD-2026-001", "--take", "ours"]);
    assert_eq!(output.code, 5, "{output}");
    assert!(output.stderr.contains("refers to `LEAD-2026-001`"), "{output}");
}

#[test]
fn settled_on_two_clones_alike_is_settled_and_otherwise_in_conflict_again() {
    for (other, code) in [("theirs", 0), ("7万", 5)] {
        let team = team();
        team.synced(0);
        team.done(0, &["resolve", "LEAD-2026-001.budget_max", "--take", "theirs"]);
        team.done(1, &["resolve", "LEAD-2026-001.budget_max", "--take", if code == 0 { other } else { "ours" }]);
        team.synced(0);
        let synced = team.run(1, &["sync"]);
        assert_eq!(synced.code, code, "{synced}");
        let open = team.done(1, &["conflicts", "-q"]);
        assert_eq!(
            open.contains("budget_max") || team.read(1, FIRST).contains("field = \"budget_max\""),
            code == 5,
            "{open}"
        );
    }
}

#[test]
fn after_two_rounds_ours_is_no_single_value() {
    let team = team();
    team.synced(0);
    team.done(0, &["lead", "set", "LEAD-2026-001", "budget_max=7万"]);
    team.done(1, &["lead", "set", "LEAD-2026-001", "budget_max=6万"]);
    team.synced(0);
    assert_eq!(team.run(1, &["sync"]).code, 5);
    let output = team.run(1, &["resolve", "LEAD-2026-001.budget_max", "--take", "ours"]);
    assert_eq!(output.code, 5, "{output}");
    assert!(output.stderr.contains("not one value"), "{output}");
    team.done(1, &["resolve", "LEAD-2026-001.budget_max", "--take", "theirs"]);
    let text = team.read(1, FIRST);
    assert!(text.contains("budget_max = \"70000.00\""), "{text}");
}

#[test]
fn each_value_is_its_makers_whoever_changed_the_record_since() {
    let team = Team::with_a_lead();
    let set = |login: &str, clone: usize, at: &str, words: &[&str]| {
        let now = format!("2026-03-12T{at}:00+08:00");
        let output = team.run_as(login, clone, &[&["--now", &now, "lead", "set", "LEAD-2026-001"], words].concat());
        assert_eq!(output.code, 0, "{output}");
    };
    team.synced(0);
    team.synced(1);
    set("li.ming", 0, "10:00", &["budget_max=9万"]);
    set("zhao.lei", 0, "11:00", &["region=Suzhou"]);
    set("chen.jie", 0, "12:00", &["remark=called twice"]);
    set("wang.fang", 1, "10:30", &["region=Wuxi"]);
    set("wang.fang", 1, "11:30", &["budget_max=8万"]);
    set("sun.li", 1, "12:30", &["intent=interested"]);
    let by_git = team.copy();
    team.synced(0);
    assert_eq!(team.run(1, &["sync"]).code, 5);
    let told = |team: &Team, clone: usize| {
        let json = parse(&team.done(clone, &["conflicts", "--json"]));
        let one = |conflict: &serde_json::Value| {
            let text = |key: &str| conflict[key].as_str().unwrap_or_default().to_string();
            let moment = |key: &str| text(key)[11..16].to_string();
            let who = |side: &str| text(&format!("{side}_by")).split('@').next().unwrap().to_string();
            let side = |side: &str| format!("{} {}", who(side), moment(&format!("{side}_at")));
            format!("{}: {} / {}", text("field"), side("ours"), side("theirs"))
        };
        json["conflicts"].as_array().unwrap().iter().map(one).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(told(&team, 1), @"
    region: wang.fang 10:30 / zhao.lei 11:00
    budget_max: wang.fang 11:30 / li.ming 10:00
    ");
    // The same by plain git, which asks kehu about one file at a time.
    by_git.git(0, &["push", "-q"]);
    by_git.git_with_kehu(1, &["pull", "-q", "--no-rebase", "--no-edit"]);
    assert_eq!(told(&by_git, 1), told(&team, 1));
}

#[test]
fn what_goes_together_is_settled_together() {
    let team = Team::with_a_lead();
    team.synced(0);
    team.synced(1);
    team.done(0, &["lead", "qualify", "LEAD-2026-001"]);
    team.done(1, &["lead", "disqualify", "LEAD-2026-001", "--reason", "other", "--note", "moved away"]);
    let disqualified = team.read(1, FIRST);
    let by_hand = team.copy();
    team.synced(0);
    assert_eq!(team.run(1, &["sync"]).code, 5);
    let torn = team.read(1, FIRST);
    assert!(
        !torn.split("[[conflicts]]").next().unwrap().contains("disqualify"),
        "no reason without its status: {torn}"
    );
    team.done(1, &["resolve", "LEAD-2026-001.status", "--take", "ours"]);
    assert_eq!(team.read(1, FIRST), disqualified);
    by_hand.synced(0);
    assert_eq!(by_hand.run(1, &["sync"]).code, 5);
    by_hand.done(1, &["resolve", "LEAD-2026-001.status", "--take", "theirs"]);
    assert_eq!(by_hand.read(1, FIRST), by_hand.read(0, FIRST));
}
