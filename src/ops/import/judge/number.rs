//! The number of a row: the one its file states, or the one that follows from a name or address.

use super::Judge;
use crate::import::Mapped;
use crate::record::{Kind, Number, Numbering, Problem, Row, Value};
use crate::rules::config::Prefix;
use crate::words;
use chrono::Datelike;

impl Judge<'_> {
    /// Returns the number the file states, in its usual form. One that cannot be of this kind becomes a
    /// custom field. Fails when it contradicts the row.
    pub(super) fn stated_number(
        &self,
        mapped: &Mapped,
        said: &mut Row,
    ) -> std::result::Result<Option<Number>, Problem> {
        let Some(number) = mapped.number.as_deref().and_then(Number::parse) else { return Ok(None) };
        if self.kind.numbering != Numbering::Sequence {
            return Ok(Some(number));
        }
        let scheme = self.config.numbering.get(self.kind.name);
        let (Some(parts), Some(scheme)) = (number.parts(), scheme) else { return Ok(None) };
        let is_ours = match &scheme.prefix {
            Prefix::Fixed(prefix) => prefix == parts.prefix,
            Prefix::Field(field) => self.is_prefix(field, parts.prefix),
        };
        if !is_ours || parts.seq == 0 {
            said.set_custom(&mapped.number_header, Value::text(number.as_str()));
            return Ok(None);
        }
        if parts.year > self.today.year() {
            let message = words!("number `{number}` is of a year to come", "编号 `{number}` 的年份尚未到来");
            return Err(Problem::error("number-format", "number", message));
        }
        if let Prefix::Field(field) = &scheme.prefix
            && said.get(field).is_none()
        {
            said.set(field, Value::text(parts.prefix));
        }
        Ok(Some(Number::sequence(parts.prefix, parts.year, parts.seq, scheme.digits)))
    }

    /// Tells whether a prefix is a value of the field that prefixes come from.
    fn is_prefix(&self, field: &str, prefix: &str) -> bool {
        let dictionary = self.kind.field(field).and_then(|field| field.dictionary());
        let entries = dictionary.and_then(|name| self.config.dictionary.get(name));
        entries.is_some_and(|entries| entries.get(prefix).is_some())
    }
}

/// Returns the number a record stands under while it has none.
pub fn unnamed(kind: Kind) -> Number {
    Number::event(kind.name, "new")
}

/// Makes the number of a record whose users name it of its address or name.
pub fn made_number(kind: Kind, row: &Row) -> Option<Number> {
    if kind.numbering != Numbering::Given {
        return None;
    }
    let name = row.text("email").and_then(|email| email.split('@').next()).or_else(|| row.text(kind.title))?;
    let fits = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    let slug: String = name.chars().map(fits).collect();
    Number::parse(slug.trim_matches(['-', '.']))
}
