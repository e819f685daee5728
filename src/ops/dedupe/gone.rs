//! Where a record went that was merged into another.

use super::super::Session;
use super::super::session::{merged_key, missing};
use crate::record::{Failure, Kind, MERGED_FROM, Record};
use crate::words;

impl Session {
    /// Returns the record that the one of this number was merged into, where it was.
    pub fn merged_into(&self, number: &str) -> Option<Record> {
        let found = self.find_by_key(&merged_key(number)).ok()?;
        found.into_iter().find(|record| record.texts(MERGED_FROM).iter().any(|gone| **gone == *number))
    }

    /// Returns the failure of a record that does not exist, with where it went.
    pub fn missing(&self, kind: Kind, number: &str) -> Failure {
        let Some(into) = self.merged_into(number) else { return missing(kind, number) };
        let (kind, into) = (into.kind, into.number);
        Failure::not_found(words!(
            "`{number}` is no more: it was merged into `{into}`",
            "`{number}` 已不存在：已合并到 `{into}`"
        ))
        .hint(words!(
            "`kehu {kind} show {into}` shows that; `kehu log {number}` tells what `{number}` was",
            "用 `kehu {kind} show {into}` 查看；`kehu log {number}` 显示原记录的历史"
        ))
    }
}
