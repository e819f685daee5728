//! A hash that is the same in every run and on every machine; for check sums and look-ups, not for secrets.

/// Mixes bits well under multiplication: the golden ratio's fraction, odd.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns the hash of bytes: eight at a time, multiplied and folded, the length mixed in.
pub(in crate::store) fn hash64(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut tail = [0; 8];
    tail[..rest.len()].copy_from_slice(rest);
    let start = (bytes.len() as u64).wrapping_mul(FACTOR);
    let mixed = words.iter().chain([&tail]).fold(start, |hash, word| fold(hash ^ u64::from_le_bytes(*word)));
    fold(mixed)
}

fn fold(word: u64) -> u64 {
    let product = u128::from(word ^ FACTOR) * u128::from(FACTOR);
    (product as u64) ^ ((product >> 64) as u64).rotate_left(29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn near_inputs_differ() {
        let mut seen = HashSet::new();
        for n in 0..100_000u32 {
            assert!(seen.insert(hash64(format!("phone:1380000{n:05}").as_bytes())));
        }
        for len in 0..64 {
            assert!(seen.insert(hash64(&vec![0; len])), "{len} zero bytes");
        }
    }
}
