//! Lists what is to be done.

use super::desk::{Delivery, Drawing, deliver, name_users, open, own_target, put, tell_findings, with_own_ending};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::DueRequest;
use crate::ops::Session;
use crate::ops::access::user_names;
use crate::ops::due::{Question, ToDo, due, until, when, whose};
use crate::output::calendar::{self, Event, When};
use crate::record::{Exit, FOLLOWUP, Number, Result, USER, Value, Words, find_field};
use crate::rules::due::{Group, rule_label, rule_of};
use crate::rules::listing::value_words;
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// Does it.
pub fn run(request: &DueRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let until = until(&session, request.until.as_deref())?;
    let question = Question { owner: owner(&session, request.owner.as_deref())?, until, overdue: request.overdue };
    let rule = request.rule.as_deref().map(rule_of).transpose()?;
    let (mut todos, findings) = due(&session, &question)?;
    todos.retain(|todo| rule.is_none_or(|rule| todo.due.rule == rule));
    if let Some(path) = own_target(context, "ics") {
        write_calendar(&todos, path, &session, context, ui)?;
    } else if context.wants_numbers() {
        let mut told = HashSet::new();
        let each_once = todos.iter().flat_map(numbers).filter(|number| told.insert(*number));
        ui.print_all(&each_once.map(|number| format!("{number}\n")).collect::<String>())?;
    } else {
        print(&todos, &question, &session, request, context, ui)?;
    }
    Ok(tell_findings(&findings, ui))
}

fn print(
    todos: &[ToDo],
    question: &Question,
    session: &Session,
    request: &DueRequest,
    context: &Context,
    ui: &Ui,
) -> Result<()> {
    let Question { owner, until, .. } = question;
    let as_of = session.as_of()?;
    let all = || todos.iter().map(todo_json).collect::<Vec<Json>>();
    let json = || {
        json!({
            "schema": "kehu.due",
            "version": 1,
            "as_of": as_of.moment.to_rfc3339(),
            "commit": as_of.commit,
            "owner": owner,
            "until": until,
            "tasks": all(),
        })
    };
    let (shown, more) = if context.wants_table() { first(todos, request.limit) } else { (todos.to_vec(), Vec::new()) };
    let mut sheet = sheet(&shown, session);
    if context.wants_table() {
        name_days(&mut sheet, &shown);
        sheet.notes.extend(and_more(&more));
    }
    name_users(&mut sheet, "owner", session, context)?;
    let drawing = Drawing::Sheet(sheet);
    let delivery = Delivery { now: session.now, excel: request.excel, drawing, json: Some(&json), lines: Some(&all) };
    deliver(delivery, context, ui).map_err(|failure| with_own_ending(failure, ".ics"))?;
    if todos.is_empty() && !context.wants_json() {
        ui.note(&none_due(question, session)?);
    }
    Ok(())
}

/// Says that nothing is due, and of whom.
fn none_due(Question { owner, until, .. }: &Question, session: &Session) -> Result<Words> {
    let Some(login) = owner else { return Ok(words!("nothing is due until {until}", "截至 {until} 没有待办")) };
    let names = user_names(session)?;
    let owner = names.get(login.as_str()).map_or_else(|| format!("`{login}`"), |name| name.to_string());
    Ok(words!(
        "nothing of {owner} is due until {until}; `--owner all` shows everybody's",
        "截至 {until}，{owner} 没有待办；用 `--owner all` 查看所有人的待办"
    ))
}

/// Returns the first tasks of each group, so that what is long overdue does not hide what is due today, and the others.
fn first(todos: &[ToDo], limit: usize) -> (Vec<ToDo>, Vec<&ToDo>) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut shown, mut more) = (Vec::new(), Vec::new());
    for todo in todos {
        let count = counts.entry(todo.group.key()).or_default();
        *count += 1;
        if *count <= limit { shown.push(todo.clone()) } else { more.push(todo) }
    }
    (shown, more)
}

/// Says how many more there are, by rule, the commonest first, and how to see them.
fn and_more(more: &[&ToDo]) -> Option<Words> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    more.iter().for_each(|todo| *counts.entry(todo.due.rule).or_default() += 1);
    let mut rules: Vec<(&str, usize)> = counts.into_iter().collect();
    rules.sort_by_key(|(_, count)| Reverse(*count));
    let (common, _) = rules.first()?;
    let told = rules.iter().map(|(rule, count)| {
        let label = rule_label(rule);
        words!("{count} {label}", "{label} {count} 项"; each label)
    });
    let (count, rules) = (more.len(), Words::join(&told.collect::<Vec<_>>(), ", ", "、"));
    let zh = rule_label(common).zh;
    let label = Words { en: common.to_string().into(), zh };
    Some(words!(
        "and {count} more: {rules}; `kehu due --rule {label}` shows one rule, `--limit` more lines",
        "另有 {count} 项：{rules}；`kehu due --rule {label}` 只看一类，`--limit` 多列几行";
        each rules, label
    ))
}

/// Returns the numbers of all records a task is about.
fn numbers(todo: &ToDo) -> impl Iterator<Item = &Number> {
    std::iter::once(&todo.number).chain(&todo.others)
}

/// Returns whose tasks are wanted; none for everybody's.
fn owner(session: &Session, asked: Option<&str>) -> Result<Option<String>> {
    match asked {
        Some("all") => Ok(None),
        Some("me") => session.actor().map(Some),
        Some(name) => Ok(Some(session.number_of(USER, name)?.to_string())),
        None => whose(session),
    }
}

/// Says on a screen when each is due in one column, so that the day may give way to whom it is about and what it is.
fn name_days(sheet: &mut Sheet, todos: &[ToDo]) {
    for (todo, cell) in todos.iter().zip(sheet.rows.iter_mut().filter_map(|row| row.first_mut())) {
        let (day, time) = (todo.due.at.date_naive(), todo.due.at.format("%H:%M"));
        let words = match todo.group {
            Group::Overdue => continue,
            Group::Today if todo.due.whole_day => continue,
            Group::Today => words!("today {time}", "今天 {time}"),
            Group::Coming => Words::same(day.to_string()),
        };
        *cell = Cell::Label(todo.group.key().into(), words);
    }
}

fn sheet(todos: &[ToDo], session: &Session) -> Sheet {
    // Among several people's it matters most whose it is, among one's own whom to call.
    let owners: HashSet<Option<&str>> = todos.iter().map(|todo| todo.owner.as_deref()).collect();
    let (owner, phone) = match owners.len() {
        0 | 1 => (Weight::Spare, Weight::Usual),
        _ => (Weight::Usual, Weight::Spare),
    };
    let columns = vec![
        Column::text("group", "When", "时限").weighing(Weight::Main),
        Column::of("due", "Due", "到期", ColumnType::Moment).weighing(Weight::Spare),
        Column::text("number", "Number", "编号"),
        Column::text("title", "Who", "对象").weighing(Weight::Main),
        Column::text("task", "What", "事项").weighing(Weight::Main),
        Column::text("contact", "Contact", "联系人").weighing(Weight::Spare),
        Column::text("phone", "Phone", "电话").weighing(phone),
        Column::text("method", "How", "方式").weighing(Weight::Spare),
        Column::text("owner", "Owner", "负责人").weighing(owner),
        Column::text("rule", "Rule", "规则").weighing(Weight::Spare),
    ];
    let mut sheet = Sheet::new("due", Words::default(), columns);
    sheet.rows = todos.iter().map(|todo| row(todo, session)).collect();
    sheet
}

fn row(todo: &ToDo, session: &Session) -> Vec<Cell> {
    let due = &todo.due;
    let words = |words: Words| Cell::Label(words.en.to_string(), words);
    let method = |key: &String| {
        let value = Value::text(key.as_str());
        words(value_words(find_field(FOLLOWUP.fields, "method"), &value, &session.config.dictionary))
    };
    vec![
        when(todo.group, due),
        if due.whole_day { Cell::Date(due.at.date_naive()) } else { Cell::Moment(due.at.fixed_offset()) },
        Cell::text(todo.number.as_str()),
        told_of(todo),
        words(due.label.clone()),
        Cell::maybe(todo.contact.as_deref()),
        Cell::maybe(todo.phone.as_deref()),
        due.method.as_ref().map_or(Cell::Empty, method),
        Cell::maybe(todo.owner.as_deref()),
        Cell::Label(due.rule.into(), rule_label(due.rule)),
    ]
}

/// Says whom it is about: the first by name, and how many more.
fn told_of(todo: &ToDo) -> Cell {
    let (title, more) = (&todo.title, todo.others.len());
    let count = more + 1;
    match more {
        0 => Cell::text(title),
        _ => {
            let words = words!("{title} and {more} more", "{title}等 {count} 位");
            Cell::Label(words.en.to_string(), words)
        }
    }
}

fn todo_json(todo: &ToDo) -> Json {
    let due = &todo.due;
    json!({
        "group": todo.group.key(),
        "due": if due.whole_day { due.at.date_naive().to_string() } else { due.at.to_rfc3339() },
        "overdue_hours": due.overdue_by.map(|late| late.num_hours()),
        "kind": todo.kind.name,
        "number": todo.number.as_str(),
        "title": todo.title,
        "others": todo.others.iter().map(Number::as_str).collect::<Vec<_>>(),
        "task": { "en": due.label.en, "zh": due.label.zh },
        "rule": due.rule,
        "method": due.method,
        "contact": todo.contact,
        "phone": todo.phone,
        "owner": todo.owner,
    })
}

fn write_calendar(todos: &[ToDo], path: Option<&Path>, session: &Session, context: &Context, ui: &Ui) -> Result<()> {
    let events: Vec<Event> = todos.iter().map(|todo| event(todo, session, ui)).collect();
    let name = words!("Due", "待办");
    let draw = |out: &mut dyn std::io::Write| calendar::write(name.get(ui.lang), &events, session.now.to_utc(), out);
    put(path, draw, context, ui)
}

/// Makes the event of a task: what is overdue stands on the day itself, where it is seen.
fn event(todo: &ToDo, session: &Session, ui: &Ui) -> Event {
    let due = &todo.due;
    let title = told_of(todo);
    let (label, title) = (due.label.get(ui.lang), title.display(ui.lang));
    let is_late = todo.group == Group::Overdue;
    let summary = match is_late {
        true => words!("Overdue: {label}: {title}", "逾期：{label}：{title}"),
        false => words!("{label}: {title}", "{label}：{title}"),
    };
    let who = [todo.contact.as_deref(), todo.phone.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let when = match () {
        () if is_late => When::Day(session.now.date_naive()),
        () if due.whole_day => When::Day(due.at.date_naive()),
        () => When::At(due.at.to_utc()),
    };
    Event {
        uid: format!("{}-{}-{}@kehu", todo.number, due.rule, due.at.format("%Y%m%d")),
        when,
        summary: summary.get(ui.lang).to_string(),
        description: format!("{}\n{who}", numbers(todo).map(Number::as_str).collect::<Vec<_>>().join(", "))
            .trim_end()
            .to_string(),
    }
}
