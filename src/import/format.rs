//! The formats that can be read: one list, and what a file is by its content.

use super::table::Grid;
use super::{Input, ReadOptions, archive, delimited, json, markdown, workbook};
use crate::record::{Failure, Result};
use crate::words;

/// A format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text with columns parted by `,` `;` tab or `|`.
    Csv,
    /// Excel 2007 and later.
    Xlsx,
    /// Excel 97–2003.
    Xls,
    /// Excel, binary.
    Xlsb,
    /// OpenDocument.
    Ods,
    /// A JSON array of objects, or an object that holds one.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Text under fields in TOML: one row.
    Markdown,
}

type Read = fn(&Input<'_>, &ReadOptions) -> Result<Grid>;

/// Every format: its name, the endings of its files, and its reader. A new format is a file and a line here.
static FORMATS: [(Format, &str, &[&str], Read); 8] = [
    (Format::Csv, "csv", &["csv", "tsv", "tab", "txt", "psv"], delimited::read),
    (Format::Xlsx, "xlsx", &["xlsx", "xlsm", "xltx", "xltm"], workbook::read_xlsx),
    (Format::Xls, "xls", &["xls", "xlt", "et"], workbook::read_xls),
    (Format::Xlsb, "xlsb", &["xlsb"], workbook::read_xlsb),
    (Format::Ods, "ods", &["ods", "ots"], workbook::read_ods),
    (Format::Json, "json", &["json"], json::read),
    (Format::Jsonl, "jsonl", &["jsonl", "ndjson"], json::read_lines),
    (Format::Markdown, "markdown", &["md", "markdown"], markdown::read),
];

/// Content that is met under the names of tables, by its first bytes.
const NO_TABLES: [(&[u8], &str); 9] = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rtf", "RTF"),
    (b"MIME-Version:", "MHTML"),
    (b"SQLite format 3\0", "SQLite"),
];

/// Returns what sort of page the content is: web systems call such pages `.xls`, and spreadsheet programs open them.
fn markup(bytes: &[u8]) -> Option<&'static str> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048))?).replace('\0', "").to_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{fffd}'));
    if !head.starts_with('<') {
        return None;
    }
    let tags = ["<!doctype html", "<html", "<head", "<meta", "<table", "<body", "<style", "<div"];
    if head.starts_with("<?xml") && !head.contains("<html") {
        return Some("XML");
    }
    tags.iter().any(|tag| head.starts_with(tag) || head.contains("<html")).then_some("HTML")
}

impl Format {
    /// Returns the name of the format, as typed: `xlsx`.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("csv", |(_, name, ..)| name)
    }

    /// Returns the format a name or the ending of a file's name stands for.
    pub fn find(name: &str) -> Option<Format> {
        let name = name.trim_start_matches('.').to_ascii_lowercase();
        FORMATS.iter().find(|(_, _, endings, _)| endings.contains(&name.as_str())).map(|(format, ..)| *format)
    }

    /// Tells whether files of the format are workbooks of sheets.
    pub fn is_workbook(self) -> bool {
        matches!(self, Format::Xlsx | Format::Xls | Format::Xlsb | Format::Ods)
    }

    /// Returns the names of all formats, for help and messages.
    pub fn names() -> Vec<&'static str> {
        FORMATS.iter().map(|(_, name, ..)| *name).collect()
    }

    /// Returns the format the ending of a file's name claims.
    pub fn claimed(file: &str) -> Option<Format> {
        Format::find(file.rsplit_once('.')?.1)
    }

    /// Returns what the content shows, `claimed` deciding only between formats that look alike.
    ///
    /// Fails for content that is recognised as something kehu cannot read.
    pub(super) fn detect(bytes: &[u8], claimed: Option<Format>) -> Result<Format> {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return archive::workbook_format(bytes);
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
            return Ok(Format::Xls);
        }
        if let Some((_, what)) = NO_TABLES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Err(Failure::failed(words!("the content is {what}, not a table", "内容是 {what}，不是表格")));
        }
        if let Some(what) = markup(bytes) {
            return Err(Failure::failed(words!("the content is {what}, not a workbook", "内容是 {what}，不是工作簿"))
                .hint(words!(
                    "open it in a spreadsheet program and save it again as xlsx or csv",
                    "请用表格软件打开后另存为 xlsx 或 csv"
                )));
        }
        // Any text may be Markdown, so the ending says it.
        if claimed == Some(Format::Markdown) {
            return Ok(Format::Markdown);
        }
        Ok(json::looks_like(bytes, claimed).unwrap_or(Format::Csv))
    }

    pub(super) fn read(self, input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
        match FORMATS.iter().find(|(format, ..)| *format == self) {
            Some((_, _, _, read)) => read(input, options),
            None => Ok(Grid::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_wins_over_the_name() {
        let detect = |bytes: &[u8], name: &str| Format::detect(bytes, Format::claimed(name)).ok();
        assert_eq!(detect(b"[{\"a\":1}]", "x.csv"), Some(Format::Json));
        assert_eq!(detect(b"{\"a\":1}\n{\"a\":2}\n", "x.json"), Some(Format::Jsonl));
        assert_eq!(detect(b"a,b\n1,2\n", "x.xlsx"), Some(Format::Csv));
        assert_eq!(detect(b"[a],b\n1,2\n", "x.csv"), Some(Format::Csv));
        assert_eq!(detect(b"%PDF-1.7", "x.csv"), None);
        assert_eq!(detect(b"\xef\xbb\xbf\r\n<HTML xmlns:x=\"urn:x\"><body>", "x.xls"), None);
        assert_eq!(detect(b"<?xml version=\"1.0\"?><Workbook>", "x.xls"), None);
        assert_eq!(detect(b"<5 staff,b\n1,2\n", "x.csv"), Some(Format::Csv));
        assert_eq!(detect(b"[a](b)", "x.md"), Some(Format::Markdown));
        assert_eq!(detect(b"+++\n+++\n", "x.csv"), Some(Format::Csv));
        assert_eq!(detect(b"", "x.csv"), Some(Format::Csv));
    }

    #[test]
    fn names_and_endings() {
        assert_eq!(Format::claimed("客户.XLSM"), Some(Format::Xlsx));
        assert_eq!(Format::claimed("a.doc"), None);
        for name in Format::names() {
            assert_eq!(Format::find(name).map(Format::name), Some(name));
        }
    }
}
