//! The store: the only code that touches disk and git.
//!
//! | part | what it knows |
//! | --- | --- |
//! | `repo`, `layout`, `codec` | where a repository is, where a record lies in it, how its file is read and written |
//! | `load`, `index`, `keys` | all records, and what is remembered between two commands (`database`) |
//! | `write` | the one door to a change: [`Transaction`] |
//! | `objects`, `git_index`, `git` | git's own files: objects and trees, its index, its settings |
//! | `worktree` | files on the disk, compared with the last commit |
//! | `history` | what commits changed, and a record's past |
//! | `remote`, `sync`, `merge` | the network, what it brings, and two versions of one record made one |
//!
//! *Absent on purpose:* every rule about what a record may say.

pub mod codec;
mod database;
mod durable;
mod error;
mod fail_point;
mod git;
mod git_index;
mod history;
mod index;
mod keys;
pub mod layout;
mod load;
pub mod merge;
mod objects;
mod remote;
mod repo;
mod sync;
mod worktree;
mod write;

pub use error::refused;
pub use fail_point::{STEPS, SYNC_STEPS};
pub use git::drivers::{ATTRIBUTES, ATTRIBUTES_PATH, completed_attributes};
pub use git::identity::Identity;
pub use git::message::{Message, ON_BEHALF_OF, OPERATION, RENUMBERED};
pub use git::signature::Signed;
pub use git2::Oid;
pub use history::{
    Before, Change, CommitAt, CommitInfo, Commits, FileChange, History, Lineage, RecordChange, Renumbered,
    RenumberedSince, State, TextStep, unshallow,
};
pub use keys::{KeyIndex, Keyer};
pub use layout::{parse_path, path_of};
pub use load::{LoadOptions, Loaded, misplaced, no_text};
pub use remote::{Branches, Held, Network, Oddity, Pushed, Remote, Syncing};
pub use repo::{FORMAT, Repo, Source};
pub use sync::{LostReference, Merge, Met, NewNumbers, Step, Way, beside};
pub(crate) use sync::{Torn, authors};
pub use worktree::hand_edit::{EditKind, HandEdit};
pub use worktree::own_place::refuse_own_place;
pub use write::judge::{Judge, Written};
pub use write::transaction::{Note, Transaction, WriteOptions};
