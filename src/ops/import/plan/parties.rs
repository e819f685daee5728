//! Whether a row would part records that belong together: a contract of one customer with the opportunity of another.
//!
//! The transaction asks the same of all of them at the end and would refuse the whole; asked here, the row goes back alone.

use crate::ops::Session;
use crate::record::{Number, Problem, Record};
use crate::rules::check::{BELONGS, other_customer, parted};
use crate::store::LoadOptions;
use foldhash::HashMap;
use std::cell::OnceCell;

/// The records that rows may belong to.
pub(super) struct Parties<'a> {
    session: &'a Session,
    others: OnceCell<HashMap<Number, Record>>,
}

impl<'a> Parties<'a> {
    /// Reads nothing yet.
    pub fn new(session: &'a Session) -> Parties<'a> {
        Parties { session, others: OnceCell::new() }
    }

    /// Returns what is wrong with a record that is not with the customer of what it belongs to.
    pub fn objection(&self, record: &Record) -> Option<Problem> {
        let of_kind = BELONGS.iter().filter(|(of, _, _)| *of == record.kind);
        let mut named = of_kind.filter_map(|(_, key, _)| self.others().get(&Number::parse(record.text(key)?)?));
        named.find(|other| parted(record, other)).map(|other| other_customer(record, other))
    }

    /// Returns them by number; one that cannot be read is for the checks to say.
    fn others(&self) -> &HashMap<Number, Record> {
        self.others.get_or_init(|| {
            let options = LoadOptions { use_index: self.session.options.use_index };
            let kinds = BELONGS.map(|(_, _, to)| to);
            let all = self.session.repo.load(&kinds, &self.session.source, options).map(|loaded| loaded.records);
            all.unwrap_or_default().into_iter().map(|record| (record.number.clone(), record)).collect()
        })
    }
}
