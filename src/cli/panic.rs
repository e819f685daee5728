//! A mistake in the program itself, said in one line, in the user's language.
//!
//! The hook only remembers; what is said is decided where the panic is caught, so that a part which
//! catches panics of a library on purpose stays silent.

use crate::record::{Failure, Result};
use crate::words;
use std::backtrace::Backtrace;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Mutex;

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Remembers panics instead of printing them; with `-v` their stack too, if RUST_BACKTRACE asks for it.
pub fn remember(verbose: bool) {
    panic::set_hook(Box::new(move |info| {
        let text = describe(info, verbose);
        if let Ok(mut last) = LAST.lock() {
            *last = Some(text);
        }
    }));
}

fn describe(info: &PanicHookInfo<'_>, verbose: bool) -> String {
    let message = info.payload_as_str().unwrap_or("panic");
    let place = info.location().map(|at| format!("{}:{}: ", at.file(), at.line())).unwrap_or_default();
    // `capture` heeds RUST_BACKTRACE and is empty without it.
    let stack = if verbose { Backtrace::capture() } else { Backtrace::disabled() };
    match stack.status() {
        std::backtrace::BacktraceStatus::Captured => format!("{place}{message}\n{stack}"),
        _ => format!("{place}{message}"),
    }
}

/// Runs the program; a panic becomes a failure with exit code 1 that asks for a report.
pub fn guard<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let what = LAST.lock().ok().and_then(|mut last| last.take()).unwrap_or_default();
        let message = words!("kehu has made a mistake: {what}", "kehu 内部出错：{what}");
        let hint = words!(
            "nothing acknowledged is lost; please report this line with the command that led to it",
            "已确认的改动不会丢失；请将这一行连同所用命令一并报告"
        );
        Err(Failure::failed(message).hint(hint))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Exit;

    #[test]
    fn a_panic_is_a_failure() {
        let failure = guard::<()>(|| panic!("seen in tests")).unwrap_err();
        assert_eq!(failure.exit, Exit::Failed);
        assert!(failure.message.zh.starts_with("kehu 内部出错"));
    }
}
