//! Finishing a commit: bringing the work tree to what the branch already says.
//!
//! Used right after the commit point, and again at the next start when a process was killed there.
//!
//! *Invariants:* doing it twice is doing it once; a file that holds neither what was before nor what
//! is to be belongs to a person and is left alone; a file is old or new, never half.

use super::Repo;
use super::content::{LineEnds, OnDisk, Stamp, to_crlf};
use super::durable;
use super::error::{GitResult, IoResult};
use super::fail_point::fail_point;
use super::plan::{Plan, Step};
use super::staging::{Placed, Staging};
use super::tree_path::{folder_of, obstacle};
use crate::record::Result;
use git2::Oid;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Files written at a time; bounds the memory used when contents come from git.
const CHUNK: usize = 4096;

/// Where the content of a new file comes from; git when it returns none.
pub(crate) type Contents<'a> = &'a dyn Fn(&str) -> Option<&'a [u8]>;

/// A file to write.
struct NewFile<'a> {
    path: &'a str,
    target: PathBuf,
    temp: PathBuf,
    blob: Oid,
    ends: LineEnds,
    /// What was there when it was looked at.
    seen: Option<Stamp>,
}

/// What the work tree calls for.
#[derive(Default)]
struct Work<'a> {
    writes: Vec<NewFile<'a>>,
    removals: Vec<&'a str>,
    /// Paths that hold something a person made.
    foreign: BTreeSet<&'a str>,
}

impl Repo {
    /// Brings the files to the plan's targets; returns the paths left alone because a person changed them.
    ///
    /// Folders that were staged are moved to their places first.
    pub(crate) fn finish_files<'p>(
        &self,
        plan: &'p Plan,
        contents: Contents<'_>,
        staging: Option<Staging>,
    ) -> Result<BTreeSet<&'p str>> {
        let placed = staging.map(|staging| staging.place(self.root())).unwrap_or_default();
        fail_point("placed")?;
        let mut work = self.survey(plan, &placed)?;
        let mut folders = BTreeSet::new();
        placed.folders().for_each(|folder| folders.extend(folders_up_to(self.root(), &self.root().join(folder))));
        // Sorted by path, so the files of one folder follow each other.
        for group in work.writes.chunk_by(|a, b| folder_of(a.path) == folder_of(b.path)) {
            folders.extend(folders_up_to(self.root(), &group[0].target));
        }
        folders.iter().try_for_each(|folder| fs::create_dir_all(folder).at(folder))?;
        self.write_temps(&work.writes, contents)?;
        fail_point("temps")?;
        let temps: Vec<PathBuf> = work.writes.iter().map(|file| file.temp.clone()).collect();
        durable::sync_many(self.root(), &temps)?;
        fail_point("synced")?;
        work.foreign.extend(rename_temps(&work.writes)?);
        for path in &work.removals {
            let target = self.root().join(path);
            fs::remove_file(&target).present(&target)?;
            folders.extend(folders_up_to(self.root(), &target));
            remove_empty_folders(self.root(), &target);
        }
        durable::sync_all(&folders.into_iter().collect::<Vec<_>>())?;
        fail_point("files")?;
        Ok(work.foreign)
    }

    /// Looks at every path that was not placed already, and sorts out what is to be written, removed, or left alone.
    fn survey<'p>(&self, plan: &'p Plan, placed: &Placed) -> Result<Work<'p>> {
        let root = self.root();
        let steps: Vec<(&str, &Step)> = plan.steps().filter(|(path, _)| !placed.holds(path)).collect();
        let found: Vec<OnDisk> =
            steps.par_iter().map(|(path, _)| OnDisk::read(&root.join(path))).collect::<Result<_>>()?;
        let mut work = Work::default();
        let mut real_folders = BTreeSet::new();
        for ((path, step), disk) in steps.into_iter().zip(found) {
            let folder = folder_of(path);
            if !real_folders.contains(folder) && obstacle(root, path).is_some() {
                work.foreign.insert(path);
                continue;
            }
            real_folders.insert(folder);
            self.sort_out(&mut work, path, step, &disk);
        }
        Ok(work)
    }

    fn sort_out<'p>(&self, work: &mut Work<'p>, path: &'p str, step: &Step, disk: &OnDisk) {
        if disk.same_as(step.target, self.git(), path).is_some() {
            return;
        }
        let ends = step.known.iter().find_map(|known| disk.same_as(*known, self.git(), path));
        match (ends, step.target) {
            (None, _) => drop(work.foreign.insert(path)),
            (Some(_), None) => work.removals.push(path),
            (Some(ends), Some(blob)) => {
                let target = self.root().join(path);
                let temp = temp_of(&target);
                work.writes.push(NewFile { path, target, temp, blob, ends, seen: disk.stamp() });
            }
        }
    }

    /// Writes every new file beside its place.
    fn write_temps(&self, files: &[NewFile<'_>], contents: Contents<'_>) -> Result<()> {
        let odb = self.git().odb().git()?;
        for chunk in files.chunks(CHUNK) {
            let mut ready = Vec::with_capacity(chunk.len());
            for file in chunk {
                let bytes = match contents(file.path) {
                    Some(bytes) => Cow::Borrowed(bytes),
                    None => Cow::Owned(odb.read(file.blob).git()?.data().to_vec()),
                };
                let bytes = if file.ends == LineEnds::Crlf { Cow::Owned(to_crlf(&bytes)) } else { bytes };
                ready.push((file, bytes));
            }
            ready.par_iter().try_for_each(|(file, bytes)| write_temp(file, bytes))?;
        }
        Ok(())
    }
}

/// Returns where a file is written before it gets its name; always the same, so that one left by a
/// killed process is written over and moved by the next.
fn temp_of(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.kehu-tmp"))
}

fn write_temp(file: &NewFile<'_>, bytes: &[u8]) -> Result<()> {
    let make = || -> std::io::Result<()> {
        // Never through a link that someone laid in its place.
        let mut temp = match fs::File::create_new(&file.temp) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                fs::remove_file(&file.temp)?;
                fs::File::create_new(&file.temp)?
            }
            made => made?,
        };
        temp.write_all(bytes)?;
        // A file that was there keeps its mode; a new one has the usual one, 0644 under the usual mask.
        if file.seen.is_some() {
            temp.set_permissions(fs::metadata(&file.target)?.permissions())?;
        }
        Ok(())
    };
    make().at(&file.temp)
}

/// Gives every new file its name; returns the paths that a person changed meanwhile, which stay as they are.
fn rename_temps<'p>(files: &[NewFile<'p>]) -> Result<Vec<&'p str>> {
    let (first, second) = files.split_at(files.len() / 2);
    let mut foreign = Vec::new();
    for half in [first, second] {
        let results: Vec<Option<&'p str>> = half.par_iter().map(rename_temp).collect::<Result<_>>()?;
        foreign.extend(results.into_iter().flatten());
        fail_point("half-renamed")?;
    }
    Ok(foreign)
}

fn rename_temp<'p>(file: &NewFile<'p>) -> Result<Option<&'p str>> {
    if Stamp::now(&file.target) == file.seen {
        fs::rename(&file.temp, &file.target).at(&file.target)?;
        return Ok(None);
    }
    fs::remove_file(&file.temp).present(&file.temp)?;
    Ok(Some(file.path))
}

/// Returns the folders from a file's own up to the root, both included.
fn folders_up_to(root: &Path, target: &Path) -> Vec<PathBuf> {
    target.ancestors().skip(1).take_while(|folder| folder.starts_with(root)).map(PathBuf::from).collect()
}

/// Removes the folders above a removed file that are empty now, as git does.
fn remove_empty_folders(root: &Path, target: &Path) {
    for folder in folders_up_to(root, target) {
        // The system refuses to remove a folder that is not empty, and that is the end of it.
        if folder == root || fs::remove_dir(&folder).is_err() {
            break;
        }
    }
}
