//! The merge by lines, git's own, for what is no TOML.

use super::{FieldConflict, Merged, Sides};
use git2::{Buf, MergeFileInput, MergeFileOptions};

/// Merges by lines; where both sides changed the same, git's marks part them. So they do where fields conflict
/// although the lines fit beside each other.
pub(super) fn merge(sides: Sides<'_>, conflicts: Vec<FieldConflict>) -> Merged {
    let [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(|side| side.unwrap_or_default().as_bytes());
    let (bytes, marked) = match merge_bytes(base, ours, theirs) {
        (_, false) if !conflicts.is_empty() => (parted(ours, theirs), true),
        merged => merged,
    };
    // Lines of texts are text.
    Merged { text: Some(String::from_utf8_lossy(&bytes).into_owned()), conflicts, marked }
}

/// Merges any content by lines; returns it and whether git's marks stand in it.
pub fn merge_bytes(base: &[u8], ours: &[u8], theirs: &[u8]) -> (Vec<u8>, bool) {
    // `merge_file` itself does not set libgit2 up, without which it has no memory.
    drop(Buf::new());
    let mut options = MergeFileOptions::new();
    options.our_label("ours").their_label("theirs");
    match git2::merge_file(&input(base), &input(ours), &input(theirs), Some(&mut options)) {
        Ok(merged) => (merged.content().to_vec(), !merged.is_automergeable()),
        Err(_) => (parted(ours, theirs), true),
    }
}

fn input(bytes: &[u8]) -> MergeFileInput<'_> {
    let mut input = MergeFileInput::new();
    input.content(bytes);
    input
}

/// Returns both as one conflict.
fn parted(ours: &[u8], theirs: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (mark, bytes) in [("<<<<<<< ours\n", ours), ("=======\n", theirs)] {
        out.extend_from_slice(mark.as_bytes());
        out.extend_from_slice(bytes);
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    out.extend_from_slice(b">>>>>>> theirs\n");
    out
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
