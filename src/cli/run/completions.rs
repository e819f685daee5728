//! Prints a shell's completions.

use crate::cli::grammar;
use crate::cli::ui::Ui;
use crate::cli::word::CompletionsRequest;
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: &CompletionsRequest, ui: &Ui) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(request.shell, &mut grammar::command(ui.lang), "kehu", &mut script);
    ui.emit(|out| out.write_all(&script))?;
    Ok(Exit::Done)
}
