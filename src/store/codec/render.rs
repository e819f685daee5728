//! A record as the text of a new file.

use super::CUSTOM;
use super::write::{Form, Place, write_key, write_value};
use crate::record::{Record, Row, Value};

/// Returns the text of a new file: single values in declared order, then `[custom]`, then the tables.
pub fn render(record: &Record) -> String {
    render_row(&record.row)
}

/// Returns the text of a row that is no record yet, by which two of the same content are told to be the same.
pub fn render_row(row: &Row) -> String {
    let mut out = String::with_capacity(1024);
    write_row(&mut out, row, "", Form::Lines);
    out
}

/// Tells whether a value is written as a `key = value` line, not as sections of its own.
pub(super) fn is_flat(value: &Value) -> bool {
    !matches!(value, Value::Rows(rows) if !rows.is_empty())
}

/// Appends the lines of a row and the sections inside it; `path` is that of its header, empty for the file.
pub(super) fn write_row(out: &mut String, row: &Row, path: &str, form: Form) {
    for (field, value) in row.iter().filter(|(_, value)| is_flat(value)) {
        write_line(out, field.key, value, Place::Declared, form);
    }
    write_custom(out, row, path, form);
    for (field, value) in row.iter() {
        if let Value::Rows(rows) = value {
            rows.iter().for_each(|inner| write_section(out, inner, &join(path, field.key), form));
        }
    }
}

/// Appends `key = value` and a line end.
pub(super) fn write_line(out: &mut String, key: &str, value: &Value, place: Place, form: Form) {
    write_key(out, key);
    out.push_str(" = ");
    write_value(out, value, place, form);
    out.push('\n');
}

/// Appends the `[custom]` table of a row, if it has one.
pub(super) fn write_custom(out: &mut String, row: &Row, path: &str, form: Form) {
    if row.custom().is_empty() {
        return;
    }
    part(out);
    out.push_str(&format!("[{}]\n", join(path, CUSTOM)));
    for (name, value) in row.custom() {
        write_line(out, name, value, Place::Custom, form);
    }
}

/// Appends one row of a table field under its header.
pub(super) fn write_section(out: &mut String, row: &Row, path: &str, form: Form) {
    part(out);
    out.push_str(&format!("[[{path}]]\n"));
    write_row(out, row, path, form);
}

/// Parts a section from what stands before it.
fn part(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

/// Returns the header of what lies at `key` inside `path`; declared keys are bare.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONTACT, CUSTOMER, Money, Number};

    #[test]
    fn a_new_file() {
        let mut record = Record::new(CUSTOMER, Number::parse("B2B-2026-001").unwrap());
        record.set("remark", Value::text("一\n二"));
        record.set("name", Value::text("某某公司"));
        record.set("tags", Value::Texts(vec!["a".into(), "b".into()]));
        record.set("annual_revenue", Value::Money(Money(rust_decimal::Decimal::from(5))));
        record.set("founded_on", Value::Date(chrono::NaiveDate::from_ymd_opt(2001, 2, 3).unwrap()));
        record.set_custom("原 系统", Value::Money(Money(rust_decimal::Decimal::new(15, 1))));
        let mut contact = Row::new(CONTACT);
        contact.set("name", Value::text("联系人"));
        contact.set_custom("fax", Value::Flag(false));
        record.set("contacts", Value::Rows(vec![contact.clone(), contact]));
        let contact = "\n[[contacts]]\nname = \"联系人\"\n\n[contacts.custom]\nfax = false\n";
        assert_eq!(
            render(&record),
            format!(
                "name = \"某某公司\"\nannual_revenue = \"5.00\"\nfounded_on = 2001-02-03\n\
                 tags = [\n    \"a\",\n    \"b\",\n]\nremark = \"\"\"\n一\n二\"\"\"\n\n\
                 [custom]\n\"原 系统\" = 1.50\n{contact}{contact}"
            )
        );
    }
}
