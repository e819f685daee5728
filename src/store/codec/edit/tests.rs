use super::*;
use crate::record::{CONTACT, CUSTOMER, LEAD, Number};
use crate::store::codec::parse;

fn edited(kind: crate::record::Kind, text: &str, change: impl FnOnce(&mut Record)) -> String {
    let number = Number::parse("X-2026-001").unwrap();
    let (before, _) = parse(kind, &number, text);
    let before = before.unwrap();
    let mut after = before.clone();
    change(&mut after);
    let out = apply(text, &before, &after);
    assert_eq!(parse(kind, &number, &out).0.as_ref(), Some(&after), "{out}");
    out
}

fn texts(list: &[&str]) -> Value {
    Value::Texts(list.iter().map(|text| (*text).into()).collect())
}

/// Edits by a closure over the rows of `contacts`.
fn contacts(text: &str, change: impl FnOnce(&mut Vec<Row>)) -> String {
    edited(CUSTOMER, text, |record| {
        let mut rows = record.rows("contacts").to_vec();
        change(&mut rows);
        if rows.is_empty() {
            record.remove("contacts")
        } else {
            record.set("contacts", Value::Rows(rows))
        };
    })
}

fn contact(name: &str) -> Row {
    let mut row = Row::new(CONTACT);
    row.set("name", Value::text(name));
    row
}

#[test]
fn changes_one_line_and_keeps_the_rest() {
    let text = "# 首行\n\nstatus = 'new'   # 状态\ncompany   =   \"某某\" # 公司\nunknown = { a = [1, 2] }\n# end";
    let out = edited(LEAD, text, |lead| _ = lead.set("company", Value::text("新某")));
    assert_eq!(out, text.replace("\"某某\"", "\"新某\""));
}

#[test]
fn inserts_at_the_declared_place() {
    let text = "status = \"new\"\n# 谁\ncontact_name = \"x\" # c\nregion = \"r\"";
    let out = edited(LEAD, text, |lead| {
        lead.set("phone", Value::text("1"));
        lead.set("email", Value::text("2"));
        lead.set("remark", Value::text("3"));
        lead.set("company", Value::text("4"));
    });
    assert_eq!(
        out,
        "status = \"new\"\ncompany = \"4\"\n# 谁\ncontact_name = \"x\" # c\nphone = \"1\"\nemail = \"2\"\nregion = \"r\"\nremark = \"3\""
    );
    assert_eq!(
        edited(LEAD, "region = \"r\"\n", |lead| _ = lead.set("status", Value::text("s"))),
        "status = \"s\"\nregion = \"r\"\n"
    );
    assert_eq!(edited(LEAD, "", |lead| _ = lead.set("status", Value::text("s"))), "status = \"s\"\n");
    assert_eq!(
        edited(LEAD, "# c\n[custom]\na = 1\n", |lead| _ = lead.set("status", Value::text("s"))),
        "# c\nstatus = \"s\"\n\n[custom]\na = 1\n"
    );
}

#[test]
fn takes_out_only_the_line() {
    let text = "\u{feff}status = \"new\"\r\n# about phone\r\nphone = \"1\" # c\r\nregion = \"r\"\r\n";
    let out = edited(LEAD, text, |lead| _ = lead.remove("phone"));
    assert_eq!(out, "\u{feff}status = \"new\"\r\n# about phone\r\nregion = \"r\"\r\n");
}

#[test]
fn line_ends_stay() {
    let out = edited(LEAD, "status = \"new\"\r\ntags = [\"a\"]\r\n", |lead| {
        lead.set("remark", Value::text("一\n二"));
        lead.set("tags", texts(&["a", "b"]));
        lead.set_custom("k", Value::Integer(1));
    });
    assert_eq!(
        out,
        "status = \"new\"\r\ntags = [\r\n    \"a\",\r\n    \"b\",\r\n]\r\nremark = \"一\\n二\"\r\n\r\n[custom]\r\nk = 1\r\n"
    );
}

#[test]
fn lists_change_by_line() {
    let text = "tags = [\n  # first\n  'a', # about a\n  'b'  # about b\n]\n";
    let out = edited(LEAD, text, |lead| _ = lead.set("tags", texts(&["a", "c", "d"])));
    assert_eq!(out, "tags = [\n  # first\n  'a', # about a\n  \"c\",  # about b\n  \"d\",\n]\n");
    let out = edited(LEAD, text, |lead| _ = lead.set("tags", texts(&["b", "z"])));
    assert_eq!(out, "tags = [\n  # first\n  'b',  # about b\n  \"z\",\n]\n");
    let out = edited(LEAD, "tags = [\"a\", \"b\"] # c\n", |lead| _ = lead.set("tags", texts(&["a", "b", "c"])));
    assert_eq!(out, "tags = [\"a\", \"b\", \"c\"] # c\n");
}

const CONTACTS: &str = "name = \"x\"\n\n# 采购\n[[contacts]]\nname = \"甲\"\nwork_phone = \"1\" # desk\nfax = 5\n\n# 技术\n[[contacts]]\nname = \"乙\"\n\n[other]\na = 1\n";

#[test]
fn a_contact_changes_by_one_line() {
    let out = contacts(CONTACTS, |rows| _ = rows[0].set("work_phone", Value::text("2")));
    assert_eq!(out, CONTACTS.replace("\"1\"", "\"2\""));
    let out = contacts(CONTACTS, |rows| _ = rows[1].set("email", Value::text("a@b.c")));
    assert_eq!(out, CONTACTS.replace("\"乙\"\n", "\"乙\"\nemail = \"a@b.c\"\n"));
}

#[test]
fn contacts_come_and_go() {
    let out = contacts(CONTACTS, |rows| _ = rows.remove(0));
    assert_eq!(out, "name = \"x\"\n\n# 采购\n\n# 技术\n[[contacts]]\nname = \"乙\"\n\n[other]\na = 1\n");
    let out = contacts(CONTACTS, |rows| rows.push(contact("丙")));
    assert_eq!(out, CONTACTS.replace("\"乙\"\n", "\"乙\"\n\n[[contacts]]\nname = \"丙\"\n"));
    let out = contacts(CONTACTS, |rows| rows.insert(0, contact("丙")));
    assert_eq!(out, CONTACTS.replace("# 采购\n", "[[contacts]]\nname = \"丙\"\n\n# 采购\n"));
    let out = contacts("name = \"x\"", |rows| rows.push(contact("丙")));
    assert_eq!(out, "name = \"x\"\n\n[[contacts]]\nname = \"丙\"");
    let out = contacts("name = \"x\"\n\n[[contacts]]\nname = \"甲\"\n", Vec::clear);
    assert_eq!(out, "name = \"x\"\n");
}

#[test]
fn unusual_layouts() {
    let text =
        "contacts = [ { name = \"甲\", work_phone = \"1\", fax = 5 }, # c\n { name = \"乙\" } ]\ncustom.a = 1 # d\n";
    let out = contacts(text, |rows| _ = rows[0].set("work_phone", Value::text("2")));
    assert_eq!(out, text.replace("\"1\"", "\"2\""), "a value is replaced wherever it stands");
    let out = contacts(text, |rows| _ = rows[1].set("email", Value::text("a@b.c")));
    assert!(out.contains("fax = 5"), "{out}");
    assert!(out.contains("custom.a = 1 # d"), "{out}");
    let out = edited(CUSTOMER, text, |record| record.set_custom("b", Value::Flag(true)));
    assert!(out.contains("a = 1 # d\nb = true\n"), "{out}");
    let out = edited(CUSTOMER, "[name]\na = 1\n", |record| _ = record.set("name", Value::text("x")));
    assert_eq!(out, "name = \"x\"\n");
    let out = edited(CUSTOMER, "custom = 3\n", |record| record.set_custom("b", Value::Flag(true)));
    assert_eq!(out, "[custom]\nb = true\n");
}

#[test]
fn custom_fields_by_line() {
    let text = "name = \"x\"\n\n[custom]\na = 1 # one\n\"客 户\" = 2.50\n";
    let out = edited(CUSTOMER, text, |record| {
        record.set_custom("a", Value::Integer(2));
        record.set_custom("z", Value::text("t"));
        record.remove_custom("客 户");
    });
    assert_eq!(out, "name = \"x\"\n\n[custom]\na = 2 # one\nz = \"t\"\n");
    let out = edited(CUSTOMER, text, |record| {
        record.remove_custom("a");
        record.remove_custom("客 户");
    });
    assert_eq!(out, "name = \"x\"\n");
    let out = edited(CUSTOMER, CONTACTS, |record| record.set_custom("a", Value::Integer(1)));
    assert_eq!(out, CONTACTS.replace("# 采购", "[custom]\na = 1\n\n# 采购"));
}
