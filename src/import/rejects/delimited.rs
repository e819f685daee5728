//! Rejected rows as delimited text, with the delimiter and in the encoding of the input.

use super::{Rejected, unwritable};
use crate::record::Result;
use crate::sheet::formula::guard;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Writes the file; no cell of it is a formula to a spreadsheet.
pub fn file(rejected: &Rejected<'_>) -> Result<Vec<u8>> {
    let mark = rejected.table.delimiter.and_then(|mark| u8::try_from(mark).ok()).unwrap_or(b',');
    let mut writer = csv::WriterBuilder::new().delimiter(mark).from_writer(Vec::new());
    let columns = rejected.columns();
    let headings = rejected.headings(&columns);
    if let Some(line) = rejected.unit_line() {
        let blanks = std::iter::repeat_n(String::new(), headings.len() - 1);
        writer.write_record(std::iter::once(line).chain(blanks)).map_err(unwritable)?;
    }
    let headings = headings.iter().map(|text| guard(text).into_owned());
    writer.write_record(headings).map_err(unwritable)?;
    for (row, why) in &rejected.rows {
        let cells = columns.iter().map(|column| row.cell(*column).display().into_owned());
        let cells = cells.chain([rejected.number(row).to_string(), why.to_string()]);
        writer.write_record(cells.map(|text| guard(&text).into_owned())).map_err(unwritable)?;
    }
    let text = String::from_utf8(writer.into_inner().map_err(unwritable)?).map_err(unwritable)?;
    Ok(encode(&text, rejected.table.encoding))
}

/// Writes text in the encoding of the input, UTF-16 with its mark; what that cannot hold in GB18030 or UTF-8.
fn encode(text: &str, name: Option<&'static str>) -> Vec<u8> {
    let encoding = name.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(UTF_8);
    if encoding == UTF_16LE {
        return "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    }
    match encoding.encode(text) {
        (bytes, _, false) => bytes.into_owned(),
        _ => format!("\u{feff}{text}").into_bytes(),
    }
}
