//! A look into an OLE file before a reader is trusted with it.
//!
//! calamine follows chains of sectors without looking for turns back, reserves memory for the size an xls sheet
//! claims and fills the area between its outermost cells; a file that claims too much would end the process. So
//! the chains are followed and the records walked here first, by the same rules: what is encrypted, cut off, or
//! spans too many cells is refused in one line.

use super::guard::{damaged, encrypted, too_large};
use crate::record::{Failure, Result};
use crate::words;

/// The most cells the areas of all sheets of an xls may span; a stray cell at the end of an otherwise small sheet
/// of Excel 97 would make it 16.7 million.
const MAX_AREA: u64 = 6_000_000;
/// The most bytes of an xls: it is held three times, and three bytes of it can be a string.
const MAX_FILE: usize = 64 << 20;
/// Sectors from here on are none.
const NONE: u32 = 0xffff_fffa;
/// Streams below this length lie in the small stream.
const SMALL: usize = 4096;

/// Fails when the OLE file is no readable xls workbook of sensible size.
pub(super) fn inspect(bytes: &[u8]) -> Result<()> {
    if bytes.len() > MAX_FILE {
        return Err(too_large());
    }
    let file = Ole::parse(bytes).ok_or_else(|| damaged("the OLE structure breaks off"))?;
    if file.has("EncryptedPackage") {
        return Err(encrypted());
    }
    if file.has("WordDocument") || file.has("PowerPoint Document") {
        return Err(Failure::failed(words!("the file is a document, not a workbook", "文件是文档，不是工作簿")));
    }
    let name = ["Workbook", "Book"].into_iter().find(|name| file.has(name));
    let name = name.ok_or_else(|| damaged("there is no workbook stream inside"))?;
    let stream = file.stream(name).ok_or_else(|| damaged("the workbook stream breaks off"))?;
    walk_workbook(&stream)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// An entry of the directory of an OLE file.
struct Entry {
    name: String,
    start: u32,
    length: usize,
}

/// The parts of an OLE file ([MS-CFB]) that lead to a stream.
struct Ole<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<Entry>,
}

impl<'a> Ole<'a> {
    /// Returns nothing when a chain of sectors leaves the file or turns back on itself.
    fn parse(bytes: &'a [u8]) -> Option<Ole<'a>> {
        let sector = 1usize << u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12))?;
        let mut file =
            Ole { bytes, sector, table: Vec::new(), small_table: Vec::new(), small: Vec::new(), entries: Vec::new() };
        file.table = file.sector_table()?;
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX)?;
        file.entries = directory.chunks_exact(128).map(|entry| file.entry(entry)).collect::<Option<_>>()?;
        let small_sectors = u32_at(bytes, 64)? as usize;
        if let Some(root) = file.entries.first().filter(|_| small_sectors > 0) {
            file.small = file.chain(root.start, root.length)?;
            file.small_table = words_of(&file.chain(u32_at(bytes, 60)?, small_sectors * sector)?);
        }
        Some(file)
    }

    fn entry(&self, entry: &[u8]) -> Option<Entry> {
        let units: Vec<u16> = (0..32).filter_map(|at| u16_at(entry, at * 2)).take_while(|unit| *unit != 0).collect();
        let length = match self.sector {
            512 => u64::from(u32_at(entry, 120)?),
            _ => u64::from_le_bytes(entry.get(120..128)?.try_into().ok()?),
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        Some(Entry { name: String::from_utf16_lossy(&units), start: u32_at(entry, 116)?, length })
    }

    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// Reads the table of which sector follows which.
    fn sector_table(&self) -> Option<Vec<u32>> {
        let mut ids: Vec<u32> = (0..109).filter_map(|at| u32_at(self.bytes, 76 + at * 4)).collect();
        let (mut next, limit) = (u32_at(self.bytes, 68)?, self.bytes.len() / self.sector + 1);
        let mut steps = 0;
        while next < NONE {
            let mut more = words_of(self.sector(next)?);
            next = more.pop()?;
            ids.extend(more);
            steps += 1;
            if steps > limit {
                return None;
            }
        }
        ids.retain(|id| *id < NONE);
        if ids.len() > limit {
            return None;
        }
        let mut table = Vec::new();
        for id in ids {
            table.extend(words_of(self.sector(id)?));
        }
        Some(table)
    }

    /// Follows a chain of sectors up to `length` bytes; nothing when it breaks off or turns back on itself.
    fn chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let (mut data, mut at, mut steps) = (Vec::new(), start, 0);
        while at < NONE && data.len() < length {
            data.extend_from_slice(self.sector(at)?);
            at = *self.table.get(at as usize)?;
            steps += 1;
            if steps > self.table.len() {
                return None;
            }
        }
        data.truncate(length);
        Some(data)
    }

    /// Finds the first entry of a name, without case, as readers do.
    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let Entry { start, length, .. } = self.find(name)?;
        if *length >= SMALL {
            return self.chain(*start, *length);
        }
        let (mut data, mut at) = (Vec::new(), *start);
        while at < NONE && data.len() < *length {
            let from = at as usize * 64;
            data.extend_from_slice(self.small.get(from..(from + 64).min(self.small.len()))?);
            at = *self.small_table.get(at as usize)?;
        }
        data.truncate(*length);
        Some(data)
    }
}

fn words_of(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0)).collect()
}

/// The rows and columns a sheet's cells span.
#[derive(Default)]
struct Area {
    rows: (u32, u32),
    columns: (u32, u32),
    any: bool,
}

impl Area {
    fn add(&mut self, row: u32, column: u32) {
        let grow = |(low, high): (u32, u32), at: u32| if self.any { (low.min(at), high.max(at)) } else { (at, at) };
        (self.rows, self.columns) = (grow(self.rows, row), grow(self.columns, column));
        self.any = true;
    }

    fn size(&self) -> u64 {
        if !self.any {
            return 0;
        }
        (u64::from(self.rows.1 - self.rows.0) + 1) * (u64::from(self.columns.1 - self.columns.0) + 1)
    }
}

/// The records of a stream ([MS-XLS] 2.1.4), from a place on.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<(u16, &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at + 4 > self.stream.len() {
            return None;
        }
        let (kind, length) = (u16_at(self.stream, self.at)?, usize::from(u16_at(self.stream, self.at + 2)?));
        let start = self.at + 4;
        self.at = start + length;
        let data = self.stream.get(start..start + length);
        Some(data.map(|data| (kind, data)).ok_or_else(|| damaged("the workbook stream breaks off")))
    }
}

const END: u16 = 0x000a;

/// Walks the records that are about the whole workbook, then those of each sheet.
fn walk_workbook(stream: &[u8]) -> Result<()> {
    let mut sheets = Vec::new();
    for record in (Records { stream, at: 0 }) {
        match record? {
            (0x002f, data) if u16_at(data, 0).unwrap_or(0) != 0 => return Err(encrypted()),
            (0x0085, data) => sheets.extend(u32_at(data, 0)),
            (END, _) => break,
            _ => {}
        }
    }
    if sheets.is_empty() {
        return Err(damaged("no sheet inside"));
    }
    let (mut area, mut walked) = (0, 0);
    for start in sheets {
        let mut records = Records { stream, at: start as usize };
        area += walk_sheet(&mut records)?;
        // Sheets do not overlap; each claimed to be the same one would be read as often.
        walked += records.at - start as usize;
        if walked > stream.len() {
            return Err(damaged("its sheets overlap"));
        }
        if area > MAX_AREA {
            return Err(too_large());
        }
    }
    Ok(())
}

/// Returns how many cells the cells of a sheet span.
fn walk_sheet(records: &mut Records<'_>) -> Result<u64> {
    let (mut area, mut depth) = (Area::default(), 0);
    for record in records {
        let (kind, data) = record?;
        match kind {
            0x0809 => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            0x0200 => check_claim(data)?,
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd | 0x0006 => {
                if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                    area.add(row.into(), column.into());
                    if kind == 0x00bd && data.len() >= 6 {
                        area.add(row.into(), u16_at(data, data.len() - 2).unwrap_or(column).into());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(area.size())
}

/// Refuses a sheet that claims more cells than xls can hold.
fn check_claim(data: &[u8]) -> Result<()> {
    let claim = match data.len() {
        10 => (u16_at(data, 0).map(u32::from), u16_at(data, 2).map(u32::from), u16_at(data, 4), u16_at(data, 6)),
        _ => (u32_at(data, 0), u32_at(data, 4), u16_at(data, 8), u16_at(data, 10)),
    };
    match claim {
        (Some(top), Some(bottom), Some(left), Some(right)) if top <= bottom => {
            let left = if left > 0xff || right < left { 0 } else { left };
            let size = (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1);
            if size > 65_537 * 257 { Err(too_large()) } else { Ok(()) }
        }
        _ => Err(damaged("the size of a sheet makes no sense")),
    }
}
