//! Care: festivals, birthdays, and the days a company and the work with it began. DOMAIN: care.
//!
//! A day is met by a follow-up on it or shortly before, and past it stands a week for who was away. Nobody is greeted who
//! wants no mail.

use super::Scope;
use crate::record::{Anniversary, CUSTOMER, Record, Row, Words};
use crate::rules::Snapshot;
use crate::rules::cadence::{Due, is_open, on_day, touched_on};
use crate::rules::calendar::next_anniversary;
use crate::rules::contract::cooperation;
use crate::words;
use chrono::{Datelike, Days, NaiveDate};

/// How long a greeting may be early, in days.
const EARLY: Days = Days::new(3);

/// How long a greeting that was not given stands, in days.
const LATE: Days = Days::new(7);

/// How far ahead festivals are looked for, in days.
const AHEAD: Days = Days::new(366);

/// The rule of greetings at festivals, which many customers have on one day.
pub const FESTIVAL: &str = "festival";

/// Returns the festivals from a week before the snapshot's day to the day `until`, with what they are called.
pub fn festivals(snapshot: &Snapshot, until: NaiveDate) -> Vec<(NaiveDate, Words)> {
    let today = snapshot.as_of.today();
    let (first, last) = (today - LATE, until.min(today + AHEAD));
    let all = snapshot.config.calendar.festivals.iter();
    let days = all.flat_map(|festival| {
        let days = (first.year()..=last.year()).flat_map(|year| festival.on.in_year(year));
        let label = &festival.label;
        days.map(|day| (day, words!("Greeting: {label}", "节日问候：{label}"; each label)))
    });
    let mut days: Vec<_> = days.filter(|(day, _)| (first..=last).contains(day)).collect();
    days.sort_by_key(|(day, _)| *day);
    days
}

/// Returns the days to think of a customer at.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    if record.kind != CUSTOMER || !is_open(record) {
        return Vec::new();
    }
    let snapshot = scope.snapshot;
    let touched = touched_on(record, snapshot);
    let is_open = |day: NaiveDate| touched.is_none_or(|touched| touched < day - EARLY);
    let is_wanted = |contact: &&Row| !contact.flag("opted_out");
    let contacts = record.rows("contacts");
    let greeted = contacts.is_empty() || contacts.iter().any(|contact| is_wanted(&contact));
    let festivals = scope.festivals.iter().filter(|_| greeted);
    let festivals = festivals.map(|(day, label)| (*day, FESTIVAL, label.clone()));
    let start = snapshot.as_of.today() - LATE;
    let yearly = [
        (record.date("founded_on"), words!("Anniversary of the company", "公司成立纪念日")),
        (cooperation::since(record, snapshot), words!("Anniversary of the cooperation", "合作纪念日")),
    ];
    let yearly = yearly.into_iter().filter_map(|(first, label)| {
        let first = first?;
        let day = next_anniversary(Anniversary::parse(&first.to_string())?, start)?;
        // The day itself is no anniversary yet.
        (day > first).then_some((day, "anniversary", label))
    });
    let birthdays = contacts.iter().filter(is_wanted).filter_map(|contact| {
        let day = next_anniversary(Anniversary::parse(contact.text("birthday")?)?, start)?;
        let name = contact.text("name").unwrap_or_default();
        Some((day, "birthday", words!("Birthday: {name}", "生日：{name}")))
    });
    let all = festivals.chain(yearly).chain(birthdays).filter(|(day, ..)| is_open(*day));
    all.map(|(day, rule, label)| on_day(day, snapshot, rule, label)).collect()
}
