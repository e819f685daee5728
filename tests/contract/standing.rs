//! A contract is signed, ended, renewed; what `check` says of it; the pool.

use crate::common;
use crate::{FILE, repository, signed};
use insta::assert_snapshot;

#[test]
fn signing_keeps_the_file_and_holds_the_plan() {
    let env = repository("en");
    env.write("../signed.pdf", "%PDF-1.4 signed");
    env.done(&["contract", "plan", "CON-2026-001", "whole:100%:2026-05-10"]);
    env.done(&["contract", "set", "CON-2026-001", "amount=130000"]);
    let before = env.state();
    assert_snapshot!(env.run(&["contract", "sign", "CON-2026-001"]), @"
    ------- stderr -------
    error: the payment plan comes to 120000.00, the contract to 130000.00
    hint: `kehu contract plan CON-2026-001 …` replaces it
    [exit 6]
    ");
    assert_eq!(env.state(), before);
    env.done(&["contract", "set", "CON-2026-001", "amount=120000"]);
    let sign = ["contract", "sign", "CON-2026-001", "--on", "2026-03-01", "--file", "../signed.pdf"];
    assert_snapshot!(env.run(&[&sign[..], &["--from", "2026-04-01", "--to", "2026-03-31"]].concat()), @"
    ------- stderr -------
    error: CON-2026-001: it ends on 2026-03-31, before it starts on 2026-04-01
    [exit 6]
    ");
    assert_snapshot!(env.run(&["contract", "sign", "CON-2026-001", "--on", "tomorrow"]), @"
    ------- stderr -------
    error: Signed on: 2026-03-13 is to come
    [exit 6]
    ");
    assert_snapshot!(env.run(&sign), @"
    CON-2026-001
    ------- stderr -------
    warning: it has no last day, so nobody is reminded of its renewal; `--to DATE` gives one
    ");
    assert_snapshot!(env.read(FILE).split_once("signed_on").unwrap().1, @r#"
     = 2026-03-01
    owner = "li"

    [[plan]]
    name = "whole"
    amount = "120000.00"
    due_on = 2026-05-10

    [[attachments]]
    path = "attachments/CON-2026-001/signed.pdf"
    kind = "contract"
    sha256 = "8ed74dd5bdcfb6b5db56a79b93609e87b93bc8234fb6037e7ff070922fd5104b"
    uploaded_by = "test"
    uploaded_on = 2026-03-12
    "#);
    assert_eq!(env.read("attachments/CON-2026-001/signed.pdf"), "%PDF-1.4 signed");
    assert_snapshot!(env.run(&["contract", "sign", "CON-2026-001"]), @"
    ------- stderr -------
    error: `CON-2026-001` was signed already 2026-03-01
    hint: `kehu contract renew CON-2026-001` makes a new one that follows it
    [exit 5]
    ");
    assert_snapshot!(env.run(&["contract", "set", "CON-2026-001", "amount=130000"]), @"
    ------- stderr -------
    error: CON-2026-001: the payment plan comes to 120000.00, the contract to 130000.00; `kehu contract plan CON-2026-001 …` replaces it
    [exit 6]
    ");
    env.write("attachments/CON-2026-001/signed.pdf", "%PDF-1.4 other");
    assert!(env.run(&["check"]).to_string().contains("attachment-changed"));
}

#[test]
fn a_contract_is_ended_for_a_reason() {
    let env = signed("zh");
    env.done(&["contract", "add", "合同名称=草案", "客户=B2B-2026-001", "合同金额=1"]);
    assert_snapshot!(env.run(&["contract", "terminate", "CON-2026-002", "--reason", "x"]), @"
    ------- stderr -------
    错误：`CON-2026-002` 是草案，尚未签订
    提示：用 `kehu contract rm CON-2026-002` 删除
    [exit 5]
    ");
    assert_snapshot!(env.run(&["contract", "terminate", "CON-2026-001", "--on", "2027-03-01", "--reason", "x"]), @"
    ------- stderr -------
    错误：合同到 2027-02-28 自然到期
    [exit 6]
    ");
    assert_snapshot!(env.run(&["contract", "terminate", "CON-2026-001", "--on", "2026-03-11", "--reason", "客户停业"]), @"CON-2026-001");
    assert_snapshot!(env.last_diff(), @"3 1 contracts/2026/CON-2026-001.toml");
    assert_snapshot!(env.run(&["contract", "terminate", "CON-2026-001", "--reason", "x"]), @"
    ------- stderr -------
    错误：`CON-2026-001` 已终止
    提示：用 `kehu contract set CON-2026-001 终止日期=…` 修改日期
    [exit 5]
    ");
    assert_snapshot!(env.run(&["contract", "renew", "CON-2026-001"]), @"
    ------- stderr -------
    错误：`CON-2026-001` 已终止
    提示：用 `kehu contract add` 另建合同
    [exit 5]
    ");
    let owed = env.json(&["due", "--owner", "all", "--until", "400d", "--json"]);
    let owed: Vec<_> = owed["tasks"].as_array().unwrap().iter().filter(|task| task["rule"] == "payment").collect();
    assert_eq!(owed.len(), 1, "what was due by then: {owed:?}");
}

#[test]
fn a_contract_is_renewed_once() {
    let env = signed("en");
    assert_snapshot!(env.run(&["contract", "renew", "CON-2026-001", "amount=130000"]), @"CON-2026-002");
    assert_snapshot!(env.read("contracts/2026/CON-2026-002.toml"), @r#"
    status = "draft"
    name = "升降桌采购"
    customer = "B2B-2026-001"
    renews = "CON-2026-001"
    amount = "130000.00"
    products = [
        "升降桌",
        "配件",
    ]
    start_on = 2027-03-01
    end_on = 2028-02-29
    owner = "li"
    "#);
    assert_snapshot!(env.run(&["contract", "renew", "CON-2026-001"]), @"
    ------- stderr -------
    error: `CON-2026-001` is renewed by `CON-2026-002` already
    hint: `kehu contract set CON-2026-002 …` changes it
    [exit 5]
    ");
    assert_snapshot!(env.run(&["contract", "renew", "CON-2026-002"]), @"
    ------- stderr -------
    error: `CON-2026-002` is a draft, so there is nothing to renew
    hint: `kehu contract sign CON-2026-002` signs it
    [exit 5]
    ");
    env.done(&[
        "contract",
        "add",
        "name=Endless",
        "customer=B2B-2026-001",
        "amount=1",
        "status=signed",
        "signed_on=2026-03-01",
    ]);
    assert_snapshot!(env.run(&["contract", "renew", "CON-2026-003"]), @"
        ------- stderr -------
        error: `CON-2026-003` has no last day that the next could begin after
        hint: `kehu contract renew CON-2026-003 start_on=… end_on=…` says the days
        [exit 6]
        ");
    env.done(&["contract", "renew", "CON-2026-003", "start_on=2027-01-01", "end_on=2027-12-31"]);
}

#[test]
fn check_says_what_does_not_fit() {
    let env = signed("en");
    env.customer("其他公司");
    env.done(&["opportunity", "add", "name=Other", "customer=B2B-2026-002", "amount=1", "expected_on=2026-05-01"]);
    env.edit(FILE, "status = \"signed\"", "status = \"terminated\"\nopportunity = \"OPP-2026-001\"");
    env.edit(FILE, "signed_on = 2026-03-01\n", "");
    env.edit(FILE, "end_on = 2027-02-28", "end_on = 2026-02-28");
    env.edit(FILE, "84000.00", "84000.01");
    let found = env.run(&["check", "contracts"]).to_string();
    let found: Vec<&str> = found.lines().filter(|line| line.starts_with("contracts/")).collect();
    assert_snapshot!(found.join("\n"), @"
    contracts/2026/CON-2026-001.toml:1:1: a contract that is no draft was signed on a day; give it as `signed_on=…` [error contract-day]
    contracts/2026/CON-2026-001.toml:1:1: a terminated contract ended on a day; give it as `terminated_on=…` [error contract-day]
    contracts/2026/CON-2026-001.toml:4:12: it is with `B2B-2026-001`, but its opportunity `OPP-2026-001` with `B2B-2026-002`; `kehu contract set CON-2026-001 customer=B2B-2026-002` [error other-customer]
    contracts/2026/CON-2026-001.toml:11:10: it ends on 2026-02-28, before it starts on 2026-03-01 [error contract-day]
    contracts/2026/CON-2026-001.toml:14:1: the payment plan comes to 120000.01, the contract to 120000.00; `kehu contract plan CON-2026-001 …` replaces it [error plan-sum]
    ");
}

#[test]
fn who_has_a_contract_stays_out_of_the_pool() {
    let env = signed("en");
    let goes = |now: &str| env.done(&["pool", "recycle", "--dry-run", "--now", now]);
    assert!(!goes("2026-09-01").contains("B2B-2026-001"));
    assert!(!goes("2027-02-28").contains("B2B-2026-001"));
    assert!(goes("2027-03-01").contains("B2B-2026-001"));
    env.done(&["contract", "terminate", "CON-2026-001", "--reason", "closed"]);
    assert!(goes("2026-09-01").contains("B2B-2026-001"));
}

#[test]
fn lists_filters_and_pages_tell_how_a_contract_stands() {
    let env = signed("en");
    let on = |day: &str, args: &[&str]| {
        let mut command = env.command(args);
        command.env("KEHU_NOW", format!("{day}T10:00:00+08:00"));
        let output = env.finish(command);
        assert_eq!(output.code, 0, "{output}");
        output.stdout
    };
    for (day, standing, others) in
        [("2026-03-12", "active", ["signed", "expired"]), ("2027-03-01", "expired", ["active", "signed"])]
    {
        for field in ["status", "standing", "状态"] {
            let where_is = |key: &str| on(day, &["contract", "list", "-q", "--where", &format!("{field} = {key}")]);
            assert_eq!(where_is(standing), "CON-2026-001\n", "{field} {day}");
            others.iter().for_each(|other| assert_eq!(where_is(other), "", "{field} {day} {other}"));
        }
        let all = common::parse(&on(day, &["contract", "list", "--json"]));
        assert_eq!(
            (&all["records"][0]["status"], &all["records"][0]["standing"]),
            (&"signed".into(), &standing.into())
        );
        let shown = ["contract list", "contract show CON-2026-001", "customer show B2B-2026-001"];
        for page in shown.map(|page| on(day, &page.split(' ').collect::<Vec<_>>())) {
            assert!(page.to_lowercase().contains(standing), "{day}: {page}");
        }
    }
}

#[test]
fn the_contracts_of_a_customer_tell_its_cooperation() {
    let env = repository("en");
    env.done(&["customer", "set", "B2B-2026-001", "type=won", "payment_cycle=monthly", "products=stale"]);
    env.done(&["customer", "set", "B2B-2026-001", "contract_amount=1", "renewal_on=2026-05-05"]);
    let card = || env.json(&["customer", "show", "B2B-2026-001", "--json"]);
    let told = |card: &serde_json::Value| {
        ["cooperating_since", "contracted_products", "contracted_amount", "next_renewal_on"]
            .map(|key| card["record"][key].to_string())
            .join(" ")
    };
    let before = card();
    assert_eq!(told(&before), r#"null ["stale"] "1.00" "2026-05-05""#, "a draft tells nothing");
    assert_eq!(before["completeness"]["missing"], serde_json::json!(["first_cooperation_on"]));
    assert!(env.run(&["check"]).stdout.contains("missing-cooperation"));
    env.done(&["contract", "sign", "CON-2026-001", "--on", "2026-03-01", "--from", "2026-03-01", "--to", "2027-02-28"]);
    let after = card();
    assert_eq!(told(&after), r#""2026-03-01" ["升降桌","配件"] "120000.00" "2027-03-01""#);
    assert_eq!(after["completeness"]["missing"], serde_json::json!([]));
    assert!(!env.run(&["check"]).stdout.contains("missing-cooperation"));
    let page = env.done(&["customer", "show", "B2B-2026-001"]);
    assert!(page.contains("120,000.00") && page.contains("2027-03-01") && !page.contains("stale"), "{page}");
    for filter in
        ["renewal_on = 2027-03-01", "products has 升降桌", "contract_amount > 100000", "next_renewal_on > 2027-01-01"]
    {
        assert_eq!(env.done(&["customer", "list", "-q", "--where", filter]), "B2B-2026-001", "{filter}");
    }
}

#[test]
fn the_same_contract_twice_is_told() {
    let env = signed("en");
    let again = ["contract", "add", "name=again", "customer=B2B-2026-001", "owner=li", "amount=12万"];
    assert!(!env.run(&again).stderr.contains("once more"), "not signed on the same day");
    let told = env.run(&[&again[..], &["status=signed", "signed_on=2026-03-01"]].concat());
    assert!(told.code == 0 && told.stderr.contains("`CON-2026-001` (升降桌采购) once more"), "{told}");
    let found = env.run(&["check"]).stdout;
    assert!(found.contains("CON-2026-003") && found.matches("double-contract").count() == 1, "{found}");
    env.write("../paper.pdf", "%PDF-1.4 the same paper");
    let before = env.run(&["check"]).stdout.matches("double-contract").count();
    for number in ["CON-2026-001", "CON-2026-002"] {
        env.done(&["attach", number, "../paper.pdf", "--kind", "contract"]);
    }
    assert_eq!(env.run(&["check"]).stdout.matches("double-contract").count(), before + 1);
}
