//! One order, made of its rows.

use super::LINES;
use crate::import::{Mapped, ROWS_DIFFER};
use crate::record::{Dictionary, Field, Money, Problem, Row, Severity, Value, Words};
use crate::rules::dedupe::merge::with_line;
use crate::rules::listing::value_words;
use crate::rules::order::{line_amount, lines_total};
use crate::words;
use std::collections::{HashMap, HashSet};

/// An order while its rows are taken.
pub(super) struct Whole<'a> {
    dictionary: &'a Dictionary,
    order: Mapped,
    /// Whether it has several rows: then what is wrong is told with the row.
    is_gathered: bool,
    /// In which row each field was said first.
    said_in: HashMap<&'static str, usize>,
    /// Fields that rows say differently, each told once.
    differing: HashSet<&'static str>,
    /// The lines, each with its row.
    lines: Vec<(usize, Row)>,
    /// What lines say, with the last row that says it.
    said_lines: HashMap<String, usize>,
}

impl Whole<'_> {
    /// Takes the rows of an order, of which there is at least one.
    pub fn of(rows: Vec<Mapped>, dictionary: &Dictionary) -> Whole<'_> {
        let is_gathered = rows.len() > 1;
        let mut rows = rows.into_iter();
        let Some(mut order) = rows.next() else { unreachable!("a group has a row") };
        let first = order.row_number;
        let (line, problems) = (order.inner.take(), std::mem::take(&mut order.problems));
        let said_in = order.row.iter().map(|(field, _)| (field.key, first)).collect();
        let (differing, lines, said_lines) = (HashSet::new(), Vec::new(), HashMap::new());
        let mut whole = Whole { dictionary, order, is_gathered, said_in, differing, lines, said_lines };
        whole.problems(first, problems);
        whole.line(first, line);
        rows.for_each(|row| whole.take(row));
        whole
    }

    fn take(&mut self, mut row: Mapped) {
        let number = row.row_number;
        self.problems(number, std::mem::take(&mut row.problems));
        let line = row.inner.take();
        self.line(number, line);
        for (field, value) in row.row.iter() {
            self.field(number, field, value, row.constants.contains(&field.key));
        }
        self.number(number, row.number);
        row.custom.into_iter().for_each(|(name, value)| self.custom(name, value));
        for note in row.notes {
            if self.order.notes.iter().all(|(key, _)| *key != note.0) {
                self.order.notes.push(note);
            }
        }
        self.order.new_keys.extend(row.new_keys);
        self.order.kept.extend(row.kept);
    }

    /// Takes what a row says of the whole order. A constant of the mapping yields to what a row itself says, remarks
    /// stand on lines of their own, and one number may be written in several ways.
    fn field(&mut self, number: usize, field: &'static Field, value: &Value, is_constant: bool) {
        let old = self.order.row.get(field.key).cloned();
        let is_old_constant = self.order.constants.contains(&field.key);
        match (old, value) {
            (Some(old), _) if old == *value || is_constant || field.key == "external_number" => {}
            (Some(Value::Text(old)), Value::Text(new)) if field.key == "remark" && !is_old_constant => {
                self.order.row.set("remark", Value::text(with_line(&old, new)));
            }
            (Some(old), _) if !is_old_constant => self.differ(number, field, &old, value),
            _ => {
                self.order.row.set(field.key, value.clone());
                self.said_in.insert(field.key, number);
                self.order.constants.retain(|key| *key != field.key || is_constant);
            }
        }
    }

    fn differ(&mut self, number: usize, field: &'static Field, old: &Value, new: &Value) {
        if !self.differing.insert(field.key) {
            return;
        }
        let first = self.said_in.get(field.key).copied().unwrap_or(self.order.row_number);
        let words = |value: &Value| value_words(Some(field), value, self.dictionary);
        let (name, old, new): (Words, _, _) = (field.label.into(), words(old), words(new));
        let message = words!(
            "{name} differs within one order: `{old}` in row {first}, `{new}` in row {number}",
            "同一订单的{name}不一致：第 {first} 行为“{old}”，第 {number} 行为“{new}”"; each name, old, new
        );
        let mend = match field.key {
            "amount" => words!(
                "if the column is the amount of a line, map it to `lines.amount`",
                "若该列是每行的小计，请在映射文件中写作 `lines.amount`"
            ),
            _ => words!("write it once, or the same in each row", "请只在首行填写，或各行填写一致"),
        };
        self.order.problems.push(Problem::error(ROWS_DIFFER, field.key, message).mend(mend));
    }

    /// Takes the order's own number, which is not that of the shop.
    fn number(&mut self, row: usize, number: Option<String>) {
        let (Some(old), Some(new)) = (&self.order.number, &number) else {
            return self.order.number = self.order.number.take().or(number);
        };
        if old != new {
            let first = self.order.row_number;
            let message = words!(
                "number differs within one order: `{old}` in row {first}, `{new}` in row {row}",
                "同一订单的编号不一致：第 {first} 行为“{old}”，第 {row} 行为“{new}”"
            );
            self.order.problems.push(Problem::error(ROWS_DIFFER, "number", message));
        }
    }

    /// Takes a custom field; other values of one name are joined, as nobody knows whose they are.
    fn custom(&mut self, name: String, value: Value) {
        let Some((_, old)) = self.order.custom.iter_mut().find(|(other, _)| *other == name) else {
            return self.order.custom.push((name, value));
        };
        let plain = |value: &Value| value_words(None, value, self.dictionary).en;
        let (known, new) = (plain(old), plain(&value));
        if known.split("; ").all(|one| one != new) {
            *old = Value::text(format!("{known}; {new}"));
        }
    }

    /// Takes what is wrong with a row, with its number where there are others, and with the place of its line.
    fn problems(&mut self, number: usize, problems: Vec<Problem>) {
        let at = self.lines.len();
        for mut problem in problems {
            let of_line = problem.field.as_deref().and_then(|field| field.strip_prefix("lines.0."));
            problem.field = of_line.map(|field| format!("{LINES}.{at}.{field}")).or(problem.field);
            if self.is_gathered {
                let told = problem.message;
                problem.message = words!("row {number}: {told}", "第 {number} 行：{told}"; each told);
            }
            self.order.problems.push(problem);
        }
    }

    fn line(&mut self, number: usize, line: Option<(&'static str, Row)>) {
        let Some((_, line)) = line else { return };
        // What stands alone beside no product is the amount of the order.
        let is_amount = line.iter().all(|(field, _)| field.key == "amount");
        let amount = line.get("amount").filter(|_| is_amount && !self.is_gathered);
        match (amount, self.order.row.get("amount")) {
            (Some(amount), None) => return drop(self.order.row.set("amount", amount.clone())),
            (Some(amount), Some(of_order)) if amount == of_order => return,
            _ => {}
        }
        let path = format!("{LINES}.{}.product", self.lines.len());
        if line.get("product").is_none() {
            let message = words!("row {number}: a line without a product", "第 {number} 行：明细缺少产品");
            let mend = words!("name it, freight or rebate as well", "请填写品名，运费、折扣也一样");
            self.order.problems.push(Problem::error("missing-product", path, message).mend(mend));
        }
        if let Some(other) = self.said_lines.insert(format!("{:?}", line.placed()), number) {
            let message = words!(
                "row {number} says the same as row {other}; both lines were taken",
                "第 {number} 行与第 {other} 行的明细相同，两行都已计入"
            );
            self.order.problems.push(Problem::warning("same-line", LINES, message));
        }
        self.lines.push((number, line));
    }

    /// Ends the order: its lines, and what they come to where its rows state no amount.
    pub fn finish(mut self, relax: &[String]) -> Mapped {
        if self.lines.is_empty() {
            return self.order;
        }
        let (rows, lines): (Vec<usize>, Vec<Row>) = self.lines.into_iter().unzip();
        let is_read = self.order.problems.iter().all(|problem| problem.severity != Severity::Error);
        if self.order.row.get("amount").is_none() {
            match lines_total(&lines) {
                Some(sum) => drop(self.order.row.set("amount", Value::Money(sum))),
                None if is_read && !relax.iter().any(|key| key == "amount") => {
                    let unknown = rows.iter().zip(&lines).find(|(_, line)| line_amount(line).is_none());
                    let row = unknown.map_or(self.order.row_number, |(row, _)| *row);
                    self.order.problems.push(no_amount(row));
                }
                // It is rejected for what could not be read, and not to be told to lack what follows from that.
                None if !is_read => drop(self.order.row.set("amount", Value::Money(Money::default()))),
                None => {}
            }
        }
        self.order.row.set(LINES, Value::Rows(lines));
        self.order
    }
}

/// Says that the order's amount is not known; where the order is there already it stays as it is.
fn no_amount(row: usize) -> Problem {
    let message = words!(
        "row {row}: neither an amount nor quantity and unit price, so the order's amount is not known",
        "第 {row} 行：既无金额，也无数量和单价，无法得出订单金额"
    );
    Problem::error("missing-field", "amount", message)
}
