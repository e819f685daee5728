//! What `--take NUM.FIELD` names.

use super::super::Session;
use crate::record::{CONTACT, CUSTOMER, Failure, Field, Kind, Number, Result, find_field, split_name};
use crate::rules::dedupe::merge::{Take, What};
use crate::rules::listing::{Named, RecordSchema};
use crate::words;

/// Reads what is to be taken from which of the records: a field by key, label or alias, `custom.NAME`, or
/// `contacts.NAME.FIELD`.
///
/// Fails with exit code 2 when a text names none of the records, or nothing that can be taken, or one field twice.
pub(super) fn read(session: &Session, kind: Kind, numbers: &[&Number], texts: &[String]) -> Result<Vec<Take>> {
    let mut takes: Vec<Take> = Vec::new();
    for text in texts {
        let (from, rest) = part(numbers, text)?;
        let take = Take { from, what: what(session, kind, rest)? };
        if takes.iter().any(|known| known.what == take.what) {
            return Err(Failure::usage(words!("`{rest}` is taken twice", "`{rest}` 指定了两次")));
        }
        takes.push(take);
    }
    Ok(takes)
}

/// Parts `NUM.FIELD`.
fn part<'t>(numbers: &[&Number], text: &'t str) -> Result<(Number, &'t str)> {
    let text = text.trim();
    let of = |number: &&&Number| {
        let rest = text.get(..number.as_str().len()).filter(|start| start.eq_ignore_ascii_case(number.as_str()));
        rest.and_then(|start| text[start.len()..].strip_prefix('.')).filter(|rest| !rest.is_empty())
    };
    numbers.iter().find_map(|number| Some(((**number).clone(), of(&number)?))).ok_or_else(|| {
        let all = numbers.iter().map(|number| format!("`{number}`")).collect::<Vec<_>>();
        let (en, zh) = (all.join(", "), all.join("、"));
        Failure::usage(words!("`--take {text}` names none of the records", "`--take {text}` 没有指明其中的记录"))
            .hint(words!("write `NUM.FIELD` with one of {en}", "请写“编号.字段”，编号为 {zh} 之一"))
    })
}

fn what(session: &Session, kind: Kind, text: &str) -> Result<What> {
    if let Some(contact) = contact_field(kind, text) {
        return Ok(contact);
    }
    match RecordSchema::new(kind, &session.config).named(text) {
        Some(Named::Custom(name)) => Ok(What::Custom(name)),
        Some(Named::Stored(field)) if field.is_table() || field.own || field.is_list() => Err(united(text)),
        Some(Named::Stored(field)) => match field.follows {
            Some(leader) => Err(led(text, leader)),
            None => Ok(What::Field(field)),
        },
        _ => Err(unknown(kind, text)),
    }
}

/// Returns the field of a contact that `contacts.NAME.FIELD` names.
fn contact_field(kind: Kind, text: &str) -> Option<What> {
    let [table, name, key] = <[String; 3]>::try_from(split_name(text)).ok()?;
    let is_contacts = kind == CUSTOMER && matches!(table.as_str(), "contacts" | "联系人");
    let by_label =
        |key: &str| CONTACT.iter().find(|field| field.label.zh == key || field.label.en.eq_ignore_ascii_case(key));
    let field: &'static Field = find_field(CONTACT, &key).or_else(|| by_label(&key))?;
    (is_contacts && !field.identity && !field.is_list()).then_some(What::Contact(name, field))
}

fn united(text: &str) -> Failure {
    Failure::usage(words!("`{text}` cannot be taken from one of them", "不能只取其中一条的 `{text}`"))
        .hint(words!("lists and tables are united", "列表和表格会合并在一起"))
}

fn led(text: &str, leader: &str) -> Failure {
    Failure::usage(words!("`{text}` goes with `{leader}`", "`{text}` 随 `{leader}` 一起"))
        .hint(words!("take `{leader}`, and it is taken too", "取 `{leader}` 时会一并取得"))
}

fn unknown(kind: Kind, text: &str) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::usage(words!("a {en} has no field `{text}` that is stored", "{zh}没有可存储的字段“{text}”"))
        .hint(words!("`kehu help fields` lists them", "用 `kehu help fields` 查看字段"))
}
