//! What kehu shares with plain git beside the objects: settings, identity, messages, hooks and signatures.
//!
//! Each follows git's own rules, so that git and kehu sign alike, read the same configuration, and either reads what
//! the other wrote.
//!
//! *Absent on purpose:* git's index, which is [`git_index`](super::git_index), and the network, which is
//! [`remote`](super::remote).

pub(super) mod config;
pub(super) mod drivers;
mod hooks;
pub(super) mod identity;
pub(super) mod message;
pub(super) mod sign;
pub(super) mod signature;
