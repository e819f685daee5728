//! Who somebody is, and in whose name they act.

use crate::common::{Env, parse};
use crate::team::Team;
use serde_json::Value as Json;

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
