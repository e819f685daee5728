//! Takes steps with tickets, dispatches and escalates them, lists what is open.

use super::desk::{Delivery, Drawing, deliver, name_users, open, refuse_output, tell_findings};
use super::next::{tell_next, tell_step};
use crate::cli::context::Context;
use crate::cli::noun::ticket::TicketRequest;
use crate::cli::ui::Ui;
use crate::ops::ticket::{
    Dispatched, Question, Queued, advance, candidates, desk, dispatch, dispatch_to, escalate, queue,
};
use crate::ops::{Outcome, Session};
use crate::record::{Dictionary, Exit, Lang, Number, Record, Result, USER, Words};
use crate::rules::ticket::{Candidate, Escalated, Verdict};
use crate::sheet::{Cell, Column, ColumnType, Document, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Does it.
pub fn run(request: &TicketRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    match request {
        TicketRequest::Step { numbers, step, reason, told } => {
            let outcome = advance(&session, numbers, *step, reason.as_deref(), told)?;
            tell_step(&format!("ticket {}", step.verb()), &outcome, &session, context, ui)
        }
        TicketRequest::Dispatch { numbers, explain: true, .. } => run_explain(numbers, &session, context, ui),
        TicketRequest::Dispatch { numbers, to, .. } => run_dispatch(numbers, to.as_deref(), &session, context, ui),
        TicketRequest::Escalate => run_escalate(&session, context, ui),
        TicketRequest::Queue { owner, department, excel } => {
            let owner = owner.as_deref().map(|name| login(&session, name)).transpose()?;
            let question = Question { owner, department: department.clone() };
            run_queue(&question, *excel, &session, context, ui)
        }
    }
}

fn login(session: &Session, name: &str) -> Result<String> {
    if name == "me" { session.actor() } else { session.number_of(USER, name).map(|number| number.to_string()) }
}

fn run_dispatch(numbers: &[String], to: Option<&str>, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    refuse_output(context, ui)?;
    let (lines, outcome) = match to {
        Some(name) => dispatch_to(session, numbers, &login(session, name)?)?,
        None => dispatch(session, numbers)?,
    };
    let mut sheet = Sheet::new("dispatched", Words::default(), ticket_columns());
    sheet.columns.extend([
        Column::text("department", "Department", "责任部门").weighing(Weight::Spare),
        Column::text("owner", "Handler", "处理人"),
        Column::text("reason", "Why", "原因").weighing(Weight::Main),
    ]);
    let dictionary = &session.config.dictionary;
    for line in &lines {
        let mut row = ticket_cells(&line.ticket, dictionary);
        let department = line.department.as_deref().map(|key| label("department", key, dictionary));
        row.push(department.unwrap_or(Cell::Empty));
        row.extend([Cell::maybe(line.to.as_deref()), Cell::Label(line.reason.en.to_string(), line.reason.clone())]);
        sheet.rows.push(row);
    }
    let lang = ui.lang;
    let json = |line: &Dispatched| {
        let (owner, reason) = (&line.to, line.reason.get(lang));
        json!({ "number": line.ticket.number.as_str(), "department": line.department, "owner": owner, "reason": reason })
    };
    let all: Vec<Json> = lines.iter().map(json).collect();
    tell_changes("kehu.dispatch", sheet, &all, &outcome, session, context, ui)?;
    tell_unstaffed(lines.iter().filter_map(Dispatched::unstaffed), dictionary, ui);
    tell_next("ticket dispatch", &outcome.touched, session, context, ui);
    Ok(if lines.iter().any(|line| line.to.is_none()) { Exit::Partly } else { Exit::Done })
}

fn run_escalate(session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    refuse_output(context, ui)?;
    let (escalated, outcome) = escalate(session)?;
    let mut sheet = Sheet::new("escalated", Words::default(), ticket_columns());
    sheet.columns.extend([
        Column::of("percent", "Per cent", "已用时限%", ColumnType::Integer),
        Column::text("step", "Step", "升级到"),
        Column::text("to", "To", "升级给"),
    ]);
    let dictionary = &session.config.dictionary;
    let steps = || escalated.iter().flat_map(|one| one.steps.iter().map(move |step| (&one.after, step)));
    for (ticket, (percent, step, to)) in steps() {
        let mut row = ticket_cells(ticket, dictionary);
        let word = Cell::Label(step.clone(), chain_word(step));
        row.extend([Cell::Integer(*percent), word, Cell::maybe(to.as_deref())]);
        sheet.rows.push(row);
    }
    escalated.iter().flat_map(nobody_told).for_each(|why| ui.warn(&why));
    let json = |(ticket, (percent, step, to)): (&Record, &(i64, String, Option<String>))| json!({ "number": ticket.number.as_str(), "percent": percent, "step": step, "to": to });
    let all: Vec<Json> = steps().map(json).collect();
    tell_changes("kehu.escalate", sheet, &all, &outcome, session, context, ui)?;
    Ok(if steps().any(|(_, (.., to))| to.is_none()) { Exit::Partly } else { Exit::Done })
}

/// Says once of each department that has no users how tickets get out of it.
fn tell_unstaffed<'a>(departments: impl Iterator<Item = &'a str>, dictionary: &Dictionary, ui: &Ui) {
    let names = departments.collect::<BTreeSet<_>>().into_iter().map(|key| dictionary.words("department", key));
    names.for_each(|name| ui.note(&staffing(&name)));
}

fn staffing(name: &Words) -> Words {
    words!(
        "no user is in the department {name}: set it (`kehu user set LOGIN department={name}`), name the handler (`kehu ticket dispatch NUMBER --to LOGIN`), or give it in config/dictionary.toml the name your users have",
        "没有人员属于“{name}”：请把人员的部门设为它（`kehu user set 账号 部门={name}`），或直接指定处理人（`kehu ticket dispatch 编号 --to 账号`），或在 config/dictionary.toml 把该部门改成人员所用的名称"; each name
    )
}

/// Says of each step that nobody was there to be told of, why, and what to do.
fn nobody_told(escalated: &Escalated) -> Vec<Words> {
    let number = &escalated.after.number;
    let mut steps = escalated.steps.iter().filter(|(.., to)| to.is_none()).peekable();
    let Some(handler) = escalated.after.text("owner") else {
        return steps.peek().map(|_| not_dispatched(number)).into_iter().collect();
    };
    let why = |(percent, step, _): &(i64, String, Option<String>)| match step.as_str() {
        "manager" => words!(
            "{number}: its handler `{handler}` has no manager: `kehu user set {handler} manager=LOGIN`",
            "{number}：处理人 `{handler}` 没有填写主管：`kehu user set {handler} 主管=账号`"
        ),
        step => {
            let who = chain_word(step);
            words!(
                "{number}: at {percent} % it goes to the {who}, and there is nobody: `kehu user set LOGIN skills+={step}`, or name a login in config/sla.toml",
                "{number}：{percent}% 时应升级给{who}，但没有这样的用户：`kehu user set 账号 技能+={step}`，或在 config/sla.toml 写明账号"; each who
            )
        }
    };
    steps.map(why).collect()
}

fn not_dispatched(number: &Number) -> Words {
    words!(
        "{number}: not dispatched yet, so there is nobody to tell: `kehu ticket dispatch {number}`",
        "{number}：尚未派单，没有处理人可升级：请先 `kehu ticket dispatch {number}`"
    )
}

fn chain_word(step: &str) -> Words {
    match step {
        "handler" => words!("handler", "处理人"),
        "manager" => words!("manager", "主管"),
        "tech_lead" => words!("tech lead", "技术负责人"),
        other => Words::same(other.to_string()),
    }
}

/// Tells what was changed, a line each.
fn tell_changes(
    schema: &str,
    mut sheet: Sheet,
    lines: &[Json],
    outcome: &Outcome,
    session: &Session,
    context: &Context,
    ui: &Ui,
) -> Result<()> {
    outcome.warnings.iter().for_each(|warning| ui.warn(warning));
    if context.wants_numbers() {
        return outcome.touched.iter().try_for_each(|touched| ui.print(touched.number.as_str()));
    }
    let (dry_run, commit) = (context.dry_run, &outcome.commit);
    let json = || json!({ "schema": schema, "version": 1, "dry_run": dry_run, "commit": commit, "tickets": lines });
    let all = || lines.to_vec();
    for column in ["owner", "to"]
        .into_iter()
        .filter(|key| sheet.columns.iter().any(|column| column.key == *key))
        .collect::<Vec<_>>()
    {
        name_users(&mut sheet, column, session, context)?;
    }
    let drawing = Drawing::Sheet(sheet);
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if dry_run {
        ui.note(&words!("nothing was written (`--dry-run`)", "未写入任何内容（`--dry-run`）"));
    } else if commit.is_none() {
        ui.note(&words!("nothing changed", "没有变化"));
    }
    Ok(())
}

fn run_explain(numbers: &[String], session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    let desk = desk(session)?;
    let verdicts = candidates(session, numbers, &desk)?;
    let lang = ui.lang;
    let all = || verdicts.iter().map(|verdict| verdict_json(verdict, lang)).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.dispatch", "version": 1, "explain": true, "tickets": all() });
    let mut sheets: Vec<Sheet> = verdicts.iter().map(|verdict| candidates_sheet(verdict, session)).collect();
    sheets.iter_mut().try_for_each(|sheet| name_users(sheet, "login", session, context))?;
    let drawing = Drawing::Document(Document { sheets, ..Document::default() });
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    let unstaffed = verdicts.iter().filter(|verdict| verdict.candidates.is_empty());
    tell_unstaffed(unstaffed.filter_map(|verdict| verdict.department), &session.config.dictionary, ui);
    if verdicts.is_empty() && !context.wants_json() {
        ui.note(&words!("no ticket waits to be dispatched", "没有待派单的工单"));
    }
    Ok(Exit::Done)
}

fn candidates_sheet(verdict: &Verdict<'_>, session: &Session) -> Sheet {
    let columns = vec![
        Column::text("login", "User", "用户"),
        Column::text("chosen", "Chosen", "是否选中"),
        Column::of("fit", "Fit", "匹配项", ColumnType::Integer),
        Column::of("open", "Open", "在手", ColumnType::Integer),
        Column::text("away", "Away", "不在岗").weighing(Weight::Main),
    ];
    let number = &verdict.ticket.number;
    let what = verdict.ticket.title();
    let department =
        verdict.department.map_or(Words::default(), |key| session.config.dictionary.words("department", key));
    let title = words!("{number} {what}: {department}", "{number} {what}：{department}"; each department);
    let mut sheet = Sheet::new(number.as_str(), title, columns);
    let chosen = verdict.chosen().map(|best| best.login);
    sheet.rows = verdict
        .candidates
        .iter()
        .map(|one| {
            let mark = match chosen == Some(one.login) {
                true => Cell::Label("yes".into(), words!("yes", "是")),
                false => Cell::Empty,
            };
            let away = one.bar.map(|bar| bar.words()).map_or(Cell::Empty, |why| Cell::Label(why.en.to_string(), why));
            vec![Cell::text(one.login), mark, Cell::count(one.fit), Cell::count(one.open), away]
        })
        .collect();
    sheet.notes.push(verdict.reason());
    sheet
}

fn verdict_json(verdict: &Verdict<'_>, lang: Lang) -> Json {
    let one = |one: &Candidate<'_>| {
        let away = one.bar.map(|bar| bar.words().get(lang).to_string());
        json!({ "login": one.login, "fit": one.fit, "open": one.open, "away": away })
    };
    json!({
        "number": verdict.ticket.number.as_str(),
        "department": verdict.department,
        "owner": verdict.chosen().map(|best| best.login),
        "reason": verdict.reason().get(lang),
        "candidates": verdict.candidates.iter().map(one).collect::<Vec<_>>(),
    })
}

fn run_queue(question: &Question, excel: bool, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    let (queued, findings) = queue(session, question)?;
    if context.wants_numbers() {
        queued.iter().try_for_each(|one| ui.print(one.ticket.number.as_str()))?;
        return Ok(tell_findings(&findings, ui));
    }
    let all = || queued.iter().map(|one| queued_json(one, session)).collect::<Vec<_>>();
    let as_of = session.as_of()?;
    let json = || {
        let (moment, commit) = (as_of.moment.to_rfc3339(), &as_of.commit);
        json!({ "schema": "kehu.queue", "version": 1, "as_of": moment, "commit": commit, "tickets": all() })
    };
    let mut sheet = queue_sheet(&queued, session);
    name_users(&mut sheet, "owner", session, context)?;
    let drawing = Drawing::Sheet(sheet);
    deliver(Delivery { now: session.now, excel, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if queued.is_empty() && !context.wants_json() {
        ui.note(&words!("no ticket is open", "没有未解决的工单"));
    }
    Ok(tell_findings(&findings, ui))
}

fn queue_sheet(queued: &[Queued], session: &Session) -> Sheet {
    let columns = vec![
        Column::text("number", "Number", "编号"),
        Column::text("priority", "Priority", "优先级"),
        Column::text("content", "Content", "诉求内容").weighing(Weight::Main),
        Column::text("customer", "Customer", "客户").weighing(Weight::Main),
        Column::text("status", "Status", "状态"),
        Column::of("promise", "Promised by", "承诺时限", ColumnType::Moment),
        Column::text("owner", "Handler", "处理人"),
    ];
    let mut sheet = Sheet::new("queue", Words::default(), columns);
    let dictionary = &session.config.dictionary;
    let key = |of: &str, key: Option<&str>| key.map_or(Cell::Empty, |key| label(of, key, dictionary));
    for Queued { ticket, customer, promise, .. } in queued {
        let due = promise.as_ref().and_then(|promise| promise.due);
        sheet.rows.push(vec![
            Cell::text(ticket.number.as_str()),
            key("priority", ticket.text("priority")),
            Cell::maybe(ticket.text("content")),
            Cell::maybe(customer.as_deref()),
            key("ticket_status", ticket.text("status")),
            due.map_or(Cell::Empty, |due| Cell::Moment(due.fixed_offset())),
            Cell::maybe(ticket.text("owner")),
        ]);
    }
    sheet
}

fn queued_json(one: &Queued, session: &Session) -> Json {
    let (ticket, promise) = (&one.ticket, one.promise.as_ref());
    json!({
        "number": ticket.number.as_str(),
        "kind": ticket.text("kind"),
        "priority": ticket.text("priority"),
        "content": ticket.text("content"),
        "customer": ticket.text("customer"),
        "customer_name": one.customer,
        "status": ticket.text("status"),
        "department": one.department,
        "owner": ticket.text("owner"),
        "raised_at": ticket.moment("raised_at").map(|at| at.to_rfc3339()),
        "promise": promise.and_then(|promise| promise.due).map(|due| due.to_rfc3339()),
        "percent": promise.map(|promise| promise.percent(session.now)),
        "standing": promise.map(|promise| promise.standing.key()),
    })
}

fn ticket_columns() -> Vec<Column> {
    vec![
        Column::text("number", "Number", "编号"),
        Column::text("priority", "Priority", "优先级"),
        Column::text("kind", "Kind", "类型").weighing(Weight::Spare),
        Column::text("content", "Content", "诉求内容").weighing(Weight::Main),
    ]
}

fn ticket_cells(ticket: &Record, dictionary: &Dictionary) -> Vec<Cell> {
    let key = |field: &str, of: &str| ticket.text(field).map_or(Cell::Empty, |key| label(of, key, dictionary));
    vec![
        Cell::text(ticket.number.as_str()),
        key("priority", "priority"),
        key("kind", "ticket_kind"),
        Cell::maybe(ticket.text("content")),
    ]
}

fn label(of: &str, key: &str, dictionary: &Dictionary) -> Cell {
    Cell::Label(key.to_string(), dictionary.words(of, key))
}
