//! Telephone numbers of a row: one cell may hold several, several columns may, and some hold none.

use super::super::clean::Phones;
use super::super::inner::Inner;
use super::super::mapping::FieldKey;
use super::super::values::{Said, Style, read_cell};
use super::{Draft, plain};
use crate::record::{Field, FieldType, Severity, Value, find_field};
use crate::words;

impl Draft<'_, '_> {
    /// Takes telephone numbers: the first mobile, else the first, is the one of the field; the others, and
    /// what stands with them, go to `other_phones`.
    pub(super) fn phones(&mut self, key: FieldKey, field: &'static Field, phones: Phones) {
        let stored = self.current(key, field).map(plain);
        let mut numbers: Vec<String> = stored.into_iter().chain(phones.numbers).collect();
        let is_mobile = |number: &String| number.len() == 11 && number.starts_with('1');
        let main = numbers.remove(numbers.iter().position(is_mobile).unwrap_or(0));
        let rest = self.set_emails_aside(key, field, phones.rest);
        let others: Vec<String> = numbers.into_iter().chain(rest).filter(|other| *other != main).collect();
        self.store(key, field, Value::text(main));
        self.other_phones(key, others);
    }

    /// Adds further numbers, none twice.
    fn other_phones(&mut self, key: FieldKey, others: Vec<String>) {
        let fields = self.fields_beside(key);
        let Some(field) = find_field(fields, "other_phones").filter(|_| !others.is_empty()) else { return };
        let key = self.beside(key, field);
        let main = ["phone", "work_phone"].iter().find_map(|key| find_field(fields, key));
        let main = main.and_then(|main| self.current(self.beside(key, main), main)).cloned();
        let mut all = match self.current(key, field) {
            Some(Value::Texts(texts)) => texts.clone(),
            _ => Vec::new(),
        };
        for other in others.into_iter().map(String::into_boxed_str) {
            if !all.contains(&other) && main != Some(Value::Text(other.clone())) {
                all.push(other);
            }
        }
        all.retain(|other| main != Some(Value::Text(other.clone())));
        if !all.is_empty() {
            self.store(key, field, Value::Texts(all));
        }
    }

    /// Returns the place of another field of the same row: the record's or the contact's.
    pub(super) fn beside(&self, key: FieldKey, field: &'static Field) -> FieldKey {
        if let FieldKey::Inner(table, _) = key { FieldKey::Inner(table, field) } else { FieldKey::Own(field) }
    }

    /// Returns the fields of the same row: the record's or the contact's.
    pub(super) fn fields_beside(&self, key: FieldKey) -> &'static [Field] {
        let kind = self.mapper.kind;
        if matches!(key, FieldKey::Inner(..)) { Inner::fields_of(kind) } else { kind.fields }
    }

    /// Reads the further telephone and e-mail columns.
    pub fn second_columns(&mut self) {
        let mapper = self.mapper;
        for (column, header, key) in &mapper.also {
            let cell = self.row.cell(*column);
            if cell.is_blank() || mapper.is_blank(&cell.display()) {
                continue;
            }
            let own = mapper.kind.field(key).map(|field| (FieldKey::Own(field), field));
            let found = own.or_else(|| {
                let inner = Inner::of(mapper.kind)?;
                find_field(inner.fields, key).map(|field| (FieldKey::Inner(inner.key, field), field))
            });
            let Some((place, field)) = found else { continue };
            let text = cell.display().trim().to_string();
            let is_phone = field.ty == FieldType::Phone;
            match (self.current(place, field), read_cell(field, cell, &mapper.reading, Style::default())) {
                (_, Ok(Said::Blank)) => {}
                (_, Ok(said @ Said::Stray(_))) => self.put(place, field, (said, None), cell, header),
                (_, Ok(said)) if is_phone => self.put(place, field, (said, None), cell, header),
                (current, Err(problem)) if is_phone || current.is_none() => self.refuse(place, field, cell, problem),
                (None, Ok(said)) => self.put(place, field, (said, None), cell, header),
                (Some(value), Ok(Said::Value(other))) if *value == other => {}
                _ => self.custom(header, Value::text(text)),
            }
        }
    }

    /// Keeps numbers that are none beside one that is, with a warning instead of an error.
    pub fn bad_phones(&mut self) {
        for (key, field, text, at) in std::mem::take(&mut self.bad_phones) {
            if self.current(key, field).is_none() {
                continue;
            }
            self.other_phones(key, vec![text]);
            if let Some(problem) = self.mapped.problems.get_mut(at) {
                problem.severity = Severity::Warning;
                problem.mend = Some(words!("kept as it is in `other_phones`", "已原样记入其他电话"));
            }
        }
    }
}
