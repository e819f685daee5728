//! What happens to the files of a work tree and to the index between two looks.

use proptest::prelude::*;

/// Something that happens to a file; files are told apart by small numbers.
#[derive(Debug, Clone)]
pub enum Step {
    /// Written with a remark; remarks of one length make files of one size.
    Write(u8, u8),
    /// Written, with the time of the file it replaces.
    WriteAndHide(u8, u8),
    Break(u8),
    NotUtf8(u8),
    Touch(u8),
    Remove(u8),
    /// Renamed to another record's path.
    Rename(u8, u8),
    /// Moved to where it does not belong.
    Misplace(u8),
    Symlink(u8),
    Folder(u8),
    Commit,
    /// The earlier commit put back into the work tree.
    Checkout(u8),
    /// Two files change places, each with its times.
    Swap(u8, u8),
    /// The second becomes another name of the first.
    Link(u8, u8),
    /// The clock ran so many seconds ahead, or behind, when the file was written.
    ClockMoved(u8, i64),
    /// The work tree is put away with `git stash`, or the last that was put away is brought back.
    Stash,
    Unstash,
    /// The records of a kind are moved away and a copy is put in their place, times and all.
    CopyBack(u8),
    /// The records of a kind are moved away, or what was moved away comes back: old inodes, old times.
    Aside(u8),
    DropFolder(u8),
    /// Time passes until stats are to be believed.
    Wait,
    DropIndex,
    /// The index is cut to so many parts of 256.
    DamageIndex(u8),
    /// A bit of the index is turned, at a part of its length.
    FlipIndex(u16, u8),
    /// The index is of another version of the program.
    AgeIndex,
}

pub fn step() -> impl Strategy<Value = Step> {
    let file = 0u8..12;
    prop_oneof![
        8 => (file.clone(), 0u8..10).prop_map(|(n, remark)| Step::Write(n, remark)),
        4 => (file.clone(), 0u8..10).prop_map(|(n, remark)| Step::WriteAndHide(n, remark)),
        1 => file.clone().prop_map(Step::Break),
        1 => file.clone().prop_map(Step::NotUtf8),
        1 => file.clone().prop_map(Step::Touch),
        2 => file.clone().prop_map(Step::Remove),
        2 => (file.clone(), file.clone()).prop_map(|(a, b)| Step::Rename(a, b)),
        1 => file.clone().prop_map(Step::Misplace),
        1 => file.clone().prop_map(Step::Symlink),
        1 => file.clone().prop_map(Step::Folder),
        2 => (file.clone(), file.clone()).prop_map(|(a, b)| Step::Swap(a, b)),
        1 => (file.clone(), file.clone()).prop_map(|(a, b)| Step::Link(a, b)),
        2 => (file, prop_oneof![Just(-3600), Just(-1), Just(0), Just(3600)]).prop_map(|(n, by)| Step::ClockMoved(n, by)),
        1 => Just(Step::Stash),
        1 => Just(Step::Unstash),
        2 => (0u8..3).prop_map(Step::CopyBack),
        2 => (0u8..3).prop_map(Step::Aside),
        1 => (0u8..3).prop_map(Step::DropFolder),
        4 => Just(Step::Commit),
        2 => any::<u8>().prop_map(Step::Checkout),
        2 => Just(Step::Wait),
        1 => Just(Step::DropIndex),
        1 => any::<u8>().prop_map(Step::DamageIndex),
        1 => (any::<u16>(), 0u8..8).prop_map(|(at, bit)| Step::FlipIndex(at, bit)),
        1 => Just(Step::AgeIndex),
    ]
}
