//! What a commit is made of: objects and, beside the work tree, its new files, on the disk before the branch moves.

use super::commit::Draft;
use super::plan::Plan;
use super::staging::Staging;
use super::transaction::{Joined, Transaction};
use crate::progress::Stage;
use crate::record::{Failure, Result};
use crate::store::error::GitResult;
use crate::store::fail_point::fail_point;
use crate::store::objects::Objects;
use crate::store::objects::tree;
use crate::words;
use git2::{ObjectType, Oid};
use std::thread;

impl Transaction<'_> {
    /// Writes the commit's objects and, meanwhile, its files; all of it is on the disk.
    pub(super) fn store(&self, draft: &Draft<'_>) -> Result<(Oid, Option<Staging>)> {
        let root = self.repo.root();
        let files = self.repo.draft_staging(&draft.plan, &self.changes)?;
        let stage = self.writing(2);
        thread::scope(|scope| {
            let staging = scope.spawn(|| files.write(root, &stage));
            let commit = self.store_commit(self.file_objects(&draft.plan), draft, &stage);
            let staging = staging.join().unwrap_or(Ok(None));
            fail_point("staged")?;
            Ok((commit?, staging?))
        })
    }

    /// Tells that the changes are written, so many times each.
    pub(super) fn writing(&self, times: usize) -> Stage {
        self.repo.progress().stage(&words!("writing records", "写入记录"), times * self.changes.len())
    }

    /// Returns the objects of the files.
    pub(super) fn file_objects(&self, plan: &Plan) -> Objects<'_> {
        let mut objects = Objects::default();
        for ((_, step), bytes) in plan.steps().zip(self.changes.values()) {
            if let (Some(id), Some(bytes)) = (step.target.filter(|id| !self.held.contains(id)), bytes) {
                objects.add_file(id, bytes);
            }
        }
        objects
    }

    /// Writes these objects, trees and commit; they are on the disk and nothing refers to them.
    pub(super) fn store_commit<'c>(
        &'c self,
        mut objects: Objects<'c>,
        draft: &Draft<'_>,
        stage: &Stage,
    ) -> Result<Oid> {
        let odb = self.repo.git().odb().git()?;
        let edits: Vec<tree::Edit<'_>> = draft.plan.steps().map(|(path, step)| (path, step.target)).collect();
        let tree = tree::rewrite(&odb, self.repo.tree_id(self.base)?, &edits, &mut objects)?;
        if let Some(forward) = self.forward {
            return if self.repo.tree_id(Some(forward))? == Some(tree) {
                Ok(forward)
            } else {
                Err(not_the_same(forward))
            };
        }
        let mut text = format!("tree {tree}\n");
        let (before, behind) = match self.joined {
            Some(Joined::Mainline(mainline)) => (Some(mainline), None),
            Some(Joined::Branch(branch)) => (None, Some(branch)),
            None => (None, None),
        };
        for parent in before.iter().chain(&self.base).chain(&behind) {
            text.push_str(&format!("parent {parent}\n"));
        }
        text.push_str(&format!(
            "author {}\ncommitter {}\n\n",
            draft.author.line(&self.now),
            draft.committer.line(&self.now)
        ));
        text.push_str(&draft.message.render());
        let text = self.repo.signed(text, &self.signing)?;
        let commit = objects.add(ObjectType::Commit, text.into_bytes());
        objects.store(self.repo.git(), stage)?;
        Ok(commit)
    }
}

/// A tree of the commit that was fetched is not what its differences come to.
fn not_the_same(commit: Oid) -> Failure {
    Failure::failed(words!(
        "the tree of `{commit}` is not what its files come to; nothing was changed",
        "`{commit}` 的树与其文件不符；未做任何更改"
    ))
    .hint(words!("`git fsck` looks for damage", "可用 `git fsck` 检查损坏"))
}
