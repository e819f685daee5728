//! Gives leads to users, or shows whom the rules would choose.

use super::desk::{Delivery, Drawing, deliver, name_users, open, refuse_output};
use super::next::tell_next;
use super::set::chosen;
use crate::cli::context::Context;
use crate::cli::noun::assign::AssignRequest;
use crate::cli::ui::Ui;
use crate::ops::Session;
use crate::ops::assign::{Fate, Line, To, assign, candidates, explain, list, meant, team};
use crate::ops::set::Chosen;
use crate::record::{Exit, LEAD, Lang, Result, USER};
use crate::rules::assign::{Candidate, Verdict};
use crate::sheet::{Document, Sheet};
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &AssignRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let wanted = match chosen(&session, LEAD, &request.selection)? {
        Chosen::Numbers(numbers) if numbers.is_empty() => None,
        chosen => Some(chosen),
    };
    if request.explain {
        return show(&session, wanted.as_ref(), context, ui);
    }
    refuse_output(context, ui)?;
    let to = request.to.as_deref().map_or(Ok(To::Auto), |name| named(&session, name))?;
    let assigned = assign(&session, wanted.as_ref(), &to, request.expect)?;
    assigned.outcome.warnings.iter().for_each(|warning| ui.warn(warning));
    let exit = if assigned.is_partial() { Exit::Partly } else { Exit::Done };
    if context.wants_numbers() {
        assigned.outcome.touched.iter().try_for_each(|touched| ui.print(touched.number.as_str()))?;
        return Ok(exit);
    }
    let lang = ui.lang;
    let all = || assigned.lines.iter().map(|line| line_json(line, lang)).collect::<Vec<_>>();
    let commit = &assigned.outcome.commit;
    let json = || json!({ "schema": "kehu.assign", "version": 1, "dry_run": context.dry_run, "commit": commit, "leads": all() });
    let mut sheet = list(&assigned.lines);
    name_users(&mut sheet, "owner", &session, context)?;
    let drawing = Drawing::Sheet(sheet);
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if context.dry_run {
        ui.note(&words!("nothing was written (`--dry-run`)", "未写入任何内容（`--dry-run`）"));
    } else if commit.is_none() {
        ui.note(&words!("nothing changed", "没有变化"));
    }
    tell_next("lead assign", &assigned.outcome.touched, &session, context, ui);
    Ok(exit)
}

/// Returns the user a name means; `me` is who acts.
fn named(session: &Session, name: &str) -> Result<To> {
    let login = if name == "me" { session.actor()? } else { name.to_string() };
    session.number_of(USER, &login).map(To::User)
}

/// Shows the candidates for each lead that waits for an owner.
fn show(session: &Session, wanted: Option<&Chosen>, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let (meant, team) = (meant(session, wanted)?, team(session)?);
    let verdicts = explain(session, &meant, &team)?;
    let lang = ui.lang;
    let all = || verdicts.iter().map(|verdict| verdict_json(verdict, lang)).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.assign", "version": 1, "explain": true, "leads": all() });
    let mut sheets: Vec<Sheet> = verdicts.iter().map(candidates).collect();
    sheets.iter_mut().try_for_each(|sheet| name_users(sheet, "login", session, context))?;
    let drawing = Drawing::Document(Document { sheets, ..Document::default() });
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    let passed = meant.len() - verdicts.len();
    if passed > 0 {
        ui.note(&words!(
            "passed over, since they have an owner or are closed: {passed}",
            "略过已有负责人或已关闭的线索：{passed} 条"
        ));
    }
    Ok(Exit::Done)
}

fn line_json(line: &Line, lang: Lang) -> Json {
    let owner = match &line.fate {
        Fate::Given(login) => Some(login.as_str()),
        _ => line.lead.text("owner"),
    };
    let (grade, rule) = line.ruled.as_ref().map_or((None, None), |(grade, rule)| (Some(grade), *rule));
    json!({
        "number": line.lead.number.as_str(),
        "company": line.lead.title(),
        "result": line.fate.told().0,
        "owner": owner,
        "grade": grade,
        "rule": rule,
        "reason": line.reason.get(lang),
    })
}

fn verdict_json(verdict: &Verdict<'_>, lang: Lang) -> Json {
    let chosen = verdict.chosen();
    let one = |one: &Candidate<'_>| {
        json!({
            "login": one.login,
            "chosen": chosen.is_some_and(|chosen| chosen.login == one.login),
            "why": one.why().get(lang),
            "senior": one.senior,
            "fit": one.fit.points(),
            "open": one.open,
            "today": one.today,
            "last": one.last.map(|at| at.to_rfc3339()),
        })
    };
    json!({
        "number": verdict.lead.number.as_str(),
        "company": verdict.lead.title(),
        "result": if verdict.is_assigned { "assigned" } else { "pool" },
        "owner": chosen.map(|chosen| chosen.login),
        "grade": verdict.grade,
        "rule": verdict.rule,
        "reason": verdict.reason().get(lang),
        "candidates": verdict.candidates.iter().map(one).collect::<Vec<_>>(),
    })
}
