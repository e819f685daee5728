//! Says who acts.

use super::desk::{Delivery, Drawing, deliver, open};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::ops::access::{Whoami, whoami};
use crate::record::{Exit, Failure, Result, Words};
use crate::sheet::{Cell, Column, Sheet};
use crate::words;
use serde_json::json;

/// Does it.
pub fn run(context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let who = whoami(&session)?;
    if context.wants_numbers() {
        let login = who.login.as_deref().ok_or_else(|| nobody(&who))?;
        ui.print(login)?;
        return Ok(Exit::Done);
    }
    let lang = ui.lang;
    let json = || {
        json!({
            "schema": "kehu.whoami",
            "version": 1,
            "login": who.login,
            "name": who.name,
            "role": who.role.map(|role| role.key()),
            "department": who.department,
            "enforced": who.is_enforced,
            "reads": who.reads.get(lang),
            "writes": who.writes.get(lang),
            "why": who.why.get(lang),
        })
    };
    let lines = || vec![json()];
    let drawing = Drawing::Sheet(sheet(&who));
    let delivery = Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&lines) };
    deliver(delivery, context, ui)?;
    Ok(Exit::Done)
}

fn nobody(who: &Whoami) -> Failure {
    Failure::not_found(who.why.clone())
}

fn sheet(who: &Whoami) -> Sheet {
    let columns = vec![Column::text("what", "What", "项目"), Column::text("value", "Value", "内容")];
    let mut sheet = Sheet::new("whoami", Words::default(), columns);
    let words = |words: &Words| Cell::Label(words.en.to_string(), words.clone());
    let text = |text: &Option<String>| text.as_deref().map_or(Cell::Empty, Cell::text);
    let role = who.role.map_or(Cell::Empty, |role| words(&role.label().into()));
    for (label, cell) in [
        (words!("Login", "用户名"), text(&who.login)),
        (words!("Name", "姓名"), text(&who.name)),
        (words!("Role", "角色"), role),
        (words!("Department", "部门"), text(&who.department)),
        (words!("Reads", "可读"), words(&who.reads)),
        (words!("Writes", "可写"), words(&who.writes)),
        (words!("Because", "依据"), words(&who.why)),
    ] {
        if cell != Cell::Empty {
            sheet.rows.push(vec![words(&label), cell]);
        }
    }
    sheet
}
