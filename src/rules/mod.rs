//! The business rules: pure functions of records, configuration and a moment.
//!
//! *Absent on purpose:* disk, git, clock, environment and terminal.

pub mod access;
pub mod assign;
pub mod cadence;
pub mod calendar;
pub mod chain;
pub mod check;
pub mod completeness;
pub mod computed;
pub mod config;
pub mod contract;
pub mod convert;
pub mod deal;
pub mod dedupe;
pub mod due;
pub mod family;
pub mod gate;
pub mod handover;
pub mod lifecycle;
pub mod listing;
pub mod model;
pub mod next;
pub mod opportunity;
pub mod order;
pub mod owner;
pub mod pool;
pub mod references;
pub mod score;
pub mod search;
mod snapshot;
pub mod stay;
pub mod target;
pub mod ticket;

pub use config::Config;
pub use snapshot::{AsOf, Snapshot};
