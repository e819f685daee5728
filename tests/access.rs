//! Roles on the command line: every verb asks whose the record is, and says what it withholds.

mod common;

use common::{Env, Output, parse};
use kehu::cli::grammar;
use kehu::record::{KINDS, Lang};
use serde_json::Value as Json;

/// A team of every role with records of two of its sales, in two departments, and of nobody.
struct Team(Env);

/// What stands in the records of `other`, which no sales of the east reads.
const FOREIGN: &str = "Foreignco";

impl Team {
    fn new() -> Team {
        let team = Team(Env::repository("en"));
        let env = &team.0;
        env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
        env.users(&[
            ("li", "sales", "east"),
            ("colleague", "sales", "east"),
            ("boss", "manager", "east"),
            ("other", "sales", "west"),
            ("service", "service", "help"),
            ("marketing", "marketing", "market"),
        ]);
        env.done(&["product", "add", "DESK-01", "name=Desk"]);
        for (at, owner) in [Some("li"), None, Some("colleague"), Some("other")].into_iter().enumerate() {
            let company = if owner == Some("other") { FOREIGN.to_string() } else { format!("Company {at}") };
            let number = env.lead(&company, &format!("1380013800{at}"));
            if let Some(owner) = owner {
                env.done(&["lead", "set", &number, &format!("owner={owner}")]);
            }
        }
        for (owner, name, phone) in [("li", "Archive", "13900139001"), ("other", "Foreignco East", "13900139002")] {
            let object = format!(
                r#"{{"type":"potential","category":"B2B","name":"{name}","industry":"retail","region":"Suzhou","source":"hotline","owner":"{owner}","contacts":[{{"name":"Chen","work_phone":"{phone}"}}]}}"#
            );
            let added = env.run_with(&["customer", "add", "--stdin"], object);
            assert_eq!(added.code, 0, "{added}");
        }
        for (login, about) in [("li", "LEAD-2026-001"), ("other", "LEAD-2026-004"), ("service", "B2B-2026-002")] {
            let points = if login == "li" { "called".to_string() } else { format!("called {FOREIGN}") };
            team.done(login, &["followup", "add", about, "method=phone", &format!("points={points}"), "no_next=later"]);
        }
        team
    }

    fn command(&self, login: &str, args: &[&str]) -> assert_cmd::Command {
        let mut command = self.0.command(args);
        for part in ["AUTHOR", "COMMITTER"] {
            let email = if login == "admin" { "test@example.com".to_string() } else { format!("{login}@example.com") };
            command.env(format!("GIT_{part}_EMAIL"), email).env(format!("GIT_{part}_NAME"), login);
        }
        command
    }

    fn run(&self, login: &str, args: &[&str]) -> Output {
        self.0.finish(self.command(login, args))
    }

    #[track_caller]
    fn done(&self, login: &str, args: &[&str]) -> String {
        let output = self.run(login, args);
        assert_eq!(output.code, 0, "{login} {args:?}\n{output}");
        output.stdout.trim_end().to_string()
    }

    /// Runs it, which must be refused with nothing changed; returns what is said.
    #[track_caller]
    fn denied(&self, login: &str, args: &[&str]) -> String {
        let before = self.0.state();
        let output = self.run(login, args);
        assert_eq!((output.code, output.stdout.as_str()), (7, ""), "{login} {args:?}\n{output}");
        assert_eq!(self.0.state(), before, "{login} {args:?}");
        output.stderr
    }

    /// A conflict in a record of `other`, made where there is none.
    fn conflict(&self) -> String {
        let text = self.0.read("leads/2026/LEAD-2026-004.toml");
        if !text.contains("[[conflicts]]") {
            let entry = format!("\n[[conflicts]]\nfield = \"remark\"\nours = \"{FOREIGN} called\"\n");
            self.0.write("leads/2026/LEAD-2026-004.toml", &(text + &entry));
            self.done("admin", &["commit"]);
        }
        "LEAD-2026-004.remark".to_string()
    }

    /// The number of the follow-up somebody wrote.
    fn followup(&self, login: &str) -> String {
        self.0.done(&["followup", "list", "--author", login, "-q"])
    }
}

/// What a command does with records.
enum Does {
    /// It writes them; with these arguments, by this user, it is refused.
    Writes(&'static str, Vec<String>),
    /// It shows them; with these arguments.
    Reads(Vec<String>),
    /// It shows and changes no records: git's settings, files, help.
    Neither,
}

/// Returns what a command does, by its words. Whoever adds a command says it here.
fn does(path: &[String], team: &Team) -> Option<Does> {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    let all = |args: &[&str]| words.iter().chain(args).map(|word| (*word).to_string()).collect::<Vec<_>>();
    let Some((kind, verb)) = words.split_first().and_then(|(noun, rest)| Some((kehu::record::Kind::find(noun)?, rest)))
    else {
        return Some(match words.as_slice() {
            ["commit" | "undo"] => Does::Writes("li", all(&[])),
            ["redo"] => {
                team.done("admin", &["lead", "set", "LEAD-2026-004", "remark=x"]);
                team.done("admin", &["undo"]);
                let name = team.0.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Undo,valueonly)"]);
                Does::Writes("li", all(&[&name]))
            }
            ["report"] => Does::Reads(all(&["weekly"])),
            ["due"] => Does::Reads(all(&["--owner", "all", "--until", "365d"])),
            ["diff"] => Does::Reads(all(&["HEAD~3", "HEAD"])),
            ["log"] => Does::Reads(all(&[])),
            ["conflicts"] => {
                team.conflict();
                Does::Reads(all(&[]))
            }
            ["resolve"] => Does::Writes("li", all(&[&team.conflict(), "--take", "ours"])),
            ["blame"] => Does::Reads(all(&["LEAD-2026-004"])),
            ["check" | "status" | "init" | "demo" | "whoami" | "completions" | "man" | "help"]
            | ["textconv" | "merge-driver"]
            | ["hook", "install" | "pre-receive"]
            | ["op", "log"]
            | ["import", "map"] => Does::Neither,
            // What is others' was judged where it was made, and what goes is judged by the server's hook.
            ["sync" | "merge"] => Does::Neither,
            _ => return None,
        });
    };
    let followup = team.followup("other");
    // By each kind: who reads the record and may not write it, the record, fields of a new one.
    let (login, number, new): (_, &str, &[&str]) = match kind.name {
        "lead" => (
            "marketing",
            "LEAD-2026-004",
            &["company=New", "contact_name=x", "phone=13800138009", "region=x", "source=hotline", "owner=other"],
        ),
        "customer" => (
            "service",
            "B2B-2026-002",
            &[
                "name=New",
                "category=B2B",
                "type=potential",
                "industry=retail",
                "region=x",
                "source=hotline",
                "owner=other",
            ],
        ),
        "followup" => ("marketing", &followup, &["subject=LEAD-2026-004", "method=phone", "points=x", "no_next=x"]),
        "product" => ("boss", "DESK-01", &["DESK-02", "name=Chair"]),
        "user" => ("boss", "marketing", &["new", "name=New", "email=new@example.com", "role=sales"]),
        _ => return None,
    };
    let field = match kind.name {
        "followup" => "feedback=changed",
        _ => "remark=changed",
    };
    Some(match verb {
        ["add"] => Does::Writes(login, all(new)),
        ["set"] => Does::Writes(login, all(&[number, field])),
        ["edit"] => Does::Writes(login, all(&[number])),
        ["rm"] => Does::Writes(login, all(&[number, "--confirm", number])),
        ["import"] => {
            let (heads, cells): (Vec<&str>, Vec<&str>) =
                new.iter().map(|one| one.split_once('=').unwrap_or(("number", one))).unzip();
            let (mut heads, mut cells) = (heads.join(","), cells.join(","));
            if kind.name == "followup" {
                (heads, cells) = (heads + ",at,author", cells + ",2026-03-12 08:00,marketing");
            }
            if matches!(kind.name, "lead") {
                (heads, cells) = (heads + ",acquired_on", cells + ",2026-03-12");
            }
            team.0.write("../new.csv", &format!("{heads}\n{cells}\n"));
            Does::Writes(login, all(&["../new.csv"]))
        }
        ["list"] | ["score"] | ["log"] => Does::Reads(all(&[])),
        ["show"] => Does::Reads(all(&[number])),
        _ => return None,
    })
}

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
        let numbered = args.contains(&"show") || args[0] == "blame";
        let wanted = if numbered && !common { 7 } else { 0 };
        assert_eq!(shown.code, wanted, "{args:?}: {shown}");
        let all = team.run("admin", &[&args[..], &["--json"]].concat());
        assert_eq!(all.code, 0, "{all}");
        assert!(common || args[0] == "report" || all.stdout.contains(FOREIGN), "{args:?}: {all}");
        let stranger = team.run("stranger", &[&args[..], &["--json"]].concat());
        assert_eq!(stranger.code, if common { 0 } else { 7 }, "{args:?}: {stranger}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn what_is_left_out_is_said_and_a_report_names_its_scope() {
    let team = Team::new();
    let listed = team.run("li", &["lead", "list", "--columns", "number", "-o", "csv"]);
    assert_eq!(listed.stdout, "Number\nLEAD-2026-001\nLEAD-2026-002\n");
    assert_eq!(listed.stderr, "left out as others': 2 leads; you read own records and the pool\n");
    let boss = team.run("boss", &["--lang", "zh", "lead", "list", "-q"]);
    assert_eq!(boss.stdout, "LEAD-2026-001\nLEAD-2026-002\nLEAD-2026-003\n");
    let report = team.run("li", &["report", "grades", "--json"]);
    let facts = report.json();
    assert!(facts["facts"].to_string().contains("own records and the pool; left out: 2 leads"), "{facts}");
    assert!(report.stderr.contains("left out as others': 2 leads, 1 customer, 2 follow-ups"), "{report}");
    for format in ["csv", "markdown"] {
        let report = team.done("boss", &["report", "grades", "-o", format]);
        assert!(report.contains("own department and the pool; left out: 1 lead, 1 customer, 2 follow-ups"), "{report}");
    }
    for login in ["admin", "li"] {
        let whole = team.run(login, &["report", "grades", "--json"]);
        assert_eq!(whole.stdout.contains("\"scope\""), login != "admin", "{whole}");
    }
}

#[test]
fn sales_keep_their_own_claim_and_give_back() {
    let team = Team::new();
    team.done("li", &["lead", "set", "LEAD-2026-001", "remark=mine"]);
    let pool = team.denied("li", &["lead", "set", "LEAD-2026-002", "remark=x"]);
    assert!(pool.contains("`kehu lead set LEAD-2026-002 owner=li` claims it"), "{pool}");
    let called = ["followup", "add", "LEAD-2026-002", "method=phone", "points=called", "no_next=later"];
    assert!(team.denied("li", &called).contains("`kehu lead set LEAD-2026-002 owner=li` claims it"));
    team.done("li", &["lead", "set", "LEAD-2026-002", "owner=li", "remark=x"]);
    team.denied("li", &["lead", "set", "LEAD-2026-002", "owner=colleague"]);
    team.done("li", &["lead", "set", "LEAD-2026-002", "--unset", "owner"]);
    let others = team.denied("li", &["lead", "set", "LEAD-2026-003", "owner=li"]);
    assert!(
        others.contains("belongs to `colleague`") && others.contains("`boss`, `colleague`, `marketing` may read it"),
        "{others}"
    );
    team.denied("li", &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    team.done("boss", &["lead", "set", "LEAD-2026-002", "owner=colleague"]);
    team.denied("boss", &["lead", "set", "LEAD-2026-002", "owner=other"]);
    team.denied("boss", &["lead", "set", "LEAD-2026-004", "owner=li"]);
    team.denied("li", &["followup", "add", "LEAD-2026-003", "method=phone", "points=x", "no_next=x"]);
    let lead = |phone: &str, owner: &str| {
        let [company, phone, owner] = [format!("company={phone}"), format!("phone={phone}"), format!("owner={owner}")];
        let new = ["lead", "add", &company, "contact_name=x", &phone, "region=x", "source=hotline", &owner];
        team.run("li", &new).code
    };
    assert_eq!([lead("13800138010", "li"), lead("13800138011", ""), lead("13800138012", "colleague")], [0, 0, 7]);
}

#[test]
fn an_import_is_taken_whole_or_refused_whole() {
    let team = Team::new();
    let rows = |owner: &str| {
        let row = |at: usize| format!("New {at},x,138001390{at:02},x,hotline,2026-03-12,{owner}\n");
        "company,contact_name,phone,region,source,acquired_on,owner\n".to_string()
            + &(10..40).map(row).collect::<String>()
    };
    team.0.write("../own.csv", &rows("li"));
    team.0.write("../others.csv", &rows("colleague"));
    let refused = team.denied("li", &["lead", "import", "../others.csv"]);
    assert!(refused.contains("leads/2026/LEAD-2026-005.toml: ") && refused.contains("and 20 more"), "{refused}");
    team.done("li", &["lead", "import", "../own.csv"]);
    // What a dictionary lacks is configuration.
    team.0.write(
        "../keys.csv",
        &rows("li").replace("138001390", "138001391").replace("New", "Newer").replace("hotline", "Fair in Suzhou"),
    );
    let keys = team.denied("li", &["lead", "import", "../keys.csv", "--add-unknown"]);
    assert!(keys.contains("`config/dictionary.toml` is not yours to change"), "{keys}");
    // A duplicate is found whoever has it.
    let double = ["lead", "add", "company=x", "contact_name=x", "phone=13800138003", "region=x", "source=hotline"];
    assert_eq!(team.run("li", &double).code, 5);
}

#[test]
fn hand_edits_are_committed_by_who_may() {
    let team = Team::new();
    team.0.edit("leads/2026/LEAD-2026-001.toml", "Hangzhou", "Shanghai");
    team.done("li", &["commit"]);
    team.0.edit("users/li.toml", "role = \"sales\"", "role = \"admin\"");
    let refused = team.denied("li", &["commit"]);
    assert!(refused.contains("only admins write `config/` and `users/`"), "{refused}");
    assert!(team.run("li", &["whoami", "--json"]).stdout.contains("\"role\": \"sales\""), "not committed is not so");
    team.denied("li", &["lead", "set", "LEAD-2026-003", "remark=x"]);
    team.0.git_done(&["checkout", "-q", "."]);
    team.0.write("config/access.toml", "enforce = false\n");
    team.denied("li", &["commit"]);
    team.denied("li", &["lead", "set", "LEAD-2026-003", "remark=x"]);
    team.done("admin", &["commit"]);
    team.done("li", &["lead", "set", "LEAD-2026-003", "remark=x"]);
}

#[test]
fn what_refers_to_a_record_counts_whoever_reads_it() {
    let team = Team::new();
    // The follow-up is about the boss's lead, and by somebody of another department.
    team.done("admin", &["lead", "set", "LEAD-2026-004", "owner=li"]);
    let kept = team.run("boss", &["lead", "rm", "LEAD-2026-004", "--confirm", "LEAD-2026-004"]);
    assert_eq!(kept.code, 5, "{kept}");
}

#[test]
fn only_admins_act_in_another_name_and_then_with_its_rights() {
    let team = Team::new();
    let said = team.denied("boss", &["--as", "li", "lead", "set", "LEAD-2026-001", "remark=x"]);
    assert!(said.contains("only admins act in another's name (`--as li`)") && said.contains("Ada (`admin`)"), "{said}");
    team.denied("li", &["--as", "admin", "lead", "list"]);
    team.done("li", &["--as", "li", "lead", "set", "LEAD-2026-001", "remark=own name"]);
    team.done("admin", &["--as", "li", "lead", "set", "LEAD-2026-001", "remark=x"]);
    assert_eq!(team.0.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-On-Behalf-Of,valueonly)"]), "li");
    team.denied("admin", &["--as", "li", "lead", "set", "LEAD-2026-003", "remark=x"]);
    assert_eq!(team.done("admin", &["--as", "li", "lead", "list", "-q"]).lines().count(), 2);
    // The past is read with the rights of today.
    let past = team.done("li", &["lead", "list", "-q", "--as-of", "HEAD"]);
    assert_eq!(past, "LEAD-2026-001\nLEAD-2026-002");
}

#[test]
fn strangers_and_who_has_left_read_who_is_who_and_write_nothing() {
    let team = Team::new();
    team.done("admin", &["user", "set", "colleague", "left_on=2026-03-11"]);
    for login in ["stranger", "colleague"] {
        let said = team.denied(login, &["lead", "list"]);
        assert!(said.contains("Ada (`admin`) could do it"), "{said}");
        team.denied(login, &["followup", "add", "LEAD-2026-003", "method=phone", "points=x", "no_next=x"]);
        team.done(login, &["user", "list"]);
        team.done(login, &["check"]);
    }
    let said = team.denied("stranger", &["lead", "show", "LEAD-2026-001"]);
    assert!(
        said.contains("git's address `stranger@example.com` is no user's") && said.contains("kehu user set"),
        "{said}"
    );
}

#[test]
fn nobody_is_locked_out_or_in() {
    let env = Env::repository("en");
    let add = |login: &str, email: &str, role: &str| {
        let [email, role] = [format!("email={email}"), format!("role={role}")];
        env.run(&["user", "add", login, &format!("name={login}"), &email, &role])
    };
    assert_eq!(add("li", "li@example.com", "sales").code, 0);
    assert!(env.run(&["check"]).stdout.contains("no user is an admin"));
    let refused = add("boss", "boss@example.com", "admin");
    assert_eq!(refused.code, 7, "{refused}");
    let mend = "`kehu user add LOGIN name=NAME email=test@example.com role=admin`";
    assert!(refused.stderr.contains(mend), "{refused}");
    assert_eq!(add("me", "test@example.com", "admin").code, 0);
    assert_eq!(add("boss", "boss@example.com", "admin").code, 0);
    env.done(&["user", "set", "boss", "role=sales"]);
    for args in [&["user", "set", "me", "role=sales"][..], &["user", "set", "me", "left_on=2026-01-01"]] {
        assert!(env.refused(7, args).contains("no user would be an admin any more"), "{args:?}");
    }
    assert!(!env.run(&["check"]).stdout.contains("no user is an admin"));
    env.edit("config/access.toml", "enforce = true", "enforce = false");
    env.done(&["commit"]);
    env.done(&["user", "set", "me", "role=sales"]);
}

#[test]
fn whoami_says_who_and_why() {
    let team = Team::new();
    let json =
        |login: &str, args: &[&str]| -> Json { parse(&team.done(login, &[&["whoami", "--json"], args].concat())) };
    let li = json("li", &[]);
    assert_eq!((&li["schema"], &li["login"], &li["role"]), (&"kehu.whoami".into(), &"li".into(), &"sales".into()));
    assert_eq!((&li["department"], &li["enforced"]), (&"east".into(), &true.into()));
    assert_eq!(li["why"], "git's address is `li@example.com`; roles hold");
    assert_eq!(json("admin", &["--as", "li"])["why"], "`--as` names `li`; roles hold");
    assert_eq!(json("stranger", &[])["login"], Json::Null);
    assert_eq!(team.done("boss", &["whoami", "-q"]), "boss");
    assert_eq!(team.run("stranger", &["whoami", "-q"]).code, 4);
    let alone = Env::repository("zh");
    let said = alone.done(&["whoami"]);
    assert!(said.contains("test") && said.contains("仓库没有用户，视为单人使用"), "{said}");
}
