//! The index's cache of trees: which folders' ids are known, and marking those on the way to an edit as not.

use super::IndexEdits;
use std::collections::BTreeSet;

/// Returns every folder above an edited path, the top as the empty text.
pub(super) fn folders_of(edits: &IndexEdits) -> BTreeSet<&str> {
    let above = |path: &'_ str| path.match_indices('/').map(|(end, _)| end).collect::<Vec<_>>();
    let mut folders: BTreeSet<&str> =
        edits.keys().flat_map(|path| above(path).into_iter().map(move |end| &path[..end])).collect();
    folders.insert("");
    folders
}

/// Returns the cache of trees with the `folders` marked as not known; none when it is damaged.
pub(super) fn invalidate(data: &[u8], folders: &BTreeSet<&str>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    // The folders we are in, each with the count of its children still to come.
    let mut open: Vec<(Vec<u8>, usize)> = Vec::new();
    let mut rest = data;
    while !rest.is_empty() {
        let name_end = rest.iter().position(|byte| *byte == 0)?;
        let line_end = name_end + rest.get(name_end..)?.iter().position(|byte| *byte == b'\n')?;
        let (name, line) = (&rest[..name_end], std::str::from_utf8(rest.get(name_end + 1..line_end)?).ok()?);
        let (count, children) = line.split_once(' ')?;
        let id_len = if count.starts_with('-') { 0 } else { 20 };
        let id = rest.get(line_end + 1..line_end + 1 + id_len)?;
        while open.last().is_some_and(|(_, left)| *left == 0) {
            open.pop();
        }
        let mut path = Vec::new();
        if let Some((parent, left)) = open.last_mut() {
            *left -= 1;
            path.extend_from_slice(parent);
            path.extend_from_slice(if parent.is_empty() { b"" } else { b"/" });
        }
        path.extend_from_slice(name);
        let stale = std::str::from_utf8(&path).is_ok_and(|path| folders.contains(path));
        out.extend_from_slice(&rest[..=name_end]);
        if stale {
            out.extend_from_slice(format!("-1 {children}\n").as_bytes());
        } else {
            out.extend_from_slice(&rest[name_end + 1..=line_end]);
            out.extend_from_slice(id);
        }
        open.push((path, children.parse().ok()?));
        rest = &rest[line_end + 1 + id_len..];
    }
    Some(out)
}
