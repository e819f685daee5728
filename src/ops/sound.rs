//! Refusing a change after which the configuration could not be read: no command would work there any more.

use super::session::unreadable;
use crate::record::{Failure, Result};
use crate::rules::Config;
use crate::store::Transaction;
use crate::words;
use std::cell::RefCell;

/// The file that makes a folder a repository of kehu.
const SETTINGS: &str = "kehu.toml";

/// Returns what would be wrong with the configuration as a transaction leaves it; nothing where it could be read, or
/// is not touched.
pub(super) fn broken_config(tx: &Transaction<'_>) -> Result<Option<Failure>> {
    if !tx.changed().any(|path| path == SETTINGS || path.starts_with("config/")) {
        return Ok(None);
    }
    if tx.see(SETTINGS)?.is_none() {
        return Ok(Some(Failure::invalid(words!("`{SETTINGS}` would be gone", "`{SETTINGS}` 将不复存在"))));
    }
    let trouble = RefCell::new(None);
    let read = |path: &str| {
        let bytes = tx.see(path).unwrap_or_else(|failure| {
            trouble.borrow_mut().get_or_insert(failure);
            None
        });
        bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let left = Config::parse(&read);
    match trouble.into_inner() {
        Some(failure) => Err(failure),
        None => Ok(left.err().map(|findings| unreadable(&findings))),
    }
}
