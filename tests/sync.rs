//! `kehu sync` between clones and a bare remote: what both sides did is in both afterwards.

#![cfg(unix)]

mod common;
#[path = "common/team.rs"]
mod team;

use common::Env;
use team::Team;

const FIRST: &str = "leads/2026/LEAD-2026-001.toml";

#[test]
fn the_first_push_sets_the_upstream() {
    let env = Env::repository("en");
    env.git_done(&["init", "-q", "--bare", "../remote.git"]);
    env.git_done(&["remote", "add", "origin", "../remote.git"]);
    let output = env.run(&["sync"]);
    assert_eq!(output.code, 0, "{output}");
    assert!(output.stderr.contains("`origin/main`: 0 commits came, 1 commit went"), "{output}");
    assert_eq!(env.git_done(&["rev-parse", "@{upstream}"]), env.git_done(&["rev-parse", "HEAD"]));
    let output = env.run(&["sync"]);
    assert!(output.stderr.contains("already in step with `origin/main`") && output.stdout.is_empty(), "{output}");
}

#[test]
fn the_remote_is_the_upstream_else_origin_else_the_only_one() {
    let env = Env::repository("en");
    let said = env.refused(2, &["sync"]);
    assert!(said.contains("no remote") && said.contains("git remote add origin"), "{said}");
    for name in ["one", "two"] {
        env.git_done(&["init", "-q", "--bare", &format!("../{name}.git")]);
        env.git_done(&["remote", "add", name, &format!("../{name}.git")]);
    }
    let said = env.refused(2, &["sync"]);
    assert!(said.contains("--remote") && said.contains("one, two"), "{said}");
    assert!(env.refused(2, &["sync", "--remote", "three"]).contains("the remotes are one, two"));
    env.done(&["sync", "--remote", "two"]);
    assert_eq!(env.git_done(&["config", "branch.main.remote"]), "two");
    env.lead("A", "13800138001");
    env.done(&["sync"]);
    env.done(&["sync", "--remote", "one"]);
    assert_eq!(env.git_done(&["config", "branch.main.remote"]), "two", "the upstream stays");
    for remote in ["one", "two"] {
        let there = env.git_done(&["ls-remote", remote, "refs/heads/main"]);
        assert!(there.starts_with(&env.git_done(&["rev-parse", "HEAD"])), "{remote}: {there}");
    }
}

#[test]
fn an_upstream_of_another_name_is_kept_in_step_with() {
    let team = Team::with_a_lead();
    team.git(1, &["switch", "-qc", "mine"]);
    team.git(1, &["branch", "-q", "--set-upstream-to=origin/main"]);
    team.done(1, &["lead", "set", "LEAD-2026-001", "remark=x"]);
    team.synced(1);
    team.synced(0);
    assert_eq!(team.head(0), team.head(1));
    assert_eq!(team.env.git_done(&["ls-remote", "--heads", "origin"]).lines().count(), 1, "no new branch there");
}

#[test]
fn different_fields_of_a_record_are_both_kept() {
    let team = Team::with_a_lead();
    team.done(0, &["lead", "set", "LEAD-2026-001", "remark=from A", "tags=expo"]);
    team.done(1, &["lead", "set", "LEAD-2026-001", "intent=interested", "tags=vip"]);
    team.synced(0);
    let said = team.synced(1);
    assert!(said.contains("merged") && said.contains("ours Intent, Tags; theirs Tags, Remark"), "{said}");
    team.synced(0);
    team.in_step();
    let text = team.read(0, FIRST);
    for part in ["from A", "interested", "expo", "vip"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let parents = team.git(0, &["show", "-s", "--format=%P%n%s", "HEAD"]);
    let (parents, subject) = parents.split_once('\n').unwrap();
    assert_eq!((parents.split(' ').count(), subject), (2, "sync: merge origin/main"));
}

#[test]
fn a_conflict_is_recorded_pushed_and_told() {
    let team = Team::with_a_lead();
    team.done(0, &["user", "add", "li.ming", "name=Li Ming", "email=li.ming@example.com", "role=sales"]);
    team.synced(0);
    team.synced(1);
    assert_eq!(team.run_as("li.ming", 0, &["lead", "set", "LEAD-2026-001", "budget_max=100"]).code, 0);
    assert_eq!(team.run_as("guest", 1, &["lead", "set", "LEAD-2026-001", "budget_max=200"]).code, 0);
    team.synced(0);
    let output = team.run(1, &["sync", "--json"]);
    assert_eq!(output.code, 5, "{output}");
    let json = output.json();
    assert_eq!(json["pushed"], true);
    let conflict = &json["merged"][0]["conflicts"][0];
    assert_eq!((conflict["ours"].as_str(), conflict["theirs"].as_str()), (Some("200"), Some("100")), "{conflict}");
    team.synced(0);
    let text = team.read(0, FIRST);
    for part in ["budget_max = \"100.00\"", "li.ming", "guest@example.com", "200.00"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(team.head(0), team.head(1));
}

#[test]
fn numbers_that_both_gave_are_given_anew_here_and_references_follow() {
    let team = Team::with_a_lead();
    team.lead(0, "Theirs", "13800138002");
    team.synced(0);
    assert_eq!(team.lead(1, "Ours", "13800138003"), "LEAD-2026-002");
    assert_eq!(team.lead(1, "Ours too", "13800138004"), "LEAD-2026-003");
    let added = ["customer", "add", "name=Ours", "region=x", "source=hotline", "owner=a", "category=B2B"];
    let customer = team.done(1, &added);
    team.done(1, &["followup", "add", "LEAD-2026-002", "method=phone", "points=called", "no_next=done"]);
    team.done(1, &["lead", "set", "LEAD-2026-001", "status=converted", &format!("converted_to={customer}")]);
    team.done(0, &[&added[..2], &["name=Theirs"], &added[3..]].concat());
    team.synced(0);
    let output = team.run(1, &["sync"]);
    assert_eq!(output.code, 0, "{output}");
    let told: Vec<String> =
        output.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in ["renumbered LEAD-2026-004 was LEAD-2026-002", "renumbered B2B-2026-002 was B2B-2026-001"] {
        assert!(told.iter().any(|told| told == line), "{line}\n{output}");
    }
    let message = team.git(1, &["show", "-s", "--format=%B", "HEAD"]);
    assert!(message.starts_with("sync: merge origin/main, renumber 2"), "{message}");
    assert!(message.contains("Kehu-Renumber: lead LEAD-2026-002 LEAD-2026-004"), "{message}");
    team.synced(0);
    team.in_step();
    assert!(team.read(0, "leads/2026/LEAD-2026-004.toml").contains("Ours"));
    assert!(team.read(0, "leads/2026/LEAD-2026-002.toml").contains("Theirs"));
    assert!(team.read(0, FIRST).contains("converted_to = \"B2B-2026-002\""));
    let followup = team.git(0, &["grep", "-h", "subject", "--", "followups"]);
    assert_eq!(followup, "subject = \"LEAD-2026-004\"");
    assert_eq!(team.lead(1, "Next", "13800138009"), "LEAD-2026-005", "given after both sides' numbers");
}

#[test]
fn attachments_move_with_their_record() {
    let team = Team::with_a_lead();
    let added = ["customer", "add", "region=x", "source=hotline", "owner=a", "category=B2B"];
    let path = "attachments/B2B-2026-001/offer.pdf";
    for (clone, name) in [(0, "name=Theirs"), (1, "name=Ours")] {
        team.done(clone, &[&added[..], &[name]].concat());
        let file = "customers/2026/B2B-2026-001.toml";
        let row =
            format!("\n[[attachments]]\npath = \"{path}\"\nkind = \"contract\"\nsha256 = \"{}\"\n", "0".repeat(64));
        team.write(clone, file, team.read(clone, file) + &row);
        team.write(clone, path, name);
        team.plain_commit(clone);
    }
    team.synced(0);
    team.synced(1);
    team.synced(0);
    assert_eq!(team.head(0), team.head(1));
    assert_eq!(team.read(0, path), "name=Theirs");
    assert_eq!(team.read(0, "attachments/B2B-2026-002/offer.pdf"), "name=Ours");
    let ours = team.read(0, "customers/2026/B2B-2026-002.toml");
    assert!(ours.contains("name = \"Ours\"") && ours.contains("attachments/B2B-2026-002/offer.pdf"), "{ours}");
}

#[test]
fn the_number_of_a_removed_record_is_not_given_to_another() {
    let team = Team::with_a_lead();
    team.lead(0, "Gone", "13800138002");
    team.synced(0);
    team.done(0, &["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]);
    team.synced(0);
    assert_eq!(team.lead(1, "Ours", "13800138003"), "LEAD-2026-002");
    let said = team.synced(1);
    assert!(said.contains("LEAD-2026-003") && said.contains("was LEAD-2026-002"), "{said}");
}

#[test]
fn the_same_file_imported_twice_is_one() {
    let team = Team::with_a_lead();
    let table = "company,contact_name,phone,region,source,status,acquired_on\n\
                 Firm,Buyer,13800138005,Hangzhou,hotline,new,2026-03-01\n";
    team.write(0, "../leads.csv", table);
    for clone in [0, 1] {
        let done = team.run(clone, &["lead", "import", &team.folder(0).with_file_name("leads.csv").to_string_lossy()]);
        assert_eq!(done.code, 0, "{done}");
    }
    team.synced(0);
    assert!(!team.synced(1).contains("renumbered"));
    assert_eq!(team.done(1, &["lead", "list", "--count"]), "2");
}

#[test]
fn a_hand_edit_stays_unless_the_merge_would_change_it() {
    let team = Team::with_a_lead();
    team.lead(0, "Beta", "13800138002");
    team.synced(0);
    team.edit(1, FIRST, "Hangzhou", "Suzhou");
    let output = team.run(1, &["sync"]);
    assert!(output.code == 0 && output.stderr.contains("hand edits did not go: 1 file;"), "{output}");
    assert!(team.read(1, FIRST).contains("Suzhou"));
    assert_eq!(team.git(1, &["status", "--porcelain"]), format!(" M {FIRST}"), "and it is not committed");
    team.done(0, &["lead", "set", "LEAD-2026-001", "remark=x"]);
    team.done(1, &["lead", "set", "LEAD-2026-002", "remark=y"]);
    team.synced(0);
    let before = (team.head(1), team.read(1, FIRST));
    let output = team.run(1, &["sync"]);
    assert_eq!((output.code, output.stdout.as_str()), (5, ""), "{output}");
    assert!(output.stderr.contains("hand edits") && output.stderr.contains("nothing was merged"), "{output}");
    assert_eq!((team.head(1), team.read(1, FIRST)), before);
    team.done(1, &["commit"]);
    team.synced(1);
    team.synced(0);
    team.in_step();
    let text = team.read(0, FIRST);
    assert!(text.contains("Suzhou") && text.contains("remark"), "{text}");
}

#[test]
fn a_reference_to_what_the_other_side_removed_is_told() {
    let team = Team::with_a_lead();
    team.lead(0, "Beta", "13800138002");
    team.synced(0);
    team.synced(1);
    team.done(0, &["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]);
    let number = team.done(1, &["followup", "add", "LEAD-2026-002", "method=phone", "points=called", "no_next=done"]);
    team.synced(0);
    let output = team.run(1, &["sync", "--json"]);
    assert_eq!(output.code, 5, "{output}");
    let json = output.json();
    let lost = &json["lost_references"][0];
    assert_eq!((lost["number"].as_str(), lost["target"].as_str()), (Some(&*number), Some("LEAD-2026-002")), "{lost}");
    assert_eq!((&json["pushed"], lost["field"].as_str()), (&true.into(), Some("subject")));
}

#[test]
fn a_record_that_one_side_removed_and_the_other_changed_stays() {
    let team = Team::with_a_lead();
    team.done(0, &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    team.done(1, &["lead", "set", "LEAD-2026-001", "remark=still here"]);
    team.synced(0);
    let output = team.run(1, &["sync"]);
    assert_eq!(output.code, 5, "{output}");
    team.synced(0);
    assert!(team.read(0, FIRST).contains("still here"));
    assert_eq!(team.head(0), team.head(1));
}

#[test]
fn what_is_no_text_lies_beside() {
    let team = Team::with_a_lead();
    let path = "attachments/LEAD-2026-001/plan.bin";
    team.write(0, path, [0xff, 1]);
    team.write(1, path, [0xff, 2]);
    team.plain_commit(0);
    team.plain_commit(1);
    team.synced(0);
    let output = team.run(1, &["sync"]);
    assert_eq!(output.code, 5, "{output}");
    team.synced(0);
    let files = team.git(0, &["ls-files", "attachments"]);
    let beside = files.lines().find(|file| *file != path).unwrap();
    assert!(output.stdout.contains(beside), "{output}");
    let bytes = |path: &str| std::fs::read(team.folder(0).join(path)).unwrap();
    assert_eq!((bytes(path), bytes(beside)), (vec![0xff, 1], vec![0xff, 2]));
}

#[test]
fn a_dry_run_tells_and_changes_nothing() {
    let team = Team::with_a_lead();
    team.lead(0, "Theirs", "13800138002");
    team.lead(1, "Ours", "13800138003");
    team.synced(0);
    let before = team.head(1);
    let output = team.run(1, &["sync", "--dry-run"]);
    assert_eq!(output.code, 0, "{output}");
    assert!(output.stdout.contains("was LEAD-2026-002"), "{output}");
    assert!(output.stderr.contains("1 commit would come, 1 commit would go"), "{output}");
    assert_eq!((team.head(1), team.git(1, &["status", "--porcelain"])), (before, String::new()));
    let done = team.synced(1);
    assert_eq!(done, output.stdout.trim_end(), "what was told is what happens");
}

#[test]
fn links_and_programs_are_left_to_plain_git() {
    let team = Team::with_a_lead();
    std::os::unix::fs::symlink("kehu.toml", team.folder(0).join("link")).unwrap();
    team.plain_commit(0);
    team.git(0, &["push", "-q", "origin", "HEAD:main"]);
    let before = team.head(1);
    let output = team.run(1, &["sync"]);
    assert_eq!(output.code, 5, "{output}");
    assert!(output.stderr.contains("git merge origin/main") && output.stderr.contains("`link`"), "{output}");
    assert_eq!(team.head(1), before);
    team.git(1, &["merge", "-q", "origin/main"]);
    team.lead(1, "Beta", "13800138002");
    team.synced(1);
    team.synced(0);
    team.in_step();
}

#[test]
fn nothing_is_done_where_nothing_can_be() {
    let team = Team::with_a_lead();
    let other = Env::repository("zh");
    other.git_done(&["remote", "add", "origin", &team.remote().to_string_lossy()]);
    assert!(other.refused(5, &["sync"]).contains("没有共同的提交"));
    team.git(1, &["checkout", "-q", "--detach"]);
    assert!(team.run(1, &["sync"]).stderr.contains("git switch"));
    team.git(1, &["switch", "-q", "main"]);
    team.edit(0, FIRST, "Hangzhou", "a");
    team.plain_commit(0);
    team.git(0, &["push", "-q"]);
    team.edit(1, FIRST, "Hangzhou", "b");
    team.plain_commit(1);
    team.env.git(&["-C", "../b", "-c", "merge.default=text", "pull", "-q", "--no-rebase"]);
    let output = team.run(1, &["sync"]);
    assert!(output.code == 5 && output.stderr.contains("git merge is under way"), "{output}");
}

#[test]
fn configuration_that_could_not_be_read_is_not_merged() {
    let team = Team::with_a_lead();
    let dictionary = "config/dictionary.toml";
    // Each is fine by itself; together one word means two things.
    for (clone, key) in [(0, "theirs"), (1, "ours")] {
        let entry = format!("  {{ key = \"{key}\", zh = \"特殊\", en = \"Special\" }},\n  {{ key = \"fake\"");
        team.edit(clone, dictionary, "  { key = \"fake\"", &entry);
        team.done(clone, &["commit"]);
    }
    team.synced(0);
    let before = team.head(1);
    let output = team.run(1, &["sync"]);
    assert_eq!((output.code, output.stdout.as_str()), (6, ""), "{output}");
    assert!(
        output.stderr.contains("config/dictionary.toml:") && output.stderr.contains("nothing was merged"),
        "{output}"
    );
    assert_eq!((team.head(1), team.git(1, &["status", "--porcelain"])), (before, String::new()));
    team.edit(1, dictionary, "zh = \"特殊\", en = \"Special\"", "zh = \"另类\", en = \"Other kind\"");
    team.done(1, &["commit"]);
    team.synced(1);
    team.synced(0);
    team.in_step();
}

#[test]
fn a_newer_format_stops_it_before_anything_happens() {
    let team = Team::with_a_lead();
    team.edit(0, "kehu.toml", "format = 1", "format = 2");
    team.plain_commit(0);
    team.git(0, &["push", "-q"]);
    team.lead(1, "Beta", "13800138002");
    let before = team.head(1);
    let output = team.run(1, &["sync"]);
    assert_eq!(output.code, 11, "{output}");
    assert_eq!((team.head(1), team.git(1, &["status", "--porcelain"])), (before, String::new()));
}

#[test]
fn what_two_sides_made_of_a_deal_together_is_said() {
    const DEAL: &str = "OPP-2026-001";
    let team = Team::new(2);
    team.done(0, &["customer", "add", "name=Acme", "region=Hangzhou", "source=hotline", "type=intent", "owner=li"]);
    let deal = ["name=Desks", "customer=Acme", "owner=li", "amount=120000", "expected_on=2026-05-01"];
    team.done(0, &[&["opportunity", "add"][..], &deal].concat());
    let contract =
        ["name=Desks", "customer=Acme", "amount=118000", "status=signed", "signed_on=2026-03-11", "owner=li"];
    team.done(0, &[&["contract", "add", "opportunity=OPP-2026-001"][..], &contract].concat());
    for (name, kind) in [("quote", "quote"), ("draft", "contract_draft")] {
        team.env.write(&format!("../{name}.pdf"), name);
        team.done(0, &["attach", DEAL, &format!("../{name}.pdf"), "--kind", kind]);
        team.done(0, &["opportunity", "advance", DEAL]);
    }
    team.synced(0);
    team.synced(1);
    let terms = ["products=DESK-01", "service_period=2026", "payment_terms=30 days", "customer_confirmed=yes"];
    let more = ["actual_amount=118000", "contract_number=HT-1"];
    team.done(0, &[&["opportunity", "win", DEAL][..], &terms, &more].concat());
    team.done(1, &["contract", "rm", "CON-2026-001", "--confirm", "CON-2026-001"]);
    team.synced(0);
    let said = team.run(1, &["sync"]);
    assert_eq!(said.code, 3, "{said}");
    assert!(said.stderr.contains("warning: `OPP-2026-001` lacks what the stage Won wants: "), "{said}");
    assert!(said.stderr.contains("`kehu contract sign`"), "what mends it: {said}");
    let said = team.run(0, &["sync"]);
    assert!(said.code == 3 && said.stderr.contains("lacks what the stage Won wants"), "{said}");
    assert_eq!(team.run(0, &["sync"]).code, 0, "told once, by what came");
}

#[test]
fn what_two_sides_made_twice_is_said_and_no_receipt_is_lost() {
    let team = Team::new(2);
    team.done(0, &["customer", "add", "name=Acme", "source=hotline", "region=Hangzhou"]);
    let contract = ["name=Desks", "customer=B2B-2026-001", "amount=1000", "owner=li", "status=signed"];
    team.done(0, &[&["contract", "add", "signed_on=2026-03-10"][..], &contract].concat());
    team.synced(0);
    team.synced(1);
    for (clone, now) in [(0, "2026-03-12T10:00:00+08:00"), (1, "2026-03-12T12:00:00+08:00")] {
        team.done(clone, &["--now", now, "contract", "receive", "CON-2026-001", "100"]);
        let (name, number) = (format!("remark=from clone {clone}"), "external_number=T1");
        team.done(
            clone,
            &["order", "add", number, "customer=B2B-2026-001", "ordered_on=2026-03-02", "amount=7", &name],
        );
    }
    team.synced(1);
    let said = team.run(0, &["sync"]);
    assert_eq!(said.code, 0, "{said}");
    let twice = said.stderr.lines().filter(|line| line.contains("has the same name or content as `ORD-2026-"));
    assert_eq!(twice.count(), 1, "each pair once: {said}");
    let receipts = team.read(0, "contracts/2026/CON-2026-001.toml");
    assert_eq!(receipts.matches("[[receipts]]").count(), 2, "{receipts}");
    let checked = team.run(0, &["check"]).stdout;
    assert!(checked.contains("100.00 of 2026-03-12 seems to be noted twice"), "{checked}");
    assert_eq!(checked.matches("has the same outside number or content as").count(), 2, "{checked}");
}
