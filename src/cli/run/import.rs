//! Imports spreadsheets.

use super::desk::print_json;
use super::import_told::{summary_json, tell, tell_rejects};
use super::next::tell_next;
use super::sync::{open_in_step, usual_network};
use crate::cli::assign::{Assignment, Change};
use crate::cli::context::Context;
use crate::cli::noun::import::{ImportRequest, SourceOptions};
use crate::cli::ui::Ui;
use crate::import::{Format, MAX_BYTES, Mapping, ReadOptions, Rejects};
use crate::ops::import::{ImportOptions, Summary, import, read_mapping, rejects};
use crate::ops::sync::auto::{after, is_automatic};
use crate::record::{Exit, Failure, Kind, Result};
use crate::store::refused;
use crate::words;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Does it.
pub fn run(request: &ImportRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    refuse_odd_rejects(request)?;
    request.files.iter().try_for_each(|file| readable(file))?;
    let options = options(request, context)?;
    let mut exit = Exit::Done;
    for file in &request.files {
        // Opened for each file: the one before may have added to the dictionary.
        let session = open_in_step(request.kind, request.branch.as_deref(), context, ui)?;
        let (name, bytes) = read(file, context)?;
        let mut rejects = RejectsFile::new(request, file);
        let put_back = &mut |summary: &Summary| rejects.write(summary, ui);
        let summary = import(&session, request.kind, &name, &bytes, &options, put_back);
        let mut summary = summary.inspect_err(|_| rejects.take_back())?;
        if summary.commit.is_some() && is_automatic(&session, request.kind) {
            let numbers = summary.created.iter_mut().map(|number| (request.kind, number));
            after(&session, usual_network(context), numbers)?;
        }
        if context.json {
            ui.emit(|out| print_json(&summary_json(&summary, rejects.path(), context.dry_run, ui.lang), out))?;
        } else {
            tell(&summary, &session.config.dictionary, context.dry_run, ui)?;
            tell_rejects(&summary, rejects.path(), ui);
            if summary.commit.is_some() && !summary.created.is_empty() {
                tell_next(&format!("{} import", request.kind), &summary.touched, &session, context, ui);
            }
        }
        if !summary.rejected.is_empty() {
            exit = Exit::Partly;
        }
    }
    Ok(exit)
}

/// Reads a file, or stdin for `-`; returns its name and its bytes.
pub fn read(file: &Path, context: &Context) -> Result<(String, Vec<u8>)> {
    if file == Path::new("-") {
        return Ok(("stdin".to_string(), context.read_stdin()?));
    }
    let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    readable(file)?;
    let bytes = std::fs::File::open(file).and_then(read_at_most).map_err(|error| unreadable(file, &error))?;
    Ok((name, bytes))
}

/// Reads no more than shows that a file is too large; a pipe or a device has no end.
fn read_at_most(file: std::fs::File) -> std::io::Result<Vec<u8>> {
    let most = MAX_BYTES + 1;
    let mut bytes = Vec::with_capacity(usize::try_from(file.metadata()?.len()).unwrap_or(most).min(most));
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Fails with one line when a file cannot be opened, so that nothing is imported before it is found out.
fn readable(file: &Path) -> Result<()> {
    if file == Path::new("-") {
        return Ok(());
    }
    if file.is_dir() {
        let shown = file.display();
        return Err(Failure::failed(words!("`{shown}` is a folder", "`{shown}` 是文件夹"))
            .hint(words!("name the files in it: `{shown}/*.csv`", "请写出其中的文件，例如 `{shown}/*.csv`")));
    }
    std::fs::File::open(file).map(drop).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    let file = file.display();
    if error.kind() == ErrorKind::NotFound {
        return Failure::failed(words!("there is no file `{file}`", "没有文件 `{file}`"));
    }
    refused(&words!("cannot read `{file}`", "无法读取 `{file}`"), error)
}

/// Returns how the command line wants a file read.
pub fn read_options(source: &SourceOptions, kind: Option<Kind>) -> Result<ReadOptions> {
    let format = source.format.as_deref().map(|name| {
        Format::find(name).ok_or_else(|| {
            let known = Format::names().join(", ");
            Failure::usage(words!("there is no input format `{name}`", "没有输入格式“{name}”"))
                .hint(words!("the formats are {known}", "可用格式：{known}"))
        })
    });
    Ok(ReadOptions {
        format: format.transpose()?,
        encoding: source.encoding.clone(),
        delimiter: source.delimiter,
        sheet: source.sheet.clone(),
        header_row: source.header_row,
        kind,
        known: Vec::new(),
    })
}

fn options(request: &ImportRequest, context: &Context) -> Result<ImportOptions> {
    let mut mapping = match &request.map {
        None => Mapping::default(),
        Some(path) => {
            let (_, bytes) = read(path, context)?;
            let text = String::from_utf8(bytes).map_err(|_| {
                Failure::invalid(words!("`{}` is not UTF-8 text", "`{}` 不是 UTF-8 文本"; path.display()))
            })?;
            read_mapping(&text, &path.display().to_string(), request.kind)?
        }
    };
    mapping.on_invalid = request.on_invalid.unwrap_or(mapping.on_invalid);
    Ok(ImportOptions {
        read: read_options(&request.source, Some(request.kind))?,
        mapping,
        set: request.constants.iter().filter_map(constant).collect(),
        order: request.source.date_order,
        on_duplicate: request.on_duplicate,
        strict: request.strict,
        keep_unknown: request.keep_unknown,
        add_unknown: request.add_unknown,
    })
}

fn constant(assignment: &Assignment) -> Option<(String, String)> {
    match &assignment.change {
        Change::Set(text) | Change::Add(text) => Some((assignment.target.name(), text.clone())),
        Change::Remove(_) | Change::Clear => None,
    }
}

/// Refuses places for rejected rows that would lose something: one for several files, or an input itself.
fn refuse_odd_rejects(request: &ImportRequest) -> Result<()> {
    let Some(path) = &request.rejects else { return Ok(()) };
    if request.files.len() > 1 {
        return Err(Failure::usage(words!("`--rejects` goes with one file", "`--rejects` 只能用于单个文件"))
            .hint(words!("without it they are written beside each file", "不写时，被拒行写在各文件旁边")));
    }
    let same = |file: &PathBuf| {
        std::fs::canonicalize(file).ok().is_some_and(|file| std::fs::canonicalize(path).ok() == Some(file))
    };
    if request.files.iter().any(same) {
        let shown = path.display();
        return Err(Failure::usage(words!("`{shown}` is the file to be imported", "`{shown}` 就是要导入的文件")));
    }
    Ok(())
}

/// Where the rejected rows of a file go: where `--rejects` wants them, else beside the file, under a name
/// that is free, for a person may be mending those of an earlier run.
struct RejectsFile<'a> {
    wanted: Option<&'a Path>,
    input: &'a Path,
    /// The file, once it is written, and whether there was none before.
    written: Option<(PathBuf, bool)>,
}

impl<'a> RejectsFile<'a> {
    fn new(request: &'a ImportRequest, input: &'a Path) -> RejectsFile<'a> {
        RejectsFile { wanted: request.rejects.as_deref(), input, written: None }
    }

    fn path(&self) -> Option<&Path> {
        self.written.as_ref().map(|(path, _)| path.as_path())
    }

    fn write(&mut self, summary: &Summary, ui: &Ui) -> Result<()> {
        let Some(rejects) = rejects(summary, ui.lang)? else { return Ok(()) };
        let path = match self.wanted {
            Some(path) => path.to_path_buf(),
            None => self.free(&rejects),
        };
        let is_new = !path.exists();
        ui.write_file_quietly(&path, |out| out.write_all(&rejects.bytes)).map_err(|failure| {
            failure.hint(words!(
                "nothing was imported; `--rejects FILE` says where rejected rows may go",
                "未导入任何内容；可用 `--rejects 文件` 指定被拒行的位置"
            ))
        })?;
        self.written = Some((path, is_new));
        Ok(())
    }

    /// Returns the first of `leads.rejects.csv`, `leads.rejects-2.csv` … that is free or holds the same rows.
    fn free(&self, rejects: &Rejects) -> PathBuf {
        let is_stdin = self.input == Path::new("-");
        let stem = self.input.file_stem().filter(|_| !is_stdin).unwrap_or("stdin".as_ref()).to_string_lossy();
        let stem = stem.split_once(".rejects").map_or(&*stem, |(stem, _)| stem);
        let folder = self.input.parent().filter(|_| !is_stdin).unwrap_or(Path::new(""));
        let name = |n: usize| match n {
            1 => format!("{stem}.rejects.{}", rejects.extension),
            n => format!("{stem}.rejects-{n}.{}", rejects.extension),
        };
        let is_ours = |path: &PathBuf| std::fs::read(path).is_ok_and(|bytes| bytes == rejects.bytes);
        let is_free = |path: &PathBuf| path.symlink_metadata().is_err() || is_ours(path) && path != self.input;
        let mut names = (1..).map(|n| folder.join(name(n)));
        names.find(is_free).unwrap_or_else(|| folder.join(name(1)))
    }

    /// Takes the file away again after nothing was imported.
    fn take_back(&self) {
        if let Some((path, true)) = &self.written {
            // The import has failed and is told; a file too many is no further harm.
            let _ = std::fs::remove_file(path);
        }
    }
}
