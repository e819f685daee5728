//! Prints a file as git's diff shows it.

use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::TextconvRequest;
use crate::ops::textconv::textconv;
use crate::record::{Exit, Result};
use crate::store::{Repo, refused};
use crate::words;

/// Does it.
pub fn run(request: &TextconvRequest, context: &Context, ui: &Ui) -> Result<Exit> {
    let shown = request.path.display();
    let start = context.start_dir()?;
    let bytes = std::fs::read(start.join(&request.path))
        .map_err(|error| refused(&words!("cannot read `{shown}`", "无法读取 `{shown}`"), &error))?;
    let lang = context.lang(Repo::peek_locale(&start));
    let text = textconv(&start, &request.path.to_string_lossy(), bytes, lang);
    ui.emit(|out| out.write_all(&text))?;
    Ok(Exit::Done)
}
