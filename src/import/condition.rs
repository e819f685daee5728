//! Conditions of a mapping on the cells of a row: `Status = Test`, `Tags ~ invalid`, `Phone is blank`.

use super::table::RawRow;

/// A condition on one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The heading of the column.
    pub header: String,
    test: Test,
    /// The values to compare with, any of which suffices; in lower case.
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Equal,
    Different,
    Contains,
    Lacks,
    Blank,
    Present,
}

/// The operators, longest first so that none hides another.
const OPERATORS: [(&str, Test); 4] =
    [(" != ", Test::Different), (" !~ ", Test::Lacks), (" = ", Test::Equal), (" ~ ", Test::Contains)];

impl Condition {
    /// Reads a condition: `COLUMN = value | value`, `!=`, `~` (contains), `!~`, `is blank`, `is not blank`.
    pub(super) fn parse(text: &str) -> Option<Condition> {
        let text = text.trim();
        for (ending, test) in [(" is not blank", Test::Present), (" is blank", Test::Blank)] {
            if let Some(header) = text.strip_suffix(ending) {
                return Some(Condition { header: header.trim().into(), test, values: Vec::new() });
            }
        }
        let found = OPERATORS.iter().filter_map(|(mark, test)| Some((text.find(mark)?, *mark, *test)));
        let (at, mark, test) = found.min_by_key(|(at, ..)| *at)?;
        let (header, value) = (text.get(..at)?, text.get(at + mark.len()..)?);
        let values: Vec<String> =
            value.split(" | ").map(|v| v.trim().to_lowercase()).filter(|v| !v.is_empty()).collect();
        let fits = !header.trim().is_empty() && !values.is_empty();
        fits.then(|| Condition { header: header.trim().into(), test, values })
    }

    /// Tells whether it holds for the cell in `column`.
    pub(super) fn holds(&self, row: &RawRow, column: usize) -> bool {
        let cell = row.cell(column).display();
        let text = cell.trim().to_lowercase();
        match self.test {
            Test::Equal => self.values.contains(&text),
            Test::Different => !self.values.contains(&text),
            Test::Contains => self.values.iter().any(|value| text.contains(value)),
            Test::Lacks => !self.values.iter().any(|value| text.contains(value)),
            Test::Blank => row.cell(column).is_blank(),
            Test::Present => !row.cell(column).is_blank(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::RawCell;
    use super::*;

    #[test]
    fn conditions() {
        let row = RawRow { number: 2, cells: vec![RawCell::text("Junk Lead"), RawCell::Blank] };
        for (text, holds) in [
            ("Lead Status = junk lead", true),
            ("Lead Status = Lost | Junk Lead", true),
            ("Lead Status != Junk Lead", false),
            ("lead status ~ junk", true),
            ("Lead Status !~ junk", false),
            ("电话 is blank", true),
            ("电话 is not blank", false),
        ] {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(condition.holds(&row, usize::from(condition.header == "电话")), holds, "{text}");
        }
        for text in ["Status", "= x", "Status = ", ""] {
            assert_eq!(Condition::parse(text), None, "{text}");
        }
    }
}
