//! Who changed a file last on one side: told in a conflict beside the value.

use crate::record::Result;
use crate::store::{CommitInfo, Oid, Repo};
use std::collections::{BTreeSet, HashMap};

/// Finds the commits that changed files last.
pub(crate) type FindTouches<'a> = &'a dyn Fn(&BTreeSet<&str>) -> Result<Touches>;

/// The commits that changed files last, ours and theirs.
pub(crate) struct Touches([Side; 2]);

/// The commits that changed files last on one side.
struct Side {
    files: HashMap<String, CommitInfo>,
    tip: CommitInfo,
}

impl Touches {
    /// Looks for them in the commits of our and their tip that do not lead to `bases`.
    ///
    /// A merge counts for a file when it holds what none of its parents holds: there somebody settled a conflict.
    pub fn find(repo: &Repo, tips: [Oid; 2], bases: &[Oid], paths: &BTreeSet<&str>) -> Result<Touches> {
        let [ours, theirs] = tips.map(|tip| Side::find(repo, tip, bases, paths));
        Ok(Touches([ours?, theirs?]))
    }

    /// Returns the commit that changed a file last, ours and theirs; where none did, the tip.
    pub fn of(&self, path: &str) -> [&CommitInfo; 2] {
        self.0.each_ref().map(|side| side.files.get(path).unwrap_or(&side.tip))
    }
}

impl Side {
    fn find(repo: &Repo, tip: Oid, bases: &[Oid], paths: &BTreeSet<&str>) -> Result<Side> {
        let mut side = Side { files: HashMap::new(), tip: repo.commit_info(tip)? };
        for commit in repo.commits(tip, bases)? {
            if side.files.len() == paths.len() {
                break;
            }
            let commit = commit?;
            for change in repo.changes_of(&commit)? {
                if change.is_own() && paths.contains(&*change.path) {
                    side.files.entry(change.path).or_insert_with(|| commit.clone());
                }
            }
        }
        Ok(side)
    }
}
