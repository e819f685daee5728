//! kehu (客户): a command-line CRM that keeps one TOML file per record in a git repository.
//!
//! This page is the map of the program: what lies where, how a write and a read go, what always holds,
//! and where to put something new. The files on disk are told in `docs/format.md`, the choices with what
//! was rejected in `docs/decisions.md`.
//!
//! # Layers
//!
//! A module uses only what stands left of it, and nothing of its own group. `tests/layers.rs` keeps that, and
//! that clock, environment and terminal come in by one door.
//!
//! ```text
//! record ← query, sheet, progress ← rules ← store, import, report, output ← ops ← cli
//! ```
//!
//! | module | what lives there | its list |
//! | --- | --- | --- |
//! | [`record`] | what a record is: kinds, fields, values, numbers, money, days, words | [`KINDS`](record::KINDS) |
//! | [`query`] | the filter language over any row of typed values | |
//! | [`progress`] | long work told to whoever watches | |
//! | [`sheet`] | a typed table: what lists and reports make and formats draw | |
//! | [`rules`] | the business: configuration, score, cadence, duplicates, checks, computed fields, lists | [`CHECKS`](rules::check::CHECKS), [`COMPUTED`](rules::computed::COMPUTED) |
//! | [`store`] | the only code that touches git and the records' files: layout, codec, transaction, index, history | |
//! | [`import`] | spreadsheets: bytes in, typed rows out | `FORMATS` in `import/format.rs` |
//! | [`report`] | reports: pure functions of a snapshot and a period | [`REPORTS`](report::REPORTS) |
//! | [`output`] | formats: a document in, bytes out | [`FORMATS`](output::FORMATS) |
//! | [`ops`] | the verbs: open a session, decide, write one commit; they return data and print nothing | |
//! | [`cli`] | words in, words out | [`VERBS`](cli::noun::VERBS), [`WORDS`](cli::word::WORDS), [`TOPICS`](cli::topic::TOPICS) |
//!
//! # The write path
//!
//! A verb makes an [`ops::Batch`], which validates records and holds one [`store::Transaction`]:
//!
//! 1. the kernel's lock is taken, what a killed process left is finished, a merge under way is refused;
//! 2. what the change is based on is read under the lock; a path with hand edits is refused;
//! 3. blobs, the trees on the way and the commit are written and synced (many as one pack), then a journal;
//! 4. git's index is locked and the branch moves if it is still where it was: **the commit point**;
//! 5. files by temporary file and rename, then git's index; the journal is dropped.
//!
//! A journal found at the next start says which commit was under way: the branch has it, so the files are
//! finished, or it has not, so the journal is dropped. There is no roll-back to get wrong. `store/fail_point.rs`
//! names every step, and tests kill the process at each.
//!
//! # The read path
//!
//! A [`Session`](ops::Session) knows the repository, its configuration, the moment and the
//! [`Source`](store::Source): the work tree, or a commit (`--as-of`). It loads the kinds a command needs
//! into a [`Snapshot`](rules::Snapshot): files by way of the index, which saves parsing and decides
//! nothing. Rules and reports are pure functions of the snapshot and make a [`Sheet`](sheet::Sheet) or a
//! [`Document`](sheet::Document), which a format draws. A file that is no record is a finding on stderr and
//! exit code 3; everything else is still shown. One record (`show`, `set`) is one file, whatever the size of the rest.
//!
//! # What always holds
//!
//! - The files are the truth: index, number cache and journal lie in `.git/kehu/`, and all but the
//!   journal of a killed process may be deleted at any time.
//! - One command, one commit, of exactly the paths it wrote; nothing changed, nothing committed.
//! - Exit code 0 means that it happened and is on the disk.
//! - The path of a record follows from its number alone; no number is given twice.
//! - Nothing derived is stored.
//! - What kehu does not know in a file stays, byte for byte; what breaks a rule is reported by `check`.
//! - The same input gives the same bytes: nothing is printed or written in an order of hashing, there is no
//!   randomness, and the present is a parameter.
//! - stdout is data, stderr is talk; every word stands in English and Chinese side by side
//!   ([`words!`], [`Label`](record::Label)).
//!
//! # Where to put something new
//!
//! **A field:** 1. a line in the kind's file in `record/`, with its label in both languages and the aliases
//! spreadsheets use; 2. its dictionary, if it has one, in `rules/defaults/dictionary.toml`; 3. its line in the
//! example of `docs/format.md`, which a test demands. Flags, headings, filters, columns, JSON, checks of
//! form, `quality` and the index follow from the declaration.
//!
//! **A kind:** 1. a file in `record/` and a line in [`KINDS`](record::KINDS); 2. its prefix in
//! `rules/defaults/numbering.toml`, if it is numbered by sequence; 3. what makes two of it the same, in
//! `rules/dedupe.rs`; 4. an example in `docs/format.md`. The noun with its verbs is there then.
//!
//! **A computed field:** 1. a line in [`COMPUTED`](rules::computed::COMPUTED) and the function it names; 2. a test.
//!
//! **A check:** 1. a function in `rules/check/`; 2. a line in [`CHECKS`](rules::check::CHECKS); 3. a test of
//! a record that breaks it.
//!
//! **A report:** 1. a file in `report/` with its definition in both languages and a function from a view to
//! sheets; 2. a line in [`REPORTS`](report::REPORTS); 3. a test with figures counted by hand.
//!
//! **An output format:** 1. a file in `output/`; 2. a line in [`FORMATS`](output::FORMATS); 3. its line in
//! `cli/topic/formats.rs`, which a test demands.
//!
//! **An importer:** 1. a reader in `import/` that makes a grid of typed cells; 2. a variant and a line in
//! `import/format.rs`, with how its content is told from others; 3. damaged files in `tests/import_readers/`.
//!
//! **A verb of every kind:** 1. a file in `cli/noun/` and a line in [`VERBS`](cli::noun::VERBS); 2. a variant of
//! [`Request`](cli::request::Request); 3. an operation in `ops/`; 4. a file in `cli/run/` that joins the two. A
//! single word goes the same way by `cli/word/`.
//!
//! # Absent on purpose
//!
//! The network: the `git` program has it, started for `sync` alone. A server, a daemon and a second truth beside the files. Access control on
//! reading, which a folder of files cannot keep. Rust structs per kind: rows follow the declarations.
//! Message catalogues: a text stands where it is used. Signatures and git's hooks on commits of kehu.

pub mod cli;
pub mod import;
pub mod ops;
pub mod output;
pub mod progress;
pub mod query;
pub mod record;
pub mod report;
pub mod rules;
pub mod sheet;
pub mod store;
