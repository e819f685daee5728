//! What every command does with records: the table in which a new command gets its line.

use crate::team::Team;
use kehu::record::Kind;

/// What a command does with records.
pub enum Does {
    /// It writes them; with these arguments, by this user, it is refused.
    Writes(&'static str, Vec<String>),
    /// It shows them; with these arguments.
    Reads(Vec<String>),
    /// It shows and changes no records: git's settings, files, help.
    Neither,
}

/// Returns what a command does, by its words. Whoever adds a command says it here.
pub fn does(path: &[String], team: &Team) -> Option<Does> {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    let all = |args: &[&str]| words.iter().chain(args).map(|word| (*word).to_string()).collect::<Vec<_>>();
    if let Some((kind, verb)) = words.split_first().and_then(|(noun, rest)| Some((Kind::find(noun)?, rest))) {
        return does_with_records(kind, verb, &all, team);
    }
    Some(match words.as_slice() {
        ["commit"] => Does::Writes("li", all(&[])),
        ["undo"] => {
            team.done("admin", &["lead", "set", "LEAD-2026-004", "remark=x"]);
            let name = team.0.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
            Does::Writes("li", all(&[&name]))
        }
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
        ["handover"] => Does::Writes("marketing", all(&["--from", "other", "--to", "li"])),
        // Reviews are read by all who sell; the deals behind them as everywhere.
        ["cases"] => Does::Reads(all(&[])),
        ["approve"] => Does::Writes("li", all(&["OPP-2026-001"])),
        ["attach"] => {
            team.0.write("../new.txt", "x");
            Does::Writes("service", all(&["B2B-2026-002", "../new.txt", "--kind", "other"]))
        }
        ["contact", "list"] => Does::Reads(all(&[])),
        ["contact", "add"] => Does::Writes("service", all(&["B2B-2026-002", "name=New"])),
        ["contact", "set"] => Does::Writes("service", all(&["B2B-2026-002", "Chen", "title=x"])),
        ["contact", "rm"] => Does::Writes("service", all(&["B2B-2026-002", "Chen"])),
        ["dedupe", "merge"] => Does::Writes("marketing", all(&["LEAD-2026-002", "LEAD-2026-004"])),
        ["dedupe", "unmerge"] => {
            let numbers = ["13800138077", "13800138078"].map(|phone| {
                let told = [format!("company={phone}"), format!("phone={phone}")];
                let told: Vec<&str> = told.iter().map(String::as_str).collect();
                let usual = ["contact_name=x", "region=x", "source=hotline", "owner=other"];
                team.done("admin", &[&["lead", "add"][..], &told, &usual].concat())
            });
            team.done("admin", &["dedupe", "merge", &numbers[0], &numbers[1]]);
            let number = &numbers[1];
            Does::Writes("marketing", all(&[number]))
        }
        ["dedupe", "review"] => Does::Reads(all(&["LEAD-2026-002", "LEAD-2026-004"])),
        ["pool", "claim"] => Does::Writes("marketing", all(&["LEAD-2026-002"])),
        ["pool", "release"] => Does::Writes("marketing", all(&["LEAD-2026-004", "--reason", "x"])),
        ["pool", "recycle"] => Does::Writes("marketing", all(&["--now", "2026-04-30"])),
        // What lies in the pool is read by all who work with it; who does not is refused in the test of the pool.
        ["pool", "list"] => Does::Neither,
        ["check" | "status" | "init" | "demo" | "whoami" | "completions" | "man" | "help"]
        | ["textconv" | "merge-driver"]
        | ["hook", "install" | "pre-receive"]
        | ["op", "log"]
        | ["import", "map"] => Does::Neither,
        // What is others' was judged where it was made, and what goes is judged by the server's hook.
        ["sync" | "merge"] => Does::Neither,
        _ => return None,
    })
}

/// Returns what a verb does with the records of a kind; `all` adds arguments to the words of the command.
fn does_with_records(kind: Kind, verb: &[&str], all: &dyn Fn(&[&str]) -> Vec<String>, team: &Team) -> Option<Does> {
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
        "opportunity" => (
            "service",
            "OPP-2026-001",
            &["name=New", "customer=B2B-2026-002", "amount=1", "expected_on=2026-05-01", "owner=other"],
        ),
        "contract" => ("service", "CON-2026-001", &["name=New", "customer=B2B-2026-002", "amount=1", "owner=other"]),
        "order" => (
            "service",
            "ORD-2026-001",
            &["external_number=S-2", "customer=B2B-2026-002", "amount=1", "ordered_on=2026-05-01", "owner=other"],
        ),
        "ticket" => {
            ("marketing", "TKT-2026-001", &["kind=support", "customer=B2B-2026-002", "content=New", "owner=other"])
        }
        "article" => ("li", "KB-2026-001", &["title=New", "answer=x"]),
        "review" => (
            "marketing",
            "REV-2026-001",
            &["opportunity=OPP-2026-002", "factors=x", "lesson=x", "owner=other", "reviewed_on=2026-03-10"],
        ),
        "target" => ("marketing", "2026-other", &["2026-west", "year=2026", "scope=person", "user=other"]),
        "followup" => ("marketing", &followup, &["subject=LEAD-2026-004", "method=phone", "points=x", "no_next=x"]),
        "product" => ("boss", "DESK-01", &["DESK-02", "name=Chair"]),
        "user" => ("boss", "marketing", &["new", "name=New", "email=new@example.com", "role=sales"]),
        _ => return None,
    };
    let field = match kind.name {
        "followup" => "feedback=changed",
        "review" => "lesson=changed",
        "article" => "answer=changed",
        _ => "remark=changed",
    };
    Some(match verb {
        ["add"] => Does::Writes(login, all(new)),
        ["set"] => Does::Writes(login, all(&[number, field])),
        ["edit"] => Does::Writes(login, all(&[number])),
        ["verify"] => Does::Writes(login, all(&[number, "fields=region", "channel=phone"])),
        ["rm"] => Does::Writes(login, all(&[number, "--confirm", number])),
        ["import"] => {
            team.0.write("../new.csv", &import_file(kind, new));
            Does::Writes(login, all(&["../new.csv"]))
        }
        ["assign"] => Does::Writes(login, all(&[number, "--to", "li"])),
        ["qualify" | "nurture"] => Does::Writes(login, all(&[number])),
        ["disqualify"] => Does::Writes(login, all(&[number, "--reason", "fake"])),
        ["convert"] => Does::Writes(login, all(&[number, "amount=1", "expected_on=2026-05-01"])),
        ["plan"] if kind.name == "target" => Does::Writes(login, all(&["other", "2026-03", "sales=1"])),
        ["plan"] => Does::Writes(login, all(&[number, "whole:100%:2026-05-01"])),
        ["receive"] => Does::Writes(login, all(&[number, "1"])),
        ["sign"] => {
            team.0.write("../signed.pdf", "x");
            team.done("admin", &["contract", "set", number, "status=draft", "signed_on="]);
            Does::Writes(login, all(&[number, "--file", "../signed.pdf"]))
        }
        ["terminate"] => {
            let signed = ["contract", "set", number, "status=signed", "signed_on=2026-03-01"];
            team.done("admin", &signed);
            Does::Writes(login, all(&[number, "--reason", "x"]))
        }
        ["renew"] => {
            let signed = ["contract", "set", number, "status=signed", "signed_on=2026-03-01", "end_on=2027-02-28"];
            team.done("admin", &signed);
            Does::Writes(login, all(&[number]))
        }
        ["advance" | "win"] => Does::Writes(login, all(&[number])),
        ["lose"] => Does::Writes(login, all(&[number, "--reason", "price"])),
        ["reopen"] if kind.name == "opportunity" => {
            team.done("admin", &["opportunity", "lose", "OPP-2026-002", "--reason", "price"]);
            Does::Writes(login, all(&["OPP-2026-002"]))
        }
        ["start"] | ["archive"] => Does::Writes(login, all(&[number])),
        ["hold" | "explain"] => Does::Writes(login, all(&[number, "--reason", "x"])),
        ["resume"] => {
            let number = ticket(team);
            team.done("admin", &["ticket", "hold", &number, "--reason", "x"]);
            Does::Writes(login, all(&[&number]))
        }
        ["resolve"] => Does::Writes(login, all(&[number, "--result", "x"])),
        ["confirm"] => {
            let number = ticket(team);
            team.done("admin", &["ticket", "resolve", &number, "--result", "x"]);
            Does::Writes(login, all(&[&number]))
        }
        ["reopen"] if kind.name == "ticket" => Does::Writes(login, all(&[number, "--reason", "x"])),
        ["dispatch"] => Does::Writes(login, all(&[number, "--to", "service"])),
        ["escalate"] => {
            ticket(team);
            Does::Writes(login, all(&["--now", "2026-04-30"]))
        }
        ["queue"] => {
            ticket(team);
            Does::Reads(all(&[]))
        }
        ["reopen"] => {
            team.done("admin", &["lead", "nurture", "LEAD-2026-003"]);
            Does::Writes(login, all(&["LEAD-2026-003"]))
        }
        ["ledger"] => {
            team.done("admin", &["contract", "set", "CON-2026-001", "status=signed", "signed_on=2026-03-01"]);
            Does::Reads(all(&[]))
        }
        ["search"] => Does::Reads(all(&["reset"])),
        ["list"] | ["score"] | ["log"] | ["stages"] => Does::Reads(all(&[])),
        ["show"] | ["chain"] | ["render"] => Does::Reads(all(&[number])),
        _ => return None,
    })
}

/// Adds another ticket of `other`; returns its number.
fn ticket(team: &Team) -> String {
    let usual = ["kind=need", "customer=B2B-2026-002", "content=Foreignco desk", "owner=other"];
    team.done(
        "admin",
        &[&["ticket", "add", "--on-duplicate", "keep", "raised_at=2026-03-10 09:00"][..], &usual].concat(),
    )
}

/// Writes the fields of a new record as a file of one row, with those that a file must have besides.
fn import_file(kind: Kind, new: &[&str]) -> String {
    let (heads, cells): (Vec<&str>, Vec<&str>) =
        new.iter().map(|one| one.split_once('=').unwrap_or(("number", one))).unzip();
    let (more_heads, more_cells) = match kind.name {
        "followup" => (",at,author", ",2026-03-12 08:00,marketing"),
        "lead" => (",acquired_on", ",2026-03-12"),
        "ticket" => (",raised_at", ",2026-03-12 08:00"),
        _ => ("", ""),
    };
    format!("{}{more_heads}\n{}{more_cells}\n", heads.join(","), cells.join(","))
}
