//! Claims from the pool in pushed commits: the limits hold whatever made the commit.

use super::{POOL, Team};

/// Runs kehu or git as somebody on a day of March 2026.
fn on(team: &Team, day: u32, login: &str, program: &str, args: &[&str]) -> crate::common::Output {
    let program = if program == "kehu" {
        assert_cmd::cargo::cargo_bin!("kehu").into()
    } else {
        std::path::PathBuf::from(program)
    };
    let mut command = team.command(program, login, args);
    let now = format!("2026-03-{day:02}T10:00:00+08:00");
    for part in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{part}_DATE"), &now);
    }
    command.env("KEHU_NOW", &now);
    team.env.finish(command)
}

#[track_caller]
fn done(team: &Team, day: u32, login: &str, program: &str, args: &[&str]) -> String {
    let output = on(team, day, login, program, args);
    assert_eq!(output.code, 0, "{login}: {program} {args:?}\n{output}");
    output.stdout.trim_end().to_string()
}

/// Takes a record of the pool by hand: the owner is written into the file.
fn take(team: &Team, day: u32, login: &str, path: &str) {
    team.edit(login, path, "status =", &format!("owner = \"{login}\"\nstatus ="));
    done(team, day, login, "git", &["commit", "-qam", "by hand"]);
}

/// Pushes on a day, which must be refused; returns what reaches the terminal.
#[track_caller]
fn refused(team: &Team, day: u32, login: &str) -> String {
    let before = team.served();
    let output = on(team, day, login, "git", &["push", "-q", "origin", "HEAD"]);
    assert_eq!((output.code, team.served()), (1, before), "{output}");
    output.stderr
}

#[test]
fn whoever_had_it_last_waits() {
    let team = Team::new();
    done(&team, 12, "li", "kehu", &["pool", "claim", "LEAD-2026-002"]);
    done(&team, 13, "li", "kehu", &["pool", "release", "LEAD-2026-002", "--reason", "x"]);
    done(&team, 13, "li", "git", &["push", "-q", "origin", "HEAD"]);
    take(&team, 15, "li", POOL);
    let said = refused(&team, 15, "li");
    assert!(
        said.contains(&format!("{POOL}:1:9: `LEAD-2026-002` is not yours to claim yet: you had it last")),
        "{said}"
    );
    assert!(said.contains("from 2026-03-20 on (`previous_owner_waits_days = 7`)"), "{said}");
    // A date to come makes it no later; and it is another's to take.
    for (dated, why) in [(16, "previous_owner_waits_days"), (25, "it is of 2026-03-25, and today is 2026-03-15")] {
        team.reset("li");
        take(&team, dated, "li", POOL);
        let said = refused(&team, 15, "li");
        assert!(said.contains(why), "{said}");
    }
    done(&team, 15, "other", "git", &["pull", "-q"]);
    take(&team, 15, "other", POOL);
    done(&team, 15, "other", "git", &["push", "-q", "origin", "HEAD"]);
}

#[test]
fn the_wait_is_over_one_day_and_managers_assign() {
    let team = Team::new();
    done(&team, 12, "li", "kehu", &["pool", "claim", "LEAD-2026-002"]);
    done(&team, 13, "li", "kehu", &["pool", "release", "LEAD-2026-002", "--reason", "x"]);
    take(&team, 20, "li", POOL);
    done(&team, 20, "li", "git", &["push", "-q", "origin", "HEAD"]);
    done(&team, 20, "li", "kehu", &["pool", "release", "LEAD-2026-002", "--reason", "x"]);
    done(&team, 20, "li", "git", &["push", "-q", "origin", "HEAD"]);
    done(&team, 21, "boss", "git", &["pull", "-q"]);
    done(&team, 21, "boss", "kehu", &["lead", "assign", "LEAD-2026-002", "--to", "li"]);
    done(&team, 21, "boss", "git", &["push", "-q", "origin", "HEAD"]);
}

#[test]
fn a_day_has_so_many_claims() {
    let team = Team::new();
    team.edit("admin", "config/assignment.toml", "claims_per_day = 10", "claims_per_day = 2");
    done(&team, 12, "admin", "kehu", &["commit"]);
    for at in 4..=7 {
        let [company, phone] = [format!("company=Pool {at}"), format!("phone=1380013810{at}")];
        let fields = [&company, &phone, "contact_name=x", "region=x", "source=hotline"];
        done(&team, 12, "admin", "kehu", &[&["lead", "add"], &fields[..]].concat());
    }
    team.pushed("admin");
    let path = |at: usize| format!("leads/2026/LEAD-2026-{at:03}.toml");
    done(&team, 13, "li", "git", &["pull", "-q"]);
    // One is on a branch of the server already, one in an earlier commit of the push.
    done(&team, 13, "li", "git", &["checkout", "-q", "-b", "side"]);
    done(&team, 13, "li", "kehu", &["pool", "claim", "LEAD-2026-004"]);
    done(&team, 13, "li", "git", &["push", "-q", "origin", "side"]);
    done(&team, 13, "li", "git", &["checkout", "-q", "main"]);
    take(&team, 13, "li", &path(5));
    take(&team, 13, "li", &path(6));
    let said = refused(&team, 13, "li");
    assert!(
        said.contains("LEAD-2026-006")
            && said.contains("you claimed 2 today, these are 1, and a day has 2 (`claims_per_day = 2`)"),
        "{said}"
    );
    done(&team, 13, "li", "git", &["reset", "-q", "--hard", "HEAD~1"]);
    done(&team, 13, "li", "git", &["push", "-q", "origin", "HEAD"]);
    // What is dated tomorrow is of today as long as that is to come.
    done(&team, 14, "li", "git", &["checkout", "-q", "-b", "ahead"]);
    take(&team, 14, "li", &path(7));
    assert!(refused(&team, 13, "li").contains("you claimed 2 today"));
    done(&team, 14, "li", "git", &["checkout", "-q", "main"]);
    // The same record on two branches is one claim; another day has its own.
    done(&team, 13, "li", "git", &["merge", "-q", "side"]);
    done(&team, 13, "li", "git", &["push", "-q", "origin", "HEAD"]);
    take(&team, 14, "li", &path(6));
    take(&team, 14, "li", &path(7));
    done(&team, 14, "li", "git", &["push", "-q", "origin", "HEAD"]);
}

#[test]
fn a_slip_is_taken_back() {
    let team = Team::new();
    done(&team, 12, "li", "kehu", &["pool", "release", "LEAD-2026-001", "--reason", "wrong number"]);
    done(&team, 12, "li", "kehu", &["undo"]);
    done(&team, 12, "li", "kehu", &["pool", "claim", "LEAD-2026-002"]);
    done(&team, 12, "li", "kehu", &["undo"]);
    done(&team, 12, "li", "kehu", &["redo"]);
    done(&team, 12, "li", "git", &["push", "-q", "origin", "HEAD"]);
    // But not what another took, nor by a trailer that names something else.
    done(&team, 13, "boss", "git", &["pull", "-q"]);
    done(&team, 13, "boss", "kehu", &["pool", "release", "LEAD-2026-001", "--reason", "x"]);
    done(&team, 13, "boss", "git", &["push", "-q", "origin", "HEAD"]);
    done(&team, 13, "li", "git", &["pull", "-q"]);
    let theirs = team.git_done("li", &["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    let own = team.git_done("li", &["log", "--author=li@", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    for name in [&theirs, &own] {
        team.edit("li", super::LI, "status =", "owner = \"li\"\nstatus =");
        done(&team, 14, "li", "git", &["commit", "-qam", "undo", "-m", &format!("Kehu-Undo: {name}")]);
        assert!(refused(&team, 14, "li").contains("previous_owner_waits_days"), "{name}");
        team.reset("li");
    }
}
