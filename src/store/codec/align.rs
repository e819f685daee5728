//! Pairs the items of two lists, keeping their order, so that as little as possible is rewritten.

/// What becomes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The old item became the new one.
    Pair(usize, usize),
    /// The old item is gone.
    Drop(usize),
    /// The new item came in.
    Add(usize),
}

/// Above this many comparisons items are paired by position alone.
const LARGEST: usize = 1 << 20;

/// Returns the steps from `old` to `new` with the highest sum of `likeness` over the pairs.
///
/// `likeness` must be above 0 for items that may be paired.
pub(super) fn align<T>(old: &[T], new: &[T], likeness: impl Fn(&T, &T) -> u32) -> Vec<Step> {
    if old.len().saturating_mul(new.len()) > LARGEST {
        return by_position(old.len(), new.len());
    }
    let width = new.len() + 1;
    // best[i * width + j]: the highest sum for what remains from old[i] and new[j] on.
    let mut best = vec![0; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let pair = best[(i + 1) * width + j + 1] + likeness(&old[i], &new[j]);
            best[i * width + j] = pair.max(best[(i + 1) * width + j]).max(best[i * width + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::with_capacity(old.len().max(new.len()));
    while i < old.len() || j < new.len() {
        let here = best[i * width + j];
        if i < old.len() && j < new.len() && here == best[(i + 1) * width + j + 1] + likeness(&old[i], &new[j]) {
            steps.push(Step::Pair(i, j));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && here == best[(i + 1) * width + j] {
            steps.push(Step::Drop(i));
            i += 1;
        } else {
            steps.push(Step::Add(j));
            j += 1;
        }
    }
    steps
}

fn by_position(old: usize, new: usize) -> Vec<Step> {
    let both = old.min(new);
    let pairs = (0..both).map(|at| Step::Pair(at, at));
    pairs.chain((both..old).map(Step::Drop)).chain((both..new).map(Step::Add)).collect()
}

#[cfg(test)]
mod tests {
    use super::Step::{Add, Drop, Pair};
    use super::*;

    fn steps(old: &str, new: &str) -> Vec<Step> {
        let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        align(&old, &new, |a, b| if a == b { 4 } else { 1 })
    }

    #[test]
    fn keeps_what_is_equal_in_place() {
        assert_eq!(steps("abc", "ac"), [Pair(0, 0), Drop(1), Pair(2, 1)]);
        assert_eq!(steps("ac", "abc"), [Pair(0, 0), Add(1), Pair(1, 2)]);
        assert_eq!(steps("ab", "xb"), [Pair(0, 0), Pair(1, 1)]);
        assert_eq!(steps("", "ab"), [Add(0), Add(1)]);
        assert_eq!(steps("ab", ""), [Drop(0), Drop(1)]);
        assert_eq!(by_position(3, 1), [Pair(0, 0), Drop(1), Drop(2)]);
    }
}
