//! The merge by lines, git's own, for what is no TOML.

use super::{FieldConflict, Merged, Sides};
use git2::{Buf, MergeFileInput, MergeFileOptions};

/// Merges by lines; where both sides changed the same, git's marks part them.
pub(super) fn merge(sides: Sides<'_>, conflicts: Vec<FieldConflict>) -> Merged {
    let [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(Option::unwrap_or_default);
    // `merge_file` itself does not set libgit2 up, without which it has no memory.
    drop(Buf::new());
    let mut options = MergeFileOptions::new();
    options.our_label("ours").their_label("theirs");
    let merged = git2::merge_file(&input(base), &input(ours), &input(theirs), Some(&mut options));
    let merged = merged.ok().and_then(|merged| {
        let text = String::from_utf8(merged.content().to_vec()).ok()?;
        Some(Merged { text: Some(text), conflicts: Vec::new(), marked: !merged.is_automergeable() })
    });
    match merged {
        // Lines that fit beside each other do not make a conflict of fields go away.
        Some(merged) if merged.marked || conflicts.is_empty() => Merged { conflicts, ..merged },
        _ => Merged { text: Some(marked(ours, theirs)), conflicts, marked: true },
    }
}

fn input(text: &str) -> MergeFileInput<'_> {
    let mut input = MergeFileInput::new();
    input.content(text.as_bytes());
    input
}

/// Returns both texts as one conflict.
fn marked(ours: &str, theirs: &str) -> String {
    let ended =
        |text: &str| if text.is_empty() || text.ends_with('\n') { text.to_string() } else { format!("{text}\n") };
    format!("<<<<<<< ours\n{}=======\n{}>>>>>>> theirs\n", ended(ours), ended(theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_merge_as_in_git() {
        let sides = |ours, theirs| Sides { base: Some("a\nb\nc\n"), ours: Some(ours), theirs: Some(theirs) };
        let merged = merge(sides("a\nx\nc\n", "a\ny\nc\n"), Vec::new());
        assert_eq!(merged.text.as_deref(), Some("a\n<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\nc\n"));
        assert!(merged.marked);
        let merged = merge(sides("x\nb\nc\n", "a\nb\ny\n"), Vec::new());
        assert_eq!((merged.text.as_deref(), merged.marked), (Some("x\nb\ny\n"), false));
    }
}
