//! `kehu due`: who must be contacted, when, in every form.

mod common;

use common::Env;
use insta::assert_snapshot;

/// Three leads and a customer of two people, on 2026-03-12.
fn repository(lang: &str) -> Env {
    let env = Env::repository(lang);
    env.users(&[("test", "sales", "一部"), ("wang.fang", "sales", "一部")]);
    let lead = |company: &str, phone: &str, day: &str, owner: &str| {
        let fields = [
            ("company", company),
            ("contact_name", "王先生"),
            ("phone", phone),
            ("region", "浙江"),
            ("source", "hotline"),
        ];
        let fields = fields.into_iter().chain([("acquired_on", day), ("owner", owner)]);
        let words: Vec<String> = fields.map(|(key, value)| format!("{key}={value}")).collect();
        let words: Vec<&str> = ["lead", "add"].into_iter().chain(words.iter().map(String::as_str)).collect();
        env.done(&words)
    };
    lead("甲示例贸易有限公司", "13800138001", "2026-03-01", "test");
    lead("乙示例科技有限公司", "13800138002", "2026-03-05", "test");
    lead("丙示例食品有限公司", "13800138003", "2026-03-11", "wang.fang");
    env.done(&[
        "customer",
        "add",
        "name=丁示例机械有限公司",
        "region=上海",
        "source=referral",
        "type=won",
        "level=high",
        "owner=test",
        "industry=manufacturing",
        "acquired_on=2026-03-10",
        "renewal_on=2026-06-10",
    ]);
    env
}

#[test]
fn the_morning_in_both_languages() {
    let env = repository("zh");
    assert_snapshot!(env.done(&["due", "--owner", "all"]), @"
    时限        编号           对象                事项                         负责人
    ----------  -------------  ------------------  ---------------------------  ---------
    逾期 4 天   LEAD-2026-001  甲示例贸易有限公司  每周内容                     test
    逾期 4 天   LEAD-2026-001  甲示例贸易有限公司  退回公海：2026-03-09         test
    今天        LEAD-2026-002  乙示例科技有限公司  每周内容                     test
    今天        LEAD-2026-002  乙示例科技有限公司  退回公海：2026-03-13         test
    今天        B2B-2026-001   丁示例机械有限公司  2026-06-10 续约，还有 90 天  test
    2026-03-18  LEAD-2026-003  丙示例食品有限公司  每周内容                     wang.fang
    ");
    assert_snapshot!(env.done(&["--lang", "en", "due", "--owner", "wang.fang", "--until", "30d"]), @"
    When        Number         Who                 What            Phone
    ----------  -------------  ------------------  --------------  -----------
    2026-03-18  LEAD-2026-003  丙示例食品有限公司  Weekly content  13800138003
    ");
    assert_snapshot!(env.run(&["due", "--overdue", "--owner", "wang.fang"]), @"
    时限  到期  编号  对象  事项  联系人  电话  方式  负责人  规则
    ----  ----  ----  ----  ----  ------  ----  ----  ------  ----
    ------- stderr -------
    截至 2026-03-19，wang.fang 没有待办；用 `--owner all` 查看所有人的待办
    ");
    let json = env.json(&["due", "--owner", "all", "--until", "2026-03-12", "--json"]);
    let tasks = json["tasks"].as_array().unwrap();
    assert_eq!((json["schema"].as_str(), tasks.len()), (Some("kehu.due"), 5));
    assert_eq!((tasks[0]["group"].as_str(), tasks[0]["overdue_hours"].as_i64()), (Some("overdue"), Some(96)));
    assert_eq!(env.done(&["due", "--owner", "all", "--overdue", "-q"]), "LEAD-2026-001");
    assert!(env.refused(2, &["due", "--until", "someday"]).contains("`kehu help dates`"));
    assert!(env.refused(4, &["due", "--owner", "nobody"]).contains("nobody"));
}

#[test]
fn the_list_is_a_table_on_a_narrow_screen_and_everybodys_without_users() {
    let env = repository("zh");
    let mut command = env.command(&["due", "--owner", "all"]);
    command.env("COLUMNS", "80");
    assert_snapshot!(env.finish(command), @"
    时限       编号          对象               事项                        负责人
    ---------- ------------- ------------------ --------------------------- --------
    逾期 4 天  LEAD-2026-001 甲示例贸易有限公司 每周内容                    test
    逾期 4 天  LEAD-2026-001 甲示例贸易有限公司 退回公海：2026-03-09        test
    今天       LEAD-2026-002 乙示例科技有限公司 每周内容                    test
    今天       LEAD-2026-002 乙示例科技有限公司 退回公海：2026-03-13        test
    今天       B2B-2026-001  丁示例机械有限公司 2026-06-10 续约，还有 90 天 test
    2026-03-18 LEAD-2026-003 丙示例食品有限公司 每周内容                    wang.fa…
    ");
    let alone = Env::repository("en");
    alone.lead("Alpha", "13800138001");
    assert!(alone.done(&["--now", "2026-03-30", "due"]).contains("LEAD-2026-001"));
}

#[test]
fn a_festival_is_one_line_a_person() {
    let env = repository("zh");
    let fields = ["region=北京", "source=referral", "type=potential", "owner=test", "industry=retail"];
    env.done(&[&["customer", "add", "name=戊示例商贸有限公司", "acquired_on=2026-03-10"][..], &fields].concat());
    let told = env.done(&["--now", "2026-06-18", "due", "--until", "1d", "-o", "csv"]);
    let festival: Vec<&str> = told.lines().filter(|line| line.contains("端午节")).collect();
    assert_eq!(festival.len(), 1, "{told}");
    assert!(festival[0].starts_with("将到期,2026-06-19,B2B-2026-001,丁示例机械有限公司等 2 位,"), "{told}");
    let json = env.json(&["--now", "2026-06-18", "due", "--until", "1d", "--json"]);
    let task = json["tasks"].as_array().unwrap().iter().find(|task| task["rule"] == "festival").unwrap();
    assert_eq!(task["others"], serde_json::json!(["B2B-2026-002"]));
}

#[test]
fn a_follow_up_closes_what_it_meets_and_the_past_stays() {
    let env = repository("en");
    let before = env.done(&["due", "--owner", "all", "-o", "csv"]);
    assert!(before.contains("LEAD-2026-001"), "{before}");
    env.done(&[
        "followup",
        "add",
        "LEAD-2026-001",
        "method=phone",
        "points=called",
        "next_action=send offer",
        "next_on=2026-03-16",
    ]);
    let after = env.done(&["due", "--owner", "all", "-o", "csv"]);
    let line = after.lines().find(|line| line.contains("LEAD-2026-001")).unwrap();
    assert!(line.starts_with("coming,2026-03-16,") && line.contains("send offer"), "{line}");
    assert_eq!(env.done(&["--as-of", "HEAD~1", "due", "--owner", "all", "-o", "csv"]), before, "the answer given then");
}

#[test]
fn a_calendar_is_what_calendar_programs_read() {
    let env = repository("zh");
    let text = env.run(&["due", "--owner", "all", "-o", "ics"]).stdout;
    let calendar: icalendar::Calendar = text.parse().unwrap();
    assert_eq!(
        calendar.components.len(),
        env.json(&["due", "--owner", "all", "--json"])["tasks"].as_array().unwrap().len()
    );
    assert!(text.contains("SUMMARY:逾期：") && text.contains("DTSTART;VALUE=DATE:20260312"), "{text}");
    env.done(&["due", "--owner", "all", "-o", "../due.ics"]);
    assert_eq!(env.read("../due.ics"), text);
}

#[test]
fn what_was_acquired_long_ago_does_not_hide_the_day() {
    let env = Env::repository("en");
    let rows = (0..30).map(|at| format!("Old {at},C,139001390{at:02},Hangzhou,hotline,2024-01-{:02}", at % 28 + 1));
    let rows: String = rows.map(|row| row + "\n").collect();
    let new = "New,C,13800138000,Hangzhou,hotline,2026-03-12\n";
    env.write("../old.csv", &format!("company,contact_name,phone,region,source,acquired_on\n{rows}{new}"));
    let told = env.run(&["lead", "import", "../old.csv"]);
    assert!(told.stderr.contains("30 new leads were acquired long ago"), "{told}");
    let due = |args: &[&str]| env.done(&[&["due"], args].concat());
    assert_eq!(due(&["-o", "csv", "--limit", "2"]).lines().count(), 32, "a file has all");
    assert_eq!(env.json(&["due", "--json", "--limit", "2"])["tasks"].as_array().map(Vec::len), Some(31));
    let table = due(&["--limit", "2"]);
    assert_eq!(table.matches("overdue").count(), 2, "{table}");
    assert!(table.contains("New") && table.contains("and 28 more: 28 repeat; `kehu due --rule repeat`"), "{table}");
    assert_eq!(due(&["--rule", "repeat", "-o", "csv"]).lines().count(), 32);
    assert_eq!(due(&["--rule", "promised", "-o", "csv"]).lines().count(), 1);
    assert!(env.refused(2, &["due", "--rule", "nothing"]).contains("the rules are first-response"));
    let old = ["lead", "set", "--where", "acquired_on < today-30d", "assigned_at=today", "--expect", "30"];
    env.done(&old);
    assert!(!due(&[]).contains("overdue"), "their clock runs from today");
}
