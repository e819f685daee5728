//! Cases (案例): reviews of deals, with the deals, found by words.

use super::Session;
use crate::query::Filter;
use crate::record::dictionary::fold_name;
use crate::record::{CUSTOMER, Finding, OPPORTUNITY, REVIEW, Record, Result};
use crate::rules::Snapshot;
use crate::rules::listing;

/// What is asked for.
#[derive(Default)]
pub struct Question<'a> {
    /// Words that must all occur, in the review, the deal or the customer's name and industry.
    pub words: &'a [String],
    /// Only deals in this stage: `won` or `lost`.
    pub outcome: Option<&'a str>,
    /// Only deals that this lets by.
    pub filter: Option<&'a Filter>,
}

/// A review with its deal and the customer, where the acting person reads those.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The review.
    pub review: Record,
    /// The opportunity it is of.
    pub opportunity: Option<Record>,
    /// Its customer.
    pub customer: Option<Record>,
}

/// Returns the cases that fit, the newest review first.
pub fn cases(session: &Session, question: &Question<'_>) -> Result<(Vec<Case>, Vec<Finding>)> {
    let mut kinds = vec![REVIEW, OPPORTUNITY, CUSTOMER];
    let needed = question.filter.map(|filter| listing::needs(OPPORTUNITY, filter.fields().iter().map(String::as_str)));
    kinds.extend(needed.unwrap_or_default().into_iter().filter(|kind| ![OPPORTUNITY, CUSTOMER].contains(kind)));
    let (snapshot, findings) = session.snapshot(&kinds)?;
    let admitted = question.filter.map(|filter| {
        let all = listing::select(&snapshot, OPPORTUNITY, Some(filter), &[], None);
        all.iter().map(|record| record.number.clone()).collect::<Vec<_>>()
    });
    let case = |review: &Record| {
        let opportunity = review.text("opportunity").and_then(|number| snapshot.find(number));
        let customer = opportunity.and_then(|one| one.text("customer")).and_then(|number| snapshot.find(number));
        Case { review: review.clone(), opportunity: opportunity.cloned(), customer: customer.cloned() }
    };
    let is_admitted = |case: &Case| {
        let of = case.opportunity.as_ref();
        let fits = |outcome: &str| of.and_then(|one| one.text("stage")) == Some(outcome);
        let is_listed = |all: &Vec<_>| of.is_some_and(|one| all.contains(&one.number));
        question.outcome.is_none_or(fits) && admitted.as_ref().is_none_or(is_listed)
    };
    let words: Vec<String> = question.words.iter().map(|word| fold_name(word)).collect();
    let all = snapshot.records(REVIEW).iter().map(case).filter(is_admitted);
    let mut found: Vec<Case> = all.filter(|case| says(case, &words, &snapshot)).collect();
    found.sort_by(|a, b| {
        let day = |case: &Case| case.review.date("reviewed_on");
        day(b).cmp(&day(a)).then_with(|| a.review.number.cmp(&b.review.number))
    });
    Ok((found, findings))
}

/// Tells whether all words occur in what a case says.
fn says(case: &Case, words: &[String], snapshot: &Snapshot) -> bool {
    let mut text = String::new();
    let fields = [
        (Some(&case.review), &["lesson", "actions", "factors", "tags"][..]),
        (case.opportunity.as_ref(), &["name", "products", "competitors", "lost_reason", "lost_note", "remark"]),
        (case.customer.as_ref(), &["name", "industry", "region"]),
    ];
    for (record, keys) in fields {
        let Some(record) = record else { continue };
        text.push_str(record.number.as_str());
        for key in keys {
            let Some((field, value)) = record.kind.field(key).zip(record.get(key)) else { continue };
            let said = listing::value_words(Some(field), value, &snapshot.config.dictionary);
            // By key and by label in either language.
            for part in [said.en.as_ref(), said.zh.as_ref(), record.text(key).unwrap_or_default()] {
                text.push('\n');
                text.push_str(&fold_name(part));
            }
        }
    }
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}
