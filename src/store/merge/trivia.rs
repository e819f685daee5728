//! Three-way merge of what stands around values: comments, blank lines, layout.

use super::order::order;
use super::tree::{Body, Item};
use std::collections::{BTreeSet, HashSet};

/// Returns what one side alone changed as that side has it, and what neither or both alike changed; nothing
/// when they changed it differently.
fn plain<'a>(base: Option<&str>, ours: &'a str, theirs: &'a str) -> Option<&'a str> {
    if ours == theirs || base == Some(theirs) { Some(ours) } else { (base == Some(ours)).then_some(theirs) }
}

/// Merges layout, where nothing is lost when one of two changes wins: the same one, whichever side it is on.
pub(super) fn layout(base: Option<&str>, ours: &str, theirs: &str) -> String {
    plain(base, ours, theirs).unwrap_or_else(|| ours.min(theirs)).to_string()
}

/// Merges the lines above something: those that either side added are there, those that either took out are not.
/// Where blank lines alone tell the sides apart, the more of them stay: nothing says which of the base's they are.
pub(super) fn lines(base: Option<&str>, ours: &str, theirs: &str) -> String {
    if let Some(text) = plain(base, ours, theirs) {
        return text.to_string();
    }
    if comment_lines(ours).eq(comment_lines(theirs)) {
        return [ours, theirs]
            .into_iter()
            .max_by_key(|text| (text.lines().count(), *text))
            .unwrap_or_default()
            .to_string();
    }
    let all = [base.unwrap_or_default(), ours, theirs].map(numbered);
    let [base, ours, theirs] = all.each_ref().map(|lines| lines.iter().collect::<Vec<_>>());
    let is_kept = |line: &&(&str, usize)| !base.contains(line) || ours.contains(line) && theirs.contains(line);
    let keep: HashSet<&(&str, usize)> = ours.iter().chain(&theirs).copied().filter(is_kept).collect();
    order(&base, [&ours, &theirs], &keep, |line| *line).into_iter().map(|(line, _)| *line).collect()
}

/// Returns the lines, each with how many of the same stand before it.
fn numbered(text: &str) -> Vec<(&str, usize)> {
    let mut lines: Vec<(&str, usize)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let before = lines.iter().filter(|(other, _)| *other == line).count();
        lines.push((line, before));
    }
    lines
}

/// Merges the comment behind something: two that are new are both there.
pub(super) fn behind(base: Option<&str>, ours: &str, theirs: &str) -> String {
    if let Some(text) = plain(base, ours, theirs) {
        return text.to_string();
    }
    let [old, one, other] = [base.unwrap_or_default(), ours, theirs].map(comments);
    let kept = one.union(&other).filter(|part| !old.contains(*part) || one.contains(*part) && other.contains(*part));
    let comment: Vec<&str> = kept.copied().collect();
    let space = layout(base.map(space_before), space_before(ours), space_before(theirs));
    let end = if ours.ends_with('\n') && theirs.ends_with('\n') { "\n" } else { "" };
    match comment.is_empty() {
        true => end.to_string(),
        false if space.is_empty() => format!(" {}{end}", comment.join(" ")),
        false => format!("{space}{}{end}", comment.join(" ")),
    }
}

fn space_before(trail: &str) -> &str {
    let text = trail.trim_end_matches('\n');
    &text[..text.len() - text.trim_start().len()]
}

/// Returns the comments of a line: `# a # b` counts as two.
fn comments(trail: &str) -> BTreeSet<&str> {
    let mut starts: Vec<usize> = trail.match_indices("# ").map(|(at, _)| at).collect();
    if let Some(first) = trail.find('#').filter(|first| !starts.contains(first)) {
        starts.insert(0, first);
    }
    let ends = starts.iter().skip(1).copied().chain([trail.len()]);
    starts.iter().zip(ends).map(|(from, to)| trail[*from..to].trim()).collect()
}

/// Returns the comments above, behind and inside items.
pub(super) fn comments_of(items: &[Item]) -> Vec<&str> {
    let mut found = Vec::new();
    items.iter().for_each(|item| gather(item, &mut found));
    found
}

fn gather<'i>(item: &'i Item, found: &mut Vec<&'i str>) {
    found.extend(comment_lines(&item.lead));
    match &item.body {
        Body::Scalar(_) => {}
        Body::List(seq) | Body::Inline(seq) => seq.items.iter().for_each(|item| gather(item, found)),
        Body::Section(items) => items.iter().for_each(|item| gather(item, found)),
    }
    found.extend(comments(&item.trail));
}

/// Returns the lines that are comments.
pub(super) fn comment_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_both_sides_stay() {
        assert_eq!(lines(Some("\n"), "\n# a\n", "\n# b\n"), "\n# a\n# b\n");
        assert_eq!(lines(Some("# x\n# y\n"), "# y\n", "# x\n# y\n# z\n"), "# y\n# z\n");
        assert_eq!(lines(Some("# end\n\n"), "\n", ""), "\n");
        assert_eq!(lines(Some("# end\n\n"), "", "\n"), "\n");
        assert_eq!(behind(Some("\n"), " # a\n", "  # b\n"), " # a # b\n");
        assert_eq!(behind(Some(" # x\n"), " # a\n", " # b\n"), " # a # b\n");
        assert_eq!(behind(Some("\n"), " # a # b\n", " # b\n"), " # a # b\n");
        assert_eq!(behind(Some(" # x\n"), "\n", " # b\n"), " # b\n");
        assert_eq!(layout(None, "b", "a"), "a");
    }
}
