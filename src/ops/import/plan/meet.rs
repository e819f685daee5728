//! A row whose record is there already: it changes the record, says the same, or is left out.

use super::super::OnDuplicate;
use super::super::candidate::{Candidate, fill_notes};
use super::super::merge::{Conflict, Gain, gain, merge};
use super::Duplicate;
use super::find::Found;
use super::maker::{Changed, Maker, Owner};
use super::stays::{Stays, put_back};
use crate::ops::session::said;
use crate::record::{Record, Severity, Words};
use crate::rules::check;
use crate::rules::dedupe::{DedupeKey, exact_keys};
use crate::rules::listing::value_words;
use crate::words;

impl Maker<'_> {
    /// Deals with a row whose record is there already.
    pub(super) fn meet(&mut self, candidate: Candidate, found: Found) {
        let owner = found.owner;
        if !self.is_own_kind(owner) {
            return self.leave_out(candidate.row_number, found, Gain::default());
        }
        let current = self.current(owner);
        let mut conflicts = Vec::new();
        // The first row of a block stands, as the first of several rows that update a record does.
        let takes = self.takes(&candidate);
        let so_far = self.said_so_far.get(&owner);
        let earlier = so_far.or_else(|| (takes && matches!(owner, Owner::New(_))).then_some(current));
        let mut merged = merge(current, &candidate.said(), earlier, &mut conflicts);
        let changes_key =
            |note: &str| note.strip_suffix("_note").is_some_and(|key| merged.get(key) != current.get(key));
        let notes: Vec<_> = candidate.notes.iter().filter(|(note, _)| changes_key(note)).cloned().collect();
        fill_notes(&mut merged, &notes);
        let stays = match owner {
            Owner::Existing(at) => put_back(&self.existing[at], current, &mut merged),
            Owner::New(_) => Vec::new(),
        };
        let is_of_block = !takes && candidate.block.is_some();
        let is_same = merged == *current || is_of_block && self.says_nothing_new(&candidate, owner);
        if is_same && matches!(owner, Owner::Existing(_)) {
            self.note_stays(candidate.row_number, &stays);
            self.hold(owner, found.key.as_ref());
            self.note_said(owner, &candidate, &conflicts);
            return self.plan.unchanged.push(candidate.row_number);
        }
        let gained = match self.on_duplicate {
            OnDuplicate::Skip if found.is_sure => gain(current, &merged),
            _ => Gain::default(),
        };
        let more_contacts = merged.rows("contacts").len() > current.rows("contacts").len();
        let after = self.record(owner, merged);
        self.note_stays(candidate.row_number, &stays);
        let keys = exact_keys(&after);
        let keeps_held = self.held.get(&owner).is_none_or(|held| held.iter().all(|key| keys.contains(key)));
        if takes && !is_same && found.is_sure && keeps_held {
            self.note_said(owner, &candidate, &conflicts);
            return self.change(candidate, found, after, &keys);
        }
        self.plan.contacts_left_out += usize::from(more_contacts);
        self.hold(owner, found.key.as_ref().filter(|_| is_same));
        if is_same {
            self.note_said(owner, &candidate, &conflicts);
        }
        self.leave_out(candidate.row_number, found, gained);
    }

    /// Remembers that a row says otherwise than its record what no import changes.
    fn note_stays(&mut self, row_number: usize, stays: &[Stays]) {
        for one in stays.iter().filter(|_| self.on_duplicate == OnDuplicate::Update) {
            match one {
                Stays::Owner => self.plan.other_owner.push(row_number),
                Stays::Status => self.plan.other_status.push(row_number),
            }
        }
    }

    /// Remembers what a row says of a record, and warns of what it says otherwise than rows before it.
    pub(super) fn note_said(&mut self, owner: Owner, candidate: &Candidate, conflicts: &[Conflict]) {
        if !self.takes(candidate) {
            return;
        }
        let so_far = match self.said_so_far.get(&owner) {
            Some(earlier) => merge(earlier, &candidate.said(), Some(earlier), &mut Vec::new()),
            None => candidate.said(),
        };
        self.said_so_far.insert(owner, so_far);
        let told = conflicts.iter().map(|conflict| (candidate.row_number, self.told(conflict)));
        self.plan.warnings.extend(told.collect::<Vec<_>>());
    }

    fn told(&self, conflict: &Conflict) -> Words {
        let dictionary = &self.judge.config.dictionary;
        let (kept, left) = (
            value_words(conflict.field, &conflict.kept, dictionary),
            value_words(conflict.field, &conflict.left, dictionary),
        );
        let name = &conflict.name;
        words!(
            "{name}: `{kept}` of an earlier row stands, `{left}` was not taken",
            "{name}以前面的行“{kept}”为准，未采用“{left}”"; each name, kept, left
        )
    }

    fn leave_out(&mut self, row_number: usize, found: Found, gain: Gain) {
        let (number, earlier_row) = match found.owner {
            Owner::Existing(at) => (Some(self.existing[at].number.clone()), None),
            Owner::New(at) => (None, Some(self.plan.create[at].row_number)),
        };
        self.plan.duplicates.push(Duplicate { row_number, number, earlier_row, key: found.told, gain });
    }

    /// Changes a record to what the row says, unless it then breaks a rule that it did not break before.
    fn change(&mut self, candidate: Candidate, found: Found, after: Record, keys: &[DedupeKey]) {
        let (config, today, owner) = (self.judge.config, self.judge.today, found.owner);
        let now = self.record(owner, self.current(owner).clone());
        let known =
            [check::check_record(&now, config, today), self.parties.objection(&now).into_iter().collect()].concat();
        let mut problems = check::check_record(&after, config, today);
        problems.extend(self.parties.objection(&after));
        problems.retain(|problem| problem.severity == Severity::Error && !known.contains(problem));
        if !problems.is_empty() {
            let reasons: Vec<Words> = problems.iter().map(said).collect();
            self.plan.rejected.push((candidate.row_number, Words::join(&reasons, "; ", "；")));
            return;
        }
        let before = match owner {
            Owner::Existing(at) => self.existing.get(at),
            Owner::New(_) => None,
        };
        if !self.may_write(candidate.row_number, before, &after) {
            return;
        }
        self.learn(keys, owner);
        self.hold(owner, found.key.as_ref());
        self.warn(&candidate);
        match owner {
            Owner::Existing(at) => {
                let changed =
                    self.changed.entry(at).or_insert_with(|| Changed { row: after.row.clone(), rows: Vec::new() });
                changed.row = after.row;
                changed.rows.push(candidate.row_number);
            }
            Owner::New(at) => {
                self.plan.create[at].row = after.row;
                self.plan.updated.push(candidate.row_number);
            }
        }
    }
}
