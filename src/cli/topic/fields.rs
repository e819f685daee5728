//! `kehu help fields`, made from the declarations

use super::Topic;
use crate::record::{Field, KINDS, Kind, Label, Lang, table_fields};
use crate::rules::computed::COMPUTED;
use unicode_width::UnicodeWidthStr;

pub(super) const TOPIC: Topic =
    Topic { name: "fields", about: Label::new("The fields of each kind of record", "各类记录的字段"), text };

const HEAD: Label = Label::new(
    "Fields go by key, label or alias in --columns, --sort, --where and key=value. Those\n\
     below `computed` are worked out from the record and cannot be set.\n",
    "在 --columns、--sort、--where 和 键=值 中，字段可用 key、名称或别名。“计算得出”之后的\n\
     字段由记录算得，不可设置。\n",
);

fn text(lang: Lang) -> String {
    KINDS.iter().fold(HEAD.get(lang).to_string(), |text, kind| text + "\n" + &of_kind(*kind, lang))
}

/// Returns the fields of a kind, a line each, the inner ones of tables after a point.
fn of_kind(kind: Kind, lang: Lang) -> String {
    let mut lines = vec![format!("{kind}  {}", kind.label.get(lang)), line("number", NUMBER, lang)];
    for field in kind.fields.iter().filter(|field| !field.own) {
        lines.push(line(field.key, field.label, lang));
        let inner: &[Field] = table_fields(field).unwrap_or_default();
        lines.extend(inner.iter().map(|one| line(&format!("{}.{}", field.key, one.key), one.label, lang)));
    }
    let mut computed = COMPUTED.iter().filter(|computed| computed.is_of(kind)).peekable();
    if computed.peek().is_some() {
        lines.push(format!("  {}", Label::new("computed", "计算得出").get(lang)));
    }
    lines.extend(computed.map(|computed| line(computed.name, computed.label, lang)));
    lines.join("\n") + "\n"
}

const NUMBER: Label = Label::new("Number", "编号");

fn line(key: &str, label: Label, lang: Lang) -> String {
    format!("  {key}{}  {}", " ".repeat(28usize.saturating_sub(key.width())), label.get(lang))
}
