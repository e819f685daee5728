//! The flags made from field declarations: `--contact-name`, `--tags`.

use super::assign::{Assignment, Form};
use super::speaker::Speaker;
use crate::record::{Field, FieldType, Initial, Label, Need};
use clap::{Arg, ArgAction, ArgMatches};

/// What the fields are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new record, some of whose fields must be there.
    New,
    /// Changes of a record.
    Change,
}

/// Makes one flag for each field that is not a table.
pub fn field_flags(form: impl Into<Form>, purpose: Purpose, speaker: Speaker) -> impl Iterator<Item = Arg> {
    let form = form.into();
    let new = (purpose == Purpose::New).then_some(form);
    form.fields.iter().filter(|field| !field.is_table()).map(move |field| field_flag(field, new, speaker))
}

fn field_flag(field: &'static Field, new: Option<Form>, speaker: Speaker) -> Arg {
    let arg = Arg::new(field.key)
        .long(field.flag())
        .value_name(value_name(field.ty).get(speaker.0))
        .help(field_help(field, new, speaker))
        .help_heading(speaker.say("Fields", "字段"));
    match field.ty {
        FieldType::Flag => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        FieldType::Integer | FieldType::Money => arg.allow_negative_numbers(true),
        _ if field.is_list() => arg.action(ArgAction::Append),
        _ => arg,
    }
}

fn field_help(field: &Field, new: Option<Form>, speaker: Speaker) -> String {
    let mut help = field.label.get(speaker.0).to_string();
    let about = field.about.get(speaker.0);
    if !about.is_empty() {
        help.push_str(speaker.say(": ", "："));
        help.push_str(about);
    }
    if let Some(form) = new {
        help.push_str(&need_help(form, field, speaker));
    }
    if field.is_list() {
        help.push_str(speaker.say(" (may be repeated)", "（可重复）"));
    }
    help
}

/// Says whether a new record must have the field, or what it is when nothing is said.
fn need_help(form: Form, field: &Field, speaker: Speaker) -> String {
    let initial = form.initial.iter().filter(|(key, _)| *key == field.key).find_map(|(_, initial)| match initial {
        Initial::Literal(text) => Some(*text),
        Initial::First => Some(speaker.say("the first", "第一个")),
        Initial::Today => Some(speaker.say("today", "今天")),
        Initial::Now => Some(speaker.say("now", "此刻")),
        Initial::Actor => Some(speaker.say("who enters it", "录入者")),
        Initial::When(..) => None,
    });
    match (initial, field.need) {
        (Some(text), _) => format!("{}{text}]", speaker.say(" [default: ", " [默认值：")),
        (None, Need::Optional) => String::new(),
        (None, Need::Required) => speaker.say(" (required)", "（必填）").to_string(),
        (None, Need::OneOf(_)) => speaker.say(" (at least one of these)", "（至少填一项）").to_string(),
    }
}

/// Returns what stands for a value of the type in help.
fn value_name(ty: FieldType) -> Label {
    match ty {
        FieldType::Text | FieldType::Texts | FieldType::Any | FieldType::Table(_) => Label::new("TEXT", "文字"),
        FieldType::Key(_) | FieldType::Keys(_) => Label::new("KEY", "键"),
        FieldType::Integer => Label::new("N", "整数"),
        FieldType::Flag => Label::new("YES|NO", "是|否"),
        FieldType::Money => Label::new("AMOUNT", "金额"),
        FieldType::Date | FieldType::Anniversary => Label::new("DATE", "日期"),
        FieldType::Moment => Label::new("MOMENT", "时刻"),
        FieldType::Phone => Label::new("PHONE", "电话"),
        FieldType::Email => Label::new("EMAIL", "邮箱"),
        FieldType::Website => Label::new("URL", "网址"),
        FieldType::CreditCode | FieldType::Currency => Label::new("CODE", "代码"),
        FieldType::Reference("user") => Label::new("USER", "用户"),
        FieldType::Reference(_) | FieldType::Subject => Label::new("NUM", "编号"),
    }
}

/// Collects what the flags of [`field_flags`] were given, in declared order.
pub fn flag_assignments(form: impl Into<Form>, matches: &ArgMatches) -> Vec<Assignment> {
    let given = form.into().fields.iter().filter(|field| !field.is_table());
    given
        .filter_map(|field| {
            let texts: Vec<&str> = matches.get_many::<String>(field.key)?.map(String::as_str).collect();
            Some(Assignment::set(field, texts.join("\n")))
        })
        .collect()
}
