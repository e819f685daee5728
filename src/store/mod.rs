//! The store: the only code that touches disk and git.
//!
//! Writing goes through one door, [`Transaction`]: its module tells the steps. Each of the others does
//! one of them: `lock`, `recover`, `guard` (hand edits), `sequence` (numbers), `objects` with `loose` and `pack`,
//! `tree`, `staging` (files that wait), `journal`, `branch` (the commit point), `plan`, `finish` and
//! `finish_index`; `aside` is for branches that are not checked out.
//!
//! `remote` goes over the network by the git program, and `sync` merges what it brings.
//!
//! *Absent on purpose:* every rule about what a record may say.

mod aside;
mod branch;
mod clean;
pub mod codec;
mod content;
mod database;
mod durable;
mod error;
mod fail_point;
mod finish;
mod finish_index;
mod git_config;
mod git_drivers;
mod git_index;
mod git_program;
mod guard;
mod history;
mod hooks;
mod identity;
mod index;
mod index_lock;
mod journal;
mod judge;
mod keys;
pub mod layout;
mod load;
mod lock;
mod loose;
pub mod merge;
mod message;
mod objects;
mod own_place;
mod pack;
mod plan;
mod received;
mod recover;
mod remote;
mod repo;
mod sequence;
mod sign;
mod signature;
mod staging;
mod sync;
mod transaction;
mod tree;
mod tree_path;
mod worktree;

pub use error::refused;
pub use fail_point::{STEPS, SYNC_STEPS};
pub use git_drivers::{ATTRIBUTES, ATTRIBUTES_PATH, completed_attributes};
pub use git2::Oid;
pub use history::{
    Before, Change, CommitAt, CommitInfo, Commits, FileChange, History, Lineage, RecordChange, Renumbered, State,
};
pub use identity::Identity;
pub use layout::{parse_path, path_of};

pub use git_program::Network;
pub use judge::{Judge, Written};
pub use keys::{KeyIndex, Keyer};
pub use load::{LoadOptions, Loaded, misplaced};
pub use message::{Message, ON_BEHALF_OF, OPERATION, RENUMBERED};
pub use own_place::refuse_own_place;
pub use received::Held;
pub use remote::{Pushed, Remote, Syncing};
pub use repo::{FORMAT, Repo, Source};
pub use signature::Signed;
pub use sync::{LostReference, Merge, Met, Step, Way};
pub use transaction::{Note, Transaction, WriteOptions};
pub use worktree::{EditKind, HandEdit};
