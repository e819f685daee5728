//! A snapshot: the records and the configuration as of one moment. Rules and reports are pure functions of it.

use super::Config;
use super::family::{self, customer_of};
use crate::record::{CUSTOMER, FOLLOWUP, Kind, Number, OPPORTUNITY, PRODUCT, Record, TICKET, dictionary::fold_name};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

/// The moment a snapshot is of.
#[derive(Debug, Clone, PartialEq)]
pub struct AsOf {
    /// The moment, in the repository's zone.
    pub moment: DateTime<Tz>,
    /// The commit the records were read from, or the one the work tree is based on; none before the first.
    pub commit: Option<String>,
    /// Whether the work tree was read and differs from that commit.
    pub edited: bool,
}

impl AsOf {
    /// Returns the day, in the repository's zone.
    pub fn today(&self) -> NaiveDate {
        self.moment.date_naive()
    }
}

/// From so many records on several threads are worth their start.
const MANY: usize = 1000;

/// The records and the configuration as of one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// The configuration of then.
    pub config: Arc<Config>,
    /// The moment.
    pub as_of: AsOf,
    /// The records of each loaded kind, by kind name, sorted by number.
    records: HashMap<&'static str, Vec<Record>>,
    places: OnceLock<HashMap<Number, (Kind, usize)>>,
    /// The places of follow-ups with the hash of their subject, by that and by moment: to look one up among
    /// a hundred thousand touches no other record.
    followups: OnceLock<Vec<(u64, usize)>>,
    products: OnceLock<HashMap<String, usize>>,
    /// The places of leads and opportunities, by the customer they belong to.
    families: OnceLock<HashMap<String, Vec<(Kind, usize)>>>,
    /// How many tickets name an article, by its number.
    uses: OnceLock<HashMap<String, usize>>,
}

impl Snapshot {
    /// Collects records, in any order, into a snapshot.
    pub fn new(config: impl Into<Arc<Config>>, as_of: AsOf, records: Vec<Record>) -> Snapshot {
        let mut by_kind: HashMap<&'static str, Vec<Record>> = HashMap::new();
        for record in records {
            by_kind.entry(record.kind.name).or_default().push(record);
        }
        for list in by_kind.values_mut() {
            list.par_sort_by(|a, b| natural(&a.number).cmp(&natural(&b.number)));
        }
        Snapshot {
            config: config.into(),
            as_of,
            records: by_kind,
            places: OnceLock::new(),
            followups: OnceLock::new(),
            products: OnceLock::new(),
            families: OnceLock::new(),
            uses: OnceLock::new(),
        }
    }

    /// Returns the records of a kind, sorted by number (`LEAD-2026-999` before `LEAD-2026-1000`).
    pub fn records(&self, kind: Kind) -> &[Record] {
        self.records.get(kind.name).map_or(&[], Vec::as_slice)
    }

    /// Returns the record with this number.
    pub fn find(&self, number: &str) -> Option<&Record> {
        let places = self.places.get_or_init(|| {
            let lists = self.records.values().flat_map(|list| list.iter().enumerate());
            lists.map(|(at, record)| (record.number.clone(), (record.kind, at))).collect()
        });
        let (kind, at) = places.get(number)?;
        self.records(*kind).get(*at)
    }

    /// Returns the follow-ups of a subject, by the moment they took place.
    pub fn followups(&self, subject: &str) -> impl DoubleEndedIterator<Item = &Record> {
        let all = self.records(FOLLOWUP);
        let by_subject = self.followups.get_or_init(|| {
            let place = |(at, record): (usize, &Record)| {
                Some((hash_of(record.text("subject")?), record.moment("at").map(|at| at.to_utc()), at))
            };
            let mut places: Vec<_> = match all.len() < MANY {
                true => all.iter().enumerate().filter_map(place).collect(),
                false => all.par_iter().enumerate().filter_map(place).collect(),
            };
            places.par_sort_unstable();
            places.into_iter().map(|(hash, _, at)| (hash, at)).collect()
        });
        let hash = hash_of(subject);
        let start = by_subject.partition_point(|(other, _)| *other < hash);
        let end = by_subject.partition_point(|(other, _)| *other <= hash);
        let is_theirs = move |record: &&Record| record.text("subject") == Some(subject);
        by_subject[start..end].iter().map(move |(_, at)| &all[*at]).filter(is_theirs)
    }

    /// Returns the leads that became a customer, its opportunities, contracts and orders, each in the order of numbers.
    pub fn family(&self, customer: &str) -> impl Iterator<Item = &Record> {
        let families = self.families.get_or_init(|| {
            let mut families: HashMap<String, Vec<(Kind, usize)>> = HashMap::new();
            for kind in family::kinds() {
                for (at, record) in self.records(kind).iter().enumerate() {
                    if let Some(customer) = customer_of(record) {
                        families.entry(customer.to_string()).or_default().push((kind, at));
                    }
                }
            }
            families
        });
        families.get(customer).into_iter().flatten().filter_map(|(kind, at)| self.records(*kind).get(*at))
    }

    /// Returns how many tickets name an article.
    pub fn uses(&self, article: &str) -> usize {
        let uses = self.uses.get_or_init(|| {
            let mut uses = HashMap::new();
            for number in self.records(TICKET).iter().filter_map(|ticket| ticket.text("article")) {
                *uses.entry(number.to_string()).or_insert(0) += 1;
            }
            uses
        });
        uses.get(article).copied().unwrap_or_default()
    }

    /// Returns the follow-ups that count as touches of a record, by the moment they took place.
    ///
    /// Those about it; of a customer also those about its family, of an opportunity those about its customer.
    pub fn touches(&self, record: &Record) -> Vec<&Record> {
        let mut all: Vec<&Record> = self.followups(record.number.as_str()).collect();
        let own = all.len();
        if record.kind == CUSTOMER {
            all.extend(self.family(record.number.as_str()).flat_map(|one| self.followups(one.number.as_str())));
        } else if record.kind == OPPORTUNITY {
            all.extend(customer_of(record).into_iter().flat_map(|customer| self.followups(customer)));
        }
        if all.len() > own {
            all.sort_by_key(|followup| followup.moment("at").map(|at| at.to_utc()));
        }
        all
    }

    /// Returns the product that `text` names by number, name or other name.
    pub fn product(&self, text: &str) -> Option<&Record> {
        let all = self.records(PRODUCT);
        let by_name = self.products.get_or_init(|| {
            let mut map = HashMap::new();
            for (at, record) in all.iter().enumerate() {
                map.entry(fold_name(record.number.as_str())).or_insert(at);
            }
            for (at, record) in all.iter().enumerate() {
                for name in record.text("name").into_iter().chain(record.texts("names").iter().map(|n| &**n)) {
                    map.entry(fold_name(name)).or_insert(at);
                }
            }
            // As written, too: most leads name a product so, and folding a hundred thousand names takes its time.
            for (at, record) in all.iter().enumerate() {
                for name in record.text("name").into_iter().chain([record.number.as_str()]) {
                    map.entry(name.to_string()).or_insert(at);
                }
            }
            map
        });
        by_name.get(text).or_else(|| by_name.get(&fold_name(text))).map(|at| &all[*at])
    }
}

fn hash_of(subject: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    subject.hash(&mut hasher);
    hasher.finish()
}

/// Orders sequence numbers by prefix, year and running number, everything else as text.
fn natural(number: &Number) -> (&str, i32, u32, &str) {
    match number.parts() {
        Some(parts) => (parts.prefix, parts.year, parts.seq, number.as_str()),
        None => (number.as_str(), 0, 0, ""),
    }
}
