//! `markdown`: headings, a list of facts and pipe tables, aligned so that the source is readable too.
//!
//! Everything that comes from data is escaped, so no cell can end its table or bring in markup.

use super::{DEFINITION, DrawOptions, Format, NOTHING, cells, is_list, page, text};
use crate::record::{Label, Words};
use crate::sheet::{Cell, Document, Sheet};
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown"],
    binary: false,
    about: Label::new("headings and pipe tables", "标题与竖线表格"),
    draw_document: draw,
};

/// The widest column that is still padded; a longer cell only pushes its own line.
const WIDEST_PADDED: usize = 40;

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut parts = Vec::new();
    push_heading(&mut parts, "#", &document.title, options);
    push_facts(&mut parts, document, options);
    for sheet in &document.sheets {
        push_heading(&mut parts, "##", &sheet.title, options);
        let nothing = sheet.rows.is_empty() && sheet.total.is_none() && !is_list(document);
        parts.push(if nothing { NOTHING.get(options.lang).to_string() + "\n" } else { draw_table(sheet, options) });
        parts.extend(sheet.notes.iter().map(|note| escape_line(note.get(options.lang)) + "\n"));
    }
    if !document.definition.is_empty() {
        push_heading(&mut parts, "##", &DEFINITION.into(), options);
        let lines = document.definition.iter().map(|one| format!("- {}\n", escape_line(one.get(options.lang))));
        parts.push(lines.collect());
    }
    parts.retain(|part| !part.is_empty());
    out.write_all(parts.join("\n").as_bytes())
}

fn push_heading(parts: &mut Vec<String>, mark: &str, title: &Words, options: &DrawOptions) {
    let title = title.get(options.lang);
    if !title.is_empty() {
        parts.push(format!("{mark} {}\n", escape(title)));
    }
}

fn push_facts(parts: &mut Vec<String>, document: &Document, options: &DrawOptions) {
    let lines = document.facts.iter().map(|fact| {
        let (label, value) = (escape(fact.label.get(options.lang)), escape(&fact.value.display(options.lang)));
        format!("- **{label}**{}{value}\n", page::colon(options.lang))
    });
    parts.push(lines.collect());
}

fn draw_table(sheet: &Sheet, options: &DrawOptions) -> String {
    let draw = |row: &Vec<Cell>| -> Vec<String> {
        cells(sheet, row).map(|cell| escape(&cell.display(options.lang))).collect()
    };
    let strong = |cell: String| if cell.is_empty() { cell } else { format!("**{cell}**") };
    let mut rows: Vec<Vec<String>> =
        vec![sheet.columns.iter().map(|column| escape(column.label.get(options.lang))).collect()];
    rows.extend(sheet.rows.iter().map(draw));
    rows.extend(sheet.total.iter().map(|row| draw(row).into_iter().map(strong).collect()));
    let right: Vec<bool> = sheet.columns.iter().map(|column| column.ty.is_number()).collect();
    let widths: Vec<usize> = (0..right.len())
        .map(|at| rows.iter().map(|row| text::width(&row[at])).max().unwrap_or(0).clamp(3, WIDEST_PADDED))
        .collect();
    rows.insert(1, widths.iter().zip(&right).map(|(width, right)| rule(*width, *right)).collect());
    rows.iter().map(|row| draw_row(row, &widths, &right)).collect()
}

fn draw_row(row: &[String], widths: &[usize], right: &[bool]) -> String {
    let padded = row.iter().zip(widths).zip(right);
    let cells: Vec<String> = padded.map(|((cell, width), right)| text::pad(cell, *width, *right)).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn rule(width: usize, right: bool) -> String {
    if right { "-".repeat(width - 1) + ":" } else { "-".repeat(width) }
}

/// Escapes text for the middle of a line or a cell; line breaks become `<br>`.
fn escape(data: &str) -> String {
    let mut escaped = String::new();
    for c in text::clean(data).chars() {
        match c {
            '⏎' => escaped.push_str("<br>"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Escapes text that starts a line, where a list, a heading or a quotation could start.
fn escape_line(data: &str) -> String {
    let escaped = escape(data.trim_start());
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    match escaped.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &escaped[..digits], &escaped[digits..]),
        Some(b'#' | b'+' | b'-' | b'>' | b'=') if digits == 0 => format!("\\{escaped}"),
        _ => escaped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_no_markup() {
        assert_eq!(escape("a|b\\c"), "a\\|b\\\\c");
        assert_eq!(escape("<b>&[x](y)"), "&lt;b>&amp;\\[x\\](y)");
        assert_eq!(escape("一\r\n二"), "一<br>二");
        assert_eq!(escape_line("# x"), "\\# x");
        assert_eq!(escape_line("12. x"), "12\\. x");
        assert_eq!(escape_line("12 x - y"), "12 x - y");
    }
}
