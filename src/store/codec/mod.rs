//! The codec: a record to and from the text of its TOML file (format 1).
//!
//! Reading takes what it can and reports the rest with line and column; a new file is written in one
//! fixed form; an existing file is edited in place, so that a change of one field is a change of one line.
//!
//! *Invariants:* `parse(render(record)) == record`; `parse(apply(text, before, after)) == after` where
//! `text` parses to `before`; bytes that no changed field owns are never touched.
//!
//! *Absent on purpose:* business rules, dictionaries, disk.

mod align;
mod annotate;
mod edit;
mod locate;
mod parse;
mod render;
mod splice;
mod value;
mod write;

pub use annotate::annotate;
pub use edit::apply;
pub(super) use edit::usual_layout;
pub use locate::{locate, place, position};
pub use parse::parse;
pub(super) use parse::parse_at;
pub use render::{render, render_row};
pub(super) use value::{read_custom, read_declared};
pub(super) use write::{Form, Place, write_key, write_text, write_value};

/// The table that holds fields nobody declared, by name.
pub(super) const CUSTOM: &str = "custom";

/// Splits a byte order mark off.
fn split_bom(text: &str) -> (&str, &str) {
    match text.strip_prefix('\u{feff}') {
        Some(body) => (&text[..text.len() - body.len()], body),
        None => ("", text),
    }
}
