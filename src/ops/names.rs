//! Records by what people call them: users by name, leads and customers by company or telephone number, opportunities
//! by their number alone.
//!
//! One look-up for spreadsheets, the command line and filters. Of several that fit, none is guessed: whoever
//! asked gets their numbers. Only leads that are done
//! with give way, so that a converted lead does not stand against the customer it became.
//!
//! *Absent on purpose:* what makes two records the same; that is [`crate::rules::dedupe`].

use crate::import::Resolved;
use crate::ops::Session;
use crate::record::dictionary::fold_name;
use crate::record::{CUSTOMER, Kind, LEAD, OPPORTUNITY, Record, Result, USER, normalize_phone};
use crate::rules::cadence::is_open;
use crate::rules::dedupe::normalize_company;
use crate::store::LoadOptions;
use std::collections::{BTreeSet, HashMap, HashSet};

/// How many of several fitting records are named.
const NAMED: usize = 5;
/// How alike a name must be to be offered: names of two characters that share the first are.
const ALIKE: f64 = 0.66;

/// Records by what people call them.
#[derive(Debug)]
pub struct Known {
    records: Vec<Record>,
    country: String,
    /// Places in `records` by number, name, e-mail address or telephone number, each spelled for comparison.
    users: Index,
    /// Telephone numbers, addresses and exact names before reduced names: the first that is known decides.
    subjects: [Index; 2],
}

type Index = HashMap<String, Vec<usize>>;

impl Known {
    /// Loads users, leads, customers and opportunities.
    pub fn load(session: &Session) -> Result<Known> {
        Known::load_kinds(session, &[USER, LEAD, CUSTOMER, OPPORTUNITY])
    }

    /// Loads those of them that are wanted.
    pub fn load_kinds(session: &Session, kinds: &[Kind]) -> Result<Known> {
        let options = LoadOptions { use_index: session.options.use_index };
        let records = session.repo.load(kinds, &session.source, options)?.records;
        Ok(Known::of(records, session.config.reading().country))
    }

    fn of(records: Vec<Record>, country: &str) -> Known {
        let mut known = Known {
            records: Vec::new(),
            country: country.to_string(),
            users: Index::new(),
            subjects: [Index::new(), Index::new()],
        };
        for (at, record) in records.iter().enumerate() {
            if record.kind == USER {
                let names = [Some(record.number.as_str()), record.text("name"), record.text("email")];
                names.into_iter().flatten().for_each(|name| add(&mut known.users, fold_name(name), at));
            } else if record.kind == OPPORTUNITY {
                add(&mut known.subjects[0], fold_name(record.number.as_str()), at);
            } else {
                exact_names(record).into_iter().for_each(|name| add(&mut known.subjects[0], name, at));
                add(&mut known.subjects[1], normalize_company(record.title()), at);
            }
        }
        known.records = records;
        known
    }

    /// Returns what `text` stands for in a field that refers to records of `kind`.
    pub fn resolve(&self, kind: &str, text: &str) -> Resolved {
        match kind {
            "user" if self.users.is_empty() => Resolved::Untold,
            "user" => match self.users.get(&fold_name(text)) {
                Some(places) => self.one_of(places),
                None => Resolved::Nothing(self.nearest_user(text)),
            },
            "subject" => self.subject(text),
            "lead" | "customer" => self.called(text, |record| record.kind.name == kind),
            _ => Resolved::Untold,
        }
    }

    /// Returns the numbers of leads and customers that still want contact.
    pub fn open_subjects(&self) -> HashSet<&str> {
        self.records.iter().filter(|record| is_open(record)).map(|record| record.number.as_str()).collect()
    }

    /// Tells whether there is any user.
    pub fn has_users(&self) -> bool {
        !self.users.is_empty()
    }

    /// Returns the logins of users one of whose names contains `part`, spelled for comparison.
    pub fn logins_with(&self, part: &str) -> Vec<String> {
        let wanted = fold_name(part);
        let fits = self.users.iter().filter(|(name, _)| name.contains(&wanted)).flat_map(|(_, places)| places);
        self.numbers(fits)
    }

    /// Returns the lead, customer or user whose name is most like `text`, as a person tells it from another.
    ///
    /// It looks at every name, so it is for one mistake and not for a table of them.
    pub fn nearest(&self, text: &str) -> Option<String> {
        let wanted = fold_name(text);
        let likeness = |record: &Record| {
            let names = [fold_name(record.number.as_str()), fold_name(record.title())];
            let like = names.iter().map(|name| strsim::jaro_winkler(name, &wanted)).fold(0.0, f64::max);
            if wanted.chars().count() > 1 && names[1].contains(&wanted) { 1.0 } else { like }
        };
        let scored = self.records.iter().map(|record| (likeness(record), record)).filter(|(like, _)| *like >= ALIKE);
        scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.number.cmp(&a.1.number))).map(|(_, one)| told(one))
    }

    /// Returns the lead or customer that `text` names: by number, telephone number, address or name.
    pub fn subject(&self, text: &str) -> Resolved {
        self.called(text, |_| true)
    }

    /// Returns the one of those that `fits` that `text` names.
    fn called(&self, text: &str, fits: impl Fn(&Record) -> bool) -> Resolved {
        let phone = normalize_phone(text, &self.country);
        let spelled = [phone.unwrap_or_else(|| fold_name(text)), normalize_company(text)];
        for (index, name) in self.subjects.iter().zip(spelled).filter(|(_, name)| !name.is_empty()) {
            let places = index.get(&name).into_iter().flatten().copied();
            let places: Vec<usize> = places.filter(|at| self.records.get(*at).is_some_and(&fits)).collect();
            if !places.is_empty() {
                return self.one_of(&places);
            }
        }
        Resolved::Nothing(None)
    }

    /// Returns the numbers of all leads and customers that `text` names, open or done with.
    pub fn subjects_called(&self, text: &str) -> Vec<String> {
        let phone = normalize_phone(text, &self.country).unwrap_or_else(|| fold_name(text));
        let found = [self.subjects[0].get(&phone), self.subjects[1].get(&normalize_company(text))];
        self.numbers(found.into_iter().flatten().flatten())
    }

    /// Returns the numbers of leads and customers whose name contains `part`, spelled for comparison.
    pub fn subjects_with(&self, part: &str) -> Vec<String> {
        let wanted = fold_name(part);
        let fits = |record: &Record| record.kind != USER && fold_name(record.title()).contains(&wanted);
        let fitting = self.records.iter().filter(|record| fits(record));
        fitting.map(|record| record.number.to_string()).collect()
    }

    fn numbers<'p>(&self, places: impl Iterator<Item = &'p usize>) -> Vec<String> {
        let places: BTreeSet<usize> = places.copied().collect();
        places.into_iter().filter_map(|at| self.records.get(at)).map(|record| record.number.to_string()).collect()
    }

    /// Returns all users, or all leads and customers, that `text` names, as a person tells them apart.
    pub fn all_called(&self, kind: Kind, text: &str) -> Vec<String> {
        let phone = normalize_phone(text, &self.country).unwrap_or_else(|| fold_name(text));
        let found = match kind == USER {
            true => vec![self.users.get(&fold_name(text))],
            false => vec![self.subjects[0].get(&phone), self.subjects[1].get(&normalize_company(text))],
        };
        let places: BTreeSet<usize> = found.into_iter().flatten().flatten().copied().collect();
        places.into_iter().filter_map(|at| self.records.get(at)).take(NAMED).map(told).collect()
    }

    fn one_of(&self, places: &[usize]) -> Resolved {
        let all = || places.iter().filter_map(|at| self.records.get(*at));
        let open: Vec<&Record> = all().filter(|record| !is_done(record)).collect();
        match open.as_slice() {
            [] => match places {
                [at] => self.records.get(*at).map_or(Resolved::Untold, |one| Resolved::One(one.number.to_string())),
                _ => Resolved::Several(all().take(NAMED).map(told).collect()),
            },
            [one] => Resolved::One(one.number.to_string()),
            several => Resolved::Several(several.iter().take(NAMED).map(|record| told(record)).collect()),
        }
    }

    fn nearest_user(&self, text: &str) -> Option<String> {
        let wanted = fold_name(text);
        let users = self.records.iter().filter(|record| record.kind == USER);
        let likeness = |user: &Record| {
            let names = [user.number.as_str(), user.title()].map(fold_name);
            let like = names.iter().map(|name| strsim::jaro_winkler(name, &wanted)).fold(0.0, f64::max);
            if surname(&wanted).is_some_and(|one| names[1].starts_with(one)) { like.max(ALIKE) } else { like }
        };
        let scored = users.map(|user| (likeness(user), user)).filter(|(score, _)| *score >= ALIKE);
        scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.number.cmp(&a.1.number))).map(|(_, user)| told(user))
    }
}

/// Returns the surname in what colleagues are called: `小张`, `老张`, `张总`, `张经理`.
fn surname(called: &str) -> Option<char> {
    let bare = called.strip_prefix(['小', '老', '阿']).or_else(|| {
        ["总监", "经理", "老师", "主管", "总", "工", "姐", "哥"].iter().find_map(|title| called.strip_suffix(title))
    })?;
    let mut chars = bare.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Adds a place once.
fn add(index: &mut Index, name: String, at: usize) {
    let places = index.entry(name).or_default();
    if places.last() != Some(&at) {
        places.push(at);
    }
}

/// Returns the names of a lead or customer that are its alone, or nearly: number, name, telephone numbers, addresses.
fn exact_names(record: &Record) -> BTreeSet<String> {
    let contacts = record.rows("contacts").iter();
    let phones = contacts.clone().filter_map(|contact| contact.text("work_phone")).chain(record.text("phone"));
    let others = std::iter::once(&record.row).chain(record.rows("contacts")).flat_map(|row| row.texts("other_phones"));
    let phones = phones.chain(others.map(|other| &**other));
    let emails = contacts.filter_map(|contact| contact.text("email")).chain(record.text("email"));
    let names = [record.number.as_str(), record.title()].into_iter().chain(emails).map(fold_name);
    names.chain(phones.map(str::to_string)).collect()
}

/// Tells whether a lead is done with: converted or disqualified.
fn is_done(record: &Record) -> bool {
    record.kind == LEAD && matches!(record.text("status"), Some("converted" | "disqualified"))
}

/// Returns a record as a person tells it from another: its number and, where that says more, its name.
fn told(record: &Record) -> String {
    let (number, title) = (record.number.as_str(), record.title());
    if title == number || title.is_empty() { format!("`{number}`") } else { format!("`{number}` ({title})") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONTACT, Kind, Number, Row, Value};

    fn record(kind: Kind, number: &str, fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new(kind, Number::parse(number).unwrap());
        for (key, text) in fields {
            record.set(key, Value::text(*text));
        }
        record
    }

    fn known() -> Known {
        let mut customer = record(CUSTOMER, "B2B-2026-001", &[("name", "杭州某甲有限公司")]);
        let mut contact = Row::new(CONTACT);
        contact.set("work_phone", Value::text("0571-88888888"));
        customer.set("contacts", Value::Rows(vec![contact]));
        let done = [("company", "杭州某甲有限公司"), ("status", "converted"), ("phone", "13800138000")];
        let records = vec![
            record(USER, "li.ming", &[("name", "李某"), ("email", "li@example.com")]),
            record(USER, "li.na", &[("name", "李某"), ("email", "na@example.com")]),
            record(USER, "wang", &[("name", "王某某")]),
            customer,
            record(LEAD, "LEAD-2026-001", &done),
            record(LEAD, "LEAD-2026-002", &[("company", "某乙公司"), ("status", "new"), ("phone", "13900139000")]),
            record(LEAD, "LEAD-2026-003", &[("company", "某乙公司"), ("status", "new"), ("phone", "13900139000")]),
        ];
        Known::of(records, "CN")
    }

    #[test]
    fn users_by_any_of_their_names() {
        let known = known();
        for text in ["wang", "王某某", " WANG "] {
            assert_eq!(known.resolve("user", text), Resolved::One("wang".into()), "{text}");
        }
        assert_eq!(known.resolve("user", "NA@example.com"), Resolved::One("li.na".into()));
        assert_eq!(
            known.resolve("user", "李某"),
            Resolved::Several(vec!["`li.ming` (李某)".into(), "`li.na` (李某)".into()])
        );
        assert_eq!(known.resolve("user", "li.min"), Resolved::Nothing(Some("`li.ming` (李某)".into())));
        assert_eq!(known.resolve("user", "zhao"), Resolved::Nothing(None));
        for called in ["小王", "王经理"] {
            assert_eq!(known.resolve("user", called), Resolved::Nothing(Some("`wang` (王某某)".into())), "{called}");
        }
        assert_eq!(known.resolve("user", "小赵"), Resolved::Nothing(None));
        assert_eq!(Known::of(Vec::new(), "CN").resolve("user", "zhao"), Resolved::Untold);
    }

    #[test]
    fn subjects_by_company_and_telephone() {
        let known = known();
        for (text, number) in [
            ("LEAD-2026-001", "LEAD-2026-001"),
            ("138-0013-8000", "LEAD-2026-001"),
            ("(0571) 88888888", "B2B-2026-001"),
            ("杭州某甲有限公司", "B2B-2026-001"),
            ("某甲", "B2B-2026-001"),
            ("lead-2026-003", "LEAD-2026-003"),
        ] {
            assert_eq!(known.resolve("subject", text), Resolved::One(number.into()), "{text}");
        }
        let both = vec!["`LEAD-2026-002` (某乙公司)".to_string(), "`LEAD-2026-003` (某乙公司)".to_string()];
        assert_eq!(known.resolve("subject", "13900139000"), Resolved::Several(both.clone()));
        assert_eq!(known.resolve("subject", "某乙公司"), Resolved::Several(both));
        assert_eq!(known.resolve("subject", "某丙公司"), Resolved::Nothing(None));
    }
}
