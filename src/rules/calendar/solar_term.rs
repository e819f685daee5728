//! The 24 solar terms: the days on which the sun stands a multiple of 15° from the point of spring.
//!
//! The longitude of the sun is that of Jean Meeus, *Astronomical Algorithms*, chapter 25 (low accuracy, 0.01°), so a
//! moment is right within a quarter of an hour, and the day wherever the moment is not that close to midnight.
//!
//! *Absent on purpose:* years outside 1901 to 2100, as in the lunar calendar; the moment itself.

use chrono::{NaiveDate, TimeDelta};

/// The terms from the point of spring on, by the names people write in Latin letters.
const NAMES: [&str; 24] = [
    "chunfen",
    "qingming",
    "guyu",
    "lixia",
    "xiaoman",
    "mangzhong",
    "xiazhi",
    "xiaoshu",
    "dashu",
    "liqiu",
    "chushu",
    "bailu",
    "qiufen",
    "hanlu",
    "shuangjiang",
    "lidong",
    "xiaoxue",
    "daxue",
    "dongzhi",
    "xiaohan",
    "dahan",
    "lichun",
    "yushui",
    "jingzhe",
];

/// The first term of a solar year, Xiaohan in January.
const FIRST_OF_YEAR: u8 = 19;

/// Days from one passage of the point of spring to the next.
const YEAR: f64 = 365.2422;

/// By how much the clock of the planets is ahead of ours, in days: about a minute in our time.
const DELTA: f64 = 70.0 / 86400.0;

/// One of the 24 solar terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SolarTerm(u8);

impl SolarTerm {
    /// Returns the term of this name, such as `qingming`.
    pub fn parse(name: &str) -> Option<SolarTerm> {
        NAMES.iter().position(|known| *known == name).map(|at| SolarTerm(at as u8))
    }

    /// Returns its day in China in a solar year; nothing outside the years 1901 to 2100.
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        if !(1901..=2100).contains(&year) {
            return None;
        }
        let longitude = f64::from(self.0) * 15.0;
        // The year of the sun starts in March; the terms of January to early March are at its end.
        let turns = f64::from(year - 2000 - i32::from(self.0 >= FIRST_OF_YEAR)) + longitude / 360.0;
        // Days from noon of 2000-01-01, when the sun was 79.5 days before the point of spring.
        let mut at = 79.5 + turns * YEAR;
        for _ in 0..4 {
            let off = (longitude - sun(at) + 540.0).rem_euclid(360.0) - 180.0;
            at += off / 360.0 * YEAR;
        }
        // China is eight hours ahead, and a day begins at midnight.
        let days = (at - DELTA + 8.0 / 24.0 + 0.5).floor();
        NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_signed(TimeDelta::days(days as i64))
    }
}

/// Returns the apparent longitude of the sun in degrees, `days` after noon of 2000-01-01.
fn sun(days: f64) -> f64 {
    let t = days / 36525.0;
    let mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t;
    let anomaly = (357.52911 + 35999.05029 * t - 0.0001537 * t * t).to_radians();
    let centre = (1.914602 - 0.004817 * t) * anomaly.sin()
        + (0.019993 - 0.000101 * t) * (2.0 * anomaly).sin()
        + 0.000289 * (3.0 * anomaly).sin();
    let node = (125.04 - 1934.136 * t).to_radians();
    mean + centre - 0.00569 - 0.00478 * node.sin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike;

    #[test]
    fn terms_follow_each_other_through_the_year() {
        for year in 1901..=2100 {
            let days = (0..24).map(|at| SolarTerm((at + FIRST_OF_YEAR) % 24).in_year(year).unwrap());
            let days: Vec<NaiveDate> = days.collect();
            assert!(days.iter().all(|day| day.year() == year), "{year}: {days:?}");
            for pair in days.windows(2) {
                assert!((14..=17).contains(&(pair[1] - pair[0]).num_days()), "{pair:?}");
            }
        }
        assert_eq!(SolarTerm(1).in_year(1900), None);
        assert_eq!(SolarTerm(1).in_year(2101), None);
    }

    /// The rule of thumb of the almanacs, day = ⌊0.2422 Y + C⌋ − leap days, knows nothing of the sun.
    #[test]
    fn qingming_is_where_the_almanacs_have_it() {
        let qingming = SolarTerm::parse("qingming").unwrap();
        for year in 1901..2100 {
            let (of_century, c) = if year < 2000 { (year - 1900, 5.59) } else { (year - 2000, 4.81) };
            let day = (f64::from(of_century) * 0.2422 + c).floor() as u32 - (of_century / 4) as u32;
            assert_eq!(qingming.in_year(year), NaiveDate::from_ymd_opt(year, 4, day), "{year}");
        }
    }
}
