//! What a clone does between syncs, and what each of its deeds comes to in its files.

use super::text::{settled, title};
use super::world::{Texts, World};
use crate::record::{CUSTOMER, FOLLOWUP, KINDS, Kind, LEAD, Number, Record, USER, Value};
use crate::store::{codec, parse_path, path_of};
use std::collections::BTreeMap;

/// Where a sync is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// When it has fetched.
    Fetched,
    /// When it has merged and not pushed.
    Merged,
    /// Not at all.
    Never,
}

/// What a clone does.
#[derive(Debug, Clone)]
pub enum Deed {
    /// A new lead, or a new customer.
    Add(bool),
    /// The rows of a file that other clones import too.
    Import(usize),
    /// A user of this name, whom others may add too.
    AddUser(usize),
    /// A follow-up of some record.
    Follow(usize),
    /// Some field of some record gets a value.
    Set(usize, usize),
    /// Some record gets a tag.
    Tag(usize),
    /// Some lead is said to have become some customer.
    Convert(usize, usize),
    /// Some record that nothing refers to is removed.
    Remove(usize),
    /// Some record's conflicts are settled.
    Settle(usize),
    /// A person edits a file, and leaves it so.
    EditByHand(usize, usize),
    /// What was edited by hand is committed.
    CommitByHand,
    /// A sync, during which another clone may sync.
    Sync(Stop, Option<usize>),
}

/// What a deed does to files: the text of each by path, nothing where the file goes.
pub type Edits = BTreeMap<String, Option<String>>;

/// A clone's files, as a deed finds them.
pub struct Desk<'w> {
    world: &'w World,
    clone: usize,
    texts: Texts,
    /// Part of every value that is written: no other deed writes the same.
    name: usize,
}

impl Desk<'_> {
    /// Reads the files of a clone, edited ones as they are.
    pub fn new(world: &World, clone: usize) -> Desk<'_> {
        let mut texts = world.texts(world.clones[clone].head);
        texts.extend(world.clones[clone].dirty.clone());
        Desk { world, clone, texts, name: world.count() }
    }

    /// Returns what a deed comes to; nothing where there is nothing to do it to.
    pub fn edits(&self, deed: &Deed) -> Edits {
        let edits = match deed {
            Deed::Add(is_lead) => Some(self.add(*is_lead)),
            Deed::Import(file) => Some(self.import(*file)),
            Deed::AddUser(who) => self.add_user(*who),
            Deed::Follow(at) => self.follow(*at),
            Deed::Set(at, field) => self.set(*at, ["remark", "region", "source_note"][field % 3]),
            Deed::Tag(at) => self.tag(*at),
            Deed::Convert(at, to) => self.convert(*at, *to),
            Deed::Remove(at) => self.remove(*at),
            Deed::Settle(at) => self.settle(*at),
            Deed::EditByHand(..) | Deed::CommitByHand | Deed::Sync(..) => None,
        };
        edits.unwrap_or_default()
    }

    fn add(&self, is_lead: bool) -> Edits {
        let (kind, prefix) = if is_lead { (LEAD, "LEAD") } else { (CUSTOMER, "B2B") };
        let number = Number::sequence(prefix, 2026, self.next(kind, prefix), 3);
        new(kind, &number, &[(kind.title, format!("v{}firm", self.name))])
    }

    fn import(&self, file: usize) -> Edits {
        let first = self.next(LEAD, "LEAD");
        let row = |n: u32| {
            let number = Number::sequence("LEAD", 2026, first + n, 3);
            new(LEAD, &number, &[("company", format!("v{}row", file * 10 + n as usize))])
        };
        (0..3).flat_map(row).collect()
    }

    fn add_user(&self, who: usize) -> Option<Edits> {
        let number = Number::parse(&format!("user{}", who % 2)).unwrap();
        let fields = [("name", format!("v{}name", self.name)), ("email", "u@example.com".into())];
        let is_free = !self.texts.contains_key(&path_of(USER, &number));
        is_free.then(|| new(USER, &number, &fields))
    }

    fn follow(&self, at: usize) -> Option<Edits> {
        let (kind, about) = self.some(&[LEAD, CUSTOMER], at)?;
        let number = Number::event(&format!("20260312T{:06}", self.name % 240_000), "abcd");
        let points = format!("v{}about {}", self.name, self.title(kind, &about));
        Some(new(FOLLOWUP, &number, &[("subject", about.to_string()), ("points", points)]))
    }

    fn set(&self, at: usize, field: &str) -> Option<Edits> {
        let (kind, number) = self.some(&[LEAD, CUSTOMER, USER], at)?;
        Some(self.edited(kind, &number, |record| {
            if record.kind.field(field).is_some() {
                record.set(field, Value::text(format!("v{}text", self.name)));
            }
        }))
    }

    fn tag(&self, at: usize) -> Option<Edits> {
        let (kind, number) = self.some(&[LEAD, CUSTOMER], at)?;
        Some(self.edited(kind, &number, |record| {
            let mut tags = record.texts("tags").to_vec();
            tags.push(format!("v{}tag", self.name).into());
            record.set("tags", Value::Texts(tags));
        }))
    }

    fn convert(&self, at: usize, to: usize) -> Option<Edits> {
        let ((_, lead), (_, customer)) = (self.some(&[LEAD], at)?, self.some(&[CUSTOMER], to)?);
        let evidence = format!("v{}about {}", self.name, self.title(CUSTOMER, &customer));
        Some(self.edited(LEAD, &lead, |lead| {
            lead.set("converted_to", Value::text(customer.as_str()));
            lead.set("evidence", Value::text(evidence));
        }))
    }

    fn remove(&self, at: usize) -> Option<Edits> {
        let (kind, number) = self.some(&[LEAD, CUSTOMER, FOLLOWUP], at)?;
        let named = format!("\"{number}\"");
        let is_free = !self.texts.values().any(|text| text.contains(&named));
        is_free.then(|| Edits::from([(path_of(kind, &number), None)]))
    }

    fn settle(&self, at: usize) -> Option<Edits> {
        let (kind, number) = self.some(&KINDS, at)?;
        let path = path_of(kind, &number);
        let text = settled(&self.texts[&path]);
        Some(Edits::from([(path, Some(text))]))
    }

    /// Returns some record of these kinds.
    fn some(&self, kinds: &[Kind], at: usize) -> Option<(Kind, Number)> {
        let all = self.texts.keys().filter_map(|path| parse_path(path)).filter(|(kind, _)| kinds.contains(kind));
        let all: Vec<(Kind, Number)> = all.collect();
        (!all.is_empty()).then(|| all[at % all.len()].clone())
    }

    fn next(&self, kind: Kind, prefix: &str) -> u32 {
        self.world.next(&[self.world.clones[self.clone].head], self.clone, kind, prefix)
    }

    fn title(&self, kind: Kind, number: &Number) -> String {
        title(kind, &self.texts[&path_of(kind, number)])
    }

    fn edited(&self, kind: Kind, number: &Number, edit: impl FnOnce(&mut Record)) -> Edits {
        let path = path_of(kind, number);
        let text = &self.texts[&path];
        let before = codec::parse(kind, number, text).0.unwrap();
        let mut after = before.clone();
        edit(&mut after);
        Edits::from([(path, Some(codec::apply(text, &before, &after)))])
    }
}

fn new(kind: Kind, number: &Number, fields: &[(&str, String)]) -> Edits {
    let mut record = Record::new(kind, number.clone());
    fields.iter().for_each(|(key, value)| _ = record.set(key, Value::text(value.clone())));
    Edits::from([(path_of(kind, number), Some(codec::render(&record)))])
}
