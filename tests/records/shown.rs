//! Records are listed, shown, explained, and their history told.

use crate::common::Env;
use insta::assert_snapshot;
use serde_json::json;

#[test]
fn records_are_listed() {
    let env = Env::repository("zh");
    env.lead("示例贸易有限公司", "13800138001");
    env.lead("某某设备有限公司", "13800138002");
    env.done(&[
        "lead",
        "set",
        "LEAD-2026-002",
        "urgency=within_3_months",
        "intent=requested_proposal",
        "staff=800",
        "标签=展会",
        "owner=li.ming",
    ]);
    let mut table = env.command(&["lead", "list"]);
    table.env("COLUMNS", "80");
    assert_snapshot!(env.finish(table), @"
    编号          级别 评分 公司名称         联系人 电话        状态   负责人
    ------------- ---- ---- ---------------- ------ ----------- ------ -------
    LEAD-2026-001 C       0 示例贸易有限公司 Buyer  13800138001 新建
    LEAD-2026-002 B      60 某某设备有限公司 Buyer  13800138002 已分配 li.ming
    ");
    let numbers = |args: &[&str]| {
        let args = [&["lead", "list", "--columns", "number", "-o", "tsv"], args].concat();
        env.done(&args).lines().skip(1).map(|line| line[10..].to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(numbers(&["--sort", "-score"]), "002 001");
    assert_eq!(numbers(&["--where", "score >= 50 and tags has 展会"]), "002");
    assert_eq!(numbers(&["--where", "owner is missing"]), "001");
    assert_eq!(numbers(&["--grade", "B,C", "--limit", "1"]), "001");
    assert_eq!(numbers(&["--owner", "li.ming", "--status", "已分配"]), "002");
    assert_eq!(env.done(&["lead", "list", "--count"]), "2");
    assert_eq!(env.done(&["lead", "list", "--count", "--as-of", "HEAD~2"]), "1");
    let list = env.json(&["lead", "list", "--json", "--limit", "1"]);
    assert_eq!((&list["schema"], &list["version"], &list["kind"]), (&json!("kehu.list"), &json!(1), &json!("lead")));
    assert_eq!(list["records"][0]["number"], "LEAD-2026-001");
    assert_eq!(list["records"][0]["score"]["missing"].as_array().unwrap().len(), 5);
    assert_snapshot!(env.run(&["lead", "list", "--grade", "A"]), @"
    编号  级别  评分  公司名称  联系人  电话  状态  负责人
    ----  ----  ----  --------  ------  ----  ----  ------
    ------- stderr -------
    没有符合条件的线索
    ");
    assert_snapshot!(env.refused(2, &["lead", "list", "--where", "compny = x"]), @"
    错误：筛选条件第 1 个字符：没有字段“compny”
      compny = x
      ^^^^^^
    提示：是否指“company”？
    ");
    assert_snapshot!(env.refused(2, &["lead", "list", "--columns", "compny"]), @"
    错误：没有字段“compny”
    提示：是否指“company”？
    提示：用 `kehu help fields` 列出所有字段
    ");
    assert_snapshot!(env.refused(4, &["lead", "show", "LEAD-2026-404"]), @"
    错误：没有编号为 `LEAD-2026-404` 的线索
    提示：用 `kehu lead list` 列出已有编号
    ");
}

#[test]
fn a_score_explains_itself() {
    let env = Env::repository("en");
    env.lead("Example", "13800138000");
    env.done(&["lead", "set", "LEAD-2026-001", "expected_on=2026-05-01", "staff=320", "intent=interested"]);
    let shown = env.json(&["lead", "show", "LEAD-2026-001", "--json"]);
    assert_snapshot!(serde_json::to_string(&shown["record"]["score"]).unwrap(), @r#"{"total":51,"grade":"C","reachable":91,"missing":["budget_fit","decision_chain"],"dimensions":[{"key":"urgency","points":30,"max":30,"tier":"within_3_months","fact":"expected purchase 2026-05-01, 50 days away"},{"key":"budget_fit","points":0,"max":25,"tier":null,"fact":null},{"key":"size","points":15,"max":20,"tier":"medium","fact":"staff 320"},{"key":"decision_chain","points":0,"max":15,"tier":null,"fact":null},{"key":"intent","points":6,"max":10,"tier":"interested","fact":"stated: Interested"}]}"#);
    assert_snapshot!(env.done(&["lead", "score", "LEAD-2026-001", "--explain"]), @"
    LEAD-2026-001 Example: 51 (C), up to 91: budget, decision maker unknown
    Dimension       Points   Of  Tier                       Fact
    --------------  ------  ---  -------------------------  ------------------------------------------
    Urgency             30   30  Purchase within 3 months   expected purchase 2026-05-01, 50 days away
    Budget fit           0   25                             not known
    Company size        15   20  Medium (300 to 499 staff)  staff 320
    Decision chain       0   15                             not known
    Intent               6   10  Interested                 stated: Interested
    --------------  ------  ---  -------------------------  ------------------------------------------
    Total               51  100  C
    ");
    assert_snapshot!(env.done(&["lead", "score"]), @"
    Number         Company  Grade  Score  Reachable score  Missing for the score
    -------------  -------  -----  -----  ---------------  ----------------------
    LEAD-2026-001  Example  C         51               91  budget, decision maker
    ");
    let later = env.json(&["lead", "show", "LEAD-2026-001", "--json", "--now", "2025-12-01"]);
    assert_eq!(later["record"]["score"]["dimensions"][0]["points"], 20, "scores depend on the day");
}

#[test]
fn the_history_of_a_record_is_its_fields() {
    let env = Env::repository("zh");
    let lead = env.lead("示例", "13800138000");
    env.done(&["lead", "set", &lead, "status=working", "phone=13800138001"]);
    env.done(&["lead", "set", &lead, "tags=高潜力"]);
    env.done(&["lead", "set", &lead, "--unset", "tags"]);
    env.lead("另一家", "13800138009");
    env.done(&["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]);
    let hide = |text: String| {
        let hash = |word: &str| word.len() == 8 && word.bytes().all(|b| b.is_ascii_hexdigit());
        let lines =
            text.lines().map(|line| line.split(' ').map(|w| if hash(w) { "COMMIT" } else { w }).collect::<Vec<_>>());
        lines.map(|words| words.join(" ")).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(hide(env.done(&["lead", "log", &lead])), @"
    时间              何人       内容                                                           提交
    ----------------  ---------  -------------------------------------------------------------  --------
    2026-03-12 09:30  Test User  标签：高潜力 → –                                               COMMIT
    2026-03-12 09:30  Test User  标签：高潜力                                                   COMMIT
    2026-03-12 09:30  Test User  状态：新建 → 跟进中                                            COMMIT
    2026-03-12 09:30  Test User  电话：13800138000 → 13800138001                                COMMIT
    2026-03-12 09:30  Test User  新建：状态：新建，公司名称：示例，联系人：Buyer，电话：        COMMIT
                                 13800138000，地区：Hangzhou，来源：400电话，另有 1 项
    ");
    assert_snapshot!(hide(env.done(&["lead", "log", "--limit", "2", "--lang", "en"])), @"
    When              Who        Record         Name    What                                    Commit
    ----------------  ---------  -------------  ------  --------------------------------------  --------
    2026-03-12 09:30  Test User  LEAD-2026-002  另一家  removed                                 COMMIT
    2026-03-12 09:30  Test User  LEAD-2026-002  另一家  added: Status: New, Company: 另一家,    COMMIT
                                                        Contact: Buyer, Phone: 13800138009,
                                                        Region: Hangzhou, Source: Hotline, 1
                                                        more
    ");
    let log = env.json(&["lead", "log", &lead, "--json", "--lang", "en"]);
    assert_eq!((&log["schema"], &log["version"]), (&json!("kehu.log"), &json!(1)));
    assert_eq!(
        log["entries"][2]["changes"],
        json!([
            {"field": "status", "old": "new", "new": "working", "text": "Status: New → Working"},
            {"field": "phone", "old": "13800138000", "new": "13800138001", "text": "Phone: 13800138000 → 13800138001"},
        ])
    );
    assert_eq!(log["entries"][3]["step"], "added");
    assert_eq!(env.json(&["lead", "log", "LEAD-2026-002", "--json"])["entries"][0]["step"], "removed");
    assert_snapshot!(env.refused(4, &["lead", "log", "LEAD-2026-404"]), @"
    错误：没有编号为 `LEAD-2026-404` 的线索
    提示：用 `kehu lead list` 列出已有编号
    ");
}
