//! The page of a record: of a customer, an opportunity, a contract.

#[path = "../common/mod.rs"]
mod common;
mod drawn;
mod told;

use common::Env;

/// A customer with all that may belong to one.
fn shop(lang: &str) -> Env {
    let env = Env::repository(lang);
    env.lead("示例贸易有限公司", "13800138001");
    let deal = ["amount=120000", "expected_on=2026-05-01", "name=升降桌一期"];
    let facts = ["--set-customer", "industry=retail", "--set-customer", "level=high"];
    env.done(&[&["lead", "convert", "LEAD-2026-001", "owner=li"][..], &deal, &facts].concat());
    let said = concat!(
        r#"{"number":"B2B-2026-001","owner":"li","type":"won","tags":["高潜力"],"needs":"办公桌两百张","payment_cycle":"月结","#,
        r#""attachments":[{"path":"attachments/B2B-2026-001/报价单.pdf","kind":"quote","uploaded_by":"li","#,
        r#""sha256":"f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2","uploaded_on":"2026-03-10"}]}"#
    );
    let set = env.run_with(&["customer", "set", "--stdin"], said);
    assert_eq!(set.code, 0, "{set}");
    env.done(&["customer", "set", "B2B-2026-001", "custom.抖音号=示例店"]);
    let boss = ["name=甲经理", "title=总经理", "buying_role=decision_maker", "influence=5", "attitude=2"];
    env.done(
        &[&["contact", "add", "B2B-2026-001"][..], &boss, &["birthday=农历八月十五", "email=jia@example.com"]].concat(),
    );
    let two = ["opportunity", "add", "customer=B2B-2026-001", "owner=li"];
    env.done(&[&two[..], &["name=升降桌二期", "amount=30000", "expected_on=2026-03-10"]].concat());
    let lost = [
        "name=文件柜",
        "amount=8000",
        "expected_on=2026-03-10",
        "stage=lost",
        "lost_reason=price",
        "lost_stage=needs",
        "closed_on=2026-03-11",
    ];
    env.done(&[&two[..], &lost].concat());
    let contract =
        ["name=升降桌采购", "customer=B2B-2026-001", "opportunity=OPP-2026-001", "amount=120000", "status=signed"];
    env.done(&[&["contract", "add", "end_on=2027-03-31", "signed_on=2026-03-10", "owner=li"][..], &contract].concat());
    let paid = concat!(
        r#"{"number":"CON-2026-001","plan":[{"name":"预付款","amount":"36000","due_on":"2026-03-20"},{"name":"尾款","amount":"84000","due_on":"2026-06-30"}],"#,
        r#""receipts":[{"received_on":"2026-03-11","amount":"30000"},{"received_on":"2026-03-12","amount":"6000"}]}"#
    );
    let set = env.run_with(&["contract", "set", "--stdin"], paid);
    assert_eq!(set.code, 0, "{set}");
    for (number, amount, day) in [("E-1", "1000", "2026-03-01"), ("E-2", "250.50", "2026-03-09")] {
        let [number, amount, day] =
            [format!("external_number={number}"), format!("amount={amount}"), format!("ordered_on={day}")];
        env.done(&["order", "add", "customer=B2B-2026-001", "owner=li", &number, &amount, &day]);
    }
    env.done(&["customer", "verify", "B2B-2026-001", "fields=name,region", "channel=official_site", "by=li"]);
    for day in 1..=11 {
        let at = format!("at=2026-03-{day:02} 10:00");
        let subject = if day == 11 { "OPP-2026-001" } else { "B2B-2026-001" };
        let points = format!("points=第 {day} 次沟通，客户询问升降桌的供货周期与安装服务");
        env.done(&[
            "followup",
            "add",
            subject,
            "method=phone",
            "author=li",
            &at,
            &points,
            "next_action=回电",
            "next_on=2026-03-13",
        ]);
    }
    env
}

fn wide(env: &Env, columns: &str, args: &[&str]) -> String {
    let mut command = env.command(args);
    command.env("COLUMNS", columns);
    let output = env.finish(command);
    assert_eq!(output.code, 0, "{output}");
    output.stdout
}
