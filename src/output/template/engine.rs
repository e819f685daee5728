//! The engine: minijinja with our values, our filters, and nothing of the world.

use super::value::{Amount, Blank, Day, Missed, Scope, Thing, written_day};
use crate::record::{Failure, Label, Lang, Result, Words, capitals};
use crate::words;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// What a template may do: so many instructions, or 64 bytes each; far beyond what a contract takes.
const FUEL: u64 = 3_000_000;

/// A template, and what its lines are called where something is wrong.
pub(super) struct Source<'t> {
    pub name: &'t str,
    pub text: &'t str,
    pub place: Label,
    /// The number of its first line.
    pub first: usize,
}

impl Source<'_> {
    fn line(&self, error: &Error) -> usize {
        (error.line().unwrap_or(1) + self.first).saturating_sub(1)
    }
}

/// What lines of a text are called.
pub(super) const LINE: Label = Label::new("line", "行");

/// A template that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// The fields that were printed and about which nothing is known, each once.
    pub blanks: Vec<String>,
}

/// How a value becomes text of the format, so that nothing in it is markup.
pub(super) type Escape = fn(&str) -> String;

/// Fills templates in.
pub(super) struct Engine {
    environment: Environment<'static>,
    blanks: Arc<Mutex<BTreeSet<String>>>,
}

impl Engine {
    /// Makes one that writes days in a language and escapes values.
    pub fn new(lang: Lang, escape: Escape) -> Engine {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        let blanks: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let noted = blanks.clone();
        environment.set_formatter(move |out, _: &mut State, value: &Value| {
            if value.is_undefined() {
                return Err(ErrorKind::UndefinedError.into());
            }
            if value.downcast_object_ref::<Scope>().is_some() {
                return Err(Error::new(ErrorKind::InvalidOperation, "a field is wanted after the name"));
            }
            if let Some(Blank(name)) = value.downcast_object_ref() {
                noted.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
            }
            let text = value.to_string();
            let text = if value.is_safe() { text } else { escape(&text) };
            out.write_str(&text).map_err(|_| ErrorKind::WriteFailure.into())
        });
        add_filters(&mut environment, lang);
        Engine { environment, blanks }
    }

    /// Gives templates another value, which is printed as it stands.
    pub fn with_function(
        mut self,
        name: &'static str,
        text: impl Fn(usize) -> String + Send + Sync + 'static,
    ) -> Engine {
        self.environment.add_function(name, move |at: usize| Value::from_safe_string(text(at)));
        self
    }

    /// Fills a template in.
    pub fn fill(&self, source: &Source<'_>, fields: &Thing) -> Result<Filled> {
        let missed: Missed = Arc::default();
        let scope = Value::from_object(Scope::new(fields.clone(), missed.clone()));
        // Of the text as it is, whatever line ends it has.
        let rendered = self.environment.render_named_str(source.name, source.text, scope);
        let text = rendered.map_err(|error| failure(&error, source, &missed))?;
        let blanks = std::mem::take(&mut *self.blanks.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Filled { text, blanks: blanks.into_iter().collect() })
    }
}

/// Fills know our values: `date`, `money`, `capitals` (大写), and `default` for what nothing is known about.
fn add_filters(environment: &mut Environment<'_>, lang: Lang) {
    environment.add_filter("date", move |value: Value| match value.downcast_object_ref() {
        Some(Day(day)) => Ok(Value::from(written_day(*day, lang))),
        // What `default` put in the place of a day is as it is.
        None if value.as_str().is_some() => Ok(value),
        None => kept(value, "`date` wants a day"),
    });
    environment.add_filter("money", |value: Value| match value.downcast_object_ref::<Amount>() {
        Some(amount) => Ok(Value::from(crate::sheet::Cell::Money(amount.0).display(Lang::En))),
        None => kept(value, "`money` wants an amount"),
    });
    environment.add_filter("capitals", |value: Value| match value.downcast_object_ref::<Amount>() {
        Some(amount) => capitals(amount.0)
            .map(Value::from)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "an amount that has no capitals")),
        None => kept(value, "`capitals` wants an amount"),
    });
    environment.add_filter("default", |value: Value, other: Option<Value>| {
        let is_blank = value.is_undefined() || value.downcast_object_ref::<Blank>().is_some();
        if is_blank { other.unwrap_or_else(|| Value::from("")) } else { value }
    });
}

/// Lets nothing pass a filter as nothing; what is of another type is a mistake.
fn kept(value: Value, wanted: &'static str) -> std::result::Result<Value, Error> {
    let is_blank = value.downcast_object_ref::<Blank>().is_some();
    if is_blank { Ok(value) } else { Err(Error::new(ErrorKind::InvalidOperation, wanted)) }
}

/// Says where a template is wrong and, of a name, which are like it.
fn failure(error: &Error, source: &Source<'_>, missed: &Missed) -> Failure {
    let miss = missed.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (name, place, line) = (source.name, source.place, source.line(error));
    let place = words!("`{name}` {place} {line}", "`{name}` 第 {line} {place}"; each place);
    let detail = error.detail().unwrap_or_default();
    let (what, hint) = match (error.kind(), miss) {
        (ErrorKind::UndefinedError, Some(miss)) => {
            let path = miss.path;
            let near = (!miss.near.is_empty()).then(|| Words {
                en: format!("did you mean `{}`?", miss.near.join("`, `")).into(),
                zh: format!("是否指 `{}`？", miss.near.join("`、`")).into(),
            });
            (words!("there is no field `{path}`", "没有字段 `{path}`"), near)
        }
        (ErrorKind::OutOfFuel, _) => (words!("the template does too much", "模板的计算量过大"), None),
        (ErrorKind::SyntaxError, _) => {
            (words!("the template does not parse: {detail}", "模板语法有误：{detail}"), None)
        }
        (ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest, _) => {
            let known = words!(
                "filters are `date`, `money`, `capitals`, `default` and those of Jinja",
                "可用过滤器：`date`、`money`、`capitals`、`default` 以及 Jinja 自带的"
            );
            (words!("{detail}", "未知的过滤器或函数：{detail}"), Some(known))
        }
        (kind, _) => (words!("it cannot be filled in: {kind}: {detail}", "无法填写：{kind}：{detail}"), None),
    };
    let failure = Failure::invalid(what).within(place);
    hint.into_iter().fold(failure, Failure::hint)
}
