//! The calendar: holidays, working time, festivals, what comes round each year.
//!
//! `KEHU_TEST_DATA` may name a folder with `festivals/cn_workdays.csv` (date, is_workday, holiday) and
//! `festivals/festivals_1990_2049.csv` (lunar_year, festival, date); every row of them is then held against what is reckoned.

#[path = "../common/mod.rs"]
mod common;
mod days;
mod festivals;
mod time;

use chrono::NaiveDate;
use kehu::rules::Config;
use kehu::rules::config::Calendar;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn calendar(files: &[(&str, &str)]) -> Calendar {
    let read = |asked: &str| files.iter().find(|(path, _)| *path == asked).map(|(_, text)| text.to_string());
    Config::parse(&read).unwrap().calendar
}

/// Returns the rows of a table of known days, but for its heading; none where there is no such table.
fn rows(name: &str) -> Vec<Vec<String>> {
    let Some(folder) = std::env::var_os("KEHU_TEST_DATA") else { return Vec::new() };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("festivals").join(name)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_string).collect()).collect()
}
