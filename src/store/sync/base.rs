//! What two sides have in common.
//!
//! Mostly that is one commit. After merges crosswise, which plain git between colleagues makes, there are several
//! that are equally near; as git does, they are merged with each other first, and the result is the base: any one
//! of them alone would let a change that was taken back come in again, or the other way round.

use super::unite::{Asked, Side, Trees, unite};
use crate::record::{Failure, Result};
use crate::store::error::GitResult;
use crate::store::objects::Objects;
use crate::store::objects::tree::{Edit, rewrite};
use crate::words;
use git2::{ErrorCode, ObjectType, Oid, Repository};

/// How two tips stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Relation {
    /// They are the same, or ours has all of theirs.
    Ahead,
    /// Theirs has all of ours.
    Behind,
    /// Both have something of their own; these commits are the nearest they have in common.
    Apart(Vec<Oid>),
}

/// Tells how two tips stand to each other.
///
/// Fails with exit code 5 when they have nothing in common.
pub(crate) fn relation(git: &Repository, ours: Oid, theirs: Oid) -> Result<Relation> {
    let bases = bases(git, &[ours, theirs])?;
    match bases.as_slice() {
        [] => Err(unrelated(git)),
        [base] if *base == theirs => Ok(Relation::Ahead),
        [base] if *base == ours => Ok(Relation::Behind),
        _ => Ok(Relation::Apart(bases)),
    }
}

/// Returns the tree that the nearest common commits come to.
pub(crate) fn base_tree(git: &Repository, bases: &[Oid]) -> Result<Oid> {
    let Some((first, rest)) = bases.split_first() else { return Err(unrelated(git)) };
    let mut tree = tree_of(git, *first)?;
    for (at, base) in (1..).zip(rest) {
        let below = self::bases(git, &[&[*base], &bases[..at]].concat())?;
        // Histories that were joined by hand may have nothing below.
        let base_of_both = if below.is_empty() { empty_tree(git)? } else { base_tree(git, &below)? };
        tree = merged(git, Trees { base: base_of_both, ours: tree, theirs: tree_of(git, *base)? })?;
    }
    Ok(tree)
}

/// Returns the nearest commits that the first has in common with any of the others; none when there is none.
fn bases(git: &Repository, commits: &[Oid]) -> Result<Vec<Oid>> {
    let found = match commits {
        [ours, theirs] => git.merge_bases(*ours, *theirs),
        many => git.merge_bases_many(many),
    };
    match found {
        Ok(found) => {
            let mut bases = found.to_vec();
            // The same from either side.
            bases.sort();
            Ok(bases)
        }
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).git(),
    }
}

/// Merges two trees; returns the result, which is in git and named by nothing.
fn merged(git: &Repository, trees: Trees) -> Result<Oid> {
    let odb = git.odb().git()?;
    // Whose record a number is, is settled between the tips alone; here both are joined into one.
    let union = unite(&odb, trees, Asked { edited: Side::Ours, numbers: None, touches: None, upstream: "" })?;
    for content in union.edits.values().flatten() {
        if let Some(bytes) = &content.bytes {
            odb.write(ObjectType::Blob, bytes).git()?;
        }
    }
    let edits: Vec<Edit<'_>> =
        union.edits.iter().map(|(path, content)| (path.as_str(), content.as_ref().map(|c| c.id))).collect();
    let mut made = Objects::default();
    let tree = rewrite(&odb, Some(trees.ours), &edits, &mut made)?;
    made.iter().try_for_each(|object| odb.write(object.kind, &object.data).git().map(drop))?;
    Ok(tree)
}

fn tree_of(git: &Repository, commit: Oid) -> Result<Oid> {
    Ok(git.find_commit(commit).git()?.tree_id())
}

fn empty_tree(git: &Repository) -> Result<Oid> {
    git.odb().and_then(|odb| odb.write(ObjectType::Tree, &[])).git()
}

fn unrelated(git: &Repository) -> Failure {
    let failure = Failure::conflict(words!(
        "this repository and the remote have no commit in common",
        "本仓库与远端没有共同的提交"
    ));
    if git.is_shallow() {
        return failure.hint(words!(
            "this clone has only part of the history: `git fetch --unshallow` gets the rest",
            "此克隆只含部分历史：用 `git fetch --unshallow` 取得其余部分"
        ));
    }
    failure.hint(words!(
        "`git remote -v` shows where it leads; a clone of it is made by `git clone URL FOLDER`",
        "用 `git remote -v` 查看远端地址；用 `git clone URL 目录` 可取得它的克隆"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use git2::Odb;

    /// Makes a commit of one lead.
    fn commit(git: &Repository, parents: &[Oid], lead: &str) -> Oid {
        let odb = git.odb().unwrap();
        let blob = odb.write(ObjectType::Blob, lead.as_bytes()).unwrap();
        let mut made = Objects::default();
        let tree = rewrite(&odb, None, &[("leads/2026/LEAD-2026-001.toml", Some(blob))], &mut made).unwrap();
        made.iter().for_each(|object| _ = odb.write(object.kind, &object.data).unwrap());
        let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
        let text = format!("tree {tree}\n{parents}author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n{lead}");
        odb.write(ObjectType::Commit, text.as_bytes()).unwrap()
    }

    #[test]
    fn after_merges_crosswise_a_change_that_was_taken_back_stays_so() {
        let odb = Odb::new().unwrap();
        odb.add_new_mempack_backend(1).unwrap();
        let git = Repository::from_odb(odb).unwrap();
        let first = commit(&git, &[], "company = \"A\"\n");
        let one = commit(&git, &[first], "company = \"A\"\nremark = \"x\"\n");
        let other = commit(&git, &[first], "company = \"A\"\nneed = \"y\"\n");
        let both = "company = \"A\"\nneed = \"y\"\nremark = \"x\"\n";
        let ours = commit(&git, &[one, other], both);
        let theirs = commit(&git, &[other, one], &format!("{both}# merged there\n"));
        let ours = commit(&git, &[ours], "company = \"A\"\nneed = \"y\"\n");
        let Relation::Apart(bases) = relation(&git, ours, theirs).unwrap() else { panic!("both have something") };
        assert_eq!(bases.len(), 2);
        let base = git.find_tree(base_tree(&git, &bases).unwrap()).unwrap();
        let blob = base.get_path("leads/2026/LEAD-2026-001.toml".as_ref()).unwrap().to_object(&git).unwrap();
        let text = str::from_utf8(blob.as_blob().unwrap().content()).unwrap().to_string();
        assert!(text.contains("remark") && text.contains("need"), "what both had before: {text}");
        assert_eq!(relation(&git, ours, ours).unwrap(), Relation::Ahead);
        assert_eq!(relation(&git, one, ours).unwrap(), Relation::Behind);
        let alone = commit(&git, &[], "company = \"B\"\n");
        assert!(relation(&git, ours, alone).is_err());
    }
}
