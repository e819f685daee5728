//! A look into a zip archive before a reader is trusted with it.
//!
//! Some thousand bytes can unpack to any size, and calamine believes what a workbook says of itself: it reserves
//! room for as many shared strings as are claimed, and keeps them all, as it keeps each event of the XML as a
//! whole. So every part is unpacked once, to nowhere, and counted; what would not fit into memory is refused.

use super::Format;
use super::guard::{Budget, MAX_TEXT, damaged, encrypted, too_large};
use crate::record::{Failure, Result};
use crate::words;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::io::{BufReader, Cursor, Write};
use zip::ZipArchive;
use zip::result::ZipError;

/// The most parts an archive may have; a large workbook has some hundred.
const MAX_PARTS: usize = 10_000;
/// The most bytes all parts may unpack to.
const MAX_UNPACKED: u64 = 256 << 20;
/// What a tag may become in memory where cells are kept, four tags to a string.
const STRING_TAG: usize = 16;
/// What a tag may become elsewhere: a sheet, a style, a defined name.
const TAG: usize = 64;

/// Returns which workbook a zip archive holds.
pub(super) fn workbook_format(bytes: &[u8]) -> Result<Format> {
    let zip = open(bytes)?;
    let names: Vec<String> = zip.file_names().filter_map(std::result::Result::ok).map(|name| plain(&name)).collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    if has("xl/workbook.bin") {
        Ok(Format::Xlsb)
    } else if has("[content_types].xml") && names.iter().any(|n| n.ends_with("/workbook.xml"))
        || names.iter().any(|n| n.starts_with("xl/"))
    {
        Ok(Format::Xlsx)
    } else if has("content.xml") {
        Ok(Format::Ods)
    } else if names.iter().any(|n| n.starts_with("word/") || n.starts_with("ppt/")) {
        Err(Failure::failed(words!("the file is a document, not a workbook", "文件是文档，不是工作簿")))
    } else {
        Err(Failure::failed(words!("a zip archive that is no workbook", "是 zip 压缩包，不是工作簿"))
            .hint(words!("unpack it and import the tables inside", "请解压后导入其中的表格")))
    }
}

/// Fails when an archive is encrypted, damaged, or unpacks to more than memory should hold.
pub(super) fn inspect(bytes: &[u8]) -> Result<()> {
    let mut zip = open(bytes)?;
    let claims = (0..zip.len()).map(|at| zip.by_index_raw(at).map_or(0, |part| part.size()));
    if claims.fold(0, u64::saturating_add) > MAX_UNPACKED {
        return Err(too_large());
    }
    let mut budget = Budget::default();
    for at in 0..zip.len() {
        inspect_part(&mut zip, at, &mut budget)?;
    }
    Ok(())
}

/// Unpacks a part to nowhere.
fn inspect_part(zip: &mut ZipArchive<Cursor<&[u8]>>, at: usize, budget: &mut Budget) -> Result<()> {
    let mut part = zip.by_index(at).map_err(|error| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => encrypted(),
        error => damaged(error),
    })?;
    let name = part.name().map(|name| plain(&name)).unwrap_or_default();
    // What is no text, pictures for the most part, may be long without a tag.
    let mut tally = Tally { is_xml: name.ends_with(".xml") || name.ends_with(".rels"), ..Tally::default() };
    // It fails when there is more than the part claims, of which the sum was looked at.
    let size = std::io::copy(&mut part, &mut tally).map_err(damaged)?;
    drop(part);
    if tally.longest > MAX_TEXT {
        return Err(too_large());
    }
    // The cells of a sheet are paid for one by one when they are read.
    let is_strings = name.ends_with("sharedstrings.xml");
    if tally.is_xml && !name.contains("sheets/") && name != "content.xml" {
        budget.pay(size as usize + tally.tags * if is_strings { STRING_TAG } else { TAG })?;
    }
    if is_strings && claimed_strings(zip, at)? > tally.tags {
        return Err(damaged("more shared strings are claimed than there are"));
    }
    Ok(())
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>> {
    if bytes.windows(4).filter(|mark| mark == b"PK\x01\x02").take(MAX_PARTS + 1).count() > MAX_PARTS {
        return Err(too_large());
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(damaged)
}

/// Returns the name of a part as readers compare it.
fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace('\\', "/").trim_start_matches('/').to_string()
}

/// Returns how many strings a table of shared strings says it has.
fn claimed_strings(zip: &mut ZipArchive<Cursor<&[u8]>>, at: usize) -> Result<usize> {
    let part = zip.by_index(at).map_err(damaged)?;
    let (mut xml, mut buffer) = (Reader::from_reader(BufReader::new(part)), Vec::new());
    xml.config_mut().check_end_names = false;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "sst" => {
                let claim = e.attributes().flatten().find(|attribute| attribute.key.as_ref() == "uniqueCount");
                return Ok(claim.and_then(|claim| claim.value.trim().parse().ok()).unwrap_or(0));
            }
            Event::Eof => return Ok(0),
            _ => {}
        }
    }
}

/// Counts the tags of what is written to it, and the longest run without one; a comment and a section of
/// character data are one run, whatever they hold.
#[derive(Default)]
struct Tally {
    is_xml: bool,
    tags: usize,
    run: usize,
    longest: usize,
    /// The last bytes.
    last: u32,
    is_section: bool,
}

impl Tally {
    fn take(&mut self, byte: u8) {
        self.last = self.last << 8 | u32::from(byte);
        self.run += 1;
        match (self.last & 0xff_ffff).to_be_bytes() {
            [_, b'<', b'!', b'[' | b'-'] => self.is_section = true,
            [_, b']', b']', b'>'] | [_, b'-', b'-', b'>'] => self.is_section = false,
            [.., b'<'] if !self.is_section => (self.tags, self.run) = (self.tags + 1, 0),
            _ => {}
        }
        self.longest = self.longest.max(self.run);
    }
}

impl Write for Tally {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.is_xml {
            bytes.iter().for_each(|byte| self.take(*byte));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
