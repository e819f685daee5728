//! Which days are worked: holidays and make-up days that are built in, those of the repository, those of the company.

use super::common::Env;
use super::{calendar, day, rows};
use insta::assert_snapshot;
use kehu::rules::Config;

#[test]
fn days_of_every_kind_of_year() {
    let calendar = Config::default().calendar;
    for (text, is_worked, label) in [
        ("2004-01-17", true, "春节"),
        ("2004-05-07", false, "劳动节"),
        ("2006-12-30", true, "元旦"),
        ("2007-12-31", false, "元旦"),
        ("2008-04-04", false, "清明节"),
        ("2009-10-03", false, "国庆节、中秋节"),
        ("2015-09-03", false, "抗战胜利 70 周年纪念日"),
        ("2015-09-06", true, "抗战胜利 70 周年纪念日"),
        ("2020-01-31", false, "春节"),
        ("2022-12-31", false, "元旦"),
        ("2026-02-14", true, "春节"),
        ("2026-02-23", false, "春节"),
        ("2026-02-24", true, ""),
        ("2026-09-20", true, "国庆节"),
        ("2026-10-08", true, ""),
        ("2026-10-11", false, ""),
        ("2003-10-01", true, ""),
        ("2027-10-01", true, ""),
    ] {
        let found = calendar.work_days().listed(day(text)).and_then(|listed| listed.label.as_ref());
        assert_eq!((calendar.is_workday(day(text)), found.map_or("", |words| &words.zh)), (is_worked, label), "{text}");
    }
    let a_year =
        |year: i32| calendar.workdays_between(day(&format!("{year}-01-01")), day(&format!("{}-01-01", year + 1)));
    assert_eq!((a_year(2025), a_year(2026), a_year(2003)), (248, 248, 261));
}

#[test]
fn every_day_that_is_known() {
    let calendar = Config::default().calendar;
    let known = rows("cn_workdays.csv");
    let mut worked = 0;
    for row in &known {
        let is_worked = row[1] == "1";
        assert_eq!(calendar.is_workday(day(&row[0])), is_worked, "{row:?}");
        worked += i64::from(is_worked);
        let label = match row[2].as_str() {
            "New Year's Day" => "New Year",
            "Tomb-sweeping Day" => "Qingming",
            "Mid-autumn Festival" => "Mid-Autumn",
            "Dragon Boat Festival" => "Dragon Boat",
            "Anti-Fascist 70th Day" => "70th Anniversary",
            other => other,
        };
        let found = calendar.work_days().listed(day(&row[0])).and_then(|listed| listed.label.as_ref());
        assert!(label.is_empty() || found.is_some_and(|words| words.en.contains(label)), "{row:?}: {found:?}");
    }
    if let (Some(first), Some(last)) = (known.first(), known.last()) {
        assert_eq!(calendar.workdays_between(day(&first[0]), day(&last[0]).succ_opt().unwrap()), worked);
    }
}

#[test]
fn the_companys_days_win_over_the_repositorys_years_and_those_over_what_is_built_in() {
    let company = "work_days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n\
        holiday = [{ from = 2026-02-28, to = 2026-03-02, zh = \"年会\", en = \"Annual meeting\", makeup = [2026-03-07] }]\n\
        makeup = [2026-10-07]\n";
    let holiday =
        |from: &str, to: &str| format!("holiday = [{{ zh = \"x\", en = \"x\", from = {from}, to = {to} }}]\n");
    let (year, next) = (holiday("2026-05-01", "2026-05-08"), holiday("2026-12-31", "2027-01-04"));
    let of = |files: &[(&str, &str)], text: &str| calendar(files).is_workday(day(text));
    let own: &[_] = &[("config/calendar.toml", company)];
    for (text, is_worked) in [
        ("2026-02-28", false),
        ("2026-03-02", false),
        ("2026-03-07", true),
        ("2026-10-07", true),
        ("2026-10-06", false),
    ] {
        assert_eq!(of(own, text), is_worked, "{text}");
    }
    let all: &[_] = &[own[0], ("config/holidays/2026.toml", &year), ("config/holidays/2027.toml", &next)];
    for (text, is_worked) in [
        ("2026-05-08", false),
        // The file of the repository has nothing of that, and takes the place of the whole year.
        ("2026-05-09", false),
        ("2026-10-06", true),
        ("2026-10-07", true),
        ("2026-12-31", false),
        ("2027-01-04", false),
        ("2025-10-08", false),
    ] {
        assert_eq!(of(all, text), is_worked, "{text}");
    }
    let none = format!("{company}statutory = false\n");
    let files: &[_] = &[("config/calendar.toml", none.as_str()), ("config/holidays/2027.toml", &next)];
    assert!(of(files, "2025-10-08") && !of(files, "2027-01-04"));
}

#[test]
fn a_year_without_holidays_is_told_as_of_when_it_was() {
    let env = Env::repository("en");
    assert_snapshot!(env.run(&["check", "--now", "2026-12-15T09:00:00+08:00"]), @"
    config/calendar.toml:1:1: the holidays of 2027 are not known; the week alone says what is worked; write `config/holidays/2027.toml` (docs/format.md shows how), or `statutory = false` where none apply [warning calendar-year]
    ------- stderr -------
    checked 0 records: 0 errors, 1 warning
    ");
    env.write(
        "config/holidays/2027.toml",
        "holiday = [\n  { zh = \"元旦\", en = \"New Year\", from = 2026-01-01, to = 2027-01-03 },\n]\n",
    );
    assert_snapshot!(env.run(&["check", "--now", "2026-12-15T09:00:00+08:00"]), @"
    config/holidays/2027.toml:2:3: 2026-01-01 is no day of 2027 [error config-value]
    ------- stderr -------
    checked 0 records: 1 error, 0 warnings
    [exit 6]
    ");
    env.edit("config/holidays/2027.toml", "from = 2026", "from = 2027");
    assert_snapshot!(env.run(&["check", "--now", "2026-12-15T09:00:00+08:00"]), @"
    ------- stderr -------
    checked 0 records: 0 errors, 0 warnings
    ");
    env.done(&["commit", "--now", "2026-12-15T10:00:00+08:00"]);
    let checked = |as_of: &str| env.run(&["check", "--as-of", as_of, "--now", "2026-12-15T11:00:00+08:00"]);
    assert_snapshot!(checked("HEAD"), @"
    ------- stderr -------
    checked 0 records: 0 errors, 0 warnings
    ");
    assert_snapshot!(checked("2026-12-14"), @"
    config/calendar.toml:1:1: the holidays of 2027 are not known; the week alone says what is worked; write `config/holidays/2027.toml` (docs/format.md shows how), or `statutory = false` where none apply [warning calendar-year]
    ------- stderr -------
    checked 0 records: 0 errors, 1 warning
    ");
}
