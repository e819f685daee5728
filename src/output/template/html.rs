//! A document in Markdown as one page of HTML, to be mailed and printed.

use crate::record::Lang;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

const STYLE: &str = "\
body{font:16px/1.7 \"Songti SC\",SimSun,\"Noto Serif CJK SC\",serif;margin:2em auto;max-width:45em;padding:0 1em;\
color:#111;background:#fff}\
h1{text-align:center;font-size:1.6em}h2{font-size:1.15em}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #444;padding:.3em .6em;text-align:left}\
@media print{body{margin:0;max-width:none;font-size:12pt}h2{break-after:avoid}tr{break-inside:avoid}}";

/// What of Markdown documents use.
pub(super) const MARKDOWN: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

/// Returns the page; its title is the first heading.
pub fn page(markdown: &str, lang: Lang) -> String {
    let lang = match lang {
        Lang::En => "en",
        Lang::Zh => "zh-CN",
    };
    let mut title = String::new();
    push_escaped(&mut title, &first_heading(markdown));
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(markdown, MARKDOWN));
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn push_escaped(into: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            _ => into.push(c),
        }
    }
}

fn first_heading(markdown: &str) -> String {
    let mut events = Parser::new_ext(markdown, MARKDOWN);
    let begins = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { .. }));
    if !events.by_ref().any(|event| begins(&event)) {
        return "kehu".to_string();
    }
    let inside = events.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let text = |event: Event<'_>| match event {
        Event::Text(text) | Event::Code(text) => Some(text.to_string()),
        _ => None,
    };
    inside.filter_map(text).collect()
}
