//! A document in Markdown as a Word file: headings, paragraphs, lists, tables, bold, italic.
//!
//! For those who have no Word template of their own; it looks plain, and every part of it may be restyled in Word.
//!
//! *Absent on purpose:* pictures, notes, links that lead somewhere: their text stays.

use super::super::html::MARKDOWN;
use crate::record::{Failure, Lang, Result};
use crate::words;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/word/document.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
    <Override PartName=\"/word/styles.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/></Types>";

const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"word/document.xml\"/></Relationships>";

const OWN_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>\
    </Relationships>";

const NAMESPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

/// The size of the page, A4, and its margins, in twentieths of a point.
const SECTION: &str = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1440\" \
    w:bottom=\"1440\" w:left=\"1440\" w:header=\"851\" w:footer=\"992\" w:gutter=\"0\"/></w:sectPr>";

/// What a table looks like: a line around every cell.
const TABLE: &str = "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>\
    <w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/><w:bottom w:val=\"single\" w:sz=\"4\"/>\
    <w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/>\
    <w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders></w:tblPr>";

/// Returns the Word file.
pub fn compose(markdown: &str, lang: Lang) -> Result<Vec<u8>> {
    let mut writer = Writer::default();
    Parser::new_ext(markdown, MARKDOWN).for_each(|event| writer.take(event));
    writer.end_paragraph();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document {NAMESPACE}><w:body>{}{SECTION}\
         </w:body></w:document>",
        writer.xml
    );
    let parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", &document),
        ("word/styles.xml", &styles(lang)),
        ("word/_rels/document.xml.rels", OWN_RELATIONS),
    ];
    pack(&parts).map_err(|error| {
        Failure::failed(words!("the Word file could not be made: {error}", "无法生成 Word 文件：{error}"))
    })
}

fn pack(parts: &[(&str, &str)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, content) in parts {
        zip.start_file(*name, options)?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn styles(lang: Lang) -> String {
    let tag = match lang {
        Lang::En => "en-US",
        Lang::Zh => "zh-CN",
    };
    let heading = |level: usize, size: usize, center: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{level}\"><w:name w:val=\"heading {level}\"/>\
             <w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/>\
             <w:spacing w:before=\"240\" w:after=\"120\"/>{center}<w:outlineLvl w:val=\"{}\"/></w:pPr>\
             <w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr></w:style>",
            level - 1
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles {NAMESPACE}><w:docDefaults>\
         <w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"SimSun\"/>\
         <w:sz w:val=\"24\"/><w:lang w:val=\"en-US\" w:eastAsia=\"{tag}\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>\
         <w:spacing w:after=\"120\" w:line=\"360\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>\
         </w:style>{}{}{}</w:styles>",
        heading(1, 36, "<w:jc w:val=\"center\"/>"),
        heading(2, 28, ""),
        heading(3, 24, "")
    )
}

/// Turns what Markdown says into paragraphs and tables.
#[derive(Default)]
struct Writer {
    xml: String,
    /// The runs of the paragraph that is open.
    runs: String,
    /// What its paragraph properties are.
    style: String,
    bold: usize,
    italic: usize,
    /// The lists that are open: the number of the next item, none where they are not numbered.
    lists: Vec<Option<u64>>,
    in_head: bool,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => self.run(&text),
            Event::SoftBreak => self.run(" "),
            Event::HardBreak => self.runs.push_str("<w:r><w:br/></w:r>"),
            Event::Rule => {
                self.end_paragraph();
                self.xml.push_str("<w:p><w:pPr><w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\"/></w:pBdr></w:pPr></w:p>");
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                let level = match level {
                    HeadingLevel::H1 => 1,
                    HeadingLevel::H2 => 2,
                    _ => 3,
                };
                self.style = format!("<w:pStyle w:val=\"Heading{level}\"/>");
            }
            Tag::List(first) => {
                self.end_paragraph();
                self.lists.push(*first);
            }
            Tag::Item => self.start_item(),
            Tag::BlockQuote(_) => self.style = "<w:ind w:left=\"420\"/>".to_string(),
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Table(_) => {
                self.end_paragraph();
                self.xml.push_str(TABLE);
            }
            Tag::TableHead => {
                self.in_head = true;
                self.xml.push_str("<w:tr><w:trPr><w:tblHeader/></w:trPr>");
            }
            Tag::TableRow => self.xml.push_str("<w:tr>"),
            Tag::TableCell => self.xml.push_str("<w:tc><w:tcPr/>"),
            _ => {}
        }
    }

    /// Begins an item of a list with its number, or a dot.
    fn start_item(&mut self) {
        self.end_paragraph();
        self.indent();
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_string(),
        };
        self.run(&mark);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                self.end_paragraph();
            }
            TagEnd::List(_) => _ = self.lists.pop(),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::TableCell => {
                // A cell without a paragraph is no cell.
                self.style.push(' ');
                self.end_paragraph();
                self.xml.push_str("</w:tc>");
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.xml.push_str("</w:tr>");
            }
            TagEnd::TableRow => self.xml.push_str("</w:tr>"),
            // Two tables that touch would be one.
            TagEnd::Table => self.xml.push_str("</w:tbl><w:p/>"),
            _ => {}
        }
    }

    fn indent(&mut self) {
        self.style = format!("<w:ind w:left=\"{}\"/>", 420 * self.lists.len());
    }

    fn run(&mut self, text: &str) {
        let is_bold = self.bold > 0 || self.in_head;
        let bold = if is_bold { "<w:b/>" } else { "" };
        let italic = if self.italic > 0 { "<w:i/>" } else { "" };
        let text = super::part::escape(text);
        self.runs
            .push_str(&format!("<w:r><w:rPr>{bold}{italic}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>"));
    }

    /// Ends the paragraph that is open, if one is.
    fn end_paragraph(&mut self) {
        let (runs, style) = (std::mem::take(&mut self.runs), std::mem::take(&mut self.style));
        if runs.is_empty() && style.is_empty() {
            return;
        }
        let style = style.trim();
        let properties = if style.is_empty() { String::new() } else { format!("<w:pPr>{style}</w:pPr>") };
        self.xml.push_str(&format!("<w:p>{properties}{runs}</w:p>"));
    }
}
