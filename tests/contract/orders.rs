//! Orders of an ERP or a shop: the same number is the same order, however often its file comes.

use crate::repository;
use insta::assert_snapshot;

#[test]
fn importing_again_changes_nothing_and_a_changed_row_its_order() {
    let env = repository("zh");
    let rows = "订单号,客户名称,下单日期,金额\nSO-1,某某科技有限公司,2026-03-02,3600\nSO-2,某某科技有限公司,2026-03-03,1200.50\n";
    env.write("../orders.csv", rows);
    let import = ["order", "import", "../orders.csv", "--on-duplicate", "update"];
    assert_snapshot!(env.run(&import), @"
    orders.csv：新建 2，更新 0，未变 0，重复 0，拒绝 0
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    ");
    let before = env.state();
    assert_snapshot!(env.run(&import), @"
    orders.csv：新建 0，更新 0，未变 2，重复 0，拒绝 0
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    ");
    assert_eq!(env.state(), before);
    env.write("../orders.csv", &rows.replace("1200.50", "1300"));
    assert_snapshot!(env.run(&import), @"
    orders.csv：新建 0，更新 1，未变 1，重复 0，拒绝 0
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    更新 ORD-2026-002：订单金额：1200.50 → 1300.00
    ");
    assert!(env.read("orders/2026/ORD-2026-002.toml").contains("amount = \"1300.00\""));
    assert_eq!(env.done(&["order", "list", "-o", "csv"]).lines().count(), 3);
}

#[test]
fn lines_that_do_not_come_to_the_amount_are_told() {
    let env = repository("en");
    let line = |amount: &str| format!("{{\"product\":\"Desk\",\"quantity\":2,\"amount\":\"{amount}\"}}");
    let order = |number: &str, lines: &[String]| {
        format!(
            "{{\"external_number\":\"{number}\",\"customer\":\"B2B-2026-001\",\"ordered_on\":\"2026-03-02\",\
             \"amount\":\"3000\",\"lines\":[{}]}}\n",
            lines.join(",")
        )
    };
    let orders = [order("S-1", &[line("3000")]), order("S-2", &[line("3000"), line("-100")])].concat();
    assert_snapshot!(env.run_with(&["order", "add", "--stdin"], orders), @"
    ORD-2026-001
    ORD-2026-002
    ------- stderr -------
    warning: ORD-2026-002: the lines come to 2900.00, the order to 3000.00
    ");
}
