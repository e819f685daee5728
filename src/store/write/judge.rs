//! Who looks at a change before it is committed: whether whoever makes it may.
//!
//! Every commit of a transaction passes it, whichever command made it; the store knows no rules and only asks.

use crate::record::Result;
use crate::store::Message;
use git2::Oid;

/// A file that a commit changes.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// Its path from the repository's top.
    pub path: &'a str,
    /// What it held; none when it is new.
    pub before: Option<Oid>,
    /// What it is to hold; none when it is removed.
    pub after: Option<&'a [u8]>,
}

/// Decides whether a change may be committed.
pub trait Judge {
    /// Fails, with nothing changed, when it may not; `message` is that of the commit, as far as it is known.
    fn judge(&self, written: &[Written<'_>], message: &Message) -> Result<()>;
}
