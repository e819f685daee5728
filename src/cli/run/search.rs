//! Shows the articles that words find.

use super::desk::{Delivery, Drawing, deliver, open, tell_findings};
use crate::cli::context::Context;
use crate::cli::noun::search::SearchRequest;
use crate::cli::ui::Ui;
use crate::ops::Session;
use crate::ops::search::{Found, Question, Scope, search};
use crate::record::{Exit, Result, Words};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

/// How many are shown unless more are asked for.
const USUAL_LIMIT: usize = 10;

/// Does it.
pub fn run(request: &SearchRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let limit = request.limit.unwrap_or(USUAL_LIMIT);
    let (found, count, findings) = search(&session, &Question { words: &request.words, scope: request.scope, limit })?;
    if context.wants_numbers() {
        found.iter().try_for_each(|one| ui.print(one.article.number.as_str()))?;
        return Ok(tell_findings(&findings, ui));
    }
    let all = || found.iter().map(one).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.search", "version": 1, "count": count, "articles": all() });
    let drawing = Drawing::Sheet(sheet(&found, request.scope, &session));
    let delivery = Delivery { now: session.now, excel: request.excel, drawing, json: Some(&json), lines: Some(&all) };
    deliver(delivery, context, ui)?;
    if !context.wants_json() {
        tell_count(found.len(), count, request.scope, ui);
    }
    Ok(tell_findings(&findings, ui))
}

fn tell_count(shown: usize, count: usize, scope: Scope, ui: &Ui) {
    match (count, scope) {
        (0, Scope::All) => ui.note(&words!("no article has any of the words", "没有文章含有这些词")),
        (0, Scope::Published) => ui.note(&words!(
            "no published article has any of the words; `--all` looks through drafts, too",
            "没有已发布的文章含有这些词；`--all` 同时检索草稿"
        )),
        _ if shown < count => ui.note(&words!(
            "{shown} of {count} articles; `--limit` shows more",
            "共 {count} 篇，显示 {shown} 篇；`--limit` 可显示更多"
        )),
        _ => (),
    }
}

fn sheet(found: &[Found], scope: Scope, session: &Session) -> Sheet {
    let mut columns = vec![
        Column::text("number", "Number", "编号"),
        Column::text("title", "Title", "标题").weighing(Weight::Main),
        Column::of("score", "Score", "相关度", ColumnType::Decimal),
        Column::text("snippet", "Snippet", "摘要"),
    ];
    if scope == Scope::All {
        columns.insert(2, Column::text("status", "Status", "状态"));
    }
    let mut sheet = Sheet::new("search", Words::default(), columns);
    let dictionary = &session.config.dictionary;
    sheet.rows.extend(found.iter().map(|Found { article, score, snippet, .. }| {
        let status = article.text("status").unwrap_or_default();
        let mut row = vec![
            Cell::text(article.number.as_str()),
            Cell::text(article.title()),
            Decimal::from_f64_retain(*score).map_or(Cell::Empty, |score| Cell::Decimal(score.round_dp(2))),
            Cell::text(snippet.as_str()),
        ];
        if scope == Scope::All {
            row.insert(2, Cell::Label(status.to_string(), dictionary.words("article_status", status)));
        }
        row
    }));
    sheet
}

fn one(Found { article, score, field, snippet }: &Found) -> Json {
    json!({
        "number": article.number.as_str(),
        "title": article.title(),
        "status": article.text("status"),
        "score": (score * 100.0).round() / 100.0,
        "field": field,
        "snippet": snippet,
    })
}
