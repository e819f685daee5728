//! The parts of a Word file: those with text are made anew, the others copied as they are, packed as they were.

use crate::record::{Failure, Result, Words};
use crate::words;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// The most parts; a long document with many pictures has some hundred.
const MAX_PARTS: usize = 10_000;
/// The most bytes a part with text may unpack to, and all of them together; a thousand pages have some 10 MB.
const MAX_UNPACKED: u64 = 64 << 20;
/// How a file begins that is protected by a password, or of the format before 2007.
const OLE: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// Rewrites each part with text by `edit`, which gets its name and its XML; returns the new file.
pub(super) fn rewrite(name: &str, bytes: &[u8], edit: &mut dyn FnMut(&str, &str) -> Result<String>) -> Result<Vec<u8>> {
    if bytes.starts_with(&OLE) {
        return Err(unfit(
            name,
            &words!("it has a password, or is of Word before 2007", "有密码保护，或是 2007 版之前的格式"),
        ));
    }
    let is_entry = |mark: &&[u8]| *mark == b"PK\x01\x02";
    if bytes.windows(4).filter(is_entry).take(MAX_PARTS + 1).count() > MAX_PARTS {
        return Err(too_large(name));
    }
    let mut from = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(name, &error))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    let (mut left, mut has_text) = (MAX_UNPACKED, false);
    for at in 0..from.len() {
        let part = {
            let raw = from.by_index_raw(at).map_err(|error| damaged(name, &error))?;
            raw.name().map(|name| name.into_owned()).unwrap_or_default()
        };
        if !is_text(&part) {
            let raw = from.by_index_raw(at).map_err(|error| damaged(name, &error))?;
            to.raw_copy_file(raw).map_err(|error| damaged(name, &error))?;
            continue;
        }
        has_text |= part.starts_with("word/document");
        let xml = read(name, &mut from, at, &mut left)?;
        let edited = edit(&part, &xml)?;
        // Of a fixed time, so that the same template and fields are the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        to.start_file(part, options).map_err(|error| damaged(name, &error))?;
        to.write_all(edited.as_bytes()).map_err(|error| damaged(name, &error))?;
    }
    if !has_text {
        return Err(unfit(name, &words!("it has no part `word/document.xml`", "其中没有 `word/document.xml`")));
    }
    Ok(to.finish().map_err(|error| damaged(name, &error))?.into_inner())
}

/// Tells whether a part holds text: the document, headers, footers, notes.
fn is_text(part: &str) -> bool {
    let Some(file) = part.strip_prefix("word/").and_then(|file| file.strip_suffix(".xml")) else { return false };
    let stem = file.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(stem, "document" | "header" | "footer" | "footnotes" | "endnotes")
}

/// Unpacks a part, as far as that is left to all of them.
fn read(name: &str, from: &mut ZipArchive<Cursor<&[u8]>>, at: usize, left: &mut u64) -> Result<String> {
    let part = from.by_index(at).map_err(|error| damaged(name, &error))?;
    let mut bytes = Vec::new();
    part.take(*left + 1).read_to_end(&mut bytes).map_err(|error| damaged(name, &error))?;
    *left = left.checked_sub(bytes.len() as u64).ok_or_else(|| too_large(name))?;
    let text = String::from_utf8(bytes).map_err(|_| damaged(name, &"a part is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(String::from).unwrap_or(text))
}

fn unfit(name: &str, why: &Words) -> Failure {
    let place = words!("`{name}` is no Word file that could be filled in", "`{name}` 不是可以填写的 Word 文件");
    Failure::invalid(Words::join([&place, why], ": ", "："))
        .hint(words!("save it as docx without a password", "请另存为不带密码的 docx"))
}

fn too_large(name: &str) -> Failure {
    Failure::invalid(words!("`{name}` unpacks to more than 64 MB of text", "`{name}` 解压后的文字超过 64 MB"))
}

/// Makes the failure of a file that cannot be read; `why` is the reader's own word.
pub(super) fn damaged(name: &str, why: &dyn std::fmt::Display) -> Failure {
    let why = why.to_string().replace(['\n', '\r'], " ");
    Failure::invalid(words!("`{name}` is damaged or no Word file ({why})", "`{name}` 已损坏或不是 Word 文件（{why}）"))
        .hint(words!("open it in Word and save it again as docx", "请用 Word 打开后另存为 docx"))
}
