//! Who may do what: roles and their scopes, applied to one record. DOMAIN: users, roles, scopes.
//!
//! [`rights`] is the one table; [`Policy`] the users and whether their roles hold; [`Access`] is somebody who acts
//! under a policy, and answers for a record what the table says: [`may_read`](Access::may_read),
//! [`may_write`](Access::may_write). Commands ask it before they commit, and the server before it takes a push.
//!
//! *Invariants:* where roles do not hold, everything is allowed; an admin may everything; who is no user may nothing.
//! A refusal names the rule and who could do it, found by asking the same question for every user.
//!
//! *Absent on purpose:* protection of reading, which plain files cannot give: whoever has them can read them.

mod deal;
mod key;
mod policy;
mod refusal;
mod role;
mod scope;
#[cfg(test)]
mod tests;

pub use key::public_key;
pub use policy::{Member, Policy};
pub use refusal::Refusal;
pub use role::{Reach, Rights, Role, Whose, rights};
pub use scope::{Access, Standing};

use crate::record::Kind;

/// What a follow-up is about, or attachments belong to: of which kind it is, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The kind.
    pub kind: Kind,
    /// The login of the owner; none for one in the pool.
    pub owner: Option<String>,
    /// The number of the customer it belongs to, if it is a converted lead or an opportunity.
    pub customer: Option<String>,
}

/// Finds the lead, customer or opportunity with a number.
pub type Subjects<'a> = &'a dyn Fn(&str) -> Option<Subject>;
