//! Loads the files as they are.

use super::super::index::{Change, ChunkWriter, Content, Entries, Entry, Index, Table};
use super::super::layout::{ENDING, event_day, fits};
use super::walk::{Detail, File, Folder, walk};
use super::{LoadOptions, Loaded, file};
use crate::record::{Finding, Kind, Number, Numbering};
use rayon::prelude::*;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;

/// The index, with what it knows of the folders to be loaded.
struct Known {
    index: Index,
    chunks: HashMap<String, Vec<u8>>,
}

impl Known {
    fn open(private: &Path, kinds: &[Kind]) -> Option<Known> {
        let index = Index::open(private)?;
        let chunks = kinds.iter().flat_map(|kind| index.chunks_in(kind.folder)).collect();
        Some(Known { index, chunks })
    }
}

/// Loads all records of these kinds; also returns their folders.
pub(super) fn load(root: &Path, private: &Path, kinds: &[Kind], options: LoadOptions) -> (Loaded, Vec<Folder>) {
    let known = || options.use_index.then(|| Known::open(private, kinds)).flatten();
    let (mut folders, known) = rayon::join(|| walk(root, kinds, Detail::Stats), known);
    let (index, mut chunks) = known.map_or((None, HashMap::new()), |known| (Some(known.index), known.chunks));
    let mut parts = Vec::new();
    for part in folders.iter().flat_map(parts_of) {
        let chunk = chunks.remove(&part.name);
        parts.push((part, chunk));
    }
    let done: Vec<_> = parts.into_par_iter().map(|(part, chunk)| part.load(root, chunk.as_deref())).collect();
    let mut changes: Vec<Change> = chunks.into_keys().map(|gone| (gone, None)).collect();
    let mut loaded = Loaded::default();
    loaded.records.reserve(done.iter().map(|(part, _)| part.records.len()).sum());
    for (mut part, change) in done {
        loaded.records.append(&mut part.records);
        loaded.findings.append(&mut part.findings);
        changes.extend(change);
    }
    loaded.findings.extend(folders.iter_mut().flat_map(|folder| std::mem::take(&mut folder.findings)));
    if let Some(mut index) = index {
        index.write(Table::Chunk, &changes, 0);
    }
    (loaded, folders)
}

/// Returns the numbers of all records of a kind.
pub(super) fn numbers(root: &Path, kind: Kind) -> Vec<Number> {
    let folders = walk(root, &[kind], Detail::Names);
    let all = folders.iter().flat_map(|folder| folder.files.iter().map(move |file| (folder, file)));
    all.filter_map(|(folder, file)| number_of(folder, file)).collect()
}

/// Returns the number of the record in a file; nothing when no record belongs there.
fn number_of(folder: &Folder, file: &File) -> Option<Number> {
    let number = Number::parse(file.name.strip_suffix(ENDING)?)?;
    fits(folder.kind, &folder.path, &number).then_some(number)
}

/// The files of one chunk: a folder, of events those of one day, so that no chunk grows large.
struct Part<'a> {
    name: String,
    folder: &'a Folder,
    files: &'a [File],
}

fn parts_of(folder: &Folder) -> impl Iterator<Item = Part<'_>> {
    let event = folder.kind.numbering == Numbering::Event;
    let same_part = move |a: &File, b: &File| !event || event_day(&a.name) == event_day(&b.name);
    folder.files.chunk_by(same_part).enumerate().map(move |(at, files)| {
        let day = files.first().filter(|_| event).map(|file| event_day(&file.name));
        let name = match day {
            None => folder.path.clone(),
            Some(Some((year, month, day))) => format!("{}/{year}{month}{day}", folder.path),
            Some(None) => format!("{}/other{at}", folder.path),
        };
        Part { name, folder, files }
    })
}

impl Part<'_> {
    /// Loads the files: those that are as they were from the chunk, the others from disk.
    fn load(self, root: &Path, chunk: Option<&[u8]>) -> (Loaded, Option<Change>) {
        let mut known = Entries::new(chunk.unwrap_or_default()).peekable();
        let mut loaded = Loaded { records: Vec::with_capacity(self.files.len()), findings: Vec::new() };
        let mut writer = ChunkWriter::new();
        let mut changed = chunk.is_none();
        for file in self.files {
            while known.next_if(|(entry, _)| *entry.name < *file.name).is_some() {
                changed = true;
            }
            let old = known.next_if(|(entry, _)| entry.name == file.name);
            let (existed, was_racy) = old.as_ref().map_or((false, false), |(entry, _)| (true, entry.racy));
            if let Some((number, content, bytes)) = old.and_then(|(entry, bytes)| self.unchanged(entry, bytes, file)) {
                writer.copy(bytes);
                loaded.take(self.folder.kind, number, content);
                continue;
            }
            let Some(number) = number_of(self.folder, file) else {
                loaded.findings.push(file::misplaced(self.folder.kind, &self.path(file)));
                continue;
            };
            if let Some(content) = self.read(root, file, &number, &mut loaded.findings) {
                let racy = file.stat.is_racy(self.folder.seen);
                changed |= !(racy && was_racy);
                writer.add(&file.name, file.stat, racy, &content);
                loaded.take(self.folder.kind, number, content);
            } else {
                changed |= existed;
            }
        }
        changed |= known.next().is_some();
        (loaded, changed.then(|| (self.name, Some(writer.finish()))))
    }

    fn path(&self, file: &File) -> String {
        format!("{}/{}", self.folder.path, file.name)
    }

    /// Returns what the index knows of a file that is surely as it was; only records that belong there are in it.
    fn unchanged<'e>(&self, entry: Entry<'e>, bytes: &'e [u8], file: &File) -> Option<(Number, Content, &'e [u8])> {
        if entry.racy || entry.stat != file.stat {
            return None;
        }
        let number = Number::parse(entry.name.strip_suffix(ENDING)?)?;
        Some((number, entry.content(self.folder.kind.fields, &self.folder.path)?, bytes))
    }

    /// Reads and parses a file; nothing when it went away meanwhile or cannot be read.
    fn read(&self, root: &Path, file: &File, number: &Number, findings: &mut Vec<Finding>) -> Option<Content> {
        let path = self.path(file);
        if file.stat.size() > file::LARGEST {
            return Some(Content { row: None, findings: vec![file::too_large(&path, file.stat.size())] });
        }
        match std::fs::read(root.join(&path)) {
            Ok(bytes) => Some(file::content(self.folder.kind, number, &path, &bytes)),
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    findings.push(file::cannot_read(&path, &error));
                }
                None
            }
        }
    }
}
