//! Makes good files of every format by hand, and harms them: the same seed, the same harm.

#![allow(dead_code)] // Each test file uses its own part of it.

use std::io::{Cursor, Read, Write};

/// A table of three leads, of which the rows are counted.
pub const LEADS: &str = "公司名称,联系人,手机,地区,来源,获取日期\n\
    甲公司,王某,13800138001,上海,展会,2026-03-01\n\
    \"乙,公司\",李某,13800138002,杭州,展会,2026-03-02\n\
    丙公司,张某,13800138003,北京,展会,2026-03-03\n";

/// A part of an archive: its name and its content.
pub type Part = (String, Vec<u8>);

/// Packs parts into an archive.
pub fn zip(parts: &[Part]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Unpacks an archive.
pub fn unzip(bytes: &[u8]) -> Vec<Part> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = zip.len();
    let part = |at| {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(part).collect()
}

/// Returns the parts with one replaced or added.
pub fn with(mut parts: Vec<Part>, name: &str, content: impl Into<Vec<u8>>) -> Vec<Part> {
    parts.retain(|(other, _)| other != name);
    parts.push((name.to_string(), content.into()));
    parts
}

/// Returns the parts without one.
pub fn without(mut parts: Vec<Part>, name: &str) -> Vec<Part> {
    parts.retain(|(other, _)| other != name);
    parts
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// Returns the workbook part that names these sheets, each with its state.
pub fn workbook_xml(sheets: &[(&str, &str)]) -> String {
    let sheets = (1..).zip(sheets);
    let sheets: String = sheets
        .map(|(at, (name, state))| {
            format!("<sheet name=\"{name}\" sheetId=\"{at}\" state=\"{state}\" r:id=\"rId{at}\"/>")
        })
        .collect();
    format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{sheets}</sheets></workbook>")
}

/// Returns a part of relations to targets, numbered from 1.
pub fn relations_xml(kind: &str, targets: &[&str]) -> String {
    let one = |(at, target): (usize, &&str)| {
        format!("<Relationship Id=\"rId{at}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let all: String = (1..).zip(targets).map(one).collect();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
    )
}

/// Returns the parts of a workbook whose one sheet has this XML between its outermost tags.
pub fn xlsx_parts(sheet: &str) -> Vec<Part> {
    let part = |name: &str, text: String| (name.to_string(), text.into_bytes());
    vec![
        part("[Content_Types].xml", "<Types/>".into()),
        part("_rels/.rels", relations_xml("officeDocument", &["xl/workbook.xml"])),
        part("xl/workbook.xml", workbook_xml(&[("线索", "visible")])),
        part("xl/_rels/workbook.xml.rels", relations_xml("worksheet", &["worksheets/sheet1.xml"])),
        part("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{MAIN}\">{sheet}</worksheet>")),
    ]
}

/// Returns the XML of a row of texts.
pub fn xml_row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

/// Returns the headings and rows of [`LEADS`] as sheet data, with more rows after them.
pub fn leads_xml(more: &str) -> String {
    let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(LEADS.as_bytes()).into_records();
    let row = |(number, record): (usize, csv::Result<csv::StringRecord>)| {
        xml_row(number, &record.unwrap().iter().collect::<Vec<_>>())
    };
    format!("<sheetData>{}{more}</sheetData>", (1..).zip(rows).map(row).collect::<String>())
}

/// Returns a good xlsx.
pub fn xlsx() -> Vec<u8> {
    zip(&xlsx_parts(&leads_xml("")))
}

/// Returns an ods whose one table has these rows.
pub fn ods(rows: &str) -> Vec<u8> {
    let part = |name: &str, text: &str| (name.to_string(), text.as_bytes().to_vec());
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
         <table:table table:name=\"线索\">{rows}</table:table></office:body></office:document-content>"
    );
    zip(&[
        part("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        part("META-INF/manifest.xml", "<manifest/>"),
        part("content.xml", &content),
    ])
}

/// Returns the rows of [`LEADS`] as those of an ods.
pub fn ods_rows() -> String {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(LEADS.as_bytes());
    let rows = reader.records().map(|record| record.unwrap().iter().map(cell).collect::<String>());
    rows.map(|cells| format!("<table:table-row>{cells}</table:table-row>")).collect()
}

/// Makes an OLE file of streams, each in sectors of its own.
pub fn ole(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    let mut header = vec![0u8; 512];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    put(44, &1u32.to_le_bytes());
    put(48, &1u32.to_le_bytes());
    put(56, &4096u32.to_le_bytes());
    put(60, &END.to_le_bytes());
    put(68, &END.to_le_bytes());
    (76..512).step_by(4).for_each(|at| put(at, &0xffff_ffffu32.to_le_bytes()));
    put(76, &0u32.to_le_bytes());
    let mut table = vec![0xffff_fffdu32, END];
    let mut directory = vec![entry("Root Entry", 5, END, 0)];
    let mut data = Vec::new();
    for (name, bytes) in streams {
        let sectors = bytes.len().max(4096).div_ceil(512);
        let start = table.len();
        directory.push(entry(name, 2, start as u32, sectors * 512));
        table.extend((1..=sectors).map(|n| if n == sectors { END } else { (start + n) as u32 }));
        data.extend_from_slice(bytes);
        data.resize((start + sectors - 2) * 512, 0);
    }
    table.resize(128, 0xffff_ffff);
    let mut directory = directory.concat();
    directory.resize(512, 0);
    [header, table.into_iter().flat_map(u32::to_le_bytes).collect(), directory, data].concat()
}

fn entry(name: &str, kind: u8, start: u32, length: usize) -> Vec<u8> {
    let mut entry = vec![0u8; 128];
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    entry[..units.len()].copy_from_slice(&units);
    entry[64..66].copy_from_slice(&(units.len() as u16 + 2).to_le_bytes());
    entry[66] = kind;
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&(length as u32).to_le_bytes());
    entry
}

/// Returns a record of an xls.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// Returns the record of a text in an xls.
pub fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let place = [row, column, 0, (units.len() / 2) as u16].map(u16::to_le_bytes).concat();
    record(0x0204, &[&place[..], &[1], &units].concat())
}

/// Makes the stream of an xls workbook: `globals` before its sheets, each sheet made of its records.
pub fn xls_stream(globals: &[u8], sheets: &[Vec<u8>]) -> Vec<u8> {
    let head = |what: u8| record(0x0809, &[0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000a, &[]);
    let named = |at: usize, place: usize| {
        let name = format!("S{at}");
        record(0x0085, &[&(place as u32).to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name.as_bytes()].concat())
    };
    let front: usize = head(5).len() + globals.len() + end.len();
    let mut place = front + (0..sheets.len()).map(|at| named(at, 0).len()).sum::<usize>();
    let (mut names, mut bodies) = (Vec::new(), Vec::new());
    for (at, sheet) in sheets.iter().enumerate() {
        names.extend(named(at, place));
        let body = [head(0x10), sheet.clone(), end.clone()].concat();
        place += body.len();
        bodies.extend(body);
    }
    [head(5), globals.to_vec(), names, end, bodies].concat()
}

/// Returns the records of [`LEADS`] in an xls.
pub fn xls_leads() -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(LEADS.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cells =
        (0..).zip(&records).flat_map(|(row, cells)| (0..).zip(cells).map(move |(at, text)| label(row, at, text)));
    cells.flatten().collect()
}

/// Returns a good xls.
pub fn xls() -> Vec<u8> {
    ole(&[("Workbook", xls_stream(&[], &[xls_leads()]))])
}

/// Returns a record of an xlsb.
fn binary(kind: u16, data: &[u8]) -> Vec<u8> {
    let kind = if kind < 0x80 { vec![kind as u8] } else { vec![(kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8] };
    let (mut length, mut left) = (Vec::new(), data.len());
    loop {
        let low = (left & 0x7f) as u8;
        left >>= 7;
        length.push(if left > 0 { low | 0x80 } else { low });
        if left == 0 {
            return [kind, length, data.to_vec()].concat();
        }
    }
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    (units.len() as u32).to_le_bytes().into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

/// Returns the parts of a good xlsb.
pub fn xlsb_parts() -> Vec<Part> {
    let sheet = [&0u32.to_le_bytes()[..], &1u32.to_le_bytes(), &wide("rId1"), &wide("线索")].concat();
    let workbook = [binary(0x0083, &[]), binary(0x009c, &sheet), binary(0x0090, &[]), binary(0x0084, &[])].concat();
    let mut cells = [binary(0x0081, &[]), binary(0x0094, &[0; 16]), binary(0x0091, &[])].concat();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(LEADS.as_bytes());
    for (row, record) in (0u32..).zip(reader.records()) {
        cells.extend(binary(0x0000, &[&row.to_le_bytes()[..], &[0; 13]].concat()));
        for (column, text) in (0u32..).zip(&record.unwrap()) {
            cells.extend(binary(0x0006, &[&column.to_le_bytes()[..], &[0; 4], &wide(text)].concat()));
        }
    }
    cells.extend([binary(0x0092, &[]), binary(0x0082, &[])].concat());
    vec![
        ("[Content_Types].xml".into(), b"<Types/>".to_vec()),
        ("xl/workbook.bin".into(), workbook),
        ("xl/_rels/workbook.bin.rels".into(), relations_xml("worksheet", &["worksheets/sheet1.bin"]).into_bytes()),
        ("xl/worksheets/sheet1.bin".into(), cells),
    ]
}

/// Returns [`LEADS`] in every format and encoding, under a name that says which.
pub fn good_files() -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = |order: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        mark.encode_utf16().chain(LEADS.encode_utf16()).flat_map(order).collect()
    };
    let mut reader = csv::Reader::from_reader(LEADS.as_bytes());
    let head = reader.headers().unwrap().clone();
    let objects: Vec<serde_json::Value> = reader
        .records()
        .map(|row| {
            head.iter().zip(&row.unwrap()).map(|(key, text)| (key.to_string(), serde_json::Value::from(text))).collect()
        })
        .map(|object: serde_json::Map<String, serde_json::Value>| object.into())
        .collect();
    let lines: String = objects.iter().map(|object| format!("{object}\n")).collect();
    vec![
        ("utf8.csv", LEADS.into()),
        ("mark.csv", format!("\u{feff}{LEADS}").into_bytes()),
        ("gb18030.csv", encoding_rs::GB18030.encode(LEADS).0.into_owned()),
        ("utf16le.csv", utf16(u16::to_le_bytes, "")),
        ("utf16be.csv", utf16(u16::to_be_bytes, "")),
        ("utf16le-mark.txt", utf16(u16::to_le_bytes, "\u{feff}")),
        ("tabs.tsv", LEADS.replace("\"乙,公司\"", "乙公司").replace(',', "\t").into_bytes()),
        ("old-mac.csv", LEADS.replace('\n', "\r").into_bytes()),
        ("list.json", serde_json::to_vec_pretty(&objects).unwrap()),
        ("lines.jsonl", lines.into_bytes()),
        ("book.xlsx", xlsx()),
        ("book.xls", xls()),
        ("book.xlsb", zip(&xlsb_parts())),
        ("book.ods", ods(&ods_rows())),
    ]
}

/// Dice that fall the same way for the same seed (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit.max(1) as u64) as usize
    }
}

/// Harms bytes once to four times.
pub fn harm(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed);
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        harm_once(&mut bytes, &mut dice);
    }
    bytes
}

/// Harms the content of a part, or an archive that is none as a whole: a flipped bit in packed data says no more
/// than that its sum is wrong.
pub fn harm_inside(bytes: &[u8], seed: u64) -> Vec<u8> {
    if !bytes.starts_with(b"PK") {
        return harm(bytes, seed);
    }
    let (mut parts, mut dice) = (unzip(bytes), Dice(seed));
    let at = dice.below(parts.len());
    parts[at].1 = harm(&parts[at].1, dice.roll());
    zip(&parts)
}

fn harm_once(bytes: &mut Vec<u8>, dice: &mut Dice) {
    const WORDS: [&[u8]; 12] = [
        b"\"",
        b"\0",
        b"\r",
        b"<",
        b">",
        b"&",
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\x7f",
        b"99999999999",
        b"-1",
        b"\x80",
        b"]]>",
    ];
    let at = dice.below(bytes.len() + 1);
    let end = (at + 1 + dice.below(64)).min(bytes.len());
    match dice.below(8) {
        0 => bytes.truncate(at),
        1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        2 if at < bytes.len() => bytes[at] = dice.roll() as u8,
        3 => bytes[at.min(end)..end].fill(0),
        4 => drop(bytes.drain(at.min(end)..end)),
        5 => {
            let piece = bytes[at.min(end)..end].to_vec();
            let to = dice.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        6 => {
            let word = WORDS[dice.below(WORDS.len())];
            let over = (at + if dice.below(2) == 0 { word.len() } else { 0 }).min(bytes.len());
            bytes.splice(at..over, word.iter().copied());
        }
        _ if at < bytes.len() => bytes[at] = bytes[at].wrapping_add(1),
        _ => bytes.push(dice.roll() as u8),
    }
}
