//! The tables of a record of which a row of a file may make one row: the contacts of a customer, the lines of an order.
//!
//! *Invariant:* a kind has at most one such table.

use super::names::fold_header;
use crate::record::{CONTACT, Field, Kind, LINE, find_field};

/// A table of which a row of a file may make one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Inner {
    /// The key of the table.
    pub key: &'static str,
    /// The fields of its rows.
    pub fields: &'static [Field],
    /// What headings of its columns may bear before the name of the field.
    pub prefixes: &'static [&'static str],
}

const CONTACTS: Inner = Inner { key: "contacts", fields: CONTACT, prefixes: &["联系人", "contact"] };
const LINES: Inner =
    Inner { key: "lines", fields: LINE, prefixes: &["明细", "商品", "产品", "item", "line", "product"] };

impl Inner {
    /// Returns the table of a kind; none where its records have none.
    pub fn of(kind: Kind) -> Option<Inner> {
        [CONTACTS, LINES].into_iter().find(|inner| kind.field(inner.key).is_some())
    }

    /// Returns the fields of the table of a kind; none where its records have none.
    pub fn fields_of(kind: Kind) -> &'static [Field] {
        Inner::of(kind).map_or(&[], |inner| inner.fields)
    }

    /// Returns the field that a mapping file names: `email` of `contacts.email`.
    pub fn find(kind: Kind, path: &str) -> Option<(&'static str, &'static Field)> {
        let inner = Inner::of(kind)?;
        let (table, key) = path.split_once('.')?;
        find_field(inner.fields, key).filter(|_| table == inner.key).map(|field| (inner.key, field))
    }

    /// Returns a folded heading without what stands before the name of the field; none where nothing does.
    pub fn without_prefix<'a>(&self, folded: &'a str) -> Option<&'a str> {
        let rest = self.prefixes.iter().find_map(|prefix| folded.strip_prefix(fold_header(prefix).as_str()));
        rest.filter(|rest| !rest.is_empty())
    }

    /// Tells whether columns are of this table only beside one that names what the row is of: an order's amount stands
    /// in many a table, that of a line only beside a product.
    pub fn wants_name(&self) -> bool {
        self.key == LINES.key
    }
}
