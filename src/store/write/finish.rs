//! Finishing a commit: bringing the work tree to what the branch already says.
//!
//! Used right after the commit point, when mostly all files are staged and only move to their places, and
//! again at the next start when a process was killed there.
//!
//! *Invariants:* doing it twice is doing it once; a file that holds neither what was before nor what
//! is to be belongs to a person and is left alone; a file is old or new, never half.

use super::index_lock::IndexLock;
use super::plan::{Plan, Step};
use super::staging::{Placed, Staging};
use super::transaction::Note;
use crate::progress::Stage;
use crate::record::Result;
use crate::store::Repo;
use crate::store::durable;
use crate::store::error::{GitResult, IoResult};
use crate::store::fail_point::fail_point;
use crate::store::git_index::GitIndex;
use crate::store::worktree::content::{LineEnds, OnDisk, Stamp, to_crlf};
use crate::store::worktree::path::{folder_of, obstacle};
use crate::words;
use git2::Oid;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Files written at a time; bounds the memory used when contents come from git.
const CHUNK: usize = 4096;

/// Finds the new content of a file by its path.
pub(crate) type Contents<'a> = &'a dyn Fn(&str) -> Option<&'a [u8]>;

/// What a commit has at hand when it finishes; a recovery has nothing.
#[derive(Default)]
pub(crate) struct Kit<'a> {
    /// Where the content of a new file comes from; git when it returns none.
    pub contents: Option<Contents<'a>>,
    /// Files that wait to be moved to their places.
    pub staging: Option<Staging>,
    /// git's index as it was read before, taken when it is still the same.
    pub read: Option<GitIndex>,
}

/// A file to write.
pub(super) struct NewFile<'a> {
    pub path: &'a str,
    pub target: PathBuf,
    temp: PathBuf,
    blob: Oid,
    pub ends: LineEnds,
    /// What was there when it was looked at.
    pub seen: Option<Stamp>,
}

/// What the work tree calls for.
#[derive(Default)]
pub(super) struct Work<'a> {
    pub writes: Vec<NewFile<'a>>,
    removals: Vec<&'a str>,
    /// Paths that hold something a person made.
    foreign: BTreeSet<&'a str>,
}

impl Repo {
    /// Brings files and index to the plan's targets, and returns when they are on the disk.
    ///
    /// Names what was left alone because a person changed it. `index` is the lock of git's index, if it could be
    /// had; it goes last: a plain `git commit` that has read the old index and not locked it yet meets the lock.
    pub(crate) fn finish(&self, plan: &Plan, kit: Kit<'_>, index: Option<IndexLock>, note: Note<'_>) -> Result<()> {
        let files = self.finish_files(plan, kit.contents, kit.staging);
        let (placed, foreign) = files.map_err(|failure| failure.within(words!("files", "文件")))?;
        left_alone(&foreign, note);
        if let Some(index) = &index {
            let _stage = self.progress().stage(&words!("finishing git's index", "更新 git 索引"), 0);
            let done = self.finish_index(index, plan, (&placed, &foreign), kit.read);
            done.map_err(|failure| failure.within(words!("git's index", "git 索引")))?;
        }
        let _stage = self.progress().stage(&words!("waiting for the disk", "等待磁盘写入"), 0);
        durable::sync_many(self.root(), &folders_of(self.root(), plan))?;
        fail_point("durable")
    }

    /// Brings the files to the plan's targets; returns what was moved there, and the paths left alone because a person
    /// changed them.
    ///
    /// What was staged is moved to its place first.
    fn finish_files<'p>(
        &self,
        plan: &'p Plan,
        contents: Option<Contents<'_>>,
        staging: Option<Staging>,
    ) -> Result<(Placed, BTreeSet<&'p str>)> {
        let placed = staging.map_or_else(|| Ok(Placed::default()), |staging| staging.place(self.root()))?;
        fail_point("placed")?;
        let mut work = self.survey(plan.steps().filter(|(path, _)| !placed.holds(path)).collect())?;
        let stage = self.progress().stage(&words!("writing files", "写出文件"), work.writes.len());
        let folders: BTreeSet<&Path> = work.writes.iter().filter_map(|file| file.target.parent()).collect();
        folders.iter().try_for_each(|folder| fs::create_dir_all(folder).at(folder))?;
        self.write_temps(&work.writes, contents, &stage)?;
        drop(stage);
        fail_point("temps")?;
        let stage = self.progress().stage(&words!("waiting for the disk", "等待磁盘写入"), 0);
        let temps: Vec<PathBuf> = work.writes.iter().map(|file| file.temp.clone()).collect();
        durable::sync_many(self.root(), &temps)?;
        fail_point("synced")?;
        drop(stage);
        let _stage = self.progress().stage(&words!("finishing files", "文件收尾"), 0);
        work.foreign.extend(rename_temps(&work.writes)?);
        for path in &work.removals {
            let target = self.root().join(path);
            fs::remove_file(&target).present(&target)?;
            remove_empty_folders(self.root(), &target);
        }
        fail_point("files")?;
        Ok((placed, work.foreign))
    }

    /// Looks at paths, and sorts out what is to be written, removed, or left alone.
    pub(super) fn survey<'p>(&self, steps: Vec<(&'p str, &Step)>) -> Result<Work<'p>> {
        let root = self.root();
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

    /// Removes the temporary files that a killed process may have left beside the files of a plan.
    pub(crate) fn clear_temps(&self, plan: &Plan) {
        for (path, _) in plan.steps().filter(|(path, _)| obstacle(self.root(), path).is_none()) {
            let target = self.root().join(path);
            // Mostly there is none.
            if fs::remove_file(temp_of(&target)).is_ok() {
                remove_empty_folders(self.root(), &target);
            }
        }
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
    fn write_temps(&self, files: &[NewFile<'_>], contents: Option<Contents<'_>>, stage: &Stage) -> Result<()> {
        let odb = self.git().odb().git()?;
        for chunk in files.chunks(CHUNK) {
            let mut ready = Vec::with_capacity(chunk.len());
            for file in chunk {
                let bytes = match contents.and_then(|contents| contents(file.path)) {
                    Some(bytes) => Cow::Borrowed(bytes),
                    None => Cow::Owned(odb.read(file.blob).git()?.data().to_vec()),
                };
                let bytes = if file.ends == LineEnds::Crlf { Cow::Owned(to_crlf(&bytes)) } else { bytes };
                ready.push((file, bytes));
            }
            ready.par_iter().try_for_each(|(file, bytes)| write_temp(file, bytes))?;
            stage.advance(chunk.len());
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

/// Names the files that were left as a person had changed them meanwhile.
fn left_alone(foreign: &BTreeSet<&str>, note: Note<'_>) {
    for path in foreign {
        note(words!(
            "`{path}` was changed by hand meanwhile and left as it is; `git diff` compares it with the commit",
            "`{path}` 在此期间被手工修改，已保持原样；`git diff` 可与提交比较"
        ));
    }
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

/// Returns the folders whose names a plan may change, up to the root.
fn folders_of(root: &Path, plan: &Plan) -> Vec<PathBuf> {
    let own: BTreeSet<&str> = plan.steps().map(|(path, _)| folder_of(path)).collect();
    let all: BTreeSet<PathBuf> =
        own.into_iter().flat_map(|folder| folders_up_to(root, &root.join(folder).join("x"))).collect();
    all.into_iter().collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_left_alone_is_named() {
        let said = std::cell::RefCell::new(Vec::new());
        left_alone(&BTreeSet::from(["a.toml", "b.toml"]), &|words| said.borrow_mut().push(words.en.to_string()));
        assert!(said.borrow().len() == 2 && said.borrow()[1].contains("`b.toml`"));
    }

    #[test]
    fn folders_are_named_up_to_the_root() {
        let mut plan = Plan::default();
        for path in ["leads/2026/1.toml", "leads/2026/2.toml", "kehu.toml"] {
            plan.put(path, None, None);
        }
        let root = Path::new("/r");
        assert_eq!(folders_of(root, &plan), ["/r", "/r/leads", "/r/leads/2026"].map(PathBuf::from));
    }
}
