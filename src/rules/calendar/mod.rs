//! The calendar: days worked and working time, lunar days and solar terms, and what comes round each year.
//!
//! What `config/calendar.toml` and `config/holidays/` say is read in [`super::config`]; here it is reckoned with.
//!
//! *Invariants:* a day is of the repository's zone; nothing is rounded, and nothing goes by steps shorter than a day.
//!
//! *Absent on purpose:* the clock; which records a day matters for.

mod days;
mod hours;
mod lunar;
mod recurring;
mod solar_term;

pub use days::{ListedDay, WorkDays};
pub use recurring::next_anniversary;
pub use solar_term::SolarTerm;
