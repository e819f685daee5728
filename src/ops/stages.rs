//! The stages that opportunities went through, as git's history has it.

use super::Session;
use super::log::{Done, Event, Question, log};
use super::resolve::Resolver;
use crate::record::{FieldChange, Number, OPPORTUNITY, Result, Value};
use crate::rules;
use crate::rules::stay::{Stay, moving};
use crate::store::LoadOptions;
use chrono::DateTime;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A stage of an opportunity, with who brought it there.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The opportunity.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// The stage, since when and until when.
    pub stay: Stay,
    /// The commit that brought it there.
    pub done: Rc<Done>,
}

/// A change of the stage, and the commit that made it.
type Moved = (Rc<Done>, FieldChange);

/// Returns the stages that every opportunity there is or was went through, oldest first, whoever may read it.
///
/// Made for figures over records that were selected before: it tells neither names nor who did it, and reads only what
/// is not remembered.
pub fn stays(session: &Session) -> Result<HashMap<Number, Vec<Stay>>> {
    let tip = session.past().map_or_else(|| session.repo.head(), |commit| Ok(Some(commit)))?;
    let history = session.repo.history(tip, LoadOptions { use_index: session.options.use_index })?;
    let zone = session.now.timezone();
    let mut by_number: HashMap<Number, Vec<_>> = HashMap::new();
    for step in history.text_steps(OPPORTUNITY, "stage")? {
        let at = DateTime::from_timestamp(step.seconds, 0).unwrap_or_default().with_timezone(&zone).fixed_offset();
        let text = |text: Option<Rc<str>>| text.map(|text| text.to_string());
        by_number.entry(step.number).or_default().push((at, text(step.before), text(step.after)));
    }
    let stays = |changes| rules::stay::stays(moving(changes, |(_, _, to): &(_, _, Option<String>)| to.clone()));
    Ok(by_number.into_iter().map(|(number, changes)| (number, stays(changes))).collect())
}

/// Returns the stages of the opportunities named, of all that the acting person reads for none: by number, oldest first.
///
/// Fails with exit code 4 when there never was such an opportunity, 7 when it is not the acting person's to read.
pub fn history(session: &Session, texts: &[String]) -> Result<Vec<Step>> {
    let resolver = Resolver::new(session);
    let question = |record: Option<String>| Question {
        kind: Some(OPPORTUNITY),
        field: Some("stage".to_string()),
        all: true,
        record,
        ..Question::default()
    };
    let mut events = Vec::new();
    if texts.is_empty() {
        events = log(session, &question(None))?;
    }
    for text in texts {
        let number = resolver.number(&[OPPORTUNITY], text)?;
        events.extend(log(session, &question(Some(number.to_string())))?);
    }
    let mut by_number: BTreeMap<String, (String, Vec<Moved>)> = BTreeMap::new();
    for event in events.into_iter().rev() {
        let Event::One(entry) = event else { continue };
        let change = entry.changes.into_iter().find(|change| change.path == "stage");
        let (name, changes) = by_number.entry(entry.number).or_default();
        *name = entry.title;
        changes.extend(change.map(|change| (entry.done, change)));
    }
    Ok(by_number.into_iter().flat_map(|(number, (name, changes))| steps(&number, &name, changes)).collect())
}

fn steps(number: &str, name: &str, changes: Vec<Moved>) -> Vec<Step> {
    let text = |value: &Option<Value>| match value {
        Some(Value::Text(stage)) => Some(stage.to_string()),
        _ => None,
    };
    let changes = moving(changes, |(_, change)| text(&change.new));
    let moved = changes.iter().map(|(done, change)| (done.at, text(&change.old), text(&change.new)));
    // What took the record out leads to no stage.
    let arrived = changes.iter().filter(|(_, change)| text(&change.new).is_some());
    let stays = rules::stay::stays(moved).into_iter().zip(arrived);
    let step = |(stay, (done, _)): (Stay, &Moved)| Step {
        number: number.to_string(),
        name: name.to_string(),
        stay,
        done: done.clone(),
    };
    stays.map(step).collect()
}
