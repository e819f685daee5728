//! Tables of the sample data, where it is: what they come to with the mappings of `examples/import`.

use super::{example, map_all, read_as, sample, shown};
use kehu::import::*;
use kehu::record::{CUSTOMER, Kind, LEAD, PRODUCT, USER};

/// Maps a sample table by the example mapping; nothing where the samples are absent.
fn import_sample(path: &str, mapping: &str, kind: Kind) -> Option<Vec<Mapped>> {
    let bytes = sample(path)?;
    let text = example(mapping);
    let parsed = Mapping::parse(&text, mapping, Some(kind)).unwrap_or_else(|e| panic!("{e:#?}"));
    let options = parsed.read_options(ReadOptions { kind: Some(kind), ..ReadOptions::default() });
    let table = read_table(&Input { name: path, bytes: &bytes }, &options).unwrap_or_else(|e| panic!("{e}"));
    Some(map_all(kind, &table, &text, NewKeys::Refuse))
}

fn count(rows: &[Mapped], test: impl Fn(&Mapped) -> bool) -> usize {
    rows.iter().filter(|row| test(row)).count()
}

fn has(row: &Mapped, key: &str, value: &str) -> bool {
    row.row.text(key) == Some(value)
}

#[test]
fn sample_x_education() {
    let Some(rows) = import_sample("xeducation/Leads.csv", "xeducation-leads.toml", LEAD) else { return };
    assert_eq!(rows.len(), 9237);
    let rejected: Vec<String> = rows.iter().filter(|row| row.is_rejected()).map(shown).take(5).collect();
    assert_eq!(rejected, Vec::<String>::new());
    assert_eq!(count(&rows, |row| has(row, "status", "converted")), 3559);
    assert_eq!(count(&rows, |row| has(row, "source", "search_ads")), 2867 + 6 + 5 + 1);
}

#[test]
fn sample_zoho() {
    let Some(rows) = import_sample("zoho/Leads.csv", "zoho-leads.toml", LEAD) else { return };
    assert_eq!(rows.len(), 3900);
    let rejected: Vec<String> = rows.iter().filter(|row| row.is_rejected()).map(shown).take(5).collect();
    assert_eq!(rejected, Vec::<String>::new());
    assert_eq!(count(&rows, |row| has(row, "disqualify_reason", "fake")), 388);
    assert!(rows.iter().all(|row| row.row.get("acquired_on").is_some()));
    let phones = count(&rows, |row| row.row.get("phone").is_some());
    let kept = count(&rows, |row| row.custom.iter().any(|(key, _)| key == "phone"));
    assert_eq!(phones + kept, 3900, "{phones} valid");
    let accounts = import_sample("zoho/Accounts.csv", "zoho-accounts.toml", CUSTOMER).unwrap();
    assert_eq!((accounts.len(), count(&accounts, |row| has(row, "type", "won"))), (2229, 1105));
    let products = import_sample("zoho/Products.csv", "zoho-products.toml", PRODUCT).unwrap();
    assert_eq!((products.len(), count(&products, |row| row.number.is_some() && !row.is_rejected())), (2000, 2000));
    let users = import_sample("zoho/Users.csv", "zoho-users.toml", USER).unwrap();
    assert_eq!((users.len(), count(&users, Mapped::is_rejected)), (11, 0));
}

#[test]
fn sample_maven() {
    let Some(rows) = import_sample("maven/accounts.csv", "maven-accounts.toml", CUSTOMER) else { return };
    let rejected: Vec<String> = rows.iter().filter(|row| row.is_rejected()).map(shown).collect();
    assert_eq!((rows.len(), rejected), (85, vec![]));
    assert!(shown(&rows[0]).contains("annual_revenue=1100040000.00"), "{}", shown(&rows[0]));
    let products = import_sample("maven/products.csv", "maven-products.toml", PRODUCT).unwrap();
    assert_eq!((products.len(), count(&products, |row| row.number.is_some() && !row.is_rejected())), (7, 7));
}

#[test]
fn sample_templates() {
    let Some(bytes) = sample("templates/客户导入模板.xlsx") else { return };
    let table = read_as("客户导入模板.xlsx", &bytes, CUSTOMER);
    assert_eq!((table.header_row, table.rows.len(), table.headers.len()), (Some(1), 3, 10));
    let table = read_as("user_import_cn.xlsx", &sample("templates/user_import_cn.xlsx").unwrap(), USER);
    assert_eq!(table.header_row, Some(3));
    let table = read_as("x.xls", &sample("templates/base_static_xls_res_partner.xls").unwrap(), CUSTOMER);
    assert!(table.headers.len() > 3, "{table:?}");
    let bytes = sample("templates/crm_static_xls_crm_lead.xls").unwrap();
    let failure = read_table(&Input { name: "x.xls", bytes: &bytes }, &ReadOptions::default()).unwrap_err();
    assert!(failure.message.en.contains("damaged"), "{failure}");
}

/// What a lead has no field for in each of the 22 lines of headings.
const LEFT: [&str; 22] = [
    "客户编号 客户类别",
    "账户状态",
    "客户代码",
    "QQ 客户等级 客户状态 客户类型 更新时间 最近沟通时间 沟通内容 创建人",
    "客户编号 档案数量 调阅次数",
    "邮政编码 传真 申请人性质 代理机构名称 代理机构代码 代理机构地址 代理机构邮编 代理人姓名 代理人电话 代理人传真 代理人手机 代理人邮箱 客户等级 客户状态",
    "语言",
    "",
    "LinkedIn 脉脉",
    "合作类型 UA IP",
    "",
    "ID 更新时间",
    "公司注册日期",
    "公司类型 WhatsApp 客户等级",
    "优先级",
    "需求面积",
    "工单号 开始时间 最后更新时间 AI状态 AI详情",
    "Record ID Lifecycle Stage",
    "Record ID",
    "Lifecycle Stage",
    "Postal Code Annual Revenue Rating LinkedIn URL Year Founded",
    "External ID Name",
];

#[test]
fn sample_headings() {
    let Some(bytes) = sample("templates/headers.tsv") else { return };
    let text = String::from_utf8(bytes).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').next().unwrap());
    let left: Vec<String> = lines
        .map(|line| {
            let headers = line.split(',').enumerate();
            let headers: Vec<Header> = headers.map(|(column, text)| Header { text: text.into(), column }).collect();
            let left = match_headers(LEAD, &headers).unmatched;
            left.into_iter().map(|one| one.header).collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(left, LEFT);
}
