//! What the calendar lacks for the time ahead.

use crate::record::{Finding, Problem};
use crate::rules::Config;
use crate::rules::config::CALENDAR;
use crate::words;
use chrono::{Datelike, Days, NaiveDate};

/// How many days before a year its holidays should be known; they are announced in November.
const AHEAD: u64 = 60;

/// Warns of the first year without holidays, of the present one and one that begins within 60 days.
///
/// The week alone decides such a year, so working time would run through the Spring Festival.
pub fn check_calendar(config: &Config, today: NaiveDate) -> Option<Finding> {
    let soon = today.checked_add_days(Days::new(AHEAD))?;
    let year = (today.year()..=soon.year()).find(|year| !config.calendar.knows(*year))?;
    let message = words!(
        "the holidays of {year} are not known; the week alone says what is worked",
        "{year} 年的节假日未知，目前只按星期判断工作日"
    );
    let mend = words!(
        "write `config/holidays/{year}.toml` (docs/format.md shows how), or `statutory = false` where none apply",
        "写入 `config/holidays/{year}.toml`（写法见 docs/format.zh.md）；不适用法定节假日的写 `statutory = false`"
    );
    // No field of the file is wrong: it is the file of the year that is missing.
    let problem = Problem { field: None, ..Problem::warning("calendar-year", "", message).mend(mend) };
    Some(Finding { path: CALENDAR.to_string(), line: 0, column: 0, problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_ahead_is_asked_for_once() {
        let lack = |config: &Config, day: &str| {
            check_calendar(config, day.parse().unwrap()).map(|finding| finding.problem.message.en.to_string())
        };
        let config = Config::default();
        assert_eq!(lack(&config, "2026-11-01"), None);
        for day in ["2026-11-02", "2026-12-31", "2027-01-01", "2027-12-31"] {
            assert!(lack(&config, day).unwrap().contains("2027"), "{day}");
        }
        let with = |path: &'static str, text: &'static str| {
            Config::parse(&|asked| (asked == path).then(|| text.to_string())).unwrap()
        };
        let next = with("config/holidays/2027.toml", "holiday = []\n");
        assert_eq!(lack(&next, "2027-06-01"), None);
        assert!(lack(&next, "2027-12-31").unwrap().contains("2028"));
        let none = with(CALENDAR, "work_days = [\"mon\"]\nstatutory = false\n");
        assert_eq!(lack(&none, "2027-06-01"), None);
    }
}
