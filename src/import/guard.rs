//! Limits that keep a hostile or damaged file from taking the program down.

use super::table::{RawCell, RawRow};
use crate::record::{Failure, Result};
use crate::words;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// The memory a table may take until it is imported, its file not counted; with it a run stays below 1 GB.
///
/// Limits on bytes, rows and columns alone do not bound it: two bytes of a file can become a cell of many, and a
/// merged or repeated cell many cells. So whoever keeps something pays for it here first.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { left: 640 << 20 }
    }
}

/// The longest text of a cell, comment or tag, in bytes. A spreadsheet program holds 32,767 characters, a record 16 MB.
pub(super) const MAX_TEXT: usize = 16 << 20;
/// How often a text is held at once on its way from a cell to a file.
const COPIES: usize = 4;

impl Budget {
    /// Pays for `bytes`; fails when so many are not left.
    pub fn pay(&mut self, bytes: usize) -> Result<()> {
        self.left = self.left.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }

    /// Pays for `count` cells like `cell`, or for blank places without one; fails for a text that is too long too.
    pub fn pay_cells(&mut self, cell: &RawCell, count: usize) -> Result<()> {
        let text = match cell.text_length() {
            0 => 0,
            length if length > MAX_TEXT => return Err(too_large()),
            length => 16 + length * COPIES,
        };
        self.pay(count.saturating_mul(size_of::<RawCell>() + text))
    }

    /// Pays for a row.
    pub fn pay_row(&mut self, cells: &[RawCell]) -> Result<()> {
        self.pay(size_of::<RawRow>())?;
        cells.iter().try_for_each(|cell| self.pay_cells(cell, 1))
    }
}

/// Runs `read`; a panic inside it, which would be a mistake in a library, becomes the failure "damaged".
///
/// The last resort behind the checks before it. Nothing is printed for such a panic.
pub(super) fn quietly<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    let outer = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    QUIET.set(outer);
    result.unwrap_or_else(|_| Err(damaged("its structure breaks off or contradicts itself")))
}

/// Makes the failure of a file that cannot be read; `why` is the reader's own word.
pub(super) fn damaged(why: impl std::fmt::Display) -> Failure {
    let why = why.to_string().replace(['\n', '\r'], " ");
    Failure::failed(words!("the file is damaged or not what it claims to be ({why})", "文件已损坏或格式不符（{why}）"))
        .hint(words!(
            "open it in a spreadsheet program and save it again as xlsx or csv",
            "请用表格软件打开后另存为 xlsx 或 csv"
        ))
}

/// Makes the failure of a file that wants a password.
pub(super) fn encrypted() -> Failure {
    Failure::failed(words!("the workbook is protected by a password", "工作簿有密码保护"))
        .hint(words!("save it without a password, then import it again", "请另存为不带密码的文件后再导入"))
}

/// Makes the failure of a file beyond the limits.
pub(super) fn too_large() -> Failure {
    Failure::failed(words!(
        "the table is too large: at most 1,048,576 rows, 16,384 columns and 128 MB (256 MB unpacked) are read",
        "表格过大：最多读取 1,048,576 行、16,384 列、128 MB（解压后 256 MB）"
    ))
    .hint(words!("split it, or delete stray cells far right or far down", "请拆分文件，或删除远处的多余单元格"))
}
