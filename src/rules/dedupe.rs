//! Duplicates: the keys by which two records are certainly the same. DOMAIN: duplicates.
//!
//! Two records that share a key are the same; import and `check` need nothing but a map from key to
//! record, in time linear in the records. What is only probable is no key.
//!
//! Rulings:
//! - A telephone number is a key whatever it is, a company's hotline included: one company answers it.
//! - A company's name is a key together with the region, see [`normalize_company`]. A region within
//!   the name goes only when the record's own region does not contradict it: `上海某某` recorded in 浙江
//!   is not `某某` in 浙江. It also makes the record's region more exact: `杭州某某` in 浙江 is `某某` in 浙江/杭州.
//! - `浙江 杭州`, `浙江省杭州市` and `杭州` are one region; `浙江` alone is another.
//! - Without any region a name still is a key, among others without one.
//! - A placeholder (`个人`, `N/A`) is no name.
//!
//! Two that somebody looked at and found to be others are no duplicates ([`are_distinct`]); what records come to as one
//! [`merge`] says.
//!
//! *Absent on purpose:* near names and scores; who survives a merge.

mod company;
pub mod merge;
mod region;
mod simplify;

pub use company::normalize_company;
pub use simplify::simplify;

use crate::record::{
    ARTICLE, CONTRACT, CUSTOMER, DISTINCT_FROM, FOLLOWUP, LEAD, OPPORTUNITY, ORDER, PRODUCT, REVIEW, Record, Row,
    TICKET, USER, Words, dictionary::fold_name, halve_width, normalize_phone,
};
use crate::words;
use region::Region;

/// What a key is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// A unified social credit code.
    CreditCode,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A company's name and region.
    NameRegion,
    /// What a record of another kind is known by: a follow-up's subject, moment and points; an opportunity's customer
    /// and name; the outside number of a contract, an order or a ticket, of which also customer, moment and content; the title of an article; what a review is of; a product's name; a user's address.
    Identity,
}

/// A key: records that share one are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DedupeKey {
    /// What it is made of.
    pub kind: KeyKind,
    /// The normalised text.
    pub text: String,
}

impl DedupeKey {
    /// Returns what people call the key.
    pub fn describe(&self) -> Words {
        match self.kind {
            KeyKind::CreditCode => words!("credit code", "统一社会信用代码"),
            KeyKind::Phone => words!("telephone number", "电话"),
            KeyKind::Email => words!("e-mail address", "邮箱"),
            KeyKind::NameRegion => words!("company name and region", "公司名称和地区"),
            KeyKind::Identity => words!("name or content", "名称或内容"),
        }
    }
}

/// Returns the keys of a record, the most telling first, none twice.
pub fn exact_keys(record: &Record) -> Vec<DedupeKey> {
    let mut keys = Vec::new();
    if record.kind == LEAD {
        push_channels(&mut keys, record, "phone");
        push_name(&mut keys, record.text("company"), record.text("region"));
    } else if record.kind == CUSTOMER {
        push_channels(&mut keys, record, "phone");
        record.rows("contacts").iter().for_each(|contact| push_channels(&mut keys, contact, "work_phone"));
        push_name(&mut keys, record.text("name"), record.text("region"));
    } else if record.kind == FOLLOWUP {
        keys.extend(followup_identity(record).map(identity));
    } else if record.kind == OPPORTUNITY {
        // One whose customer is not known yet is told by its name among those like it.
        let customer = record.text("customer").unwrap_or_default();
        keys.extend(record.text("name").map(|name| identity(format!("{customer}|{}", fold_name(name)))));
    } else if record.kind == TICKET {
        let number = record.text("external_number").map(fold_name).filter(|number| !number.is_empty());
        let raised = record.moment("raised_at").map(|at| at.to_utc().timestamp());
        let said = record.text("customer").zip(raised).zip(record.text("content").map(fold_name));
        keys.extend(number.map(identity));
        keys.extend(said.map(|((customer, raised), content)| identity(format!("{customer}|{raised}|{content}"))));
    } else if [CONTRACT, ORDER].contains(&record.kind) {
        let number = record.text("external_number").map(fold_name).filter(|number| !number.is_empty());
        keys.extend(number.map(identity));
    } else if record.kind == REVIEW {
        keys.extend(record.text("opportunity").map(|of| identity(of.to_string())));
    } else if record.kind == ARTICLE {
        keys.extend(record.text("title").map(fold_name).filter(|title| !title.is_empty()).map(identity));
    } else if record.kind == PRODUCT {
        let names = record.text("name").into_iter().chain(record.texts("names").iter().map(|name| &**name));
        let all = std::iter::once(record.number.as_str()).chain(names);
        keys.extend(all.map(fold_name).filter(|name| !name.is_empty()).map(identity));
    } else if record.kind == USER {
        keys.extend(record.text("email").map(|email| identity(email.trim().to_lowercase())));
    }
    keys.sort();
    keys.dedup();
    keys
}

/// Tells whether somebody found that two records are not the same: either of them says so.
pub fn are_distinct(a: &Record, b: &Record) -> bool {
    let says =
        |one: &Record, other: &Record| one.texts(DISTINCT_FROM).iter().any(|number| **number == *other.number.as_str());
    says(a, b) || says(b, a)
}

/// Tells whether a region lies in an area, as people write both: `浙江 杭州` in `浙江`, any in `全国`.
pub fn lies_in(region: &str, area: &str) -> bool {
    Region::parse(area).contains(&Region::parse(region))
}

fn identity(text: String) -> DedupeKey {
    DedupeKey { kind: KeyKind::Identity, text }
}

/// Adds the keys that stand in fields of their own.
fn push_channels(keys: &mut Vec<DedupeKey>, row: &Row, phone: &str) {
    let mut push = |kind, text: Option<String>| {
        keys.extend(text.filter(|text| !text.is_empty()).map(|text| DedupeKey { kind, text }));
    };
    push(KeyKind::CreditCode, row.text("credit_code").map(|code| halve_width(code).trim().to_uppercase()));
    push(KeyKind::Phone, row.text(phone).map(phone_key));
    for other in row.texts("other_phones").iter().filter(|other| is_phone(other)) {
        push(KeyKind::Phone, Some(phone_key(other)));
    }
    push(KeyKind::Email, row.text("email").map(|email| halve_width(email).trim().to_lowercase()));
}

/// Tells a stored number from what was kept as it was written because it is none.
fn is_phone(text: &str) -> bool {
    text.starts_with('+') || normalize_phone(text, "CN").is_some()
}

/// Returns a stored number without what a hand edit may have put between its digits.
fn phone_key(stored: &str) -> String {
    let digits: String = halve_width(stored).chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    digits.strip_prefix("+86").map_or_else(|| digits.clone(), str::to_string)
}

fn push_name(keys: &mut Vec<DedupeKey>, name: Option<&str>, region: Option<&str>) {
    let Some(name) = name else { return };
    let mut region = region.map_or(Region::Unknown, Region::parse);
    let reduced = company::reduce(name, &mut |place| {
        let agrees = region.agrees(place);
        if agrees {
            region.refine(place);
        }
        agrees
    });
    if company::is_telling(&reduced) {
        keys.push(DedupeKey { kind: KeyKind::NameRegion, text: reduced + "|" + &region.key() });
    }
}

fn followup_identity(record: &Record) -> Option<String> {
    let (subject, at) = (record.text("subject")?, record.moment("at")?);
    let points: String = record.text("points").unwrap_or_default().split_whitespace().collect();
    Some(format!("{subject}|{}|{points}", at.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONTACT, Kind, Number, Value};

    fn record(kind: Kind, fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new(kind, Number::parse("X-2026-001").unwrap());
        for (key, text) in fields {
            record.set(key, Value::text(*text));
        }
        record
    }

    fn name_key(name: &str, region: &str) -> String {
        let keys = exact_keys(&record(LEAD, &[("company", name), ("region", region)]));
        keys.first().map_or_else(String::new, |key| key.text.clone())
    }

    #[test]
    fn areas_hold_their_regions() {
        for (region, area) in [
            ("浙江省杭州市", "浙江"),
            ("杭州", "浙江 杭州"),
            ("Hangzhou, Zhejiang", "浙江"),
            ("任何", "全国"),
            ("Bavaria, Munich", "Bavaria"),
        ] {
            assert!(lies_in(region, area), "{region} in {area}");
        }
        for (region, area) in
            [("浙江", "杭州"), ("江苏 南京", "浙江"), ("", "浙江"), ("Munich", "Bavaria"), ("杭州", "华东")]
        {
            assert!(!lies_in(region, area), "{region} in {area}");
        }
    }

    #[test]
    fn names_with_their_regions() {
        for (name, region, key) in [
            ("杭州某某贸易有限公司", "浙江 杭州", "某某贸易|浙江/杭州"),
            ("某某贸易(杭州)有限公司", "浙江省杭州市", "某某贸易|浙江/杭州"),
            ("某某贸易", "杭州", "某某贸易|浙江/杭州"),
            ("杭州某某贸易", "浙江", "某某贸易|浙江/杭州"),
            ("杭州某某贸易", "", "某某贸易|浙江/杭州"),
            ("上海某某贸易", "浙江 杭州", "上海某某贸易|浙江/杭州"),
            ("某某贸易（上海）有限公司", "浙江 杭州", "某某贸易上海|浙江/杭州"),
            ("某某贸易", "", "某某贸易|"),
            ("浙江某某贸易", "浙江 杭州", "某某贸易|浙江/杭州"),
            ("宁波某某贸易", "浙江 杭州", "宁波某某贸易|浙江/杭州"),
            ("Acme Inc", "United States", "acme|unitedstates"),
            ("个人", "浙江 杭州", ""),
            ("N/A", "", ""),
        ] {
            assert_eq!(name_key(name, region), key, "{name} / {region}");
        }
    }

    #[test]
    fn every_channel_of_a_customer_counts() {
        let mut customer = record(CUSTOMER, &[("credit_code", "91350100m000100y43"), ("name", "某某贸易")]);
        let contacts = [("13800138000", "A@x.com"), ("0571-88888888", "a@X.com")].map(|(phone, email)| {
            let mut contact = Row::new(CONTACT);
            contact.set("work_phone", Value::text(phone));
            contact.set("email", Value::text(email));
            contact
        });
        customer.set("contacts", Value::Rows(contacts.to_vec()));
        let keys: Vec<_> = exact_keys(&customer).into_iter().map(|key| (key.kind, key.text)).collect();
        let expected = [
            (KeyKind::CreditCode, "91350100M000100Y43"),
            (KeyKind::Phone, "057188888888"),
            (KeyKind::Phone, "13800138000"),
            (KeyKind::Email, "a@x.com"),
            (KeyKind::NameRegion, "某某贸易|"),
        ];
        assert_eq!(keys, expected.map(|(kind, text)| (kind, text.to_string())));
    }

    #[test]
    fn phones_are_one_however_typed() {
        let key = |phone| exact_keys(&record(LEAD, &[("phone", phone)]));
        assert_eq!(key("13800138000"), key("+86 138-0013-8000"));
        assert_ne!(key("0571-88888888-1"), key("0571-88888888-2"));
    }

    #[test]
    fn further_numbers_are_keys_where_they_are_numbers() {
        let mut lead = record(LEAD, &[("phone", "13800138000")]);
        lead.set("other_phones", Value::Texts(vec!["0571-88888888".into(), "1380013800".into()]));
        let keys: Vec<_> = exact_keys(&lead).into_iter().map(|key| key.text).collect();
        assert_eq!(keys, ["057188888888", "13800138000"]);
    }

    #[test]
    fn identities_of_other_kinds() {
        let mut followup = record(FOLLOWUP, &[("subject", "LEAD-2026-001"), ("points", "谈 价格")]);
        assert!(exact_keys(&followup).is_empty(), "without a moment it is not known");
        let at = |text: &str| Value::Moment(chrono::DateTime::parse_from_rfc3339(text).unwrap());
        followup.set("at", at("2026-03-12T09:30:00+08:00"));
        let mut same = followup.clone();
        same.set("at", at("2026-03-12T01:30:00Z"));
        same.set("points", Value::text("谈价格"));
        assert_eq!(exact_keys(&followup), exact_keys(&same));
        assert_eq!(exact_keys(&record(USER, &[("email", "A@x.com")]))[0].text, "a@x.com");
        assert_eq!(exact_keys(&record(PRODUCT, &[("name", "办公桌")])).len(), 2);
    }
}
