//! What each role may push, commit by commit.

use super::{LI, OTHERS, POOL, Team};

#[test]
fn what_everybody_may_is_taken() {
    let team = Team::new();
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=mine"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-002", "owner=li"]);
    team.kehu("li", &["followup", "add", "LEAD-2026-001", "method=phone", "points=x", "no_next=later"]);
    team.edit("li", LI, "Hangzhou", "Shanghai");
    team.commit("li");
    team.pushed("li");
    team.git_done("admin", &["pull", "-q"]);
    team.kehu("admin", &["user", "add", "new", "name=New", "email=new@example.com", "role=sales"]);
    team.kehu("admin", &["--as", "li", "lead", "set", "LEAD-2026-001", "remark=for li"]);
    team.edit("admin", "config/access.toml", "rewind = false", "rewind = false # as ever");
    team.kehu("admin", &["commit"]);
    team.pushed("admin");
    // Who is made a user is one behind that commit, in the same push too.
    team.kehu("admin", &["user", "add", "newer", "name=Newer", "email=newer@example.com", "role=sales"]);
    let new = ["lead", "add", "contact_name=x", "region=x", "source=hotline"];
    let kehu = assert_cmd::cargo::cargo_bin!("kehu");
    for (login, phone) in [("new", "13800138077"), ("newer", "13800138078")] {
        let [company, phone] = [format!("company={login}"), format!("phone={phone}")];
        let mut command = team.command(kehu, login, &[&new[..], &[&company, &phone]].concat());
        command.current_dir(team.folder("admin"));
        let added = team.env.finish(command);
        assert_eq!(added.code, 0, "{added}");
    }
    team.pushed("admin");
    team.git_done("li", &["pull", "-q"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=again"]);
    team.pushed("li");
    assert_eq!(team.env.run(&["-C", "../li", "check"]).code, 0);
}

#[test]
fn what_is_not_theirs_is_refused_with_the_line() {
    let team = Team::new();
    let owner_line = std::fs::read_to_string(team.folder("li").join(OTHERS)).unwrap();
    let owner_line = owner_line.lines().position(|line| line.starts_with("owner")).unwrap() + 1;
    team.edit("li", OTHERS, "Hangzhou", "Shanghai");
    team.commit("li");
    let short = &team.git_done("li", &["rev-parse", "HEAD"])[..8];
    let said = team.refused("li", &["HEAD"]);
    let line = format!(
        "commit {short}: {OTHERS}:{owner_line}:9: `LEAD-2026-003` is not yours to change: it belongs to `other`"
    );
    assert!(said.contains(&line) && said.contains("`other` could do it"), "{said}");

    for (path, what) in
        [(LI, "`LEAD-2026-001` is not yours to remove"), (POOL, "`LEAD-2026-002` is not yours to remove")]
    {
        team.reset("li");
        team.git_done("li", &["rm", "-q", path]);
        team.commit("li");
        let said = team.refused("li", &["HEAD"]);
        assert!(said.contains(&format!("{path}:1:1: {what}")), "{said}");
    }
    for (path, text, what) in [
        ("config/scoring.toml", "", "`config/scoring.toml` is not yours to change; only admins"),
        (".gitattributes", "* -text\n", "`.gitattributes` is not yours to change"),
        (
            "users/li.toml",
            "name = \"li\"\nemail = \"li@example.com\"\nrole = \"admin\"\n",
            "only admins write `config/` and",
        ),
        (
            "users/me.toml",
            "name = \"Me\"\nemail = \"me@example.com\"\nrole = \"admin\"\n",
            "only admins write `config/` and",
        ),
    ] {
        team.reset("li");
        team.write("li", path, text);
        team.commit("li");
        let said = team.refused("li", &["HEAD"]);
        assert!(said.contains(what), "{said}");
        // Nor under cover of what is done with it afterwards.
        team.edit("li", OTHERS, "Hangzhou", "Shanghai");
        team.commit("li");
        assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-003` is not yours to change"));
    }
    team.reset("boss");
    team.git_done("boss", &["rm", "-q", LI]);
    team.commit("boss");
    team.pushed("boss");
}

/// The server looks at the commit that is taken back, whatever the trailer says.
#[test]
fn ones_own_addition_is_taken_back() {
    let team = Team::new();
    let add = |login: &str, phone: &str, owner: &str| {
        let [company, phone, owner] =
            [format!("company=By {login}"), format!("phone={phone}"), format!("owner={owner}")];
        let fields = [&company, &phone, &owner, "contact_name=x", "region=x", "source=hotline"];
        let number = team.kehu(login, &[&["lead", "add"], &fields[..]].concat());
        let operation = team.git_done(login, &["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
        (format!("leads/2026/{number}.toml"), operation)
    };
    let remove = |path: &str, operation: &str| {
        team.git_done("li", &["rm", "-q", path]);
        team.git_done("li", &["commit", "-qm", "undo", "-m", &format!("Kehu-Undo: {operation}")]);
    };
    // Pushed before and after, and both at once.
    add("li", "13800138041", "li");
    team.pushed("li");
    team.kehu("li", &["undo"]);
    team.pushed("li");
    team.kehu("li", &["redo"]);
    team.kehu("li", &["undo"]);
    let (own, own_operation) = add("li", "13800138042", "li");
    team.kehu("li", &["undo"]);
    team.pushed("li");
    assert_eq!(team.env.git(&["-C", "../server.git", "cat-file", "-e", &format!("HEAD:{own}")]).code, 128);
    // A trailer by hand that names what is no addition of one's own.
    let (own, operation) = add("li", "13800138043", "li");
    team.pushed("li");
    for name in [&operation, &own_operation, "", "nothing"] {
        remove(LI, name);
        assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-001` is not yours to remove"), "{name}");
        team.reset("li");
    }
    team.reset("boss");
    let (theirs, their_operation) = add("boss", "13800138044", "li");
    team.pushed("boss");
    team.reset("li");
    remove(&theirs, &their_operation);
    assert!(team.refused("li", &["HEAD"]).contains("is not yours to remove"));
    // Nor an operation of one's own name that stands on a line of history it is not in.
    team.reset("li");
    team.edit("li", &theirs, "By boss", "By li");
    team.git_done("li", &["commit", "-qam", "x", "-m", "Kehu-Op: mine"]);
    remove(&theirs, "mine");
    assert!(team.refused("li", &["HEAD"]).contains("is not yours to remove"), "it changed the record, and added none");
    // What another built on.
    team.reset("boss");
    team.edit("boss", &own, "By li", "By us");
    team.commit("boss");
    team.pushed("boss");
    team.reset("li");
    remove(&own, &operation);
    assert!(team.refused("li", &["HEAD"]).contains("is not yours to remove"));
    // And as a change of a merge, which takes nothing back.
    team.reset("li");
    let (merged, operation) = add("li", "13800138045", "li");
    team.pushed("li");
    team.git_done("li", &["checkout", "-q", "-b", "side", "HEAD~1"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=side"]);
    team.git_done("li", &["checkout", "-q", "main"]);
    team.git_done("li", &["merge", "-q", "--no-ff", "--no-commit", "side"]);
    team.git_done("li", &["rm", "-qf", &merged]);
    team.git_done("li", &["commit", "-qm", "merge", "-m", &format!("Kehu-Undo: {operation}")]);
    assert!(team.refused("li", &["HEAD"]).contains("is not yours to remove"));
}

#[test]
fn who_is_no_user_or_another_is_refused() {
    let team = Team::new();
    team.edit("li", LI, "Hangzhou", "Shanghai");
    team.git_done("li", &["add", "-A"]);
    let forge = |author: &str, committer: &str| {
        let mut command = team.command("git", "li", &["commit", "-qm", "x", "--amend"]);
        if team.git_done("li", &["rev-parse", "HEAD"]) == team.git_done("li", &["rev-parse", "origin/main"]) {
            command = team.command("git", "li", &["commit", "-qm", "x"]);
        } else {
            command.arg("--reset-author");
        }
        command.env("GIT_AUTHOR_EMAIL", author).env("GIT_COMMITTER_EMAIL", committer);
        assert_eq!(team.env.finish(command).code, 0);
    };
    let own = "li@example.com";
    forge("stranger@example.com", "stranger@example.com");
    assert!(team.refused("li", &["HEAD"]).contains("git's address `stranger@example.com` is no user's"));
    forge("stranger@example.com", own);
    assert!(team.refused("li", &["HEAD"]).contains("`stranger@example.com` is no user's"));
    forge(own, "other@example.com");
    assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-001` is not yours to change"));
    // An address can be forged; a server that knows who pushes is believed.
    forge("test@example.com", "test@example.com");
    let push = |pusher: &str| {
        let mut command = team.command("git", "li", &["push", "-q", "origin", "HEAD"]);
        command.env("KEHU_PUSHER", pusher);
        team.env.finish(command)
    };
    let other = push("li");
    assert!(other.stderr.contains("`li` pushes a commit by `test@example.com`"), "{other}");
    assert!(push("nobody").stderr.contains("`nobody`, who pushes, is no user"));
    forge(own, own);
    assert_eq!(push("li@example.com").code, 0);
    // In another's name by who is no admin.
    team.edit("li", LI, "Shanghai", "Suzhou");
    team.git_done("li", &["commit", "-qam", "x", "-m", "Kehu-On-Behalf-Of: admin"]);
    assert!(team.refused("li", &["HEAD"]).contains("only admins act in another's name (`--as admin`)"));
}

#[test]
fn what_breaks_a_rule_is_refused_whoever_made_it() {
    let team = Team::new();
    let lead = std::fs::read_to_string(team.folder("admin").join(LI)).unwrap();
    let dictionary = std::fs::read_to_string(team.folder("admin").join("config/dictionary.toml")).unwrap();
    let dictionary = dictionary.replace("key = \"hotline\"", "key = \"telephone\"");
    let cases: [(&str, &str, &str); 9] = [
        (LI, "status = \"sleeping\"\n", "LEAD-2026-001.toml:1:10: Status `sleeping` is not in dictionary"),
        (LI, "status = \n", "LEAD-2026-001.toml:1:10: not TOML"),
        ("leads/2026/LEAD-2025-009.toml", &lead, "the file does not lie where its number says; move it to `leads/2025"),
        ("leads/2026/note.toml", &lead, "the file name is not a number of its kind"),
        ("config/sla.toml", "x = 1\n", "config/sla.toml:1:1: unknown setting `x`"),
        ("kehu.toml", "format = 1\nname = \"x\"\nlocale = \"xx\"\n", "kehu.toml:3:10: unknown locale"),
        ("kehu.toml", "format = 2\nname = \"x\"\n", "the repository has format 2"),
        (
            "users/li.toml",
            "name = \"li\"\nemail = \"li@example.com\"\nrole = \"sales\"\nssh_keys = [\"x\"]\n",
            "is not a public SSH key",
        ),
        ("config/dictionary.toml", &dictionary, "Source `hotline` is not in dictionary"),
    ];
    for (path, text, what) in cases {
        team.reset("admin");
        team.write("admin", path, text);
        team.commit("admin");
        let said = match what.contains("format 2") {
            true => team.git("admin", &["push", "-q", "origin", "HEAD"]).stderr,
            false => team.refused("admin", &["HEAD"]),
        };
        assert!(said.contains(what), "{path}: {said}");
    }
    // References: one that leads nowhere, and one that is left leading there.
    team.reset("admin");
    team.edit("admin", LI, "owner = \"li\"", "owner = \"nobody\"");
    team.commit("admin");
    assert!(team.refused("admin", &["HEAD"]).contains("`nobody` does not exist"));
    team.reset("admin");
    team.git_done("admin", &["rm", "-q", "users/li.toml"]);
    team.commit("admin");
    let said = team.refused("admin", &["HEAD"]);
    assert!(said.contains("leads/2026/LEAD-2026-001.toml:") && said.contains("`li` does not exist"), "{said}");
    // A link in the place of a record.
    team.reset("admin");
    std::os::unix::fs::symlink("LEAD-2026-001.toml", team.folder("admin").join("leads/2026/LEAD-2026-009.toml"))
        .unwrap();
    team.commit("admin");
    assert!(team.refused("admin", &["HEAD"]).contains("it is a link or another repository, not a file"));
    // What was wrong before is not held against a change beside it.
    team.reset("admin");
    team.write("admin", "leads/2026/LEAD-2026-010.toml", "status = \"sleeping\"\n");
    team.commit("admin");
    std::fs::rename(team.folder("server.git/hooks"), team.folder("server.git/off")).unwrap();
    team.pushed("admin");
    std::fs::rename(team.folder("server.git/off"), team.folder("server.git/hooks")).unwrap();
    team.edit("admin", "leads/2026/LEAD-2026-010.toml", "sleeping\"\n", "sleeping\"\nremark = \"x\"\n");
    team.commit("admin");
    team.pushed("admin");
}

#[test]
fn numbers_are_nobody_elses() {
    let team = Team::new();
    team.kehu("boss", &["lead", "set", "LEAD-2026-001", "remark=x"]);
    team.git_done("boss", &["rm", "-q", LI]);
    team.commit("boss");
    team.pushed("boss");
    team.reset("li");
    let text = "status = \"new\"\ncompany = \"Another\"\ncontact_name = \"x\"\nphone = \"13800138099\"\nregion = \"x\"\nsource = \"hotline\"\nacquired_on = 2026-03-12\nowner = \"li\"\n";
    team.write("li", LI, text);
    team.commit("li");
    assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-001` is or was another record's"));
    // The same record may come back.
    team.reset("boss");
    team.git_done("boss", &["checkout", "-q", "HEAD~1", "--", LI]);
    team.commit("boss");
    team.pushed("boss");
    // Two clones that gave the same number meet on a branch of their own, too.
    for login in ["li", "other"] {
        team.reset(login);
        let [company, owner] = [format!("company={login}"), format!("owner={login}")];
        let new =
            ["lead", "add", &company, "contact_name=x", "phone=13800138098", "region=x", "source=hotline", &owner];
        assert_eq!(team.kehu(login, &new), "LEAD-2026-004");
    }
    team.pushed("li");
    team.git_done("other", &["fetch", "-q"]);
    assert!(team.refused("other", &["HEAD:refs/heads/mine"]).contains("`LEAD-2026-004` is or was another record's"));
}

#[test]
fn a_right_that_was_taken_is_gone_on_old_branches_too() {
    let team = Team::new();
    team.kehu("admin", &["user", "set", "boss", "role=admin"]);
    team.pushed("admin");
    team.reset("boss");
    // Made while still an admin, pushed when no more.
    team.write("boss", "users/ghost.toml", "name = \"Ghost\"\nemail = \"ghost@example.com\"\nrole = \"admin\"\n");
    team.commit("boss");
    team.kehu("admin", &["user", "set", "boss", "role=sales"]);
    team.pushed("admin");
    assert!(team.refused("boss", &["HEAD:refs/heads/side"]).contains("only admins write `config/` and `users/`"));
    team.git_done("boss", &["pull", "-q", "--no-rebase", "--no-edit"]);
    assert!(team.refused("boss", &["HEAD"]).contains("only admins write `config/` and `users/`"));
    // The last admin stays, and an admin may hand over.
    team.git_done("admin", &["rm", "-q", "users/admin.toml"]);
    team.commit("admin");
    assert!(team.refused("admin", &["HEAD"]).contains("no user would be an admin any more"));
}
