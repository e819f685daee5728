//! A team whose members the tests are.

use crate::common::{Env, Output};

/// A team of every role with records of two of its sales, in two departments, and of nobody.
pub struct Team(pub Env);

/// What stands in the records of `other`, which no sales of the east reads.
pub const FOREIGN: &str = "Foreignco";

impl Team {
    pub fn new() -> Team {
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
        for (owner, customer, name) in [("other", "B2B-2026-002", "Foreignco desks"), ("li", "B2B-2026-001", "Desks")] {
            let told = [format!("name={name}"), format!("customer={customer}"), format!("owner={owner}")];
            let told: Vec<&str> = told.iter().map(String::as_str).collect();
            env.done(&[&["opportunity", "add", "amount=1000", "expected_on=2026-05-01"][..], &told].concat());
        }
        let of_foreign = ["customer=B2B-2026-002", "amount=1000", "owner=other"];
        env.done(&[&["contract", "add", "name=Foreignco desks"][..], &of_foreign].concat());
        env.done(
            &[&["order", "add", "external_number=Foreignco 1", "ordered_on=2026-03-01"][..], &of_foreign].concat(),
        );
        env.done(&["ticket", "add", "kind=support", "content=Foreignco desk", "customer=B2B-2026-002", "owner=other"]);
        env.done(&["article", "add", "title=Reset", "answer=Hold both arrows", "status=published", "author=service"]);
        env.done(&["review", "add", "opportunity=OPP-2026-001", "factors=x", "lesson=x", "owner=other"]);
        let target = ["year=2026", "scope=person", "user=other", "remark=Foreignco and more"];
        env.done(&[&["target", "add", "2026-other"][..], &target].concat());
        for (login, about) in [("li", "LEAD-2026-001"), ("other", "LEAD-2026-004"), ("service", "B2B-2026-002")] {
            let points = if login == "li" { "called".to_string() } else { format!("called {FOREIGN}") };
            team.done(login, &["followup", "add", about, "method=phone", &format!("points={points}"), "no_next=later"]);
        }
        team
    }

    pub fn command(&self, login: &str, args: &[&str]) -> assert_cmd::Command {
        let mut command = self.0.command(args);
        for part in ["AUTHOR", "COMMITTER"] {
            let email = if login == "admin" { "test@example.com".to_string() } else { format!("{login}@example.com") };
            command.env(format!("GIT_{part}_EMAIL"), email).env(format!("GIT_{part}_NAME"), login);
        }
        command
    }

    pub fn run(&self, login: &str, args: &[&str]) -> Output {
        self.0.finish(self.command(login, args))
    }

    #[track_caller]
    pub fn done(&self, login: &str, args: &[&str]) -> String {
        let output = self.run(login, args);
        assert_eq!(output.code, 0, "{login} {args:?}\n{output}");
        output.stdout.trim_end().to_string()
    }

    /// Runs it, which must be refused with nothing changed; returns what is said.
    #[track_caller]
    pub fn denied(&self, login: &str, args: &[&str]) -> String {
        let before = self.0.state();
        let output = self.run(login, args);
        assert_eq!((output.code, output.stdout.as_str()), (7, ""), "{login} {args:?}\n{output}");
        assert_eq!(self.0.state(), before, "{login} {args:?}");
        output.stderr
    }

    /// A conflict in a record of `other`, made where there is none.
    pub fn conflict(&self) -> String {
        let text = self.0.read("leads/2026/LEAD-2026-004.toml");
        if !text.contains("[[conflicts]]") {
            let entry = format!("\n[[conflicts]]\nfield = \"remark\"\nours = \"{FOREIGN} called\"\n");
            self.0.write("leads/2026/LEAD-2026-004.toml", &(text + &entry));
            self.done("admin", &["commit"]);
        }
        "LEAD-2026-004.remark".to_string()
    }

    /// The number of the follow-up somebody wrote.
    pub fn followup(&self, login: &str) -> String {
        self.0.done(&["followup", "list", "--author", login, "-q"])
    }
}
