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

#[test]
fn rows_that_differ_reject_their_order_and_no_other() {
    let rows = "SO-3,某某科技有限公司,2026-03-04,升降桌,1,1800,1800\n\
                SO-3,某某贸易有限公司,2026-03-05,椅,1,650,650\n\
                SO-3,,,踏板,一双,10,\n";
    let env = with_file("zh", &format!("{HEAD}{ROWS}{rows}"));
    assert_snapshot!(env.run(&IMPORT), @"
    orders.csv：7 行共 3 个订单：新建 2，更新 0，未变 0，重复 0，拒绝 1
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    拒绝：第 6-8 行：同一订单的客户不一致：第 6 行为“B2B-2026-001”，第 7 行为“B2B-2026-002”；请只在首行填写，或各行填写一致；同一订单的下单日期不一致：第 6 行为“2026-03-04”，第 7 行为“2026-03-05”；请只在首行填写，或各行填写一致；第 8 行：数量“一双”不是整数
    被拒绝的 3 行及原因已写入 `../orders.rejects.csv`，在其中改好后导入该文件即可
    [exit 3]
    ");
    assert_snapshot!(env.run(&[&IMPORT[..], &["--lang", "en", "--dry-run"]].concat()), @"
    orders.csv: 3 orders in 7 rows: 0 created, 0 updated, 2 unchanged, 0 duplicates, 1 rejected; nothing was written (`--dry-run`)
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    rejected: rows 6-8: Customer differs within one order: `B2B-2026-001` in row 6, `B2B-2026-002` in row 7; write it once, or the same in each row; Ordered on differs within one order: `2026-03-04` in row 6, `2026-03-05` in row 7; write it once, or the same in each row; row 8: Quantity `一双` is not a whole number
    [exit 3]
    ");
    let rejects = env.read("../orders.rejects.csv");
    assert_snapshot!(rejects, @"
    订单号,客户,下单日期,产品,数量,单价,金额,原行号,原因
    SO-3,某某科技有限公司,2026-03-04,升降桌,1,1800,1800,6,同一订单的客户不一致：第 6 行为“B2B-2026-001”，第 7 行为“B2B-2026-002”；请只在首行填写，或各行填写一致；同一订单的下单日期不一致：第 6 行为“2026-03-04”，第 7 行为“2026-03-05”；请只在首行填写，或各行填写一致；第 8 行：数量“一双”不是整数
    SO-3,某某贸易有限公司,2026-03-05,椅,1,650,650,7,同一订单的客户不一致：第 6 行为“B2B-2026-001”，第 7 行为“B2B-2026-002”；请只在首行填写，或各行填写一致；同一订单的下单日期不一致：第 6 行为“2026-03-04”，第 7 行为“2026-03-05”；请只在首行填写，或各行填写一致；第 8 行：数量“一双”不是整数
    SO-3,,,踏板,一双,10,,8,同一订单的客户不一致：第 6 行为“B2B-2026-001”，第 7 行为“B2B-2026-002”；请只在首行填写，或各行填写一致；同一订单的下单日期不一致：第 6 行为“2026-03-04”，第 7 行为“2026-03-05”；请只在首行填写，或各行填写一致；第 8 行：数量“一双”不是整数
    ");
    let mended = rejects.replace("某某贸易有限公司,2026-03-05", ",").replace("一双", "2");
    env.write("../orders.rejects.csv", &mended);
    assert_snapshot!(env.run(&["order", "import", "../orders.rejects.csv"]), @"
    orders.rejects.csv：3 行共 1 个订单：新建 1，更新 0，未变 0，重复 0，拒绝 0
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    ");
    assert!(env.read("orders/2026/ORD-2026-003.toml").contains("amount = \"2470.00\"\n"));
}

#[test]
fn counts_of_rows_and_of_orders_each_come_to_their_sum() {
    let rows = "SO-3,某某科技有限公司,2026-03-04,升降桌,1,1800,1800\nSO-3,某某贸易有限公司,,椅,1,650,650\n";
    let env = with_file("en", &format!("{HEAD}{ROWS}{rows}Total,,,,,,9\n"));
    let output = env.run(&[&IMPORT[..], &["--json"]].concat());
    assert_eq!(output.code, 3, "{output}");
    let told = output.json();
    let count = |of: &serde_json::Value, key: &str| of[key].as_u64().unwrap();
    let sum = |of: &serde_json::Value, keys: &[&str]| keys.iter().map(|key| count(of, key)).sum::<u64>();
    let fates = ["created", "updated", "unchanged", "duplicates", "rejected"];
    assert_eq!(sum(&told, &fates) + sum(&told, &["joined", "skipped"]), count(&told, "rows"));
    let orders = &told["gathered"];
    assert_eq!(sum(orders, &fates), count(orders, "records"));
    assert_eq!((&orders["records"], &orders["rows"], &orders["rejected"]), (&3.into(), &6.into(), &1.into()));
    assert_eq!(told["rejected_rows"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_table_with_a_total_is_held_to_it_as_any_order_is() {
    let text = "Order No,Customer,Order Date,Item,Qty,Unit Price,Line Total,Grand Total\n\
                E-1,某某科技有限公司,2026-03-02,Desk,2.00,0.10,0.20,10.20\n\
                e 1,,,Freight,,,10,10.20\n\
                E-2,某某贸易有限公司,2026-03-02,Desk,3,100,300,270\n\
                E-2,,,Chair,1,50,50,\n\
                E-3,某某贸易有限公司,2026-03-02,Desk,1,100,100,100\n\
                E-3,,,Chair,1,50,50,150\n\
                E-4,某某贸易有限公司,2026-03-02,Desk,,,,\n\
                E-4,,,,1,50,50,\n\
                E-5,某某贸易有限公司,2026-03-02,Desk,,,,\n\
                E-5,,,Desk,,,,\n";
    let env = with_file("en", text);
    assert_snapshot!(env.run(&IMPORT), @"
    orders.csv: 5 orders in 10 rows: 2 created, 0 updated, 0 unchanged, 0 duplicates, 3 rejected
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    rejected: rows 6, 7: Amount differs within one order: `100.00` in row 6, `150.00` in row 7; if the column is the amount of a line, map it to `lines.amount`
    rejected: rows 8, 9: row 9: a line without a product; name it, freight or rebate as well
    rejected: rows 10, 11: row 10: neither an amount nor quantity and unit price, so the order's amount is not known
    warning: row 4: the lines come to 350.00, the order to 270.00
    6 rejected rows with their reasons: `../orders.rejects.csv`; mend them there and import that file
    [exit 3]
    ");
    assert!(env.read("orders/2026/ORD-2026-002.toml").contains("amount = \"270.00\"\n"));
}

#[test]
fn cells_merged_over_the_lines_of_an_order() {
    let env = with_file("en", "");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["订单编号", "客户名称", "订单日期", "商品名称", "数量(件)", "单价（元）", "订单金额"],
        ["M-1", "某某科技有限公司", "2026-03-02", "升降桌", "2", "1800", "3610"],
        ["", "", "", "踏板", "1", "10", ""],
        ["", "", "", "安装", "", "", ""],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *text).unwrap();
        }
    }
    for column in [0, 1, 2, 6] {
        let text = rows[1][usize::from(column)];
        sheet.merge_range(1, column, 3, column, text, &rust_xlsxwriter::Format::new()).unwrap();
    }
    std::fs::write(env.dir().join("../orders.xlsx"), book.save_to_buffer().unwrap()).unwrap();
    assert_snapshot!(env.run(&["order", "import", "../orders.xlsx"]), @"orders.xlsx: 1 order in 3 rows: 1 created, 0 updated, 0 unchanged, 0 duplicates, 0 rejected");
    assert_snapshot!(env.read("orders/2026/ORD-2026-001.toml"), @r#"
    external_number = "M-1"
    customer = "B2B-2026-001"
    ordered_on = 2026-03-02
    amount = "3610.00"
    owner = "test"

    [[lines]]
    product = "升降桌"
    quantity = 2
    price = "1800.00"

    [[lines]]
    product = "踏板"
    quantity = 1
    price = "10.00"

    [[lines]]
    product = "安装"
    "#);
}

#[test]
fn a_row_of_nothing_but_a_line_belongs_to_the_order_above() {
    let rows = "A-1,某某科技有限公司,2026-03-02,升降桌,1,1800,\n,,,踏板,1,10,\n\
                ,某某贸易有限公司,2026-03-03,椅,1,650,\n";
    let env = with_file("en", &format!("{HEAD}{rows}"));
    env.write("../orders.toml", "[default]\ncurrency = \"USD\"\n");
    assert_snapshot!(env.run(&[&IMPORT[..], &["--map", "../orders.toml"]].concat()), @"
    orders.csv: 2 orders in 3 rows: 1 created, 0 updated, 0 unchanged, 0 duplicates, 1 rejected
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    rejected: row 4: Order number is missing
    1 rejected rows with their reasons: `../orders.rejects.csv`; mend them there and import that file
    [exit 3]
    ");
    let order = env.read("orders/2026/ORD-2026-001.toml");
    assert!(order.contains("amount = \"1810.00\"\ncurrency = \"USD\"\n"), "{order}");
}

#[test]
fn a_mapping_names_the_columns_of_lines() {
    let text = "单据,客户,日期,货物,件,合计,币种\n\
                B-1,某某科技有限公司,2026-03-02,升降桌,2,3600,USD\n\
                B-1,,,椅,1,650,\n";
    let env = with_file("zh", text);
    let mapping = "[columns]\nexternal_number = \"单据\"\nlines.product = \"货物\"\nlines.quantity = \"件\"\n\
                   lines.amount = \"合计\"\n[default]\ncurrency = \"CNY\"\n";
    env.write("../orders.toml", mapping);
    assert_snapshot!(env.run(&[&IMPORT[..], &["--map", "../orders.toml"]].concat()), @"
    orders.csv：2 行共 1 个订单：新建 1，更新 0，未变 0，重复 0，拒绝 0
    ------- stderr -------
    按 UTF-8 读取，分隔符为 `,`
    ");
    let order = env.read("orders/2026/ORD-2026-001.toml");
    assert!(order.contains("amount = \"4250.00\"\ncurrency = \"USD\"\n"), "what a row says stands: {order}");
    let drafted = env.done(&["import", "map", "--kind", "order", "../orders.csv"]);
    assert!(!drafted.contains("lines."), "no known name of a product, no lines:\n{drafted}");
}

#[test]
fn the_lines_of_a_file_are_the_lines_of_its_order() {
    let rows = |lines: &[&str]| {
        let first = "A-1,某某科技有限公司,2026-03-02,";
        let all: String = lines.iter().map(|line| format!("{first}{line}\n")).collect();
        format!("{HEAD}{all}")
    };
    let env = with_file("en", &rows(&["椅,1,650,650", "椅,2,600,1200", "桌,1,1800,1800"]));
    env.done(&IMPORT);
    env.edit("orders/2026/ORD-2026-001.toml", "amount = \"1200.00\"\n", "amount = \"1200.00\"\nnote = \"白色\"\n");
    env.done(&["commit"]);
    env.write("../orders.csv", &rows(&["桌,1,1800,1800", "椅,2,600,1200"]));
    assert_snapshot!(env.run(&UPDATE), @"
    orders.csv: 1 order in 2 rows: 0 created, 1 updated, 0 unchanged, 0 duplicates, 0 rejected
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    update ORD-2026-001: Amount: 3650.00 → 3000.00; Lines 1 Product: 椅 → 桌; Lines 1 Unit price: 650.00 → 1800.00; Lines 1 Amount: 650.00 → 1800.00; and 1 more
    ");
    assert_snapshot!(env.read("orders/2026/ORD-2026-001.toml"), @r#"
    external_number = "A-1"
    customer = "B2B-2026-001"
    ordered_on = 2026-03-02
    amount = "3000.00"
    owner = "test"

    [[lines]]
    product = "桌"
    quantity = 1
    price = "1800.00"
    amount = "1800.00"

    [[lines]]
    product = "椅"
    quantity = 2
    price = "600.00"
    amount = "1200.00"
    note = "白色"
    "#);
    let json = env.json(&[&UPDATE[..], &["--json"]].concat());
    assert_eq!((&json["updated"], &json["unchanged"]), (&0.into(), &2.into()), "{json}");
}

#[test]
fn an_amount_beside_no_product_is_the_order_s() {
    let text = "订单号,客户,下单日期,产品,数量,金额\nC-1,某某科技有限公司,2026-03-02,,,300\n";
    let env = with_file("en", text);
    env.done(&IMPORT);
    let order = env.read("orders/2026/ORD-2026-001.toml");
    assert!(order.contains("amount = \"300.00\"\n") && !order.contains("[[lines]]"), "{order}");
    env.write("../orders.csv", &text.replace("金额\n", "小计,合计\n").replace(",300\n", ",300,300\n"));
    assert_eq!(env.json(&[&UPDATE[..], &["--json"]].concat())["unchanged"], 1);
}
