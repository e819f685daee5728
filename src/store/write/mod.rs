//! The write path: the one door to git and the work tree, [`Transaction`](transaction::Transaction).
//!
//! Its module tells the steps; each of the others does one of them: `lock`, `recover`, `guard` (hand edits),
//! `sequence` (numbers), `judge` (who may), `staging` (files that wait), `journal`, `index_lock`, `branch` (the commit
//! point), `plan`, `finish` and `finish_index`. `aside` is for branches that are not checked out.

mod aside;
mod branch;
mod finish;
mod finish_index;
pub(super) mod guard;
mod index_lock;
pub(super) mod journal;
pub(super) mod judge;
pub(super) mod lock;
mod plan;
mod recover;
pub(super) mod sequence;
mod staging;
pub(super) mod transaction;
