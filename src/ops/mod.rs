//! The verbs: what a command does, without printing.
//!
//! Operations join the store with the rules: they open a [`Session`], read a snapshot, decide, and
//! write through a [`Batch`], which is one commit of exactly the records it changed. They return what
//! happened as data; the command line says it.
//!
//! *Absent on purpose:* clock, environment, terminal and language: the session carries what they need.

pub mod access;
pub mod add;
pub mod approve;
pub mod assign;
pub mod attach;
pub mod batch;
pub mod blame;
pub mod cases;
pub mod check;
pub mod commit;
pub mod conflicts;
pub mod contact;
pub mod contract;
pub mod convert;
pub mod deal;
pub mod dedupe;
pub mod demo;
pub mod diff;
pub mod doubles;
pub mod due;
pub mod edit;
pub mod gates;
pub mod handover;
pub mod hook;
pub mod import;
pub mod init;
pub mod lifecycle;
pub mod log;
mod logged;
pub mod merge_driver;
pub mod names;
pub mod next;
pub mod pool;
pub mod receive;
mod referring;
pub mod remove;
pub mod report;
pub mod resolve;
pub mod score;
pub mod search;
pub mod session;
pub mod set;
pub mod show;
mod sound;
pub mod stages;
pub mod sync;
pub mod target;
pub mod textconv;
pub mod ticket;
pub mod undo;
pub mod verify;

pub use batch::{Batch, Outcome, Touched};
pub use session::{Options, Session};
