//! Days of the lunar calendar, by the tables of `chinese-lunisolar-calendar`.

use chinese_lunisolar_calendar::{LunarMonth, LunisolarDate, LunisolarYear, SolarYear};
use chrono::NaiveDate;

/// Returns a day of a lunar year, which is named by the solar year it begins in; leap months are passed over.
///
/// The 30th of a month of 29 days is its last, so that `12-30` is New Year's Eve in every year. Returns nothing outside
/// the years 1901 to 2100, and for what is no month or day.
pub(super) fn lunar_day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let (number, month) = (u16::try_from(year).ok()?, u8::try_from(month).ok()?);
    let year = LunisolarYear::from_solar_year(SolarYear::from_u16(number)).ok()?;
    let last = year.get_total_days_in_a_month(LunarMonth::from_u8_with_leap(month, false).ok()?)?;
    let day = if day == 30 { last } else { u8::try_from(day).ok()? };
    Some(LunisolarDate::from_ymd(number, month, false, day).ok()?.to_naive_date())
}
