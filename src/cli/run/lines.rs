//! JSON lines from stdin.

use crate::ops::add::JsonLine;
use crate::record::{Failure, Result};
use crate::words;
use serde_json::error::{Category, Error};

/// Reads one JSON object a line; blank lines are passed over.
///
/// Fails with exit code 2 naming the first line that is none.
pub fn objects(bytes: &[u8]) -> Result<Vec<JsonLine>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Failure::usage(words!("stdin is not UTF-8 text (byte {at})", "标准输入不是 UTF-8 文本（第 {at} 字节）"))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut objects = Vec::new();
    let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
    for (line, text) in lines {
        let object = serde_json::from_str(text).map_err(|error| JsonLine::place(line)(not_an_object(&error)))?;
        objects.push(JsonLine { line, object });
    }
    Ok(objects)
}

fn not_an_object(error: &Error) -> Failure {
    let column = error.column();
    Failure::usage(match error.classify() {
        Category::Data => words!("this is not a JSON object", "不是 JSON 对象"),
        Category::Eof => words!("the JSON object is cut off", "JSON 对象不完整"),
        _ => words!("column {column} is not valid JSON", "第 {column} 列不是有效的 JSON"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_line_that_is_no_object() {
        let lines = objects(b"{\"a\":1}\n\n{}\n").unwrap();
        assert_eq!(lines.iter().map(|one| one.line).collect::<Vec<_>>(), [1, 3], "blank lines count");
        let said = |text: &[u8]| objects(text).unwrap_err().message.en.into_owned();
        assert_eq!(said(b"{}\n\n[1]\n"), "line 3: this is not a JSON object");
        assert_eq!(said(b"{\"a\":"), "line 1: the JSON object is cut off");
        assert_eq!(said(b"{a}"), "line 1: column 2 is not valid JSON");
    }
}
