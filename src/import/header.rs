//! Where the headings stand, and what the columns are called.
//!
//! Templates put titles, instructions and group headings above the headings proper. The row in which
//! most cells are names of fields is taken; where no row has any, the first row that looks like headings:
//! several texts, short, none twice.

use super::guard::Budget;
use super::inner::Inner;
use super::matching::is_rejects_pair;
use super::names::{self, clean_header, fold_header};
use super::table::{Covered, Grid, Header, Merge, RawCell, RawRow, Table};
use super::unit::Unit;
use super::{Format, ReadOptions};
use crate::record::{Exit, Failure, KINDS, Kind, Result, Words};
use crate::words;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How many rows that hold anything are looked at for headings.
const LOOKED_AT: usize = 60;
/// The longest heading, in characters; longer text is an instruction.
const LONGEST: usize = 60;

/// Parts a grid into headings and rows.
pub(super) fn make_table(format: Format, grid: Grid, options: &ReadOptions) -> Result<Table> {
    let Grid { mut rows, names, merges, encoding, delimiter, sheet, epoch_1904, mut notes, mut budget, .. } = grid;
    let (mut nameless, mut unit, mut covered) = (Vec::new(), None, Vec::new());
    let (header_row, headers) = match names {
        Some(names) => (None, named(names)),
        None => {
            let at = match (rejects_head(&rows), options.header_row) {
                (Some(at), _) => at,
                (None, Some(number)) => stated(&rows, number)?,
                (None, None) => find(&rows, &merges, options),
            };
            let Some(row) = rows.get(at) else { return Err(notes.into_iter().fold(no_rows(), Failure::hint)) };
            let number = row.number;
            let headers = read_headers(&rows, at, &merges, format.is_workbook());
            if at > 0 {
                notes.push(words!("headings are taken from row {number}", "表头取自第 {number} 行"));
            }
            nameless.extend(headers.iter().map(|h| h.column).filter(|column| row.cell(*column).is_blank()));
            unit = unit_above(rows.get(..at).unwrap_or_default());
            rows.drain(..=at);
            covered = fill_down(&mut rows, &merges, &mut budget)?;
            (Some(number), headers)
        }
    };
    if headers.is_empty() {
        return Err(notes.into_iter().fold(no_rows(), Failure::hint));
    }
    notes.extend(error_note(&rows, &headers));
    Ok(Table {
        format,
        encoding,
        delimiter,
        sheet,
        header_row,
        headers,
        nameless,
        rows,
        covered,
        epoch_1904,
        unit,
        notes,
    })
}

/// Says that cells under headings hold the error of a formula, such as that of a lookup that found nothing.
fn error_note(rows: &[RawRow], headers: &[Header]) -> Option<Words> {
    let cells = rows.iter().flat_map(|row| headers.iter().map(move |header| (row, header.column)));
    let mut errors = cells.filter(|(row, column)| matches!(row.cell(*column), RawCell::Error(_))).peekable();
    let (row, column) = *errors.peek()?;
    let (error, first) = (row.cell(column).display(), format!("{}{}", letters(column), row.number));
    let count = errors.count();
    Some(words!(
        "{count} cells hold an error and are read as blank, the first `{error}` in {first}",
        "{count} 个单元格是公式错误，按空值读取，第一个是 {first} 的 `{error}`"
    ))
}

/// Finds the unit of amounts that a line above the headings states: `单位：万元`.
fn unit_above(rows: &[RawRow]) -> Option<Unit> {
    let texts = rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.is_blank()).map(RawCell::display);
    texts.filter_map(|text| Unit::of_line(&text)).next()
}

fn no_rows() -> Failure {
    Failure::failed(words!("no row of headings was found", "没有找到表头行"))
}

fn named(names: Vec<String>) -> Vec<Header> {
    let named = names.into_iter().enumerate();
    named.map(|(column, name)| Header { text: name_or_place(clean_header(&name), column), column }).collect()
}

fn stated(rows: &[RawRow], number: usize) -> Result<usize> {
    rows.iter().position(|row| row.number == number).ok_or_else(|| {
        Failure::new(Exit::NotFound, words!("row {number} has no headings", "第 {number} 行没有表头"))
            .hint(words!("rows count from 1, blank ones included", "行号从 1 开始，空行也计入"))
    })
}

/// Finds the headings of a file of rejected rows, which stand where kehu put them, whatever a mapping says of the
/// file they came from.
pub(super) fn rejects_head(rows: &[RawRow]) -> Option<usize> {
    rows.iter().take(LOOKED_AT).position(|row| {
        let mut last = row.cells.iter().rev().filter(|cell| !cell.is_blank());
        match (last.next(), last.next()) {
            (Some(reason), Some(number)) => is_rejects_pair(&number.display(), &reason.display()),
            _ => false,
        }
    })
}

/// Finds the row of headings among the first rows.
fn find(rows: &[RawRow], merges: &[Merge], options: &ReadOptions) -> usize {
    let known: HashSet<String> = options.known.iter().map(|name| fold_header(name)).collect();
    let kinds: Vec<Kind> = options.kind.map_or_else(|| KINDS.to_vec(), |kind| vec![kind]);
    let vocabulary: HashSet<String> = kinds.iter().flat_map(|kind| vocabulary(*kind)).chain(known).collect();
    let mut best = (1, None);
    for (at, row) in rows.iter().enumerate().take(LOOKED_AT) {
        let score = score(&filled(row, merges), &vocabulary);
        if score > best.0 || (score == best.0 && best.1.is_some_and(|b| joined(rows, b, at, merges))) {
            best = (score, Some(at));
        }
    }
    best.1.unwrap_or_else(|| rows.iter().take(LOOKED_AT).position(looks_like_headings).unwrap_or(0))
}

/// Returns every folded name a column of this kind may have.
fn vocabulary(kind: Kind) -> HashSet<String> {
    let fields = kind.fields.iter().chain(Inner::fields_of(kind)).filter(|field| !field.is_table());
    let mut folded: HashSet<String> = fields
        .flat_map(|field| [field.key, field.label.en, field.label.zh].into_iter().chain(field.aliases.iter().copied()))
        .map(fold_header)
        .collect();
    let parts = names::REGION.iter().chain(&names::NAME).chain(&names::ADDRESS).flat_map(|part| part.iter());
    let ranges = names::RANGES.iter().filter(|(of, ..)| *of == kind).flat_map(|(.., names)| names.iter());
    folded.extend(parts.chain(ranges).chain(names::number_names(kind)).map(|name| fold_header(name)));
    folded
}

/// Counts the different names of fields in a row, those with a hint in brackets too; a single long cell
/// or a row of the same text says nothing.
fn score(cells: &[String], vocabulary: &HashSet<String>) -> usize {
    let hits: HashSet<String> = cells
        .iter()
        .filter(|text| text.chars().count() <= LONGEST)
        .filter_map(|text| {
            let plain = fold_header(text);
            let short =
                || names::without_hint(text).or_else(|| names::without_unit(text)).map(|text| fold_header(&text));
            if vocabulary.contains(&plain) {
                return Some(plain);
            }
            let several = || names::several(text).into_iter().find(|name| vocabulary.contains(name));
            short().filter(|text| vocabulary.contains(text)).or_else(several)
        })
        .collect();
    hits.len()
}

/// Returns the texts of a row, those of cells merged into it included.
fn filled(row: &RawRow, merges: &[Merge]) -> Vec<String> {
    let mut texts: Vec<String> = row.cells.iter().map(|cell| cell.display().into_owned()).collect();
    let here = row.number - 1;
    for merge in merges.iter().filter(|m| m.top == here && m.right > m.left) {
        let text = texts.get(merge.left).cloned().unwrap_or_default();
        for at in merge.left + 1..=merge.right.min(merge.left + 200) {
            if let Some(place) = texts.get_mut(at).filter(|place| place.is_empty()) {
                *place = text.clone();
            }
        }
    }
    texts
}

/// Gives the text of a cell merged downwards to each row it covers, a company above its contacts; returns which rows got
/// it.
///
/// Each row that is visited is paid for: however many areas a file claims to overlap, this ends.
fn fill_down(rows: &mut [RawRow], merges: &[Merge], budget: &mut Budget) -> Result<Vec<Covered>> {
    let mut covered = Vec::new();
    for merge in merges.iter().filter(|merge| merge.bottom > merge.top) {
        let first = rows.partition_point(|row| row.number <= merge.top);
        let Some((top, below)) = rows.get_mut(first..).and_then(<[RawRow]>::split_first_mut) else { continue };
        let cell = top.cell(merge.left).clone();
        if top.number != merge.top + 1 || cell.is_empty() {
            continue;
        }
        for row in below.iter_mut().take_while(|row| row.number <= merge.bottom + 1) {
            budget.pay_cells(&cell, 1)?;
            if row.cells.len() <= merge.left {
                budget.pay_cells(&RawCell::Blank, merge.left + 1 - row.cells.len())?;
                row.cells.resize(merge.left + 1, RawCell::Blank);
            }
            if let Some(place) = row.cells.get_mut(merge.left).filter(|place| place.is_empty()) {
                *place = cell.clone();
                covered.push(Covered { row: row.number, column: merge.left, first: top.number });
            }
        }
    }
    Ok(covered)
}

/// Tells whether a cell merged downwards joins two rows into one heading.
fn joined(rows: &[RawRow], upper: usize, lower: usize, merges: &[Merge]) -> bool {
    let (Some(upper), Some(lower)) = (rows.get(upper), rows.get(lower)) else { return false };
    merges.iter().any(|m| m.top < upper.number && m.top + 1 == upper.number && m.bottom + 1 == lower.number)
}

fn looks_like_headings(row: &RawRow) -> bool {
    let texts: Vec<&str> = row
        .cells
        .iter()
        .filter(|cell| !cell.is_blank())
        .map(|cell| match cell {
            RawCell::Text(text) if text.chars().count() <= LONGEST => text.trim(),
            _ => "",
        })
        .collect();
    let different: HashSet<&&str> = texts.iter().collect();
    let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ".,-/: %".contains(c));
    texts.len() > 1 && different.len() == texts.len() && !texts.iter().any(|text| text.is_empty() || number(text))
}

/// Reads the headings of the row at `at`; a cell merged from rows above gives its text, and where a text
/// occurs twice the group heading above is put before it.
fn read_headers(rows: &[RawRow], at: usize, merges: &[Merge], is_sheet: bool) -> Vec<Header> {
    let Some(row) = rows.get(at) else { return Vec::new() };
    let here = row.number - 1;
    let above = |m: &&Merge| m.top < here && m.bottom >= here;
    let mut texts: BTreeMap<usize, String> =
        row.cells.iter().enumerate().map(|(column, cell)| (column, clean_header(&cell.display()))).collect();
    for merge in merges.iter().filter(above).filter(|m| m.left == m.right) {
        if let Some(text) = text_at(rows, merge.top, merge.left) {
            texts
                .entry(merge.left)
                .and_modify(|t| {
                    if t.is_empty() {
                        t.clone_from(&text)
                    }
                })
                .or_insert(text);
        }
    }
    group(&mut texts, rows, here, merges);
    let used = used_columns(rows.get(at + 1..).unwrap_or_default());
    if is_sheet {
        used.iter().for_each(|column| {
            texts.entry(*column).or_default();
        });
    }
    texts.retain(|column, text| !text.is_empty() || used.contains(column));
    texts.into_iter().map(|(column, text)| Header { text: name_or_place(text, column), column }).collect()
}

/// Returns the columns in which anything stands, in one walk over the cells.
fn used_columns(rows: &[RawRow]) -> BTreeSet<usize> {
    let mut used = Vec::new();
    for row in rows {
        if used.len() < row.cells.len() {
            used.resize(row.cells.len(), false);
        }
        for (place, cell) in used.iter_mut().zip(&row.cells) {
            *place |= !cell.is_empty();
        }
    }
    used.iter().enumerate().filter(|(_, used)| **used).map(|(column, _)| column).collect()
}

fn text_at(rows: &[RawRow], row: usize, column: usize) -> Option<String> {
    let at = rows.binary_search_by_key(&(row + 1), |r| r.number).ok()?;
    let row = rows.get(at)?;
    Some(clean_header(&row.cell(column).display())).filter(|text| !text.is_empty())
}

/// Tells headings that occur twice apart by the merged heading above them: `联系人2 姓名`.
fn group(texts: &mut BTreeMap<usize, String>, rows: &[RawRow], here: usize, merges: &[Merge]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.values().filter(|text| !text.is_empty()).for_each(|text| *counts.entry(text).or_default() += 1);
    let twice = |text: &str| counts.get(text).is_some_and(|count| *count > 1);
    // Columns are taken out as they are met, so that many areas over the same ones cost nothing.
    let mut open: BTreeSet<usize> = texts.iter().filter(|(_, text)| twice(text)).map(|(at, _)| *at).collect();
    for over in merges.iter().filter(|m| m.bottom + 1 == here && m.right > m.left) {
        let met: Vec<usize> = open.range(over.left..=over.right).copied().collect();
        let Some(title) = (!met.is_empty()).then(|| text_at(rows, over.top, over.left)) else { continue };
        for column in met {
            open.remove(&column);
            if let (Some(title), Some(text)) = (&title, texts.get_mut(&column)) {
                *text = format!("{title} {text}");
            }
        }
    }
}

/// Returns the heading, or for a column without one its letter as spreadsheets show it: `column C`.
fn name_or_place(text: String, column: usize) -> String {
    if text.is_empty() { format!("column {}", letters(column)) } else { text }
}

/// Returns the letters of a column: 0 → `A`, 26 → `AA`.
pub(super) fn letters(mut column: usize) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from(b'A' + (column % 26) as u8));
        match column / 26 {
            0 => return text,
            rest => column = rest - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Input, read_table};
    use super::*;
    use crate::record::{CUSTOMER, LEAD};

    fn headers(text: &str, kind: Kind) -> (Option<usize>, Vec<String>, usize) {
        let options = ReadOptions { kind: Some(kind), ..ReadOptions::default() };
        let table = read_table(&Input { name: "x.csv", bytes: text.as_bytes() }, &options).unwrap();
        (table.header_row, table.headers.into_iter().map(|h| h.text).collect(), table.rows.len())
    }

    #[test]
    fn headings_under_titles_and_instructions() {
        let text = "2026年线索登记表,,\n填写说明：带*为必填,,\n\n*公司名称,联系人（必填）,来源(1展会/2转介绍)\n甲公司,王伟,展会\n合计,,1\n";
        let (row, names, rows) = headers(text, LEAD);
        assert_eq!((row, rows), (Some(4), 2), "the row of totals is not guessed away");
        assert_eq!(names, ["公司名称", "联系人", "来源(1展会/2转介绍)"]);
    }

    #[test]
    fn headings_nobody_knows() {
        assert_eq!(headers("a,b\n1,2\n", LEAD), (Some(1), vec!["a".into(), "b".into()], 1));
        assert_eq!(headers("report of 2026,\nfoo,bar\n1,2\n", CUSTOMER).0, Some(2));
    }

    #[test]
    fn columns_without_anything_are_dropped() {
        assert_eq!(headers("公司名称,,电话,,\n甲,x,1,,\n", LEAD).1, ["公司名称", "column B", "电话"]);
    }

    #[test]
    fn column_letters() {
        assert_eq!(
            (letters(0), letters(25), letters(26), letters(16_383)),
            ("A".into(), "Z".into(), "AA".into(), "XFD".into())
        );
    }

    #[test]
    fn two_rows_of_headings() {
        let text = |row: &[&str]| row.iter().map(|t| RawCell::text(t)).collect::<Vec<_>>();
        let rows = vec![
            RawRow { number: 1, cells: text(&["公司名称", "联系信息", "", "采购", ""]) },
            RawRow { number: 2, cells: text(&["", "联系人", "电话", "姓名", "电话"]) },
            RawRow { number: 3, cells: text(&["甲", "王", "1", "李", "2"]) },
        ];
        let area = |top, left, bottom, right| Merge { top, left, bottom, right };
        let merges = vec![area(0, 0, 1, 0), area(0, 1, 0, 2), area(0, 3, 0, 4)];
        let grid = Grid { rows, merges, ..Grid::default() };
        let options = ReadOptions { kind: Some(LEAD), ..ReadOptions::default() };
        let table = make_table(Format::Xlsx, grid, &options).unwrap();
        let names: Vec<&str> = table.headers.iter().map(|h| h.text.as_str()).collect();
        assert_eq!(names, ["公司名称", "联系人", "联系信息 电话", "姓名", "采购 电话"]);
    }
}
