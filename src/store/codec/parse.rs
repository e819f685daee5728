//! Reads the text of a record's file.

use super::value::{found_words, odd_text, read_custom, read_declared, type_words};
use super::{CUSTOM, position, split_bom};
use crate::record::input::shorten;
use crate::record::{
    Field, FieldType, Finding, Kind, Number, Problem, Record, Row, Severity, Value, Words, toml_words,
};
use crate::store::layout::path_of;
use crate::words;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Error};

/// Line starts that git leaves around the two sides of a conflict.
const CONFLICT_MARKS: [&str; 2] = ["<<<<<<< ", ">>>>>>> "];

/// Reads a record, with what is wrong or unknown in its file, in the order of the file.
///
/// There is no record when the text is not TOML; then there is one finding, with line and column.
pub fn parse(kind: Kind, number: &Number, text: &str) -> (Option<Record>, Vec<Finding>) {
    parse_at(kind, number, text, &path_of(kind, number))
}

/// Reads a record whose path is known already.
pub(in crate::store) fn parse_at(
    kind: Kind,
    number: &Number,
    text: &str,
    path: &str,
) -> (Option<Record>, Vec<Finding>) {
    let (_, body) = split_bom(text);
    let mut reader = Reader { body, path, found: Vec::new() };
    if let Some(offset) = conflict_mark(body) {
        reader.report(offset, conflict());
    }
    let row = match DeTable::parse(body) {
        Ok(document) => Some(reader.row(kind.fields, document.get_ref(), "")),
        Err(error) if reader.found.is_empty() => {
            reader.report(error.span().map_or(0, |span| span.start), syntax(&error));
            None
        }
        Err(_) => None,
    };
    (row.map(|row| Record { kind, number: number.clone(), row }), reader.findings())
}

/// Finds the first line that git put in to mark a conflict.
fn conflict_mark(body: &str) -> Option<usize> {
    let starts_line = |at: &usize| *at == 0 || body[..*at].ends_with('\n');
    let places = CONFLICT_MARKS.into_iter().flat_map(|mark| body.match_indices(mark).map(|(at, _)| at));
    places.filter(starts_line).min()
}

fn conflict() -> Problem {
    let message = words!("the file holds an unresolved merge conflict", "文件中有未解决的合并冲突");
    let mend = words!(
        "keep one side and take the lines starting with <<<<<<<, ======= and >>>>>>> out",
        "保留一方内容，并删去以 <<<<<<<、======= 和 >>>>>>> 开头的行"
    );
    Problem { code: "conflict-marker", severity: Severity::Error, field: None, message, mend: Some(mend) }
}

fn syntax(error: &Error) -> Problem {
    let reason = toml_words(error.message());
    let message = Words {
        en: format!("not TOML: {}", shorten(&reason.en)).into(),
        zh: format!("不是合法的 TOML：{}", reason.zh).into(),
    };
    Problem { code: "toml-syntax", severity: Severity::Error, field: None, message, mend: None }
}

/// A walk through a parsed document, gathering what is wrong.
struct Reader<'a> {
    body: &'a str,
    path: &'a str,
    found: Vec<(usize, Problem)>,
}

impl Reader<'_> {
    fn report(&mut self, offset: usize, problem: Problem) {
        self.found.push((offset, problem));
    }

    /// Returns what was found in the order of the file.
    fn findings(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|(offset, _)| *offset);
        let place = |(offset, problem)| {
            let (line, column) = position(self.body, offset);
            Finding { path: self.path.to_string(), line, column, problem }
        };
        self.found.into_iter().map(place).collect()
    }

    /// Reads the fields of a table; `path` names it in findings, empty for the file.
    fn row(&mut self, fields: &'static [Field], table: &DeTable<'_>, path: &str) -> Row {
        let mut values = Vec::with_capacity(table.len());
        let mut custom = Vec::new();
        for (key, value) in table.iter() {
            let name: &str = key.get_ref();
            match fields.iter().position(|field| field.key == name) {
                Some(at) => values.push((at as u16, self.value(&fields[at], value, path))),
                None if name == CUSTOM => custom = self.custom(value, path),
                None => self.report(key.span().start, unknown_field(fields, path, name)),
            }
        }
        values.sort_unstable_by_key(|(at, _)| *at);
        Row::from_parts(fields, values, custom).unwrap_or_else(|| Row::new(fields))
    }

    fn value(&mut self, field: &'static Field, value: &Spanned<DeValue<'_>>, path: &str) -> Value {
        if let (FieldType::Table(inner), Some(items)) = (field.ty, value.get_ref().as_array())
            && let Some(rows) = self.rows(inner, items, &dotted(path, field.key))
        {
            return Value::Rows(rows);
        }
        read_declared(field.ty, value.get_ref()).unwrap_or_else(|| {
            if field.ty != FieldType::Any {
                self.report(value.span().start, mismatch(field, value.get_ref(), path));
            }
            Value::Odd(odd_text(value, self.body))
        })
    }

    /// Reads the rows of a table field; nothing when an item is not a table.
    fn rows(&mut self, fields: &'static [Field], items: &DeArray<'_>, path: &str) -> Option<Vec<Row>> {
        let tables: Option<Vec<_>> = items.iter().map(|item| item.get_ref().as_table()).collect();
        let rows = tables?.into_iter().enumerate();
        Some(rows.map(|(at, table)| self.row(fields, table, &format!("{path}.{at}"))).collect())
    }

    /// Reads the custom fields in the order of the file.
    fn custom(&mut self, value: &Spanned<DeValue<'_>>, path: &str) -> Vec<(Box<str>, Value)> {
        let Some(table) = value.get_ref().as_table() else {
            self.report(value.span().start, custom_mismatch(value.get_ref(), path));
            return Vec::new();
        };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let read = |value: &Spanned<DeValue<'_>>| {
            read_custom(value.get_ref()).unwrap_or_else(|| Value::Odd(odd_text(value, self.body)))
        };
        entries.into_iter().map(|(key, value)| ((&**key.get_ref()).into(), read(value))).collect()
    }
}

fn dotted(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
}

fn mismatch(field: &Field, value: &DeValue<'_>, path: &str) -> Problem {
    let (found, wanted, label) = (found_words(value), type_words(field.ty), field.label);
    let message = Words {
        en: format!("{} is {}, not {}", label.en, shown(value, &found.en), wanted.en).into(),
        zh: format!("{}是{}，不是{}", label.zh, shown(value, &found.zh), wanted.zh).into(),
    };
    Problem::error("type-mismatch", dotted(path, field.key), message)
}

/// Adds the text of a string to its type: a string that is no date is better shown than named.
fn shown(value: &DeValue<'_>, found: &str) -> String {
    value.as_str().map_or_else(|| found.to_string(), |text| format!("`{}`", shorten(text)))
}

fn custom_mismatch(value: &DeValue<'_>, path: &str) -> Problem {
    let found = found_words(value);
    let message = words!("`custom` is {found}, not a table", "`custom` 是{found}，不是表格"; each found);
    Problem::error("type-mismatch", dotted(path, CUSTOM), message)
}

/// Says that a key is not declared, naming the nearest one that is.
fn unknown_field(fields: &'static [Field], path: &str, key: &str) -> Problem {
    let shown = shorten(key);
    let message = words!("field `{shown}` is not known; it is kept", "未知字段 `{shown}`，予以保留");
    let problem = Problem::warning("unknown-field", dotted(path, key), message);
    let near = fields.iter().map(|field| (strsim::jaro_winkler(field.key, key), field.key));
    match near.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(score, _)| *score > 0.8) {
        Some((_, near)) => problem.mend(words!("did you mean `{near}`?", "是否应为 `{near}`？")),
        None => problem.mend(words!("put fields of your own under `[custom]`", "自定义字段请放在 `[custom]` 之下")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, LEAD};
    use chrono::NaiveDate;

    fn lead(text: &str) -> (Option<Record>, Vec<Finding>) {
        parse(LEAD, &Number::parse("LEAD-2026-001").unwrap(), text)
    }

    fn places(findings: &[Finding]) -> Vec<(usize, usize, &str, Option<&str>)> {
        findings.iter().map(|f| (f.line, f.column, f.problem.code, f.problem.field.as_deref())).collect()
    }

    #[test]
    fn reads_by_declared_type() {
        let text = "staff = 1_200\nlisted = true\nbudget_min = 100000\nbudget_max = 2.50e5\nexpected_on = \"2026-05-01\"\n\
                    acquired_on = 2026-03-12\nassigned_at = 2026-03-12T09:30:00+08:00\ntags = ['a', \"b\"]\nstatus = \"odd one\"\n";
        let (record, findings) = lead(text);
        let record = record.unwrap();
        assert_eq!(findings, []);
        assert_eq!(record.integer("staff"), Some(1200));
        assert!(record.flag("listed"));
        assert_eq!(record.money("budget_min").unwrap().to_string(), "100000.00");
        assert_eq!(record.money("budget_max").unwrap().to_string(), "250000.00");
        assert_eq!(record.date("expected_on"), NaiveDate::from_ymd_opt(2026, 5, 1));
        assert_eq!(record.moment("assigned_at").unwrap().to_rfc3339(), "2026-03-12T09:30:00+08:00");
        assert_eq!(record.texts("tags"), ["a".into(), "b".into()]);
        assert_eq!(record.text("status"), Some("odd one"), "keys are for check");
    }

    #[test]
    fn money_keeps_its_digits() {
        for (toml, money) in [
            ("0.1", "0.10"),
            ("12.345", "12.345"),
            ("100.000", "100.00"),
            ("-0.5", "-0.50"),
            ("1e3", "1000.00"),
            ("\"50万\"", "500000.00"),
            ("0x10", "16.00"),
        ] {
            let (record, findings) = lead(&format!("budget_min = {toml}\n"));
            assert_eq!(findings, [], "{toml}");
            assert_eq!(record.unwrap().money("budget_min").unwrap().to_string(), money, "{toml}");
        }
        for toml in ["inf", "nan", "true", "\"面议\"", "1e400"] {
            let (record, findings) = lead(&format!("budget_min = {toml}\n"));
            assert_eq!(places(&findings), [(1, 14, "type-mismatch", Some("budget_min"))], "{toml}");
            assert_eq!(record.unwrap().get("budget_min"), Some(&Value::Odd(toml.into())));
        }
    }

    #[test]
    fn wrong_types_are_kept_and_reported() {
        let (record, findings) = lead(
            "company = \"某某\"\nphone = 13800138000 # no quotes\nacquired_on = 2026-03-12T09:00:00\n\n[remark]\nb = 1\n",
        );
        let record = record.unwrap();
        assert_eq!(record.get("phone"), Some(&Value::Odd("13800138000".into())));
        assert_eq!(record.get("remark"), Some(&Value::Odd("{ b = 1 }".into())));
        assert_eq!(
            places(&findings),
            [
                (2, 9, "type-mismatch", Some("phone")),
                (3, 15, "type-mismatch", Some("acquired_on")),
                (5, 1, "type-mismatch", Some("remark"))
            ]
        );
        assert_eq!(findings[0].path, "leads/2026/LEAD-2026-001.toml");
    }

    #[test]
    fn unknown_fields_name_the_nearest() {
        let (_, findings) = lead("compnay = \"x\"\n\"高度\" = 1\n");
        assert_eq!(
            places(&findings),
            [(1, 1, "unknown-field", Some("compnay")), (2, 1, "unknown-field", Some("高度"))]
        );
        assert_eq!(findings[0].problem.severity, Severity::Warning);
        assert!(findings[0].problem.mend.as_ref().unwrap().en.contains("`company`"));
    }

    #[test]
    fn tables_and_custom_fields() {
        let text = "name = \"x\"\n[[contacts]]\nname = \"甲\"\nfax = \"1\"\n[contacts.custom]\nz = 1.50\na = [\"x\"]\n[[contacts]]\nname = \"乙\"\n[custom]\nb = 2026-01-02\na = [1]\n";
        let (record, findings) = parse(CUSTOMER, &Number::parse("B2B-2026-001").unwrap(), text);
        let record = record.unwrap();
        assert_eq!(places(&findings), [(4, 1, "unknown-field", Some("contacts.0.fax"))]);
        let contacts = record.rows("contacts");
        assert_eq!(contacts.len(), 2);
        assert_eq!(contacts[0].custom()[0].0.as_ref(), "z", "in the order of the file");
        assert!(matches!(contacts[0].get_custom("z"), Some(Value::Money(_))));
        assert_eq!(record.get_custom("a"), Some(&Value::Odd("[1]".into())));
    }

    #[test]
    fn what_is_not_toml() {
        for (text, line, column, code) in [
            ("company = \"某\nphone = 1\n", 1, 13, "toml-syntax"),
            ("company = \"某某\" x\n", 1, 16, "toml-syntax"),
            ("\u{feff}a = 1\n客户 = 1\n", 2, 1, "toml-syntax"),
            ("phone = \"1\0\"\n", 1, 11, "toml-syntax"),
            ("a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> x\n", 2, 1, "conflict-marker"),
        ] {
            let (record, findings) = lead(text);
            assert!(record.is_none(), "{text}");
            let [finding] = &findings[..] else { panic!("{findings:?}") };
            assert_eq!((finding.line, finding.column, finding.problem.code), (line, column, code), "{text}");
        }
    }

    #[test]
    fn a_mark_inside_text_is_reported_and_read() {
        let (record, findings) = lead("remark = \"\"\"\n<<<<<<< ours\n\"\"\"\n");
        assert!(record.is_some());
        assert_eq!(places(&findings), [(2, 1, "conflict-marker", None)]);
    }

    #[test]
    fn byte_order_mark_and_crlf() {
        let (record, findings) = lead("\u{feff}company = \"某某\"\r\nstaff = 3\r\n");
        assert_eq!(findings, []);
        assert_eq!(record.unwrap().integer("staff"), Some(3));
    }
}
