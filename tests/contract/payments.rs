//! The payment plan, what is received, the ledger for finance.

use crate::common::Env;
use crate::{FILE, repository, signed};
use insta::assert_snapshot;

#[test]
fn a_plan_comes_to_the_amount_and_receipts_pay_it_in_order() {
    let env = repository("zh");
    let before = env.state();
    assert_snapshot!(env.run(&["contract", "plan", "CON-2026-001", "预付款:30%:2026-03-10", "尾款:8万:2026-06-30"]), @"
    ------- stderr -------
    错误：分期合计 116000.00，合同金额 120000.00，相差 4000.00
    提示：写作 `尾款:其余:2026-06-30` 的一期为其余各期之外的余款
    [exit 6]
    ");
    assert_snapshot!(env.run(&["contract", "plan", "CON-2026-001", "预付款30%"]), @"
    ------- stderr -------
    错误：“预付款30%”不是分期付款
    提示：请写成 `名称:金额:日期`，例如 `预付款:30%:2026-05-10`、`尾款:8.4万:2026-06-30`
    [exit 2]
    ");
    assert_eq!(env.state(), before);
    let items = ["预付款:30%:2026-03-10", "尾款:其余:今天+110天"];
    assert_snapshot!(env.run(&[&["contract", "plan", "CON-2026-001"][..], &items].concat()), @"CON-2026-001");
    assert_snapshot!(env.run(&["contract", "receive", "CON-2026-001", "5万", "--on", "2026-03-11", "--reference", "A-1"]), @"
    CON-2026-001
    ------- stderr -------
    警告：`CON-2026-001` 尚未签订
    ");
    assert_snapshot!(env.run(&["contract", "plan", "CON-2026-001"]), @"
    CON-2026-001 升降桌采购：付款计划

    款项    应收日期      应收金额       已收       待收
    ------  ----------  ----------  ---------  ---------
    预付款  2026-03-10   36,000.00  36,000.00       0.00
    尾款    2026-06-30   84,000.00  14,000.00  70,000.00
    ------  ----------  ----------  ---------  ---------
    合计                120,000.00  50,000.00  70,000.00
    ");
    assert_snapshot!(env.git_done(&["log", "-2", "--format=%s"]), @"
    contract: receive CON-2026-001
    contract: plan CON-2026-001
    ");
}

#[test]
fn what_cannot_have_been_received_is_refused() {
    let env = signed("en");
    env.done(&["contract", "receive", "CON-2026-001", "36000", "--reference", "A-1"]);
    let before = env.state();
    let receive = |args: &[&str]| env.run(&[&["contract", "receive", "CON-2026-001"][..], args].concat()).to_string();
    assert_snapshot!(receive(&["1000", "--reference", "A-1"]), @"
    ------- stderr -------
    error: the receipt `A-1` of `CON-2026-001` is noted already: 36000.00 on 2026-03-12
    hint: `kehu contract edit CON-2026-001` changes it
    [exit 5]
    ");
    assert_snapshot!(receive(&["0"]), @"
    ------- stderr -------
    error: nothing was received
    [exit 6]
    ");
    assert_snapshot!(receive(&["1", "--on", "tomorrow"]), @"
    ------- stderr -------
    error: Received on: 2026-03-13 is to come
    [exit 6]
    ");
    assert_snapshot!(receive(&["-36000.01"]), @"
    ------- stderr -------
    error: only 36000.00 were received, so -36000.01 cannot be paid back
    [exit 6]
    ");
    assert_snapshot!(receive(&["much"]), @"
    ------- stderr -------
    error: `much` is not an amount
    hint: write it as 36000, 36,000.50 or 3.6万
    [exit 2]
    ");
    assert_eq!(env.state(), before);
    assert_snapshot!(receive(&["-6000", "--note", "two desks came back"]), @"CON-2026-001");
    assert_snapshot!(receive(&["90000.01"]), @"
    CON-2026-001
    ------- stderr -------
    warning: CON-2026-001: 120000.01 were received of 120000.00
    ");
    assert_snapshot!(env.run(&["contract", "plan", "CON-2026-001"]), @"
    CON-2026-001 升降桌采购: payment plan

    Instalment  Due on          Amount        Paid  To come
    ----------  ----------  ----------  ----------  -------
    预付款      2026-03-10   36,000.00   36,000.00     0.00
    尾款        2026-06-30   84,000.00   84,000.00     0.00
    ----------  ----------  ----------  ----------  -------
    Total                   120,000.00  120,000.00     0.00
    0.01 were received beyond the plan
    ");
    assert_eq!(env.read(FILE).matches("[[receipts]]").count(), 3);
}

#[test]
fn the_ledger_has_a_row_of_each_instalment_and_receipt() {
    let env = signed("en");
    env.done(&["contract", "receive", "CON-2026-001", "40000", "--on", "2026-03-11", "--reference", "=1+1"]);
    env.done(&["contract", "add", "name=Draft", "customer=B2B-2026-001", "amount=5"]);
    assert_snapshot!(env.done(&["contract", "ledger", "-o", "csv"]), @"
    Contract,Number on paper,Name,Status,Customer,Company,Credit code,Contract amount,Entry,Item,On,Due,Received,To come,Currency,Owner,Note
    CON-2026-001,,升降桌采购,Active,B2B-2026-001,某某科技有限公司,,120000.00,Due,预付款,2026-03-10,36000.00,,0.00,CNY,li,
    CON-2026-001,,升降桌采购,Active,B2B-2026-001,某某科技有限公司,,120000.00,Due,尾款,2026-06-30,84000.00,,80000.00,CNY,li,
    CON-2026-001,,升降桌采购,Active,B2B-2026-001,某某科技有限公司,,120000.00,Paid,'=1+1,2026-03-11,,40000.00,,CNY,li,
    Total,,,,,,,,,,,120000.00,40000.00,80000.00,,,
    ");
    let march = ["--from", "2026-03-01", "--to", "2026-03-31"];
    let json = env.json(&[&["contract", "ledger", "--json"][..], &march].concat());
    assert_eq!(json["sections"][0]["rows"].as_array().map(Vec::len), Some(2), "{json}");
    let guarded = env.done(&["contract", "ledger", "-o", "csv", "--excel"]);
    assert!(guarded.contains("'=1+1"), "{guarded}");
    env.done(&["contract", "ledger", "-o", "../finance.xlsx"]);
    assert!(std::fs::metadata(env.dir().join("../finance.xlsx")).is_ok_and(|file| file.len() > 1000));
    env.done(&["contract", "set", "CON-2026-001", "currency=USD"]);
    env.done(&[
        "contract",
        "add",
        "name=B",
        "customer=B2B-2026-001",
        "amount=5",
        "status=signed",
        "signed_on=2026-03-01",
    ]);
    assert!(!env.done(&["contract", "ledger", "-o", "csv"]).contains("Total"), "currencies are not added up");
}

/// Returns what is due of contracts and renewals, as `rule day`.
fn due(env: &Env, now: &str) -> Vec<String> {
    let json = env.json(&["due", "--owner", "all", "--until", "400d", "--json", "--now", now]);
    let tasks = json["tasks"].as_array().unwrap().iter();
    let told = tasks.map(|task| format!("{} {} {}", task["number"], task["rule"], task["due"]).replace('"', ""));
    told.filter(|told| told.contains("renewal") || told.contains("payment")).collect()
}

#[test]
fn payments_and_renewals_are_due() {
    let env = signed("en");
    env.done(&["customer", "set", "B2B-2026-001", "renewal_on=2026-12-31"]);
    let plan = ["CON-2026-001 payment 2026-03-10", "CON-2026-001 payment 2026-06-30"];
    let reminder = "CON-2026-001 renewal 2026-12-01";
    assert_eq!(due(&env, "2026-03-12"), [plan[0], plan[1], reminder], "the archive's own day gives way");
    env.done(&["contract", "receive", "CON-2026-001", "36000"]);
    assert_eq!(due(&env, "2026-03-12"), [plan[1], reminder]);
    let line = env.done(&["due", "--owner", "all", "--until", "2026-06-30", "--now", "2026-07-05", "--overdue"]);
    assert!(line.contains("CNY 84,000.00 to come: 尾款"), "{line}");
    env.done(&["contract", "receive", "CON-2026-001", "84000"]);
    assert_eq!(due(&env, "2027-03-05"), ["CON-2026-001 renewal-day 2027-03-01"]);
    assert_eq!(due(&env, "2027-06-05"), Vec::<String>::new(), "who went on without one");
    env.done(&["contract", "renew", "CON-2026-001"]);
    assert_eq!(due(&env, "2027-03-05"), ["CON-2026-001 renewal-day 2027-03-01"], "a draft renews nothing");
    env.done(&["contract", "set", "CON-2026-002", "status=signed", "signed_on=2026-03-12"]);
    assert_eq!(due(&env, "2027-03-05"), ["CON-2026-002 renewal 2027-12-02"], "renewed: the next year's");
}

#[test]
fn a_contract_that_is_entered_late_is_reminded_of_all_the_same() {
    let env = repository("en");
    let signed = ["status=signed", "signed_on=2025-04-01", "start_on=2025-04-01", "end_on=2026-03-31"];
    let contract = ["contract", "add", "name=Old", "customer=B2B-2026-001", "amount=100", "owner=li"];
    env.done(&[&contract[..], &signed].concat());
    let reminder = |now: &str| due(&env, now).into_iter().filter(|task| task.contains("renewal")).collect::<Vec<_>>();
    assert_eq!(reminder("2026-03-13"), ["CON-2026-002 renewal 2026-01-01"], "entering it is no talk");
    let talk = ["followup", "add", "B2B-2026-001", "method=phone", "points=they go on", "--no-next", "signs in May"];
    env.done(&talk);
    assert_eq!(reminder("2026-03-13"), Vec::<String>::new());
    assert_eq!(reminder("2026-04-01"), ["CON-2026-002 renewal-day 2026-04-01"]);
}

#[test]
fn fractions_of_a_cent_are_refused_where_they_enter() {
    let env = signed("en");
    let before = env.state();
    for args in [
        &["contract", "set", "CON-2026-001", "amount=120000.005"][..],
        &["contract", "receive", "CON-2026-001", "100.001"],
        &["opportunity", "add", "name=x", "customer=B2B-2026-001", "amount=9.999", "expected_on=2026-05-01"],
    ] {
        let refused = env.refused(6, args);
        assert!(refused.contains("cent") && refused.contains("two decimals"), "{refused}");
    }
    env.write("../deals.csv", "name,customer,amount,expected_on,owner\nx,B2B-2026-001,9.999,2026-05-01,li\n");
    let told = env.run(&["opportunity", "import", "../deals.csv"]);
    assert!(told.code != 0 && told.stderr.contains("two decimals"), "{told}");
    assert_eq!(env.state(), before);
    let draft = repository("en");
    let told = draft.refused(6, &["contract", "plan", "CON-2026-001", "a:1.005:2026-05-01", "b:rest:2026-06-01"]);
    assert!(told.contains("two decimals"), "{told}");
    env.done(&["contract", "receive", "CON-2026-001", "100.1000"]);
}

#[test]
fn the_ledger_of_a_period_is_a_plain_table() {
    let env = signed("zh");
    let days = ["contract", "ledger", "--from", "2026-03-01", "--to", "2026-03-31"];
    for format in ["csv", "tsv"] {
        let text = env.done(&[&days[..], &["-o", format]].concat());
        assert!(text.starts_with("合同编号"), "{text}");
        assert!(text.trim_end().lines().all(|line| !line.trim().is_empty()), "{text}");
    }
    env.done(&[&days[..], &["-o", "../ledger.xlsx"]].concat());
    let bytes = std::fs::read(env.dir().join("../ledger.xlsx")).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let first = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    assert_eq!(first.rows().next().map(|row| row[0].to_string()).as_deref(), Some("合同编号"));
    assert!(env.done(&days).contains("2026-03-31"), "a screen says the days");
}

#[test]
fn no_way_of_writing_goes_around_what_receive_and_plan_refuse() {
    let env = signed("en");
    let before = env.state();
    let set = |fields: &str| {
        let told = env.run_with(&["contract", "set", "--stdin"], format!("{{\"number\":\"CON-2026-001\",{fields}}}\n"));
        assert_eq!(told.code, 6, "{told}");
        told.stderr
    };
    let receipts = |rows: &str| set(&format!("\"receipts\":[{rows}]"));
    assert!(receipts(r#"{"received_on":"2026-03-11","amount":"0"}"#).contains("nothing was received"));
    assert!(
        receipts(r#"{"received_on":"2026-03-11","amount":"-5"}"#).contains("more was paid back than received: -5.00")
    );
    assert!(
        receipts(r#"{"received_on":"2026-03-13","amount":"5"}"#).contains("Received on 2026-03-13 is in the future")
    );
    let one = r#"{"received_on":"2026-03-11","amount":"5","reference":"A-1"}"#;
    assert!(receipts(&format!("{one},{one}")).contains("the receipt `A-1` is noted twice"));
    let part = r#"{"name":"a","amount":"60000","due_on":"2026-04-01"}"#;
    assert!(set(&format!("\"plan\":[{part}]")).contains("the payment plan comes to 60000.00"));
    assert!(set(&format!("\"plan\":[{part},{part}]")).contains("two instalments are called `a`"));
    assert!(env.refused(6, &["contract", "set", "CON-2026-001", "signed_on=2026-03-13"]).contains("is in the future"));
    assert_eq!(env.state(), before);
}

#[test]
fn what_is_due_keeps_its_amount_on_a_narrow_screen() {
    let env = signed("zh");
    env.done(&["contract", "set", "CON-2026-001", "name=苏州工业园区示例智能装备办公家具升降桌采购合同"]);
    let mut narrow = env.command(&["due", "--owner", "all"]);
    narrow.env("COLUMNS", "80");
    let told = env.finish(narrow).stdout;
    assert!(told.contains("待收 CNY 36,000.00") && told.contains("苏州工业园区示例"), "{told}");
    assert!(told.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{told}");
}
