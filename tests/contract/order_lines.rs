//! Tables with a row for each line of an order: the rows of one number are one order.

use crate::common::Env;
use crate::repository;
use insta::assert_snapshot;

const HEAD: &str = "订单号,客户,下单日期,产品,数量,单价,金额\n";
/// Two orders, the lines of the first with one of the second between them.
const ROWS: &str = "SO-1,某某科技有限公司,2026-03-02,升降桌,2,1800.00,3600.00\n\
                    SO-1,,,人体工学椅,4,650.50,\n\
                    SO-2,某某贸易有限公司,2026-03-03,显示器支架,10,120.05,1200.50\n\
                    SO-1,,,显示器支架,1,120.05,120.05\n";
const IMPORT: [&str; 3] = ["order", "import", "../orders.csv"];
const UPDATE: [&str; 5] = ["order", "import", "../orders.csv", "--on-duplicate", "update"];

/// A repository with two customers and the file of orders.
fn with_file(lang: &str, text: &str) -> Env {
    let env = repository(lang);
    env.customer("某某贸易有限公司");
    env.write("../orders.csv", text);
    env
}

#[test]
fn rows_of_one_number_are_one_order() {
    let env = with_file("zh", &format!("{HEAD}{ROWS}合计,,,,,,7522.55\n"));
    let before = env.state();
    assert_snapshot!(env.run(&[&IMPORT[..], &["--dry-run"]].concat()), @"
    新建 ORD-2026-001：SO-1
    新建 ORD-2026-002：SO-2
    orders.csv：4 行共 2 个订单：新建 2，更新 0，未变 0，重复 0，拒绝 0，跳过 1 行；未写入任何内容（`--dry-run`）
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    第 6 行：合计行，不是记录
    ");
    assert_eq!(env.state(), before);
    assert_snapshot!(env.run(&IMPORT), @"
    orders.csv：4 行共 2 个订单：新建 2，更新 0，未变 0，重复 0，拒绝 0，跳过 1 行
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    第 6 行：合计行，不是记录
    ");
    assert_snapshot!(env.read("orders/2026/ORD-2026-001.toml"), @r#"
    external_number = "SO-1"
    customer = "B2B-2026-001"
    ordered_on = 2026-03-02
    amount = "6322.05"
    owner = "test"

    [[lines]]
    product = "升降桌"
    quantity = 2
    price = "1800.00"
    amount = "3600.00"

    [[lines]]
    product = "人体工学椅"
    quantity = 4
    price = "650.50"

    [[lines]]
    product = "显示器支架"
    quantity = 1
    price = "120.05"
    amount = "120.05"
    "#);
    assert!(env.read("orders/2026/ORD-2026-002.toml").contains("amount = \"1200.50\"\n"));
}

#[test]
fn importing_again_changes_nothing_and_a_further_row_one_order() {
    let env = with_file("en", &format!("{HEAD}{ROWS}"));
    env.done(&IMPORT);
    let before = env.state();
    assert_snapshot!(env.run(&IMPORT), @"
    orders.csv: 2 orders in 4 rows: 0 created, 0 updated, 2 unchanged, 0 duplicates, 0 rejected
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    ");
    env.done(&UPDATE);
    assert_eq!(env.state(), before);
    let more = ROWS.replace("SO-1,,,显示器支架", "SO-1,,,人体工学椅,1,600,600\nSO-1,,,显示器支架");
    env.write("../orders.csv", &format!("{HEAD}{more}"));
    assert_snapshot!(env.run(&IMPORT), @"
    orders.csv: 2 orders in 5 rows: 0 created, 0 updated, 1 unchanged, 1 duplicates, 0 rejected
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    warning: row 2: skipped, same name or content as `ORD-2026-001`; the record lacks 1 of its values and differs in 1
    warning: row 3: skipped, same name or content as `ORD-2026-001`
    warning: row 5: skipped, same name or content as `ORD-2026-001`
    warning: row 6: skipped, same name or content as `ORD-2026-001`
    `--on-duplicate update` takes these values into the records that are there
    ");
    assert_snapshot!(env.run(&UPDATE), @"
    orders.csv: 2 orders in 5 rows: 0 created, 1 updated, 1 unchanged, 0 duplicates, 0 rejected
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    update ORD-2026-001: Amount: 6322.05 → 6922.05; Lines 3 Product: 显示器支架 → 人体工学椅; Lines 3 Unit price: 120.05 → 600.00; Lines 3 Amount: 120.05 → 600.00; and 1 more
    ");
    assert_snapshot!(env.last_diff(), @"7 1 orders/2026/ORD-2026-001.toml");
    let after = env.state();
    env.done(&UPDATE);
    assert_eq!(env.state(), after, "the further line stands once");
}
