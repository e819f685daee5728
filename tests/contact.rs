//! `kehu contact` and `kehu customer chain`: the people at a customer, and who decides.

mod common;

use common::{Env, parse};
use insta::assert_snapshot;
use serde_json::json;

const FILE: &str = "customers/2026/B2B-2026-001.toml";

/// A repository with a customer that has no contact.
fn repository(lang: &str) -> Env {
    let env = Env::repository(lang);
    env.customer("某某科技有限公司");
    env
}

fn with_people(lang: &str) -> Env {
    let env = repository(lang);
    for contact in [
        &["姓名=王经理", "职位=采购总监", "工作电话=0512-60000001", "决策角色=决策者", "影响力=5", "态度=1"][..],
        &["姓名=李工", "职位=工程师", "汇报对象=王经理", "决策角色=使用者"],
        &["姓名=赵助理", "汇报对象=李工"],
        &["姓名=钱会计", "工作电话=0512-60000002", "汇报对象=王经理"],
    ] {
        env.done(&[&["contact", "add", "B2B-2026-001", "-q"], contact].concat());
    }
    env
}

#[test]
fn contacts_come_change_and_go() {
    let env = repository("en");
    assert_snapshot!(env.run(&["contact", "add", "B2B-2026-001", "name=Chen", "work_phone=0512 6000 0001", "--title", "Buyer"]), @"B2B-2026-001");
    assert_snapshot!(env.git_done(&["log", "-1", "--format=%s"]), @"contact: add B2B-2026-001");
    assert_snapshot!(env.run(&["contact", "set", "某某科技有限公司", "Chen", "influence=5", "birthday=03-12", "--unset", "title"]), @"B2B-2026-001");
    let contacts = env.read(FILE).split_once("[[contacts]]").unwrap().1.to_string();
    assert_snapshot!(contacts, @r#"

    name = "Chen"
    work_phone = "0512-60000001"
    influence = 5
    birthday = "03-12"
    "#);
    assert_snapshot!(env.run(&["contact", "rm", "B2B-2026-001", "0512-60000001"]), @"B2B-2026-001");
    assert!(!env.read(FILE).contains("contacts"));
    assert_snapshot!(env.run(&["contact", "list"]), @"
    Customer  Company  Contact  Title  Work phone  Buying role
    --------  -------  -------  -----  ----------  -----------
    ------- stderr -------
    there is no contact
    ");
}

#[test]
fn what_cannot_be_is_told() {
    let env = with_people("en");
    let before = env.state();
    for words in [
        &["contact", "add", "B2B-2026-001", "姓名=李工"][..],
        &["contact", "add", "B2B-2026-001", "title=x"],
        &["contact", "add", "B2B-2026-001", "name=x", "influence=9"],
        &["contact", "add", "B2B-2026-001", "name=x", "mail=y"],
        &["contact", "add", "B2B-2026-001"],
        &["contact", "add", "B2B-2026-009", "name=x"],
        &["contact", "set", "B2B-2026-001", "张三", "title=x"],
        &["contact", "set", "B2B-2026-001", "李工", "reports_to=nobody here"],
        &["contact", "rm", "B2B-2026-001", "李工"],
    ] {
        let output = env.run(words);
        assert_eq!(env.state(), before, "{words:?}");
        assert!(output.stdout.is_empty() && output.code > 0, "{words:?}: {output}");
    }
    assert_snapshot!(env.run(&["contact", "add", "B2B-2026-001", "姓名=李工"]), @"
    ------- stderr -------
    error: `B2B-2026-001` has a contact `李工` already
    hint: `kehu contact set B2B-2026-001 李工 …` changes it; `--on-duplicate keep` adds another of that name
    [exit 5]
    ");
    assert_snapshot!(env.run(&["contact", "add", "B2B-2026-001", "title=x"]), @"
    ------- stderr -------
    error: B2B-2026-001: Contact is missing
    [exit 6]
    ");
    assert_snapshot!(env.run(&["contact", "set", "B2B-2026-001", "张三", "title=x"]), @"
    ------- stderr -------
    error: `B2B-2026-001` has no contact `张三`
    hint: `kehu contact list B2B-2026-001` shows them
    [exit 4]
    ");
    assert_snapshot!(env.run(&["contact", "rm", "B2B-2026-001", "李工"]), @"
    ------- stderr -------
    error: `赵助理` reports to `李工`
    hint: say whom instead: `kehu contact set B2B-2026-001 赵助理 reports_to=…`, or `reports_to=` for nobody
    [exit 5]
    ");
    assert_snapshot!(env.run(&["contact", "rm", "B2B-2026-001", "李工", "--lang", "zh"]), @"
    ------- stderr -------
    错误：“赵助理”的汇报对象是“李工”
    提示：请先另行指定：`kehu contact set B2B-2026-001 赵助理 汇报对象=…`，或留空（`汇报对象=`）
    [exit 5]
    ");
}

#[test]
fn namesakes_are_told_apart() {
    let env = with_people("en");
    env.done(&["contact", "add", "B2B-2026-001", "姓名=李工", "title=second", "--on-duplicate", "keep"]);
    assert_snapshot!(env.run(&["contact", "set", "B2B-2026-001", "李工", "title=x"]), @"
    ------- stderr -------
    error: `李工` names 2 contacts of `B2B-2026-001`
    hint: of namesakes the second is `李工#2`
    [exit 4]
    ");
    env.done(&["contact", "set", "B2B-2026-001", "李工#2", "influence=2"]);
    assert!(env.read(FILE).contains("name = \"李工\"\ntitle = \"second\"\ninfluence = 2\n"));
}

#[test]
fn who_reported_follows_a_new_name() {
    let env = with_people("en");
    env.done(&["contact", "set", "B2B-2026-001", "王经理", "name=王总"]);
    let text = env.read(FILE);
    assert_eq!(text.matches("reports_to = \"王总\"").count(), 2, "{text}");
    assert!(env.run(&["check"]).stdout.find("unknown-contact").is_none());
    env.done(&["undo"]);
    assert!(env.read(FILE).contains("name = \"王经理\""));
}

#[test]
fn follow_ups_and_leads_go_by_a_new_name() {
    let env = Env::repository("en");
    let lead = ["company=Acme", "contact_name=A. Buyer", "phone=13800138001", "region=苏州", "source=hotline"];
    env.done(&[&["lead", "add"][..], &lead, &["owner=li"]].concat());
    env.done(&["lead", "convert", "LEAD-2026-001", "--no-opportunity"]);
    for (subject, contact) in [("B2B-2026-001", "A. Buyer"), ("LEAD-2026-001", "A. Buyer"), ("B2B-2026-001", "Boss")] {
        let points = format!("points=talk with {contact} of {subject}");
        let contact = format!("contact={contact}");
        env.done(&[
            "followup",
            "add",
            subject,
            "method=phone",
            &points,
            "next_action=x",
            "next_on=2026-03-20",
            &contact,
        ]);
    }
    let commits = || env.git_done(&["rev-list", "--count", "HEAD"]).parse::<u32>().unwrap();
    let (before, state) = (commits(), env.git_done(&["rev-parse", "HEAD^{tree}"]));
    env.done(&["contact", "set", "B2B-2026-001", "A. Buyer", "name=Anna Buyer"]);
    assert_eq!(commits(), before + 1);
    let diff = env.git_done(&["show", "--format=", "-U0", "HEAD"]);
    assert_eq!(diff.matches("+contact = \"Anna Buyer\"").count(), 2, "{diff}");
    assert!(diff.contains("+contact_name = \"Anna Buyer\"") && !diff.contains("Boss"), "{diff}");
    env.done(&["undo"]);
    assert_eq!(env.git_done(&["rev-parse", "HEAD^{tree}"]), state);
}

#[test]
fn contacts_are_listed_with_whose_they_are() {
    let env = with_people("zh");
    assert_snapshot!(env.run(&["contact", "list"]), @"
    客户          公司名称          联系人  职位      工作电话       决策角色  影响力  态度  汇报对象
    ------------  ----------------  ------  --------  -------------  --------  ------  ----  --------
    B2B-2026-001  某某科技有限公司  王经理  采购总监  0512-60000001  决策者    5       +1
    B2B-2026-001  某某科技有限公司  李工    工程师                   使用者                  王经理
    B2B-2026-001  某某科技有限公司  赵助理                                                   李工
    B2B-2026-001  某某科技有限公司  钱会计            0512-60000002                          王经理
    ");
    assert_snapshot!(env.run(&["contact", "list", "--where", "地区 = 无锡"]), @"
    客户  公司名称  联系人  职位  工作电话  决策角色
    ----  --------  ------  ----  --------  --------
    ------- stderr -------
    没有联系人
    ");
    let json = parse(&env.done(&["contact", "list", "B2B-2026-001", "--json"]));
    assert_eq!(json["schema"], "kehu.contacts");
    assert_eq!(
        json["contacts"][1],
        json!({"customer": "B2B-2026-001", "company": "某某科技有限公司", "name": "李工", "title": "工程师", "buying_role": "user", "reports_to": "王经理"})
    );
    assert_snapshot!(env.done(&["contact", "list", "-o", "csv"]), @"
    客户,公司名称,联系人,职位,工作电话,决策角色,影响力,态度,汇报对象
    B2B-2026-001,某某科技有限公司,王经理,采购总监,0512-60000001,决策者,5,1,
    B2B-2026-001,某某科技有限公司,李工,工程师,,使用者,,,王经理
    B2B-2026-001,某某科技有限公司,赵助理,,,,,,李工
    B2B-2026-001,某某科技有限公司,钱会计,,0512-60000002,,,,王经理
    ");
}

#[test]
fn a_chain_is_a_tree() {
    let env = with_people("zh");
    assert_snapshot!(env.run(&["customer", "chain", "B2B-2026-001"]), @"
    联系人        职位      角色    影响力  态度  电话           最近沟通
    ------------  --------  ------  ------  ----  -------------  --------
    王经理        采购总监  决策者       5    +1  0512-60000001
    ├─ 李工       工程师    使用者
    │  └─ 赵助理
    └─ 钱会计                                     0512-60000002
    ------- stderr -------
    警告：尚不清楚谁是：经济购买者、技术购买者；用 `kehu contact set B2B-2026-001 姓名 决策角色=…` 标明
    警告：尚未与决策者沟通
    ");
    env.done(&[
        "followup",
        "add",
        "B2B-2026-001",
        "联系人=王经理",
        "方式=电话",
        "要点=讨论报价",
        "下一步=寄样",
        "下次跟进日期=today+3d",
    ]);
    env.done(&["contact", "set", "B2B-2026-001", "钱会计", "决策角色=economic_buyer"]);
    assert_snapshot!(env.run(&["customer", "chain", "B2B-2026-001", "--lang", "en"]), @"
    Contact       Title     Role            Influence  Attitude  Phone          Last met
    ------------  --------  --------------  ---------  --------  -------------  ----------
    王经理        采购总监  Decision maker          5        +1  0512-60000001  2026-03-12
    ├─ 李工       工程师    User
    │  └─ 赵助理
    └─ 钱会计               Economic buyer                       0512-60000002
    ------- stderr -------
    warning: nobody is known as: Technical buyer; `kehu contact set B2B-2026-001 NAME buying_role=…` says who it is
    ");
    assert_snapshot!(env.run(&["customer", "chain", "B2B-2026-001", "-o", "mmd"]), @r#"
    %% B2B-2026-001 某某科技有限公司
    flowchart TD
      c0["王经理<br/>采购总监<br/>决策者<br/>影响力 5<br/>态度 +1"]
      c1["李工<br/>工程师<br/>使用者"]
      c2["赵助理"]
      c3["钱会计<br/>经济购买者"]
      c0 --> c1
      c1 --> c2
      c0 --> c3
    ------- stderr -------
    警告：尚不清楚谁是：技术购买者；用 `kehu contact set B2B-2026-001 姓名 决策角色=…` 标明
    "#);
    env.done(&["customer", "chain", "B2B-2026-001", "-o", "chain.mmd"]);
    assert!(env.read("chain.mmd").starts_with("%% B2B-2026-001 某某科技有限公司\nflowchart TD\n"));
    let json = parse(&env.done(&["customer", "chain", "B2B-2026-001", "--json"]));
    assert_eq!((&json["missing_roles"], &json["decision_maker_met"]), (&json!(["technical_buyer"]), &json!(true)));
    assert_eq!((&json["contacts"][2]["name"], &json["contacts"][2]["reports_to"]), (&json!("赵助理"), &json!("李工")));
}

#[test]
fn nobody_reports_to_himself_in_the_end() {
    let env = with_people("en");
    assert_snapshot!(env.run(&["contact", "set", "B2B-2026-001", "王经理", "reports_to=赵助理"]), @"
    ------- stderr -------
    error: B2B-2026-001: `王经理` reports to itself in the end
      `李工` reports to itself in the end
      `赵助理` reports to itself in the end
    [exit 6]
    ");
}

#[test]
fn reaching_who_decides_raises_the_score_of_a_lead() {
    let env = Env::repository("en");
    let lead = env.lead("示例贸易有限公司", "13800138001");
    env.done(&["lead", "set", &lead, "decision_maker=Ms Li", "decision_chain=vague"]);
    let score = || {
        env.done(&["lead", "list", "--columns", "score", "-o", "tsv"]).lines().last().unwrap().parse::<i64>().unwrap()
    };
    let log = |words: &[&str]| env.run(&[&["followup", "add", &lead, "--no-next", "nothing agreed"], words].concat());
    let before = score();
    let missed = log(&["method=phone", "points=rang twice", "contact=Ms Li", "outcome=no_answer"]);
    assert_eq!((missed.code, score()), (0, before), "{missed}");
    let path = "leads/2026/LEAD-2026-001.toml";
    let text = env.read(path);
    env.write(path, &format!("{text}# by hand\n"));
    assert_eq!(log(&["method=phone", "points=a hand edit does not hold it up", "contact=Ms Li"]).code, 0);
    env.write(path, &text);
    let met = log(&["method=visit", "points=she decides alone", "contact=Ms Li"]);
    assert_eq!((met.code, met.stdout.lines().count()), (0, 1), "a script reads one number: {met}");
    assert!(met.stderr.contains("LEAD-2026-001: who decides was reached"), "{met}");
    assert_eq!(score(), before + 12, "from 3 to 15");
    assert!(env.git_done(&["show", "-U0", "--no-textconv", "--", path]).contains("+decision_chain = \"confirmed\""));
    env.done(&["undo"]);
    assert_eq!((score(), env.read(path)), (before, text));
}

#[test]
fn a_name_that_nobody_bears_is_told() {
    let env = with_people("zh");
    let log = |contact: &str| {
        let contact = format!("联系人={contact}");
        env.run(&["followup", "add", "B2B-2026-001", "method=phone", "points=谈", "--no-next", "无", &contact])
    };
    let slip = log("王经里");
    assert_eq!(slip.code, 0, "{slip}");
    assert!(slip.stderr.contains("没有名为“王经里”的联系人；已有：李工, 王经理, 赵助理, 钱会计"), "{slip}");
    assert!(!log("王经理").stderr.contains("联系人"));
}
