//! Loads the files as they are.

use super::super::index::{Change, ChunkUpdate, Content, Entries, Entry, Index, Table};
use super::super::layout::{ENDING, fits};
use super::walk::{Detail, File, Folder, are_few, walk};
use super::{LoadOptions, Loaded, file, reading};
use crate::progress::Progress;
use crate::record::{Finding, Kind, Number};
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
pub(super) fn load(
    root: &Path,
    private: &Path,
    kinds: &[Kind],
    options: LoadOptions,
    progress: &Progress,
) -> (Loaded, Vec<Folder>) {
    let known = || options.use_index.then(|| Known::open(private, kinds)).flatten();
    let walk = || walk(root, kinds, Detail::Stats);
    let (mut folders, known) = if are_few(kinds) { (walk(), known()) } else { rayon::join(walk, known) };
    let (index, mut chunks) = known.map_or((None, HashMap::new()), |known| (Some(known.index), known.chunks));
    let filled = folders.iter().filter(|folder| !folder.files.is_empty());
    let filled = filled.map(|folder| (folder, chunks.remove(&folder.path))).collect();
    let (mut loaded, mut changes) = load_folders(root, kinds, filled, progress);
    changes.extend(chunks.into_keys().map(|gone| (gone, None)));
    loaded.findings.extend(folders.iter_mut().flat_map(|folder| std::mem::take(&mut folder.findings)));
    if let Some(mut index) = index {
        index.write(Table::Chunk, &changes, 0);
    }
    (loaded, folders)
}

/// Loads folders of these kinds, each with its chunk of the index; also returns what changed of the chunks.
fn load_folders(
    root: &Path,
    kinds: &[Kind],
    folders: Vec<(&Folder, Option<Vec<u8>>)>,
    progress: &Progress,
) -> (Loaded, Vec<Change>) {
    let stage = progress.stage(&reading(), folders.iter().map(|(folder, _)| folder.files.len()).sum());
    let load = |(folder, chunk): (&Folder, Option<Vec<u8>>)| {
        let loaded = folder.load(root, chunk.as_deref());
        stage.advance(folder.files.len());
        loaded
    };
    let done: Vec<_> = match are_few(kinds) {
        true => folders.into_iter().map(load).collect(),
        false => folders.into_par_iter().map(load).collect(),
    };
    let (mut loaded, mut changes) = (Loaded::default(), Vec::new());
    loaded.records.reserve(done.iter().map(|(part, _)| part.records.len()).sum());
    for (mut part, change) in done {
        loaded.records.append(&mut part.records);
        loaded.findings.append(&mut part.findings);
        changes.extend(change);
    }
    (loaded, changes)
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

impl Folder {
    /// Loads the files: those that are as they were from the chunk, the others from disk.
    fn load(&self, root: &Path, chunk: Option<&[u8]>) -> (Loaded, Option<Change>) {
        let mut known = Entries::new(chunk.unwrap_or_default()).peekable();
        let mut loaded = Loaded { records: Vec::with_capacity(self.files.len()), findings: Vec::new() };
        let mut update = ChunkUpdate::new(chunk);
        for file in &self.files {
            while known.next_if(|(entry, _)| *entry.name < *file.name).is_some() {
                update.change();
            }
            let old = known.next_if(|(entry, _)| entry.name == file.name);
            let racy_before = old.as_ref().filter(|(entry, _)| entry.racy).map(|(_, bytes)| *bytes);
            let existed = old.is_some();
            if let Some((number, content, bytes)) = old.and_then(|(entry, bytes)| self.unchanged(entry, bytes, file)) {
                update.keep(bytes);
                loaded.take(self.kind, number, content);
                continue;
            }
            let content = match number_of(self, file) {
                Some(number) => self.read(root, file, &number, &mut loaded.findings).map(|content| (number, content)),
                None => {
                    loaded.findings.push(file::misplaced(self.kind, &self.path_to(file)));
                    None
                }
            };
            let Some((number, content)) = content else {
                if existed {
                    update.change();
                }
                continue;
            };
            match (racy_before, file.stat.is_racy(self.seen)) {
                // It is read again next time whatever stands there.
                (Some(bytes), true) => update.keep(bytes),
                (_, racy) => update.change().add(&file.name, file.stat, racy, &content),
            }
            loaded.take(self.kind, number, content);
        }
        if known.next().is_some() {
            update.change();
        }
        (loaded, update.finish().map(|chunk| (self.path.clone(), Some(chunk))))
    }

    fn path_to(&self, file: &File) -> String {
        format!("{}/{}", self.path, file.name)
    }

    /// Returns what the index knows of a file that is surely as it was; only records that belong there are in it.
    fn unchanged<'e>(&self, entry: Entry<'e>, bytes: &'e [u8], file: &File) -> Option<(Number, Content, &'e [u8])> {
        if entry.racy || entry.stat != file.stat {
            return None;
        }
        let number = Number::parse(entry.name.strip_suffix(ENDING)?)?;
        Some((number, entry.content(self.kind.fields, &self.path)?, bytes))
    }

    /// Reads and parses a file; nothing when it went away meanwhile or cannot be read.
    fn read(&self, root: &Path, file: &File, number: &Number, findings: &mut Vec<Finding>) -> Option<Content> {
        let path = self.path_to(file);
        if file.stat.size() > file::LARGEST {
            return Some(Content { row: None, findings: vec![file::too_large(&path, file.stat.size())] });
        }
        match std::fs::read(root.join(&path)) {
            Ok(bytes) => Some(file::content(self.kind, number, &path, &bytes)),
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    findings.push(file::cannot_read(&path, &error));
                }
                None
            }
        }
    }
}
