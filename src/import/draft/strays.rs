//! What stands in the column of another field: an e-mail address or a WeChat account where a telephone number should
//! stand, a number where an address should.
//!
//! *Invariant:* a field's own column has the first word, wherever it stands: strays are taken when all columns are read.

use super::super::clean::Phones;
use super::super::mapping::FieldKey;
use super::super::values::Stray;
use super::{Draft, plain};
use crate::record::input::shorten;
use crate::record::{Field, Problem, Value, Words, find_field};
use crate::words;

/// A stray with the field under whose heading it stands.
pub(super) struct Strayed {
    pub key: FieldKey,
    pub field: &'static Field,
    pub stray: Stray,
    pub header: String,
}

impl Draft<'_, '_> {
    /// Takes each stray to its own field where that is blank, and says so; else it is kept under its heading.
    pub fn strays(&mut self) {
        for Strayed { key, field, stray, header } in std::mem::take(&mut self.strays) {
            match stray {
                Stray::WeChat(account) => {
                    let what = words!("the WeChat account", "微信号");
                    self.move_text((key, field), "wechat", account, what, &header);
                }
                Stray::Email(address) => {
                    let what = words!("the e-mail address", "邮箱");
                    self.move_text((key, field), "email", address, what, &header);
                }
                Stray::Phones(phones) => self.move_phones((key, field), phones, &header),
            }
        }
    }

    /// Remembers the e-mail addresses among what stands beside telephone numbers; returns the rest.
    pub(super) fn set_emails_aside(&mut self, key: FieldKey, field: &'static Field, rest: Vec<String>) -> Vec<String> {
        let mut others = Vec::new();
        for text in rest {
            match Stray::email(&text) {
                Some(stray) => self.strays.push(Strayed { key, field, stray, header: field.key.to_string() }),
                None => others.push(text),
            }
        }
        others
    }

    fn move_text(&mut self, from: (FieldKey, &Field), to: &str, text: String, what: Words, header: &str) {
        let fields = self.fields_beside(from.0);
        let Some(field) = find_field(fields, to) else { return self.custom(header, Value::text(text)) };
        let place = self.beside(from.0, field);
        match self.current(place, field) {
            None => {
                self.store(place, field, Value::text(&*text));
                self.tell_move(from.1, field, &text, &what);
            }
            Some(own) if plain(own) == text => {}
            Some(_) => self.custom(header, Value::text(text)),
        }
    }

    fn move_phones(&mut self, from: (FieldKey, &Field), phones: Phones, header: &str) {
        let fields = self.fields_beside(from.0);
        let shown = phones.numbers.join(", ");
        match ["phone", "work_phone"].iter().find_map(|key| find_field(fields, key)) {
            Some(field) => {
                let place = self.beside(from.0, field);
                self.phones(place, field, phones);
                self.tell_move(from.1, field, &shown, &words!("the telephone number", "电话"));
            }
            None => self.custom(header, Value::text(shown)),
        }
    }

    fn tell_move(&mut self, from: &Field, to: &Field, text: &str, what: &Words) {
        let (en, zh, shown) = (from.label.en, from.label.zh, shorten(text));
        let message = Words {
            en: format!("{en} holds {} `{shown}`; taken as such", what.en).into(),
            zh: format!("{zh}栏填的是{}“{shown}”，已记入{}", what.zh, to.label.zh).into(),
        };
        let code = if to.key == "wechat" { "moved-wechat" } else { "moved-value" };
        self.mapped.problems.push(Problem::warning(code, to.key, message));
    }
}
