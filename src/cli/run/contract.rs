//! Plans, signs, ends and renews contracts, notes their payments, makes documents and the ledger of them.

use super::desk::{Delivery, Drawing, deliver, name_users, open, print_json, put, tell_findings};
use super::import::read;
use super::next::tell_step;
use crate::cli::context::Context;
use crate::cli::global::OutputTarget;
use crate::cli::noun::contract::ContractRequest;
use crate::cli::ui::Ui;
use crate::ops::Session;
use crate::ops::contract::{
    Choice, Form, Rendered, Signing, Span, TEAM, Wanted, ledger, plan, plan_document, receive, render, renew, sign,
    terminate,
};
use crate::query::Days;
use crate::record::{Exit, Failure, Result};
use crate::words;
use serde_json::json;
use std::path::Path;

/// Does it.
pub fn run(request: &ContractRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    // What is read from files comes first: a file that is missing is told before anything else.
    let (signing, template) = match request {
        ContractRequest::Sign { on, days: [from, to], files, .. } => {
            let files = files.iter().map(|file| read(file, context)).collect::<Result<_>>()?;
            (Signing { on: on.clone(), from: from.clone(), to: to.clone(), files }, Choice::Usual)
        }
        ContractRequest::Render { template: Some(template), .. } => (Signing::default(), choice(template, context)?),
        _ => (Signing::default(), Choice::Usual),
    };
    let session = open(context, ui)?;
    let (done, outcome) = match request {
        ContractRequest::Plan { number, items } if items.is_empty() => return show(number, &session, context, ui),
        ContractRequest::Plan { number, items } => ("contract plan", plan(&session, number, items)?),
        ContractRequest::Receive { number, receipt } => ("contract receive", receive(&session, number, receipt)?),
        ContractRequest::Sign { number, .. } => ("contract sign", sign(&session, number, &signing)?),
        ContractRequest::Terminate { number, on, reason } => {
            ("contract terminate", terminate(&session, number, on.as_deref(), reason)?)
        }
        ContractRequest::Renew { number, assignments } => ("contract renew", renew(&session, number, assignments)?),
        ContractRequest::Render { number, .. } => return document(number, template, &session, context, ui),
        ContractRequest::Ledger { days, excel } => return run_ledger(days, *excel, &session, context, ui),
    };
    tell_step(done, &outcome, &session, context, ui)
}

fn show(number: &str, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    let drawing = Drawing::Document(plan_document(session, number)?);
    deliver(Delivery { now: session.now, excel: false, drawing, json: None, lines: None }, context, ui)?;
    Ok(Exit::Done)
}

fn run_ledger(days: &[Option<String>; 2], excel: bool, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    let [from, to] = days;
    let today = session.now.date_naive();
    let days = |text: &Option<String>| {
        let read = |text: &String| Days::of(text, today).ok_or_else(|| no_day(text));
        text.as_ref().map(read).transpose()
    };
    let span = Span { from: days(from)?.map(|days| days.first), to: days(to)?.map(|days| days.last) };
    let (mut document, findings) = ledger(session, &span)?;
    for sheet in &mut document.sheets {
        name_users(sheet, "owner", session, context)?;
    }
    let drawing = Drawing::Document(document);
    deliver(Delivery { now: session.now, excel, drawing, json: None, lines: None }, context, ui)?;
    Ok(tell_findings(&findings, ui))
}

fn no_day(text: &str) -> Failure {
    Failure::usage(words!("`{text}` is no day", "“{text}”不是日期"))
        .hint(words!("see `kehu help dates`", "见 `kehu help dates`"))
}

/// Takes what is a file for one, all else for the name of a template of the team.
fn choice(template: &Path, context: &Context) -> Result<Choice> {
    if template.is_file() {
        let (name, bytes) = read(template, context)?;
        return Ok(Choice::File(name, bytes));
    }
    Ok(Choice::Named(template.display().to_string()))
}

fn document(number: &str, template: Choice, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    let (form, path) = target(context)?;
    if form == Form::Docx && path.is_none() && context.terminal.stdout {
        return Err(Failure::usage(words!("`docx` is no text for a terminal", "`docx` 不是可在终端显示的文本"))
            .hint(words!("write it to a file: `-o contract.docx`", "请写入文件：`-o 合同.docx`")));
    }
    let rendered = render(session, number, &Wanted { form, template, lang: ui.lang })?;
    let Rendered { number, template, bytes, blanks } = &rendered;
    if context.wants_json() {
        let text = String::from_utf8_lossy(bytes);
        let json = json!({
            "schema": "kehu.document", "version": 1, "number": number.as_str(), "template": template,
            "text": text, "blanks": blanks,
        });
        ui.emit(|out| print_json(&json, out))?;
        return Ok(Exit::Done);
    }
    put(path, |out| out.write_all(bytes), context, ui)?;
    if !blanks.is_empty() {
        let (en, zh) = (blanks.join(", "), blanks.join("、"));
        ui.warn(&words!("nothing is known about {en}: left blank", "以下字段没有值，已留空：{zh}"));
        if blanks.iter().any(|blank| TEAM.contains(&blank.as_str())) {
            ui.note(&words!(
                "`company = \"…\"` in `kehu.toml` names the seller",
                "乙方名称取自 `kehu.toml` 的 `company = \"公司全称\"`"
            ));
        }
    }
    Ok(Exit::Done)
}

/// Returns the form that `-o` wants, Markdown when it says nothing, and the file.
fn target(context: &Context) -> Result<(Form, Option<&Path>)> {
    let (name, path) = match &context.output {
        None => return Ok((Form::Markdown, None)),
        Some(OutputTarget::Format(name)) => (name.clone(), None),
        Some(OutputTarget::File(path)) => {
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
            (ending.unwrap_or_default(), Some(path.as_path()))
        }
    };
    let form = match name.as_str() {
        "md" | "markdown" | "json" => Form::Markdown,
        "html" | "htm" => Form::Html,
        "docx" => Form::Docx,
        _ => {
            return Err(Failure::usage(words!("a document is not made as `{name}`", "不能生成 `{name}` 格式的文档"))
                .hint(words!("the forms are md, html and docx", "可用格式：md、html、docx")));
        }
    };
    Ok((form, path))
}
