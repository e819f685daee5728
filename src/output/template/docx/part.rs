//! One part of a Word file: its texts, the tags in them, and the part made anew.
//!
//! Word splits a text over runs wherever it likes: at a spelling mark, where somebody paused. So the texts of a paragraph
//! are read as one, and a tag that spans several is put into the first, whose formatting it then has.

use super::super::Filled;
use super::super::engine::{Engine, Source};
use super::super::value::Thing;
use super::archive::damaged;
use crate::record::{Failure, Label, Lang, Result};
use crate::words;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::collections::BTreeMap;
use std::ops::Range;

/// What the lines of the text that the engine sees are called: each holds one paragraph.
const PARAGRAPH: Label = Label::new("paragraph", "段");

/// Marks that open a tag, with those that close it.
const TAGS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

/// A text element: `<w:t>` with what is in it.
struct Text {
    /// The start tag, and what stands between it and the end tag.
    open: Range<usize>,
    content: Range<usize>,
    paragraph: Option<usize>,
    row: Option<usize>,
    /// What it is to hold.
    pieces: Vec<Piece>,
    is_changed: bool,
}

impl Text {
    /// Returns a text that ends where its end tag begins, in a paragraph and a row.
    fn new(open: Range<usize>, end: usize, [paragraph, row]: [Option<usize>; 2]) -> Text {
        let content = open.end..end;
        Text { open, content, paragraph, row, pieces: Vec::new(), is_changed: false }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Plain(String),
    Tag(String),
}

/// What a part is made of, by its bytes.
#[derive(Default)]
struct Outline {
    texts: Vec<Text>,
    paragraphs: Vec<Range<usize>>,
    rows: Vec<Range<usize>>,
}

impl Outline {
    /// Returns the places of the texts in each element that `of` tells of them.
    fn by(&self, of: fn(&Text) -> Option<usize>) -> BTreeMap<usize, Vec<usize>> {
        let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, text) in self.texts.iter().enumerate() {
            of(text).into_iter().for_each(|element| places.entry(element).or_default().push(at));
        }
        places
    }
}

/// Fills a part in.
pub(super) fn fill(name: &str, xml: &str, fields: &Thing, lang: Lang) -> Result<Filled> {
    let mut outline = outline(name, xml)?;
    for (paragraph, places) in outline.by(|text| text.paragraph) {
        join(&mut outline.texts, &places, xml).map_err(|failure| {
            let number = paragraph + 1;
            failure.within(words!("`{name}` paragraph {number}", "`{name}` 第 {number} 段"))
        })?;
    }
    if outline.texts.iter().all(|text| !text.is_changed) {
        return Ok(Filled { text: xml.to_string(), blanks: Vec::new() });
    }
    let edits = edits(&mut outline);
    let (template, chunks) = template(xml, &edits, &outline.paragraphs);
    let engine = Engine::new(lang, escape).with_function("xml", move |at| chunks.get(at).cloned().unwrap_or_default());
    let filled = engine.fill(&Source { name, text: &template, place: PARAGRAPH, first: 0 }, fields)?;
    refuse_broken(name, &filled.text)?;
    Ok(filled)
}

/// Finds the texts, paragraphs and rows of a part.
fn outline(name: &str, xml: &str) -> Result<Outline> {
    let mut reader = Reader::from_str(xml);
    let (mut outline, mut paragraphs, mut rows) = (Outline::default(), Vec::new(), Vec::new());
    let mut open: Option<Range<usize>> = None;
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    loop {
        let start = place(reader.buffer_position());
        let event = reader.read_event().map_err(|error| damaged(name, &error))?;
        let end = place(reader.buffer_position());
        match event {
            Event::Start(tag) => match tag.name().as_ref() {
                "w:p" => {
                    paragraphs.push(outline.paragraphs.len());
                    outline.paragraphs.push(start..end);
                }
                "w:tr" => {
                    rows.push(outline.rows.len());
                    outline.rows.push(start..end);
                }
                "w:t" => open = Some(start..end),
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                "w:p" => paragraphs.pop().into_iter().for_each(|at| outline.paragraphs[at].end = end),
                "w:tr" => rows.pop().into_iter().for_each(|at| outline.rows[at].end = end),
                "w:t" => {
                    let within = [paragraphs.last(), rows.last()].map(|at| at.copied());
                    outline.texts.extend(open.take().map(|open| Text::new(open, start, within)));
                }
                _ => {}
            },
            Event::DocType(_) => return Err(damaged(name, &"a document type is declared")),
            Event::Eof => return Ok(outline),
            _ => {}
        }
    }
}

/// Puts each tag of a paragraph, whose texts are at these places, into the text it begins in.
fn join(texts: &mut [Text], places: &[usize], xml: &str) -> Result<()> {
    let read = |text: &Text| {
        let raw = &xml[text.content.clone()];
        unescape(raw).map_or_else(|_| raw.to_string(), |text| text.into_owned())
    };
    let each: Vec<String> = places.iter().map(|at| read(&texts[*at])).collect();
    let whole = each.concat();
    let mut tags = tags(&whole)?.into_iter().peekable();
    let mut start = 0;
    for (place, own) in places.iter().zip(&each) {
        let (text, end) = (&mut texts[*place], start + own.len());
        let mut at = start;
        while let Some(tag) = tags.peek().filter(|tag| tag.start < end) {
            if at < tag.start {
                text.pieces.push(Piece::Plain(whole[at..tag.start].to_string()));
            }
            if start <= tag.start {
                text.pieces.push(Piece::Tag(straight(&whole[tag.clone()])));
            }
            text.is_changed = true;
            at = tag.end.min(end);
            if tag.end > end {
                break;
            }
            tags.next();
        }
        if at < end {
            text.pieces.push(Piece::Plain(whole[at..end].to_string()));
        }
        start = end;
    }
    Ok(())
}

/// Finds the tags of a text; fails for one that does not close.
fn tags(text: &str) -> Result<Vec<Range<usize>>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some((start, close)) =
        TAGS.iter().filter_map(|(open, close)| Some((at + text[at..].find(open)?, *close))).min()
    {
        let Some(length) = text[start..].find(close) else {
            let shown = crate::record::input::shorten(&text[start..]);
            return Err(Failure::invalid(words!("the tag `{shown}` does not close", "标签 `{shown}` 没有结束"))
                .hint(words!("a tag begins and ends in one paragraph", "标签须在同一段落内开始和结束")));
        };
        at = start + length + close.len();
        found.push(start..at);
    }
    Ok(found)
}

/// Makes the quotes that Word bends straight again.
fn straight(tag: &str) -> String {
    tag.replace(['“', '”', '„'], "\"").replace(['‘', '’'], "'").replace('\u{a0}', " ")
}

/// What is to stand in the place of some bytes of the part.
enum Edit {
    /// A tag of the template.
    Tag(String),
    /// XML.
    Xml(String),
}

/// By the place they begin at, what is to stand there instead up to the place they end at.
type Edits = BTreeMap<usize, (usize, Vec<Edit>)>;

fn edits(outline: &mut Outline) -> Edits {
    let mut edits = Edits::new();
    let elements = [
        ("tr", outline.by(|text| text.row), &outline.rows),
        ("p", outline.by(|text| text.paragraph), &outline.paragraphs),
    ];
    for (mark, by, ranges) in elements {
        for (element, places) in by {
            let mut own = Vec::new();
            for place in places {
                outline.texts[place].pieces.retain(|piece| match piece {
                    Piece::Tag(tag) => taken(tag, mark).map(|tag| own.push(tag)).is_none(),
                    Piece::Plain(_) => true,
                });
            }
            enclose(&ranges[element], own, &mut edits);
        }
    }
    for text in outline.texts.iter_mut().filter(|text| text.is_changed) {
        let tag = Edit::Xml("<w:t xml:space=\"preserve\">".to_string());
        let pieces = std::mem::take(&mut text.pieces).into_iter().map(|piece| match piece {
            Piece::Plain(text) => Edit::Xml(escape(&text)),
            Piece::Tag(tag) => Edit::Tag(tag),
        });
        edits.insert(text.open.start, (text.content.end, std::iter::once(tag).chain(pieces).collect()));
    }
    edits
}

/// Returns `{%tr for … %}` as `{% for … %}`; nothing for a tag that is not about the element.
fn taken(tag: &str, mark: &str) -> Option<String> {
    let (sign, rest) = match tag.strip_prefix("{%-") {
        Some(rest) => ("{%-", rest),
        None => ("{%", tag.strip_prefix("{%")?),
    };
    let rest = rest.strip_prefix(mark).filter(|rest| rest.starts_with(char::is_whitespace))?;
    Some(format!("{sign}{rest}"))
}

/// Puts the tags about an element around it where they open and close there, and in its place where they do not.
fn enclose(range: &Range<usize>, tags: Vec<String>, edits: &mut Edits) {
    if tags.is_empty() {
        return;
    }
    let (closing, opening): (Vec<String>, Vec<String>) =
        tags.into_iter().partition(|tag| tag.trim_start_matches(['{', '%', '-', ' ']).starts_with("end"));
    let edit = |tags: Vec<String>| tags.into_iter().map(Edit::Tag).collect::<Vec<_>>();
    if opening.is_empty() || closing.is_empty() {
        let place = edits.entry(range.start).or_insert((range.start, Vec::new()));
        place.0 = range.end;
        place.1.extend(edit([opening, closing].concat()));
    } else {
        // Nothing is taken away: what opens stands before the element, what closes behind it.
        let before = edits.entry(range.start).or_insert((range.start, Vec::new()));
        before.1.extend(edit(opening));
        let after = edits.entry(range.end).or_insert((range.end, Vec::new()));
        after.1.splice(0..0, edit(closing));
    }
}

/// Returns the part as a template, in which XML stands as `{{ xml(3) }}`, and that XML.
///
/// So nothing in the XML is taken for a tag. Each paragraph begins a line, which tells where something is wrong.
fn template(xml: &str, edits: &Edits, paragraphs: &[Range<usize>]) -> (String, Vec<String>) {
    let (mut template, mut chunks, mut at) = (String::new(), Vec::new(), 0);
    let mut put = |xml: String, lines: usize, template: &mut String| {
        if !xml.is_empty() {
            template.push_str(&format!("{{{{ xml({}){} }}}}", chunks.len(), "\n".repeat(lines)));
            chunks.push(xml);
        }
    };
    let before = |place: usize| paragraphs.partition_point(|one| one.start < place);
    for (start, (end, all)) in edits {
        // What lies in an element that is taken out goes with it.
        if *start < at {
            continue;
        }
        put(xml[at..*start].to_string(), before(*start) - before(at), &mut template);
        for edit in all {
            match edit {
                Edit::Tag(tag) => template.push_str(tag),
                Edit::Xml(xml) => put(xml.clone(), 0, &mut template),
            }
        }
        at = *end;
    }
    put(xml[at..].to_string(), 0, &mut template);
    (template, chunks)
}

/// Returns a text as it may stand in `<w:t>`: lines and tabs are elements of their own.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' => escaped.push_str("</w:t><w:br/><w:t xml:space=\"preserve\">"),
            '\t' => escaped.push_str("</w:t><w:tab/><w:t xml:space=\"preserve\">"),
            // XML has no way to write them.
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Fails where tags left elements open: they opened in one and closed in another.
fn refuse_broken(name: &str, xml: &str) -> Result<()> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0_usize;
    loop {
        let is_sound = match reader.read_event() {
            Ok(Event::Start(_)) => {
                depth += 1;
                true
            }
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                true
            }
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) | Err(_) => false,
            Ok(_) => true,
        };
        if !is_sound {
            return Err(Failure::invalid(words!(
                "`{name}`: a loop or condition opens in one place and closes in another",
                "`{name}`：循环或条件的开始和结束不在同一层"
            ))
            .hint(words!(
                "over rows of a table write `{{%tr for …%}}` … `{{%tr endfor%}}`, over paragraphs `{{%p`",
                "跨表格行请写 `{{%tr for …%}}` … `{{%tr endfor%}}`，跨段落请写 `{{%p`"
            )));
        }
    }
}
