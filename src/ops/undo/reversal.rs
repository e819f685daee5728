//! The opposite of a commit: what its difference, taken out of what there is now, leaves of each file.

use super::super::referring::{Gone, Referring, referring};
use super::super::{Batch, Outcome, Session};
use super::obstacles::{changed_later, listed, of_file, refuse};
use crate::record::{Failure, Record, Result, Words};
use crate::store::merge::{Authors, Sides, merge_file};
use crate::store::{Change, CommitInfo, NewNumbers, Oid, parse_path, unshallow};
use crate::words;

/// The opposite of a commit, not committed yet; the lock is held.
pub(super) struct Reversal<'s> {
    session: &'s Session,
    batch: Batch<'s>,
    name: String,
    in_the_way: Vec<Words>,
    restored: Vec<Record>,
    gone: Gone,
    is_empty: bool,
}

/// What a file comes to without a change.
enum Without {
    /// It is so already.
    Nothing,
    /// This; none for no file.
    Content(Option<Vec<u8>>),
    /// Later changes build on it: these.
    Conflicts(Vec<Words>),
}

impl<'s> Reversal<'s> {
    /// Takes a commit out of what there is now; `name` is that of the operation.
    ///
    /// Fails with exit code 5 where it cannot be said what the commit changed or what became of it, where it changed
    /// more than the content of files, and where records could not be read any more afterwards.
    pub fn of(session: &'s Session, commit: Oid, name: &str) -> Result<Reversal<'s>> {
        let commit = session.repo.commit_info(commit)?;
        refuse_unknown(session, &commit, name)?;
        let batch = Batch::begin(session)?;
        let tip = match session.past() {
            Some(tip) => Some(tip),
            None => session.repo.head()?,
        };
        let since = tip.map(|tip| session.repo.renumbered_since(commit.id, tip)).transpose()?.unwrap_or_default();
        let (names, disputed) = (NewNumbers::new(&since.moved), NewNumbers::new(&since.disputed));
        let mut reversal = Reversal {
            session,
            batch,
            name: name.to_string(),
            in_the_way: Vec::new(),
            restored: Vec::new(),
            gone: Gone::new(),
            is_empty: true,
        };
        let mut unreadable = Vec::new();
        for change in session.repo.changes_of(&commit)? {
            refuse_disputed(&disputed, &change.path)?;
            let path = names.path(&change.path).unwrap_or_else(|| change.path.clone());
            unreadable.extend(reversal.take_out(&path, &change, &names)?);
        }
        refuse_unreadable(name, unreadable)?;
        Ok(reversal)
    }

    /// Tells whether it changes anything and nothing is in its way.
    pub fn is_clear(&self) -> bool {
        !self.is_empty && self.in_the_way.is_empty()
    }

    /// Commits it, unless something is in its way.
    pub fn commit(mut self, subject: &str, (trailer, name): (&str, &str)) -> Result<Outcome> {
        let by = referring(self.session, &self.gone, &self.restored)?;
        self.in_the_way.extend(by.iter().map(Referring::words));
        refuse(name, self.in_the_way)?;
        self.restored.iter().try_for_each(|record| self.batch.refuse_dangling(record))?;
        if let Some(why) = self.batch.broken_config()? {
            return Err(unusable(&self.name, why));
        }
        self.batch.commit(subject, vec![(trailer.to_string(), name.to_string())])
    }

    /// Takes a change out of the file that is at `path` now; returns the path of a record that could be read before
    /// and could not afterwards.
    fn take_out(&mut self, path: &str, change: &Change, names: &NewNumbers<'_>) -> Result<Option<String>> {
        let now = self.batch.read_bytes(path)?;
        let content = match without(self.session, path, change, now.as_deref(), names)? {
            Without::Nothing => return Ok(None),
            Without::Conflicts(words) => {
                self.in_the_way.extend(words);
                return Ok(None);
            }
            Without::Content(content) => content,
        };
        self.is_empty = false;
        let stays = content.is_some();
        let [_, after] = self.batch.put_bytes(path, content)?;
        match parse_path(path) {
            Some((kind, number)) if !stays => drop(self.gone.insert((kind, number.to_string()))),
            Some(_) if after.is_none() => return Ok(Some(path.to_string())),
            _ => self.restored.extend(after),
        }
        Ok(None)
    }
}

/// Returns what a file that is at `path` now comes to without a change.
fn without(
    session: &Session,
    path: &str,
    change: &Change,
    now: Option<&[u8]>,
    names: &NewNumbers<'_>,
) -> Result<Without> {
    let read = |blob: Option<Oid>| -> Result<Option<Vec<u8>>> {
        let bytes = blob.map(|blob| session.repo.blob(blob)).transpose()?;
        Ok(bytes.map(|bytes| renamed(&change.path, bytes, names)))
    };
    let (was, done) = (read(change.first_before())?, read(change.after)?);
    if now == was.as_deref() {
        return Ok(Without::Nothing);
    }
    if now == done.as_deref() {
        return Ok(Without::Content(was));
    }
    let text = |bytes: Option<&[u8]>| bytes.map(|bytes| str::from_utf8(bytes).map(str::to_string)).transpose();
    let (Ok(was), Ok(done), Ok(now)) = (text(was.as_deref()), text(done.as_deref()), text(now)) else {
        // What is no text is taken back as a whole or not at all.
        return Ok(Without::Conflicts(vec![changed_later(path)]));
    };
    let sides = Sides { base: done.as_deref(), ours: now.as_deref(), theirs: was.as_deref() };
    let merged = merge_file(path, sides, &Authors::default(), &Authors::default());
    Ok(match merged.conflicts.is_empty() && !merged.marked {
        true if merged.text == now => Without::Nothing,
        true => Without::Content(merged.text.map(String::into_bytes)),
        false => Without::Conflicts(of_file(session, path, &merged.conflicts, [done.as_deref(), now.as_deref()])),
    })
}

/// Returns what a record's file held with the numbers that those it refers to have now.
fn renamed(path: &str, bytes: Vec<u8>, names: &NewNumbers<'_>) -> Vec<u8> {
    let text = |bytes: &[u8]| {
        let (kind, number) = parse_path(path)?;
        names.rewrite(kind, &number, str::from_utf8(bytes).ok()?)
    };
    text(&bytes).map_or(bytes, String::into_bytes)
}

/// Refuses a commit of which it is not known, or not in files alone, what it changed.
fn refuse_unknown(session: &Session, commit: &CommitInfo, name: &str) -> Result<()> {
    if commit.parents.len() > 1 {
        let message = words!("`{name}` joins two histories and is no one change", "`{name}` 是一次合并，不是单项改动");
        return Err(Failure::usage(message)
            .hint(words!("`kehu op log` lists the operations it brought", "`kehu op log` 列出它带来的各项操作")));
    }
    if session.repo.boundary()?.contains(&commit.id) {
        let message = words!(
            "what `{name}` changed is not known: this clone is shallow and its history begins there",
            "无从得知 `{name}` 改动了什么：此克隆是浅克隆，历史从该处开始"
        );
        return Err(Failure::conflict(message).hint(unshallow()));
    }
    let odd = session.repo.odd_changes_of(commit)?;
    if odd.is_empty() {
        return Ok(());
    }
    let message = words!(
        "`{name}` changed links, programs or submodules, which are not put back; nothing was changed",
        "`{name}` 改动了链接、可执行文件或子模块，无法还原；未做任何更改"
    );
    let commit = commit.id.to_string();
    Err(listed(message, odd.into_iter().map(|path| Words::same(format!("`{path}`"))).collect())
        .hint(words!("`git revert {commit}` takes it back as a whole", "`git revert {commit}` 可整体撤销")))
}

/// Refuses a file of a record whose number of today cannot be told.
fn refuse_disputed(disputed: &NewNumbers<'_>, path: &str) -> Result<()> {
    let Some(other) = disputed.path(path) else { return Ok(()) };
    let name = |path: &str| parse_path(path).map_or_else(|| path.to_string(), |(_, number)| number.to_string());
    let (old, new) = (name(path), name(&other));
    Err(Failure::conflict(words!(
        "`{old}` may be `{old}` or `{new}` today; nothing was changed",
        "`{old}` 如今可能是 `{old}`，也可能是 `{new}`；未做任何更改"
    ))
    .hint(words!("`kehu log {new}` tells its history; change it by hand", "`kehu log {new}` 显示其历史；请手工修改")))
}

/// Refuses to put back files that could not be read as records.
fn refuse_unreadable(name: &str, paths: Vec<String>) -> Result<()> {
    if paths.is_empty() {
        return Ok(());
    }
    let message = words!(
        "without `{name}` records could not be read; nothing was changed",
        "撤去 `{name}` 后将有记录无法读取；未做任何更改"
    );
    let hint = words!(
        "it mended them; to change them back all the same, use git",
        "该操作修复了它们；如确需改回，请直接使用 git"
    );
    Err(listed(message, paths.into_iter().map(|path| Words::same(format!("`{path}`"))).collect()).hint(hint))
}

fn unusable(name: &str, why: Failure) -> Failure {
    let message = words!(
        "without `{name}` the configuration could not be read; nothing was changed",
        "撤去 `{name}` 后将无法读取配置；未做任何更改"
    );
    let Failure { message: first, details, .. } = why;
    details.into_iter().fold(Failure::invalid(message).detail(first), Failure::detail)
}
