//! The page of a record: of a customer, an opportunity, a contract.

mod common;

use common::Env;
use insta::assert_snapshot;
use serde_json::json;

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
    let lost =
        ["name=文件柜", "amount=8000", "expected_on=2026-03-10", "stage=lost", "lost_reason=price", "lost_stage=needs"];
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

#[test]
fn the_page_of_a_customer_in_chinese_at_80_columns() {
    let env = shop("zh");
    let page = wide(&env, "80", &["customer", "show", "B2B-2026-001"]);
    assert_snapshot!(page, @"
    B2B-2026-001 示例贸易有限公司
    客户类型      成交
    价值等级      高价值
    负责人        li
    地区          Hangzhou
    标签          高潜力
    最近跟进时间  2026-03-11 10:00
    未跟进天数    1
    跟进次数      11
    完整度        78.9%
    缺少          首次合作日期、合作产品、合同金额、续约日期

    待办
    时限       到期        事项                              编号          规则
    ---------  ----------  --------------------------------  ------------  --------
    逾期 2 天  2026-03-10  预计成交日：成交、失败或更新日期  OPP-2026-002  预计成交
    将到期     2026-03-13  回电                              B2B-2026-001  已约定
    将到期     2026-03-13  回电                              OPP-2026-001  已约定
    将到期     2026-03-15  3 天未跟进，应联系                OPP-2026-002  久未跟进

    企业信息
    公司名称  示例贸易有限公司
    客户类别  企业
    行业      批发和零售业

    需求
    当前需求  办公桌两百张

    合作情况
    付款周期  月结

    来源与归属
    来源      400电话
    建档日期  2026-03-12

    其他
    抖音号  示例店

    联系人
    联系人  职位    工作电话     决策角色  影响力  态度
    ------  ------  -----------  --------  ------  ----
    Buyer           13800138001
    甲经理  总经理               决策者         5    +2

    联系人其他信息
    联系人  字段  值
    ------  ----  ---------------
    甲经理  邮箱  jia@example.com
    甲经理  生日  农历八月十五

    在谈商机
    编号          商机名称    阶段            金额   加权金额  预计成交日期  负责人
    ------------  ----------  --------  ----------  ---------  ------------  ------
    OPP-2026-001  升降桌一期  需求确认  120,000.00  24,000.00  2026-05-01    li
    OPP-2026-002  升降桌二期  需求确认   30,000.00   6,000.00  2026-03-10    li
    ------------  ----------  --------  ----------  ---------  ------------  ------
    合计                                150,000.00  30,000.00
    已关闭：失败 1 个（8,000.00）

    合同
    编号          合同名称    状态      合同金额     已收款  结束日期    负责人
    ------------  ----------  ------  ----------  ---------  ----------  ------
    CON-2026-001  升降桌采购  已签订  120,000.00  36,000.00  2027-03-31  li

    订单
    订单数  金额合计  首单日期    最近下单
    ------  --------  ----------  ----------
         2  1,250.50  2026-03-01  2026-03-09

    来源线索
    编号           联系人  意向产品  获取日期    负责人
    -------------  ------  --------  ----------  ------
    LEAD-2026-001  Buyer             2026-03-12

    跟进记录
    跟进时间          跟进方式  沟通要点                                下次跟进日期
    ----------------  --------  --------------------------------------  ------------
    2026-03-11 10:00  电话      第 11 次沟通，客户询问升降桌的供货周期  2026-03-13
                                与安装服务
    2026-03-10 10:00  电话      第 10 次沟通，客户询问升降桌的供货周期  2026-03-13
                                与安装服务
    2026-03-09 10:00  电话      第 9 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-08 10:00  电话      第 8 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-07 10:00  电话      第 7 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-06 10:00  电话      第 6 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-05 10:00  电话      第 5 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-04 10:00  电话      第 4 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-03 10:00  电话      第 3 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-02 10:00  电话      第 2 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    另有 1 条：`kehu followup list --where '客户 = B2B-2026-001'`

    附件
    路径                                 类型    SHA-256        上传人  上传日期
    -----------------------------------  ------  -------------  ------  ----------
    attachments/B2B-2026-001/报价单.pdf  报价单  f2ca1bb6c7e9…  li      2026-03-10

    信息核实
    核实日期    核实人  核实字段        核实渠道
    ----------  ------  --------------  --------
    2026-03-12  li      公司名称、地区  官网
    ");
}

#[test]
fn the_page_of_a_customer_in_english_at_80_columns() {
    let env = shop("en");
    let page = wide(&env, "80", &["customer", "show", "B2B-2026-001"]);
    assert_snapshot!(page, @"
    B2B-2026-001 示例贸易有限公司
    Type            Won
    Value level     High
    Owner           li
    Region          Hangzhou
    Tags            High potential
    Last follow-up  2026-03-11 10:00
    Idle days       1
    Follow-ups      11
    Complete        78.9%
    Missing         First cooperation, Products bought, Contract amount, Renewal

    Due next
    When         Due         What                             Number        Rule
    -----------  ----------  -------------------------------  ------------  --------
    overdue 2 d  2026-03-10  Expected close: close it, or     OPP-2026-002  close
                             change the date
    coming       2026-03-13  回电                             B2B-2026-001  promised
    coming       2026-03-13  回电                             OPP-2026-001  promised
    coming       2026-03-15  Contact: 3 days without one      OPP-2026-002  idle

    Company
    Company   示例贸易有限公司
    Category  Business
    Industry  Wholesale and retail

    Needs
    Current needs  办公桌两百张

    Cooperation
    Payment cycle  月结

    Source and ownership
    Source       Hotline
    Acquired on  2026-03-12

    Other
    抖音号  示例店

    Contacts
    Contact  Title   Work phone   Buying role     Influence  Attitude
    -------  ------  -----------  --------------  ---------  --------
    Buyer            13800138001
    甲经理   总经理               Decision maker          5        +2

    More of the contacts
    Contact  Field     Value
    -------  --------  ---------------
    甲经理   E-mail    jia@example.com
    甲经理   Birthday  lunar 08-15

    Open opportunities
    Number        Opportunity  Stage      Amount   Weighted  Expected close  Owner
    ------------  -----------  -----  ----------  ---------  --------------  -----
    OPP-2026-001  升降桌一期   Needs  120,000.00  24,000.00  2026-05-01      li
    OPP-2026-002  升降桌二期   Needs   30,000.00   6,000.00  2026-03-10      li
    ------------  -----------  -----  ----------  ---------  --------------  -----
    Total                             150,000.00  30,000.00
    closed: 1 lost (8,000.00)

    Contracts
    Number        Contract    Status      Amount   Received  Ends on     Owner
    ------------  ----------  ------  ----------  ---------  ----------  -----
    CON-2026-001  升降桌采购  Signed  120,000.00  36,000.00  2027-03-31  li

    Orders
    Orders    Amount  First       Last
    ------  --------  ----------  ----------
         2  1,250.50  2026-03-01  2026-03-09

    Made of the leads
    Number         Contact  Product  Acquired on  Owner
    -------------  -------  -------  -----------  -----
    LEAD-2026-001  Buyer             2026-03-12

    Follow-ups
    At                Method  Points                                      Next date
    ----------------  ------  ------------------------------------------  ----------
    2026-03-11 10:00  Phone   第 11 次沟通，客户询问升降桌的供货周期与安  2026-03-13
                              装服务
    2026-03-10 10:00  Phone   第 10 次沟通，客户询问升降桌的供货周期与安  2026-03-13
                              装服务
    2026-03-09 10:00  Phone   第 9 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-08 10:00  Phone   第 8 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-07 10:00  Phone   第 7 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-06 10:00  Phone   第 6 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-05 10:00  Phone   第 5 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-04 10:00  Phone   第 4 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-03 10:00  Phone   第 3 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-02 10:00  Phone   第 2 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    1 more: `kehu followup list --where 'customer = B2B-2026-001'`

    Attachments
    Path                                Kind  SHA-256       Uploaded by Uploaded on
    ----------------------------------- ----- ------------- ----------- -----------
    attachments/B2B-2026-001/报价单.pdf Quote f2ca1bb6c7e9… li          2026-03-10

    Verifications
    Verified on  Verified by  Fields           Channel
    -----------  -----------  ---------------  -------------
    2026-03-12   li           Company, Region  Official site
    ");
}

#[test]
fn opportunities_and_contracts_show_what_belongs_to_them() {
    let env = shop("en");
    assert_snapshot!(wide(&env, "80", &["opportunity", "show", "OPP-2026-001"]), @"
    OPP-2026-001 升降桌一期
    Stage           Needs
    Opportunity     升降桌一期
    Customer        B2B-2026-001 示例贸易有限公司
    Lead            LEAD-2026-001 示例贸易有限公司
    Amount          120,000.00
    Expected close  2026-05-01
    Opened on       2026-03-12
    Owner           li
    Last follow-up  2026-03-11 10:00
    Idle days       1
    Follow-ups      1
    Chance          20
    Weighted        24,000.00

    Due next
    When    Due         What  Rule
    ------  ----------  ----  --------
    coming  2026-03-13  回电  promised

    Contracts
    Number        Contract    Status      Amount   Received  Ends on     Owner
    ------------  ----------  ------  ----------  ---------  ----------  -----
    CON-2026-001  升降桌采购  Signed  120,000.00  36,000.00  2027-03-31  li

    Follow-ups
    At                Method  Points                                      Next date
    ----------------  ------  ------------------------------------------  ----------
    2026-03-11 10:00  Phone   第 11 次沟通，客户询问升降桌的供货周期与安  2026-03-13
                              装服务
    ");
    assert_snapshot!(wide(&env, "80", &["contract", "show", "CON-2026-001"]), @"
    CON-2026-001 升降桌采购
    Status       Signed
    Contract     升降桌采购
    Customer     B2B-2026-001 示例贸易有限公司
    Opportunity  OPP-2026-001 升降桌一期
    Amount       120,000.00
    Signed on    2026-03-10
    Ends on      2027-03-31
    Owner        li

    Due next
    When    Due         What                                      Rule
    ------  ----------  ----------------------------------------  -------
    coming  2026-06-30  Payment due: 尾款, CNY 84,000.00 to come  payment

    Payment plan
    Instalment     Amount  Due on
    ----------  ---------  ----------
    预付款      36,000.00  2026-03-20
    尾款        84,000.00  2026-06-30

    Receipts
    Received on     Amount
    -----------  ---------
    2026-03-11   30,000.00
    2026-03-12    6,000.00
    ");
}

#[test]
fn json_says_what_the_page_says() {
    let env = shop("en");
    let shown = env.json(&["customer", "show", "B2B-2026-001", "--json"]);
    assert_eq!((&shown["schema"], &shown["version"]), (&json!("kehu.record"), &json!(1)));
    assert_eq!(
        shown["completeness"],
        json!({
            "wanted": 19, "filled": 15,
            "missing": ["first_cooperation_on", "products", "contract_amount", "renewal_on"],
        })
    );
    assert_eq!(shown["record"]["attachments"][0]["sha256"].as_str().unwrap().len(), 64);
    let related = &shown["related"];
    assert_eq!(
        related["orders"],
        json!({"count": 2, "amount": "1250.50", "first_on": "2026-03-01", "last_on": "2026-03-09"})
    );
    assert_eq!(related["contracts"][0]["received"], "36000.00");
    assert_eq!(related["opportunities"].as_array().unwrap().len(), 3);
    assert_eq!(related["opportunities"][0]["weighted"], "24000.00");
    assert_eq!((&related["followups_total"], related["followups"].as_array().unwrap().len()), (&json!(11), 10));
    assert_eq!(related["followups"][0]["subject"], "OPP-2026-001", "the newest first");
    assert_eq!(related["leads"][0]["number"], "LEAD-2026-001");
    let opportunity = env.json(&["opportunity", "show", "OPP-2026-001", "--json"]);
    assert_eq!(opportunity["related"]["contracts"][0]["number"], "CON-2026-001");
    assert_eq!(opportunity["related"]["followups_total"], 1);
    let lead = env.json(&["lead", "show", "LEAD-2026-001", "--json"]);
    assert!(lead.get("related").is_none() && lead["completeness"]["missing"] == json!(["email"]), "{lead}");
}

#[test]
fn what_is_due_is_what_due_says() {
    let env = shop("en");
    for now in ["2026-03-12T10:00:00+08:00", "2026-03-20T10:00:00+08:00", "2026-09-20T10:00:00+08:00"] {
        let due = env.json(&["due", "--owner", "all", "--json", "--now", now]);
        let page = env.json(&["customer", "show", "B2B-2026-001", "--json", "--now", now]);
        let told =
            |one: &serde_json::Value| ["number", "rule", "due", "overdue_hours", "group"].map(|key| one[key].clone());
        let listed: Vec<_> = due["tasks"].as_array().unwrap().iter().map(told).collect();
        let shown: Vec<_> = page["due"].as_array().unwrap().iter().map(told).collect();
        assert!(!shown.is_empty());
        assert_eq!(shown, listed, "{now}");
    }
    env.done(&[
        "opportunity",
        "set",
        "OPP-2026-001",
        "OPP-2026-002",
        "stage=lost",
        "lost_reason=price",
        "lost_stage=needs",
    ]);
    env.done(&["followup", "add", "B2B-2026-001", "method=phone", "author=li", "points=x", "no_next=all said"]);
    let later = env.json(&["customer", "show", "B2B-2026-001", "--json"]);
    let due = later["due"].as_array().unwrap();
    assert_eq!((due.len(), &due[0]["group"]), (1, &json!("coming")), "beyond the week the next thing alone: {due:?}");
}

#[test]
fn the_page_is_drawn_in_every_format_and_as_of_the_past() {
    let env = shop("zh");
    for format in ["table", "plain", "csv", "tsv", "markdown", "html", "jsonl"] {
        let page = env.done(&["customer", "show", "B2B-2026-001", "-o", format]);
        assert!(page.contains("升降桌采购") && page.contains("E-mail") == page.contains("More"), "{format}: {page}");
        assert!(page.contains("36000.00") || page.contains("36,000.00"), "{format}: {page}");
    }
    env.done(&["customer", "show", "B2B-2026-001", "-o", "../page.xlsx"]);
    env.git_done(&["-c", "user.name=x", "commit", "-q", "--allow-empty", "-m", "now"]);
    let show = ["customer", "show", "B2B-2026-001"];
    let now = env.done(&show);
    assert_eq!(env.done(&[&show[..], &["--as-of", "HEAD"]].concat()), now);
    env.done(&["contract", "rm", "CON-2026-001", "--confirm", "CON-2026-001"]);
    assert!(!env.done(&show).contains("升降桌采购"));
    assert_eq!(env.done(&[&show[..], &["--as-of", "HEAD~1"]].concat()), now);
    let opportunity = env.done(&["opportunity", "show", "OPP-2026-001", "--as-of", "HEAD~1"]);
    assert!(opportunity.contains("升降桌采购"), "{opportunity}");
}

#[test]
fn a_page_shows_what_its_reader_may_read() {
    let env = shop("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("chen", "sales", "west"), ("boss", "manager", "east")]);
    let run = |login: &str, args: &[&str]| env.run(&[&["--as", login][..], args].concat());
    for login in ["li", "boss"] {
        let page = run(login, &["customer", "show", "B2B-2026-001"]);
        assert!(
            page.code == 0 && page.stdout.contains("CON-2026-001") && page.stdout.contains("OPP-2026-002"),
            "{page}"
        );
    }
    assert_eq!(run("chen", &["customer", "show", "B2B-2026-001"]).code, 7);
    // An opportunity is its owner's, and the customer's name is not said with it to who does not read the customer.
    env.done(&["opportunity", "set", "OPP-2026-002", "owner=chen"]);
    let own = run("chen", &["opportunity", "show", "OPP-2026-002"]);
    assert!(own.code == 0 && own.stdout.contains("B2B-2026-001"), "{own}");
    assert!(!own.stdout.contains("示例贸易有限公司"), "{own}");
    assert!(run("li", &["opportunity", "show", "OPP-2026-002"]).stdout.contains("B2B-2026-001 示例贸易有限公司"));
}
