//! Records are added as people say them and stored normalised.

use super::LEAD;
use crate::common::{Env, parse};
use insta::assert_snapshot;
use serde_json::json;

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
    assert_snapshot!(env.refused(6, &["followup", "set", &number, "--unset", "next_on"]), @"error: 20260312T093000-3ucf: an open subject needs a next action and its date; add `next_action` and `next_on`, or say in `no_next` why there is none");
    env.done(&["followup", "add", &lead, "method=visit", "points=moved away", "--no-next", "closed down"]);
    env.done(&["lead", "set", &lead, "status=disqualified", "disqualify_reason=fake"]);
    env.done(&["followup", "add", &lead, "method=sms", "points=said goodbye"]);
    assert_eq!(env.done(&["followup", "list", "--subject", &lead, "--count"]), "3");
    assert_snapshot!(env.refused(6, &["followup", "add", "LEAD-2026-404", "method=sms", "points=x", "no_next=x"]), @"error: Subject `LEAD-2026-404` does not exist; name a lead or customer or opportunity or ticket there is");
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
