//! `jsonl`: one JSON value per line.
//!
//! A list is one line per row and nothing else. A report starts with a line of schema, name, facts and definition;
//! then each row follows under the key of its section, `{"section":"grades","row":{…}}`, and its sums
//! as `{"section":"grades","total":{…}}`.

use super::json::{self, SCHEMA, VERSION};
use super::{DrawOptions, Format, is_list};
use crate::record::Label;
use crate::sheet::Document;
use serde_json::json as value;
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    binary: false,
    about: Label::new("one JSON value per line, one line per row", "每行一个 JSON 值，一行一条记录"),
    draw_document: draw,
};

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    let list = is_list(document);
    if !list {
        let facts = json::facts_value(document);
        let definition: Vec<&str> = document.definition.iter().map(|line| line.get(options.lang)).collect();
        let head = value!({
            "schema": SCHEMA,
            "version": VERSION,
            "report": document.name,
            "facts": facts,
            "definition": definition,
        });
        json::write_line(&head.to_string(), out)?;
    }
    for sheet in &document.sheets {
        for row in &sheet.rows {
            let row = json::row_value(sheet, row);
            let line = if list { row } else { value!({ "section": sheet.key, "row": row }) };
            json::write_line(&line.to_string(), out)?;
        }
        if let Some(total) = sheet.total.as_ref().filter(|_| !list) {
            let line = value!({ "section": sheet.key, "total": json::row_value(sheet, total) });
            json::write_line(&line.to_string(), out)?;
        }
    }
    Ok(())
}
