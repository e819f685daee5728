//! Roles on the command line: every verb asks whose the record is, and says what it withholds.

mod commands;
#[path = "../common/mod.rs"]
mod common;
mod deals;
mod does;
mod people;
mod records;
mod team;
