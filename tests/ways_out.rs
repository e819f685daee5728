//! Refusals and hints say what to do next, in the words of who reads them.

mod common;

use common::{Env, Output};
use insta::assert_snapshot;

/// A team with a customer and its opportunity, both `li`'s.
fn team() -> Env {
    let env = Env::repository("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[
        ("li", "sales", "east"),
        ("chen", "sales", "east"),
        ("boss", "manager", "east"),
        ("wu", "sales", "west"),
    ]);
    env.customer("Acme");
    let deal = ["name=Desks", "customer=B2B-2026-001", "amount=1000", "expected_on=2026-05-01", "owner=li"];
    env.done(&[&["opportunity", "add"][..], &deal].concat());
    env
}

fn run_as(env: &Env, login: &str, args: &[&str]) -> Output {
    let mut command = env.command(args);
    command
        .env("GIT_AUTHOR_EMAIL", format!("{login}@example.com"))
        .env("GIT_COMMITTER_EMAIL", format!("{login}@example.com"));
    env.finish(command)
}

#[test]
fn a_verification_is_of_the_past_and_by_oneself() {
    let env = team();
    let verify = ["customer", "verify", "B2B-2026-001", "fields=name", "channel=official_site"];
    let with = |more: &[&'static str]| [&verify[..], more].concat();
    let said = env.refused(6, &with(&["on=2026-03-13"]));
    assert!(said.contains("nothing was verified on 2026-03-13, which is to come"), "{said}");
    assert_snapshot!(run_as(&env, "li", &with(&["by=boss"])), @"
    ------- stderr -------
    error: what `boss` did is not yours to say; sales write their own records, claim from the pool, and remove nothing
    hint: `boss` could do it
    [exit 7]
    ");
    assert_eq!(run_as(&env, "wu", &with(&[])).code, 7);
    for (login, by) in [("li", "by=li"), ("boss", "by=li"), ("admin", "by=wu")] {
        let email = if login == "admin" { "test" } else { login };
        let done = run_as(&env, email, &with(&[by]));
        assert_eq!(done.code, 0, "{login}: {done}");
    }
    let other = run_as(&env, "boss", &with(&["by=wu"]));
    assert_eq!(other.code, 7, "wu is not of the manager's people: {other}");
    let unknown = env.refused(2, &with(&["xyz=1"]));
    assert!(unknown.contains("`kehu customer verify --help` lists the fields"), "{unknown}");
    assert_eq!(env.run(&["customer", "verify", "--help"]).code, 0);
    let free = Env::repository("en");
    free.customer("Acme");
    free.done(&with(&["by=somebody"]));
}

#[test]
fn whoever_could_write_a_follow_up_is_named() {
    let env = team();
    let said = run_as(&env, "chen", &["followup", "add", "OPP-2026-001", "method=phone", "points=x", "no_next=x"]);
    assert_snapshot!(said, @"
    ------- stderr -------
    error: a follow-up with `OPP-2026-001` is not yours to write: it belongs to `li`; sales write their own records, claim from the pool, and remove nothing
    hint: `boss`, `li` could do it
    [exit 7]
    ");
}

#[test]
fn an_opportunity_goes_by_the_names_people_use() {
    let env = team();
    env.done(&["opportunity", "set", "OPP-2026-001", "赢率=35", "概率调整原因=x", "名称=桌子"]);
    let file = env.read("opportunities/2026/OPP-2026-001.toml");
    assert!(file.contains("probability = 35") && file.contains("name = \"桌子\""), "{file}");
    env.done(&["opportunity", "set", "OPP-2026-001", "概率=40"]);
    assert!(env.read("opportunities/2026/OPP-2026-001.toml").contains("probability = 40"));
    assert!(
        env.done(&["opportunity", "list", "--columns", "赢率", "-o", "csv"]).contains("40"),
        "in a list it is what holds"
    );
    env.write(
        "../deals.csv",
        "名称,客户,金额,预计成交日期,概率,概率调整原因,阶段,负责人\n灯,Acme,2万,2026-06-01,30,x,需求确认,li\n",
    );
    let imported = env.run(&["opportunity", "import", "../deals.csv"]);
    assert!(imported.code == 0 && imported.stdout.contains("1 created"), "{imported}");
}

#[test]
fn a_contact_list_keeps_the_number_of_its_customer() {
    let env = team();
    let contact =
        ["contact", "add", "B2B-2026-001", "name=示例联系人甲", "title=Managing director", "work_phone=13800138001"];
    env.done(&[&contact[..], &["email=jia.of.acme@example.com", "buying_role=decision_maker", "attitude=2"]].concat());
    let mut narrow = env.command(&["contact", "list"]);
    narrow.env("COLUMNS", "80");
    assert_snapshot!(env.finish(narrow), @"
    Customer     Company Contact      Title             Work phone  Buying role
    ------------ ------- ------------ ----------------- ----------- --------------
    B2B-2026-001 Acme    示例联系人甲 Managing director 13800138001 Decision maker
    ");
    assert!(env.done(&["contact", "list", "-o", "csv"]).contains(",2"), "a number to programs");
}

#[test]
fn a_chain_tells_attitudes_with_their_sign_and_telephones() {
    let env = team();
    env.done(&["contact", "add", "B2B-2026-001", "name=A", "work_phone=13800138001", "attitude=2"]);
    env.done(&["contact", "add", "B2B-2026-001", "name=B", "attitude=-1", "reports_to=A"]);
    let drawn = env.run(&["customer", "chain", "B2B-2026-001"]).stdout;
    assert!(drawn.contains("+2") && drawn.contains("-1"), "{drawn}");
    let chain = env.json(&["customer", "chain", "B2B-2026-001", "--json"]);
    assert_eq!(
        (&chain["contacts"][0]["work_phone"], &chain["contacts"][0]["attitude"]),
        (&"13800138001".into(), &2.into())
    );
    let said = env.refused(2, &["customer", "chain", "B2B-2026-001", "-o", "chain.png"]);
    assert!(said.contains("or `.mmd` here"), "{said}");
    assert!(env.refused(2, &["due", "-o", "due.png"]).contains("or `.ics` here"));
    let log = env.run(&["customer", "log", "B2B-2026-001"]).stdout;
    assert!(log.contains("Contacts"), "{log}");
}

#[test]
fn who_is_due_is_named_and_days_and_rules_are_said_in_chinese() {
    let env = team();
    env.done(&["user", "set", "li", "name=示例销售"]);
    env.done(&["contact", "add", "B2B-2026-001", "name=甲", "birthday=农历八月十五"]);
    let mut wide = env.command(&["--lang", "zh", "due", "--owner", "all"]);
    wide.env("COLUMNS", "200");
    let due = env.finish(wide).stdout;
    assert!(due.contains("示例销售") && due.contains("久未跟进") && !due.contains("idle"), "{due}");
    assert_eq!(env.json(&["due", "--owner", "all", "--json"])["tasks"][0]["owner"], "li");
    let none = env.run(&["--lang", "zh", "due", "--owner", "li", "--until", "0d"]);
    assert!(none.stderr.contains("示例销售 没有待办"), "{none}");
    let listed = env.done(&["--lang", "zh", "contact", "list"]);
    assert!(listed.contains("农历八月十五") && !listed.contains("lunar"), "{listed}");
    assert!(env.done(&["contact", "list", "-o", "csv"]).contains("lunar 08-15"));
}

#[test]
fn a_customer_that_a_lead_became_has_a_way_out() {
    let env = Env::repository("en");
    env.lead("Acme", "13800138001");
    env.done(&["lead", "convert", "LEAD-2026-001", "amount=1000", "expected_on=2026-05-01"]);
    let operation = env.json(&["op", "log", "--limit", "1", "--json"])["operations"][0]["operation"].to_string();
    let undo = format!("`kehu undo {}` takes the conversion back", operation.trim_matches('"'));
    for args in [
        &["customer", "rm", "B2B-2026-001", "--confirm", "B2B-2026-001"][..],
        &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"],
        &["lead", "convert", "LEAD-2026-001"],
        &["lead", "reopen", "LEAD-2026-001"],
    ] {
        let said = env.refused(5, args);
        assert!(said.contains(&undo), "{args:?}: {said}");
    }
    // The other way that is named leads out, too.
    env.done(&["opportunity", "set", "OPP-2026-001", "lead="]);
    env.done(&["lead", "set", "LEAD-2026-001", "status=working", "converted_to="]);
    env.done(&["opportunity", "rm", "OPP-2026-001", "--confirm", "OPP-2026-001"]);
    env.done(&["customer", "rm", "B2B-2026-001", "--confirm", "B2B-2026-001"]);
}

#[test]
fn a_conversion_told_in_other_words_is_found_by_the_log() {
    let env = Env::repository("en");
    env.lead("Acme", "13800138001");
    env.done(&["lead", "convert", "LEAD-2026-001", "--no-opportunity", "-m", "a customer at last"]);
    let said = env.refused(5, &["lead", "convert", "LEAD-2026-001"]);
    assert!(said.contains("`kehu op log` names the conversion; `kehu undo NAME` takes it back"), "{said}");
}

#[test]
fn hints_are_in_the_words_of_their_language() {
    let env = Env::repository("zh");
    env.lead("示例", "13800138001");
    let said = env.refused(6, &["lead", "convert", "LEAD-2026-001"]);
    assert!(said.contains("填写 `金额=…`") && !said.contains("amount="), "{said}");
    assert!(env.refused(6, &["lead", "convert", "LEAD-2026-001", "--lang", "en"]).contains("give `amount=…`"));
    let said = env.refused(6, &["lead", "disqualify", "LEAD-2026-001", "--reason", "x", "--lang", "en"]);
    assert!(said.contains("one of Fake information (fake), No fit (no_fit)"), "{said}");
    let said = env.refused(5, &["lead", "reopen", "LEAD-2026-001"]);
    assert!(said.contains("状态为“新建”"), "{said}");
    assert!(env.refused(5, &["lead", "reopen", "LEAD-2026-001", "--lang", "en"]).contains("its status is New"));
    env.customer("示例客户");
    let said = env.refused(1, &["attach", "B2B-2026-001", "../work", "--kind", "quote"]);
    assert!(said.contains("是文件夹，不能作为附件") && !said.contains("csv"), "{said}");
    for (key, near) in [("公司", "company"), ("联系电话号", "phone"), ("compny", "company")] {
        let line = format!(r#"{{"{key}":"x"}}"#);
        let said = env.run_with(&["lead", "add", "--stdin"], line);
        assert!(said.stderr.contains(&format!("没有字段“{key}”；是不是 `{near}`？")), "{said}");
    }
    env.done(&["user", "add", "admin", "姓名=Ada", "邮箱=test@example.com", "角色=管理员"]);
    env.users(&[("li", "sales", "east")]);
    let lead = ["lead", "add", "company=某某", "phone=13800138009", "contact_name=x", "region=x", "source=hotline"];
    let added = run_as(&env, "li", &[&lead[..], &["负责人="]].concat());
    assert!(added.code == 0 && added.stderr.contains("`负责人=…`"), "{added}");
}

/// Returns every literal of the sources in which Chinese stands, with the file it is in.
fn chinese_literals() -> Vec<(String, String)> {
    fn walk(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let own = text.split("#[cfg(test)]").next().unwrap_or_default();
                let code = own.lines().filter(|line| !line.trim_start().starts_with("//"));
                let literals = code.flat_map(|line| line.split('"')).filter(|part| part.chars().any(is_chinese));
                found.extend(literals.map(|part| (path.display().to_string(), part.to_string())));
            }
        }
    }
    let mut found = Vec::new();
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn commands_in_chinese_write_fields_in_chinese() {
    let all = chinese_literals();
    assert!(all.len() > 1000, "{}", all.len());
    for (file, literal) in all {
        let commands = literal.split('`').skip(1).step_by(2).filter(|span| span.starts_with("kehu "));
        for word in commands.flat_map(|command| command.split(' ').map(str::to_string).collect::<Vec<_>>()) {
            let key = word.split_once('=').map(|(key, _)| key).filter(|key| !key.starts_with(['-', '\'']));
            let is_english = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(!key.is_some_and(is_english), "{file}: `{word}` in: {literal}");
        }
    }
}

#[test]
fn what_stands_for_a_value_is_in_capitals_or_in_chinese() {
    for (lang, args) in [("en", ["completions", "--help"]), ("zh", ["completions", "--help"])] {
        let help = Env::new().run(&[&["--lang", lang][..], &args].concat()).stdout;
        assert!(help.contains(if lang == "en" { "<SHELL>" } else { "<终端>" }) && !help.contains("<shell>"), "{help}");
    }
}

#[test]
fn a_file_for_a_lead_is_told_where_files_go() {
    let env = Env::repository("zh");
    let lead = env.lead("Acme", "13800138000");
    env.write("../f.pdf", "%PDF-1.4 one");
    assert_snapshot!(env.run(&["attach", &lead, "../f.pdf", "--kind", "报价单"]), @"
    ------- stderr -------
    错误：`LEAD-2026-001` 是线索；附件只能添加到客户、商机、合同或工单
    提示：请先转化（`kehu lead convert LEAD-2026-001`），再添加到转化后的客户或商机
    [exit 4]
    ");
}

#[test]
fn a_budget_is_set_by_the_words_of_a_spreadsheet() {
    let env = Env::repository("zh");
    let lead = env.lead("Acme", "13800138000");
    let budget = || {
        let file = env.read("leads/2026/LEAD-2026-001.toml");
        file.lines().filter(|line| line.starts_with("budget_")).collect::<Vec<_>>().join(" ")
    };
    env.done(&["lead", "set", &lead, "预算=12万"]);
    assert_eq!(budget(), "budget_min = \"120000.00\" budget_max = \"120000.00\"");
    env.done(&["lead", "set", &lead, "预算范围=10-20万"]);
    assert_eq!(budget(), "budget_min = \"100000.00\" budget_max = \"200000.00\"");
    env.done(&["lead", "set", &lead, "预算=20万以内"]);
    assert_eq!(budget(), "budget_max = \"200000.00\"");
    assert_snapshot!(env.run(&["lead", "set", &lead, "预算=很多"]), @"
    ------- stderr -------
    错误：“预算”：“很多”不是金额，也不是金额范围
    提示：请写成 50万、10-20万、10万以内或10万以上
    [exit 6]
    ");
}

#[test]
fn a_step_without_its_reason_names_the_reasons() {
    let env = team();
    let lead = env.lead("Acme", "13800138000");
    let before = env.state();
    assert_snapshot!(env.run(&["opportunity", "lose", "OPP-2026-001", "--lang", "zh"]), @"
    ------- stderr -------
    错误：缺少 `--reason`
    提示：可选：价格 (price)、竞争对手 (competitor)、预算 (budget)、功能不符 (features)、时机不对 (timing)、未接触决策人 (no_decision_maker)、客户无回应 (unresponsive)、其他 (other)
    [exit 2]
    ");
    assert_snapshot!(env.run(&["lead", "disqualify", &lead]), @"
    ------- stderr -------
    error: `--reason` is missing
    hint: one of Fake information (fake), No fit (no_fit), Budget too low (budget_too_low), Duplicate (duplicate), Unreachable (unreachable), Other (other)
    [exit 2]
    ");
    assert_eq!(env.state(), before);
    env.done(&["opportunity", "lose", "OPP-2026-001", "失败原因=价格"]);
    env.done(&["lead", "disqualify", &lead, "--reason", "fake"]);
}
