//! The way back from a conversion, and clones that convert apart.

use super::*;

#[test]
fn undo_restores_every_file_byte_for_byte() {
    let env = fair();
    env.edit("leads/2026/LEAD-2026-001.toml", "company", "# seen at the fair\ncompany");
    env.done(&["commit"]);
    let known = r#"{"name":"Acme","source":"referral","region":"x","owner":"li","contacts":[{"name":"C. Clerk","email":"buyer@acme.example.com"}]}"#;
    for joins in [false, true] {
        if joins {
            assert_eq!(env.run_with(&["customer", "add", "--on-duplicate", "keep", "--stdin"], known).code, 0);
        }
        let before = files(&env);
        env.done(&["lead", "convert", "LEAD-2026-001"]);
        assert_ne!(files(&env), before);
        env.done(&["undo"]);
        assert_eq!(files(&env), before, "joins: {joins}");
        env.done(&["redo"]);
        env.done(&["undo"]);
        assert_eq!(files(&env), before, "joins: {joins}");
    }
}

#[test]
fn undo_works_after_a_push_and_with_later_follow_ups_of_the_lead() {
    let team = team::Team::with_a_lead();
    let convert = ["lead", "convert", "LEAD-2026-001", "amount=1000", "expected_on=2026-05-01"];
    let before = files(&team.env);
    team.done(0, &convert);
    team.synced(0);
    team.synced(1);
    let told = ["method=phone", "points=called", "no_next=x"];
    team.done(1, &[&["followup", "add", "LEAD-2026-001"][..], &told].concat());
    team.synced(1);
    team.synced(0);
    let name = team.git(0, &["log", "--grep", "^lead: convert", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    team.done(0, &["undo", name.trim()]);
    let mut after = files(&team.env);
    after.retain(|path, _| !path.starts_with("followups/"));
    assert_eq!(after, before);
    team.synced(0);
    team.synced(1);
    team.in_step();
    // What was built on it is in the way, and is named.
    team.done(1, &convert);
    team.done(1, &[&["followup", "add", "OPP-2026-002"][..], &told].concat());
    let name = team.git(1, &["log", "-1", "--grep", "^lead: convert", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    let refused = team.run(1, &["undo", name.trim()]);
    assert!(refused.code == 5 && refused.stderr.contains("refers to `OPP-2026-002`"), "{refused}");
}

#[test]
fn two_clones_that_convert_at_once_are_told_apart() {
    let team = team::Team::with_a_lead();
    team.lead(0, "Beta", "13800138002");
    team.synced(0);
    team.synced(1);
    for (clone, lead) in [(0, "LEAD-2026-001"), (1, "LEAD-2026-002")] {
        team.done(clone, &["lead", "convert", lead, "amount=1000", "expected_on=2026-05-01"]);
    }
    team.synced(0);
    team.synced(1);
    team.synced(0);
    team.in_step();
    let lead = team.read(0, "leads/2026/LEAD-2026-002.toml");
    assert!(lead.contains("converted_to = \"B2B-2026-002\""), "{lead}");
    let deal = team.read(0, "opportunities/2026/OPP-2026-002.toml");
    assert!(deal.contains("customer = \"B2B-2026-002\"") && deal.contains("lead = \"LEAD-2026-002\""), "{deal}");
}
