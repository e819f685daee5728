//! `key=value` as a change of a field.
//!
//! One grammar for `add`, `set` and `import --set`: `key=value` sets, `key=` clears, `key+=value` and
//! `key-=value` add to and take from a list, `custom.NAME=value` is a custom field. A field goes by its
//! key, its flag, its label or an alias, in either language; `＝` from a Chinese keyboard is `=`.
//!
//! *Absent on purpose:* reading the value as the field's type, which needs the repository's dictionary.

use super::nearest::nearest;
use crate::import::{range_of, read_ends};
use crate::record::dictionary::fold_name;
pub use crate::record::{Assignment, Change, Target};
use crate::record::{CONTACT, Failure, Field, Initial, KINDS, Kind, Label, Lang, Money, Result};
use crate::words;

/// What has fields that are given by words: a kind of record, or the rows of a table in one.
#[derive(Clone, Copy)]
pub struct Form {
    /// The fields.
    pub fields: &'static [Field],
    /// What fields are when nothing was said.
    pub initial: &'static [(&'static str, Initial)],
    /// What people call one.
    pub label: Label,
    /// The word typed before the verb.
    pub noun: &'static str,
    /// The verb whose help lists the fields.
    pub verb: &'static str,
}

impl From<Kind> for Form {
    fn from(kind: Kind) -> Form {
        Form { fields: kind.fields, initial: kind.initial, label: kind.label, noun: kind.name, verb: "add" }
    }
}

/// The form of a customer's contacts.
pub const CONTACT_FORM: Form =
    Form { fields: CONTACT, initial: &[], label: Label::new("Contact", "联系人"), noun: "contact", verb: "add" };

/// Reads `key=value`, `key=`, `key+=value`, `key-=value`.
///
/// Fails with exit code 2 when there is no `=`, the kind has no such field, or the field is not a list.
fn parse_assignment(form: Form, word: &str) -> Result<Assignment> {
    let (key, text) = split_assignment(word).ok_or_else(|| {
        Failure::usage(words!("`{word}` is not of the form `key=value`", "“{word}”不是“键=值”的形式"))
    })?;
    let (key, mark) = match key.chars().last() {
        Some(mark @ ('+' | '-')) => (&key[..key.len() - 1], Some(mark)),
        _ => (key, None),
    };
    let target = find_target(form, key.trim())?;
    if mark.is_some() && !matches!(&target, Target::Field(field) if field.is_list()) {
        let message = words!(
            "`{key}` is not a list, so nothing can be added to it or taken from it",
            "“{key}”不是列表字段，不能增减其中的值"
        );
        return Err(Failure::usage(message).hint(words!("write `{key}=value` to set it", "用 `{key}=值` 设置它")));
    }
    let change = match (mark, text.trim()) {
        (None, "") => Change::Clear,
        (None, _) => Change::Set(text.to_string()),
        (Some('+'), text) => Change::Add(text.to_string()),
        (Some(_), text) => Change::Remove(text.to_string()),
    };
    Ok(Assignment { target, change })
}

/// Splits at the first `=`, half or full width; nothing when there is none or nothing stands before it.
pub fn split_assignment(word: &str) -> Option<(&str, &str)> {
    word.split_once(['=', '＝']).filter(|(key, _)| !key.trim_end_matches(['+', '-']).trim().is_empty())
}

/// Reads words of the form `key=value`, joining what is given for one list field.
///
/// Fails with exit code 2 when another field is given twice.
pub fn parse_assignments<'a>(
    form: impl Into<Form>,
    words: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Assignment>> {
    let (form, mut all) = (form.into(), Vec::new());
    for word in words {
        match parse_range(form, word)? {
            Some(ends) => ends.into_iter().try_for_each(|end| push(form, &mut all, end))?,
            None => push(form, &mut all, parse_assignment(form, word)?)?,
        }
    }
    Ok(all)
}

/// Reads a word of a name that an import takes for two ends: `预算=10-20万`; nothing where it names a field or no range.
///
/// An end that stays open is cleared. Fails with exit code 6 where the value is neither an amount nor a range.
fn parse_range(form: Form, word: &str) -> Result<Option<[Assignment; 2]>> {
    let Some((name, text)) = split_assignment(word) else { return Ok(None) };
    let kind = KINDS.into_iter().find(|kind| kind.name == form.noun);
    let ends = kind.and_then(|kind| range_of(kind, name)).filter(|_| find_field(form, name).is_err());
    let Some([low, high]) = ends else { return Ok(None) };
    let (least, most) = match text.trim() {
        "" => (None, None),
        text => read_ends(low, text).map_err(|problem| {
            let failure = Failure::invalid(problem.message).within(words!("`{name}`", "“{name}”"));
            problem.mend.into_iter().fold(failure, Failure::hint)
        })?,
    };
    let end = |field: &'static Field, end: Option<Money>| Assignment {
        target: Target::Field(field),
        change: end.map_or(Change::Clear, |money| Change::Set(money.to_string())),
    };
    Ok(Some([end(low, least), end(high, most)]))
}

/// Adds an assignment to those already there; see [`parse_assignments`].
pub fn push(form: impl Into<Form>, all: &mut Vec<Assignment>, next: Assignment) -> Result<()> {
    let Some(same) = all.iter_mut().find(|one| one.target == next.target) else {
        all.push(next);
        return Ok(());
    };
    let is_list = matches!(&next.target, Target::Field(field) if field.is_list());
    match (&mut same.change, &next.change) {
        (Change::Set(texts), Change::Set(more)) if is_list => {
            texts.push('\n');
            texts.push_str(more);
        }
        (_, Change::Add(_) | Change::Remove(_)) if is_list => all.push(next),
        _ => {
            let form = form.into();
            let (name, en, zh) = (next.target.name(), noun(form, Lang::En), noun(form, Lang::Zh));
            return Err(Failure::usage(words!("`{name}` of the {en} is given twice", "{zh}的“{name}”给了两次")));
        }
    }
    Ok(())
}

/// Returns the field or custom field that `name` means.
///
/// Fails with exit code 2 and the nearest names when there is none, and for a table field.
pub fn find_target(form: impl Into<Form>, name: &str) -> Result<Target> {
    let form = form.into();
    if let Some(custom) = name.strip_prefix("custom.").filter(|custom| !custom.is_empty()) {
        return Ok(Target::Custom(custom.to_string()));
    }
    let field = find_field(form, name)?;
    if field.is_table() {
        let (key, kind) = (field.key, form.noun);
        let message = words!("`{key}` is a table and cannot be set from one word", "“{key}”是表格，不能用一个词设置");
        return Err(Failure::usage(message).hint(words!(
            "use `kehu {kind} edit`, or give JSON lines to `--stdin`",
            "请用 `kehu {kind} edit`，或用 `--stdin` 给出 JSON 行"
        )));
    }
    Ok(Target::Field(field))
}

/// Returns the field that `name` means: by key, else by label, else by alias.
fn find_field(form: Form, name: &str) -> Result<&'static Field> {
    let wanted = fold_name(name);
    let fits = |text: &str| !wanted.is_empty() && fold_name(text) == wanted;
    let fields = form.fields.iter().filter(|field| !field.own);
    fields
        .clone()
        .find(|field| fits(field.key))
        .or_else(|| fields.clone().find(|field| fits(field.label.en) || fits(field.label.zh)))
        .or_else(|| fields.clone().find(|field| field.aliases.iter().any(|alias| fits(alias))))
        .ok_or_else(|| unknown_field(form, name))
}

/// Makes the failure of a field the kind does not have, naming the nearest ones.
pub fn unknown_field(form: impl Into<Form>, name: &str) -> Failure {
    let form = form.into();
    let (en, zh) = (noun(form, Lang::En), noun(form, Lang::Zh));
    let failure = Failure::usage(words!("a {en} has no field `{name}`", "{zh}没有字段“{name}”"));
    let fields = || form.fields.iter().filter(|field| !field.own);
    let keys = nearest(name, fields().map(|field| (field.key, field.key)));
    let labels = || fields().flat_map(|field| [(field.label.zh, field.key), (field.label.en, field.key)]);
    let near = if keys.is_empty() { nearest(name, labels()) } else { keys };
    match near.as_slice() {
        [] => {
            let Form { noun, verb, .. } = form;
            failure.hint(words!(
                "`kehu {noun} {verb} --help` lists the fields",
                "`kehu {noun} {verb} --help` 列出所有字段"
            ))
        }
        near => {
            let labels: Vec<&str> =
                near.iter().filter_map(|key| Some(crate::record::find_field(form.fields, key)?.label.zh)).collect();
            let (keys, labels) = (near.join("`, `"), labels.join("”、“"));
            failure.hint(words!("did you mean `{keys}`?", "是不是“{labels}”？"))
        }
    }
}

/// Returns what one is called within a sentence.
pub fn noun(form: impl Into<Form>, lang: Lang) -> String {
    form.into().label.get(lang).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, Exit, LEAD};

    fn parse(word: &str) -> (String, Change) {
        let one = parse_assignment(LEAD.into(), word).unwrap();
        (one.target.name(), one.change)
    }

    #[test]
    fn a_field_goes_by_any_of_its_names() {
        for word in ["contact_name=x", "contact-name=x", "Contact=x", "联系人=x", "客户姓名=x", "联系人＝x"]
        {
            assert_eq!(parse(word), ("contact_name".into(), Change::Set("x".into())), "{word}");
        }
        assert_eq!(parse("company=a=b").1, Change::Set("a=b".into()));
        assert_eq!(parse("custom.编码=7").0, "custom.编码");
    }

    #[test]
    fn sets_clears_adds_and_removes() {
        assert_eq!(parse("remark=").1, Change::Clear);
        assert_eq!(parse("tags+=展会").1, Change::Add("展会".into()));
        assert_eq!(parse("tags-=展会").1, Change::Remove("展会".into()));
        assert_eq!(parse_assignment(LEAD.into(), "company+=x").unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn refuses_what_is_no_assignment() {
        for word in ["company", "=x", "+=x", "＝x"] {
            assert_eq!(parse_assignment(LEAD.into(), word).unwrap_err().exit, Exit::Usage, "{word}");
        }
        assert_eq!(parse_assignment(CUSTOMER.into(), "contacts=x").unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn an_unknown_field_names_the_nearest() {
        let failure = parse_assignment(LEAD.into(), "compny=x").unwrap_err();
        assert_eq!(failure.message.en, "a lead has no field `compny`");
        assert!(failure.hints[0].en.contains("`company`"), "{failure:?}");
        let failure = parse_assignment(LEAD.into(), "预算+=5万").unwrap_err();
        assert!(
            failure.hints[0].zh.contains("“预算上限”、“预算下限”"),
            "in the words of the one who reads: {failure:?}"
        );
    }

    #[test]
    fn a_name_of_two_ends_sets_both() {
        let read = |word: &str| {
            let all = parse_assignments(LEAD, [word]).unwrap();
            let one = |one: &Assignment| match &one.change {
                Change::Set(text) => format!("{}={text}", one.target.name()),
                _ => format!("{}=", one.target.name()),
            };
            all.iter().map(one).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(read("预算=12万"), "budget_min=120000.00 budget_max=120000.00");
        assert_eq!(read("预算范围＝10-20万"), "budget_min=100000.00 budget_max=200000.00");
        assert_eq!(read("Budget=10万以上"), "budget_min=100000.00 budget_max=");
        assert_eq!(read("预算="), "budget_min= budget_max=");
        assert_eq!(read("预算下限=3万"), "budget_min=3万");
        let failure = parse_assignments(LEAD, ["预算=很多"]).unwrap_err();
        assert!(failure.exit == Exit::Invalid && failure.hints[0].zh.contains("10-20万"), "{failure:?}");
        assert_eq!(parse_assignments(LEAD, ["预算=1万", "预算上限=2万"]).unwrap_err().exit, Exit::Usage);
        assert_eq!(parse_assignments(CUSTOMER, ["预算=1万"]).unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn lists_gather_and_other_fields_do_not() {
        let all = parse_assignments(LEAD, ["tags=a", "tags=b", "tags+=c"]).unwrap();
        let changes: Vec<_> = all.into_iter().map(|one| one.change).collect();
        assert_eq!(changes, [Change::Set("a\nb".into()), Change::Add("c".into())]);
        assert_eq!(parse_assignments(LEAD, ["company=a", "公司=b"]).unwrap_err().exit, Exit::Usage);
    }
}
