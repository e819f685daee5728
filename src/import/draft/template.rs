//! Constants and templates of a mapping: `[default]`, `[set]`, `[[if]]` and `--set`.

use super::super::mapping::FieldKey;
use super::super::names::fold_header;
use super::super::table::RawCell;
use super::super::values::Style;
use super::Draft;
use crate::record::FieldType;

impl Draft<'_, '_> {
    /// Returns the fields of the record that are said so far, for [`note_constants`](Draft::note_constants).
    pub fn said(&self) -> Vec<&'static str> {
        self.mapped.row.iter().map(|(field, _)| field.key).collect()
    }

    /// Notes the fields that were not said before constants were set.
    pub fn note_constants(&mut self, own: &[&'static str]) {
        let keys = self.mapped.row.iter().map(|(field, _)| field.key);
        self.mapped.constants = keys.filter(|key| !own.contains(key)).collect();
    }

    /// Sets a constant or template where nothing stands.
    pub fn default(&mut self, key: FieldKey, text: &str) {
        let missing = match key {
            FieldKey::Number => self.mapped.number.is_none(),
            FieldKey::Own(field) | FieldKey::Inner(_, field) => self.current(key, field).is_none(),
            FieldKey::Range(low, high) => self.mapped.row.get(low).is_none() && self.mapped.row.get(high).is_none(),
        };
        let failed = self.mapped.problems.iter().any(|problem| problem.field.as_deref() == Some(&key.name()));
        if missing && !failed {
            self.set(key, text);
        }
    }

    /// Sets a constant or template over whatever stands; a template whose cells are blank sets nothing.
    pub fn set(&mut self, key: FieldKey, text: &str) {
        let Some(text) = self.filled(text) else { return };
        let name = key.name();
        if let FieldKey::Own(field) | FieldKey::Inner(_, field) = key
            && field.ty == FieldType::Phone
        {
            let row = if matches!(key, FieldKey::Inner(..)) { &mut self.inner } else { &mut self.mapped.row };
            row.remove(field.key);
        }
        self.mapped.problems.retain(|problem| problem.field.as_deref() != Some(&name));
        self.read(key, &RawCell::text(&text), Style::default(), &name);
    }

    /// Fills a template: `{Heading}` becomes the text of that column.
    fn filled(&self, template: &str) -> Option<String> {
        let (mut text, mut rest, mut blanks, mut found) = (String::new(), template, 0, 0);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            text.push_str(before);
            rest = after;
            match self.mapper.places.get(&fold_header(name)) {
                Some(column) => {
                    let cell = self.row.cell(*column);
                    found += 1;
                    let shown = cell.display();
                    let is_blank = cell.is_blank() || self.mapper.is_blank(&shown);
                    blanks += usize::from(is_blank);
                    text.push_str(if is_blank { "" } else { shown.trim() });
                }
                None => text.push_str(&format!("{{{name}}}")),
            }
        }
        text.push_str(rest);
        (found == 0 || blanks < found).then_some(text)
    }
}
