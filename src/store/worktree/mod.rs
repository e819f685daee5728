//! The work tree as people see it: what lies at a path, and what differs there from the last commit.
//!
//! `path` keeps paths inside the repository, `content` compares a file with git's blob as git would, `clean` tells from
//! stats alone where a difference may be, `hand_edit` lists the differences, and `own_place` keeps results away from all
//! of it.
//!
//! *Absent on purpose:* changing any of it, which is [`write`](super::write).

pub(super) mod clean;
pub(super) mod content;
pub(super) mod hand_edit;
pub(super) mod own_place;
pub(super) mod path;
