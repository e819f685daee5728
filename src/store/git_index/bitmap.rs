//! Sets of places as git writes them: compressed bitmaps of 64-bit words ("EWAH").
//!
//! A word that heads a group says: bit 0, the bit that a run of equal words repeats; bits 1 to 32, how many
//! words the run has; bits 33 to 63, how many words follow as they are. Format: git's documentation
//! `gitformat-index`, split index, and the bitmap format it names.

use super::file::number;

/// More places than an index can have are not read: a damaged length must not fill the memory.
const MOST: usize = 1 << 26;

/// Reads a bitmap at the start of `bytes`; returns the places that are set, in order, and what follows it.
pub(super) fn read(bytes: &[u8]) -> Option<(Vec<u32>, &[u8])> {
    let count = number(bytes, 4)? as usize;
    let words = bytes.get(8..8_usize.checked_add(count.checked_mul(8)?)?)?;
    let rest = bytes.get(8 + words.len() + 4..)?;
    let mut words = words.chunks_exact(8).map(|word| u64::from_be_bytes(word.try_into().unwrap_or_default()));
    let (mut places, mut at) = (Vec::new(), 0_usize);
    while let Some(head) = words.next() {
        let run = (head >> 1 & u64::from(u32::MAX)) as usize * 64;
        at = at.checked_add(run).filter(|at| *at <= MOST)?;
        if head & 1 == 1 {
            places.extend((at - run..at).map(|place| place as u32));
        }
        for _ in 0..head >> 33 {
            let word = words.next()?;
            places.extend((0..64).filter(|bit| word >> bit & 1 == 1).map(|bit| (at + bit) as u32));
            at = at.checked_add(64).filter(|at| *at <= MOST)?;
        }
    }
    Some((places, rest))
}

/// Writes the bitmap of some places, which are in order.
pub(super) fn write(places: &[u32], out: &mut Vec<u8>) {
    let (mut words, mut last_head, mut done) = (Vec::new(), 0_u32, 0);
    for group in places.chunk_by(|a, b| a / 64 == b / 64) {
        let at = u64::from(group[0] / 64);
        last_head = words.len() as u32;
        words.push(1 << 33 | (at - done) << 1);
        words.push(group.iter().fold(0, |word, place| word | 1 << (place % 64)));
        done = at + 1;
    }
    if words.is_empty() {
        words.push(0_u64);
    }
    out.extend(places.last().map_or(0, |last| last + 1).to_be_bytes());
    out.extend((words.len() as u32).to_be_bytes());
    words.iter().for_each(|word| out.extend(word.to_be_bytes()));
    out.extend(last_head.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(places in proptest::collection::btree_set(0_u32..100_000, 0..200)) {
            let places: Vec<u32> = places.into_iter().collect();
            let mut out = Vec::new();
            write(&places, &mut out);
            out.push(7);
            prop_assert_eq!(read(&out), Some((places, &[7_u8][..])));
        }

        #[test]
        fn damage_is_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            read(&bytes);
        }
    }

    #[test]
    fn runs_of_set_bits_are_read() {
        let head = 1_u64 | 2 << 1 | 1 << 33;
        let words = [head, 0b101].map(u64::to_be_bytes).concat();
        let bytes = [&131_u32.to_be_bytes()[..], &2_u32.to_be_bytes(), &words, &[0; 4]].concat();
        let expected: Vec<u32> = (0..129).chain([130]).collect();
        assert_eq!(read(&bytes), Some((expected, &[][..])));
    }

    #[test]
    fn a_huge_run_is_damage() {
        let words = (1_u64 | u64::from(u32::MAX) << 1).to_be_bytes();
        let bytes = [&8_u32.to_be_bytes()[..], &1_u32.to_be_bytes(), &words, &[0; 4]].concat();
        assert_eq!(read(&bytes), None);
    }
}
