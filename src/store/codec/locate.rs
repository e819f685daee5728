//! Where something stands in a file: line and column.

use super::split_bom;
use crate::record::{Finding, Problem};
use toml::de::{DeTable, DeValue};

/// Returns line and column of the field at a dotted path such as `contacts.2.email` (third contact).
///
/// The place is that of the value, for a table that of its header. Where the field is absent it is the
/// place of what would hold it, and (0, 0), the whole file, when that is the file itself or it does not parse.
pub fn locate(text: &str, field: &str) -> (usize, usize) {
    let (_, body) = split_bom(text);
    let Ok(document) = DeTable::parse(body) else { return (0, 0) };
    match offset_in_table(document.get_ref(), field) {
        Some(offset) => position(body, offset),
        None => (0, 0),
    }
}

/// Returns the deepest place on the path that is there.
fn offset_in_table(table: &DeTable<'_>, path: &str) -> Option<usize> {
    if let Some(value) = table.get(path) {
        return Some(value.span().start);
    }
    let (head, rest) = path.split_once('.')?;
    let value = table.get(head)?;
    Some(offset_in_value(value.get_ref(), rest).unwrap_or(value.span().start))
}

fn offset_in_value(value: &DeValue<'_>, path: &str) -> Option<usize> {
    match value {
        DeValue::Table(table) => offset_in_table(table, path),
        DeValue::Array(items) => {
            let (at, rest) = path.split_once('.').map_or((path, None), |(at, rest)| (at, Some(rest)));
            let item = items.get(at.parse::<usize>().ok()?)?;
            let deeper = rest.and_then(|rest| offset_in_value(item.get_ref(), rest));
            Some(deeper.unwrap_or(item.span().start))
        }
        _ => None,
    }
}

/// Returns line and column, both from 1 and the column in characters, of a byte offset.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}

/// Gives a problem of a file its line and column.
pub fn place(path: &str, text: &str, problem: Problem) -> Finding {
    let (line, column) = problem.field.as_deref().map_or((0, 0), |field| locate(text, field));
    Finding { path: path.to_string(), line, column, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\u{feff}name = \"客户\"\ntags = [\"a\",\n  \"乙\", 3]\n\n[custom]\n\"a.b\" = 1\n\n[[contacts]]\nname = \"x\"\n\n[[contacts]]\nemail = 5\n";

    #[test]
    fn finds_fields_and_what_would_hold_them() {
        for (path, place) in [
            ("name", (1, 8)),
            ("tags", (2, 8)),
            ("tags.2", (3, 8)),
            ("custom.a.b", (6, 9)),
            ("custom.x", (5, 1)),
            ("contacts", (8, 1)),
            ("contacts.1", (11, 1)),
            ("contacts.1.email", (12, 9)),
            ("contacts.1.phone", (11, 1)),
            ("contacts.7.phone", (8, 1)),
            ("phone", (0, 0)),
            ("", (0, 0)),
        ] {
            assert_eq!(locate(TEXT, path), place, "{path}");
        }
        assert_eq!(locate("a = ", "a"), (0, 0));
    }

    #[test]
    fn columns_are_characters() {
        assert_eq!(position("客户 = 1", 7), (1, 4));
        assert_eq!(position("客户", 1), (1, 1), "inside a character");
        assert_eq!(position("a\r\nb", 99), (2, 2));
    }
}
