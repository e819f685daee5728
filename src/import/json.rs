//! JSON: an array of objects, an object that holds one such array, or one object a line.

use super::encoding::decode;
use super::guard::{Budget, too_large};
use super::table::{Grid, MAX_COLUMNS, MAX_ROWS, RawCell, RawRow};
use super::{Format, Input, ReadOptions};
use crate::record::{Failure, Result};
use crate::words;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Tells whether the content is JSON, and which sort.
pub(super) fn looks_like(bytes: &[u8], claimed: Option<Format>) -> Option<Format> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(65_536))?).into_owned();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let stated = matches!(claimed, Some(Format::Json | Format::Jsonl));
    let mut inner = head.chars().skip(1).skip_while(|c| c.is_whitespace());
    let next = inner.next();
    match head.chars().next()? {
        '[' if stated || matches!(next, Some('{' | ']')) => Some(Format::Json),
        '{' if stated || matches!(next, Some('"' | '}')) => {
            let lines = head.lines().filter(|line| !line.trim().is_empty());
            let whole = |line: &str| serde_json::from_str::<Map<String, Value>>(line.trim()).is_ok();
            let one_a_line = lines.clone().take(2).count() > 1 && lines.take(2).all(whole);
            let one = claimed == Some(Format::Jsonl);
            Some(if one_a_line || one { Format::Jsonl } else { Format::Json })
        }
        _ if stated => claimed,
        _ => None,
    }
}

/// Reads a JSON document.
pub(super) fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    let decoded = decode(input.bytes, options.encoding.as_deref())?;
    let text = decoded.text.trim_start_matches('\u{feff}');
    weigh(text)?;
    let value: Value = serde_json::from_str(text).map_err(|error| malformed(&error.to_string()))?;
    let mut rows = Rows::default();
    for (at, object) in objects(value)?.into_iter().enumerate() {
        rows.push(at + 1, object)?;
    }
    let mut grid = rows.finish();
    grid.encoding = Some(decoded.encoding);
    grid.notes = decoded.notes;
    Ok(grid)
}

/// Reads JSON lines.
pub(super) fn read_lines(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    let decoded = decode(input.bytes, options.encoding.as_deref())?;
    let mut rows = Rows::default();
    for (at, line) in decoded.text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = at + 1;
        if line.trim().is_empty() {
            continue;
        }
        weigh(line)?;
        let value = serde_json::from_str(line).map_err(|error| {
            malformed(&error.to_string().replace(" at line 1 column ", " at column "))
                .within(words!("line {number}", "第 {number} 行"))
        })?;
        rows.push(number, value)?;
    }
    let mut grid = rows.finish();
    grid.encoding = Some(decoded.encoding);
    grid.notes = decoded.notes;
    Ok(grid)
}

/// Reads one object as a grid of one row.
pub(super) fn one_row(object: Map<String, Value>) -> Result<Grid> {
    let mut rows = Rows::default();
    rows.push(1, Value::Object(object))?;
    Ok(rows.finish())
}

/// Makes the failure of text that is no JSON of the sort that is read; `why` is the parser's own word.
fn malformed(why: &str) -> Failure {
    Failure::failed(words!("the JSON is malformed ({why})", "JSON 格式有误（{why}）"))
        .hint(words!("mend it at that place, or export it again", "请修正该处，或重新导出"))
}

/// Fails when the values of a text, each many times its two bytes, would not fit into memory.
fn weigh(text: &str) -> Result<()> {
    let values = text.bytes().filter(|b| matches!(b, b',' | b'[' | b'{')).count();
    Budget::default().pay(values.saturating_mul(size_of::<Value>() + size_of::<String>()))
}

/// Returns the array the document is or holds; a lone object is one row.
fn objects(value: Value) -> Result<Vec<Value>> {
    match value {
        Value::Array(list) => Ok(list),
        Value::Object(mut object) => {
            let mut lists: Vec<String> =
                object.iter().filter(|(_, v)| is_list_of_objects(v)).map(|(name, _)| name.clone()).collect();
            match (lists.pop(), lists.is_empty()) {
                (Some(name), true) => match object.remove(&name) {
                    Some(Value::Array(list)) => Ok(list),
                    _ => Ok(Vec::new()),
                },
                (None, _) => Ok(vec![Value::Object(object)]),
                _ => Err(Failure::failed(words!("the document holds several lists", "文档中有多个列表"))
                    .hint(words!("keep the one to be imported", "请只保留要导入的那个"))),
            }
        }
        _ => Err(Failure::failed(words!("the document is not a list of objects", "文档不是对象列表"))),
    }
}

fn is_list_of_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_object))
}

/// Rows under the names seen so far, in the order they were first seen.
#[derive(Default)]
struct Rows {
    names: Vec<String>,
    places: HashMap<String, usize>,
    rows: Vec<RawRow>,
    budget: Budget,
}

impl Rows {
    fn push(&mut self, number: usize, value: Value) -> Result<()> {
        let Value::Object(object) = value else {
            return Err(malformed("a row that is no object").within(words!("row {number}", "第 {number} 行")));
        };
        let mut cells = Vec::new();
        self.flatten("", object, &mut cells, 0)?;
        self.budget.pay_row(&cells)?;
        if self.rows.len() >= MAX_ROWS {
            return Err(too_large());
        }
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.rows.push(RawRow { number, cells });
        }
        Ok(())
    }

    /// Puts the members of an object into their columns; an object inside becomes `outer.inner`.
    fn flatten(
        &mut self,
        prefix: &str,
        object: Map<String, Value>,
        cells: &mut Vec<RawCell>,
        depth: usize,
    ) -> Result<()> {
        for (name, value) in object {
            let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
            match value {
                Value::Object(inner) if depth < 8 => self.flatten(&name, inner, cells, depth + 1)?,
                value => self.set(name, cell(value), cells)?,
            }
        }
        Ok(())
    }

    fn set(&mut self, name: String, cell: RawCell, cells: &mut Vec<RawCell>) -> Result<()> {
        let at = match self.places.get(&name) {
            Some(at) => *at,
            None if self.names.len() >= MAX_COLUMNS => return Err(too_large()),
            None => {
                self.names.push(name.clone());
                self.places.insert(name, self.names.len() - 1);
                self.names.len() - 1
            }
        };
        if cells.len() <= at {
            cells.resize(at + 1, RawCell::Blank);
        }
        if let Some(place) = cells.get_mut(at) {
            *place = cell;
        }
        Ok(())
    }

    fn finish(self) -> Grid {
        Grid { rows: self.rows, names: Some(self.names), budget: self.budget, ..Grid::default() }
    }
}

/// Reads one value; a list of plain values is their texts joined by `、`, anything deeper its JSON.
fn cell(value: Value) -> RawCell {
    match value {
        Value::Null => RawCell::Blank,
        Value::Bool(flag) => RawCell::Bool(flag),
        Value::String(text) => RawCell::text(&text),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(n), _) => RawCell::Number(n.to_string().into()),
            (_, Some(n)) => RawCell::Number(n.to_string().into()),
            _ => number.as_f64().map_or(RawCell::Blank, RawCell::number),
        },
        Value::Array(list) if list.iter().all(|v| !v.is_array() && !v.is_object()) => {
            let texts: Vec<String> = list.into_iter().map(|v| cell(v).display().into_owned()).collect();
            RawCell::text(&texts.join("、"))
        }
        deep => RawCell::text(&deep.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let grid = read(&Input { name: "x.json", bytes: text.as_bytes() }, &ReadOptions::default()).unwrap();
        let rows = grid.rows.iter().map(|r| r.cells.iter().map(|c| c.display().into_owned()).collect()).collect();
        (grid.names.unwrap_or_default(), rows)
    }

    #[test]
    fn documents() {
        let (names, table) = rows(r#"[{"公司":"甲","n":13800138000},{"n":1.5,"tags":["a","b"]}]"#);
        assert_eq!(names, ["公司", "n", "tags"]);
        assert_eq!(table, [vec!["甲", "13800138000"], vec!["", "1.5", "a、b"]]);
        let (names, table) = rows(r#"{"total":1,"data":[{"a":{"b":"x"}}]}"#);
        assert_eq!((names, table), (vec!["a.b".to_string()], vec![vec!["x".to_string()]]));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in ["[1,2]", "3", "[{]", r#"{"a":[{"x":1}],"b":[{"y":2}]}"#] {
            assert!(
                read(&Input { name: "x.json", bytes: text.as_bytes() }, &ReadOptions::default()).is_err(),
                "{text}"
            );
        }
        let broken = read_lines(&Input { name: "x", bytes: b"{\"a\":1}\n{\n" }, &ReadOptions::default()).unwrap_err();
        assert!(broken.message.en.starts_with("line 2: "), "{}", broken.message.en);
    }
}
