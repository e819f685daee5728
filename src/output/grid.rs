//! A sheet as text in columns, and how wide each column is drawn.
//!
//! Room is taken from the widest columns first, and from the main one last. A column is never narrower than its numbers, days,
//! moments and codes (record numbers, telephone numbers); when that is still too wide, [`Grid::fit`]
//! finds nothing and the records are drawn as blocks. A short label or heading, and an amount or a day within a text, are
//! cut only when nothing else can be. Where long texts are broken into lines, which loses nothing, the main column
//! gives room first, down to a width that still reads well.

use super::{cells, text};
use crate::record::Lang;
use crate::sheet::{Cell, Sheet, Weight};

/// The least columns a text that may be cut is given, if it is that long.
const LEAST_TEXT: usize = 6;
/// What is no longer than this, four Chinese characters, is cut only when nothing else can be.
const LABEL: usize = 8;
/// What is no longer than this is not broken into lines: a label, a name.
const WORD: usize = 12;
/// The most columns any cell is given on a screen; the other formats have the whole text.
const LONGEST: usize = 500;
/// The longest text taken for a code.
const LONGEST_CODE: usize = 22;
/// The columns in which a text that is broken into lines still reads well.
const ROOMY: usize = 30;

/// The cells of a sheet as they are read, without control characters.
pub struct Grid {
    /// The headings.
    pub header: Vec<String>,
    /// Whether each column is drawn flush right.
    pub right: Vec<bool>,
    /// The rows, one text a column.
    pub rows: Vec<Vec<String>>,
    /// The row of sums.
    pub total: Option<Vec<String>>,
    /// The columns nothing of which need be cut.
    natural: Vec<usize>,
    /// The columns below which a number would be cut.
    least: Vec<usize>,
    /// The columns below which a label, a heading, or an amount or a day within a text would be cut.
    kept: Vec<usize>,
    /// Whether each column is what its rows are known by.
    main: Vec<bool>,
    /// Whether what is too long is broken into lines rather than cut.
    whole: bool,
}

impl Grid {
    /// Makes the grid of a sheet in `lang`.
    pub fn new(sheet: &Sheet, lang: Lang) -> Grid {
        let draw = |row: &Vec<Cell>| -> Vec<String> {
            cells(sheet, row).map(|cell| text::clean(&cell.display(lang)).into_owned()).collect()
        };
        let header: Vec<String> =
            sheet.columns.iter().map(|column| text::clean(column.label.get(lang)).into_owned()).collect();
        let mut grid = Grid {
            right: sheet.columns.iter().map(|column| column.ty.is_number()).collect(),
            rows: sheet.rows.iter().map(draw).collect(),
            total: sheet.total.as_ref().map(draw),
            natural: header.iter().map(|label| text::width(label)).collect(),
            least: header.iter().map(|label| least_heading(label, sheet.whole)).collect(),
            kept: header.iter().map(|label| kept_heading(label, sheet.whole)).collect(),
            main: sheet.columns.iter().map(|column| column.weight == Weight::Main).collect(),
            whole: sheet.whole,
            header,
        };
        grid.measure(sheet);
        grid
    }

    fn measure(&mut self, sheet: &Sheet) {
        let texts = self.rows.iter().chain(&self.total);
        for (row, texts) in sheet.rows.iter().chain(&sheet.total).zip(texts) {
            for (at, (cell, drawn)) in cells(sheet, row).zip(texts).enumerate() {
                let wide = text::width(drawn);
                let least = match cell {
                    cell if is_rigid(cell) => wide,
                    _ if self.whole => text::widest_piece(drawn).min(ROOMY).max(wide.min(WORD)),
                    _ => wide.min(LEAST_TEXT),
                };
                self.natural[at] = self.natural[at].max(wide);
                self.least[at] = self.least[at].max(least);
                if !self.whole {
                    let kept = if wide <= LABEL { wide } else { text::through_figures(drawn) };
                    self.kept[at] = self.kept[at].max(Some(kept).filter(|kept| *kept <= ROOMY).unwrap_or(0));
                }
            }
        }
    }

    /// Returns the columns nothing of which need be cut.
    pub fn natural(&self) -> &[usize] {
        &self.natural
    }

    /// Returns what is cut when the columns are so wide.
    pub fn cut(&self, widths: &[usize]) -> Cut {
        let is_cut =
            |at: &usize| widths[*at] < self.natural[*at].min(if self.is_broken(*at) { ROOMY } else { LONGEST });
        let all = (0..widths.len()).filter(is_cut);
        all.map(|at| match self.main[at] || widths[at] < self.kept[at] {
            true => Cut::Main,
            false => Cut::Others,
        })
        .max()
        .unwrap_or(Cut::Nothing)
    }

    /// Tells whether a column is the main one and its texts may be broken into lines.
    fn is_broken(&self, at: usize) -> bool {
        self.whole && self.main[at]
    }

    /// Returns the width of each column so that all with `gap` between them take at most `room`; nothing
    /// when numbers would have to be cut.
    pub fn fit(&self, room: Option<usize>, gap: usize) -> Option<Vec<usize>> {
        let mut widths: Vec<usize> =
            self.natural.iter().zip(&self.least).map(|(natural, least)| (*natural).min(LONGEST).max(*least)).collect();
        let Some(room) = room else { return Some(widths) };
        let gaps = gap * widths.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
        while excess > 0 {
            let can_give = (0..widths.len()).filter(|at| widths[*at] > self.least[*at]);
            let gives =
                |at: usize| if self.is_broken(at) && widths[at] > ROOMY { 2 } else { i32::from(!self.main[at]) };
            let is_spared = |at: usize| widths[at] <= self.kept[at];
            let widest = can_give.max_by_key(|at| (!is_spared(*at), gives(*at), widths[*at], *at))?;
            widths[widest] -= 1;
            excess -= 1;
        }
        Some(widths)
    }
}

/// What is cut when a grid is drawn in some widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// Nothing.
    Nothing,
    /// Columns other than the main one.
    Others,
    /// The main column.
    Main,
}

/// Tells whether a cell loses its meaning when it is cut.
fn is_rigid(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => is_code(text),
        Cell::Label(..) | Cell::List(_) | Cell::Flag(_) | Cell::Empty => false,
        Cell::Integer(_) | Cell::Signed(_) | Cell::Decimal(_) | Cell::Ratio(_) => true,
        Cell::Money(_) | Cell::Date(_) | Cell::Moment(_) => true,
    }
}

/// Tells whether a text is a number of some sort: `LEAD-2026-001`, `0571-88888888`, `+14155552671`.
fn is_code(text: &str) -> bool {
    text.len() <= LONGEST_CODE
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+".contains(&b))
}

/// Returns the columns that keep a short heading on one line where texts are cut.
fn kept_heading(label: &str, whole: bool) -> usize {
    Some(text::width(label)).filter(|wide| *wide <= WORD && !whole).unwrap_or(0)
}

/// Returns the columns a heading wants at least when it is wrapped: two Chinese characters or its longest word; where
/// texts are broken into lines, all of a short one.
fn least_heading(label: &str, whole: bool) -> usize {
    let least = if whole { WORD } else { text::widest_piece(label).clamp(4, WORD) };
    least.min(text::width(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Money, Words};
    use crate::sheet::{Column, ColumnType};

    fn grid() -> Grid {
        let columns = vec![
            Column::new("number", Words::same("Number"), ColumnType::Text),
            Column::new("company", Words::same("Company"), ColumnType::Text),
            Column::new("amount", Words::same("Amount"), ColumnType::Money),
        ];
        let mut sheet = Sheet::new("leads", Words::default(), columns);
        let amount = Cell::Money(Money(1_234_567.into()));
        sheet.rows.push(vec![Cell::text("LEAD-2026-001"), Cell::text("示例科技有限公司"), amount]);
        Grid::new(&sheet, Lang::En)
    }

    #[test]
    fn room_is_taken_from_text_only() {
        assert_eq!(grid().fit(None, 2), Some(vec![13, 16, 12]));
        assert_eq!(grid().fit(Some(45), 2), Some(vec![13, 16, 12]));
        assert_eq!(grid().fit(Some(40), 2), Some(vec![13, 11, 12]));
        assert_eq!(grid().fit(Some(36), 2), Some(vec![13, 7, 12]));
        assert_eq!(grid().fit(Some(35), 2), None, "the heading `Company` needs seven");
    }

    #[test]
    fn the_main_column_gives_way_last() {
        let mut columns = vec![
            Column::new("company", Words::same("Company"), ColumnType::Text),
            Column::new("remark", Words::same("Remark"), ColumnType::Text),
        ];
        columns[0].weight = Weight::Main;
        let mut sheet = Sheet::new("leads", Words::default(), columns);
        sheet.rows.push(vec![Cell::text("示例科技有限公司"), Cell::text("要的是升降桌")]);
        let grid = Grid::new(&sheet, Lang::En);
        let fit = |room| grid.fit(Some(room), 2).map(|widths| (grid.cut(&widths), widths));
        assert_eq!(fit(30), Some((Cut::Nothing, vec![16, 12])));
        assert_eq!(fit(24), Some((Cut::Others, vec![16, 6])));
        assert_eq!(fit(20), Some((Cut::Main, vec![12, 6])));
    }

    #[test]
    fn an_amount_within_a_text_is_cut_last() {
        let column = |key: &str| Column::new(key, Words::same("W"), ColumnType::Text).weighing(Weight::Main);
        let mut sheet = Sheet::new("due", Words::default(), vec![column("who"), column("what")]);
        sheet.rows.push(vec![Cell::text("示例科技公司"), Cell::text("待收 CNY 360,000.00（第 2 期）")]);
        let grid = Grid::new(&sheet, Lang::Zh);
        let fit = |room| grid.fit(Some(room), 1).map(|widths| (grid.cut(&widths), widths));
        assert_eq!(fit(43), Some((Cut::Nothing, vec![12, 30])));
        assert_eq!(fit(33), Some((Cut::Main, vec![12, 20])));
        assert_eq!(fit(27), Some((Cut::Main, vec![6, 20])), "the name gives before the amount");
        assert_eq!(fit(23), Some((Cut::Main, vec![6, 16])), "and that where nothing else can");
    }

    #[test]
    fn a_main_column_of_lines_gives_way_first_and_not_all_of_it() {
        let mut columns = vec![
            Column::new("name", Words::same("Name"), ColumnType::Text),
            Column::new("what", Words::same("What"), ColumnType::Text),
        ];
        columns[1].weight = Weight::Main;
        let mut sheet = Sheet { whole: true, ..Sheet::new("log", Words::default(), columns) };
        sheet.rows.push(vec![Cell::text("示例科技有限公司"), Cell::text("电话".repeat(40))]);
        let grid = Grid::new(&sheet, Lang::En);
        let fit = |room| grid.fit(Some(room), 2).map(|widths| (grid.cut(&widths), widths));
        assert_eq!(fit(60), Some((Cut::Nothing, vec![16, 42])));
        assert_eq!(fit(44), Some((Cut::Others, vec![12, 30])));
        assert_eq!(fit(30), Some((Cut::Main, vec![12, 16])), "a name is not broken");
    }

    #[test]
    fn codes_are_not_words() {
        for code in ["LEAD-2026-001", "20261122T215540-sk27ve", "13800138000", "0571-88888888-801", "+14155552671"] {
            assert!(is_code(code), "{code}");
        }
        for word in ["li.ming", "示例1号", "a1@example.com", "room 12", "", "x1234567890123456789012"] {
            assert!(!is_code(word), "{word}");
        }
    }
}
