//! Who changed what last on one side: told in a conflict beside the value.

use crate::record::{Result, WHOLE};
use crate::store::history::Change;
use crate::store::merge::{Authors, Side, differs};
use crate::store::{CommitInfo, Oid, Repo, parse_path};
use std::collections::{BTreeMap, HashMap};

/// The fields in conflict, as entries name them, by the path of their file.
pub(crate) type Torn<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Finds who changed fields last.
pub(super) type FindTouches<'a> = &'a dyn Fn(&Torn<'_>) -> Result<Touches>;

/// Who changed fields last, ours and theirs, by path.
pub(super) struct Touches([HashMap<String, Authors>; 2]);

impl Touches {
    /// Looks for them in the commits of our and their tip that do not lead to `bases`; where none changed a file, it is
    /// the tip's author.
    ///
    /// A merge counts for a field when it holds what none of its parents holds: there somebody settled a conflict.
    pub fn find(
        repo: &Repo,
        tips: [Oid; 2],
        bases: &[Oid],
        torn: &Torn<'_>,
        who: &dyn Fn(&CommitInfo) -> String,
    ) -> Result<Touches> {
        let [ours, theirs] = tips.map(|tip| authors(repo, tip, bases, torn.clone(), who));
        Ok(Touches([ours?, theirs?]))
    }

    /// Returns who changed a file, ours and theirs.
    pub fn of(&self, path: &str) -> [Authors; 2] {
        self.0.each_ref().map(|side| side.get(path).cloned().unwrap_or_default())
    }
}

/// Returns who changed files and fields of them last, by path, in the commits up to a tip that do not lead to `bases`.
///
/// Walks from the newest on, until nothing is left to find.
pub(crate) fn authors(
    repo: &Repo,
    tip: Oid,
    bases: &[Oid],
    mut torn: Torn<'_>,
    who: &dyn Fn(&CommitInfo) -> String,
) -> Result<HashMap<String, Authors>> {
    let side = |commit: &CommitInfo| Side { by: who(commit), at: commit.when };
    let tip_side = side(&repo.commit_info(tip)?);
    let mut found: HashMap<String, Authors> = torn.keys().map(|path| (path.to_string(), Authors::default())).collect();
    for commit in repo.commits(tip, bases)? {
        if torn.is_empty() {
            break;
        }
        let commit = commit?;
        for change in repo.changes_of(&commit)? {
            let (Some(fields), true) = (torn.get_mut(&*change.path), change.is_own()) else { continue };
            let Some(authors) = found.get_mut(&change.path) else { continue };
            authors.last.get_or_insert_with(|| side(&commit));
            let changed = Changed::read(repo, &change)?;
            let (own, others): (Vec<&str>, _) = fields.iter().partition(|field| changed.is_of(field));
            *fields = others;
            authors.fields.extend(own.into_iter().map(|field| (field.to_string(), side(&commit))));
            if fields.is_empty() {
                torn.remove(&*change.path);
            }
        }
    }
    for authors in found.values_mut() {
        authors.last.get_or_insert_with(|| tip_side.clone());
    }
    Ok(found)
}

/// The texts of a file before and after a commit.
struct Changed<'c> {
    path: &'c str,
    before: Vec<Option<String>>,
    after: Option<String>,
}

impl<'c> Changed<'c> {
    fn read(repo: &Repo, change: &'c Change) -> Result<Changed<'c>> {
        let text = |blob: Option<Oid>| -> Result<Option<String>> {
            Ok(blob.map(|blob| repo.blob(blob)).transpose()?.and_then(|bytes| String::from_utf8(bytes).ok()))
        };
        let before = change.before.iter().map(|blob| text(*blob)).collect::<Result<_>>()?;
        Ok(Changed { path: &change.path, before, after: text(change.after)? })
    }

    /// Tells whether the commit made of a field what no parent had.
    fn is_of(&self, field: &str) -> bool {
        let Some((kind, _)) = parse_path(self.path).filter(|_| field != WHOLE) else { return true };
        self.before.iter().all(|before| differs(kind, field, before.as_deref(), self.after.as_deref()))
    }
}
