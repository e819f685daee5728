//! Every command there is: what it writes is refused to who may not, what it shows leaves out what is others'.

use crate::does::{Does, does};
use crate::team::{FOREIGN, Team};
use kehu::cli::grammar;
use kehu::record::{KINDS, Lang};

/// Returns the words of every command that is no group of others.
fn leaves() -> Vec<Vec<String>> {
    let mut root = grammar::command(Lang::En);
    root.build();
    let mut found = Vec::new();
    let mut waiting: Vec<(Vec<String>, clap::Command)> = vec![(Vec::new(), root)];
    while let Some((path, command)) = waiting.pop() {
        let below: Vec<_> = command.get_subcommands().cloned().collect();
        if below.is_empty() {
            found.push(path.clone());
        }
        waiting.extend(below.into_iter().map(|one| ([&path[..], &[one.get_name().to_string()]].concat(), one)));
    }
    found
}

#[test]
fn every_command_that_writes_is_refused_to_who_may_not() {
    let team = Team::new();
    let mut refused = 0;
    for path in leaves() {
        let does = does(&path, &team).unwrap_or_else(|| {
            panic!("say in this test whether `kehu {}` writes or shows records, and whose", path.join(" "))
        });
        let Does::Writes(login, args) = does else { continue };
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        if path[0] == "commit" {
            team.0.edit("leads/2026/LEAD-2026-004.toml", "Hangzhou", "Shanghai");
        }
        let before = team.0.state();
        for dry_run in [&[][..], &["--dry-run"]] {
            let mut command = team.command(login, &[&args[..], dry_run].concat());
            command.env("KEHU_EDITOR", "sed -i '1s/^/# seen\\n/'");
            let output = team.0.finish(command);
            assert_eq!(output.code, 7, "{login} {args:?} {dry_run:?}\n{output}");
            assert!(output.stderr.contains("could do it") || output.stderr.contains("may read it"), "{output}");
            assert_eq!(team.0.state(), before, "{login} {args:?}");
        }
        team.0.git_done(&["checkout", "-q", "."]);
        refused += 1;
    }
    assert!(refused > KINDS.len() * 5, "{refused}");
}

#[test]
fn every_command_that_shows_leaves_out_what_is_others() {
    let team = Team::new();
    let mut seen = 0;
    for path in leaves() {
        let Some(Does::Reads(args)) = does(&path, &team) else { continue };
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let shown = team.run("li", &[&args[..], &["--json"]].concat());
        assert!(!shown.stdout.contains(FOREIGN), "{args:?}: {shown}");
        let common = ["product", "user"].contains(&args[0]);
        // Who sells reads all reviews, and articles are for all.
        let shared = common || ["review", "cases", "article"].contains(&args[0]);
        let numbered =
            ["show", "chain", "render", "review"].iter().any(|verb| args.contains(verb)) || args[0] == "blame";
        let wanted = if numbered && !shared { 7 } else { 0 };
        assert_eq!(shown.code, wanted, "{args:?}: {shown}");
        let all = team.run("admin", &[&args[..], &["--json"]].concat());
        assert_eq!(all.code, 0, "{all}");
        assert!(shared || args[0] == "report" || all.stdout.contains(FOREIGN), "{args:?}: {all}");
        let stranger = team.run("stranger", &[&args[..], &["--json"]].concat());
        assert_eq!(stranger.code, if common { 0 } else { 7 }, "{args:?}: {stranger}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}
