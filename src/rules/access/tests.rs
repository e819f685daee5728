//! The roles of DOMAIN, cell by cell: who reads and writes whose records.

mod standing;

use super::*;
use crate::record::{
    ARTICLE, CONTRACT, CUSTOMER, Exit, FOLLOWUP, Failure, KINDS, LEAD, Number, OPPORTUNITY, ORDER, PRODUCT, REVIEW,
    Record, Row, TARGET, TICKET, USER, Value, Words,
};
use crate::rules::Config;
use crate::rules::config::AccessRules;
use chrono::NaiveDate;
use std::sync::Arc;

const TODAY: &str = "2026-03-12";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn user(login: &str, fields: &[(&str, &str)]) -> Record {
    let mut user = Record::new(USER, Number::parse(login).unwrap());
    user.set("email", Value::text(format!("{login}@example.com")));
    for (key, text) in fields {
        user.set(key, if *key == "left_on" { Value::Date(day(text)) } else { Value::text(*text) });
    }
    user
}

/// One user of each role in the department `east`, with a colleague there and somebody elsewhere.
fn team() -> Vec<Record> {
    let east = |login: &str, role| user(login, &[("role", role), ("department", "east")]);
    vec![
        east("sales", "sales"),
        east("service", "service"),
        east("manager", "manager"),
        east("marketing", "marketing"),
        east("admin", "admin"),
        east("colleague", "sales"),
        user("other", &[("role", "sales"), ("department", "west"), ("manager", "western")]),
        user("western", &[("role", "manager"), ("department", "west"), ("manager", "head")]),
        user("head", &[("role", "manager")]),
        user("gone", &[("role", "admin"), ("left_on", "2026-03-11")]),
        user("odd", &[("role", "intern"), ("department", "east")]),
    ]
}

fn policy_of(users: &[Record], rules: AccessRules) -> Arc<Policy> {
    Arc::new(Policy::new(users.iter().map(Member::of).collect(), rules, day(TODAY)))
}

fn access(login: &str) -> Access {
    Access::of_email(&policy_of(&team(), AccessRules::default()), &format!("{login}@example.com"))
}

/// The subjects of follow-ups: a lead of the person asked about, of nobody, of a colleague, of somebody else.
fn subjects(own: &str) -> impl Fn(&str) -> Option<Subject> {
    let own = own.to_string();
    move |number: &str| {
        let (kind, whose) = number.split_once('-')?;
        let kind = if kind == "LEAD" { LEAD } else { CUSTOMER };
        Some(Subject { kind, owner: holder(whose.chars().next()?, &own), customer: None })
    }
}

/// Whose a record is: `o`wn, `p`ool, `c`olleague's, or of somebody else (`x`).
const WHOSE: [char; 4] = ['o', 'p', 'c', 'x'];

fn holder(whose: char, own: &str) -> Option<String> {
    match whose {
        'o' => Some(own.to_string()),
        'p' => None,
        'c' => Some("colleague".to_string()),
        _ => Some("other".to_string()),
    }
}

/// A record of a kind that is whose; a follow-up is about a lead of the same.
fn record(kind: Kind, whose: char, own: &str) -> Record {
    let mut record = Record::new(kind, Number::parse("X-2026-001").unwrap());
    if let (Some(field), Some(login)) = (role::holder_field(kind), holder(whose, own)) {
        record.set(field, Value::text(login));
    }
    if kind == FOLLOWUP {
        record.set("subject", Value::text(format!("LEAD-{whose}")));
    }
    record
}

/// What a role may do with the records of a kind: whose it reads, adds, changes, removes; from whom to whom it may
/// pass them.
type Line = (&'static str, Kind, [&'static str; 4], &'static str);

const MATRIX: [Line; 60] = [
    // Sales: own records and the pool; claims from the pool.
    ("sales", LEAD, ["op", "op", "o", ""], "op po"),
    ("sales", CUSTOMER, ["op", "op", "o", ""], "op po"),
    ("sales", OPPORTUNITY, ["o", "o", "o", ""], ""),
    ("sales", CONTRACT, ["o", "o", "o", ""], ""),
    ("sales", ORDER, ["o", "o", "o", ""], ""),
    ("sales", TICKET, ["o", "op", "o", ""], ""),
    ("sales", ARTICLE, ["opcx", "", "", ""], ""),
    ("sales", REVIEW, ["opcx", "o", "o", ""], ""),
    ("sales", TARGET, ["op", "", "", ""], ""),
    ("sales", FOLLOWUP, ["op", "o", "o", ""], ""),
    ("sales", PRODUCT, ["opcx", "", "", ""], ""),
    ("sales", USER, ["opcx", "", "", ""], ""),
    // Service: customers; follow-ups. What the follow-ups here are about are leads.
    ("service", LEAD, ["", "", "", ""], ""),
    ("service", CUSTOMER, ["opcx", "", "", ""], ""),
    ("service", OPPORTUNITY, ["", "", "", ""], ""),
    ("service", CONTRACT, ["", "", "", ""], ""),
    ("service", ORDER, ["", "", "", ""], ""),
    ("service", TICKET, ["opcx", "opcx", "opcx", ""], "op oc ox po pc px co cp cx xo xp xc"),
    ("service", ARTICLE, ["opcx", "opcx", "opcx", ""], "op oc ox po pc px co cp cx xo xp xc"),
    ("service", REVIEW, ["", "", "", ""], ""),
    ("service", TARGET, ["", "", "", ""], ""),
    ("service", FOLLOWUP, ["o", "", "", ""], ""),
    ("service", PRODUCT, ["opcx", "", "", ""], ""),
    ("service", USER, ["opcx", "", "", ""], ""),
    // Managers: own department; assigns.
    ("manager", LEAD, ["opc", "opc", "opc", "oc"], "op oc po pc co cp"),
    ("manager", CUSTOMER, ["opc", "opc", "opc", "oc"], "op oc po pc co cp"),
    ("manager", OPPORTUNITY, ["oc", "oc", "oc", "oc"], "oc co"),
    ("manager", CONTRACT, ["oc", "oc", "oc", "oc"], "oc co"),
    ("manager", ORDER, ["oc", "oc", "oc", "oc"], "oc co"),
    ("manager", TICKET, ["opc", "opc", "opc", "oc"], "op oc po pc co cp"),
    ("manager", ARTICLE, ["opcx", "oc", "oc", "oc"], "oc co"),
    ("manager", REVIEW, ["opcx", "oc", "oc", "oc"], "oc co"),
    ("manager", TARGET, ["opc", "oc", "oc", "oc"], "oc co"),
    // One without an author is of whom its subject is, so these may be left without.
    ("manager", FOLLOWUP, ["opc", "oc", "oc", "oc"], "op oc co cp"),
    ("manager", PRODUCT, ["opcx", "", "", ""], ""),
    ("manager", USER, ["opcx", "", "", ""], ""),
    // Marketing: leads; those without owner.
    ("marketing", LEAD, ["opcx", "p", "p", ""], ""),
    ("marketing", CUSTOMER, ["", "", "", ""], ""),
    ("marketing", OPPORTUNITY, ["", "", "", ""], ""),
    ("marketing", CONTRACT, ["", "", "", ""], ""),
    ("marketing", ORDER, ["", "", "", ""], ""),
    ("marketing", TICKET, ["", "", "", ""], ""),
    ("marketing", ARTICLE, ["opcx", "", "", ""], ""),
    ("marketing", REVIEW, ["opcx", "", "", ""], ""),
    ("marketing", TARGET, ["", "", "", ""], ""),
    ("marketing", FOLLOWUP, ["opcx", "", "", ""], ""),
    ("marketing", PRODUCT, ["opcx", "", "", ""], ""),
    ("marketing", USER, ["opcx", "", "", ""], ""),
    // Admins: all.
    ("admin", LEAD, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", CUSTOMER, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", OPPORTUNITY, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", CONTRACT, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", ORDER, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", TICKET, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", ARTICLE, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", REVIEW, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", TARGET, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", FOLLOWUP, ["opcx", "opcx", "opcx", "opcx"], "op oc ox po pc px co cp cx xo xp xc"),
    ("admin", PRODUCT, ["opcx", "opcx", "opcx", "opcx"], ""),
    ("admin", USER, ["opcx", "opcx", "opcx", "opcx"], ""),
];

#[test]
fn every_role_reads_and_writes_what_the_domain_says() {
    for (login, kind, [reads, adds, changes, removes], hands) in MATRIX {
        let (access, find) = (access(login), subjects(login));
        let of = |whose: char| record(kind, whose, login);
        let allowed =
            |test: &dyn Fn(Record) -> bool| WHOSE.into_iter().filter(|whose| test(of(*whose))).collect::<String>();
        let changed = |one: &Record| {
            let mut after = one.clone();
            after.row.set_custom("note", Value::text("x"));
            after
        };
        let place = format!("{login} {kind}");
        assert_eq!(allowed(&|one| access.may_read(&one, &find)), reads, "{place} reads");
        assert_eq!(allowed(&|one| access.may_write(None, Some(&one), &find).is_ok()), adds, "{place} adds");
        let changes_one = |one: Record| access.may_write(Some(&one), Some(&changed(&one)), &find).is_ok();
        assert_eq!(allowed(&changes_one), changes, "{place} changes");
        assert_eq!(allowed(&|one| access.may_write(Some(&one), None, &find).is_ok()), removes, "{place} removes");
        if role::holder_field(kind).is_some() {
            assert_eq!(passes(&access, kind, login), hands, "{place} passes on");
        }
    }
}

/// Returns from whom to whom records of a kind may be passed.
fn passes(access: &Access, kind: Kind, login: &str) -> String {
    let find = subjects(login);
    let mut allowed = Vec::new();
    for (from, to) in WHOSE.into_iter().flat_map(|from| WHOSE.map(|to| (from, to))).filter(|(from, to)| from != to) {
        let before = record(kind, from, login);
        let mut after = before.clone();
        let field = role::holder_field(kind).unwrap();
        match holder(to, login) {
            Some(next) => drop(after.set(field, Value::text(next))),
            None => drop(after.remove(field)),
        }
        if access.may_write(Some(&before), Some(&after), &find).is_ok() {
            allowed.push(format!("{from}{to}"));
        }
    }
    allowed.join(" ")
}

#[test]
fn the_matrix_has_every_role_and_kind_and_roles_are_those_of_the_dictionary() {
    let mut lines: Vec<(&str, &str)> = MATRIX.iter().map(|(role, kind, ..)| (*role, kind.name)).collect();
    lines.dedup();
    assert_eq!(lines.len(), Role::ALL.len() * KINDS.len());
    let config = Config::default();
    let keys: Vec<&str> = config.dictionary.get("role").unwrap().iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, Role::ALL.map(Role::key));
    for kind in KINDS {
        assert!(rights(Role::Admin, kind).remove.is_all(), "`{kind}` lacks a line in the table");
    }
}

#[test]
fn service_writes_follow_ups_with_customers_and_sales_only_about_their_own() {
    let followup = |author: &str, subject: &str| {
        let mut followup = Record::new(FOLLOWUP, Number::parse("20260312T093000-k7x2").unwrap());
        followup.set("author", Value::text(author));
        followup.set("subject", Value::text(subject));
        followup
    };
    for (login, author, subject, allowed) in [
        ("service", "service", "CUSTOMER-x", true),
        ("service", "service", "CUSTOMER-p", true),
        ("service", "sales", "CUSTOMER-x", false),
        ("service", "service", "LEAD-p", false),
        ("sales", "sales", "LEAD-o", true),
        ("sales", "sales", "CUSTOMER-o", true),
        ("sales", "sales", "LEAD-p", false),
        ("sales", "sales", "LEAD-c", false),
        ("sales", "colleague", "LEAD-o", false),
        ("manager", "colleague", "LEAD-p", true),
        ("manager", "manager", "LEAD-x", false),
        ("manager", "other", "LEAD-o", false),
        // Whether what it is about is there, the checks say.
        ("sales", "sales", "NOTHING", true),
    ] {
        let (one, find) = (followup(author, subject), subjects(login));
        let written = access(login).may_write(None, Some(&one), &find).is_ok();
        assert_eq!(written, allowed, "{login} for {author} about {subject}");
    }
    let reads =
        |login: &str, author: &str, subject: &str| access(login).may_read(&followup(author, subject), &subjects(login));
    assert!(
        reads("sales", "other", "LEAD-o") && reads("sales", "sales", "LEAD-x") && !reads("sales", "other", "LEAD-x")
    );
    assert!(reads("service", "other", "CUSTOMER-x") && !reads("service", "other", "LEAD-p"));
    assert!(reads("marketing", "other", "LEAD-x") && !reads("marketing", "other", "CUSTOMER-x"));
}

#[test]
fn what_belongs_to_a_customer_is_read_with_it_and_written_by_its_owner() {
    // Of whom the customer is, seen by each; the lead and the opportunity are of somebody else.
    for (login, whose, reads) in [
        ("sales", 'o', true),
        ("sales", 'p', true),
        ("sales", 'c', false),
        ("service", 'x', true),
        ("manager", 'c', true),
        ("manager", 'x', false),
    ] {
        let customer = format!("CUSTOMER-{whose}");
        let known = subjects(login);
        let find = |number: &str| match number {
            "LEAD-1" | "OPP-1" => {
                let kind = if number == "LEAD-1" { LEAD } else { OPPORTUNITY };
                Some(Subject { kind, owner: holder('x', login), customer: Some(customer.clone()) })
            }
            other => known(other),
        };
        for (kind, number, field) in [(LEAD, "LEAD-1", "converted_to"), (OPPORTUNITY, "OPP-1", "customer")] {
            let mut one = record(kind, 'x', login);
            one.set(field, Value::text(customer.as_str()));
            let mut followup = record(FOLLOWUP, 'x', login);
            followup.set("subject", Value::text(number));
            let access = access(login);
            assert_eq!(access.may_read(&one, &find), reads, "{login} {kind} of {customer}");
            assert_eq!(access.may_read(&followup, &find), reads, "{login} follow-up with {kind} of {customer}");
            assert!(
                access.may_write(Some(&one), None, &find).is_err()
                    && access.may_write(None, Some(&one), &find).is_err()
            );
        }
    }
}

#[test]
fn a_manager_has_those_who_report_too_through_others() {
    let policy = policy_of(&team(), AccessRules::default());
    let people = |login: &str| {
        let mut people: Vec<&str> = policy.people(policy.by_login(login).unwrap()).into_iter().collect();
        people.sort_unstable();
        people.join(" ")
    };
    assert_eq!(people("head"), "head other western");
    assert_eq!(people("western"), "other western");
    assert_eq!(people("manager"), "admin colleague manager marketing odd sales service");
    assert_eq!(people("gone"), "gone", "no department is none to share");
}

#[test]
fn who_is_no_user_reads_users_and_products_and_writes_nothing() {
    for email in ["stranger@example.com", "gone@example.com", "odd@example.com", ""] {
        let access = Access::of_email(&policy_of(&team(), AccessRules::default()), email);
        let find = subjects("x");
        for kind in KINDS {
            let one = record(kind, 'p', "x");
            assert_eq!(access.may_read(&one, &find), kind == USER || kind == PRODUCT, "{email} {kind}");
            for (before, after) in [(None, Some(&one)), (Some(&one), Some(&one)), (Some(&one), None)] {
                assert!(access.may_write(before, after, &find).is_err(), "{email} {kind}");
            }
        }
        assert!(access.may_write_file("notes.md", &find).is_err());
        assert_eq!(access.refuse_unknown().unwrap_err().exit, Exit::Denied);
    }
}

#[test]
fn configuration_is_for_admins_and_attachments_follow_their_record() {
    let find = subjects("sales");
    for path in ["kehu.toml", "config/scoring.toml", "users/x.toml", ".gitattributes", "leads/.gitattributes"] {
        assert!(access("manager").may_write_file(path, &find).is_err(), "{path}");
        assert!(access("admin").may_write_file(path, &find).is_ok(), "{path}");
    }
    for (path, allowed) in [
        ("notes.md", true),
        ("attachments/CUSTOMER-o/contract.pdf", true),
        ("attachments/CUSTOMER-x/contract.pdf", false),
        ("attachments/CUSTOMER-p/contract.pdf", false),
    ] {
        assert_eq!(access("sales").may_write_file(path, &find).is_ok(), allowed, "{path}");
    }
}

#[test]
fn a_refusal_names_the_rule_and_who_could_do_it() {
    let find = subjects("sales");
    let refused = |login: &str, before: Option<&Record>, after: Option<&Record>| {
        let failure = access(login).may_write(before, after, &find).unwrap_err().into_failure();
        let hints: Vec<String> = failure.hints.iter().map(|hint| hint.en.to_string()).collect();
        format!("{} | {}", failure.message.en, hints.join(" | "))
    };
    let [own, pool, colleague, other] = WHOSE.map(|whose| record(LEAD, whose, "sales"));
    let rule = Role::Sales.rule().en;
    assert_eq!(
        refused("sales", Some(&colleague), Some(&colleague)),
        format!(
            "`X-2026-001` is not yours to change: it belongs to `colleague`; {rule} | `manager`, `colleague` could do it"
        )
    );
    assert_eq!(
        refused("sales", Some(&own), None),
        format!(
            "`X-2026-001` is not yours to remove: it belongs to `sales`; {rule} | what you added and nobody changed \
             since, `kehu undo` takes back | `manager` could do it"
        )
    );
    assert_eq!(
        refused("sales", Some(&pool), Some(&pool)),
        format!(
            "`X-2026-001` is in the pool, and not yours to change; {rule} | `kehu pool claim X-2026-001` claims it \
             first | `head`, `manager`, `western` could do it"
        )
    );
    assert_eq!(
        refused("manager", Some(&colleague), Some(&other)),
        format!(
            "`X-2026-001` is not yours to assign to `other`: it belongs to `colleague`; {} | `admin` could do it",
            Role::Manager.rule().en
        )
    );
    let Words { en, zh } = access("stranger").refuse_unknown().unwrap_err().message;
    assert_eq!(en, "git's address `stranger@example.com` is no user's, and roles hold here");
    assert!(zh.contains("stranger@example.com"));
    let hidden = access("sales").refuse_hidden(&other, &find).unwrap_err();
    assert_eq!(
        hidden.message.en,
        "`X-2026-001` is not yours to read: it belongs to `other`; you read own records and the pool"
    );
    assert_eq!(hidden.hints[0].en, "`head`, `western`, `marketing` may read it");
}

#[test]
fn a_record_with_no_fields_left_is_nobodys() {
    let broken = Record { row: Row::new(LEAD.fields), ..record(LEAD, 'x', "sales") };
    assert!(access("sales").may_write(Some(&record(LEAD, 'x', "sales")), Some(&broken), &subjects("sales")).is_err());
}
