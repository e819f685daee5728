//! `[sync] auto = true`: a number is printed once the remote has it, or the command fails.

#![cfg(unix)]

mod common;
#[path = "common/team.rs"]
mod team;

use team::Team;

const ADD: [&str; 7] =
    ["lead", "add", "company=Alpha", "contact_name=x", "phone=13800138001", "region=x", "source=hotline"];

/// Two clones that sync by themselves.
fn team() -> Team {
    let team = Team::new(2);
    team.write(0, "kehu.toml", team.read(0, "kehu.toml") + "\n[sync]\nauto = true\n");
    team.done(0, &["commit"]);
    team.synced(0);
    team.synced(1);
    team
}

#[test]
fn a_printed_number_is_final() {
    let team = team();
    assert_eq!(team.lead(0, "Alpha", "13800138001"), "LEAD-2026-001");
    assert_eq!(team.lead(1, "Beta", "13800138002"), "LEAD-2026-002", "it syncs before it gives a number");
    team.synced(0);
    team.in_step();
}

#[test]
fn a_number_that_another_got_first_is_printed_as_it_is_in_the_end() {
    let team = team();
    let program = assert_cmd::cargo::cargo_bin!("kehu");
    // Between the two syncs of one command the other clone is faster.
    let add = "lead add company=Beta contact_name=x phone=13800138002 region=x source=hotline";
    let script =
        format!("test -e ../raced && exit 0; touch ../raced; '{}' -C ../b {add} >/dev/null", program.display());
    team.hook(Some(0), "pre-push", &script);
    let output = team.run(0, &ADD);
    assert_eq!((output.code, output.stdout.as_str()), (0, "LEAD-2026-002\n"), "{output}");
    assert!(output.stderr.contains("`LEAD-2026-001` is `LEAD-2026-002` now"), "{output}");
    team.synced(1);
    team.in_step();
}

#[test]
fn the_numbers_of_a_conversion_are_printed_as_they_are_in_the_end() {
    let team = team();
    team.lead(0, "Alpha", "13800138001");
    team.lead(1, "Beta", "13800138002");
    let program = assert_cmd::cargo::cargo_bin!("kehu");
    let other = "lead convert LEAD-2026-002 amount=1 expected_on=2026-05-01";
    let script =
        format!("test -e ../raced && exit 0; touch ../raced; '{}' -C ../b {other} >/dev/null", program.display());
    team.hook(Some(0), "pre-push", &script);
    let output = team.run(0, &["lead", "convert", "LEAD-2026-001", "amount=1", "expected_on=2026-05-01"]);
    assert_eq!((output.code, output.stdout.as_str()), (0, "B2B-2026-002\nOPP-2026-002\nLEAD-2026-001\n"), "{output}");
    let deal = team.read(0, "opportunities/2026/OPP-2026-002.toml");
    assert!(deal.contains("customer = \"B2B-2026-002\"") && deal.contains("lead = \"LEAD-2026-001\""), "{deal}");
    team.synced(1);
    team.in_step();
}

#[test]
fn without_the_remote_nothing_is_made() {
    let team = team();
    std::fs::rename(team.remote(), team.remote().with_file_name("away.git")).unwrap();
    let before = team.env.state();
    let output = team.run(0, &ADD);
    assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{output}");
    assert!(output.stderr.contains("nothing was made"), "{output}");
    assert_eq!(team.env.state(), before);
    let output = team.run(0, &[&ADD[..], &["--dry-run"]].concat());
    assert_eq!(output.code, 0, "a dry run goes nowhere: {output}");
    let said = team.done(0, &["user", "add", "li.ming", "name=Li Ming", "email=l@example.com", "role=sales"]);
    assert_eq!(said, "li.ming", "who names a record himself needs no remote");
}

#[test]
fn what_the_remote_refuses_stays_here_and_is_told() {
    let team = team();
    team.hook(None, "pre-receive", "echo 'no' >&2; exit 1");
    let output = team.run(0, &ADD);
    assert_eq!((output.code, output.stdout.as_str()), (3, ""), "{output}");
    assert!(output.stderr.contains("`LEAD-2026-001`: made here, not pushed"), "{output}");
    assert_eq!(team.done(0, &["lead", "list", "--count"]), "1");
    team.hook(None, "pre-receive", "exit 0");
    let table = "company,contact_name,phone,region,source,status,acquired_on\n\
                 Firm,Buyer,13800138005,Hangzhou,hotline,new,2026-03-01\n";
    team.write(0, "../leads.csv", table);
    let file = team.folder(0).with_file_name("leads.csv");
    team.done(0, &["lead", "import", &file.to_string_lossy()]);
    team.synced(1);
    team.in_step();
    assert_eq!(team.done(1, &["lead", "list", "--count"]), "2");
}
