//! What to do about a push that the server's hook refused: which operations it named, and how to go on without them.
//!
//! A server judges each commit by itself, so taking one back in another commit is not enough: what is not pushed yet is
//! made one commit of what is left. The hook is understood by the commits it names, not by its words, which are in
//! any language.

use crate::ops::Session;
use crate::record::{Failure, Result, Words};
use crate::store::{CommitInfo, Oid, Remote};
use crate::words;

/// How many refused operations are named.
const NAMED: usize = 5;

/// How many digits of a commit the hook names.
const SHORT: usize = 8;

/// Adds to the failure of a push which of our operations the remote refused, if it named any, and the way out.
pub(super) fn with_way_out(
    session: &Session,
    failure: Failure,
    remote: &Remote,
    [theirs, head]: [Option<Oid>; 2],
) -> Result<Failure> {
    let Some(head) = head else { return Ok(failure) };
    let ours: Vec<CommitInfo> = session.repo.commits(head, theirs.as_slice())?.collect::<Result<Vec<_>>>()?;
    let mut refused: Vec<(&CommitInfo, &str)> = Vec::new();
    for line in failure.details.iter().map(|line| line.en.as_ref()) {
        let named = ours.iter().find(|commit| names(line, &commit.id.to_string()[..SHORT]));
        if let Some(commit) = named.filter(|commit| refused.iter().all(|(known, _)| known.id != commit.id)) {
            refused.push((commit, line));
        }
    }
    let Some(((first, line), shown)) = refused.first().zip(refused.get(..refused.len().min(NAMED))) else {
        return Ok(failure);
    };
    let hints = shown.iter().map(|(commit, _)| told(commit));
    let hints: Vec<Words> = hints.chain([way_out(first, path_in(line), &remote.shown())]).collect();
    Ok(hints.into_iter().fold(failure, Failure::hint))
}

/// Tells whether a line names a commit by its first digits.
fn names(line: &str, short: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == short)
}

/// Returns the file that a line of the hook is about: `…: leads/2026/LEAD-2026-003.toml:17:9: …`.
fn path_in(line: &str) -> Option<&str> {
    let words = line.split([' ', '：']);
    words
        .filter_map(|word| word.split_once(':'))
        .map(|(path, _)| path)
        .find(|path| path.contains('/') && path.contains('.'))
}

/// Returns the name of an operation, as `kehu op log` lists it.
fn name(commit: &CommitInfo) -> String {
    commit.operation().map_or_else(|| commit.id.to_string()[..10].to_string(), str::to_string)
}

fn told(commit: &CommitInfo) -> Words {
    let (name, subject) = (name(commit), &commit.subject);
    words!("refused is `{name}` ({subject})", "被拒绝的操作是 `{name}`（{subject}）")
}

/// Says how to go on. Who may not undo it either, having changed what is another's, takes the remote's file by git.
fn way_out(commit: &CommitInfo, path: Option<&str>, upstream: &str) -> Words {
    let name = name(commit);
    let (or_en, or_zh) = match path {
        Some(path) => (
            format!(" or `git restore --source {upstream} -SW {path}`"),
            format!("或 `git restore --source {upstream} -SW {path}` "),
        ),
        None => Default::default(),
    };
    words!(
        "`kehu undo {name}`{or_en} takes it back; then `git reset --soft {upstream}` and `kehu commit` make one commit of \
         what is left, for the server judges each, and `kehu sync` pushes it",
        "先用 `kehu undo {name}` {or_zh}撤回；再用 `git reset --soft {upstream}` 和 `kehu commit` 将其余改动合为一次提交\
         （服务器逐个检查提交），最后 `kehu sync` 推送"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_of_the_hook_names() {
        for line in [
            "remote:   commit 3f1c9a2e: leads/2026/LEAD-2026-003.toml:17:9: `LEAD-2026-003` is not yours to change",
            "remote:   提交 3f1c9a2e：leads/2026/LEAD-2026-003.toml:17:9：不能修改 `LEAD-2026-003`",
        ] {
            assert!(names(line, "3f1c9a2e") && !names(line, "3f1c9a2f"), "{line}");
            assert_eq!(path_in(line), Some("leads/2026/LEAD-2026-003.toml"), "{line}");
        }
        assert_eq!(path_in("remote:   commit 3f1c9a2e: it is not signed"), None);
        assert!(!names("To /srv/3f1c9a2e0b/x.git", "3f1c9a2e"));
    }
}
