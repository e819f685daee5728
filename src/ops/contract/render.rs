//! A contract as a document: a template filled in with the contract and what it is about.
//!
//! Templates are the team's, in `config/templates/`, in Markdown or Word; without one there is one built in. What of the
//! records is not the acting person's to read stays blank.

use crate::ops::Session;
use crate::output::template::{self, Datum, Filled, Thing};
use crate::record::{
    CONTACT, CONTRACT, CUSTOMER, Failure, Field, FieldType, Kind, Lang, Number, OPPORTUNITY, Record, Result, Row, USER,
    Value, capitals,
};
use crate::rules::listing::value_words;
use crate::words;
use rust_decimal::Decimal;

/// Where the team's templates lie.
const FOLDER: &str = "config/templates";

/// The form a document is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Markdown.
    Markdown,
    /// One page of HTML.
    Html,
    /// A Word file.
    Docx,
}

/// Which template is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// That of the contract, else the team's usual one, else the one built in.
    Usual,
    /// One of the team's, by name.
    Named(String),
    /// A file: what it is called, what it holds.
    File(String, Vec<u8>),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The form.
    pub form: Form,
    /// The template.
    pub template: Choice,
    /// The language of labels, days, and of the template built in.
    pub lang: Lang,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The contract.
    pub number: Number,
    /// The template it was made from.
    pub template: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// The fields in it about which nothing is known.
    pub blanks: Vec<String>,
}

/// What templates call the company that sells, whose name `kehu.toml` tells.
pub const TEAM: [&str; 4] = ["team", "Team", "我方", "乙方"];

/// Makes a document of a contract.
///
/// Fails with exit code 4 when there is no such template, 2 when a Word template is to be something else than a Word file,
/// 6 when a field in it is none, or the file is damaged.
pub fn render(session: &Session, text: &str, wanted: &Wanted) -> Result<Rendered> {
    let contract = session.find(CONTRACT, text)?;
    let (name, template) = template_of(session, &contract, wanted)?;
    let fields = fields(session, &contract, wanted.lang)?;
    let is_word = name.to_ascii_lowercase().ends_with(".docx");
    let (bytes, blanks) = if is_word {
        if wanted.form != Form::Docx {
            return Err(word_only(&name));
        }
        let filled = template::docx::fill(&name, &template, &fields, wanted.lang)?;
        (filled.bytes, filled.blanks)
    } else {
        let template = String::from_utf8(template)
            .map_err(|_| Failure::invalid(words!("`{name}` is not UTF-8 text", "`{name}` 不是 UTF-8 文本")))?;
        let template = template.strip_prefix('\u{feff}').unwrap_or(&template);
        let Filled { text, blanks } = template::fill_markdown(&name, template, &fields, wanted.lang)?;
        let bytes = match wanted.form {
            Form::Markdown => text.into_bytes(),
            Form::Html => template::html::page(&text, wanted.lang).into_bytes(),
            Form::Docx => template::docx::compose(&text, wanted.lang)?,
        };
        (bytes, blanks)
    };
    Ok(Rendered { number: contract.number, template: name, bytes, blanks })
}

fn word_only(name: &str) -> Failure {
    Failure::usage(words!("`{name}` makes Word files only", "`{name}` 只能生成 Word 文件")).hint(words!(
        "write `-o contract.docx`, or name a template in Markdown with `--template`",
        "请写 `-o 合同.docx`，或用 `--template` 指定 Markdown 模板"
    ))
}

/// Finds the template, with its name.
fn template_of(session: &Session, contract: &Record, wanted: &Wanted) -> Result<(String, Vec<u8>)> {
    let named = match &wanted.template {
        Choice::File(name, bytes) => return Ok((name.clone(), bytes.clone())),
        Choice::Named(name) => Some(name.as_str()),
        Choice::Usual => contract.text("template").map(str::trim),
    };
    let name = named.unwrap_or("contract");
    for path in paths(name, wanted.form) {
        if let Some(bytes) = session.repo.read_bytes(&session.source, &path)? {
            return Ok((path, bytes));
        }
    }
    match named {
        None => Ok(built_in(wanted.lang)),
        Some(name) => {
            Err(Failure::not_found(words!("there is no template `{name}`", "没有模板 `{name}`")).hint(words!(
                "templates of the team are files in `{FOLDER}`, `NAME.md` or `NAME.docx`",
                "团队模板放在 `{FOLDER}` 中，命名为 `名称.md` 或 `名称.docx`"
            )))
        }
    }
}

/// Returns the places where a template of this name may lie, what fits the form first.
fn paths(name: &str, form: Form) -> Vec<String> {
    let is_plain = !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
    let endings: &[&str] = match form {
        _ if name.ends_with(".md") || name.ends_with(".docx") => &[""],
        Form::Docx => &[".docx", ".md"],
        Form::Markdown | Form::Html => &[".md", ".docx"],
    };
    let endings = endings.iter().filter(|_| is_plain);
    endings.map(|ending| format!("{FOLDER}/{name}{ending}")).collect()
}

fn built_in(lang: Lang) -> (String, Vec<u8>) {
    let text = match lang {
        Lang::En => include_str!("built_in/contract.en.md"),
        Lang::Zh => include_str!("built_in/contract.zh.md"),
    };
    (format!("contract.{}.md", lang.tag()), text.into())
}

/// Returns all that a template sees.
fn fields(session: &Session, contract: &Record, lang: Lang) -> Result<Thing> {
    let filler = Filler { session, lang };
    let customer = filler.related(CUSTOMER, contract.text("customer"))?;
    let contacts = customer.rows("contacts");
    let decides = |row: &&Row| row.text("buying_role") == Some("decision_maker");
    let contact = contacts.iter().find(decides).or(contacts.first()).cloned();
    let currency = contract.text("currency").unwrap_or(&session.config.settings.currency);
    let in_capitals = contract.money("amount").and_then(capitals).map_or(Datum::Blank, Datum::Text);
    let mut all = Thing::default();
    all.push(["number", "Number", "编号", "合同编号"], Datum::Text(contract.number.to_string()));
    all.push(["contract", "Contract", "合同"], Datum::Thing(filler.record(contract)));
    all.push(["customer", "Customer", "客户", "甲方"], Datum::Thing(filler.record(&customer)));
    all.push(["contact", "Contact", "联系人"], Datum::Thing(filler.row(&contact.unwrap_or_else(|| Row::new(CONTACT)))));
    let opportunity = filler.related(OPPORTUNITY, contract.text("opportunity"))?;
    all.push(["opportunity", "Opportunity", "商机"], Datum::Thing(filler.record(&opportunity)));
    let owner = filler.related(USER, contract.text("owner"))?;
    all.push(["owner", "Owner", "负责人"], Datum::Thing(filler.record(&owner)));
    all.push(["plan", "Payment plan", "付款计划"], Datum::List(filler.plan(contract)));
    all.push(["amount_capitals", "Amount in capitals", "大写金额", "金额大写", "合同金额大写"], in_capitals);
    all.push(["currency", "Currency", "币种"], Datum::Text(currency.to_string()));
    all.push(["today", "Today", "今天", "今日"], Datum::Day(session.now.date_naive()));
    all.push(
        ["team", "Team", "我方", "乙方"],
        session.config.settings.company.clone().map_or(Datum::Blank, Datum::Text),
    );
    // The contract's own fields need no name before them.
    filler.push_fields(&contract.row, &mut all);
    Ok(all)
}

/// Makes what a template sees of records.
struct Filler<'s> {
    session: &'s Session,
    lang: Lang,
}

impl Filler<'_> {
    /// Returns a record that another names; one without fields where it is none, or not to be read.
    fn related(&self, kind: Kind, number: Option<&str>) -> Result<Record> {
        let blank = || Record::new(kind, Number::event(kind.name, ""));
        let Some(number) = number.and_then(Number::parse) else { return Ok(blank()) };
        let found = self.session.repo.load_one(kind, &number, &self.session.source)?.map(|(record, _)| record);
        let Some(found) = found else { return Ok(blank()) };
        Ok(if self.session.reads(&found)? { found } else { blank() })
    }

    fn record(&self, record: &Record) -> Thing {
        let mut thing = Thing::default();
        let is_there = record.row.iter().next().is_some();
        let number = Datum::Text(record.number.to_string());
        thing.push(["number", "Number", "编号"], if is_there { number } else { Datum::Blank });
        self.push_fields(&record.row, &mut thing);
        thing
    }

    fn row(&self, row: &Row) -> Thing {
        let mut thing = Thing::default();
        self.push_fields(row, &mut thing);
        thing
    }

    fn push_fields(&self, row: &Row, thing: &mut Thing) {
        for field in row.fields() {
            let value = row.get(field.key).map_or(Datum::Blank, |value| self.datum(field, value));
            thing.push(
                [field.key, field.label.en, field.label.zh].into_iter().chain(field.aliases.iter().copied()),
                value,
            );
        }
        for (name, value) in row.custom() {
            let words = value_words(None, value, &self.session.config.dictionary);
            thing.push([&**name], Datum::Text(words.get(self.lang).to_string()));
        }
    }

    fn datum(&self, field: &'static Field, value: &Value) -> Datum {
        match value {
            Value::Money(amount) => Datum::Money(*amount),
            Value::Date(day) => Datum::Day(*day),
            Value::Integer(count) => Datum::Integer(*count),
            Value::Rows(rows) if matches!(field.ty, FieldType::Table(_)) => {
                Datum::List(rows.iter().map(|row| Datum::Thing(self.row(row))).collect())
            }
            other => {
                let words = value_words(Some(field), other, &self.session.config.dictionary);
                Datum::Text(words.get(self.lang).to_string())
            }
        }
    }

    /// Returns the instalments, each with its share of the amount and its amount in capitals.
    fn plan(&self, contract: &Record) -> Vec<Datum> {
        let whole = contract.money("amount").map(|amount| amount.0).filter(|amount| !amount.is_zero());
        let instalment = |row: &Row| {
            let mut thing = self.row(row);
            let amount = row.money("amount");
            let share = amount.zip(whole).and_then(|(part, whole)| {
                let share = part.0.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?.round_dp(2).normalize();
                Some(format!("{share}%"))
            });
            thing.push(["share", "Share", "比例"], share.map_or(Datum::Blank, Datum::Text));
            let in_capitals = amount.and_then(capitals);
            thing.push(["amount_capitals", "大写金额"], in_capitals.map_or(Datum::Blank, Datum::Text));
            Datum::Thing(thing)
        };
        contract.rows("plan").iter().map(instalment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_template_is_no_way_out_of_its_folder() {
        assert_eq!(paths("sale", Form::Docx), ["config/templates/sale.docx", "config/templates/sale.md"]);
        assert_eq!(paths("sale.md", Form::Docx), ["config/templates/sale.md"]);
        for odd in ["../sale.md", "a/b", "", ".", "..\\x"] {
            assert!(paths(odd, Form::Html).is_empty(), "{odd}");
        }
    }
}
