//! Tickets: raised, dispatched, worked on, held, explained, resolved, confirmed, opened again, escalated.

#[path = "common/by_day.rs"]
mod by_day;
mod common;

use by_day::on;
use common::{Env, Output};
use insta::assert_snapshot;

/// A repository of a customer, with `li` and `chen` in the technical department, `wang` in service, and `boss`.
fn desk(lang: &str) -> Env {
    let env = Env::repository(lang);
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    for (login, department, more) in [
        ("li", "tech", ["manager=boss", "skills=DESK-01"]),
        ("chen", "技术部", ["manager=boss", "skills=CHAIR"]),
        ("wang", "service", ["manager=boss", "skills=tech_lead"]),
        ("boss", "service", ["senior=yes", "left_on=2026-03-01"]),
    ]
    .into_iter()
    .rev()
    {
        let [name, email] = [format!("name={login}"), format!("email={login}@example.com")];
        let department = format!("department={department}");
        env.done(&[&["user", "add", login, &name, &email, &department, "role=service"][..], &more].concat());
    }
    env.customer("Acme");
    env
}

/// Runs a command at a time of the 12th of March 2026, a Thursday.
fn at(env: &Env, time: &str, args: &[&str]) -> Output {
    env.run(&[args, &["--now", &format!("2026-03-{time}:00+08:00")]].concat())
}

fn done(env: &Env, time: &str, args: &[&str]) -> String {
    let output = at(env, time, args);
    assert_eq!(output.code, 0, "{args:?}\n{output}");
    output.stdout.trim_end().to_string()
}

fn raise(env: &Env, time: &str, more: &[&str]) -> String {
    let usual = ["ticket", "add", "customer=Acme", "kind=support", "content=The desk does not rise"];
    done(env, time, &[&usual[..], more].concat())
}

const NUMBER: &str = "TKT-2026-001";

#[test]
fn a_ticket_goes_its_way_and_its_file_tells_it() {
    let env = desk("en");
    assert_eq!(
        raise(&env, "12T09:00", &["priority=高", "product=DESK-01", "channel=电话", "contact=Mr. Buyer"]),
        NUMBER
    );
    assert_snapshot!(done(&env, "12T09:05", &["ticket", "dispatch"]), @"
    Number        Priority  Kind     Content                 Department  Handler  Why
    ------------  --------  -------  ----------------------  ----------  -------  ----------------
    TKT-2026-001  High      Support  The desk does not rise  Technical   li       has the customer
    ");
    assert_eq!(
        env.git_done(&["log", "-1", "--format=%s%n%b"]).lines().next(),
        Some("ticket: dispatch TKT-2026-001 status, owner, assigned_at")
    );
    assert!(env.git_done(&["log", "-1", "--format=%b"]).contains("TKT-2026-001 to li: has the customer"));
    done(&env, "12T09:30", &["ticket", "start", NUMBER]);
    done(&env, "12T10:00", &["ticket", "hold", NUMBER, "--reason", "waits for a photo"]);
    done(&env, "12T14:00", &["ticket", "resume", NUMBER]);
    assert_snapshot!(done(&env, "12T15:00", &["ticket", "queue"]), @"
    Number        Priority  Content                 Customer  Status       Promised by       Handler
    ------------  --------  ----------------------  --------  -----------  ----------------  -------
    TKT-2026-001  High      The desk does not rise  Acme      In progress  2026-03-13 12:00  li
    ");
    let said = at(&env, "12T16:00", &["ticket", "resolve", NUMBER]);
    assert!(
        said.code == 6 && said.stderr.contains("a ticket that is resolved wants Result; give `result=…`"),
        "{said}"
    );
    done(&env, "12T16:00", &["ticket", "resolve", NUMBER, "--result", "control box replaced"]);
    done(&env, "12T17:00", &["ticket", "confirm", NUMBER, "--satisfaction", "5", "--recommends", "9"]);
    assert_snapshot!(env.read("tickets/2026/TKT-2026-001.toml"), @r#"
    status = "confirmed"
    kind = "support"
    customer = "B2B-2026-001"
    contact = "Mr. Buyer"
    channel = "phone"
    priority = "high"
    product = "DESK-01"
    content = "The desk does not rise"
    raised_at = 2026-03-12T09:00:00+08:00
    owner = "li"
    assigned_at = 2026-03-12T09:05:00+08:00
    responded_at = 2026-03-12T09:30:00+08:00
    result = "control box replaced"
    resolved_at = 2026-03-12T16:00:00+08:00
    confirmed_at = 2026-03-12T17:00:00+08:00
    satisfaction = 5
    recommends = 9

    [[holds]]
    from = 2026-03-12T10:00:00+08:00
    to = 2026-03-12T14:00:00+08:00
    reason = "waits for a photo"
    "#);
    done(&env, "16T10:00", &["ticket", "reopen", NUMBER, "--reason", "it stopped again"]);
    let shown = env.json(&["ticket", "show", NUMBER, "--json", "--now", "2026-03-16T11:00:00+08:00"]);
    assert_eq!(
        (&shown["record"]["promise"], &shown["record"]["time_used"]),
        (&"2026-03-16T16:00:00+08:00".into(), &50.into())
    );
    assert_eq!(shown["record"]["promise_state"], "running");
    assert_eq!(env.run(&["check"]).code, 0);
    let undone = at(&env, "16T12:00", &["undo"]);
    assert_eq!(undone.code, 0, "{undone}");
    assert!(env.read("tickets/2026/TKT-2026-001.toml").contains("satisfaction = 5"), "taken back whole");
}

#[test]
fn a_status_that_is_set_or_edited_has_its_moments_too() {
    let env = desk("en");
    raise(&env, "12T09:00", &[]);
    done(&env, "12T09:10", &["ticket", "set", NUMBER, "owner=chen"]);
    done(&env, "12T09:20", &["ticket", "set", NUMBER, "status=in_progress"]);
    done(&env, "12T09:40", &["ticket", "set", NUMBER, "status=resolved", "result=done"]);
    let file = env.read("tickets/2026/TKT-2026-001.toml");
    for line in ["assigned_at = 2026-03-12T09:10", "responded_at = 2026-03-12T09:20", "resolved_at = 2026-03-12T09:40"]
    {
        assert!(file.contains(line), "{line}\n{file}");
    }
    let said = at(&env, "12T10:00", &["ticket", "set", NUMBER, "status=in_progress"]);
    assert!(said.code == 6 && said.stderr.contains("Reason"), "to be opened again has a reason: {said}");
}

#[test]
fn a_complaint_is_closed_with_cause_correction_and_prevention() {
    let env = desk("zh");
    done(&env, "12T09:00", &["ticket", "add", "客户=Acme", "工单类型=投诉", "诉求内容=送货晚了三天"]);
    done(&env, "12T09:05", &["ticket", "dispatch"]);
    let resolve = ["ticket", "resolve", NUMBER, "--result", "已补发并致歉"];
    assert_snapshot!(at(&env, "12T10:00", &resolve), @"
    ------- stderr -------
    错误：TKT-2026-001：已解决的投诉须填写“原因分类”；请填写 `原因分类=…`
      已解决的投诉须填写“纠正措施”；请填写 `纠正措施=…`
      已解决的投诉须填写“预防措施”；请填写 `预防措施=…`
    [exit 6]
    ");
    let told = ["原因分类=物流", "纠正措施=补发", "预防措施=出库复核"];
    done(&env, "12T10:00", &[&resolve[..], &told].concat());
    assert!(env.read("tickets/2026/TKT-2026-001.toml").contains("cause = \"delivery\""));
    let said = at(&env, "12T11:00", &["ticket", "confirm", NUMBER, "--satisfaction", "6"]);
    assert!(said.code == 6 && said.stderr.contains("满意度 6 不在 1 到 5 之间"), "{said}");
}

#[test]
fn refused_steps_say_what_comes_next() {
    let env = desk("zh");
    raise(&env, "12T09:00", &[]);
    assert_snapshot!(at(&env, "12T09:01", &["ticket", "start", NUMBER]), @"
    ------- stderr -------
    错误：`TKT-2026-001` 尚未派单
    提示：用 `kehu ticket dispatch TKT-2026-001` 自动派单，或 `kehu ticket dispatch TKT-2026-001 --to 账号` 指定
    [exit 5]
    ");
    done(&env, "12T09:05", &["ticket", "dispatch", NUMBER, "--to", "wang"]);
    assert_snapshot!(at(&env, "12T09:06", &["ticket", "confirm", NUMBER]), @"
    ------- stderr -------
    错误：`TKT-2026-001` 的状态为“已派单”
    提示：下一步：`kehu ticket start TKT-2026-001`，或 `kehu ticket resolve TKT-2026-001 --result …`
    [exit 5]
    ");
    assert_snapshot!(at(&env, "12T09:07", &["ticket", "dispatch", NUMBER]), @"
    ------- stderr -------
    错误：`TKT-2026-001` 已由 wang 处理
    提示：未关闭的工单可用 `kehu ticket dispatch TKT-2026-001 --to 账号` 改派
    [exit 5]
    ");
    let gone = at(&env, "12T09:08", &["ticket", "dispatch", NUMBER, "--to", "boss"]);
    assert!(gone.code == 6 && gone.stderr.contains("不能派单给 `boss`"), "{gone}");
}

#[test]
fn who_is_late_hears_of_it_once_and_the_manager_and_the_tech_lead_after() {
    let env = desk("en");
    raise(&env, "12T09:00", &["priority=urgent", "owner=li"]);
    assert_eq!(done(&env, "12T10:00", &["ticket", "escalate", "-q"]), "");
    assert_eq!(done(&env, "12T10:40", &["ticket", "escalate", "-q"]), NUMBER);
    let commits = env.git_done(&["rev-list", "--count", "HEAD"]);
    assert_eq!(done(&env, "12T10:45", &["ticket", "escalate", "-q"]), "");
    assert_eq!(env.git_done(&["rev-list", "--count", "HEAD"]), commits, "nothing new, no commit");
    assert_snapshot!(done(&env, "12T13:30", &["ticket", "escalate"]), @"
    Number        Priority  Kind     Content                 Per cent  Step       To
    ------------  --------  -------  ----------------------  --------  ---------  ----
    TKT-2026-001  Urgent    Support  The desk does not rise       100  manager    boss
    TKT-2026-001  Urgent    Support  The desk does not rise       150  tech lead  wang
    ");
    let due = env.json(&["due", "--owner", "li", "--json", "--now", "2026-03-12T13:30:00+08:00"]);
    let task = &due["tasks"][0];
    assert_eq!((&task["rule"], &task["group"], &task["number"]), (&"ticket".into(), &"overdue".into(), &NUMBER.into()));
    assert_eq!(task["title"], "Acme");
    assert_eq!(done(&env, "12T13:30", &["ticket", "list", "--where", "promise_state = breached", "-q"]), NUMBER);
    // Said before the time is over it is no breach.
    let other = raise(&env, "12T14:00", &["priority=urgent", "owner=li"]);
    done(&env, "12T15:00", &["ticket", "explain", &other, "--reason", "the part comes on Monday"]);
    assert_eq!(done(&env, "12T17:00", &["ticket", "list", "--where", "promise_state = explained", "-q"]), other);
}

#[test]
fn what_waits_is_due_and_follow_ups_are_about_it() {
    let env = desk("en");
    raise(&env, "12T09:00", &[]);
    let due = env.json(&["due", "--owner", "all", "--json", "--now", "2026-03-12T09:30:00+08:00"]);
    assert_eq!(
        (&due["tasks"][0]["rule"], &due["tasks"][0]["due"]),
        (&"dispatch".into(), &"2026-03-12T09:10:00+08:00".into())
    );
    done(&env, "12T09:31", &["ticket", "dispatch"]);
    done(
        &env,
        "12T09:40",
        &["followup", "add", NUMBER, "method=phone", "points=called", "author=li", "no_next=the ticket says it"],
    );
    let list = done(&env, "12T10:00", &["followup", "list", "--where", "customer = Acme", "-q"]);
    assert_eq!(list.lines().count(), 1, "what is said of a ticket is said to its customer");
    assert!(done(&env, "12T10:00", &["customer", "show", "Acme"]).contains("called"));
}

#[test]
fn tickets_come_from_a_table() {
    let env = desk("zh");
    let rows = "工单号,客户,工单类型,优先级,诉求内容,受理时间,处理人,状态,处理结果,解决时间,满意度评分\n\
                1,Acme,故障,普通,桌面有划痕,2026-03-02 09:00,li,已解决,已更换桌面,2026-03-03 10:00,4\n\
                2,Acme,投诉,高,缺螺丝,2026-03-02 10:00,li,待处理,,,\n\
                3,Nobody,咨询,低,有白色吗,2026-03-02 11:00,,待处理,,,\n";
    env.write("../tickets.csv", rows);
    let output = at(&env, "12T09:00", &["ticket", "import", "../tickets.csv", "--json"]);
    assert_eq!(output.code, 3, "{output}");
    let told = output.json();
    assert_eq!((&told["created"], &told["rejected"]), (&2.into(), &1.into()), "{told}");
    let again = at(&env, "12T09:01", &["ticket", "import", "../tickets.csv", "--json"]).json();
    assert_eq!((&again["created"], &again["unchanged"]), (&0.into(), &2.into()), "{again}");
    let unnumbered = rows.replace("工单号,", "说明,");
    env.write("../tickets.csv", &unnumbered);
    let again = at(&env, "12T09:02", &["ticket", "import", "../tickets.csv", "--json"]).json();
    assert_eq!(&again["created"], &0, "the same customer, moment and words are one: {again}");
}

#[test]
fn the_page_of_a_customer_and_a_hand_over_have_its_tickets() {
    let env = desk("en");
    let open = raise(&env, "12T09:00", &["owner=li"]);
    let closed = raise(&env, "12T09:01", &["owner=li"]);
    done(&env, "12T09:30", &["ticket", "resolve", &closed, "--result", "yes"]);
    let page = done(&env, "12T10:00", &["customer", "show", "Acme"]);
    let table: Vec<&str> = page.lines().skip_while(|line| *line != "Open tickets").take(5).collect();
    assert_snapshot!(table.join("\n"), @"
    Open tickets
    Number        Kind     Priority  Content                 Status    Promised by       Handler
    ------------  -------  --------  ----------------------  --------  ----------------  -------
    TKT-2026-001  Support  Medium    The desk does not rise  Assigned  2026-03-16 18:00  li
    resolved: 1
    ");
    let json = env.json(&["customer", "show", "Acme", "--json"]);
    let tickets = json["related"]["tickets"].as_array().unwrap();
    assert_eq!((tickets.len(), &tickets[1]["status"]), (2, &"resolved".into()));
    assert!(json["due"].as_array().unwrap().iter().any(|task| task["rule"] == "ticket"), "{json}");
    let given = done(&env, "12T11:00", &["handover", "--from", "li", "--to", "wang", "--kind", "ticket", "-q"]);
    assert_eq!(given, open, "what is resolved stays with who resolved it");
    assert_eq!(done(&env, "12T11:01", &["ticket", "queue", "--owner", "wang", "-q"]), open);
}

#[test]
fn files_are_kept_beside_a_ticket() {
    let env = desk("en");
    raise(&env, "12T09:00", &["owner=li"]);
    env.write("../nameplate.jpg", "a picture");
    done(&env, "12T09:10", &["attach", NUMBER, "../nameplate.jpg", "--kind", "other"]);
    assert_eq!(env.read(&format!("attachments/{NUMBER}/nameplate.jpg")), "a picture");
    assert!(done(&env, "12T09:11", &["ticket", "show", NUMBER]).contains("nameplate.jpg"));
    assert_eq!(env.run(&["check"]).code, 0);
}

#[test]
fn service_raises_tickets_of_every_customer_and_sales_of_their_own() {
    let env = desk("en");
    let sellers = [("amy", "sales", "销售部"), ("bob", "sales", "销售部"), ("zoe", "manager", "客服部")];
    env.users(&sellers);
    env.done(&["customer", "set", "Acme", "owner=bob"]);
    let add = |login: &str, content: &str| {
        let content = format!("content={content}");
        on(&env, 12, login, &["ticket", "add", "customer=B2B-2026-001", "kind=inquiry", &content])
    };
    assert_eq!(add("wang", "white desks?").stdout.trim(), NUMBER);
    let own = add("bob", "black desks?");
    assert!(own.code == 0 && own.stderr.is_empty(), "no talk of the pool: {own}");
    assert_eq!(add("amy", "others'").code, 7, "another's customer is not hers to read");
    let said = on(&env, 12, "zoe", &["ticket", "dispatch", NUMBER]);
    assert!(said.code == 3 && said.stdout.contains("not yours to give to that department"), "{said}");
    let given = by_day::done(&env, 12, "wang", &["ticket", "dispatch", NUMBER]);
    assert!(given.contains("bob") && given.contains("has the customer"), "{given}");
    assert_eq!(on(&env, 12, "amy", &["ticket", "start", NUMBER]).code, 7);
    by_day::done(&env, 12, "bob", &["ticket", "start", NUMBER]);
}

#[test]
fn a_step_that_finds_nobody_says_why_and_what_to_do() {
    let env = desk("zh");
    raise(&env, "12T09:00", &["priority=urgent"]);
    let said = at(&env, "12T10:40", &["ticket", "escalate"]);
    assert_snapshot!(said.stderr, @"
    警告：TKT-2026-001：尚未派单，没有处理人可升级：请先 `kehu ticket dispatch TKT-2026-001`
    没有变化
    ");
    done(&env, "12T10:41", &["ticket", "dispatch", NUMBER, "--to", "li"]);
    env.done(&["user", "set", "li", "manager="]);
    env.done(&["user", "set", "wang", "skills="]);
    let said = at(&env, "12T13:31", &["ticket", "escalate", "--dry-run"]);
    assert_snapshot!(said.stderr, @"
    警告：TKT-2026-001：处理人 `li` 没有填写主管：`kehu user set li 主管=账号`
    警告：TKT-2026-001：150% 时应升级给技术负责人，但没有这样的用户：`kehu user set 账号 技能+=tech_lead`，或在 config/sla.toml 写明账号
    未写入任何内容（`--dry-run`）
    ");
    env.done(&["user", "set", "li", "主管=boss"]);
    env.done(&["user", "set", "wang", "技能+=tech_lead"]);
    assert_eq!(done(&env, "12T13:32", &["ticket", "escalate", "-q"]), NUMBER);
}

#[test]
fn a_department_without_users_is_told_with_the_ways_out() {
    let env = desk("zh");
    raise(&env, "12T09:00", &["department=sales"]);
    raise(&env, "12T09:01", &["department=sales"]);
    let said = at(&env, "12T09:05", &["ticket", "dispatch"]);
    assert!(said.code == 3 && said.stdout.contains("责任部门没有人员"), "{said}");
    assert_snapshot!(said.stderr, @"
    没有变化
    没有人员属于“销售部”：请把人员的部门设为它（`kehu user set 账号 部门=销售部`），或直接指定处理人（`kehu ticket dispatch 编号 --to 账号`），或在 config/dictionary.toml 把该部门改成人员所用的名称
    ");
    let explained = at(&env, "12T09:05", &["ticket", "dispatch", "--explain"]);
    assert_eq!(said.stderr, format!("没有变化\n{}", explained.stderr));
    env.done(&["user", "set", "wang", "部门=销售部"]);
    assert_eq!(at(&env, "12T09:06", &["ticket", "dispatch"]).code, 0);
}

#[test]
fn an_explanation_that_comes_too_late_says_so() {
    let env = desk("zh");
    raise(&env, "12T09:00", &["priority=urgent", "owner=li"]);
    let explain = |time: &str, why: &str| at(&env, time, &["ticket", "explain", NUMBER, "--reason", why]);
    let standing = |time: &str| {
        let shown = env.json(&["ticket", "show", NUMBER, "--json", "--now", &format!("2026-03-{time}:00+08:00")]);
        shown["record"]["promise_state"].as_str().unwrap().to_string()
    };
    let late = explain("12T13:30", "配件周一到货");
    assert_eq!((late.code, late.stdout.trim_end(), &*standing("12T13:31")), (0, NUMBER, "breached"));
    assert_snapshot!(late.stderr, @"警告：TKT-2026-001：已过承诺时限，仍记为超时违约；原因已保存");
    assert!(env.read("tickets/2026/TKT-2026-001.toml").contains("overdue_reason = \"配件周一到货\""));
    done(&env, "12T14:00", &["undo"]);
    assert_eq!((&*explain("12T10:00", "配件周一到货").stderr, &*standing("12T13:31")), ("", "explained"));
    let again = explain("12T14:00", "配件周二到货");
    assert_eq!((&*again.stderr, &*standing("12T14:01")), ("", "explained"), "said in time, and once more");
}
