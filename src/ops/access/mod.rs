//! Roles at work: who acts, what that person reads of what is loaded, and may write of what is to be committed.
//!
//! Reading passes `Session::load` and `Session::find`, writing [`Judge`](crate::store::Judge), which every
//! transaction asks before it commits: so a new verb is held to the rules without knowing them.

mod actor;
mod judge;
mod scope;
mod taken_back;
mod whoami;

pub use actor::{Acting, login_of, policy_of};
pub use judge::{Change, changed_policy, refusals, subject_in};
pub use scope::{LeftOut, Readable};
pub use taken_back::TakenBack;
pub use whoami::{Whoami, user_names, whoami};
