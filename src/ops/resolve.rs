//! What people write on the command line for a record: its number, or what they call it.
//!
//! A login, name or address is a user; a company or telephone number a lead or customer. Numbers are tried
//! first, so that commands given numbers read one file. Of several that fit none is guessed. Days that count from
//! today (`明天`, `today+7d`) become the days they are.
//!
//! *Absent on purpose:* how names are compared, which [`Known`] says.

use super::Session;
use super::names::Known;
use crate::import::Resolved;
use crate::query::{Days, Names, Person};
use crate::record::input::shorten;
use crate::record::{Assignment, Change, Failure, Field, FieldType, Kind, LEAD, Number, Result, Target, USER, Words};
use crate::rules::references::{CALLED, SUBJECTS};
use crate::store::LoadOptions;
use crate::words;
use chrono::NaiveDate;
use serde_json::{Map, Value as Json};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// The records of a repository by what people call them; each kind is loaded when one is first called by name.
pub struct Resolver<'a> {
    session: &'a Session,
    loaded: RefCell<HashMap<Vec<&'static str>, Rc<Known>>>,
}

impl<'a> Resolver<'a> {
    /// Makes that of a repository.
    pub fn new(session: &'a Session) -> Resolver<'a> {
        Resolver { session, loaded: RefCell::default() }
    }

    /// Returns the number of the record of one of `kinds` that `text` names.
    ///
    /// A text that could be a number and names nothing is returned as it stands where the kinds have no
    /// names, or no user is known. Fails with exit code 4 when nothing bears the name, naming the nearest,
    /// and when several do.
    pub fn number(&self, kinds: &[Kind], text: &str) -> Result<Number> {
        let number = Number::parse(text.trim());
        if let Some(number) = number.as_ref().filter(|number| kinds.iter().any(|kind| self.exists(*kind, number))) {
            return Ok(number.clone());
        }
        let first = kinds.first().copied().unwrap_or(LEAD);
        let named: Vec<Kind> = kinds.iter().copied().filter(has_names).collect();
        if named.is_empty() {
            return number.ok_or_else(|| self.session.missing(first, text));
        }
        let known = self.known(&named)?;
        let found = if kinds.contains(&USER) { known.resolve("user", text) } else { known.subject(text) };
        match (found, number) {
            (Resolved::One(one), _) => Number::parse(&one).ok_or_else(|| unknown(kinds, text, None)),
            (Resolved::Several(several), _) => Err(ambiguous(text, &several)),
            (Resolved::Untold, Some(number)) => Ok(number),
            (_, Some(number)) if number.parts().is_some() => Err(self.session.missing(first, number.as_str())),
            _ => Err(unknown(kinds, text, known.nearest(text))),
        }
    }

    /// Returns the number of the record of a kind that `text` names and no other, open or done with.
    ///
    /// For what cannot be taken back in a word; fails as [`Resolver::number`] does.
    pub fn only(&self, kind: Kind, text: &str) -> Result<Number> {
        let number = self.number(&[kind], text)?;
        if number.as_str() == text.trim() || !has_names(&kind) {
            return Ok(number);
        }
        match self.known(&[kind])?.all_called(kind, text) {
            several if several.len() > 1 => Err(ambiguous(text, &several)),
            _ => Ok(number),
        }
    }

    /// Puts the numbers in the place of what people call the records that assignments refer to, and days in the place
    /// of what counts from today.
    pub fn assignments(&self, assignments: &[Assignment]) -> Result<Vec<Assignment>> {
        let resolved = |one: &Assignment| match (&one.target, &one.change) {
            (Target::Field(field), Change::Set(text)) => {
                let told = self.referred(field, text)?.or_else(|| counted(field, text, self.session.now.date_naive()));
                Ok(told.map_or_else(|| one.clone(), |told| Assignment::set(field, told)))
            }
            _ => Ok(one.clone()),
        };
        assignments.iter().map(resolved).collect()
    }

    /// Puts the numbers in the place of names in the members of a JSON object that are references.
    pub fn object(&self, kind: Kind, object: &mut Map<String, Json>) -> Result<()> {
        for (key, value) in object.iter_mut() {
            let (Some(field), Json::String(text)) = (kind.field(key), &*value) else { continue };
            match self.referred(field, text) {
                Ok(Some(number)) => *value = Json::String(number),
                Ok(None) => {}
                // A user of a line before is not written yet; whether there is one is found where records are checked.
                Err(_) if kind == USER && Number::parse(text.trim()).is_some() => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Returns the number a reference field is to hold; nothing for other fields and for nothing said.
    fn referred(&self, field: &Field, text: &str) -> Result<Option<String>> {
        let kinds = match field.ty {
            FieldType::Reference(kind) => Kind::find(kind).into_iter().collect(),
            FieldType::Subject => SUBJECTS.to_vec(),
            _ => return Ok(None),
        };
        // A number that names nothing is refused where records are checked, as is one of another kind.
        let is_number = Number::parse(text.trim()).is_some_and(|number| number.parts().is_some());
        if text.trim().is_empty() || (is_number && kinds != [USER]) {
            return Ok(None);
        }
        // As in filters; a user may be called so all the same.
        let is_me = kinds == [USER] && matches!(text.trim(), "me" | "我");
        if is_me && Number::parse(text.trim()).is_none_or(|number| !self.exists(USER, &number)) {
            return self.session.actor().map(Some);
        }
        let label: Words = field.label.into();
        let number = self.number(&kinds, text).map_err(|failure| failure.within(label))?;
        Ok(Some(number.to_string()))
    }

    pub fn exists(&self, kind: Kind, number: &Number) -> bool {
        // A file that cannot be read is there all the same; whoever reads it says what is wrong with it.
        !matches!(self.session.repo.load_one(kind, number, &self.session.source), Ok(None))
    }

    fn known(&self, kinds: &[Kind]) -> Result<Rc<Known>> {
        let names: Vec<&'static str> = kinds.iter().map(|kind| kind.name).collect();
        if let Some(known) = self.loaded.borrow().get(&names) {
            return Ok(known.clone());
        }
        let known = Rc::new(Known::load_kinds(self.session, kinds)?);
        self.loaded.borrow_mut().insert(names, known.clone());
        Ok(known)
    }
}

/// Tells whether people call the records of a kind by name.
fn has_names(kind: &Kind) -> bool {
    *kind == USER || CALLED.contains(kind)
}

/// Returns the day, of a moment also the time after it, that a text counts from today; nothing for one written out,
/// and for other fields.
pub fn counted(field: &Field, text: &str, today: NaiveDate) -> Option<String> {
    let whole = || Days::counted(text, today).map(|day| day.to_string());
    match field.ty {
        FieldType::Date => whole(),
        FieldType::Moment => whole().or_else(|| {
            let (day, time) = text.trim().rsplit_once(char::is_whitespace)?;
            Some(format!("{} {time}", Days::counted(day, today)?))
        }),
        _ => None,
    }
}

fn ambiguous(text: &str, several: &[String]) -> Failure {
    let (shown, en, zh) = (shorten(text), several.join(", "), several.join("、"));
    Failure::not_found(words!("`{shown}` may be {en}", "“{shown}”可能是 {zh}"))
        .hint(words!("write the number of one of them", "请改用其中一个编号"))
}

fn unknown(kinds: &[Kind], text: &str, nearest: Option<String>) -> Failure {
    let shown = shorten(text);
    let labels: Vec<Words> = kinds.iter().map(|kind| kind.label.into()).collect();
    let Words { en, zh } = Words::join(&labels, " or ", "或");
    let en = en.to_lowercase();
    let failure = Failure::not_found(words!("no {en} is called `{shown}`", "找不到名为“{shown}”的{zh}"));
    match nearest {
        Some(near) => failure.hint(words!("did you mean {near}?", "是否指 {near}？")),
        None => {
            let kind = kinds.first().copied().unwrap_or(LEAD);
            failure.hint(words!("`kehu {kind} list` shows those there are", "用 `kehu {kind} list` 列出已有记录"))
        }
    }
}

/// The users, leads and customers of a repository, for filters over records of a kind; loaded when a filter
/// first names one.
pub struct FilterNames<'a> {
    session: &'a Session,
    kind: Kind,
    known: OnceCell<Option<Known>>,
    subjects: OnceCell<Option<Known>>,
}

impl<'a> FilterNames<'a> {
    /// Makes those of a repository.
    pub fn new(session: &'a Session, kind: Kind) -> FilterNames<'a> {
        FilterNames { session, kind, known: OnceCell::new(), subjects: OnceCell::new() }
    }

    fn known(&self) -> Option<&Known> {
        self.known.get_or_init(|| Known::load_kinds(self.session, &[USER]).ok()).as_ref()
    }

    fn known_subjects(&self) -> Option<&Known> {
        self.subjects.get_or_init(|| Known::load_kinds(self.session, &CALLED).ok()).as_ref()
    }

    /// Tells whether some record still bears a login that is no user's: of somebody who was taken out.
    fn is_in_use(&self, login: &str) -> bool {
        let options = LoadOptions { use_index: self.session.options.use_index };
        let Ok(loaded) = self.session.repo.load(&[self.kind], &self.session.source, options) else { return false };
        let refers = |field: &&Field| matches!(field.ty, FieldType::Reference("user"));
        let fields: Vec<&Field> = self.kind.fields.iter().filter(refers).collect();
        loaded.records.iter().any(|record| fields.iter().any(|field| record.text(field.key) == Some(login)))
    }
}

impl Names for FilterNames<'_> {
    fn find(&self, text: &str) -> Person {
        let Some(known) = self.known() else { return Person::Untold };
        match known.resolve("user", text) {
            Resolved::One(login) => Person::One(login),
            Resolved::Several(several) => Person::Several(several),
            Resolved::Untold => Person::Untold,
            Resolved::Nothing(_) if self.is_in_use(text.trim()) => Person::One(text.trim().to_string()),
            Resolved::Nothing(nearest) => Person::Nobody(nearest),
        }
    }

    fn containing(&self, part: &str) -> Vec<String> {
        self.known().map(|known| known.logins_with(part)).unwrap_or_default()
    }

    fn subjects(&self, text: &str) -> Vec<String> {
        self.known_subjects().map(|known| known.subjects_called(text)).unwrap_or_default()
    }

    fn subjects_containing(&self, part: &str) -> Vec<String> {
        self.known_subjects().map(|known| known.subjects_with(part)).unwrap_or_default()
    }
}
