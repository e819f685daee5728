//! The stages of an opportunity: each with its materials, none skipped, won with an approval, whatever the command.

mod common;
#[path = "common/deal.rs"]
mod deal;

use common::Env;
use deal::{NUMBER, deal};
use insta::assert_snapshot;

const DEAL: &str = "opportunities/2026/OPP-2026-001.toml";
const TERMS: [&str; 6] = [
    "products=DESK-01",
    "service_period=24 months",
    "payment_terms=30 days",
    "customer_confirmed=yes",
    "actual_amount=118000",
    "contract_number=HT-1",
];

fn attach(env: &Env, name: &str, kind: &str) {
    env.done(&["attach", NUMBER, &format!("../{name}.pdf"), "--kind", kind]);
}

/// Brings it to the last stage before it is won.
fn negotiate(env: &Env) {
    attach(env, "quote", "quote");
    env.done(&["opportunity", "advance", NUMBER]);
    attach(env, "draft", "合同草案");
    env.done(&["opportunity", "advance", NUMBER]);
}

/// Brings it to be won.
fn win(env: &Env) {
    negotiate(env);
    attach(env, "signed", "contract");
    env.done(&[&["opportunity", "win", NUMBER][..], &TERMS].concat());
}

#[test]
fn each_stage_is_entered_with_its_materials() {
    let env = deal();
    let commits = env.git_done(&["rev-list", "--count", "HEAD"]);
    assert_snapshot!(env.refused(6, &["opportunity", "advance", NUMBER]), @"
    error: `OPP-2026-001` lacks what the stage Proposal wants
      a file of the kind Quote or a file of the kind Proposal: `kehu attach OPP-2026-001 FILE --kind quote`
    ");
    assert_snapshot!(env.refused(6, &["opportunity", "set", NUMBER, "stage=negotiation", "--lang", "zh"]), @"
    错误：`OPP-2026-001` 尚缺阶段“商务谈判”所需材料
      须先经过方案提交：用 `kehu opportunity advance OPP-2026-001` 进入“方案提交”
      附件“报价单”或附件“方案”：`kehu attach OPP-2026-001 文件 --kind quote`
      附件“合同草案”：`kehu attach OPP-2026-001 文件 --kind contract_draft`
    ");
    assert_eq!(env.git_done(&["rev-list", "--count", "HEAD"]), commits);
    negotiate(&env);
    assert!(env.read(DEAL).starts_with("stage = \"negotiation\"\n"));
    assert_snapshot!(env.refused(5, &["opportunity", "advance", NUMBER]), @"
    error: `OPP-2026-001` is in the last stage before it is won
    hint: `kehu opportunity win OPP-2026-001` or `kehu opportunity lose OPP-2026-001 --reason …` closes it
    ");
    assert_snapshot!(env.refused(6, &["opportunity", "win", NUMBER]), @"
    error: `OPP-2026-001` lacks what the stage Won wants
      a signed contract or a deposit paid: `kehu contract sign`, `kehu attach OPP-2026-001 FILE --kind contract`, or `kehu contract receive` for a deposit
      Products: give `products=…`
      Service period: give `service_period=…`
      Payment terms: give `payment_terms=…`
      Customer confirmed: give `customer_confirmed=yes`
      Actual amount: give `actual_amount=…`
      Contract number: give `contract_number=…`
    ");
    assert_snapshot!(env.refused(6, &["opportunity", "win", NUMBER, "--lang", "zh", "--dry-run"]), @"
    错误：`OPP-2026-001` 尚缺阶段“成交”所需材料
      已签订的合同或已付定金：`kehu contract sign`，`kehu attach OPP-2026-001 文件 --kind 合同`，或用 `kehu contract receive` 登记定金
      产品：填写 `产品=…`
      服务周期：填写 `服务周期=…`
      付款条件：填写 `付款条件=…`
      客户已确认履约：填写 `客户已确认履约=是`
      实际成交金额：填写 `实际成交金额=…`
      合同编号：填写 `合同编号=…`
    ");
}

#[test]
fn winning_makes_a_won_customer_in_the_same_commit_and_is_taken_back_whole() {
    let env = deal();
    negotiate(&env);
    attach(&env, "signed", "contract");
    let before = env.read(DEAL);
    env.done(&[&["opportunity", "win", NUMBER][..], &TERMS].concat());
    let files = env.git_done(&["show", "--name-only", "--format=%s", "HEAD"]);
    assert_snapshot!(files, @"
    opportunity: win B2B-2026-001, OPP-2026-001 type, …

    customers/2026/B2B-2026-001.toml
    opportunities/2026/OPP-2026-001.toml
    ");
    let customer = env.read("customers/2026/B2B-2026-001.toml");
    assert!(
        customer.contains("type = \"won\"\n") && customer.contains("first_cooperation_on = 2026-03-12\n"),
        "{customer}"
    );
    assert!(env.read(DEAL).contains("closed_on = 2026-03-12\n"));
    assert_eq!(env.run(&["check"]).code, 0);
    env.done(&["undo"]);
    assert_eq!(env.read(DEAL), before);
    assert!(env.read("customers/2026/B2B-2026-001.toml").contains("type = \"intent\"\n"));
}

#[test]
fn what_a_stage_stands_on_cannot_be_taken_away() {
    let env = deal();
    win(&env);
    for change in ["products=", "contract_number=", "customer_confirmed=no", "actual_amount="] {
        let said = env.refused(6, &["opportunity", "set", NUMBER, change]);
        assert!(said.contains("lacks what the stage Won wants"), "{change}: {said}");
    }
    // By an editor, by hand and by undo it is the same.
    let without = env.read(DEAL).split("\n[[attachments]]").next().unwrap().to_string();
    env.write("opportunities/2026/OPP-2026-001.toml", &without);
    let said = env.refused(6, &["commit"]);
    assert!(said.contains("a file of the kind Quote"), "{said}");
    env.git_done(&["checkout", "-q", "."]);
    let attached = env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)", "--grep", "attach"]);
    assert!(env.refused(6, &["undo", &attached]).contains("lacks what the stage Won wants"));
    // Going back is free; what it was won for stays.
    env.done(&["opportunity", "reopen", NUMBER]);
    let reopened = env.read(DEAL);
    assert!(reopened.starts_with("stage = \"negotiation\"\n") && !reopened.contains("closed_on"), "{reopened}");
    assert!(!reopened.contains("actual_amount") && !reopened.contains("customer_confirmed"), "{reopened}");
    env.done(&["opportunity", "lose", NUMBER, "--reason", "other", "--note", "给了别人"]);
    assert!(
        env.read(DEAL).contains("lost_stage = \"negotiation\"\nlost_reason = \"other\"\nlost_note = \"给了别人\"\n")
    );
    env.done(&["opportunity", "reopen", NUMBER]);
    assert!(!env.read(DEAL).contains("lost_"));
}

#[test]
fn a_contract_shows_that_it_is_signed_or_paid_and_is_held_to_it() {
    let env = deal();
    attach(&env, "quote", "quote");
    env.done(&["opportunity", "advance", NUMBER]);
    let contract = ["name=Desks", "customer=Acme", "amount=118000", "owner=li"];
    env.done(&[&["contract", "add", "opportunity=OPP-2026-001"][..], &contract].concat());
    env.done(&["opportunity", "advance", NUMBER]);
    let terms: Vec<&str> = TERMS.into_iter().filter(|term| !term.starts_with("contract_number")).collect();
    let said = env.refused(6, &[&["opportunity", "win", NUMBER][..], &terms].concat());
    assert!(said.contains("a signed contract or a deposit paid"), "a draft is not signed: {said}");
    env.done(&["contract", "set", "CON-2026-001", "status=signed", "signed_on=2026-03-12"]);
    env.done(&[&["opportunity", "win", NUMBER][..], &terms].concat());
    for change in [
        &["contract", "set", "CON-2026-001", "status=draft"][..],
        &["contract", "set", "CON-2026-001", "opportunity="],
        &["contract", "rm", "CON-2026-001", "--confirm", "CON-2026-001"],
    ] {
        let said = env.refused(6, change);
        assert!(said.contains("`OPP-2026-001` lacks what the stage Won wants"), "{change:?}: {said}");
    }
    env.done(&["contract", "set", "CON-2026-001", "remark=x"]);
    assert_eq!(env.run(&["check"]).code, 0);
}

#[test]
fn much_is_won_with_an_approval_of_as_much() {
    let env = deal();
    negotiate(&env);
    attach(&env, "signed", "contract");
    env.done(&["opportunity", "set", NUMBER, "amount=620000"]);
    assert_snapshot!(env.done(&["approve"]), @"
    Number        Opportunity  Customer          Amount  Expected close  Owner
    ------------  -----------  ------------  ----------  --------------  -----
    OPP-2026-001  Desks        B2B-2026-001  620,000.00  2026-05-01      li
    ");
    let mut terms = TERMS;
    terms[4] = "actual_amount=620000";
    let winning = [&["opportunity", "win", NUMBER][..], &terms].concat();
    assert_snapshot!(env.refused(6, &winning), @"
    error: `OPP-2026-001` lacks what the stage Won wants
      a manager's approval of 620000.00 (wanted above 500000.00): a manager runs `kehu approve OPP-2026-001 --amount 620000.00`
    ");
    env.done(&["approve", NUMBER, "--amount", "60万", "--note", "到此为止"]);
    assert!(env.refused(6, &winning).contains("approval of 620000.00"));
    env.done(&["approve", NUMBER]);
    assert_eq!(env.run(&["approve", "-q"]).stdout, "");
    env.done(&winning);
    assert_snapshot!(env.refused(5, &["approve", NUMBER]), @"error: `OPP-2026-001` is closed");
    assert!(env.refused(6, &["opportunity", "set", NUMBER, "actual_amount=700000"]).contains("approval of 700000.00"));
}

#[test]
fn approvals_are_a_managers_in_that_persons_own_name() {
    let env = deal();
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("boss", "manager", "east"), ("other", "manager", "west")]);
    let by = |login: &str, args: &[&str]| {
        let mut command = env.command(args);
        command.env("GIT_AUTHOR_EMAIL", format!("{login}@example.com"));
        command.env("GIT_COMMITTER_EMAIL", format!("{login}@example.com"));
        env.finish(command)
    };
    assert_snapshot!(by("li", &["approve", NUMBER]).stderr, @"
    error: `OPP-2026-001` is not yours to approve; managers approve the deals of their department, in their own name, and not their own deals
    hint: `boss` could do it
    ");
    assert_eq!(by("other", &["approve", NUMBER]).code, 7);
    assert_eq!(by("li", &["opportunity", "set", NUMBER, "materials_waived=x", "stage=won"]).code, 7);
    assert_eq!(by("boss", &["approve", NUMBER]).code, 0);
    assert!(env.read(DEAL).contains("by = \"boss\"\namount = \"120000.00\"\n"));
    // A manager's own deal is another's to approve.
    env.done(&["opportunity", "set", NUMBER, "owner=boss"]);
    let own = by("boss", &["approve", NUMBER, "--amount", "1"]);
    assert!(own.code == 7 && own.stderr.contains("Ada"), "{own}");
    assert_eq!(by("boss", &["opportunity", "set", NUMBER, "materials_waived=x", "stage=won"]).code, 7);
    env.done(&["approve", NUMBER]);
}

#[test]
fn a_waiver_lets_a_deal_from_before_through_for_its_stage() {
    let env = deal();
    env.done(&["opportunity", "set", NUMBER, "stage=won", "materials_waived=from the old system"]);
    assert_eq!(env.run(&["check"]).code, 0);
    assert!(env.refused(6, &["opportunity", "reopen", NUMBER]).contains("lacks what the stage Negotiation wants"));
    env.done(&["opportunity", "set", NUMBER, "stage=needs"]);
    assert!(!env.read(DEAL).contains("materials_waived"));
    // A waiver is for the stage it was given in, whoever edits the file.
    env.done(&["opportunity", "set", NUMBER, "materials_waived=old"]);
    env.edit(DEAL, "stage = \"needs\"", "stage = \"won\"");
    assert!(env.refused(6, &["commit"]).contains("lacks what the stage Won wants"));
    env.git_done(&["checkout", "-q", "."]);
    env.done(&["opportunity", "set", NUMBER, "materials_waived="]);
    env.write("opportunities/2026/OPP-2026-001.toml", &env.read(DEAL).replace("\"needs\"", "\"won\""));
    env.git_done(&["commit", "-qam", "by hand"]);
    let checked = env.run(&["check"]);
    assert!(checked.code != 0 && checked.stdout.contains("stage-material"), "{checked}");
}

/// Runs it at a moment of March 2026.
fn at(env: &Env, day: u32, args: &[&str]) -> String {
    env.done(&[args, &["--now", &format!("2026-03-{day:02}T10:00:00+08:00")]].concat())
}

#[test]
fn the_history_of_stages_is_gits() {
    let env = deal();
    at(&env, 13, &["attach", NUMBER, "../quote.pdf", "--kind", "quote"]);
    at(&env, 15, &["opportunity", "advance", NUMBER]);
    at(&env, 18, &["opportunity", "lose", NUMBER, "--reason", "price"]);
    at(&env, 20, &["opportunity", "reopen", NUMBER]);
    assert_snapshot!(at(&env, 25, &["opportunity", "stages", NUMBER]), @"
    Opportunity   Name   From      Stage     Since             By         Days
    ------------  -----  --------  --------  ----------------  ---------  ----
    OPP-2026-001  Desks            Needs     2026-03-12 09:30  Test User     3
    OPP-2026-001  Desks  Needs     Proposal  2026-03-15 10:00  Test User     3
    OPP-2026-001  Desks  Proposal  Lost      2026-03-18 10:00  Test User     2
    OPP-2026-001  Desks  Lost      Proposal  2026-03-20 10:00  Test User     5
    ");
    assert_snapshot!(at(&env, 25, &["opportunity", "stages", "--as-of", "2026-03-16", "--lang", "zh"]), @"
    商机          商机名称  原阶段    阶段      进入时间          操作人     停留天数
    ------------  --------  --------  --------  ----------------  ---------  --------
    OPP-2026-001  Desks               需求确认  2026-03-12 09:30  Test User         3
    OPP-2026-001  Desks     需求确认  方案提交  2026-03-15 10:00  Test User       1.6
    ");
    let json: serde_json::Value = serde_json::from_str(&at(&env, 25, &["opportunity", "stages", "--json"])).unwrap();
    assert_eq!(json["stages"][1]["days"], "3");
    assert_eq!(json["stages"].as_array().unwrap().len(), 4);
}

#[test]
fn a_closed_deal_wants_a_review_and_cases_are_found_by_words() {
    let env = deal();
    at(&env, 12, &["opportunity", "lose", NUMBER, "--reason", "price", "--note", "对方便宜一成"]);
    let due = |day: u32| {
        let told = at(&env, day, &["due", "--until", "30d", "--json"]);
        let json: serde_json::Value = serde_json::from_str(&told).unwrap();
        let tasks = json["tasks"].as_array().unwrap().clone();
        let reviews = tasks.iter().filter(|task| task["rule"] == "review");
        reviews.map(|task| format!("{} {}", task["due"], task["group"])).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(due(13), "\"2026-03-26\" \"coming\"");
    assert_eq!(due(28), "\"2026-03-26\" \"overdue\"");
    let review = ["factors=交期过长", "factors=未接触决策人", "lesson=先确认交期再报价", "owner=li"];
    let review = [&["review", "add", "opportunity=OPP-2026-001"][..], &review].concat();
    assert_eq!(at(&env, 13, &review), "REV-2026-001");
    assert_eq!(due(28), "");
    assert_snapshot!(env.refused(5, &review), @"
    error: `REV-2026-001` (先确认交期再报价) has the same name or content
    hint: `kehu review set REV-2026-001 …` changes it; `--on-duplicate keep` adds another
    ");
    assert_snapshot!(env.done(&["cases", "交期", "--outcome", "lost"]), @"
    Opportunity  Outcome  Lost because  Factors                 Lesson
    -----------  -------  ------------  ----------------------  ----------------
    Desks        Lost     Price         交期过长, 未接触决策人  先确认交期再报价
    ");
    for (words, found) in [
        (&["决策人", "报价"][..], "REV-2026-001"),
        (&["价格"], "REV-2026-001"),
        (&["Price", "acme"], "REV-2026-001"),
        (&["交期", "质量"], ""),
        (&["--outcome", "won"], ""),
        (&["--where", "amount < 1000"], ""),
    ] {
        assert_eq!(env.done(&[&["cases"][..], words, &["-q"]].concat()), found, "{words:?}");
    }
    env.done(&["opportunity", "reopen", NUMBER]);
    assert!(env.run(&["check"]).stdout.contains("early-review"));
}

#[test]
fn what_waits_for_an_approval_is_due_for_owner_and_manager() {
    let env = deal();
    negotiate(&env);
    env.done(&["opportunity", "set", NUMBER, "amount=620000"]);
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("boss", "manager", "east"), ("other", "manager", "west")]);
    let waits = |owner: &str| {
        let json = env.json(&["due", "--owner", owner, "--json"]);
        let tasks = json["tasks"].as_array().unwrap().clone();
        tasks.iter().filter(|task| task["number"] == NUMBER).map(|task| task["rule"].to_string()).collect::<String>()
    };
    assert!(waits("li").contains("approval") && waits("li").contains("idle"));
    assert_eq!(waits("boss"), "\"approval\"", "of what others have, only what is the manager's to do");
    assert_eq!(waits("other"), "");
    env.done(&["approve", NUMBER]);
    assert_eq!(waits("boss"), "");
}

#[test]
fn what_is_attached_can_be_mended_and_called_by_its_name() {
    let env = deal();
    attach(&env, "quote", "contract_draft");
    env.done(&["attach", NUMBER, "../quote.pdf", "--kind", "quote"]);
    assert!(env.read(DEAL).contains("kind = \"quote\"\n"), "called what it is");
    env.git_done(&["rm", "-q", "attachments/OPP-2026-001/quote.pdf"]);
    env.git_done(&["commit", "-qm", "by hand"]);
    assert!(env.run(&["check"]).stdout.contains("attachment-missing"));
    env.done(&["attach", NUMBER, "../quote.pdf", "--kind", "quote"]);
    assert_eq!(env.run(&["check"]).code, 0);
    assert!(env.run(&["attach", NUMBER, "../quote.pdf", "--kind", "quote"]).stderr.contains("attached already"));
}

#[test]
fn a_material_is_a_file_that_is_there() {
    let env = deal();
    let row = r#"{"path":"kehu.toml","kind":"quote","sha256":"00","uploaded_by":"li","uploaded_on":"2026-03-12"}"#;
    for path in ["kehu.toml", "attachments/OPP-2026-002/quote.pdf", "attachments/OPP-2026-001/quote.pdf"] {
        let row = row.replace("kehu.toml", path);
        let line = format!(r#"{{"number":"{NUMBER}","stage":"proposal","attachments":[{row}]}}"#);
        let said = env.run_with(&["opportunity", "set", "--stdin"], line);
        assert!(said.code == 6 && said.stderr.contains("a file of the kind Quote"), "{path}: {said}");
    }
    attach(&env, "quote", "quote");
    env.done(&["opportunity", "advance", NUMBER]);
    env.git_done(&["rm", "-q", "attachments/OPP-2026-001/quote.pdf"]);
    for dry_run in [&[][..], &["--dry-run"]] {
        let said = env.run(&[&["commit"][..], dry_run].concat());
        assert!(said.code == 6 && said.stderr.contains("a file of the kind Quote"), "{said}");
    }
    env.git_done(&["reset", "-q", "--hard"]);
    // What is no text is there all the same.
    std::fs::write(env.dir().join("attachments/OPP-2026-001/scan.bin"), [0xff, 0xfe, 0]).unwrap();
    assert_eq!(env.run(&["commit", "--dry-run"]).code, 0);
}

#[test]
fn an_open_deal_says_nothing_of_a_close() {
    let env = deal();
    let said = env.refused(6, &["opportunity", "set", NUMBER, "lost_reason=price"]);
    assert!(said.contains("an open opportunity has no"), "{said}");
    env.done(&["opportunity", "lose", NUMBER, "--reason", "price"]);
    let said = env.refused(5, &["opportunity", "win", NUMBER]);
    assert!(said.contains("`kehu opportunity reopen OPP-2026-001` opens it again"), "{said}");
}

#[test]
fn a_deal_is_reviewed_by_whose_it_is() {
    let env = deal();
    env.done(&["opportunity", "lose", NUMBER, "--reason", "price"]);
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("other", "sales", "west")]);
    let by = |login: &str, args: &[&str]| {
        let mut command = env.command(args);
        command.env("GIT_AUTHOR_EMAIL", format!("{login}@example.com"));
        command.env("GIT_COMMITTER_EMAIL", format!("{login}@example.com"));
        env.finish(command)
    };
    let review = ["review", "add", "opportunity=OPP-2026-001", "factors=x", "lesson=y"];
    let refused = by("other", &review);
    assert!(refused.code == 7 && refused.stderr.contains("the review cannot go to `OPP-2026-001`"), "{refused}");
    assert_eq!(by("other", &["opportunity", "advance", NUMBER]).code, 7, "not even its stage is told");
    assert_eq!(by("li", &review).code, 0);
}
