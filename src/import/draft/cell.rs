//! What a cell says of the field its column is read as.
//!
//! *Invariant:* it depends on the plan of the table, the column and the cell, and on nothing else of the row: the
//! same cell in the same column always says the same, which is what [`super::super::memo`] lives by.

use super::super::clean::is_blank_word;
use super::super::mapper::{Mapper, NewKey, NewKeys, Resolved};
use super::super::mapping::FieldKey;
use super::super::names::{heading_words, simplify_text};
use super::super::table::RawCell;
use super::super::values::{Said, Style, read_cell, read_range};
use crate::record::dictionary::{Entry, fold_name};
use crate::record::input::{LIST_MARKS, shorten};
use crate::record::{Field, FieldType, Money, Problem, Value, Words};
use crate::rules::config::stages;
use crate::words;
use std::borrow::Cow;

/// Fields whose aliases may say more than their keys, with the field for what they say.
const NOTES: [(&str, &str); 2] = [("source", "source_note"), ("industry", "industry_note")];

/// Tells whether an import may add to the dictionary of a field: stages and reasons mean something to rules.
fn may_grow(field: &Field) -> bool {
    field.dictionary().is_none_or(|name| !stages::DICTIONARIES.contains(&name))
}

/// What a cell says.
pub(in super::super) struct Heard<'c> {
    /// The cell as it was read: by the values of the mapping, with the unit of its column.
    pub cell: Cow<'c, RawCell>,
    /// What it says of the field.
    pub said: Result<Said, Problem>,
    /// The word an alias was given by, where that says more than the key.
    pub note: Option<Value>,
    /// Why it may have been read wrongly.
    pub doubt: Option<Problem>,
    /// Values that are to join their dictionary.
    pub new_keys: Vec<NewKey>,
}

/// A cell as it is to be read, and a warning where that is doubtful.
type Prepared<'c> = (Cow<'c, RawCell>, Option<Problem>);

impl Mapper<'_> {
    /// Reads a cell as a field; of a range, `field` is the lower end.
    pub(super) fn hear<'c>(
        &self,
        key: FieldKey,
        field: &'static Field,
        cell: &'c RawCell,
        style: Style<'_>,
        header: &str,
    ) -> Heard<'c> {
        let (cell, doubt) = self.prepare(key, cell, style, header);
        let mut new_keys = Vec::new();
        let said = match key {
            FieldKey::Range(..) => ends(field, &cell),
            _ => self.understood(field, &cell, style, &mut new_keys),
        };
        let note = match &said {
            Ok(Said::Value(value)) => self.note(field, value, &cell),
            _ => None,
        };
        Heard { cell, said, note, doubt, new_keys }
    }

    /// Returns the cell as it is to be read, and a warning where that is doubtful.
    pub(super) fn prepare<'c>(&self, key: FieldKey, cell: &'c RawCell, style: Style<'_>, header: &str) -> Prepared<'c> {
        match self.translated(key, cell) {
            Some(translated) => (Cow::Owned(translated), None),
            None => self.with_unit(key, cell, style, header),
        }
    }

    /// Returns what the mapping says the value means.
    fn translated(&self, key: FieldKey, cell: &RawCell) -> Option<RawCell> {
        if self.mapping.values.is_empty() {
            return None;
        }
        let meanings = self.mapping.values.get(&key.name())?;
        meanings.get(&cell.display().trim().to_lowercase()).map(|meant| RawCell::text(meant))
    }

    /// Returns the cell with the unit of its column where it states none, and warns where that is doubtful.
    fn with_unit<'c>(&self, key: FieldKey, cell: &'c RawCell, style: Style<'_>, header: &str) -> Prepared<'c> {
        let as_it_stands = (Cow::Borrowed(cell), None);
        let Some(unit) = style.unit.filter(|_| cell.is_textual()) else { return as_it_stands };
        let text = cell.display();
        let Some(filled) = unit.put_into(&text) else { return as_it_stands };
        let name = key.name();
        let doubt = (unit.is_doubtful(&text) && name != "annual_revenue").then(|| {
            let shown = shorten(text.trim());
            let Words { en, zh } = heading_words(header);
            let message = words!(
                "`{shown}` under `{en}` was read as `{filled}`; if yuan are meant, write `{shown}元`",
                "“{zh}”下的“{shown}”按“{filled}”读入；若单位是元，请写作“{shown}元”"
            );
            Problem::warning("doubtful-unit", name, message)
        });
        (Cow::Owned(RawCell::text(&filled)), doubt)
    }

    /// Reads a cell, references by other names and new dictionary values included.
    fn understood(
        &self,
        field: &'static Field,
        cell: &RawCell,
        style: Style<'_>,
        new_keys: &mut Vec<NewKey>,
    ) -> Result<Said, Problem> {
        let text = cell.display();
        if let Some(found) = self.resolved(field, cell, text.trim()) {
            return found;
        }
        match read_cell(field, cell, &self.reading, style) {
            Err(problem) if problem.code == "unknown-key" => self.unknown_key(field, text.trim(), problem, new_keys),
            Err(problem) if matches!(field.ty, FieldType::Reference(_)) => {
                let key = field.key;
                Err(problem.mend(words!(
                    "give the number, or map the name in `[values.{key}]`",
                    "请填编号，或在映射文件 `[values.{key}]` 中对应"
                )))
            }
            other => other,
        }
    }

    /// Finds the record a reference means; nothing when the text is to be taken as it stands.
    fn resolved(&self, field: &'static Field, cell: &RawCell, text: &str) -> Option<Result<Said, Problem>> {
        let kind = match field.ty {
            FieldType::Reference(kind) => kind,
            FieldType::Subject => "subject",
            _ => return None,
        };
        if cell.is_blank() || is_blank_word(text) {
            return None;
        }
        let (en, zh, shown) = (field.label.en, field.label.zh, shorten(text));
        match (self.options.resolve?)(kind, text) {
            Resolved::One(number) => Some(Ok(Said::Value(Value::text(number)))),
            Resolved::Several(numbers) => {
                let (list_en, list_zh) = (numbers.join(", "), numbers.join("、"));
                let message = words!("{en} `{shown}` may be {list_en}", "{zh}“{shown}”可能是 {list_zh}");
                let problem = Problem::error("ambiguous-reference", field.key, message);
                Some(Err(problem.mend(words!("write the number of one of them", "请改填其中一个编号"))))
            }
            Resolved::Nothing(nearest) => {
                let message = words!("{en} `{shown}` does not exist", "{zh}“{shown}”不存在");
                let problem = Problem::error("missing-reference", field.key, message);
                Some(Err(match nearest {
                    Some(nearest) => problem.mend(words!("nearest is {nearest}", "最接近的是 {nearest}")),
                    None if kind == "user" => problem.mend(words!(
                        "`kehu user list` shows the users there are, `kehu user add LOGIN name=…` adds one",
                        "可用 `kehu user list` 查看已有用户，用 `kehu user add 登录名 姓名=…` 添加"
                    )),
                    None => problem.mend(words!(
                        "write its number, telephone number or full name",
                        "请填写其编号、电话或完整名称"
                    )),
                }))
            }
            Resolved::Untold => None,
        }
    }

    /// Deals with a value its dictionary does not know: as simplified Chinese it may; else it may join.
    fn unknown_key(
        &self,
        field: &'static Field,
        text: &str,
        problem: Problem,
        new_keys: &mut Vec<NewKey>,
    ) -> Result<Said, Problem> {
        let simplified = simplify_text(text);
        if simplified != text
            && let Ok(said) = read_cell(field, &RawCell::text(&simplified), &self.reading, Style::default())
        {
            return Ok(said);
        }
        match self.options.new_keys {
            NewKeys::Add if may_grow(field) => Ok(Said::Value(self.new_keys(field, text, new_keys))),
            NewKeys::Add | NewKeys::Refuse => Err(problem),
        }
    }

    /// Collects values that a dictionary does not know, and returns them as keys.
    fn new_keys(&self, field: &'static Field, text: &str, new_keys: &mut Vec<NewKey>) -> Value {
        let dictionary = field.dictionary().unwrap_or_default();
        let known = self.reading.dictionary.get(dictionary);
        let mut key_of = |part: &str| match known.and_then(|list| list.find(part)) {
            Some(entry) => entry.key.clone(),
            None => {
                // A category is the prefix of numbers and is kept as people write it.
                let key = if dictionary == "customer_category" { part.to_string() } else { key_from(part) };
                new_keys.push(NewKey { dictionary, key: key.clone(), label: part.to_string() });
                key
            }
        };
        match field.ty {
            FieldType::Keys(_) => {
                let parts = text.split(LIST_MARKS).map(str::trim).filter(|part| !part.is_empty());
                Value::Texts(parts.map(|part| key_of(part).into()).collect())
            }
            _ => Value::text(key_of(text)),
        }
    }

    /// Returns the word an alias was given by, where it says more than the key and there is a field for it.
    fn note(&self, field: &'static Field, value: &Value, cell: &RawCell) -> Option<Value> {
        self.note_field(field)?;
        let Value::Text(key) = value else { return None };
        let entry = self.reading.dictionary.get(field.dictionary()?)?.get(key)?;
        let text = cell.display();
        let text = text.trim();
        says_more(text, entry).then(|| Value::text(text))
    }

    /// Returns the field for what the words for a field's keys say beyond them.
    pub(super) fn note_field(&self, field: &'static Field) -> Option<&'static str> {
        let (_, note) = NOTES.iter().find(|(of, _)| *of == field.key)?;
        self.kind.field(note).map(|_| *note)
    }
}

/// Reads an amount or a range of amounts; `low` is the field of the lower end.
fn ends(low: &'static Field, cell: &RawCell) -> Result<Said, Problem> {
    let text = cell.display();
    if cell.is_blank() || is_blank_word(&text) {
        return Ok(Said::Blank);
    }
    read_ends(low, &text).map(|(least, most)| Said::Ends(least, most))
}

/// Reads an amount or a range as both ends, an open one as nothing; `low` is the field of the lower one.
///
/// Fails where it is neither.
pub fn read_ends(low: &'static Field, text: &str) -> Result<(Option<Money>, Option<Money>), Problem> {
    if let Some(ends) = read_range(text) {
        return Ok(ends);
    }
    let shown = shorten(text.trim());
    let message = words!("`{shown}` is neither an amount nor a range", "“{shown}”不是金额，也不是金额范围");
    Err(Problem::error("money-format", low.key, message).mend(words!(
        "write it as `50万`, `10-20万`, `10万以内` or `10万以上`",
        "请写成 50万、10-20万、10万以内或10万以上"
    )))
}

/// Tells whether a word says more than the entry it stands for: not its key, label or a letter of a standard,
/// nor its label without the word for a trade.
fn says_more(text: &str, entry: &Entry) -> bool {
    let bare = |text: &str| {
        let folded = fold_name(&simplify_text(text));
        folded.strip_suffix("行业").or_else(|| folded.strip_suffix('业')).unwrap_or(&folded).to_string()
    };
    let word = bare(text);
    let names = [&*entry.key, &*entry.label.en, &*entry.label.zh];
    word.chars().count() > 1 && names.iter().all(|name| bare(name) != word)
}

/// Makes a dictionary key from a text: lower case, `_` for what parts words.
fn key_from(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let key = words.join("_").to_lowercase();
    if key.is_empty() { text.to_string() } else { key }
}
