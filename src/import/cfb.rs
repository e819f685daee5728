//! A look into an OLE file before a reader is trusted with it.
//!
//! calamine reserves memory for the size an xls sheet claims and fills the area between its outermost
//! cells; a file that claims too much would end the process. So the records are walked here first:
//! what is encrypted, cut off, or spans too many cells is refused in one line.

use super::guard::{damaged, encrypted, too_large};
use crate::record::{Failure, Result};
use crate::words;
use std::collections::HashMap;

/// The most cells the areas of all sheets of an xls may span; one full sheet of Excel 97 spans 16.7 million.
const MAX_AREA: u64 = 20_000_000;
const END: u32 = 0xffff_fffa;

/// Fails when the OLE file is no readable xls workbook of sensible size.
pub(super) fn inspect(bytes: &[u8]) -> Result<()> {
    let file = Ole::parse(bytes).ok_or_else(|| damaged("the OLE structure breaks off"))?;
    if file.stream("EncryptedPackage").is_some() {
        return Err(encrypted());
    }
    if let Some(stream) = file.stream("WordDocument").or_else(|| file.stream("PowerPoint Document")) {
        drop(stream);
        return Err(Failure::failed(words!("the file is a document, not a workbook", "文件是文档，不是工作簿")));
    }
    let stream = file.stream("Workbook").or_else(|| file.stream("Book"));
    let stream = stream.ok_or_else(|| damaged("there is no workbook stream inside"))?;
    walk_records(&stream)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The parts of an OLE file ([MS-CFB]) that lead to a stream.
struct Ole<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini: Vec<u8>,
    /// Where each stream starts and how long it is, by name.
    streams: HashMap<String, (u32, usize)>,
}

impl<'a> Ole<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Ole<'a>> {
        let sector = 1usize << u16_at(bytes, 30).filter(|shift| (7..=16).contains(shift))?;
        let mut file =
            Ole { bytes, sector, table: Vec::new(), mini_table: Vec::new(), mini: Vec::new(), streams: HashMap::new() };
        file.table = file.sector_table()?;
        file.mini_table = words_of(&file.chain(u32_at(bytes, 60)?, usize::MAX).unwrap_or_default());
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX)?;
        for entry in directory.chunks_exact(128) {
            let length = usize::from(u16_at(entry, 64)?).saturating_sub(2).min(62);
            let units: Vec<u16> = (0..length / 2).filter_map(|at| u16_at(entry, at * 2)).collect();
            let start = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
            match entry.get(66)? {
                5 => file.mini = file.chain(start.0, start.1).unwrap_or_default(),
                2 => drop(file.streams.insert(String::from_utf16_lossy(&units), start)),
                _ => {}
            }
        }
        Some(file)
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
        for _ in 0..limit {
            if next >= END {
                break;
            }
            let mut more = words_of(self.sector(next)?);
            next = more.pop()?;
            ids.extend(more);
        }
        let mut table = Vec::new();
        for id in ids.into_iter().filter(|id| *id < END).take(limit) {
            table.extend(words_of(self.sector(id)?));
        }
        Some(table)
    }

    /// Follows a chain of sectors; nothing when it breaks off or turns back on itself.
    fn chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let (mut data, mut at, mut steps) = (Vec::new(), start, 0);
        while at < END && data.len() < length {
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

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let (start, length) = *self.streams.get(name)?;
        let cutoff = u32_at(self.bytes, 56)? as usize;
        if length >= cutoff {
            return self.chain(start, length);
        }
        let (mut data, mut at) = (Vec::new(), start);
        while at < END && data.len() < length {
            let from = at as usize * 64;
            data.extend_from_slice(self.mini.get(from..(from + 64).min(self.mini.len()))?);
            at = *self.mini_table.get(at as usize)?;
        }
        data.truncate(length);
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

/// Walks the records of a workbook stream ([MS-XLS] 2.1.4).
fn walk_records(stream: &[u8]) -> Result<()> {
    let cut = || damaged("the workbook stream breaks off");
    let (mut at, mut total, mut area) = (0usize, 0u64, Area::default());
    let mut sheets = 0;
    while at + 4 <= stream.len() {
        let (kind, length) = (u16_at(stream, at).ok_or_else(cut)?, u16_at(stream, at + 2).ok_or_else(cut)?);
        let data = stream.get(at + 4..at + 4 + usize::from(length)).ok_or_else(cut)?;
        match kind {
            0x0809 | 0x0009 | 0x0209 | 0x0409 => {
                total += area.size();
                area = Area::default();
                sheets += 1;
            }
            0x002f if u16_at(data, 0).unwrap_or(0) != 0 => return Err(encrypted()),
            0x0200 => check_claim(data)?,
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd | 0x0006 => {
                if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                    area.add(row.into(), column.into());
                    if kind == 0x00bd && length >= 6 {
                        area.add(row.into(), u16_at(data, usize::from(length) - 2).unwrap_or(column).into());
                    }
                }
            }
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    match (sheets, total + area.size()) {
        (0, _) => Err(damaged("no sheet inside")),
        (_, size) if size > MAX_AREA => Err(too_large()),
        _ => Ok(()),
    }
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
