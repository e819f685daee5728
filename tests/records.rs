//! Records by the generic verbs: added, listed, shown, changed, edited, removed, and their history.

mod common;

use common::{Env, Output, parse};
use insta::assert_snapshot;
use serde_json::json;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

/// Runs `edit` with a shell script for an editor; `$1` is the file.
fn edit(env: &Env, number: &str, script: &str, args: &[&str]) -> Output {
    env.write("../editor.sh", &format!("set -e\n{script}\n"));
    let editor = format!("sh {}", env.dir().join("../editor.sh").display());
    let mut command = env.command(&[&["lead", "edit", number], args].concat());
    command.env("EDITOR", editor);
    env.finish(command)
}

#[test]
fn a_lead_is_written_as_people_say_it_and_stored_normalised() {
    let env = Env::repository("zh");
    let added = env.run(&[
        "lead",
        "add",
        "--company",
        "某某贸易有限公司",
        "联系人=某经理",
        "手机=+86 138-0013 8000",
        "邮箱=Buyer@Example.COM",
        "地区=浙江 杭州",
        "来源=展会",
        "预计采购日期=2026年5月1日",
        "budget_min=10万",
        "budget_max=¥200,000.50",
        "staff=1,200人",
        "listed=是",
        "标签=高潜力,重点",
        "custom.展位=A9",
    ]);
    assert_snapshot!(added, @"LEAD-2026-001");
    assert_snapshot!(env.read(LEAD), @r#"
    status = "new"
    company = "某某贸易有限公司"
    contact_name = "某经理"
    phone = "13800138000"
    email = "Buyer@example.com"
    region = "浙江 杭州"
    staff = 1200
    listed = true
    expected_on = 2026-05-01
    budget_min = "100000.00"
    budget_max = "200000.50"
    source = "exhibition"
    acquired_on = 2026-03-12
    tags = [
        "high_potential",
        "重点",
    ]

    [custom]
    "展位" = "A9"
    "#);
    let commit = env.git_done(&["log", "-1", "--format=%an <%ae>%n%s%n%(trailers:key=Kehu-Op,valueonly)"]);
    let told = "Test User <test@example.com>\nlead: add LEAD-2026-001\n20260312T093000-";
    assert!(commit.strip_prefix(told).is_some_and(|hash| hash.len() == 6), "{commit}");
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
}

#[test]
fn what_cannot_be_read_is_named_all_at_once_and_nothing_is_written() {
    let env = Env::repository("en");
    let before = env.state();
    let said = env.refused(
        6,
        &["lead", "add", "company=Example", "phone=123", "source=exhibtion", "email=x", "expected_on=2026-13-01"],
    );
    assert_snapshot!(said, @"
    error: Example: Phone `123` is not a mobile of 11 digits, a landline with area code, or +country number
      Source `exhibtion` is not in dictionary `source`; did you mean Exhibition (exhibition)?
      E-mail `x` is not an address such as name@company.com
      Expected purchase `2026-13-01` is not a day that exists, such as 2026-03-05
    ");
    assert_snapshot!(env.refused(6, &["lead", "add", "company=Example"]), @"
    error: Example: Contact is missing
      Region is missing
      Source is missing
      Phone or E-mail is missing
    ");
    assert_snapshot!(env.refused(2, &["lead", "add", "compny=Example"]), @"
    error: a lead has no field `compny`
    hint: did you mean `company`?
    ");
    assert_snapshot!(env.refused(2, &["lead", "add"]), @"
    error: no field is given
    hint: `kehu lead add --help` lists the fields
    ");
    assert_snapshot!(env.refused(2, &["lead", "add", "--stdin", "LEAD-2026-001"]), @"error: `LEAD-2026-001` is not of the form `key=value`");
    assert_eq!(env.state(), before);
    let error = parse(&env.run(&["lead", "add", "company=Example", "--json"]).stderr);
    assert_eq!(
        (&error["schema"], &error["exit"], &error["code"]),
        (&json!("kehu.error"), &json!(6), &json!("invalid"))
    );
    assert_eq!(error["details"].as_array().unwrap().len(), 3, "{error}");
}

#[test]
fn mistakes_are_told_in_the_language_of_the_repository() {
    let env = Env::repository("zh");
    assert_snapshot!(env.refused(2, &["lead", "add", "compny=x"]), @"
    错误：线索没有字段“compny”
    提示：是不是“公司名称”？
    ");
    assert_snapshot!(env.refused(2, &["lead", "lst"]), @"
    错误：`kehu lead` 没有命令“lst”
    提示：是不是 `kehu lead list`？
    ");
    assert_snapshot!(env.refused(2, &["--lang", "en", "lead", "lst"]), @"
    error: `kehu lead` has no command `lst`
    hint: did you mean `kehu lead list`?
    ");
    assert_snapshot!(env.refused(4, &["lead", "list", "--as-of", "nonsense"]), @"
    错误：`nonsense` 既不是日期也不是提交
    提示：日期写作 `2026-06-30`，提交写作 `HEAD~5`
    ");
    let mut elsewhere = env.command(&["-C", "work", "lead", "rm", "LEAD-2026-001"]);
    elsewhere.current_dir(env.dir().join(".."));
    assert!(env.finish(elsewhere).stderr.starts_with("错误："));
}

#[test]
fn a_double_is_refused_unless_it_is_wanted() {
    let env = Env::repository("en");
    env.lead("Example Trading", "13800138000");
    let second =
        ["lead", "add", "company=Other", "contact_name=B", "phone=+86 138 0013 8000", "region=x", "source=hotline"];
    let before = env.state();
    assert_snapshot!(env.refused(5, &second), @"
    error: `LEAD-2026-001` (Example Trading) has the same telephone number
    hint: `kehu lead set LEAD-2026-001 …` changes it; `--on-duplicate keep` adds another
    ");
    let customer = [
        "customer",
        "add",
        "name=example trading",
        "category=B2B",
        "type=intent",
        "region=Hangzhou",
        "source=referral",
        "owner=li.ming",
    ];
    assert_snapshot!(env.refused(5, &customer), @"
    error: `LEAD-2026-001` (Example Trading) has the same company name and region
    hint: `kehu lead set LEAD-2026-001 …` changes it; `--on-duplicate keep` adds another
    ");
    assert_eq!(env.state(), before);
    assert_eq!(env.done(&[&second[..], &["--on-duplicate", "keep"]].concat()), "LEAD-2026-002");
    assert_eq!(env.done(&[&customer[..], &["--on-duplicate", "keep"]].concat()), "B2B-2026-001");
}

#[test]
fn many_lines_are_one_commit_or_none() {
    let env = Env::repository("en");
    let line = |company: &str, phone: &str| {
        format!(r#"{{"company":"{company}","contact_name":"B","phone":"{phone}","region":"x","staff":50}}"#)
    };
    let good = format!("{}\n\n{}\n", line("A", "13800138001"), line("B", "13800138002"));
    let added = env.run_with(&["lead", "add", "--stdin", "source=hotline"], good);
    assert_snapshot!(added, @"
    LEAD-2026-001
    LEAD-2026-002
    ");
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: add LEAD-2026-001, LEAD-2026-002");
    let before = env.state();
    let fails = |text: &str| {
        let output = env.run_with(&["lead", "add", "--stdin", "source=hotline"], text);
        assert_eq!((output.stdout.as_str(), env.state()), ("", before.clone()));
        format!("{}[exit {}]", output.stderr, output.code)
    };
    let first = line("C", "13800138003");
    assert_snapshot!(fails(&format!("{first}\n\n{}\n", line("D", "12"))), @"
    error: line 3: D: Phone `12` is not a mobile of 11 digits, a landline with area code, or +country number
    [exit 6]
    ");
    assert_snapshot!(fails(&format!("{first}\n{}\n", r#"{"company":"D","region":"x"}"#)), @"
    error: line 2: D: Contact is missing
      Phone or E-mail is missing
    [exit 6]
    ");
    assert_snapshot!(fails(&format!("{first}\n{}\n", line("Z", "13800138003"))), @"
    error: line 2: line 1 has the same telephone number
    hint: `--on-duplicate keep` adds both
    [exit 5]
    ");
    assert_snapshot!(fails(&format!("{first}\n{}\n", line("Z", "13800138001"))), @"
    error: line 2: `LEAD-2026-001` (A) has the same telephone number
    hint: `kehu lead set LEAD-2026-001 …` changes it; `--on-duplicate keep` adds another
    [exit 5]
    ");
    assert_snapshot!(fails(&format!("{first}\n[1]\n")), @"
    error: line 2: this is not a JSON object
    [exit 2]
    ");
    assert_snapshot!(fails("{\"company\":"), @"
    error: line 1: the JSON object is cut off
    [exit 2]
    ");
    assert_snapshot!(fails("{\"owners\":\"x\",\"展位\":1}"), @"
    error: line 1: there is no field `owners`; did you mean `owner`?
      there is no field `展位`; fields of your own stand in the object `custom`
    [exit 6]
    ");
    assert_snapshot!(fails("{\"number\":\"LEAD-2026-900\"}"), @"
    error: line 1: numbers of a lead are given by kehu, so `LEAD-2026-900` cannot be chosen
    [exit 2]
    ");
    let both = format!("{first}\n{}\n", line("Z", "13800138003"));
    let kept = env.run_with(&["lead", "add", "--stdin", "source=hotline", "--on-duplicate", "keep"], both);
    assert_eq!(kept.stdout, "LEAD-2026-003\nLEAD-2026-004\n");
}

#[test]
fn a_customer_comes_with_its_contacts() {
    let env = Env::repository("zh");
    let text = r#"{"name":"示例设备有限公司","category":"B2B","type":"意向","region":"上海","source":"转介绍","owner":"li.ming",
        "previous_suppliers":["甲, 乙","丙"],"custom":{"备用":"y"},
        "contacts":[{"name":"甲经理","buying_role":"决策者","work_phone":"021-5555 6666","influence":5},{"name":"乙经理","reports_to":"甲经理"}]}"#;
    let added = env.run_with(&["customer", "add", "--stdin"], text.replace('\n', " "));
    assert_eq!((added.stdout.as_str(), added.code), ("B2B-2026-001\n", 0), "{added}");
    assert_snapshot!(env.read("customers/2026/B2B-2026-001.toml"), @r#"
    type = "intent"
    category = "B2B"
    name = "示例设备有限公司"
    region = "上海"
    previous_suppliers = [
        "甲, 乙",
        "丙",
    ]
    source = "referral"
    acquired_on = 2026-03-12
    owner = "li.ming"

    [custom]
    "备用" = "y"

    [[contacts]]
    name = "甲经理"
    work_phone = "021-55556666"
    buying_role = "decision_maker"
    influence = 5

    [[contacts]]
    name = "乙经理"
    reports_to = "甲经理"
    "#);
    let shown = env.json(&["customer", "show", "B2B-2026-001", "--json"]);
    assert_eq!(
        (&shown["schema"], &shown["version"], &shown["kind"]),
        (&json!("kehu.record"), &json!(1), &json!("customer"))
    );
    assert_eq!(shown["record"]["contacts"][1], json!({"name": "乙经理", "reports_to": "甲经理"}));
    let changed = r#"{"number":"B2B-2026-001","contacts":[{"name":"甲经理","buying_role":"decision_maker","work_phone":"021-55556666","influence":4},{"name":"乙经理","reports_to":"甲经理"}]}"#;
    assert_eq!(env.run_with(&["customer", "set", "--stdin"], changed).code, 0);
    assert_eq!(env.last_diff(), "1 1 customers/2026/B2B-2026-001.toml");
    let prefix = env.run(&[
        "customer",
        "add",
        "name=某局",
        "category=政府",
        "type=潜在",
        "region=上海",
        "source=协会",
        "owner=li.ming",
    ]);
    assert_eq!(prefix.stdout, "GOV-2026-001\n", "{prefix}");
    assert_snapshot!(env.refused(6, &["customer", "set", "GOV-2026-001", "category=B2B"]), @"错误：`GOV-2026-001` 的编号前缀来自所改字段，编号不可更改");
}

#[test]
fn users_and_products_are_named_by_hand() {
    let env = Env::repository("en");
    let user = ["user", "add", "li.ming", "name=Example", "email=li.ming@example.com", "role=sales", "department=East"];
    assert_eq!(env.done(&user), "li.ming");
    assert_eq!(env.done(&["product", "add", "DESK-01", "name=Desk", "price_min=1,000", "price_max=20万"]), "DESK-01");
    assert_snapshot!(env.read("products/DESK-01.toml"), @r#"
    name = "Desk"
    price_min = "1000.00"
    price_max = "200000.00"
    "#);
    assert_snapshot!(env.refused(5, &["product", "add", "DESK-01", "name=Chair"]), @"
    error: there is a product `DESK-01` already
    hint: `kehu product set DESK-01` changes it
    ");
    assert_snapshot!(env.refused(2, &["product", "add", "name=Chair"]), @"
    error: the number of the new product is missing
    hint: it comes first, as in `kehu product add NUM key=value`
    ");
    assert_snapshot!(env.refused(2, &["product", "add", "a b", "name=Chair"]), @"
    error: `a b` is not the number of a record
    hint: numbers look like LEAD-2026-001, DESK-01 or li.ming
    ");
    let owner = [
        "lead",
        "add",
        "company=x",
        "contact_name=y",
        "phone=13800138000",
        "region=x",
        "source=hotline",
        "owner=li.hua",
    ];
    assert_snapshot!(env.refused(4, &owner), @"
    error: Owner: no user is called `li.hua`
    hint: `kehu user list` shows those there are
    ");
}

#[test]
fn a_followup_of_an_open_subject_says_what_comes_next() {
    let env = Env::repository("en");
    let lead = env.lead("Example", "13800138000");
    let add = ["followup", "add", &lead, "--method", "phone", "--points", "wants a quote"];
    assert_snapshot!(env.refused(6, &add), @"error: an open subject needs a next action and its date; add `next_action` and `next_on`, or say in `no_next` why there is none");
    let number = env.done(&[&add[..], &["--next-action", "send it", "--next-on", "2026-03-15"]].concat());
    assert_snapshot!(env.read(&format!("followups/2026/03/12/{number}.toml")), @r#"
    at = 2026-03-12T09:30:00+08:00
    subject = "LEAD-2026-001"
    method = "phone"
    points = "wants a quote"
    next_action = "send it"
    next_on = 2026-03-15
    author = "test"
    logged_at = 2026-03-12T09:30:00+08:00
    "#);
    assert_snapshot!(env.refused(6, &["followup", "set", &number, "--unset", "next_on"]), @"error: an open subject needs a next action and its date; add `next_action` and `next_on`, or say in `no_next` why there is none");
    env.done(&["followup", "add", &lead, "method=visit", "points=moved away", "--no-next", "closed down"]);
    env.done(&["lead", "set", &lead, "status=disqualified", "disqualify_reason=fake"]);
    env.done(&["followup", "add", &lead, "method=sms", "points=said goodbye"]);
    assert_eq!(env.done(&["followup", "list", "--subject", &lead, "--count"]), "3");
    assert_snapshot!(env.refused(6, &["followup", "add", "LEAD-2026-404", "method=sms", "points=x", "no_next=x"]), @"error: Subject `LEAD-2026-404` does not exist; name a lead or customer there is");
}

#[test]
fn who_acts_is_a_user() {
    let env = Env::repository("en");
    let lead = env.lead("Example", "13800138000");
    let add = ["followup", "add", &lead, "method=phone", "no_next=x"];
    let alone = env.done(&[&add[..], &["points=a"]].concat());
    let author = |number: &str| env.json(&["followup", "show", number, "--json"])["record"]["author"].clone();
    assert_eq!(author(&alone), "test", "without users, what the e-mail address suggests");
    env.done(&["user", "add", "li.ming", "name=Example", "email=li.ming@example.com", "role=sales", "department=x"]);
    assert_snapshot!(env.refused(4, &[&add[..], &["points=b"]].concat()), @"
    error: no user has git's e-mail address `test@example.com`
    hint: `--as LOGIN` says who you are; `kehu user set LOGIN email=test@example.com` says it for good
    ");
    assert_eq!(author(&env.done(&[&add[..], &["points=b", "--as", "li.ming"]].concat())), "li.ming");
    assert_snapshot!(env.refused(4, &[&add[..], &["points=c", "--as", "li.hua"]].concat()), @"
    error: no user is called `li.hua`
    hint: `kehu user list` shows those there are
    ");
    env.done(&["user", "set", "li.ming", "email=Test@example.com"]);
    assert_eq!(author(&env.done(&[&add[..], &["points=c"]].concat())), "li.ming");
    assert_eq!(env.done(&["followup", "list", "--author", "me", "--count"]), "2");
}

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
    编号           级别  评分  公司名称          联系人  电话         状态  负责人
    -------------  ----  ----  ----------------  ------  -----------  ----  -------
    LEAD-2026-001  C        0  示例贸易有限公司  Buyer   13800138001  新建
    LEAD-2026-002  B       60  某某设备有限公司  Buyer   13800138002  新建  li.ming
    ");
    let numbers = |args: &[&str]| {
        let args = [&["lead", "list", "--columns", "number", "-o", "tsv"], args].concat();
        env.done(&args).lines().skip(1).map(|line| line[10..].to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(numbers(&["--sort", "-score"]), "002 001");
    assert_eq!(numbers(&["--where", "score >= 50 and tags has 展会"]), "002");
    assert_eq!(numbers(&["--where", "owner is missing"]), "001");
    assert_eq!(numbers(&["--grade", "B,C", "--limit", "1"]), "001");
    assert_eq!(numbers(&["--owner", "li.ming", "--status", "新建"]), "002");
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
fn a_changed_field_is_a_changed_line() {
    let env = Env::repository("en");
    env.lead("Example", "13800138000");
    let set = |words: &[&str]| {
        env.done(&[&["lead", "set", "LEAD-2026-001"], words].concat());
        env.last_diff()
    };
    assert_eq!(set(&["remark=call # back"]), format!("1 0 {LEAD}"));
    assert_eq!(set(&["phone=0571-8888 6666"]), format!("1 1 {LEAD}"));
    assert_eq!(set(&["tags+=high_potential"]), format!("1 0 {LEAD}"));
    assert_eq!(set(&["tags+=a,b"]), format!("5 1 {LEAD}"));
    assert_eq!(set(&["tags-=a"]), format!("0 1 {LEAD}"));
    assert_eq!(set(&["--unset", "remark,tags"]), format!("0 5 {LEAD}"));
    assert_eq!(set(&["custom.booth=A9"]), format!("3 0 {LEAD}"));
    env.edit(LEAD, "region = \"Hangzhou\"", "region = \"Hangzhou\"   # by hand\nmine = 5");
    env.edit(LEAD, "status", "# a comment\nstatus");
    env.done(&["commit", "-q"]);
    assert_eq!(set(&["region=Shanghai"]), format!("1 1 {LEAD}"));
    assert_snapshot!(env.read(LEAD), @r#"
    # a comment
    status = "new"
    company = "Example"
    contact_name = "Buyer"
    phone = "0571-88886666"
    region = "Shanghai"   # by hand
    mine = 5
    source = "hotline"
    acquired_on = 2026-03-12

    [custom]
    booth = "A9"
    "#);
    let before = env.state();
    assert_snapshot!(env.run(&["lead", "set", "LEAD-2026-001", "region=Shanghai"]), @"
    ------- stderr -------
    nothing changed
    ");
    assert_snapshot!(env.refused(6, &["lead", "set", "LEAD-2026-001", "phone="]), @"error: Example: Phone or E-mail is missing");
    assert_snapshot!(env.refused(6, &["lead", "set", "LEAD-2026-001", "tags-=a"]), @"error: Example: `a` is not in `tags`");
    assert_snapshot!(env.refused(2, &["lead", "set", "LEAD-2026-001"]), @"
    error: no change is given
    hint: give `key=value`, a flag or `--unset key`
    ");
    assert_snapshot!(env.refused(2, &["lead", "set", "remark=x"]), @"
    error: no record is named
    hint: give numbers or `--where FILTER`
    ");
    assert_eq!(env.state(), before);
}

#[test]
fn a_mass_change_says_how_many() {
    let env = Env::repository("en");
    let lines: String = (1..=30)
        .map(|n| format!("{{\"company\":\"C{n}\",\"contact_name\":\"B\",\"phone\":\"138001380{n:02}\",\"region\":\"x\",\"source\":\"hotline\"}}\n"))
        .collect();
    assert_eq!(env.run_with(&["lead", "add", "--stdin"], lines).code, 0);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: add 30 records");
    let before = env.state();
    let all = ["lead", "set", "--where", "status = new", "remark=x"];
    assert_snapshot!(env.refused(8, &all), @"
    error: this would change 30 records at once
    hint: `--dry-run` shows them; `--expect 30` confirms the number
    ");
    assert_snapshot!(env.refused(8, &[&all[..], &["--expect", "29"]].concat()), @"
    error: this would change 30 records, not 29
    hint: `--dry-run` shows them; `--expect 30` confirms the number
    ");
    assert_eq!(env.done(&[&all[..], &["--dry-run", "-q"]].concat()).lines().count(), 30);
    assert_eq!(env.state(), before);
    assert_eq!(env.done(&[&all[..], &["--expect", "30"]].concat()).lines().count(), 30);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: set 30 records remark");
    env.done(&["lead", "set", "--where", "company = C1", "remark=y"]);
    let lines = "{\"number\":\"LEAD-2026-001\",\"remark\":null}\n{\"number\":\"LEAD-2026-002\",\"staff\":\"44\"}\n";
    assert_eq!(env.run_with(&["lead", "set", "--stdin"], lines).stdout, "LEAD-2026-001\nLEAD-2026-002\n");
    let bad =
        env.run_with(&["lead", "set", "--stdin"], "{\"number\":\"LEAD-2026-003\",\"staff\":5}\n\n{\"staff\":1}\n");
    assert_snapshot!(bad, @"
    ------- stderr -------
    error: line 3: `number` is missing
    [exit 2]
    ");
    assert!(!env.read("leads/2026/LEAD-2026-003.toml").contains("staff"));
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let env = Env::repository("zh");
    let lead = env.lead("示例", "13800138000");
    let before = env.state();
    let add = ["lead", "add", "company=另一家", "contact_name=甲", "phone=13800138001", "region=x", "source=hotline"];
    for (args, editor) in [
        (&add[..], ""),
        (&["lead", "set", &lead, "remark=m", "status=working"], ""),
        (&["lead", "rm", &lead], ""),
        (&["lead", "edit", &lead], "s/示例/改名/"),
    ] {
        let mut command = env.command(&[args, &["--dry-run"]].concat());
        command.env("EDITOR", format!("sed -i {editor}"));
        let output = env.finish(command);
        assert_eq!(output.code, 0, "{output}");
        assert_eq!(env.state(), before, "{args:?}");
    }
    assert_snapshot!(env.run(&[&add[..], &["--dry-run"]].concat()), @"
    LEAD-2026-002 新建
      状态：新建
      公司名称：另一家
      联系人：甲
      电话：13800138001
      地区：x
      来源：400电话
      获取日期：2026-03-12
    ------- stderr -------
    未写入任何内容（`--dry-run`）
    ");
    assert_snapshot!(env.run(&["lead", "set", &lead, "remark=m", "status=working", "--dry-run"]), @"
    LEAD-2026-001 修改
      状态：新建 → 跟进中
      备注：m
    ------- stderr -------
    未写入任何内容（`--dry-run`）
    ");
    assert_snapshot!(env.run(&["lead", "rm", &lead, "--dry-run"]), @"
    LEAD-2026-001 删除
    ------- stderr -------
    未写入任何内容（`--dry-run`）
    ");
    let change = env.json(&["lead", "set", &lead, "remark=m", "--dry-run", "--json"]);
    assert_eq!(change["records"][0]["changes"], json!([{"field": "remark", "old": null, "new": "m"}]));
    assert_eq!((&change["dry_run"], &change["commit"]), (&json!(true), &json!(null)));
    assert_eq!(env.state(), before);
}

#[test]
fn a_record_is_edited_and_judged() {
    let env = Env::repository("en");
    let lead = env.lead("Example", "13800138000");
    assert_eq!(edit(&env, &lead, "sed -i 's/Buyer/Other/' $1", &[]).stdout, "LEAD-2026-001\n");
    assert_eq!(env.last_diff(), format!("1 1 {LEAD}"));
    let before = env.state();
    let scratch = ".git/kehu/edit-LEAD-2026-001.toml";
    assert_snapshot!(edit(&env, &lead, ":", &[]), @"
    ------- stderr -------
    nothing changed
    ");
    assert!(!env.dir().join(scratch).exists());
    assert_snapshot!(edit(&env, &lead, "sed -i 's/hotline/nowhere/; /^phone/d' $1", &[]), @r#"
    ------- stderr -------
    warning: leads/2026/LEAD-2026-001.toml:1:1: Phone or E-mail is missing
    warning: leads/2026/LEAD-2026-001.toml:5:10: Source `nowhere` is not in dictionary `source`; did you mean Other (other)?
        source = "nowhere"
                 ^
    error: `LEAD-2026-001` was not changed: 2 mistakes
    hint: your text is kept in `$HOME/work/.git/kehu/edit-LEAD-2026-001.toml`
    [exit 6]
    "#);
    assert!(env.read(scratch).contains("nowhere"), "the text is kept");
    assert_snapshot!(edit(&env, &lead, "sed -i 's/\"hotline\"/\"hot/' $1", &[]), @r#"
    ------- stderr -------
    warning: leads/2026/LEAD-2026-001.toml:6:14: not TOML: invalid basic string, expected `"`
        source = "hot
                     ^
    error: `LEAD-2026-001` was not changed: 1 mistake
    hint: your text is kept in `$HOME/work/.git/kehu/edit-LEAD-2026-001.toml`
    [exit 6]
    "#);
    assert_snapshot!(edit(&env, &lead, "exit 3", &[]), @"
    ------- stderr -------
    error: the editor `sh $HOME/work/../editor.sh` failed (exit status: 3)
    hint: nothing was changed
    [exit 1]
    ");
    assert_eq!(env.state(), before);
    let program = assert_cmd::cargo::cargo_bin!("kehu").display().to_string();
    let meanwhile = format!("sed -i 's/Other/Mine/' $1\n{program} -q lead set {lead} remark=theirs >&2");
    assert_snapshot!(edit(&env, &lead, &meanwhile, &[]), @"
    ------- stderr -------
    LEAD-2026-001
    error: `LEAD-2026-001` was changed while you edited it
    hint: your text is kept in `$HOME/work/.git/kehu/edit-LEAD-2026-001.toml`
    [exit 5]
    ");
    assert!(env.read(scratch).contains("Mine"));
    assert_snapshot!(edit(&env, "LEAD-2026-404", ":", &[]), @"
    ------- stderr -------
    error: there is no lead `LEAD-2026-404`
    hint: `kehu lead list` shows the numbers there are
    [exit 4]
    ");
}

#[test]
fn a_removed_number_never_comes_back() {
    let env = Env::repository("en");
    let [first, second] = [env.lead("A", "13800138001"), env.lead("B", "13800138002")];
    assert_snapshot!(env.refused(2, &["lead", "rm", &second]), @"
    error: `LEAD-2026-002` is not confirmed
    hint: say each number again after `--confirm`
    ");
    assert_snapshot!(env.refused(2, &["lead", "rm", &second, "--confirm", &first]), @"
    error: `LEAD-2026-002` is not confirmed
    hint: say each number again after `--confirm`
    ");
    env.done(&["followup", "add", &first, "method=phone", "points=x", "no_next=x"]);
    assert_snapshot!(env.refused(5, &["lead", "rm", &first, "--confirm", &first]).replace(char::is_numeric, "N"), @"
    error: `NNNNNNNNTNNNNNN-nhdN` refers to `LEAD-NNNN-NNN` in Subject
    hint: change or remove `NNNNNNNNTNNNNNN-nhdN` first
    ");
    assert_eq!(env.done(&["lead", "rm", &second, "--confirm", &second]), second);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: remove LEAD-2026-002");
    assert_eq!(env.lead("C", "13800138003"), "LEAD-2026-003");
    assert_snapshot!(env.refused(4, &["lead", "rm", &second, "--confirm", &second]), @"
    error: there is no lead `LEAD-2026-002`
    hint: `kehu lead list` shows the numbers there are
    ");
    let text = env.read(LEAD).replace("13800138001", "13800138099").replace("\"A\"", "\"Z\"");
    env.write("leads/2026/LEAD-2026-999.toml", &text);
    env.done(&["commit", "-q"]);
    assert_eq!(env.lead("D", "13800138004"), "LEAD-2026-1000");
    assert!(env.read("leads/2026/001xxx/LEAD-2026-1000.toml").contains("\"D\""));
    env.done(&["lead", "rm", "LEAD-2026-1000", "--confirm", "LEAD-2026-1000"]);
    assert_eq!(env.lead("E", "13800138005"), "LEAD-2026-1001");
    let list = env.done(&["lead", "list", "--columns", "number", "-o", "tsv"]);
    assert_eq!(list.lines().last(), Some("LEAD-2026-1001"), "a number is a number, not a text");
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
    2026-03-12 09:30  Test User  新建：状态：新建，公司名称：示例，联系人：Buyer，电话：13800…  COMMIT
    ");
    assert_snapshot!(hide(env.done(&["lead", "log", "--limit", "2", "--lang", "en"])), @"
    When              Who        Record         Name    What                                    Commit
    ----------------  ---------  -------------  ------  --------------------------------------  --------
    2026-03-12 09:30  Test User  LEAD-2026-002  另一家  removed                                 COMMIT
    2026-03-12 09:30  Test User  LEAD-2026-002  另一家  added: Status: New, Company: 另一家, …  COMMIT
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
