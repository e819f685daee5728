//! Tests of the language as a whole, over leads.

use super::*;
use crate::record::dictionary::{Entries, Entry};
use crate::record::{Exit, LEAD, Lang, Money, Row, Value, Words};
use crate::words;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use proptest::prelude::*;

struct Leads {
    sources: Entries,
    tags: Entries,
}

impl Leads {
    fn new() -> Leads {
        let entry = |key: &str, label: Words, group: Option<&str>| Entry {
            key: key.into(),
            label,
            aliases: Vec::new(),
            group: group.map(str::to_string),
        };
        let sources = vec![
            entry("marketing", words!("Marketing", "市场推广"), None),
            entry("exhibition", words!("Exhibition", "展会"), Some("marketing")),
            entry("social_media", words!("Social media", "社交媒体"), Some("marketing")),
            entry("referral", words!("Referral", "转介绍"), None),
        ];
        let tags = vec![entry("price_sensitive", words!("Price-sensitive", "价格敏感"), None)];
        Leads { sources: Entries::new(sources), tags: Entries::new(tags) }
    }
}

impl Schema for Leads {
    fn find(&self, name: &str) -> Option<FieldRef> {
        let field = |key: &str, ty, list| Some(FieldRef { key: key.to_string(), label: Words::same(key), ty, list });
        match name {
            "company" | "公司" => field("company", Type::Text, false),
            "phone" => field("phone", Type::Phone, false),
            "owner" | "负责人" => field("owner", Type::User, false),
            "source" | "来源" => field("source", Type::Key("source"), false),
            "tags" => field("tags", Type::Key("tag"), true),
            "staff" => field("staff", Type::Integer, false),
            "listed" => field("listed", Type::Flag, false),
            "budget_max" => field("budget_max", Type::Money, false),
            "acquired_on" => field("acquired_on", Type::Date, false),
            "assigned_at" => field("assigned_at", Type::Moment, false),
            "verifications" => field("verifications", Type::Table, true),
            "verifications.by" => field("verifications.by", Type::User, true),
            _ => name.strip_prefix("custom.").and_then(|_| field(name, Type::Custom, false)),
        }
    }

    fn names(&self) -> Vec<String> {
        ["company", "phone", "owner", "source", "tags", "staff", "acquired_on"].map(String::from).to_vec()
    }

    fn keys(&self, dictionary: &str) -> Option<&Entries> {
        Some(if dictionary == "tag" { &self.tags } else { &self.sources })
    }

    fn zone(&self) -> Tz {
        Tz::Asia__Shanghai
    }

    fn country(&self) -> &str {
        "CN"
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 12).unwrap()
}

fn lead() -> Row {
    let mut row = Row::new(LEAD.fields);
    row.set("company", Value::text("杭州ＡCME贸易有限公司"));
    row.set("phone", Value::text("13800138000"));
    row.set("owner", Value::text("li.ming"));
    row.set("source", Value::text("exhibition"));
    row.set("tags", Value::Texts(vec!["price_sensitive".into(), "华东".into()]));
    row.set("staff", Value::Integer(320));
    row.set("listed", Value::Flag(false));
    row.set("budget_max", Value::Money(Money::parse("10万").unwrap()));
    row.set("acquired_on", Value::Date(NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()));
    row.set("assigned_at", Value::Moment(DateTime::parse_from_rfc3339("2026-03-05T23:30:00+08:00").unwrap()));
    row.set_custom("展位", Value::text("9"));
    row.set_custom("hobby", Value::text("Tea"));
    row.set_custom("seats", Value::Integer(12));
    row
}

fn matches(text: &str) -> bool {
    let context = Context { today: Some(today()), me: Some("li.ming"), names: None };
    parse_in(text, &Leads::new(), &context).unwrap_or_else(|why| panic!("{}", why.render(Lang::En))).matches(&lead())
}

fn refusal(text: &str) -> String {
    refusal_in(Lang::En, text)
}

fn refusal_in(lang: Lang, text: &str) -> String {
    let failure = parse(text, &Leads::new(), today()).expect_err(text);
    assert_eq!(failure.exit, Exit::Usage);
    failure.render(lang)
}

#[test]
fn comparisons_by_type() {
    for text in [
        "source = exhibition",
        "来源 = 展会",
        "source = EXHIBITION",
        "source ~ 会",
        "source in (referral, 展会)",
        "company ~ acme",
        "公司～“ＡＣＭＥ”",
        "company = '杭州acme贸易有限公司'",
        "phone = 138-0013-8000",
        "phone ~ 0013",
        "owner is not missing and company < 杭州Ｂ",
        "owner = me",
        "负责人 ＝ li.ming",
        "tags has 价格敏感",
        "tags has 华东",
        "tags = 华东 and tags != 华北",
        "staff >= 320人 and staff < '1,000'",
        "listed = 否",
        "budget_max >= 10万",
        "budget_max<='¥100,000.00'",
        "acquired_on >= 2026-01-01",
        "acquired_on = today-7d",
        "acquired_on = last-week",
        "acquired_on in (2026-03, 2025)",
        "acquired_on <= 2026-Q1",
        "assigned_at = 2026-03-05",
        "assigned_at > 2026-03-04 and assigned_at < 2026-03-06",
        "assigned_at >= 2026-03-05T15:30:00Z",
        "assigned_at > '2026-03-05 23:00'",
        "custom.展位 < 10",
        "custom.hobby = tea",
        "custom.seats = 12 and custom.seats > 9",
        "verifications is missing",
        "company is not missing",
    ] {
        assert!(matches(text), "{text}");
    }
    for text in [
        "source = referral",
        "company ~ 上海",
        "owner = zhang.wei",
        "tags has 展会",
        "budget_max > 10万",
        "acquired_on > 2026-03-05",
        "acquired_on < 2026-03",
        "assigned_at = 2026-03-06",
        "listed = yes",
        "custom.seats < 9",
        "verifications.by = me",
    ] {
        assert!(!matches(text), "{text}");
    }
}

#[test]
fn a_group_has_its_members() {
    assert!(matches("source = marketing"));
    assert!(matches("source in (市场推广)"));
    assert!(!matches("source != marketing"));
    assert!(!matches("source not in (marketing, referral)"));
    assert!(!matches("source = social_media"), "a member is not its group");
}

#[test]
fn missing_values() {
    let nobody = Row::new(LEAD.fields);
    let fits = |text: &str| parse(text, &Leads::new(), today()).unwrap().matches(&nobody);
    for text in ["owner != li.ming", "owner not in (a, b)", "owner is missing", "not staff < 5", "tags is missing"] {
        assert!(fits(text), "{text}");
    }
    for text in ["owner = li.ming", "staff < 5", "staff >= 5", "company ~ ''", "tags has x", "owner is not missing"] {
        assert!(!fits(text), "{text}");
    }
    let mut odd = Row::new(LEAD.fields);
    odd.set("staff", Value::Odd("\"many\"".into()));
    assert!(parse("staff is missing", &Leads::new(), today()).unwrap().matches(&odd));
}

#[test]
fn logic() {
    assert!(matches("source = referral and staff = 1 or listed = no"), "and binds tighter");
    assert!(!matches("source = referral and (staff = 1 or listed = no)"));
    assert!(matches("NOT (source = referral Or staff = 1) AND not listed = yes"));
    assert!(matches("（source = referral）or（staff = 320）"));
    let filter = parse("not (staff = 1 or source = marketing)", &Leads::new(), today()).unwrap();
    assert_eq!(filter.fields().iter().map(String::as_str).collect::<Vec<_>>(), ["source", "staff"]);
}

#[test]
fn canonical_form() {
    for (text, wanted) in [
        ("来源=展会", "source = exhibition"),
        ("acquired_on >= today-7d", "acquired_on >= 2026-03-05"),
        ("acquired_on = 2026-02", "acquired_on = 2026-02-01..2026-02-28"),
        ("budget_max >= 10万", "budget_max >= 100000.00"),
        ("staff <> 300.0", "staff != 300"),
        ("company = O'Brien", "company = \"O'Brien\""),
        ("company = 'a \"b\"'", "company = \"a \"\"b\"\"\""),
        ("company = \"and\"", "company = \"and\""),
        ("owner = 'me'", "owner = \"me\""),
        ("company = Yahoo!", "company = \"Yahoo!\""),
        ("((staff = 1 and listed=是) and staff=2)", "staff = 1 and listed = yes and staff = 2"),
        ("not not (staff = 1 or staff = 2)", "not not (staff = 1 or staff = 2)"),
        ("source not in（展会、转介绍）", "source not in (exhibition, referral)"),
        ("tags is NOT missing", "tags is not missing"),
        ("custom.展位 = 'A 1'", "custom.展位 = \"A 1\""),
    ] {
        let filter = parse(text, &Leads::new(), today()).unwrap();
        assert_eq!(filter.to_string(), wanted);
        assert_eq!(parse(wanted, &Leads::new(), today()).unwrap(), filter, "{wanted}");
    }
}

#[test]
fn mistakes_name_place_and_mend() {
    insta::assert_snapshot!(
        [
            "sorce = 展会",
            "source = 展览",
            "source = 展会 and staff >= many",
            "owner = me",
            "owner li.ming",
            "region = 浙江 杭州",
            "company = 杭州 贸易",
            "company = \"杭州",
            "staff = ",
            "(staff = 1",
            "staff = 1)",
            "staff ~ 3",
            "source > referral",
            "staff has 3",
            "acquired_on = soon",
            "acquired_on > 2026-03-05T10:00:00Z",
            "staff ! 3",
            "",
        ]
        .map(refusal)
        .join("\n\n")
    );
}

#[test]
fn mistakes_in_chinese() {
    let mistakes =
        ["负责仁 = 王", "来源 = 展览", "acquired_on = 某天", "公司 = “杭州", "staff ~ 3", "（staff = 1", "公司 王"];
    insta::assert_snapshot!(mistakes.map(|text| refusal_in(Lang::Zh, text)).join("\n\n"));
}

#[test]
fn relative_days_and_me_are_for_the_command_line() {
    let read = |text| parse_in(text, &Leads::new(), &Context::default()).map_err(|why| why.message.en.into_owned());
    assert!(read("acquired_on > today-7d").unwrap_err().contains("counts from today"));
    assert!(read("owner = me").unwrap_err().contains("which user you are"));
    assert!(read("acquired_on > 2026-01").is_ok());
}

#[test]
fn nesting_is_bounded() {
    for text in ["(".repeat(100_000), "not ".repeat(100_000), "（".repeat(50_000) + "staff = 1"] {
        assert!(refusal(&text).contains("nested deeper"));
    }
    let long = vec!["staff = 320"; 20_000].join(" and ");
    assert!(matches(&long), "a long chain is not deep");
    let deep = format!("{}staff = 320{}", "(".repeat(90), ")".repeat(90));
    assert!(matches(&deep));
}

/// Makes filters of every shape, nested a little.
fn filters() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["company", "staff", "来源", "tags", "acquired_on", "listed", "custom.x"]);
    let op = prop::sample::select(vec!["=", "!=", "<", ">=", "~", "has", "≤", "＝"]);
    let text = "[a-z \"'（），“”!=<>~]{0,6}|today|me|2026-03|10万|是|展会|price_sensitive|[0-9.]{1,4}";
    let value = text.prop_map(|text: String| format!("'{}'", text.replace('\'', "''")));
    let test = (name.clone(), op, value.clone()).prop_map(|(name, op, value)| format!("{name} {op} {value}"));
    let list = (name, value.clone(), value).prop_map(|(name, a, b)| format!("{name} not in ({a}, {b})"));
    prop_oneof![3 => test, 1 => list].prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} and {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or {b}")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(text in filters()) {
        let leads = Leads::new();
        if let Ok(filter) = parse(&text, &leads, today()) {
            let printed = filter.to_string();
            let again = parse(&printed, &leads, today());
            prop_assert_eq!(again.map_err(|why| why.render(Lang::En)), Ok(filter), "{}", printed);
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in ".{0,60}") {
        let _ = parse(&text, &Leads::new(), today()).map_err(|why| why.render(Lang::Zh));
    }

    #[test]
    fn no_tokens_make_reading_panic(
        text in "((company|staff|来源|acquired_on|custom.x|and|or|not|in|is|has|missing|today-9d|10万|“|”|'|\"|[()（）,=!<>~])[ ]?){0,20}"
    ) {
        if let Ok(filter) = parse(&text, &Leads::new(), today()) {
            filter.matches(&lead());
        }
    }
}
