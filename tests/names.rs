//! Records and users by what people call them: in filters, in short flags, in fields and as arguments.

mod common;

use common::Env;

/// Makes a repository with two users and three leads.
fn team() -> Env {
    let env = Env::repository("zh");
    for (login, name) in [("chen.jing", "陈静"), ("wang.lei", "王磊"), ("wang.lin", "王琳")] {
        let email = format!("邮箱={login}@example.com");
        env.done(&["user", "add", login, &format!("姓名={name}"), &email, "角色=销售", "部门=一部"]);
    }
    for (company, phone, owner) in [
        ("苏州蓝湖食品有限公司", "13800138001", "chen.jing"),
        ("苏州蓝湖（集团）包装有限公司", "13800138002", "wang.lei"),
        ("杭州某某科技有限公司", "13800138003", "wang.lei"),
    ] {
        let number = env.lead(company, phone);
        env.done(&["lead", "set", &number, &format!("负责人={owner}")]);
    }
    env
}

#[test]
fn filters_take_users_by_name() {
    let env = team();
    let count = |filter: &[&str]| env.done(&[&["lead", "list", "--count"], filter].concat());
    for (filter, wanted) in [
        (&["--owner", "陈静"][..], "1"),
        (&["--owner", "chen.jing@example.com"], "1"),
        (&["--owner", "陈静,王磊"], "3"),
        (&["--where", "负责人 = 陈静"], "1"),
        (&["--where", "负责人 != 陈静"], "2"),
        (&["--where", "负责人 in (陈静, wang.lei)"], "3"),
        (&["--where", "负责人 ~ 磊"], "2"),
        (&["--where", "负责人 ~ wang"], "2"),
        (&["--owner", "wang.lin"], "0"),
    ] {
        assert_eq!(count(filter), wanted, "{filter:?}");
    }
}

#[test]
fn a_filter_refuses_nobody_and_takes_logins_in_use() {
    let env = team();
    let said = env.refused(2, &["lead", "list", "--owner", "陈婧"]);
    assert!(said.contains("没有名为“陈婧”的用户") && said.contains("`chen.jing` (陈静)"), "{said}");
    env.refused(2, &["lead", "list", "--where", "owner = nobody"]);
    env.git_done(&["rm", "-q", "users/wang.lei.toml"]);
    env.git_done(&["commit", "-qm", "gone"]);
    assert_eq!(env.done(&["lead", "list", "--count", "--owner", "wang.lei"]), "2");
    let alone = Env::repository("zh");
    assert_eq!(alone.done(&["lead", "list", "--count", "--owner", "anybody"]), "0");
}

#[test]
fn filters_take_subjects_by_name() {
    let env = team();
    for subject in ["LEAD-2026-001", "LEAD-2026-002"] {
        env.done(&["followup", "add", subject, "方式=电话", "要点=希望报价", "no_next=示例", "author=陈静"]);
    }
    for (filter, wanted) in [
        ("跟进对象 = LEAD-2026-001", "1"),
        ("跟进对象 = 苏州蓝湖食品有限公司", "1"),
        ("跟进对象 = 13800138001", "1"),
        ("跟进对象 != 苏州蓝湖食品有限公司", "1"),
        ("跟进对象 in (苏州蓝湖食品有限公司, LEAD-2026-002)", "2"),
        ("跟进对象 ~ 蓝湖", "2"),
        ("跟进对象 = 杭州某某科技有限公司", "0"),
    ] {
        assert_eq!(env.done(&["followup", "list", "--count", "--where", filter]), wanted, "{filter}");
    }
    let said = env.refused(2, &["followup", "list", "--where", "跟进对象 = 某家没有的公司"]);
    assert!(said.contains("找不到名为“某家没有的公司”的线索或客户"), "{said}");
}

#[test]
fn a_flag_is_not_refused_as_a_filter_nobody_wrote() {
    let env = team();
    for args in [["--owner", "me"], ["--owner", "陈婧"]] {
        let said = env.refused(2, &[&["lead", "list"], &args[..]].concat());
        assert!(!said.contains("筛选条件") && !said.contains('^'), "{said}");
    }
    let said = env.refused(2, &["lead", "list", "--where", "级别 = D"]);
    assert!(said.contains("“D”不是“级别”的取值"), "{said}");
}

#[test]
fn computed_moments_take_the_words_of_stored_days() {
    let env = team();
    env.done(&["followup", "add", "LEAD-2026-001", "方式=电话", "要点=希望报价", "no_next=示例", "author=陈静"]);
    let count = |filter: &str| env.done(&["lead", "list", "--count", "--where", filter]);
    for word in ["上周", "本周", "上月", "today-7d"] {
        assert_eq!(count(&format!("最近跟进时间 >= {word}")), "1", "{word}");
        assert_eq!(count(&format!("获取日期 >= {word}")), "3", "{word}");
    }
    let said = env.refused(2, &["lead", "list", "--where", "最近跟进时间 >= 前阵子"]);
    assert!(said.contains("前阵子"), "{said}");
}

#[test]
fn fields_take_users_and_subjects_by_name() {
    let env = team();
    env.done(&["lead", "set", "LEAD-2026-003", "负责人=陈静"]);
    assert!(env.read("leads/2026/LEAD-2026-003.toml").contains("owner = \"chen.jing\""));
    env.done(&["user", "set", "wang.lei", "上级=chen.jing@example.com"]);
    assert!(env.read("users/wang.lei.toml").contains("manager = \"chen.jing\""));
    let rest = ["--method", "phone", "no_next=示例", "跟进人=王磊"];
    for subject in [&["苏州蓝湖食品有限公司"][..], &["跟进对象=13800138001"], &["苏州蓝湖（集团）包装有限公司"]]
    {
        let points = format!("要点={}", subject[0]);
        let number = env.done(&[&["followup", "add"], subject, &rest, &[&points]].concat());
        let text = env.read(&format!("followups/2026/03/12/{number}.toml"));
        assert!(text.contains("subject = \"LEAD-2026-00") && text.contains("author = \"wang.lei\""), "{text}");
    }
    let json = "{\"number\":\"LEAD-2026-003\",\"owner\":\"王磊\"}";
    assert_eq!(env.run_with(&["lead", "set", "--stdin"], json).code, 0);
    assert!(env.read("leads/2026/LEAD-2026-003.toml").contains("owner = \"wang.lei\""));
}

#[test]
fn records_are_shown_and_changed_by_name() {
    let env = team();
    for name in ["苏州蓝湖食品有限公司", "138 0013 8001", "苏州蓝湖食品", "lead-2026-001"] {
        assert!(env.done(&["lead", "show", name]).contains("LEAD-2026-001"), "{name}");
    }
    assert!(env.done(&["user", "show", "王磊"]).contains("wang.lei"));
    env.done(&["lead", "set", "杭州某某科技有限公司", "备注=回电"]);
    assert!(env.done(&["lead", "log", "杭州某某科技有限公司"]).contains("回电"));
    assert!(env.done(&["lead", "score", "苏州蓝湖食品有限公司"]).contains("LEAD-2026-001"));
    let said = env.refused(4, &["lead", "show", "苏州蓝河食品有限公司"]);
    assert!(said.contains("找不到名为“苏州蓝河食品有限公司”的线索") && said.contains("LEAD-2026-001"), "{said}");
    let said = env.refused(4, &["followup", "add", "某家没有的公司", "方式=电话", "要点=希望报价"]);
    assert!(said.contains("找不到名为“某家没有的公司”的线索或客户"), "{said}");
    assert!(env.refused(4, &["lead", "show", "LEAD-2026-099"]).contains("没有编号为 `LEAD-2026-099` 的线索"));
}

#[test]
fn a_record_is_the_same_by_whatever_name() {
    let env = team();
    env.done(&["followup", "add", "LEAD-2026-001", "方式=电话", "要点=希望报价", "no_next=示例", "author=陈静"]);
    for extra in [&[][..], &["--json"], &["--no-index"], &["--as-of", "HEAD"]] {
        let shown = |name: &str| env.done(&[&["lead", "show", name], extra].concat());
        let by_number = shown("LEAD-2026-001");
        assert!(by_number.contains("2026-03-12"), "{by_number}");
        for name in ["苏州蓝湖食品有限公司", "138 0013 8001", "lead-2026-001"] {
            assert_eq!(shown(name), by_number, "{name} {extra:?}");
        }
    }
    for verb in ["score", "log"] {
        assert_eq!(env.done(&["lead", verb, "13800138001"]), env.done(&["lead", verb, "LEAD-2026-001"]), "{verb}");
    }
}

#[test]
fn people_read_names_and_programs_logins() {
    let env = team();
    for format in ["table", "markdown"] {
        for verb in [&["list"][..], &["show", "LEAD-2026-001"]] {
            let told = env.done(&[&["lead"], verb, &["-o", format]].concat());
            assert!(told.contains("陈静") && !told.contains("chen.jing"), "{verb:?} {format}: {told}");
        }
    }
    for verb in [&["list"][..], &["show", "LEAD-2026-001"]] {
        assert!(env.done(&[&["lead"], verb, &["-o", "csv"]].concat()).contains("chen.jing"), "{verb:?}");
    }
}

#[test]
fn what_refers_and_what_is_missing_are_called_by_their_labels() {
    let env = team();
    let said = env.refused(5, &["user", "rm", "chen.jing", "--confirm", "chen.jing"]);
    assert!(said.contains("`LEAD-2026-001` 的“负责人”引用了 `chen.jing`"), "{said}");
    let said = env.refused(6, &["followup", "add", "LEAD-2026-001", "方式=电话", "要点=报价", "author=陈静"]);
    assert!(!said.contains("报价"), "what was talked about names no record: {said}");
}

#[test]
fn several_that_bear_a_name_are_all_named() {
    let env = team();
    let add = ["lead", "add", "公司=苏州蓝湖食品有限公司", "联系人=甲", "电话=13800138009", "地区=北京", "来源=展会"];
    env.done(&[&add[..], &["--on-duplicate", "keep"]].concat());
    let said = env.refused(4, &["lead", "show", "苏州蓝湖食品有限公司"]);
    assert!(said.contains("LEAD-2026-001") && said.contains("LEAD-2026-004"), "{said}");
    env.done(&["user", "add", "chen.jing2", "姓名=陈静", "邮箱=jing2@example.com", "角色=销售", "部门=一部"]);
    let said = env.refused(4, &["lead", "set", "LEAD-2026-002", "负责人=陈静"]);
    assert!(said.contains("chen.jing2"), "{said}");
    assert!(env.refused(2, &["lead", "list", "--owner", "陈静"]).contains("chen.jing2"));
}

#[test]
fn a_double_kept_on_purpose_fails_no_check() {
    let env = team();
    let add =
        ["lead", "add", "公司=苏州蓝湖食品有限公司", "联系人=甲", "电话=13800138009", "地区=Hangzhou", "来源=展会"];
    env.refused(5, &add);
    env.done(&[&add[..], &["--on-duplicate", "keep"]].concat());
    let checked = env.run(&["check"]);
    assert_eq!((checked.code, checked.stdout.matches("[警告 duplicate]").count()), (0, 2), "{checked}");
    assert!(!checked.stdout.contains("`duplicate`"), "the reason is called by its name: {checked}");
}

#[test]
fn who_acts_and_whose_report_go_by_name() {
    let env = team();
    assert_eq!(env.done(&["--as", "王磊", "lead", "list", "--count", "--owner", "me"]), "2");
    assert!(env.refused(4, &["--as", "某人", "lead", "list", "--owner", "me"]).contains("找不到名为“某人”的用户"));
    assert!(env.done(&["report", "weekly", "--owner", "wang.lei"]).contains("王磊"));
    assert!(env.done(&["report", "weekly", "--owner", "王磊", "-o", "json"]).contains("\"wang.lei\""));
    env.refused(4, &["report", "weekly", "--owner", "某人"]);
}

#[test]
fn who_acted_in_whose_name_is_kept_and_shown() {
    let env = team();
    let trailer = || env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-On-Behalf-Of,valueonly)"]);
    let changed = env.run(&["--as", "王磊", "lead", "set", "LEAD-2026-001", "备注=回电"]);
    assert_eq!((changed.code, changed.stderr.as_str(), trailer().as_str()), (0, "", "wang.lei"), "{changed}");
    assert!(env.done(&["lead", "log", "LEAD-2026-001"]).contains("Test User（代 王磊）"));
    let json = env.json(&["lead", "log", "LEAD-2026-001", "--json"]);
    assert_eq!(json["entries"][0]["on_behalf_of"], "wang.lei");
    assert_eq!(json["entries"][1]["on_behalf_of"], serde_json::Value::Null);
    env.edit("leads/2026/LEAD-2026-001.toml", "回电", "已回电");
    env.done(&["--as", "chen.jing", "commit"]);
    assert_eq!(trailer(), "chen.jing");
    let before = env.state();
    env.refused(4, &["--as", "某人", "lead", "set", "LEAD-2026-001", "备注=无"]);
    assert_eq!(env.state(), before);

    let stranger = env.run(&["lead", "set", "LEAD-2026-001", "备注=再回电"]);
    assert_eq!(stranger.stderr.matches("test@example.com").count(), 2, "once, with what to do: {stranger}");
    env.done(&["user", "set", "wang.lei", "邮箱=test@example.com"]);
    let known = env.run(&["--as", "wang.lei", "lead", "set", "LEAD-2026-001", "备注=好"]);
    assert_eq!((known.stderr.as_str(), trailer().as_str()), ("", ""), "one's own name is nobody else's");
}

#[test]
fn a_history_is_told_in_the_zone_of_the_repository() {
    let env = team();
    for (at, remark) in [("2026-03-13T01:00:00+00:00", "一"), ("2026-03-12T20:00:00-05:00", "二")] {
        let mut command = env.command(&["lead", "set", "LEAD-2026-001", &format!("备注={remark}"), "--now", at]);
        command.env("GIT_AUTHOR_DATE", at).env("GIT_COMMITTER_DATE", at);
        assert_eq!(env.finish(command).code, 0);
    }
    env.git_done(&["-c", "user.name=x", "commit", "-q", "--allow-empty", "-m", "x"]);
    let told = env.done(&["lead", "log", "LEAD-2026-001"]);
    assert_eq!(told.matches("2026-03-13 09:00").count(), 2, "{told}");
    let json = env.done(&["lead", "log", "LEAD-2026-001", "--json"]);
    assert!(!json.contains("+00:00") && json.matches("2026-03-13T09:00:00+08:00").count() == 2, "{json}");
}

#[test]
fn a_commit_says_which_fields_changed_on_one_line() {
    let env = team();
    let subject = |args: &[&str]| {
        env.done(&[&["lead", "set"], args].concat());
        env.git_done(&["log", "-1", "--format=%s"])
    };
    assert_eq!(subject(&["LEAD-2026-001", "备注=回电", "员工数=40"]), "lead: set LEAD-2026-001 staff, remark");
    let many = [
        "联系人=乙",
        "邮箱=a@example.com",
        "行业=零售业",
        "员工数=40",
        "决策人=甲",
        "微信=wxid",
        "备注=无",
        "需求=办公桌",
    ];
    let told = subject(&[&["LEAD-2026-002"], &many[..]].concat());
    assert!(told.chars().count() <= 72 && told.ends_with(", …"), "{told}");
}

/// Reads the first sheet of a workbook beside the repository, its cells as texts.
fn workbook(env: &Env, path: &str) -> String {
    use calamine::{DataType, Reader, Xlsx};
    let bytes = std::fs::read(env.dir().join(path)).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let row = |row: &[calamine::Data]| row.iter().filter_map(|cell| cell.as_string()).collect::<Vec<_>>().join(" ");
    range.rows().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn customers_and_owners_go_by_name_on_screen_and_in_workbooks() {
    let env = team();
    let named = ["customer", "add", "name=苏州蓝湖食品有限公司", "category=B2B", "客户类型=意向", "地区=苏州"];
    let named = [&named[..], &["行业=零售", "来源=hotline", "负责人=陈静"]].concat();
    let customer = env.done(&named);
    let deal = ["name=桌子", "金额=1000", "预计成交日期=2026-05-01", "负责人=陈静"];
    let of = format!("客户={customer}");
    env.done(&[&["opportunity", "add", &of][..], &deal].concat());
    env.done(&["contract", "add", &of, "name=桌子", "金额=1000", "负责人=陈静"]);
    env.done(&["order", "add", &of, "external_number=A1", "金额=1000", "负责人=陈静"]);
    for kind in ["opportunity", "contract", "order"] {
        let mut wide = env.command(&[kind, "list"]);
        wide.env("COLUMNS", "200");
        let shown = env.finish(wide).stdout;
        assert!(shown.contains("苏州蓝湖食品有限公司") && !shown.contains(&customer), "{shown}");
        let path = format!("../{kind}.xlsx");
        env.done(&[kind, "list", "-o", &path]);
        let cells = workbook(&env, &path);
        assert!(cells.contains("苏州蓝湖食品有限公司") && cells.contains("陈静"), "{cells}");
        for format in ["csv", "json"] {
            let told = env.done(&[kind, "list", "-o", format]);
            assert!(told.contains(&customer) && told.contains("chen.jing"), "{told}");
        }
    }
    env.done(&named.iter().map(|word| if *word == "地区=苏州" { "地区=北京" } else { word }).collect::<Vec<_>>());
    let twice = env.done(&["opportunity", "list", "-o", "md"]);
    assert!(twice.contains(&customer), "two bear the name: {twice}");
    let report = |more: &[&str]| env.done(&[&["report", "weekly", "--owner", "chen.jing"], more].concat());
    assert!(report(&[]).contains("陈静") && !report(&[]).lines().take(8).any(|line| line.contains("chen.jing")));
    assert!(report(&["-o", "json"]).contains("\"chen.jing\""));
}
