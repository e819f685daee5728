//! Opportunities: added, listed, due, followed up, and what the pool makes of their customers.

mod common;

use common::Env;
use insta::assert_snapshot;

/// A repository with the customer `B2B-2026-001` of `li`.
fn shop() -> Env {
    let env = Env::repository("en");
    env.done(&["customer", "add", "name=Acme", "region=Hangzhou", "source=hotline", "type=intent", "owner=li"]);
    env
}

/// Adds an opportunity with it; returns its number.
fn sell(env: &Env, more: &[&str]) -> String {
    let usual = ["name=Desks", "customer=Acme", "owner=li", "amount=100000", "expected_on=2026-05-01"];
    let given = |key: &str| more.iter().any(|one| one.split('=').next() == key.split('=').next());
    let usual: Vec<&str> = usual.into_iter().filter(|fact| !given(fact)).collect();
    env.done(&[&["opportunity", "add"][..], &usual, more].concat())
}

fn at<'a>(args: &[&'a str], day: &'a str) -> Vec<&'a str> {
    [args, &["--now", day]].concat()
}

#[test]
fn an_opportunity_has_a_stage_a_chance_and_a_weighted_amount() {
    let env = shop();
    assert_eq!(sell(&env, &[]), "OPP-2026-001");
    assert_snapshot!(env.read("opportunities/2026/OPP-2026-001.toml"), @r#"
    stage = "needs"
    name = "Desks"
    customer = "B2B-2026-001"
    amount = "100000.00"
    expected_on = 2026-05-01
    opened_on = 2026-03-12
    owner = "li"
    "#);
    env.done(&["opportunity", "set", "OPP-2026-001", "stage=商务谈判", "免材料原因=历史商机"]);
    sell(&env, &["name=Chairs", "amount=500.05", "probability=50", "probability_reason=known buyer"]);
    assert_snapshot!(env.done(&["opportunity", "list"]), @"
    Number        Opportunity  Customer  Stage            Amount   Weighted  Expected close  Owner
    ------------  -----------  --------  -----------  ----------  ---------  --------------  -----
    OPP-2026-001  Desks        Acme      Negotiation  100,000.00  70,000.00  2026-05-01      li
    OPP-2026-002  Chairs       Acme      Needs            500.05     250.03  2026-05-01      li
    ");
    let most = env.done(&["opp", "list", "--where", "weighted >= 5万 and customer = B2B-2026-001", "-q"]);
    assert_eq!(most, "OPP-2026-001");
    let named = env.done(&["opportunity", "list", "--customer", "Acme", "--where", "amount < 1000", "-q"]);
    assert_eq!(named, "OPP-2026-002", "a customer goes by its name");
    assert!(env.refused(2, &["opportunity", "list", "--where", "customer = Nobody"]).contains("`Nobody`"));
    assert_eq!(env.run(&["check"]).code, 0);
}

#[test]
fn what_a_stage_wants_is_said() {
    let env = shop();
    assert_snapshot!(env.refused(6, &["opportunity", "add", "name=Desks", "customer=Acme"]), @"
    error: Desks: the stage Needs wants Amount; give `amount=…`
      the stage Needs wants Expected close; give `expected_on=…`
    ");
    sell(&env, &[]);
    assert_snapshot!(env.refused(6, &["opportunity", "set", "OPP-2026-001", "stage=lost"]), @"error: OPP-2026-001: a lost opportunity needs a reason; write `lost_reason=…`, one of price, competitor, budget, features, timing, no_decision_maker, unresponsive, other");
    assert_snapshot!(env.refused(6, &["opportunity", "set", "OPP-2026-001", "stage=won", "--lang", "zh"]), @"
    错误：`OPP-2026-001` 尚缺阶段“成交”所需材料
      须先经过方案提交、商务谈判：用 `kehu opportunity advance OPP-2026-001` 进入“方案提交”
      附件“报价单”或附件“方案”：`kehu attach OPP-2026-001 文件 --kind quote`
      附件“合同草案”：`kehu attach OPP-2026-001 文件 --kind contract_draft`
      已签订的合同或已付定金：`kehu contract sign`，`kehu attach OPP-2026-001 文件 --kind 合同`，或用 `kehu contract receive` 登记定金
      产品：填写 `产品=…`
      服务周期：填写 `服务周期=…`
      付款条件：填写 `付款条件=…`
      客户已确认履约：填写 `客户已确认履约=是`
      实际成交金额：填写 `实际成交金额=…`
      合同编号：填写 `合同编号=…`
    ");
    assert_snapshot!(env.refused(6, &["opportunity", "set", "OPP-2026-001", "probability=130"]), @"
    error: OPP-2026-001: Probability 130 is not from 0 to 100
      a probability other than the stage's needs a reason
    ");
    let lost = ["stage=lost", "lost_reason=价格"];
    env.done(&[&["opportunity", "set", "OPP-2026-001"][..], &lost].concat());
    assert_eq!(env.json(&["opportunity", "show", "OPP-2026-001", "--json"])["record"]["weighted"], "0.00");
}

#[test]
fn the_same_opportunity_is_not_added_twice() {
    let env = shop();
    sell(&env, &[]);
    let again = ["opportunity", "add", "name=DESKS", "customer=B2B-2026-001", "amount=1", "expected_on=2026-05-01"];
    assert!(env.refused(5, &again).contains("`OPP-2026-001` (Desks)"));
    let csv = "商机名称,客户名称,金额,预计成交日期,阶段,负责人\nDesks,Acme,10万,2026-05-01,需求确认,li\nLamps,Acme,2万,2026-06-01,方案提交,li\n";
    env.write("../deals.csv", csv);
    let bare = env.run(&["opportunity", "import", "../deals.csv"]);
    assert!(bare.code == 3 && format!("{bare}").contains("`materials_waived=…` says why"), "{bare}");
    let imported = env.run(&["opportunity", "import", "../deals.csv", "--set", "materials_waived=from the old system"]);
    assert!(imported.code == 0 && imported.stdout.contains("1 created, 0 updated"), "{imported}");
    let state = env.state();
    env.run(&["opportunity", "import", "../deals.csv", "--set", "materials_waived=from the old system"]);
    assert_eq!(env.state(), state, "the same file again changes nothing");
    env.write("../odd.csv", &csv.replace("方案提交", "神秘阶段").replace("Lamps", "Chairs"));
    let odd = env.run(&["opportunity", "import", "../odd.csv", "--add-unknown"]);
    assert!(odd.code == 3 && format!("{odd}").contains("神秘阶段"), "stages mean something to rules: {odd}");
}

#[test]
fn idle_for_more_than_three_days_is_overdue_and_so_is_a_close_that_passed() {
    let env = shop();
    sell(&env, &["expected_on=2026-03-20"]);
    let due = |day: &str| {
        let json = env.json(&at(&["due", "--json"], day));
        let tasks = json["tasks"].as_array().unwrap().clone();
        let own = tasks.iter().filter(|task| task["number"] == "OPP-2026-001");
        own.map(|task| {
            format!(
                "{} {} {}",
                task["rule"].as_str().unwrap(),
                task["due"].as_str().unwrap(),
                task["group"].as_str().unwrap()
            )
        })
        .collect::<Vec<_>>()
        .join("; ")
    };
    assert_eq!(due("2026-03-14T09:00:00+08:00"), "idle 2026-03-15 coming; close 2026-03-20 coming");
    assert_eq!(due("2026-03-16T09:00:00+08:00"), "idle 2026-03-15 overdue; close 2026-03-20 coming");
    // A call with the customer is one about what is sold to it, and the other way round.
    let call = |about: &str, day: &str, more: &[&str]| {
        env.done(&at(&[&["followup", "add", about, "method=phone", "points=called"][..], more].concat(), day))
    };
    call("B2B-2026-001", "2026-03-16T10:00:00+08:00", &["no_next=x"]);
    assert_eq!(due("2026-03-17T09:00:00+08:00"), "idle 2026-03-19 coming; close 2026-03-20 coming");
    call("OPP-2026-001", "2026-03-17T10:00:00+08:00", &["next_action=quote", "next_on=2026-03-19"]);
    assert_eq!(due("2026-03-18T09:00:00+08:00"), "promised 2026-03-19 coming; close 2026-03-20 coming");
    assert_eq!(due("2026-03-22T09:00:00+08:00"), "promised 2026-03-19 overdue; close 2026-03-20 overdue");
    let customer = env.json(&at(&["customer", "show", "B2B-2026-001", "--json"], "2026-03-18T09:00:00+08:00"));
    assert_eq!((&customer["record"]["followup_count"], &customer["record"]["idle_days"]), (&2.into(), &1.into()));
    let own = env.json(&at(&["opportunity", "show", "OPP-2026-001", "--json"], "2026-03-18T09:00:00+08:00"));
    assert_eq!((&own["record"]["followup_count"], &own["record"]["idle_days"]), (&1.into(), &1.into()));
    env.done(&at(
        &["opportunity", "set", "OPP-2026-001", "stage=lost", "lost_stage=needs", "lost_reason=price"],
        "2026-03-22T09:00:00+08:00",
    ));
    assert_eq!(due("2026-03-23T09:00:00+08:00"), "");
}

#[test]
fn an_open_opportunity_wants_a_next_step_and_a_closed_one_does_not() {
    let env = shop();
    sell(&env, &[]);
    let said = ["followup", "add", "OPP-2026-001", "method=phone", "points=called"];
    assert!(env.refused(6, &said).contains("next action"));
    env.done(&["opportunity", "set", "OPP-2026-001", "stage=lost", "lost_stage=needs", "lost_reason=price"]);
    env.done(&said);
    assert!(env.refused(6, &["followup", "add", "OPP-2026-009", "method=phone", "points=x"]).contains("OPP-2026-009"));
}

#[test]
fn a_customer_that_is_being_sold_to_does_not_go_back_to_the_pool() {
    let env = shop();
    sell(&env, &[]);
    let recycled = |day: &str| env.done(&at(&["pool", "recycle", "--dry-run", "-q"], day));
    assert_eq!(recycled("2026-06-01T09:00:00+08:00"), "");
    env.done(&["opportunity", "set", "OPP-2026-001", "stage=lost", "lost_stage=needs", "lost_reason=price"]);
    assert_eq!(recycled("2026-06-01T09:00:00+08:00"), "B2B-2026-001");
    assert!(env.refused(4, &["pool", "claim", "OPP-2026-001"]).contains("OPP-2026-001"), "it is never in the pool");
}

#[test]
fn who_reads_a_customer_reads_what_is_sold_to_it() {
    let env = shop();
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("chen", "sales", "east"), ("service", "service", "help")]);
    sell(&env, &["owner=chen"]);
    sell(&env, &["name=Chairs", "owner=li"]);
    let run = |login: &str, args: &[&str]| {
        let mut command = env.command(args);
        for part in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{part}_EMAIL"), format!("{login}@example.com"));
        }
        env.finish(command)
    };
    let list = ["opportunity", "list", "-q"];
    assert_eq!(run("li", &list).stdout, "OPP-2026-001\nOPP-2026-002\n", "the customer's owner");
    assert_eq!(run("service", &list).stdout, "OPP-2026-001\nOPP-2026-002\n");
    assert_eq!(run("chen", &list).stdout, "OPP-2026-001\n", "the own ones");
    assert_eq!(run("chen", &["opportunity", "set", "OPP-2026-001", "remark=mine"]).code, 0);
    for (login, number) in [("chen", "OPP-2026-002"), ("li", "OPP-2026-001"), ("service", "OPP-2026-001")] {
        assert_eq!(run(login, &["opportunity", "set", number, "remark=x"]).code, 7, "{login}");
    }
    assert_eq!(run("li", &["opportunity", "set", "OPP-2026-002", "owner=chen"]).code, 7, "managers assign");
}

#[test]
fn what_is_lost_says_where_and_what_is_won_after_all_says_no_more() {
    let env = Env::repository("en");
    env.customer("Example Trading");
    env.done(&["opportunity", "add", "name=x", "customer=B2B-2026-001", "amount=1000", "expected_on=2026-05-01"]);
    env.done(&["opportunity", "set", "OPP-2026-001", "stage=lost", "lost_reason=price"]);
    let file = "opportunities/2026/OPP-2026-001.toml";
    assert!(env.read(file).contains("lost_stage = \"needs\"\n"), "{}", env.read(file));
    env.done(&["opportunity", "set", "OPP-2026-001", "stage=needs"]);
    assert!(!env.read(file).contains("lost"), "{}", env.read(file));
}

#[test]
fn who_is_called_about_a_deal_is_whom_its_lead_was_with() {
    let env = shop();
    env.done(&["contact", "add", "B2B-2026-001", "name=Reception", "work_phone=051288880000"]);
    let lead = env.lead("Acme of Suzhou", "13800138001");
    env.done(&["lead", "set", &lead, "owner=li", "contact_name=王经理"]);
    let join = ["lead", "convert", &lead, "--customer", "B2B-2026-001", "amount=1000", "expected_on=2026-05-01"];
    env.done(&join);
    let json = env.json(&["due", "--until", "30d", "--json"]);
    let of_deal =
        json["tasks"].as_array().unwrap().iter().find(|task| task["number"] == "OPP-2026-001").unwrap().clone();
    assert_eq!((of_deal["contact"].as_str(), of_deal["phone"].as_str()), (Some("王经理"), Some("13800138001")));
    // Its follow-ups were with that contact, whether they say so or not.
    env.done(&["contact", "set", "B2B-2026-001", "王经理", "buying_role=decision_maker"]);
    assert!(env.run(&["check"]).stdout.contains("no-decision-maker"));
    env.done(&["followup", "add", &lead, "method=phone", "points=called", "no_next=x"]);
    assert!(!env.run(&["check"]).stdout.contains("no-decision-maker"));
}

#[test]
fn a_customer_with_an_open_deal_is_not_given_back() {
    let env = shop();
    sell(&env, &[]);
    assert_snapshot!(env.refused(5, &["pool", "release", "B2B-2026-001", "--reason", "no time"]), @"
    error: `B2B-2026-001` is being sold to: `OPP-2026-001`
    hint: close them first (`kehu opportunity lose …`), or hand all over with `kehu handover`
    ");
    env.done(&["opportunity", "lose", "OPP-2026-001", "--reason", "price"]);
    env.done(&["pool", "release", "B2B-2026-001", "--reason", "no time"]);
}

#[test]
fn a_list_at_80_columns_tells_amounts_whole() {
    let env = Env::repository("zh");
    env.customer("示例青松机械制造有限公司");
    let deal = ["name=示例青松机械制造有限公司 智能升降桌", "customer=B2B-2026-001", "amount=1234567.89"];
    env.done(&[&["opportunity", "add", "expected_on=2026-05-01", "owner=li"][..], &deal].concat());
    let mut command = env.command(&["opportunity", "list"]);
    command.env("COLUMNS", "80");
    let table = env.finish(command).stdout;
    let line = table.lines().find(|line| line.starts_with("OPP-2026-001")).unwrap_or_default();
    assert!(line.contains("1,234,567.89") && line.contains("示例青松机械制造") && line.ends_with("li"), "{table}");
}

#[test]
fn nothing_is_closed_on_a_day_to_come() {
    let env = shop();
    sell(&env, &[]);
    let before = env.state();
    let lose = ["opportunity", "lose", "OPP-2026-001", "--reason", "price"];
    let why = env.refused(6, &[&lose[..], &["closed_on=2026-03-13"]].concat());
    assert!(why.contains("Closed on 2026-03-13 is in the future"), "{why}");
    assert_eq!(env.state(), before);
    env.done(&[&lose[..], &["closed_on=2026-03-11"]].concat());
    env.refused(6, &["opportunity", "set", "OPP-2026-001", "closed_on=tomorrow"]);
    env.edit("opportunities/2026/OPP-2026-001.toml", "closed_on = 2026-03-11", "closed_on = 2026-03-13");
    assert!(env.run(&["check"]).stdout.contains("odd-date"));
}
