//! Assignments as tables, and in the message of their commit.

use super::{Fate, Line};
use crate::record::{Label, Words, grouped, plural};
use crate::rules::assign::Verdict;
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;

/// How many leads a message gives the reason of; `--explain --as-of` the commit before gives it of any.
const SAID: usize = 500;

/// Returns the subject: `lead: assign LEAD-2026-001 to li.ming`, or the count of leads and of users.
pub(super) fn subject(lines: &[Line]) -> String {
    let given: Vec<(&str, &str)> = given(lines).map(|(line, login)| (line.lead.number.as_str(), login)).collect();
    let mut logins: Vec<&str> = given.iter().map(|(_, login)| *login).collect();
    logins.sort_unstable();
    logins.dedup();
    let leads = match given.as_slice() {
        few if few.len() <= 3 => few.iter().map(|(number, _)| *number).collect::<Vec<_>>().join(", "),
        many => format!("{} records", grouped(many.len())),
    };
    match logins.as_slice() {
        [one] => format!("lead: assign {leads} to {one}"),
        many => format!("lead: assign {leads} to {}", plural(many.len(), "user")),
    }
}

/// Returns the body: each lead with its new owner and the reason.
pub(super) fn message(lines: &[Line]) -> String {
    let said = given(lines).map(|(line, login)| format!("{} to {login}: {}\n", line.lead.number, line.reason.en));
    let mut body: String = said.take(SAID).collect();
    let more = given(lines).count().saturating_sub(SAID);
    if more > 0 {
        body.push_str(&format!("and {more} more\n"));
    }
    body
}

fn given(lines: &[Line]) -> impl Iterator<Item = (&Line, &str)> {
    lines.iter().filter_map(|line| match &line.fate {
        Fate::Given(login) => Some((line, login.as_str())),
        _ => None,
    })
}

impl Fate {
    /// Returns its key in JSON and what people call it.
    pub fn told(&self) -> (&'static str, Label) {
        match self {
            Fate::Given(_) => ("assigned", Label::new("assigned", "已分配")),
            Fate::Stays => ("pool", Label::new("in the pool", "留在公海")),
            Fate::PassedOver => ("passed_over", Label::new("passed over", "略过")),
            Fate::Closed => ("closed", Label::new("closed", "已关闭")),
        }
    }
}

/// Returns a line for each lead: what became of it, and why.
pub fn list(lines: &[Line]) -> Sheet {
    let columns = vec![
        Column::text("number", "Number", "编号"),
        Column::text("company", "Company", "公司名称").weighing(Weight::Main),
        Column::text("result", "Result", "结果").weighing(Weight::Spare),
        Column::text("owner", "Owner", "负责人"),
        Column::text("reason", "Reason", "原因").weighing(Weight::Main),
    ];
    let mut sheet = Sheet::new("assigned", Words::default(), columns);
    let row = |line: &Line| {
        let (key, label) = line.fate.told();
        let owner = match &line.fate {
            Fate::Given(login) => Some(login.as_str()),
            _ => line.lead.text("owner"),
        };
        vec![
            Cell::text(line.lead.number.as_str()),
            Cell::text(line.lead.title()),
            Cell::Label(key.into(), label.into()),
            Cell::maybe(owner),
            Cell::Label(line.reason.en.to_string(), line.reason.clone()),
        ]
    };
    sheet.rows = lines.iter().map(row).collect();
    // Why nobody can take a lead is told in full.
    sheet.whole = true;
    sheet
}

/// Returns a table of the candidates for a lead, each with why it is chosen or not.
pub fn candidates(verdict: &Verdict<'_>) -> Sheet {
    let columns = vec![
        Column::text("login", "User", "用户"),
        Column::text("chosen", "Chosen", "选中"),
        Column::text("why", "Why", "原因"),
        Column::text("senior", "Senior", "资深"),
        Column::text("fit", "Fits by", "匹配"),
        Column::of("open", "Open", "在手", ColumnType::Integer),
        Column::of("today", "Today", "今日", ColumnType::Integer),
        Column::of("last", "Last assigned", "上次分配", ColumnType::Moment),
    ];
    let (number, named, grade) = (&verdict.lead.number, verdict.named(), verdict.grade);
    let company = verdict.lead.title();
    let title =
        words!("{number} {company}: {named}, grade {grade}", "{number} {company}：{named}，{grade} 级"; each named);
    let mut sheet = Sheet::new(number.as_str(), title, columns);
    sheet.whole = true;
    let words = |words: Words| Cell::Label(words.en.to_string(), words);
    for (at, one) in verdict.candidates.iter().enumerate() {
        sheet.rows.push(vec![
            Cell::text(one.login),
            Cell::Flag(at == 0 && verdict.is_assigned),
            words(one.why()),
            Cell::Flag(one.senior),
            one.fit_words().map_or(Cell::Empty, words),
            Cell::Integer(one.open),
            Cell::Integer(one.today),
            one.last.map_or(Cell::Empty, Cell::Moment),
        ]);
    }
    if verdict.candidates.is_empty() {
        sheet.notes.push(verdict.reason());
    }
    sheet
}
