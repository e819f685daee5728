//! Makes a repository to try kehu on, and shows what it does.

use super::desk::{Delivery, Drawing, deliver, options, tell_findings};
use super::import_told::tell;
use super::init::init_options;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::DemoRequest;
use crate::ops::demo::{TODAY, demo};
use crate::ops::report::{Question, report};
use crate::record::date::{DateOrder, parse_moment};
use crate::record::{Exit, Result, Words};
use crate::report::Report;
use crate::words;

/// Where the demo goes unless told otherwise.
const FOLDER: &str = "kehu-demo";

/// Does it.
pub fn run(request: &DemoRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let mut context = context.clone();
    context.clock.stated = context.clock.stated.or_else(|| parse_moment(TODAY, DateOrder::Unstated));
    let start = context.start_dir()?;
    let dir = start.join(request.dir.as_deref().unwrap_or(FOLDER.as_ref()));
    let init = options(&context, ui);
    let (session, summaries) = demo(&dir, &init_options(&context, ui, &init.note), options(&context, ui))?;
    for summary in &summaries {
        tell(summary, &session.config.dictionary, false, ui)?;
    }
    ui.print("")?;
    let (document, findings) = report(&session, Report::find("weekly")?, &Question::default())?;
    let drawing = Drawing::Document(document);
    deliver(Delivery { now: session.now, excel: false, drawing, json: None, lines: None }, &context, ui)?;
    let shown = request.dir.as_deref().unwrap_or(FOLDER.as_ref()).display().to_string();
    ui.note(&next(&shown));
    Ok(tell_findings(&findings, ui))
}

/// Says what to try next.
fn next(dir: &str) -> Words {
    words!(
        "the repository is `{dir}`; try:\n  \
         kehu -C {dir} lead list --where 'grade = A'\n  \
         kehu -C {dir} lead show LEAD-2026-017\n  \
         kehu -C {dir} lead score --explain LEAD-2026-017\n  \
         kehu -C {dir} due --owner all\n  \
         kehu -C {dir} customer show B2B-2026-001\n  \
         kehu -C {dir} report sources --quarter 2026-Q1\n  \
         git -C {dir} log --stat -3",
        "仓库位于 `{dir}`，可以试试：\n  \
         kehu -C {dir} lead list --where '级别 = A'\n  \
         kehu -C {dir} lead show LEAD-2026-017\n  \
         kehu -C {dir} lead score --explain LEAD-2026-017\n  \
         kehu -C {dir} due --owner all\n  \
         kehu -C {dir} customer show B2B-2026-001\n  \
         kehu -C {dir} report sources --quarter 2026-Q1\n  \
         git -C {dir} log --stat -3"
    )
}
