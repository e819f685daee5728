//! Shows the cases that words find.

use super::desk::{Delivery, Drawing, deliver, filter, open, tell_findings};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::CasesRequest;
use crate::ops::Session;
use crate::ops::cases::{Case, Question, cases};
use crate::record::{Exit, OPPORTUNITY, Record, Result, Words};
use crate::rules::listing::value_words;
use crate::rules::opportunity::worth;
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &CasesRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let filter = filter(&session, OPPORTUNITY, &request.filters, &[])?;
    let question = Question { words: &request.words, outcome: request.outcome.as_deref(), filter: filter.as_ref() };
    let (cases, findings) = cases(&session, &question)?;
    if context.wants_numbers() {
        cases.iter().try_for_each(|case| ui.print(case.review.number.as_str()))?;
        return Ok(tell_findings(&findings, ui));
    }
    let all = || cases.iter().map(one).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.cases", "version": 1, "cases": all() });
    let drawing = Drawing::Sheet(sheet(&cases, &session));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if cases.is_empty() && !context.wants_json() {
        ui.note(&words!("no case fits", "没有符合条件的案例"));
    }
    Ok(tell_findings(&findings, ui))
}

fn sheet(cases: &[Case], session: &Session) -> Sheet {
    let columns = vec![
        Column::text("number", "Review", "复盘").weighing(Weight::Spare),
        Column::text("opportunity", "Opportunity", "商机名称").weighing(Weight::Main),
        Column::text("customer", "Customer", "客户").weighing(Weight::Spare),
        Column::text("outcome", "Outcome", "结果"),
        Column::text("reason", "Lost because", "失败原因"),
        Column::of("amount", "Amount", "金额", ColumnType::Money).weighing(Weight::Spare),
        Column::text("factors", "Factors", "成败因素").weighing(Weight::Main),
        Column::text("lesson", "Lesson", "经验教训").weighing(Weight::Main),
        Column::of("reviewed_on", "Reviewed on", "复盘日期", ColumnType::Date).weighing(Weight::Spare),
        Column::text("by", "By", "复盘人").weighing(Weight::Spare),
    ];
    let mut sheet = Sheet::new("cases", Words::default(), columns);
    let said = |record: Option<&Record>, key: &str| {
        let value = record.and_then(|record| Some((record.kind.field(key)?, record.get(key)?)));
        value.map_or(Cell::Empty, |(field, value)| {
            let words = value_words(Some(field), value, &session.config.dictionary);
            Cell::Label(words.en.to_string(), words)
        })
    };
    sheet.rows.extend(cases.iter().map(|Case { review, opportunity, customer }| {
        let (review, deal) = (Some(review), opportunity.as_ref());
        vec![
            review.map_or(Cell::Empty, |review| Cell::text(review.number.as_str())),
            deal.map_or_else(|| said(review, "opportunity"), |deal| Cell::text(deal.title())),
            customer.as_ref().map_or(Cell::Empty, |customer| Cell::text(customer.title())),
            said(deal, "stage"),
            said(deal, "lost_reason"),
            deal.and_then(worth).map_or(Cell::Empty, Cell::Money),
            said(review, "factors"),
            said(review, "lesson"),
            review.and_then(|review| review.date("reviewed_on")).map_or(Cell::Empty, Cell::Date),
            said(review, "owner"),
        ]
    }));
    sheet.drop_empty_columns();
    sheet
}

fn one(Case { review, opportunity, customer }: &Case) -> Json {
    let deal = opportunity.as_ref();
    json!({
        "number": review.number.as_str(),
        "opportunity": review.text("opportunity"),
        "name": deal.map(Record::title),
        "customer": deal.and_then(|deal| deal.text("customer")),
        "company": customer.as_ref().map(Record::title),
        "outcome": deal.and_then(|deal| deal.text("stage")),
        "lost_reason": deal.and_then(|deal| deal.text("lost_reason")),
        "amount": deal.and_then(worth).map(|amount| amount.to_string()),
        "factors": review.texts("factors"),
        "lesson": review.text("lesson"),
        "actions": review.text("actions"),
        "reviewed_on": review.date("reviewed_on").map(|day| day.to_string()),
        "by": review.text("owner"),
    })
}
