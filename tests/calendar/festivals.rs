//! Festivals by the moon and the sun, and birthdays that follow either.

use super::common::Env;
use super::{day, rows};
use chrono::NaiveDate;
use insta::assert_snapshot;
use kehu::record::Anniversary;
use kehu::rules::calendar::{SolarTerm, next_anniversary};
use kehu::rules::config::calendar::FestivalDay;

#[test]
fn festivals_of_known_years() {
    let on = |festival: FestivalDay, year: i32| {
        festival.in_year(year).iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(" ")
    };
    for (month, date, year, expected) in [
        (1, 1, 1996, "1996-02-19"),
        (1, 1, 2026, "2026-02-17"),
        (1, 15, 2026, "2026-03-03"),
        (5, 5, 2025, "2025-05-31"),
        // The years of the leap months 8, 2, 6 and 11.
        (8, 15, 1995, "1995-09-09"),
        (8, 15, 2004, "2004-09-28"),
        (8, 15, 2025, "2025-10-06"),
        (8, 15, 2033, "2033-09-08"),
        (1, 1, 2034, "2034-02-19"),
        // The last day of the year, of 30 and of 29 days.
        (12, 30, 2024, "2024-02-09"),
        (12, 30, 2025, "2025-01-28"),
        // Twice in one solar year, then not at all.
        (12, 8, 1992, "1992-01-12 1992-12-31"),
        (12, 8, 1993, ""),
    ] {
        assert_eq!(on(FestivalDay::Lunar(month, date), year), expected, "{month}-{date} {year}");
    }
    for (name, year, expected) in [
        ("qingming", 2008, "2008-04-04"),
        ("qingming", 2026, "2026-04-05"),
        ("lichun", 2021, "2021-02-03"),
        ("dongzhi", 2021, "2021-12-21"),
        ("dongzhi", 2026, "2026-12-22"),
    ] {
        assert_eq!(on(FestivalDay::Term(SolarTerm::parse(name).unwrap()), year), expected, "{name} {year}");
    }
    for festival in [FestivalDay::Lunar(1, 1), FestivalDay::Term(SolarTerm::parse("qingming").unwrap())] {
        assert_eq!(on(festival, 1899) + &on(festival, 2102), "");
    }
}

#[test]
fn every_festival_that_is_known() {
    for row in rows("festivals_1990_2049.csv") {
        let term = |name| FestivalDay::Term(SolarTerm::parse(name).unwrap());
        let festival = match row[1].as_str() {
            "春节" => FestivalDay::Lunar(1, 1),
            "元宵" => FestivalDay::Lunar(1, 15),
            "端午" => FestivalDay::Lunar(5, 5),
            "七夕" => FestivalDay::Lunar(7, 7),
            "中元" => FestivalDay::Lunar(7, 15),
            "中秋" => FestivalDay::Lunar(8, 15),
            "重阳" => FestivalDay::Lunar(9, 9),
            "腊八" => FestivalDay::Lunar(12, 8),
            "除夕" => FestivalDay::Lunar(12, 30),
            "立春" => term("lichun"),
            "清明" => term("qingming"),
            "冬至" => term("dongzhi"),
            other => panic!("{other}"),
        };
        let expected = day(&row[2]);
        assert!(festival.in_year(row[2][..4].parse().unwrap()).contains(&expected), "{row:?}");
        assert_eq!(festival.next(expected), Some(expected), "{row:?}");
        let after = festival.next(expected.succ_opt().unwrap()).unwrap();
        assert!((353..=386).contains(&(after - expected).num_days()), "{row:?}: {after}");
    }
}

#[test]
fn birthdays_come_round() {
    for (birthday, from, expected) in [
        ("1980-03-12", "2026-03-12", "2026-03-12"),
        ("1980-03-12", "2026-03-13", "2027-03-12"),
        ("12-31", "2026-01-01", "2026-12-31"),
        ("02-29", "2026-01-01", "2026-02-28"),
        ("2000-02-29", "2028-02-01", "2028-02-29"),
        ("02-29", "2026-03-01", "2027-02-28"),
        ("农历八月十五", "2026-09-25", "2026-09-25"),
        ("lunar 1980-08-15", "2026-09-26", "2027-09-15"),
        // A twelfth month ends in the next solar year.
        ("lunar 12-08", "2026-01-01", "2026-01-26"),
        ("lunar 12-08", "2026-01-27", "2027-01-15"),
        // The 30th of a month of 29 days; a leap sixth month counts as the sixth.
        ("lunar 12-30", "2026-01-01", "2026-02-16"),
        ("lunar 12-30", "2027-01-01", "2027-02-05"),
        ("农历闰六月初一", "2025-01-01", "2025-06-25"),
        ("农历闰六月初一", "2026-01-01", "2026-07-14"),
    ] {
        let next = next_anniversary(Anniversary::parse(birthday).unwrap(), day(from));
        assert_eq!(next, Some(day(expected)), "{birthday} from {from}");
    }
}

#[test]
fn birthdays_are_read_as_people_write_them() {
    let env = Env::repository("en");
    let add = |birthday: &str, phone: &str| {
        let customer = format!(
            r#"{{"type":"potential","category":"B2B","name":"C{phone}","industry":"retail","region":"Suzhou","source":"hotline","owner":"li","contacts":[{{"name":"Chen","work_phone":"{phone}","birthday":"{birthday}"}}]}}"#
        );
        env.run_with(&["customer", "add", "--stdin", "-q"], customer)
    };
    assert_eq!(add("农历八月十五", "0512-60000001").to_string(), "B2B-2026-001\n");
    assert_eq!(add("1980年3月12日", "0512-60000002").to_string(), "B2B-2026-002\n");
    assert_snapshot!(add("lunar 08-31", "0512-60000004"), @"
    ------- stderr -------
    error: line 1: C0512-60000004: Birthday `lunar 08-31` is not a day such as 1980-03-12, 03-12 or lunar 08-15
    [exit 6]
    ");
    let first = "customers/2026/B2B-2026-001.toml";
    let written = |path: &str| env.read(path).lines().find(|line| line.starts_with("birthday")).unwrap().to_string();
    assert_eq!(written(first), "birthday = \"lunar 08-15\"");
    assert_eq!(written("customers/2026/B2B-2026-002.toml"), "birthday = \"1980-03-12\"");
    env.write("c.csv", "客户名称,类型,类别,行业,地区,来源,负责人,联系人,联系电话,生日\n甲,潜在客户,B2B,零售,苏州,热线,li,陈,0512-60000003,阴历腊月廿三\n");
    assert_snapshot!(env.run(&["customer", "import", "c.csv", "-q"]), @"c.csv: 1 created, 0 updated, 0 unchanged, 0 duplicates, 0 rejected");
    assert_eq!(written("customers/2026/B2B-2026-003.toml"), "birthday = \"lunar 12-23\"");
    env.edit(first, "birthday = \"lunar 08-15\"", "birthday = \"农历正月初一\"");
    env.edit("customers/2026/B2B-2026-002.toml", "\"1980-03-12\"", "1980-03-12");
    let found = env.run(&["check", "customers"]).to_string();
    let about = found.lines().filter(|line| line.contains("irthday")).collect::<Vec<_>>().join("\n");
    assert_snapshot!(about, @r#"customers/2026/B2B-2026-001.toml:13:12: Birthday `农历正月初一` is not in its normal form; write `birthday = "lunar 01-01"` [warning normal-form]"#);
}
