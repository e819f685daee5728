//! Attaches files to a record.

use super::desk::open;
use super::import::read;
use super::next::tell_step;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::AttachRequest;
use crate::ops::attach::attach;
use crate::record::{Exit, Failure, Result};
use crate::words;
use std::path::Path;

/// Does it.
pub fn run(request: &AttachRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    request.files.iter().try_for_each(|file| refuse_folder(file))?;
    let files = request.files.iter().map(|file| read(file, context)).collect::<Result<Vec<_>>>()?;
    let session = open(context, ui)?;
    let outcome = attach(&session, &request.record, files, &request.kind, request.replace)?;
    tell_step("attach", &outcome, &session, context, ui)
}

fn refuse_folder(file: &Path) -> Result<()> {
    if !file.is_dir() {
        return Ok(());
    }
    let shown = file.display();
    Err(Failure::failed(words!("`{shown}` is a folder, which cannot be attached", "`{shown}` 是文件夹，不能作为附件"))
        .hint(words!("name the files in it", "请写出其中的文件")))
}
