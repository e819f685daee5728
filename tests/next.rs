//! What comes next: every hint is a command that the program reads, and following them leads through the sales loop.

mod common;

use common::{Env, Output};
use kehu::cli::grammar;
use kehu::record::{Lang, Words};
use kehu::rules::next::{TABLE, hint, same};
use std::collections::BTreeSet;

/// Returns the commands that stand in backticks, as words.
fn commands(text: &str) -> Vec<Vec<String>> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.map(|one| one.split_whitespace().map(String::from).collect()).collect()
}

/// Runs a command where hints are wanted.
fn run(env: &Env, args: &[&str]) -> Output {
    let mut command = env.command(args);
    command.env("KEHU_HINTS", "always");
    env.finish(command)
}

/// Runs a command that must succeed; returns what it says comes next.
#[track_caller]
fn next(env: &Env, args: &[&str]) -> String {
    let output = run(env, args);
    assert_eq!(output.code, 0, "{args:?}\n{output}");
    let hints: Vec<&str> = output.stderr.lines().filter_map(|line| line.strip_prefix("next: ")).collect();
    assert!(hints.len() < 2, "{hints:?}");
    hints.concat()
}

#[test]
fn every_hint_is_of_commands_that_are_read() {
    let fields = ("fields", Words { en: "amount=… products=…".into(), zh: "金额=… 产品=…".into() });
    let sample = |name: &'static str| match name {
        "owner" => same(name, "li.ming"),
        "amount" => same(name, "1200.00"),
        "kind" => same(name, "quote"),
        "step" => same(name, "advance"),
        "fields" => fields.clone(),
        "stage" | "missing" | "day" | "days" => same(name, "x"),
        _ => same(name, "OPP-2026-001"),
    };
    let names = [
        "number", "owner", "amount", "kind", "step", "fields", "stage", "missing", "day", "days", "contract",
        "customer",
    ];
    for rule in &TABLE {
        for done in rule.after {
            let words = hint(done, &(rule.state, names.map(sample).to_vec())).unwrap();
            for (lang, text) in [(Lang::En, &words.en), (Lang::Zh, &words.zh)] {
                assert!(!text.contains(['{', '}']), "{text}");
                let all = commands(text);
                assert!(!all.is_empty(), "{text}");
                for line in all {
                    let matches = grammar::command(lang).try_get_matches_from(&line);
                    let matches = matches.unwrap_or_else(|error| panic!("{line:?}: {error}"));
                    grammar::parse(&matches).unwrap_or_else(|error| panic!("{line:?}: {error:?}"));
                }
            }
        }
    }
}

#[test]
fn every_line_of_the_table_is_reached_and_follows_a_command() {
    let mut seen = BTreeSet::new();
    for rule in &TABLE {
        for done in rule.after {
            assert!(seen.insert((*done, format!("{:?}", rule.state))), "{done} {:?} stands twice", rule.state);
            let help = grammar::command(Lang::En)
                .try_get_matches_from(["kehu"].into_iter().chain(done.split(' ')).chain(["--help"]))
                .expect_err("help is no match");
            assert_eq!(help.kind(), clap::error::ErrorKind::DisplayHelp, "`kehu {done}` is no command");
        }
    }
}

/// A team of a manager, who acts, and a seller.
fn team() -> Env {
    let env = Env::repository("en");
    env.done(&["user", "add", "boss", "name=Boss", "email=test@example.com", "role=admin", "department=east"]);
    env.users(&[("li", "sales", "east"), ("ying", "service", "east")]);
    env.done(&["product", "add", "DESK-01", "name=Desk", "price_min=1000", "price_max=500000"]);
    env
}

const LEAD: [&str; 7] =
    ["lead", "add", "company=Acme", "phone=13800138001", "contact_name=Chen", "region=Hangzhou", "source=hotline"];

/// What tells of a lead all that its score wants.
const FACTS: [&str; 5] =
    ["urgency=within_3_months", "budget_fit=within", "size=large", "decision_chain=confirmed", "intent=interested"];

fn talk<'a>(subject: &'a str, points: &'a str) -> [&'a str; 7] {
    ["followup", "add", subject, "method=phone", points, "next_action=offer", "next_on=2026-03-16"]
}

#[test]
fn hints_lead_from_a_lead_to_an_opportunity() {
    let env = team();
    assert_eq!(next(&env, &LEAD), "`kehu lead assign LEAD-2026-001 --auto` finds an owner");
    assert_eq!(
        next(&env, &["lead", "assign", "LEAD-2026-001", "--auto"]),
        "`kehu due --owner li` tells who is to be contacted when"
    );
    assert_eq!(
        next(&env, &talk("LEAD-2026-001", "points=called")),
        "`kehu lead score LEAD-2026-001 --explain` shows what to find out: \
         purchase date, budget, company size, decision maker, intent"
    );
    assert_eq!(next(&env, &[&["lead", "set", "LEAD-2026-001"][..], &FACTS].concat()), "");
    assert_eq!(
        next(&env, &talk("LEAD-2026-001", "points=met")),
        "`kehu lead qualify LEAD-2026-001`, if it is worth selling to; nothing is missing"
    );
    assert_eq!(
        next(&env, &["lead", "qualify", "LEAD-2026-001"]),
        "`kehu lead convert LEAD-2026-001 amount=… expected_on=…` makes customer and opportunity"
    );
    assert_eq!(
        next(&env, &["lead", "convert", "LEAD-2026-001", "amount=120000", "expected_on=2026-05-01"]),
        "`kehu attach OPP-2026-001 FILE --kind quote`; Proposal wants a file of the kind Quote or a file of the kind Proposal"
    );
    assert_eq!(next(&env, &talk("OPP-2026-001", "points=sent")), "", "of leads alone");
}

#[test]
fn hints_lead_from_an_opportunity_to_the_last_payment() {
    let env = team();
    env.done(&["customer", "add", "name=Acme", "region=Hangzhou", "source=hotline", "type=intent", "owner=li"]);
    for name in ["quote", "draft", "signed"] {
        env.write(&format!("../{name}.pdf"), name);
    }
    let deal =
        ["opportunity", "add", "name=Desks", "customer=Acme", "amount=120000", "expected_on=2026-05-01", "owner=li"];
    assert!(next(&env, &deal).starts_with("`kehu attach OPP-2026-001 FILE --kind quote`"));
    assert_eq!(
        next(&env, &["attach", "OPP-2026-001", "../quote.pdf", "--kind", "quote"]),
        "`kehu opportunity advance OPP-2026-001` takes it to Proposal; nothing is missing"
    );
    assert_eq!(
        next(&env, &["opportunity", "advance", "OPP-2026-001"]),
        "`kehu attach OPP-2026-001 FILE --kind contract_draft`; Negotiation wants a file of the kind Contract draft"
    );
    env.done(&["attach", "OPP-2026-001", "../draft.pdf", "--kind", "contract_draft"]);
    assert_eq!(next(&env, &["opportunity", "set", "OPP-2026-001", "remark=x"]), "", "no gate wants it");
    assert_eq!(
        next(&env, &["opportunity", "advance", "OPP-2026-001"]),
        "`kehu contract add opportunity=OPP-2026-001 customer=B2B-2026-001 amount=120000.00 name=…`; \
         Won wants a signed contract or a deposit paid, Products, Service period, Payment terms, Customer confirmed, \
         Actual amount, Contract number"
    );
    let contract =
        ["contract", "add", "opportunity=OPP-2026-001", "customer=B2B-2026-001", "amount=120000.00", "name=Desks"];
    let sign = "`kehu contract sign CON-2026-001 --file FILE`, once both have signed";
    assert_eq!(next(&env, &[&contract[..], &["owner=li", "products=DESK-01"]].concat()), sign);
    let plan = ["contract", "plan", "CON-2026-001", "deposit:30%:2026-04-01", "balance:rest:2026-06-30"];
    assert_eq!(next(&env, &plan), sign);
    assert!(next(&env, &["opportunity", "set", "OPP-2026-001", "payment_terms=30/70"]).starts_with(sign));
    assert_eq!(
        next(&env, &["contract", "sign", "CON-2026-001", "--file", "../signed.pdf"]),
        "`kehu opportunity win OPP-2026-001 service_period=… customer_confirmed=yes actual_amount=…` tells what is missing \
         and takes it to Won"
    );
    let told = ["service_period=2026-05 to 2027-04", "customer_confirmed=yes", "actual_amount=120000"];
    assert_eq!(
        next(&env, &[&["opportunity", "win", "OPP-2026-001"][..], &told].concat()),
        "`kehu review add opportunity=OPP-2026-001 factors=… lesson=…` within 14 days"
    );
    assert_eq!(
        next(&env, &["contract", "receive", "CON-2026-001", "36000"]),
        "`kehu contract receive CON-2026-001 84000.00`, when what is due on 2026-06-30 is there"
    );
    assert_eq!(next(&env, &["contract", "receive", "CON-2026-001", "84000"]), "", "all is paid");
}

#[test]
fn a_large_deal_wants_the_word_of_a_manager_first() {
    let env = team();
    env.done(&["customer", "add", "name=Acme", "region=Hangzhou", "source=hotline", "type=intent", "owner=li"]);
    let usual = ["name=Desks", "customer=Acme", "amount=700000", "expected_on=2026-05-01", "owner=li"];
    let waived = ["stage=negotiation", "materials_waived=from before"];
    env.done(&[&["opportunity", "add"][..], &usual, &waived].concat());
    for kind in ["quote", "contract_draft", "contract"] {
        env.write(&format!("../{kind}.pdf"), kind);
    }
    for kind in ["quote", "contract_draft"] {
        env.done(&["attach", "OPP-2026-001", &format!("../{kind}.pdf"), "--kind", kind]);
    }
    let signed = ["attach", "OPP-2026-001", "../contract.pdf", "--kind", "contract"];
    let said = next(&env, &signed);
    assert!(said.starts_with("a manager runs `kehu approve OPP-2026-001 --amount 700000.00`; Won wants "), "{said}");
    let said = next(&env, &["approve", "OPP-2026-001", "--amount", "700000.00"]);
    assert!(said.starts_with("`kehu opportunity win OPP-2026-001 products=… "), "{said}");
    assert_eq!(
        next(&env, &["opportunity", "lose", "OPP-2026-001", "--reason", "price"]),
        "`kehu review add opportunity=OPP-2026-001 factors=… lesson=…` within 14 days"
    );
    env.done(&["review", "add", "opportunity=OPP-2026-001", "factors=x", "lesson=x", "owner=li"]);
    env.done(&["opportunity", "reopen", "OPP-2026-001"]);
    let again = ["opportunity", "lose", "OPP-2026-001", "--reason", "price"];
    assert_eq!(next(&env, &again), "", "it was looked back at");
}

#[test]
fn hints_lead_from_a_ticket_to_the_word_of_the_customer() {
    let env = team();
    env.done(&["customer", "add", "name=Acme", "region=Hangzhou", "source=hotline", "type=won", "owner=li"]);
    let steps: [(&[&str], &str); 5] = [
        (
            &["ticket", "add", "kind=support", "content=does not rise", "customer=Acme"],
            "`kehu ticket dispatch TKT-2026-001` finds a handler",
        ),
        (
            &["ticket", "dispatch", "TKT-2026-001", "--to", "ying"],
            "`kehu ticket start TKT-2026-001`, when the handler begins",
        ),
        (&["ticket", "start", "TKT-2026-001"], "`kehu ticket resolve TKT-2026-001 --result …`, when it is done"),
        (
            &["ticket", "resolve", "TKT-2026-001", "--result", "replaced"],
            "`kehu ticket confirm TKT-2026-001 --satisfaction 5`, with what the customer says of it",
        ),
        (&["ticket", "confirm", "TKT-2026-001", "--satisfaction", "4"], ""),
    ];
    for (args, hint) in steps {
        assert_eq!(next(&env, args), hint, "{args:?}");
    }
}

#[test]
fn what_a_seller_may_not_do_is_no_hint() {
    let env = team();
    let as_li = |args: &[&str]| next(&env, &[args, &["--as", "li"]].concat());
    assert_eq!(as_li(&LEAD), "", "leads are given by a manager; how to claim it is said already");
    assert_eq!(
        as_li(&["pool", "claim", "LEAD-2026-001"]),
        "`kehu followup add LEAD-2026-001 method=phone points=… next_action=… next_on=…` notes the first talk"
    );
    env.write(
        "new.csv",
        "company,contact,phone,region,source\nA,Wu,13800138011,Suzhou,hotline\nB,Wu,13800138012,Suzhou,hotline\n",
    );
    assert_eq!(
        next(&env, &["lead", "import", "new.csv", "--set", "acquired_on=2026-03-11"]),
        "`kehu lead assign --auto` gives those without an owner to whom the rules choose"
    );
    assert_eq!(next(&env, &["lead", "import", "new.csv", "--set", "acquired_on=2026-03-11"]), "", "nothing is new");
    let lone = Env::repository("en");
    assert_eq!(next(&lone, &LEAD), "", "there is nobody to give it to");
}

#[test]
fn hints_are_said_in_chinese_and_only_where_somebody_looks() {
    let env = team();
    let said = run(&env, &[&["--lang", "zh"][..], &LEAD].concat()).stderr;
    assert_eq!(said, "下一步：用 `kehu lead assign LEAD-2026-001 --auto` 分配负责人\n");
    let other = |phone: &'static str| [&LEAD[..3], &[phone, "--on-duplicate", "keep"], &LEAD[4..]].concat();
    assert_eq!(env.run(&other("phone=13800138002")).stderr, "", "in a pipe");
    for (phone, flag) in
        [("phone=13800138003", "--json"), ("phone=13800138004", "-q"), ("phone=13800138005", "--dry-run")]
    {
        let output = run(&env, &[&other(phone)[..], &[flag]].concat());
        assert!(!output.stderr.contains("next") && output.code == 0, "{flag}\n{output}");
    }
}
