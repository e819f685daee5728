//! Bringing two branches of the same records together, record by record and field by field.
//!
//! [`Repo::remote`](super::Repo::remote) says which branch of which remote, [`Repo::fetch`](super::Repo::fetch) brings
//! it here; this module merges it:
//! `base` finds what both have in common, `changes` what each changed since, `renumber` gives numbers anew that both
//! gave, `join` joins files that both changed, `touch` finds who changed them, `lost` finds references to what one
//! side removed, and `unite` puts all of it together.
//!
//! *Invariants:* the merge is a function of the three trees and of the numbers used; the same from either side but for
//! conflicts, where theirs, which others have seen already, keeps its place. Nothing either side changed is
//! dropped: it is in the result, in a recorded conflict, or in a file beside.
//!
//! *Absent on purpose:* rules. A merge of two good sides may break one, as two good branches of a program may: it is
//! found by `kehu check`.

mod base;
mod changes;
mod join;
mod lost;
mod merge_in;
#[cfg(test)]
mod model;
mod renumber;
mod touch;
mod unite;

pub(crate) use changes::{Content, is_plain};
pub use join::{Met, beside};
pub use lost::LostReference;
pub use merge_in::{Merge, Way};
pub use renumber::NewNumbers;
pub(crate) use touch::{Torn, authors};
pub use unite::Step;
