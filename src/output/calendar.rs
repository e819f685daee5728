//! iCalendar (RFC 5545): what is to be done as events that a calendar program takes in.
//!
//! No format of documents, since a table is no calendar. The same events give the same bytes.

use chrono::{DateTime, NaiveDate, Utc};
use icalendar::{Calendar, Component, Event as Entry, EventLike};
use std::io::{self, Write};

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What it is known by when it is taken in again.
    pub uid: String,
    /// When it is.
    pub when: When,
    /// What it is, in a line.
    pub summary: String,
    /// What else there is to know.
    pub description: String,
}

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All of a day.
    Day(NaiveDate),
    /// At a moment.
    At(DateTime<Utc>),
}

/// Writes a calendar called `name`, made at `now`.
pub fn write(name: &str, events: &[Event], now: DateTime<Utc>, out: &mut dyn Write) -> io::Result<()> {
    let mut calendar: Calendar = events.iter().map(|event| entry(event, now)).collect();
    calendar.properties.retain(|property| property.key() != "PRODID");
    calendar.append_property(("PRODID", "-//kehu//due//EN")).name(name);
    out.write_all(calendar.to_string().as_bytes())
}

fn entry(event: &Event, now: DateTime<Utc>) -> Entry {
    let mut entry = Entry::with_uid(&event.uid);
    entry.timestamp(now).summary(&event.summary);
    if !event.description.is_empty() {
        entry.description(&event.description);
    }
    match event.when {
        // The end is the first day after it; one that is the day itself is no event to some programs.
        When::Day(day) => entry.starts(day).ends(day.succ_opt().unwrap_or(day)),
        When::At(at) => entry.starts(at),
    };
    entry.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_stand_as_the_standard_has_them() {
        let now = DateTime::parse_from_rfc3339("2026-03-12T09:30:00+08:00").unwrap().to_utc();
        let event = |uid: &str, when| Event {
            uid: uid.into(),
            when,
            summary: "电话：甲公司, 乙; 丙".into(),
            description: "LEAD-2026-001\n王先生 13800138000".into(),
        };
        let events = [event("a@kehu", When::Day("2026-03-12".parse().unwrap())), event("b@kehu", When::At(now))];
        let mut bytes = Vec::new();
        write("待办", &events, now, &mut bytes).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
        for line in [
            "PRODID:-//kehu//due//EN",
            "UID:a@kehu",
            "DTSTAMP:20260312T013000Z",
            "DTSTART;VALUE=DATE:20260312",
            "DTEND;VALUE=DATE:20260313",
            "DTSTART:20260312T013000Z",
            "SUMMARY:电话：甲公司\\, 乙\\; 丙",
            "DESCRIPTION:LEAD-2026-001\\n王先生 13800138000",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
        }
        let mut again = Vec::new();
        write("待办", &events, now, &mut again).unwrap();
        assert_eq!(bytes, again);
    }
}
