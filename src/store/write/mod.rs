//! The write path: the one door to git and the work tree, [`Transaction`](transaction::Transaction).
//!
//! In order, each step by the module named; DESIGN.md gives the reasons:
//! 1. the lock is taken (`lock`), what a killed process left is finished (`recover`), a merge under way is refused;
//! 2. paths are read and written (`transaction`), each guarded against hand edits (`guard`); new records get their
//!    numbers (`sequence`);
//! 3. the changes are judged (`judge`), then objects and commit are written and synced (`commit_objects`), and beside
//!    the work tree its new files (`staging`); nothing of it is visible yet;
//! 4. the journal is written and synced (`journal`);
//! 5. git's index is locked (`index_lock`), room for the new one is made sure of, and the branch moves, if it is still
//!    where it was (`branch`): **the commit point**;
//! 6. files (`finish`), then git's index (`finish_index`), are brought to the commit as the `plan` says, and the journal
//!    is dropped.
//!
//! `commit` goes through 3 to 6; `aside` is for branches that are not checked out.
//!
//! *Invariants:* before 5 a failure leaves nothing behind; after 5 nothing is reported as failed, only
//! noted, because it happened; 6 takes no room on the disk that was not had before.
//!
//! *Absent on purpose:* git's hooks (libgit2 runs none).

mod aside;
mod branch;
mod commit;
mod commit_objects;
mod finish;
mod finish_index;
pub(super) mod guard;
mod index_lock;
pub(super) mod journal;
pub(super) mod judge;
pub(super) mod lock;
pub(super) mod numbers;
mod plan;
mod recover;
mod sequence;
mod staging;
pub(super) mod transaction;
