//! Settling a conflict: what is in conflict becomes what was chosen, and its entries go.

use super::entries::{is_entry, text_of, written};
use super::shape::{Shape, called, facts};
use super::tree::{Body, Document, Id, Item, Which};
use super::{frame, parse, seq, value};
use crate::record::{Kind, split_name};
use crate::store::codec::{Form, Place, write_value};

/// What becomes of something in conflict.
#[derive(Debug, Clone, PartialEq)]
pub enum Settlement {
    /// What our side had.
    Ours,
    /// What theirs had.
    Theirs,
    /// This value; none takes it out.
    Value(Option<crate::record::Value>),
}

/// Why a conflict was not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsettled {
    /// Our side had several values, one after the other.
    SeveralOurs,
    /// The text has no place for the value.
    NoPlace,
}

/// Returns the text of a record's file with one conflict settled; `field` is named as in its entries.
///
/// Of several entries the last says what theirs was. Comments and layout stay; a value that is so already is
/// left as it is written.
pub fn settle(kind: Kind, text: &str, field: &str, settlement: &Settlement) -> Result<String, Unsettled> {
    let framed = frame::unwrap(text);
    let mut document = parse::parse(&framed.body).ok_or(Unsettled::NoPlace)?;
    let new = chosen(&document, field, settlement)?;
    drop_entries(&mut document, field);
    let put = put(Shape::Fields(kind.fields), &mut document, &split_name(field), new.as_deref());
    put.ok_or(Unsettled::NoPlace)?;
    let body = document.text();
    parse::parse(&body).ok_or(Unsettled::NoPlace)?;
    Ok(frame::wrap(body, None, &framed, &framed))
}

/// Returns the text of a record's file without the entries of a field.
pub fn without_entries(text: &str, field: &str) -> Option<String> {
    let framed = frame::unwrap(text);
    let mut document = parse::parse(&framed.body)?;
    drop_entries(&mut document, field);
    Some(frame::wrap(document.text(), None, &framed, &framed))
}

/// Tells whether a field, named as in the entries of conflicts, is something else in two texts of a record's file.
///
/// A text that is no TOML has no fields.
pub fn differs(kind: Kind, field: &str, before: Option<&str>, after: Option<&str>) -> bool {
    let of = |text: Option<&str>| {
        let mut document = parse::parse(&frame::unwrap(text?).body)?;
        let mut found = None;
        visit(Shape::Fields(kind.fields), &mut document.items, &split_name(field), &mut |own, items, at| {
            found = Some(facts(own, &items[at].body));
        });
        found
    };
    of(before) != of(after)
}

/// Returns the chosen value as TOML that may stand behind a key.
fn chosen(document: &Document, field: &str, settlement: &Settlement) -> Result<Option<String>, Unsettled> {
    let entries = || document.items.iter().filter(|item| names(item, field));
    match settlement {
        Settlement::Theirs => Ok(entries().next_back().and_then(|entry| written(entry, "theirs"))),
        Settlement::Ours => {
            let mut values = entries().map(|entry| written(entry, "ours"));
            let first = values.next().flatten();
            if values.all(|value| value == first) { Ok(first) } else { Err(Unsettled::SeveralOurs) }
        }
        Settlement::Value(value) => Ok(value.as_ref().map(|value| {
            let mut out = String::new();
            write_value(&mut out, value, Place::Declared, Form::OneLine);
            out
        })),
    }
}

fn names(item: &Item, field: &str) -> bool {
    is_entry(item) && text_of(item, "field").as_deref() == Some(field)
}

/// Takes the entries of a field out; comments above them stay.
fn drop_entries(document: &mut Document, field: &str) {
    while let Some(at) = document.items.iter().position(|item| names(item, field)) {
        remove(&mut document.items, at, &mut document.tail);
    }
}

/// Takes an item out; the comments above it go to what follows, at the end to `behind`.
fn remove(items: &mut Vec<Item>, at: usize, behind: &mut String) {
    let gone = items.remove(at);
    let end = gone.lead.rfind('#').map(|at| gone.lead[at..].find('\n').map_or(gone.lead.len(), |end| at + end + 1));
    let comments = &gone.lead[..end.unwrap_or(0)];
    let next = items.get_mut(at).map_or(behind, |next| &mut next.lead);
    next.insert_str(0, comments);
}

/// What is done to an item that was found: its shape, it and its siblings, its place among them.
type Act<'a> = &'a mut dyn FnMut(Shape, &mut Vec<Item>, usize);

/// Finds what a path leads to and acts on it; tells whether it is there.
fn visit(shape: Shape, items: &mut Vec<Item>, path: &[String], act: Act<'_>) -> bool {
    let is_on_the_way = |item: &Item| !matches!(item.id, Id::Element(..)) && path.starts_with(item.id.path());
    let mut ways: Vec<usize> = (0..items.len()).filter(|at| is_on_the_way(&items[*at])).collect();
    // `[custom.sub]` may stand beside `[custom]`: the nearer first.
    ways.sort_by_key(|at| std::cmp::Reverse(items[*at].id.path().len()));
    for at in ways {
        let own = shape.of(&items[at].id);
        let rest = &path[items[at].id.path().len()..];
        if enter(own, items, at, rest, act) {
            return true;
        }
    }
    let is_row = |item: &&Item| matches!(item.id, Id::Element(..)) && !item.id.path().is_empty();
    let array = items.iter().filter(is_row).find(|item| path.starts_with(item.id.path()));
    let Some(array) = array.map(|item| item.id.path().to_vec()) else { return false };
    visit_row(shape, items, &array, &path[array.len()..], act)
}

/// Acts on an item where the path ends, else goes into it.
fn enter(shape: Shape, items: &mut Vec<Item>, at: usize, rest: &[String], act: Act<'_>) -> bool {
    if rest.is_empty() {
        act(shape, items, at);
        return true;
    }
    match &mut items[at].body {
        Body::Scalar(_) => false,
        Body::Section(inner) => visit(shape, inner, rest, act),
        Body::Inline(inner) => seq::edited(inner, |items| visit(shape, items, rest, act)),
        Body::List(inner) => seq::edited(inner, |items| visit_row(shape, items, &[], rest, act)),
    }
}

/// The same among the elements of an array, where the path begins with what one of them is called.
fn visit_row(shape: Shape, items: &mut Vec<Item>, array: &[String], path: &[String], act: Act<'_>) -> bool {
    let Some((name, rest)) = path.split_first() else { return false };
    let row = shape.of(&Id::Element(array.to_vec(), Which::Nth(0)));
    let mut before: Vec<String> = Vec::new();
    for at in 0..items.len() {
        if !matches!(&items[at].id, Id::Element(own, _) if own == array) {
            continue;
        }
        let own = called(row, &facts(row, &items[at].body)).unwrap_or_default();
        let namesakes = before.iter().filter(|other| **other == own).count();
        if value::numbered(&own, namesakes) == *name {
            return enter(row, items, at, rest, act);
        }
        before.push(own);
    }
    false
}

/// Gives what a path leads to a value, or takes it out; nothing when there is no place for the value.
pub(super) fn put(shape: Shape, document: &mut Document, path: &[String], new: Option<&str>) -> Option<()> {
    let Document { items, tail } = document;
    let mut done = Some(());
    let found = visit(shape, items, path, &mut |own, items, at| match new {
        Some(value) => done = set(own, &mut items[at], value),
        None => remove(items, at, tail),
    });
    match (found, new) {
        (false, Some(value)) => add(shape, items, path, value),
        _ => done,
    }
}

/// Replaces a value; that of an element under a header is a table.
fn set(shape: Shape, item: &mut Item, value: &str) -> Option<()> {
    let new = read(value)?.body;
    if facts(shape, &item.body) == facts(shape, &new) {
        return Some(());
    }
    item.body = match (&item.body, new) {
        (Body::Section(_), Body::Inline(seq)) => Body::Section(seq.items.into_iter().map(line).collect()),
        (Body::Section(_), _) => return None,
        (_, new) => new,
    };
    Some(())
}

/// Adds a value that is not there: where its table is, else with a table of its own.
fn add(shape: Shape, items: &mut Vec<Item>, path: &[String], value: &str) -> Option<()> {
    let (key, parents) = path.split_last()?;
    let mut done = None;
    let is_there =
        visit(shape, items, parents, &mut |own, items, at| done = add_member(own, &mut items[at], key, value));
    if is_there {
        return done;
    }
    let dotted = |parts: &[String]| value::dotted(parts);
    let (table, rest) = path.split_at(1);
    let has_dotted =
        items.iter().any(|item| matches!(&item.id, Id::Pair(own) if own.len() > 1 && own.starts_with(table)));
    let text = match rest {
        [] => format!("{} = {value}\n", dotted(path)),
        _ if has_dotted => format!("{} = {value}\n", dotted(path)),
        [_] if matches!(shape.at(table), Shape::Rows(_)) => {
            let Body::Inline(seq) = read(value)?.body else { return None };
            format!("\n[[{}]]\n{}", dotted(table), Body::Section(seq.items.into_iter().map(line).collect()).text())
        }
        _ => format!("\n[{}]\n{} = {value}\n", dotted(table), dotted(rest)),
    };
    insert(shape, items, parse::parse(&text)?.items.pop()?);
    Some(())
}

/// Adds a member to a table.
fn add_member(shape: Shape, table: &mut Item, key: &str, value: &str) -> Option<()> {
    let member = parse::parse(&format!("{} = {value}\n", value::dotted(&[key.to_string()])))?.items.pop()?;
    match &mut table.body {
        Body::Section(lines) => insert(shape, lines, member),
        Body::Inline(inner) => {
            let member = Item { lead: " ".to_string(), trail: String::new(), ..member };
            seq::edited(inner, |items| items.push(member));
        }
        Body::Scalar(_) | Body::List(_) => return None,
    }
    Some(())
}

/// Puts a new item behind those that are declared before it, and behind its like.
fn insert(shape: Shape, items: &mut Vec<Item>, new: Item) {
    let rank = shape.rank(&new.id);
    let is_before = |item: &Item| shape.rank(&item.id) <= rank || item.id.path() == new.id.path();
    let at = items.iter().rposition(is_before).map_or(0, |at| at + 1);
    items.insert(at, new);
}

/// Returns a member of an inline table as a line.
fn line(item: Item) -> Item {
    let head = item.head.trim_start().to_string();
    Item { lead: String::new(), head, trail: "\n".to_string(), ..item }
}

/// Reads a value.
fn read(value: &str) -> Option<Item> {
    parse::parse(&format!("x = {value}\n"))?.items.pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, LEAD, Money, Value};

    const LEAD_TEXT: &str = "number = \"LEAD-2026-001\"\n# asked twice\nbudget_max = 90000.00 # theirs\ntags = [\"a\"]\n\n\
                             [custom]\n'抖音号' = \"x\"\n\n# keep me\n[[conflicts]]\nfield = \"budget_max\"\n\
                             base = 50000.00\nours = 80000.00\ntheirs = 90000.00\n\n[[conflicts]]\nfield = \"city\"\n\
                             ours = \"苏州\"\n";

    fn entry(field: &str, ours: Option<&str>, theirs: Option<&str>) -> String {
        let line = |key: &str, value: Option<&str>| value.map(|value| format!("{key} = {value}\n")).unwrap_or_default();
        format!("\n[[conflicts]]\nfield = '{field}'\n{}{}", line("ours", ours), line("theirs", theirs))
    }

    #[test]
    fn a_side_is_taken_and_the_rest_of_the_file_stays() {
        let ours = settle(LEAD, LEAD_TEXT, "budget_max", &Settlement::Ours).unwrap();
        let wanted = LEAD_TEXT.replace("budget_max = 90000.00", "budget_max = 80000.00").replace(
            "[[conflicts]]\nfield = \"budget_max\"\nbase = 50000.00\nours = 80000.00\ntheirs = 90000.00\n\n",
            "\n",
        );
        assert_eq!(ours, wanted);
        let theirs = settle(LEAD, LEAD_TEXT, "city", &Settlement::Theirs).unwrap();
        assert_eq!(theirs, LEAD_TEXT.replace(&entry("city", Some("\"苏州\""), None).replace('\'', "\""), ""));
        let added = settle(LEAD, LEAD_TEXT, "city", &Settlement::Ours).unwrap();
        assert!(added.contains("\ncity = \"苏州\"\n"), "{added}");
    }

    #[test]
    fn a_value_is_set_and_taken_out() {
        let value = Value::Money(Money(85000.into()));
        let set = settle(LEAD, LEAD_TEXT, "budget_max", &Settlement::Value(Some(value))).unwrap();
        assert!(set.contains("budget_max = \"85000.00\" # theirs\n"), "{set}");
        let cleared = settle(LEAD, LEAD_TEXT, "budget_max", &Settlement::Value(None)).unwrap();
        assert!(cleared.contains("# asked twice\ntags"), "{cleared}");
    }

    #[test]
    fn several_of_ours_are_no_choice() {
        let text = format!(
            "name = \"x\"\n{}{}",
            entry("city", Some("\"a\""), Some("\"b\"")),
            entry("city", Some("\"c\""), None)
        );
        assert_eq!(settle(LEAD, &text, "city", &Settlement::Ours), Err(Unsettled::SeveralOurs));
        assert_eq!(settle(LEAD, &text, "city", &Settlement::Theirs).unwrap(), "name = \"x\"\n");
    }

    #[test]
    fn inside_tables() {
        let contact = "{ name = '甲', phone = '1' }";
        for (text, field, ours, wanted) in [
            ("[[contacts]]\nname = '甲'\nemail = 'a@b.cn'\n", "contacts.甲.email", None, "[[contacts]]\nname = '甲'\n"),
            (
                "[[contacts]]\nname = '甲'\n",
                "contacts.甲.email",
                Some("'c@d.cn'"),
                "[[contacts]]\nname = '甲'\nemail = 'c@d.cn'\n",
            ),
            ("name = 'x'\n", "contacts.甲", Some(contact), "name = 'x'\n\n[[contacts]]\nname = '甲'\nphone = '1'\n"),
            ("[[contacts]]\nname = '甲'\n", "contacts.甲", None, ""),
            (
                "contacts = [{ name = '甲', email = 'x' }, { name = '乙' }]\n",
                "contacts.甲.email",
                None,
                "contacts = [{ name = '甲' }, { name = '乙' }]\n",
            ),
            ("contacts = [{ name = '甲' }, { name = '乙' }]\n", "contacts.乙", None, "contacts = [{ name = '甲' }]\n"),
            (
                "contacts = [{ name = '甲' }]\n",
                "contacts.甲.phone",
                Some("'1'"),
                "contacts = [{ name = '甲', phone = '1' }]\n",
            ),
            ("name = 'x'\n", "custom.\"a b\"", Some("1"), "name = 'x'\n\n[custom]\n\"a b\" = 1\n"),
            ("custom.a = 1\n", "custom.b", Some("2"), "custom.a = 1\ncustom.b = 2\n"),
            ("[custom]\nb = 3 # c\n", "custom.b", Some("2"), "[custom]\nb = 2 # c\n"),
            (
                "[custom]\nb = 3\n\n[custom.sub]\nx = 1\n",
                "custom.sub.x",
                Some("2"),
                "[custom]\nb = 3\n\n[custom.sub]\nx = 2\n",
            ),
            (
                "[custom]\nb = 3\n\n[custom.sub]\nx = 1\n",
                "custom.c",
                Some("2"),
                "[custom]\nb = 3\nc = 2\n\n[custom.sub]\nx = 1\n",
            ),
        ] {
            let whole = format!("{text}{}", entry(field, ours, None));
            assert_eq!(settle(CUSTOMER, &whole, field, &Settlement::Ours).as_deref(), Ok(wanted), "{whole}");
        }
    }
}
