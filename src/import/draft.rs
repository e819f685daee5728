//! A row while it is being read.

use super::clean::Phones;
use super::mapper::{Feed, Mapped, Mapper, NewKey, NewKeys, Resolved, Width};
use super::mapping::{FieldKey, OnInvalid};
use super::names::{fold_header, simplify_text};
use super::table::{RawCell, RawRow};
use super::values::{Said, Style, read_cell, read_range};
use crate::record::dictionary::{Entry, fold_name};
use crate::record::input::{LIST_MARKS, shorten};
use crate::record::{
    CONTACT, Field, FieldType, Need, Number, Numbering, Problem, Row, Severity, Value, Words, find_field,
};
use crate::words;
use std::borrow::Cow;

/// Fields whose aliases may say more than their keys, with the field for what they say.
const NOTES: [(&str, &str); 2] = [("source", "source_note"), ("industry", "industry_note")];

/// A row while it is being read.
pub(super) struct Draft<'m, 'a> {
    mapper: &'m Mapper<'a>,
    row: &'m RawRow,
    mapped: Mapped,
    contact: Row,
    inferred: Vec<Inferred>,
    /// Numbers that are none: field, text, and the place of the problem.
    bad_phones: Vec<(FieldKey, &'static Field, String, usize)>,
}

/// What the column of one field says about another, which has the first word.
struct Inferred {
    field: &'static str,
    value: Value,
    /// What the value leaves unsaid.
    wording: Option<String>,
    /// The whole cell, for when the field has a value of its own.
    text: String,
    header: String,
}

impl<'m, 'a> Draft<'m, 'a> {
    pub fn new(mapper: &'m Mapper<'a>, row: &'m RawRow) -> Draft<'m, 'a> {
        let mapped = Mapped {
            row_number: row.number,
            kind: mapper.kind,
            number: None,
            number_header: String::new(),
            fields: Vec::with_capacity(mapper.feeds.len()),
            custom: Vec::new(),
            contact: None,
            problems: Vec::new(),
            notes: Vec::new(),
            new_keys: Vec::new(),
            skipped: None,
        };
        Draft { mapper, row, mapped, contact: Row::new(CONTACT), inferred: Vec::new(), bad_phones: Vec::new() }
    }

    /// Ends a row that is passed over.
    pub fn skipped(mut self, why: Words) -> Mapped {
        self.mapped.skipped = Some(why);
        self.mapped
    }

    /// Ends the row: fields in declared order, the contact when it says anything.
    pub fn finish(mut self) -> Mapped {
        let kind = self.mapper.kind;
        self.mapped.fields.sort_by_cached_key(|(key, _)| kind.fields.iter().position(|field| field.key == *key));
        if self.contact.iter().next().is_some() {
            self.mapped.contact = Some(self.contact);
        }
        self.mapped
    }

    /// Refuses a row of a text file with more cells than headings: a mark inside a cell has shifted them.
    pub fn check_width(&mut self, width: Option<&Width>) {
        let exceeded = width.and_then(|width| Some((width.headings, width.exceeded(self.row)?)));
        if let Some((width, count)) = exceeded {
            let message = words!("{count} cells under {width} headings", "{width} 列表头下有 {count} 个单元格");
            let mend = words!("quote the cell that holds the mark", "请给含分隔符的单元格加引号");
            let problem =
                Problem { code: "too-many-cells", severity: Severity::Error, field: None, message, mend: Some(mend) };
            self.mapped.problems.push(problem);
        }
    }

    /// Reads a field from its columns.
    pub fn feed(&mut self, feed: &Feed<'_>) {
        let cell = self.gather(feed);
        if self.mapper.is_blank(&cell.display()) {
            return;
        }
        self.read(feed.key, &cell, feed.style, &feed.header);
    }

    /// Returns the cell of a field, several joined as their field wants it.
    fn gather(&self, feed: &Feed<'_>) -> Cow<'m, RawCell> {
        if let [column] = feed.columns.as_slice() {
            return Cow::Borrowed(self.row.cell(*column));
        }
        let cells = feed.columns.iter().map(|column| self.row.cell(*column));
        let texts = cells.filter(|cell| !cell.is_blank()).map(|cell| cell.display().trim().to_string());
        let mut texts: Vec<String> = texts.filter(|text| !self.mapper.is_blank(text)).collect();
        let key = feed.key.name();
        let han = |text: &String| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let joint = match (feed.join, key.as_str()) {
            (Some(joint), _) => joint,
            (None, "contact_name" | "contacts.name") if texts.iter().any(han) => {
                texts.reverse();
                ""
            }
            _ => " ",
        };
        if key == "region" && texts.len() > 1 {
            texts.retain(|text| !matches!(text.as_str(), "中国" | "China" | "CN" | "PRC"));
        }
        Cow::Owned(RawCell::text(&texts.join(joint)))
    }

    fn read(&mut self, key: FieldKey, cell: &RawCell, style: Style<'_>, header: &str) {
        let cell = match self.translated(key, cell) {
            Cow::Borrowed(cell) => self.with_unit(key, cell, style, header),
            translated => translated,
        };
        match key {
            FieldKey::Own(field) | FieldKey::Contact(field) => match self.understood(field, &cell, style) {
                Ok(said) => self.put(key, field, said, &cell, header),
                Err(problem) => self.refuse(key, field, &cell, problem),
            },
            FieldKey::Range(low, high) => self.range(low, high, &cell),
            FieldKey::Number => self.number(&cell, header),
        }
    }

    /// Returns what the mapping says the value means, else the value.
    fn translated<'c>(&self, key: FieldKey, cell: &'c RawCell) -> Cow<'c, RawCell> {
        if self.mapper.mapping.values.is_empty() {
            return Cow::Borrowed(cell);
        }
        let map = self.mapper.mapping.values.get(&key.name());
        let found = map.and_then(|map| map.get(&cell.display().trim().to_lowercase()));
        found.map_or(Cow::Borrowed(cell), |to| Cow::Owned(RawCell::text(to)))
    }

    /// Returns the cell with the unit of its column where it states none, and warns where that is doubtful.
    fn with_unit<'c>(&mut self, key: FieldKey, cell: &'c RawCell, style: Style<'_>, header: &str) -> Cow<'c, RawCell> {
        let Some(unit) = style.unit.filter(|_| cell.is_textual()) else { return Cow::Borrowed(cell) };
        let text = cell.display();
        let Some(filled) = unit.put_into(&text) else { return Cow::Borrowed(cell) };
        let name = key.name();
        if unit.is_doubtful(&text) && name != "annual_revenue" {
            let shown = shorten(text.trim());
            let message = words!(
                "`{shown}` under `{header}` was read as `{filled}`; if yuan are meant, write `{shown}元`",
                "“{header}”下的“{shown}”按“{filled}”读入；若单位是元，请写作“{shown}元”"
            );
            self.mapped.problems.push(Problem::warning("doubtful-unit", name, message));
        }
        Cow::Owned(RawCell::text(&filled))
    }

    /// Reads a cell, references by other names and new dictionary values included.
    fn understood(&mut self, field: &'static Field, cell: &RawCell, style: Style<'_>) -> Result<Said, Problem> {
        let text = cell.display();
        if let Some(found) = self.resolved(field, cell, text.trim()) {
            return found;
        }
        match read_cell(field, cell, &self.mapper.reading, style) {
            Err(problem) if problem.code == "unknown-key" => self.unknown_key(field, text.trim(), problem),
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
        if cell.is_blank() || super::clean::is_blank_word(text) {
            return None;
        }
        let (en, zh, shown) = (field.label.en, field.label.zh, shorten(text));
        match (self.mapper.options.resolve?)(kind, text) {
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
                    None => problem,
                }))
            }
            Resolved::Untold => None,
        }
    }

    /// Deals with a value its dictionary does not know: as simplified Chinese it may; else it may join.
    fn unknown_key(&mut self, field: &'static Field, text: &str, problem: Problem) -> Result<Said, Problem> {
        let simplified = simplify_text(text);
        let reading = &self.mapper.reading;
        if simplified != text
            && let Ok(said) = read_cell(field, &RawCell::text(&simplified), reading, Style::default())
        {
            return Ok(said);
        }
        match self.mapper.options.new_keys {
            NewKeys::Add => Ok(Said::Value(self.new_keys(field, text))),
            NewKeys::Refuse => Err(problem),
        }
    }

    /// Collects values that a dictionary does not know, and returns them as keys.
    fn new_keys(&mut self, field: &'static Field, text: &str) -> Value {
        let dictionary = field.dictionary().unwrap_or_default();
        let known = self.mapper.reading.dictionary.get(dictionary);
        let mut key_of = |part: &str| match known.and_then(|list| list.find(part)) {
            Some(entry) => entry.key.clone(),
            None => {
                // A category is the prefix of numbers and is kept as people write it.
                let key = if dictionary == "customer_category" { part.to_string() } else { key_from(part) };
                let new = NewKey { dictionary, key, label: part.to_string() };
                let key = new.key.clone();
                self.mapped.new_keys.push(new);
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

    fn put(&mut self, key: FieldKey, field: &'static Field, said: Said, cell: &RawCell, header: &str) {
        match said {
            Said::Blank => {}
            Said::Value(value) => {
                self.note_wording(field, &value, cell);
                self.store(key, field, value);
            }
            Said::Phones(phones) => self.phones(key, field, phones),
            Said::WeChat(account) => self.wechat(key, field, account, header),
            Said::Worded(value, wording) => {
                self.store(key, field, value);
                self.custom(header, Value::text(wording));
            }
            Said::Other(other, value, wording) => {
                let text = cell.display().trim().to_string();
                self.inferred.push(Inferred { field: other, value, wording, text, header: header.to_string() });
            }
        }
    }

    /// Remembers the word an alias was given by, for the note beside the field.
    fn note_wording(&mut self, field: &'static Field, value: &Value, cell: &RawCell) {
        let found = NOTES.iter().find(|(of, _)| *of == field.key);
        let Some((_, note)) = found.filter(|(_, note)| self.mapper.kind.field(note).is_some()) else { return };
        self.mapped.notes.retain(|(key, _)| key != note);
        let (Value::Text(key), Some(name)) = (value, field.dictionary()) else { return };
        let text = cell.display().trim().to_string();
        let entries = self.mapper.reading.dictionary.get(name);
        if entries.and_then(|entries| entries.get(key)).is_some_and(|entry| says_more(&text, entry)) {
            self.mapped.notes.push((note, Value::text(text)));
        }
    }

    /// Takes telephone numbers: the first mobile, else the first, is the one of the field; the others, and
    /// what stands with them, go to `other_phones`.
    fn phones(&mut self, key: FieldKey, field: &'static Field, phones: Phones) {
        let stored = self.current(key, field).as_ref().map(plain);
        let mut numbers: Vec<String> = stored.into_iter().chain(phones.numbers).collect();
        let is_mobile = |number: &String| number.len() == 11 && number.starts_with('1');
        let main = numbers.remove(numbers.iter().position(is_mobile).unwrap_or(0));
        let others: Vec<String> = numbers.into_iter().chain(phones.rest).filter(|other| *other != main).collect();
        self.store(key, field, Value::text(main));
        self.other_phones(key, others);
    }

    /// Adds further numbers, none twice.
    fn other_phones(&mut self, key: FieldKey, others: Vec<String>) {
        let fields = if matches!(key, FieldKey::Contact(_)) { CONTACT } else { self.mapper.kind.fields };
        let Some(field) = find_field(fields, "other_phones").filter(|_| !others.is_empty()) else { return };
        let key = if matches!(key, FieldKey::Contact(_)) { FieldKey::Contact(field) } else { FieldKey::Own(field) };
        let main = ["phone", "work_phone"].iter().find_map(|key| find_field(fields, key));
        let main = main.and_then(|main| self.current(self.beside(key, main), main));
        let mut all = match self.current(key, field) {
            Some(Value::Texts(texts)) => texts,
            _ => Vec::new(),
        };
        for other in others.into_iter().map(String::into_boxed_str) {
            if !all.contains(&other) && main != Some(Value::Text(other.clone())) {
                all.push(other);
            }
        }
        all.retain(|other| main != Some(Value::Text(other.clone())));
        if !all.is_empty() {
            self.store(key, field, Value::Texts(all));
        }
    }

    /// Returns the place of another field of the same row: the record's or the contact's.
    fn beside(&self, key: FieldKey, field: &'static Field) -> FieldKey {
        if matches!(key, FieldKey::Contact(_)) { FieldKey::Contact(field) } else { FieldKey::Own(field) }
    }

    /// Takes a WeChat account from a telephone cell, and says so.
    fn wechat(&mut self, key: FieldKey, field: &'static Field, account: String, header: &str) {
        let fields = if matches!(key, FieldKey::Contact(_)) { CONTACT } else { self.mapper.kind.fields };
        let (en, zh, shown) = (field.label.en, field.label.zh, shorten(&account));
        let Some(wechat) = find_field(fields, "wechat") else { return self.custom(header, Value::text(account)) };
        let place = self.beside(key, wechat);
        if self.current(place, wechat).is_some() {
            return self.custom(header, Value::text(account));
        }
        self.store(place, wechat, Value::text(account));
        let message =
            words!("{en} holds the WeChat account `{shown}`; taken as such", "{zh}栏填的是微信号“{shown}”，已记入微信");
        self.mapped.problems.push(Problem::warning("moved-wechat", "wechat", message));
    }

    fn store(&mut self, key: FieldKey, field: &'static Field, value: Value) {
        if let FieldKey::Contact(_) = key {
            self.contact.set(field.key, value);
            return;
        }
        match self.mapped.fields.iter_mut().find(|(key, _)| *key == field.key) {
            Some((_, old)) => *old = value,
            None => self.mapped.fields.push((field.key, value)),
        }
    }

    fn has(&self, key: &str) -> bool {
        self.mapped.fields.iter().any(|(other, _)| *other == key)
    }

    /// Keeps a custom value; one of the same name is not lost but joined.
    fn custom(&mut self, name: &str, value: Value) {
        match self.mapped.custom.iter_mut().find(|(other, _)| other == name) {
            None => self.mapped.custom.push((name.to_string(), value)),
            Some((_, old)) if *old == value => {}
            Some((_, old)) => *old = Value::text(format!("{}; {}", plain(old), plain(&value))),
        }
    }

    /// Deals with a value that cannot be read: an error, or kept beside the fields where the mapping says so.
    fn refuse(&mut self, key: FieldKey, field: &'static Field, cell: &RawCell, mut problem: Problem) {
        if let FieldKey::Contact(_) = key {
            problem.field = Some(format!("contacts.0.{}", field.key));
        }
        if self.mapper.mapping.on_invalid == OnInvalid::Keep && field.need != Need::Required {
            problem.severity = Severity::Warning;
            let name = field.key;
            problem.mend = Some(words!("kept as custom field `{name}`", "已保留为自定义字段 `{name}`"));
            self.custom(name, Value::text(cell.display().trim()));
        }
        if field.ty == FieldType::Phone && problem.severity == Severity::Error {
            self.bad_phones.push((key, field, cell.display().trim().to_string(), self.mapped.problems.len()));
        }
        self.mapped.problems.push(problem);
    }

    fn range(&mut self, low: &'static str, high: &'static str, cell: &RawCell) {
        if cell.is_blank() || super::clean::is_blank_word(&cell.display()) {
            return;
        }
        let fields = self.mapper.kind.fields;
        let (Some(low), Some(high)) = (find_field(fields, low), find_field(fields, high)) else { return };
        match read_range(cell) {
            Some(ends) => {
                for (field, end) in [(low, ends.0), (high, ends.1)] {
                    if let Some(end) = end {
                        self.store(FieldKey::Own(field), field, Value::Money(end));
                    }
                }
            }
            None => {
                let text = cell.display();
                let shown = shorten(text.trim());
                let problem = Problem::error(
                    "money-format",
                    low.key,
                    words!("`{shown}` is neither an amount nor a range", "“{shown}”不是金额，也不是金额范围"),
                )
                .mend(words!(
                    "write it as `50万`, `10-20万`, `10万以内` or `10万以上`",
                    "请写成 50万、10-20万、10万以内或10万以上"
                ));
                self.refuse(FieldKey::Own(low), low, cell, problem);
            }
        }
    }

    /// Takes the record's number when it could be one of ours, else keeps it beside the fields.
    fn number(&mut self, cell: &RawCell, header: &str) {
        let text = cell.display();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let is_ours = Number::parse(text)
            .is_some_and(|number| self.mapper.kind.numbering != Numbering::Sequence || number.parts().is_some());
        if is_ours {
            self.mapped.number = Some(text.to_string());
            self.mapped.number_header = header.to_string();
        } else if self.mapper.kind.numbering == Numbering::Sequence {
            self.custom(header, Value::text(text));
        } else {
            let shown = shorten(text);
            let message = words!(
                "`{shown}` cannot be a number: letters, digits, `-`, `_` and `.` only",
                "“{shown}”不能作为编号：只允许字母、数字、`-`、`_`、`.`"
            );
            self.mapped.problems.push(Problem::error("number-format", "number", message));
        }
    }

    /// Reads the further telephone and e-mail columns.
    pub fn second_columns(&mut self) {
        let mapper = self.mapper;
        for (column, header, key) in &mapper.also {
            let cell = self.row.cell(*column);
            if cell.is_blank() || mapper.is_blank(&cell.display()) {
                continue;
            }
            let own = mapper.kind.field(key).map(|field| (FieldKey::Own(field), field));
            let found = own.or_else(|| find_field(CONTACT, key).map(|field| (FieldKey::Contact(field), field)));
            let Some((place, field)) = found else { continue };
            let text = cell.display().trim().to_string();
            let is_phone = field.ty == FieldType::Phone;
            match (self.current(place, field), read_cell(field, cell, &mapper.reading, Style::default())) {
                (_, Ok(Said::Blank)) => {}
                (_, Ok(said)) if is_phone => self.put(place, field, said, cell, header),
                (current, Err(problem)) if is_phone || current.is_none() => self.refuse(place, field, cell, problem),
                (None, Ok(said)) => self.put(place, field, said, cell, header),
                (Some(value), Ok(Said::Value(other))) if value == other => {}
                _ => self.custom(header, Value::text(text)),
            }
        }
    }

    /// Keeps numbers that are none beside one that is, with a warning instead of an error.
    pub fn bad_phones(&mut self) {
        for (key, field, text, at) in std::mem::take(&mut self.bad_phones) {
            if self.current(key, field).is_none() {
                continue;
            }
            self.other_phones(key, vec![text]);
            if let Some(problem) = self.mapped.problems.get_mut(at) {
                problem.severity = Severity::Warning;
                problem.mend = Some(words!("kept as it is in `other_phones`", "已原样记入其他电话"));
            }
        }
    }

    fn current(&self, place: FieldKey, field: &Field) -> Option<Value> {
        match place {
            FieldKey::Contact(_) => self.contact.get(field.key).cloned(),
            _ => self.mapped.fields.iter().find(|(key, _)| *key == field.key).map(|(_, value)| value.clone()),
        }
    }

    /// Keeps the columns that are kept as they are.
    pub fn keep(&mut self) {
        let mapper = self.mapper;
        for (column, name) in &mapper.kept {
            let cell = self.row.cell(*column);
            if !cell.is_blank() && !mapper.is_blank(&cell.display()) {
                self.custom(name, custom_value(cell));
            }
        }
    }

    /// Takes what columns say about fields other than their own where nothing else does; no wording is lost.
    pub fn infer(&mut self) {
        for one in std::mem::take(&mut self.inferred) {
            let Some(field) = self.mapper.kind.field(one.field) else { continue };
            let kept = match self.current(FieldKey::Own(field), field) {
                None => {
                    self.store(FieldKey::Own(field), field, one.value);
                    one.wording
                }
                Some(value) if value == one.value => one.wording,
                Some(_) => Some(one.text),
            };
            if let Some(text) = kept {
                self.custom(&one.header, Value::text(text));
            }
        }
    }

    /// Sets a constant or template where nothing stands.
    pub fn default(&mut self, key: FieldKey, text: &str) {
        let missing = match key {
            FieldKey::Number => self.mapped.number.is_none(),
            FieldKey::Own(field) | FieldKey::Contact(field) => self.current(key, field).is_none(),
            FieldKey::Range(low, high) => !self.has(low) && !self.has(high),
        };
        let failed = self.mapped.problems.iter().any(|problem| problem.field.as_deref() == Some(&key.name()));
        if missing && !failed {
            self.set(key, text);
        }
    }

    /// Sets a constant or template over whatever stands; a template whose cells are blank sets nothing.
    pub fn set(&mut self, key: FieldKey, text: &str) {
        let Some(text) = self.filled(text) else { return };
        let name = key.name();
        if let FieldKey::Own(field) | FieldKey::Contact(field) = key
            && field.ty == FieldType::Phone
        {
            self.mapped.fields.retain(|(one, _)| *one != name);
            if matches!(key, FieldKey::Contact(_)) {
                self.contact.remove(field.key);
            }
        }
        self.mapped.problems.retain(|problem| problem.field.as_deref() != Some(&name));
        self.read(key, &RawCell::text(&text), Style::default(), &name);
    }

    /// Fills a template: `{Heading}` becomes the text of that column.
    fn filled(&self, template: &str) -> Option<String> {
        let (mut text, mut rest, mut blanks, mut found) = (String::new(), template, 0, 0);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            text.push_str(before);
            rest = after;
            match self.mapper.places.get(&fold_header(name)) {
                Some(column) => {
                    let cell = self.row.cell(*column);
                    found += 1;
                    let shown = cell.display();
                    let is_blank = cell.is_blank() || self.mapper.is_blank(&shown);
                    blanks += usize::from(is_blank);
                    text.push_str(if is_blank { "" } else { shown.trim() });
                }
                None => text.push_str(&format!("{{{name}}}")),
            }
        }
        text.push_str(rest);
        (found == 0 || blanks < found).then_some(text)
    }
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

/// Returns a custom value as text, to be joined.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Date(day) => day.to_string(),
        other => format!("{other:?}"),
    }
}

fn custom_value(cell: &RawCell) -> Value {
    match cell {
        RawCell::Bool(flag) => Value::Flag(*flag),
        RawCell::Date(day) => Value::Date(*day),
        RawCell::Number(text) => text.parse().map_or_else(|_| Value::text(&**text), Value::Integer),
        other => Value::text(other.display().trim()),
    }
}

/// Makes a dictionary key from a text: lower case, `_` for what parts words.
fn key_from(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let key = words.join("_").to_lowercase();
    if key.is_empty() { text.to_string() } else { key }
}
