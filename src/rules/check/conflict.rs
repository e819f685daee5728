//! Conflicts that nobody has settled.

use super::Context;
use crate::record::{CONFLICTS, Problem, Record, WHOLE, Words};
use crate::rules::listing::field_words;
use crate::words;

pub(super) fn open(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    for (at, entry) in record.rows(CONFLICTS).iter().enumerate() {
        let Some(field) = entry.text("field") else { continue };
        let (number, Words { en, zh }) = (&record.number, field_words(record.kind, field));
        let message = words!("two people changed {en} differently", "双方对“{zh}”的修改不同");
        let target = if field == WHOLE { number.to_string() } else { format!("{number}.{field}") };
        let mend = words!(
            "`kehu conflicts {number}` shows both, `kehu resolve {target} --take ours` settles it, or `theirs`",
            "用 `kehu conflicts {number}` 查看双方的值，用 `kehu resolve {target} --take ours` 处理，或 `theirs`"
        );
        problems.push(Problem::warning("open-conflict", format!("{CONFLICTS}.{at}"), message).mend(mend));
    }
}
