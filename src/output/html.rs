//! `html`: one page that needs nothing else, made to be mailed and printed. No script, no link.

use super::{DEFINITION, DrawOptions, Format, NOTHING, cells, is_list, text};
use crate::record::{Label, Lang};
use crate::sheet::{Cell, Document, Sheet};
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "html",
    extensions: &["html", "htm"],
    binary: false,
    about: Label::new("one page to mail or print", "可邮件发送或打印的单个网页"),
    draw_document: draw,
};

const STYLE: &str = "\
body{font:15px/1.5 system-ui,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif;margin:2em auto;\
max-width:75em;padding:0 1em;color:#222;background:#fff}\
h1{font-size:1.5em}h2{font-size:1.15em;margin:1.6em 0 .4em}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em;margin:0}dt{color:#555}dd{margin:0}\
table{border-collapse:collapse}th,td{padding:.25em .7em;border-bottom:1px solid #ccc;text-align:left;\
vertical-align:top;white-space:pre-line}\
thead th{border-bottom:2px solid #222}tfoot td{border-top:2px solid #222;font-weight:bold}\
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.note,.definition{color:#555;font-size:.9em}\
@media print{body{margin:0;max-width:none;font-size:11px}thead{display:table-header-group}tr{break-inside:avoid}\
h2{break-after:avoid}}";

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    let lang = match options.lang {
        Lang::En => "en",
        Lang::Zh => "zh-CN",
    };
    let sheet = document.sheets.first();
    let titles = [document.title.get(options.lang), sheet.map_or("", |sheet| sheet.title.get(options.lang))];
    let keys = [document.name.as_str(), sheet.map_or("", |sheet| &sheet.key)];
    let title = escape(titles.into_iter().chain(keys).find(|title| !title.is_empty()).unwrap_or("kehu"));
    let mut body = String::new();
    push_heading(&mut body, document, options);
    for sheet in &document.sheets {
        push_sheet(&mut body, sheet, options, is_list(document));
    }
    push_definition(&mut body, document, options);
    write!(
        out,
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn push_heading(body: &mut String, document: &Document, options: &DrawOptions) {
    push_element(body, "h1", document.title.get(options.lang));
    if !document.facts.is_empty() {
        body.push_str("<dl>\n");
        for fact in &document.facts {
            let (label, value) = (fact.label.get(options.lang), fact.value.display(options.lang));
            body.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", escape(label), escape(&value)));
        }
        body.push_str("</dl>\n");
    }
}

fn push_sheet(body: &mut String, sheet: &Sheet, options: &DrawOptions, bare: bool) {
    push_element(body, "h2", sheet.title.get(options.lang));
    if sheet.rows.is_empty() && sheet.total.is_none() && !bare {
        push_element(body, "p", NOTHING.get(options.lang));
    } else {
        let header: String =
            sheet.columns.iter().map(|c| cell("th", c.label.get(options.lang), c.ty.is_number())).collect();
        let rows: String = sheet.rows.iter().map(|row| draw_row(sheet, row, options)).collect();
        body.push_str(&format!("<table>\n<thead>\n<tr>{header}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n"));
        if let Some(total) = &sheet.total {
            body.push_str(&format!("<tfoot>\n{}</tfoot>\n", draw_row(sheet, total, options)));
        }
        body.push_str("</table>\n");
    }
    for note in &sheet.notes {
        body.push_str(&format!("<p class=\"note\">{}</p>\n", escape(note.get(options.lang))));
    }
}

fn draw_row(sheet: &Sheet, row: &[Cell], options: &DrawOptions) -> String {
    let drawn = sheet.columns.iter().zip(cells(sheet, row));
    let drawn: String =
        drawn.map(|(column, one)| cell("td", &one.display(options.lang), column.ty.is_number())).collect();
    format!("<tr>{drawn}</tr>\n")
}

fn cell(element: &str, data: &str, right: bool) -> String {
    let class = if right { " class=\"n\"" } else { "" };
    format!("<{element}{class}>{}</{element}>", escape(data))
}

fn push_definition(body: &mut String, document: &Document, options: &DrawOptions) {
    if document.definition.is_empty() {
        return;
    }
    push_element(body, "h2", DEFINITION.get(options.lang));
    let lines = document.definition.iter().map(|one| format!("<li>{}</li>\n", escape(one.get(options.lang))));
    body.push_str(&format!("<ul class=\"definition\">\n{}</ul>\n", lines.collect::<String>()));
}

fn push_element(body: &mut String, element: &str, words: &str) {
    if !words.is_empty() {
        body.push_str(&format!("<{element}>{}</{element}>\n", escape(words)));
    }
}

fn escape(data: &str) -> String {
    let mut escaped = String::new();
    for c in text::clean(data).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '⏎' => escaped.push('\n'),
            _ => escaped.push(c),
        }
    }
    escaped
}
