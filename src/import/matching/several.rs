//! Headings of two names and more, parted by a mark: `手机/电话`, `备注／说明`.
//!
//! *Invariant:* a heading that is known as a whole is never taken apart, and one whose names mean several fields is not
//! guessed.

use super::super::names::{self, fold_header};
use super::{Heading, Matcher, Target};

impl Matcher<'_> {
    /// Lets each heading of several names that is unknown as a whole go by the one that is known.
    pub(super) fn several_names(&mut self) {
        let known = |heading: &Heading<'_>| {
            let all = [Some(&heading.plain), heading.short.as_ref(), heading.bare.as_ref().map(|(bare, _)| bare)];
            all.into_iter().flatten().any(|name| self.meaning(name).is_some())
        };
        let alone = |heading: &Heading<'_>| self.one_of(&heading.header.text).filter(|_| !known(heading));
        let found: Vec<Option<String>> = self.headings.iter().map(alone).collect();
        for (heading, name) in self.headings.iter_mut().zip(found) {
            if let Some(name) = name {
                heading.plain = name;
            }
        }
    }

    /// Returns the first known of the names that marks part in a heading; none when they mean several fields.
    fn one_of(&self, text: &str) -> Option<String> {
        let parts = names::several(text);
        let mut known = parts.iter().filter_map(|name| Some((name, self.meaning(name)?)));
        let (name, meaning) = known.next()?;
        known.all(|(_, other)| other == meaning).then(|| name.clone())
    }

    /// Returns the key of what a name alone would name.
    fn meaning(&self, folded: &str) -> Option<String> {
        let bears = |names: &[&str]| names.iter().any(|name| fold_header(name) == folded);
        let ranges = names::RANGES.iter().filter(|(kind, .., names)| *kind == self.kind && bears(names));
        if let Some((_, key, ..)) = ranges.into_iter().next() {
            return Some(key.to_string());
        }
        if bears(names::number_names(self.kind)) {
            return Some("number".to_string());
        }
        let own = self.own.iter().filter_map(|named| Some((named.rank(folded)?, Target::Field(named.field))));
        let inner =
            self.inner.iter().flat_map(|inner| inner.ranks(folded).map(|(rank, field)| (rank, inner.target(field))));
        // A name that an order and its lines share is a line's here as well.
        let is_line = |target: &Target| matches!(target, Target::Inner("lines", _));
        own.chain(inner).min_by_key(|(rank, target)| (*rank, !is_line(target))).map(|(_, target)| target.key())
    }
}
