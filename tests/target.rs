//! Targets: set by the month, the quarter or the year; every change of one in the history.

mod common;

use common::Env;
use insta::assert_snapshot;

fn team() -> Env {
    let env = Env::repository("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "华东"), ("boss", "manager", "华东"), ("other", "sales", "west")]);
    env
}

#[test]
fn a_target_is_a_line_a_month_and_its_changes_are_gits() {
    let env = team();
    assert_eq!(env.done(&["target", "plan", "li", "2026-Q1", "sales=10万"]), "2026-li");
    env.done(&["target", "plan", "li", "2026-02", "销售=40000", "回款=3万"]);
    assert_snapshot!(env.read("targets/2026-li.toml"), @r#"
    year = 2026
    scope = "person"
    user = "li"

    [[months]]
    month = 1
    sales = "33333.33"

    [[months]]
    month = 2
    sales = "40000.00"
    receipts = "30000.00"

    [[months]]
    month = 3
    sales = "33333.33"
    "#);
    assert_eq!(env.last_diff(), "2 1 targets/2026-li.toml");
    let told = env.done(&["log", "2026-li", "--field", "months", "-o", "csv"]);
    let without_commit = |line: &str| line.rsplit_once(',').map(|(told, _)| told.to_string()).unwrap_or_default();
    assert_snapshot!(told.lines().take(3).map(without_commit).collect::<Vec<_>>().join("\n"), @"
    When,Who,What
    2026-03-12T09:30:00+08:00,Test User,Months 2 Sales: 33333.34 → 40000.00
    2026-03-12T09:30:00+08:00,Test User,Months 2 Receipts: 30000.00
    ");
    env.done(&["target", "plan", "华东", "2026", "sales=1200000"]);
    env.done(&["target", "plan", "公司", "2026-03", "receipts=50万"]);
    assert!(env.read("targets/2026-华东.toml").contains("scope = \"department\"\ndepartment = \"华东\"\n"));
    assert_eq!(env.done(&["target", "list", "-q"]), "2026-company\n2026-li\n2026-华东");
    assert_eq!(env.run(&["check"]).code, 0);
    let again = env.run(&["target", "plan", "li", "2026-Q1", "sales=90000"]);
    assert!(again.stderr.contains("2026-02 had 40000.00 and has 30000.00 now"), "{again}");
    let state = env.state();
    env.done(&["target", "plan", "公司", "2026-03", "receipts=500000"]);
    assert_eq!(env.state(), state, "the same again changes nothing");
}

#[test]
fn what_is_no_target_is_refused_with_what_is() {
    let env = team();
    assert_snapshot!(env.refused(2, &["target", "plan", "li", "2026-W12", "sales=1"]), @"
    error: `2026-W12` is no month, quarter or year
    hint: write `2026-03`, `2026-Q1`, `2026` or `this-month`
    ");
    assert_snapshot!(env.refused(4, &["target", "plan", "华南", "2026", "sales=1", "--lang", "zh"]), @"
    错误：找不到名为“华南”的用户
    提示：用 `kehu user list` 列出已有记录
    提示：部门按用户记录中的名称填写；`公司` 指全公司
    ");
    assert_snapshot!(env.refused(2, &["target", "plan", "li", "2026", "profit=1"]), @"
    error: a target has no `profit`
    hint: write `sales=…` or `receipts=…`
    ");
    assert_snapshot!(env.refused(6, &["target", "plan", "li", "2026", "sales=much"]), @"error: Sales `much` is not an amount such as 12800.50 or 50万");
}

#[test]
fn a_list_of_targets_tells_months_whom_and_amounts() {
    let env = team();
    env.done(&["target", "plan", "li", "2026-Q1", "sales=10万", "receipts=5万"]);
    env.done(&["target", "plan", "company", "2026", "sales=100万"]);
    env.done(&["target", "plan", "华东", "2026-02", "sales=3万"]);
    assert_snapshot!(env.done(&["target", "list"]), @"
    Number        Period   Of          User  Department  Sales target  Receipts target
    ------------  -------  ----------  ----  ----------  ------------  ---------------
    2026-company  2026     Company                       1,000,000.00
    2026-li       2026-Q1  Person      li                  100,000.00        50,000.00
    2026-华东     2026-02  Department        华东           30,000.00
    ");
    assert_eq!(env.done(&["target", "list", "-q", "--where", "sales >= 10万"]), "2026-company\n2026-li");
    assert_eq!(env.json(&["target", "list", "--json"])["records"][1]["sales"], "100000.00");
}

#[test]
fn what_others_reached_is_left_empty_rather_than_counted_as_nothing() {
    let env = team();
    env.done(&["target", "plan", "公司", "2026-03", "sales=100000"]);
    env.done(&["target", "plan", "华东", "2026-03", "sales=50000"]);
    env.done(&["target", "plan", "li", "2026-03", "sales=20000"]);
    env.customer("Example");
    for (owner, amount) in [("li", "30000"), ("other", "40000")] {
        let (name, owner, amount) =
            (format!("name=D {owner}"), format!("owner={owner}"), format!("actual_amount={amount}"));
        let deal = [
            "opportunity",
            "add",
            &name,
            "customer=B2B-2026-001",
            &amount,
            &owner,
            "amount=1",
            "expected_on=2026-03-20",
        ];
        let closed = ["stage=won", "closed_on=2026-03-05", "materials_waived=sold by hand"];
        let facts = ["products=x", "service_period=a year", "payment_terms=at once", "customer_confirmed=yes"];
        env.done(&[&deal[..], &closed, &facts, &["contract_number=X"]].concat());
    }
    let sales = |login: &str| {
        let csv = env.done(&["--as", login, "report", "targets", "--month", "2026-03", "-o", "csv"]);
        let lines = csv.lines().skip_while(|line| !line.contains("Achieved")).skip(1);
        let kept = lines.take_while(|line| !line.is_empty()).filter(|line| line.contains("00"));
        kept.map(|line| line.split(',').take(4).collect::<Vec<_>>().join(" ").trim_end().to_string())
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_snapshot!(sales("admin"), @"
    Company  100000.00 70000.00
    Department west  40000.00
    Department 华东 50000.00 30000.00
    Person li 20000.00 30000.00
    Person other  40000.00
    ");
    assert_snapshot!(sales("boss"), @"
    Company  100000.00
    Department 华东 50000.00 30000.00
    Person li 20000.00 30000.00
    ");
    assert_snapshot!(sales("li"), @"
    Company  100000.00
    Department 华东 50000.00
    Person li 20000.00 30000.00
    ");
}
