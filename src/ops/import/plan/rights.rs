//! Whether a row may do what it would, by the role of who imports.
//!
//! The transaction asks the same of all of them at the end and would refuse the whole; asked here, the row that is not
//! the person's to write goes back alone.

use crate::ops::Session;
use crate::ops::access::subject_in;
use crate::record::{Record, Result};
use crate::rules::access::{Access, Refusal, Subject};
use foldhash::HashMap;
use std::cell::RefCell;

/// What the person who imports may write.
pub(super) struct Rights<'a> {
    session: &'a Session,
    access: &'a Access,
    /// The leads and customers that rows are about, as they are.
    subjects: RefCell<HashMap<String, Option<Subject>>>,
}

impl<'a> Rights<'a> {
    /// Fails where it cannot be told who imports.
    pub fn new(session: &'a Session) -> Result<Rights<'a>> {
        Ok(Rights { session, access: session.access()?, subjects: RefCell::default() })
    }

    /// Tells whether nothing is withheld.
    pub fn may_all(&self) -> bool {
        self.access.may_all()
    }

    /// Returns why the person may not make this of that; nothing when it may be done.
    pub fn objection(&self, before: Option<&Record>, after: &Record) -> Option<Box<Refusal>> {
        self.access.may_write(before, Some(after), &|number| self.subject(number)).err()
    }

    fn subject(&self, number: &str) -> Option<Subject> {
        let find = || subject_in(&self.session.repo, &self.session.source, number);
        self.subjects.borrow_mut().entry(number.to_string()).or_insert_with(find).clone()
    }
}
