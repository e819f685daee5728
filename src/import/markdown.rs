//! Markdown: a file is one row. Its fields stand in TOML between lines of `+++`, what follows is the `answer`.
//!
//! A `title` that the fields lack is the first heading, which then is no part of the answer. Fields whose values are
//! lists or tables are read as those of JSON are.

use super::encoding::decode;
use super::json::one_row;
use super::table::Grid;
use super::{Input, ReadOptions};
use crate::record::{Failure, Result};
use crate::words;
use serde_json::{Map, Value};

/// What stands before and after the fields.
const FENCE: &str = "+++";

/// Reads a Markdown file.
///
/// Fails when the fields are no TOML, are not closed, or are written in YAML.
pub(super) fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    let decoded = decode(input.bytes, options.encoding.as_deref())?;
    let text = decoded.text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let (mut fields, body) = parts(text.trim_start())?;
    let (title, answer) = heading(body);
    let title = Some(title).filter(|title| !title.is_empty() && !fields.contains_key("title"));
    let answer = if title.is_some() { answer } else { body.trim() };
    if let Some(title) = title {
        fields.insert("title".into(), title.into());
    }
    if !answer.is_empty() {
        fields.insert("answer".into(), answer.into());
    }
    Ok(Grid { encoding: Some(decoded.encoding), notes: decoded.notes, ..one_row(fields)? })
}

/// Parts the fields from the text below them.
fn parts(text: &str) -> Result<(Map<String, Value>, &str)> {
    if text.starts_with("---\n") {
        return Err(Failure::failed(words!("the fields are written in YAML", "文件头字段为 YAML 格式"))
            .hint(words!("write them in TOML between lines of `{FENCE}`", "请在两行 `{FENCE}` 之间用 TOML 书写")));
    }
    let Some(rest) = text.strip_prefix(FENCE).and_then(|rest| rest.trim_start_matches(' ').strip_prefix('\n')) else {
        return Ok((Map::new(), text));
    };
    let open = || {
        Failure::failed(words!(
            "the fields that begin with `{FENCE}` do not end with it",
            "文件头字段以 `{FENCE}` 开始但没有以它结束"
        ))
        .hint(words!("put a line of `{FENCE}` below them", "请在字段之后加一行 `{FENCE}`"))
    };
    let is_fence = |line: &str| line.trim_end() == FENCE;
    let mut lines = rest.split_inclusive('\n').scan(0, |end, line: &str| {
        let at = *end;
        *end += line.len();
        Some((at, line))
    });
    let (end, fence) = lines.find(|(_, line)| is_fence(line)).ok_or_else(open)?;
    let table: toml::Table = rest[..end].parse().map_err(|error: toml::de::Error| {
        let why = error.message();
        Failure::failed(words!("the fields are not TOML ({why})", "文件头字段不是有效的 TOML（{why}）")).hint(words!(
            "write one `key = \"value\"` a line, a Chinese key in quotes",
            "请每行写一个 `键 = \"值\"`，中文键须加引号"
        ))
    })?;
    Ok((table.into_iter().map(|(key, value)| (key, json(value))).collect(), &rest[end + fence.len()..]))
}

/// Returns the text of a heading a body begins with, and what stands below it.
fn heading(body: &str) -> (&str, &str) {
    let body = body.trim();
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    match first.strip_prefix("# ") {
        Some(title) => (title.trim(), rest.trim()),
        None => ("", body),
    }
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(n) => n.into(),
        toml::Value::Float(n) => n.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(json).collect(),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Result<Vec<(String, String)>> {
        let grid = read(&Input { name: "x.md", bytes: text.as_bytes() }, &ReadOptions::default())?;
        assert_eq!(grid.rows.len(), 1);
        let cells = grid.rows[0].cells.iter().map(|cell| cell.display().into_owned());
        Ok(grid.names.unwrap().into_iter().zip(cells).collect())
    }

    fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, text)| (key.to_string(), text.to_string())).collect()
    }

    #[test]
    fn fields_and_body() {
        let text =
            "+++\r\ntitle = \"退货\"\r\ntags = [\"售后\", \"退货\"]\r\n+++\r\n\r\n# 步骤\r\n\r\n1. 登记\r\n2. 寄回\r\n";
        assert_eq!(
            row(text).unwrap(),
            expected(&[("tags", "售后、退货"), ("title", "退货"), ("answer", "# 步骤\n\n1. 登记\n2. 寄回")])
        );
    }

    #[test]
    fn a_heading_is_the_title_where_there_is_none() {
        let reset = expected(&[("title", "Reset"), ("answer", "Hold both.")]);
        assert_eq!(row("# Reset\n\nHold both.\n").unwrap(), reset);
        assert_eq!(row("+++\n+++\n# Reset\nHold both.").unwrap(), reset);
        assert_eq!(row("Hold both.").unwrap(), expected(&[("answer", "Hold both.")]));
    }

    #[test]
    fn what_is_no_front_of_fields_is_refused() {
        for (text, why) in [
            ("---\ntitle: x\n---\ny", "the fields are written in YAML"),
            ("+++\ntitle = \"x\"\ny", "the fields that begin with `+++` do not end with it"),
            ("+++\ntitle: x\n+++\ny", "the fields are not TOML"),
        ] {
            let failure = row(text).unwrap_err();
            assert!(failure.message.en.starts_with(why), "{}", failure.message.en);
        }
    }
}
