//! The parts of a document that are the same in `table` and `plain`: heading, facts, notes, definition.

use super::{DEFINITION, DrawOptions, NOTHING, is_list, text};
use crate::record::{Lang, Words};
use crate::sheet::{Document, Sheet};

/// Returns the document as text for a screen, with each sheet's rows drawn by `draw_rows`.
pub fn draw_page(document: &Document, options: &DrawOptions, draw_rows: fn(&Sheet, &DrawOptions) -> String) -> String {
    let heading = draw_heading(document, options);
    let sheets = document.sheets.iter().map(|sheet| draw_section(sheet, options, draw_rows, is_list(document)));
    let definition = draw_definition(document, options);
    let parts: Vec<String> =
        std::iter::once(heading).chain(sheets).chain([definition]).filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn draw_heading(document: &Document, options: &DrawOptions) -> String {
    let mut lines = String::new();
    push_title(&mut lines, &document.title, options);
    for fact in &document.facts {
        let (label, value) = (fact.label.get(options.lang), fact.value.display(options.lang));
        push_wrapped(&mut lines, "", &format!("{label}{}{value}", colon(options.lang)), options);
    }
    lines
}

fn draw_section(
    sheet: &Sheet,
    options: &DrawOptions,
    draw_rows: fn(&Sheet, &DrawOptions) -> String,
    bare: bool,
) -> String {
    let mut lines = String::new();
    push_title(&mut lines, &sheet.title, options);
    if sheet.rows.is_empty() && sheet.total.is_none() && !bare {
        push_wrapped(&mut lines, "", NOTHING.get(options.lang), options);
    } else {
        lines.push_str(&draw_rows(sheet, options));
    }
    for note in &sheet.notes {
        push_wrapped(&mut lines, "", note.get(options.lang), options);
    }
    lines
}

fn draw_definition(document: &Document, options: &DrawOptions) -> String {
    let mut lines = String::new();
    if !document.definition.is_empty() {
        push_title(&mut lines, &DEFINITION.into(), options);
        for one in &document.definition {
            push_wrapped(&mut lines, "- ", one.get(options.lang), options);
        }
    }
    lines
}

fn push_title(lines: &mut String, title: &Words, options: &DrawOptions) {
    let title = title.get(options.lang);
    if !title.is_empty() {
        lines.push_str(&bold(&text::clean(title), options));
        lines.push('\n');
    }
}

fn push_wrapped(lines: &mut String, mark: &str, words: &str, options: &DrawOptions) {
    let words = text::clean(words);
    let wrapped = match options.width {
        Some(width) => text::wrap(&words, width.saturating_sub(mark.len())),
        None => vec![words.into_owned()],
    };
    for (at, line) in wrapped.iter().enumerate() {
        let lead = if at == 0 { mark.to_string() } else { " ".repeat(mark.len()) };
        lines.push_str(&format!("{lead}{line}\n"));
    }
}

/// Returns `text` in bold where escape sequences are wanted.
pub fn bold(text: &str, options: &DrawOptions) -> String {
    if options.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_string() }
}

/// Returns the mark between a label and its value.
pub fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ": ",
        Lang::Zh => "：",
    }
}
