//! Text from a person or a spreadsheet, read as the value of a field.
//!
//! One reader for flags, `key=value`, JSON lines, spreadsheets and hand edits, so that a value means
//! the same wherever it comes from.

use super::anniversary::Anniversary;
use super::currency::read_currency;
use super::date::{DateOrder, parse_day, parse_moment};
use super::dictionary::{Dictionary, Entries, fold_name, is_free};
use super::field::{Field, FieldType};
use super::money::{Money, halve_width};
use super::number::Number;
use super::phone::normalize_phone;
use super::problem::Problem;
use super::value::Value;
use super::words::{Label, Lang, Words};
use crate::words;
use chrono_tz::Tz;

/// What reading a value depends on besides the text.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The keys there are.
    pub dictionary: &'a Dictionary,
    /// The ISO code of the country telephone numbers without `+` belong to.
    pub country: &'a str,
    /// The zone of moments without an offset.
    pub zone: Tz,
    /// The order of day and month in `3/5/2026`.
    pub order: DateOrder,
}

/// Marks between the values of a list field.
pub const LIST_MARKS: [char; 8] = [',', '，', ';', '；', '、', '|', '\n', '\t'];

/// Reads `text` as the value of `field`.
///
/// Fails with a problem that names what was expected, and for keys the nearest known names. Blank text
/// is not a value: ask before calling.
pub fn read_value(field: &Field, text: &str, reading: &Reading<'_>) -> Result<Value, Problem> {
    let text = text.trim();
    let or = |value: Option<Value>, wanted: &Wanted| value.ok_or_else(|| wanted.not(field, text));
    match field.ty {
        FieldType::Text => Ok(Value::text(text)),
        FieldType::Texts => Ok(Value::Texts(split_list(text).map(Into::into).collect())),
        FieldType::Key(name) => read_key(field, name, text, reading).map(Value::text),
        FieldType::Keys(name) => read_keys(field, name, text, reading).map(Value::Texts),
        FieldType::Integer => or(read_integer(text).map(Value::Integer), &INTEGER),
        FieldType::Flag => or(read_flag(text).map(Value::Flag), &FLAG),
        FieldType::Money => match Money::parse(text) {
            Some(amount) if !amount.is_in_cents() => Err(CENTS.not(field, text)),
            amount => or(amount.map(Value::Money), &MONEY),
        },
        FieldType::Date => or(parse_day(text, reading.order).map(Value::Date), &DAY),
        FieldType::Moment => {
            let moment = parse_moment(text, reading.order).and_then(|moment| moment.fixed(&reading.zone));
            or(moment.map(Value::Moment), &DAY)
        }
        FieldType::Anniversary => or(Anniversary::parse(text).map(|day| Value::text(day.to_string())), &ANNIVERSARY),
        FieldType::Phone => or(normalize_phone(text, reading.country).map(Value::text), &PHONE),
        FieldType::Email => or(read_email(text).map(Value::text), &EMAIL),
        FieldType::Website => or(read_website(text).map(Value::text), &WEBSITE),
        FieldType::CreditCode => or(read_credit_code(text).map(Value::text), &CREDIT_CODE),
        FieldType::Currency => or(read_currency(text).map(Value::text), &CURRENCY),
        FieldType::Reference(_) | FieldType::Subject => {
            or(Number::parse(text).map(|number| Value::text(number.as_str())), &NUMBER)
        }
        FieldType::Any | FieldType::Table(_) => Err(TABLE.not(field, text)),
    }
}

/// What a value should have been: the code of the problem, and the words after "is not".
struct Wanted(&'static str, Label);

const INTEGER: Wanted = Wanted("integer-format", Label::new("a whole number", "整数"));
const FLAG: Wanted = Wanted("flag-format", Label::new("yes or no", "是或否"));
const MONEY: Wanted =
    Wanted("money-format", Label::new("an amount such as 12800.50 or 50万", "金额，例如 12800.50 或 50万"));
const CENTS: Wanted =
    Wanted("money-format", Label::new("a whole number of cents: at most two decimals", "精确到分的金额：最多两位小数"));
const DAY: Wanted =
    Wanted("date-format", Label::new("a day that exists, such as 2026-03-05", "有效日期，例如 2026-03-05"));
const ANNIVERSARY: Wanted = Wanted(
    "date-format",
    Label::new("a day such as 1980-03-12, 03-12 or lunar 08-15", "日期，例如 1980-03-12、03-12 或 农历 08-15"),
);
const PHONE: Wanted = Wanted(
    "phone-format",
    Label::new(
        "a mobile of 11 digits, a landline with area code, or +country number",
        " 11 位手机号、带区号的座机或 +国家码号码",
    ),
);
const EMAIL: Wanted =
    Wanted("email-format", Label::new("an address such as name@company.com", "邮箱地址，例如 name@company.com"));
const WEBSITE: Wanted =
    Wanted("website-format", Label::new("an address such as www.company.com", "网址，例如 www.company.com"));
const CREDIT_CODE: Wanted = Wanted(
    "credit-code-format",
    Label::new("18 characters with a right check digit", " 18 位且校验位正确的统一社会信用代码"),
);
const CURRENCY: Wanted = Wanted(
    "currency-format",
    Label::new("a currency of ISO 4217, such as CNY or USD", " ISO 4217 币种代码，例如 CNY、USD"),
);
const NUMBER: Wanted = Wanted("number-format", Label::new("the number of a record", "记录编号"));
const TABLE: Wanted =
    Wanted("table-format", Label::new("a list of tables, by `edit` or JSON", "表格数据，请用 `edit` 或 JSON"));

impl Wanted {
    /// Makes the problem of a text that is not it.
    fn not(&self, field: &Field, text: &str) -> Problem {
        let Wanted(code, wanted) = self;
        let (text, label) = (shorten(text), field.label);
        let message = words!("{label} `{text}` is not {wanted}", "{label}“{text}”不是{wanted}"; each label, wanted);
        Problem::error(code, field.key, message)
    }
}

/// Reads several keys of a dictionary, each of which counts once.
fn read_keys(field: &Field, name: &str, text: &str, reading: &Reading<'_>) -> Result<Vec<Box<str>>, Problem> {
    let mut keys: Vec<Box<str>> = Vec::new();
    for part in split_list(text) {
        let key = read_key(field, name, part, reading)?.into();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Shortens a value for a message, to 60 characters.
pub fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > 60 {
        short.push('…');
    }
    short
}

fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(LIST_MARKS).map(str::trim).filter(|part| !part.is_empty())
}

fn read_key(field: &Field, dictionary: &str, text: &str, reading: &Reading<'_>) -> Result<String, Problem> {
    let entries = reading.dictionary.get(dictionary);
    if let Some(entry) = entries.and_then(|entries| entries.find(text)) {
        return Ok(entry.key.clone());
    }
    if is_free(dictionary) {
        return Ok(text.to_string());
    }
    Err(unknown_key(field, text, reading.dictionary))
}

/// As many values of a dictionary are named in a message.
const FEW: usize = 8;

/// Makes the problem of a value its dictionary does not know, naming the nearest ones or, if few, all.
pub fn unknown_key(field: &Field, text: &str, dictionary: &Dictionary) -> Problem {
    let name = field.dictionary().unwrap_or_default();
    let (shown, label) = (shorten(text), field.label);
    let message = words!(
        "{label} `{shown}` is not in dictionary `{name}`",
        "{label}“{shown}”不在字典 `{name}` 中"; each label
    );
    let Some(entries) = dictionary.get(name) else { return Problem::error("unknown-key", field.key, message) };
    let near = |lang: Lang| entries.nearest(text, lang).join(between(lang));
    let (en, zh) = (near(Lang::En), near(Lang::Zh));
    let mend = match en.is_empty() || entries.iter().count() <= FEW {
        true => one_of(entries),
        false => words!("did you mean {en}?", "是不是{zh}？"),
    };
    Problem::error("unknown-key", field.key, message).mend(mend)
}

/// Names the first keys of a dictionary, each with its label.
pub fn one_of(entries: &Entries) -> Words {
    let all =
        |lang: Lang| entries.iter().take(FEW).map(|entry| entry.named(lang)).collect::<Vec<_>>().join(between(lang));
    let (en, zh) = (all(Lang::En), all(Lang::Zh));
    match entries.iter().count() <= FEW {
        true => words!("one of {en}", "可选：{zh}"),
        false => words!("one of {en}, …", "可选：{zh} 等"),
    }
}

fn between(lang: Lang) -> &'static str {
    if lang == Lang::Zh { "、" } else { ", " }
}

fn read_integer(text: &str) -> Option<i64> {
    let text = halve_width(text).replace([',', ' '], "");
    let text = text.trim_end_matches(['人', '名', '个']);
    let text = text.strip_suffix(".0").or_else(|| text.strip_suffix(".00")).unwrap_or(text);
    text.parse().ok()
}

/// Reads yes and no in both languages.
pub fn read_flag(text: &str) -> Option<bool> {
    match fold_name(text).as_str() {
        "true" | "yes" | "y" | "1" | "是" | "有" | "已上市" | "√" | "✓" | "对" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "无" | "未上市" | "×" | "不" | "不是" => Some(false),
        _ => None,
    }
}

/// Reads an address; spaces about the `@` are slips of the keyboard, others leave open what is meant.
pub fn read_email(text: &str) -> Option<String> {
    let mut address = halve_width(text).into_owned();
    if address.contains(char::is_whitespace) {
        address = address.split('@').map(str::trim).collect::<Vec<_>>().join("@");
    }
    if let Some(bare) = address.strip_prefix("mailto:") {
        address = bare.to_string();
    }
    let at = address.rfind('@')?;
    let host = address.get_mut(at + 1..)?;
    host.make_ascii_lowercase();
    let labels_fit = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    (labels_fit && email_address::EmailAddress::is_valid(&address)).then_some(address)
}

fn read_website(text: &str) -> Option<String> {
    let text = halve_width(text).trim().to_string();
    let bare = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = bare.split(['/', '?', '#', ':']).next()?;
    let fits = host.contains('.')
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'));
    fits.then_some(text)
}

/// Reads a unified social credit code (GB 32100-2015): 17 characters and a check digit, modulus 31.
fn read_credit_code(text: &str) -> Option<String> {
    const DIGITS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let code = halve_width(text).trim().to_ascii_uppercase();
    if code.len() != 18 || !code.is_ascii() {
        return None;
    }
    let mut sum = 0;
    let mut weight = 1;
    for c in code[..17].chars() {
        sum += DIGITS.find(c)? * weight;
        weight = weight * 3 % 31;
    }
    (DIGITS.chars().nth((31 - sum % 31) % 31)? == code.chars().last()?).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_codes() {
        assert_eq!(read_credit_code("91350100M000100Y43").as_deref(), Some("91350100M000100Y43"));
        assert_eq!(read_credit_code("91350100M000100Y44"), None);
        assert_eq!(read_credit_code("91350100M000100I43"), None, "the letter I is not used");
        assert_eq!(read_credit_code("123"), None);
        assert_eq!(read_credit_code("编号编号编号"), None);
    }

    #[test]
    fn addresses() {
        assert_eq!(read_email(" Wang@Example.COM ").as_deref(), Some("Wang@example.com"));
        assert_eq!(read_email("wang @ example.com").as_deref(), Some("wang@example.com"));
        for text in ["wang", "wang@", "@x.com", "a@b", "a b@", "a@b..com", "a b@c.com", "a@b .com"] {
            assert_eq!(read_email(text), None, "{text}");
        }
        assert!(read_website("https://www.example.com/a").is_some());
        assert!(read_website("无").is_none());
    }

    #[test]
    fn integers_and_flags() {
        assert_eq!(read_integer("1,200人"), Some(1200));
        assert_eq!(read_integer("300.0"), Some(300));
        assert_eq!(read_integer("many"), None);
        assert_eq!(read_flag("是"), Some(true));
        assert_eq!(read_flag("No"), Some(false));
        assert_eq!(read_flag("maybe"), None);
    }
}
