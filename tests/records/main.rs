//! Records by the generic verbs: added, listed, shown, changed, edited, removed, and their history.

mod added;
mod changed;
#[path = "../common/mod.rs"]
mod common;
mod shown;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";
