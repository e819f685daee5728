//! The past: commits in their order, what each changed, which one stood at a moment.
//!
//! [`Repo::history`] is the way to it for questions about records: it remembers in `.git/kehu/` what it read. For operations there are [`Repo::commits`] and [`Repo::changes_of`]: one commit after the other, newest
//! first, each with its trailers and with every file it changed, before and after.
//!
//! *Invariants:* the order of commits depends on the commits alone: newest first, none before all that were
//! made on it, equal moments by id. What a merge merely brought together is not its own change.
//!
//! *Absent on purpose:* what a change means; blobs are told, not read.
//!
//! [`Repo::history`]: super::Repo::history
//! [`Repo::commits`]: super::Repo::commits
//! [`Repo::changes_of`]: super::Repo::changes_of

mod change;
mod commit;
mod graph;
mod known;
mod lineage;
mod moment;
mod origin;
mod past;
mod shallow;
mod since;
mod steps;
mod trees;
mod walk;

pub use change::{Change, FileChange};
pub use commit::{CommitInfo, Renumbered};
pub use lineage::{Before, Lineage, RecordChange, State};
pub use past::{CommitAt, History};
pub use shallow::unshallow;
pub use since::RenumberedSince;
pub use steps::TextStep;
pub use walk::Commits;
