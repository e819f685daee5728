//! What holds for every report.

use super::fixture::{lead, opportunity, record, run, sales, sheet, snapshot, snapshot_of};
use super::*;
use crate::record::{CONTRACT, CUSTOMER, Exit, FOLLOWUP, LEAD, Lang, OPPORTUNITY, Record, Value};
use crate::sheet::ColumnType;
use chrono::Datelike;
use proptest::prelude::*;
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

const LANGS: [Lang; 2] = [Lang::En, Lang::Zh];

#[test]
fn every_report_says_what_when_and_of_which_commit() {
    for report in &REPORTS {
        let document = run(report, &sales());
        let facts: Vec<(&str, String)> =
            document.facts.iter().map(|fact| (fact.key.as_str(), fact.value.display(Lang::En))).collect();
        assert_eq!(facts[1], ("as_of", "2026-03-18 12:00".to_string()));
        assert_eq!(facts[2], ("commit", "0123abcd".to_string()));
        assert!(document.definition.len() >= 3, "{}", report.name);
        for text in document.definition.iter().chain([&document.title]) {
            assert!(LANGS.iter().all(|lang| !text.get(*lang).is_empty()));
        }
    }
}

#[test]
fn every_sheet_fits_80_columns_in_both_languages() {
    for report in &REPORTS {
        for sheet in run(report, &sales()).sheets {
            for lang in LANGS {
                let width = |at: usize| {
                    let cells = sheet.rows.iter().chain(&sheet.total).map(|row| row[at].display(lang).width());
                    cells.chain([sheet.columns[at].label.get(lang).width()]).max().unwrap_or(0)
                };
                let all: usize = (0..sheet.columns.len()).map(|at| width(at) + 3).sum::<usize>() + 1;
                assert!(all <= 80, "{} {} is {all} wide in {lang:?}", report.name, sheet.key);
            }
        }
    }
}

#[test]
fn every_row_has_a_cell_a_column() {
    for report in &REPORTS {
        for sheet in run(report, &sales()).sheets {
            assert!(sheet.rows.iter().chain(&sheet.total).all(|row| row.len() == sheet.columns.len()), "{}", sheet.key);
        }
    }
}

#[test]
fn names_and_labels() {
    let document = run(Report::find("weekly").unwrap(), &snapshot());
    let new = sheet(&document, "new_leads");
    let names = |lang| new.rows.iter().map(|row| row[0].display(lang)).collect::<Vec<_>>();
    assert_eq!(names(Lang::Zh), ["RepA", "RepB", "rep.x", "未分配"]);
    assert_eq!(names(Lang::En), ["RepA", "RepB", "rep.x", "unassigned"]);
    assert_eq!(document.facts[0].value.display(Lang::Zh), "2026 年第 12 周（2026-03-16 至 2026-03-22）");
    let sources = sheet(&document, "new_by_source");
    assert!(sources.rows.iter().any(|row| row[0].display(Lang::Zh) == "展会"));
    assert!(sources.rows.iter().any(|row| row[0].display(Lang::Zh) == "booth"));
}

#[test]
fn what_is_not_known_is_refused() {
    let snapshot = snapshot();
    let run = |input: Input<'_>| REPORTS[0].run(&input).map(|_| ()).map_err(|failure| failure.exit);
    assert_eq!(run(Input { owner: Some("nobody"), ..Input::new(&snapshot) }), Err(Exit::NotFound));
    assert_eq!(run(Input { owner: Some("rep.x"), ..Input::new(&snapshot) }), Ok(()), "stands in a follow-up");
    assert_eq!(run(Input { department: Some("火星"), ..Input::new(&snapshot) }), Err(Exit::NotFound));
    assert_eq!(Report::find("monthly").map(|_| ()).map_err(|failure| failure.exit), Err(Exit::Usage));
}

#[test]
fn the_list_names_every_report() {
    let list = list();
    let names: Vec<String> = list.sheets[0].rows.iter().map(|row| row[0].display(Lang::En)).collect();
    assert_eq!(
        names,
        [
            "weekly",
            "sources",
            "grades",
            "funnel",
            "pipeline",
            "forecast",
            "winloss",
            "targets",
            "contracts",
            "receivables",
            "customers",
            "owners",
            "activity",
            "tickets",
            "quality"
        ]
    );
}

/// Makes any opportunities of the leads and customers of [`any_records`], or of others.
fn any_opportunities() -> impl Strategy<Value = Vec<Record>> {
    let pick = |words: &'static [&'static str]| prop::sample::select(words);
    let stage = pick(&[
        "stage=needs",
        "stage=negotiation probability=30",
        "stage=proposal",
        "stage=won actual_amount=0.05",
        "stage=won",
        "stage=lost lost_stage=negotiation",
        "stage=lost",
        "stage=odd",
        "",
    ]);
    let amount = pick(&["", "amount=0.01", "amount=333.33", "amount=70000 currency=USD"]);
    let owner = pick(&["", "owner=rep.a", "owner=rep.b"]);
    let products = pick(&["", "products=a,b", "products=b"]);
    let days = (0i64..200, prop::option::of(0i64..200), prop::option::of(0i64..200));
    let words = (stage, amount, owner, products, days, 1usize..60);
    prop::collection::vec(words, 0..40).prop_map(|all| {
        let day = |key: &str, back: i64| format!("{key}={}", FROM + chrono::Duration::days(back));
        let of_days = |(opened, expected, closed): (i64, Option<i64>, Option<i64>)| {
            let later = [("expected_on", expected), ("closed_on", closed)];
            let later = later.into_iter().filter_map(|(key, back)| Some(day(key, back?)));
            later.chain([day("opened_on", opened)]).collect::<Vec<_>>().join(" ")
        };
        let one = |(n, (stage, amount, owner, products, days, lead)): (u32, (&str, &str, &str, &str, _, usize))| {
            opportunity(n, &format!("{stage} {amount} {owner} {products} lead=LEAD-2026-{lead:03} {}", of_days(days)))
        };
        (1..).zip(all).map(one).collect()
    })
}

/// The day before which no opportunity of [`any_opportunities`] was opened.
const FROM: NaiveDate = NaiveDate::from_ymd_opt(2025, 11, 1).expect("a day");

/// Makes any repository of up to 40 leads and as many follow-ups and opportunities, with what is often missing often
/// missing.
fn any_records() -> impl Strategy<Value = Vec<Record>> {
    let pick = |words: &'static [&'static str]| prop::sample::select(words).prop_map(str::to_string);
    let owner = || pick(&["", "owner=rep.a", "owner=rep.b", "owner=rep.z"]);
    let source = pick(&["", "source=exhibition", "source=booth", "source=customer", "source=marketing"]);
    let status = pick(&["", "status=new", "status=converted", "status=disqualified disqualify_reason=no_fit"]);
    let grade = prop::sample::select(&["A", "B", "C"][..]);
    let lead_words = (owner(), source, status, grade, 1u32..=28);
    let method = pick(&["", "method=phone", "method=fax"]);
    let outcome = pick(&["", "outcome=no_answer", "outcome=positive"]);
    let followup_words = (owner(), method, outcome, 1u32..=28, 1usize..60);
    let (leads, followups) = (prop::collection::vec(lead_words, 0..40), prop::collection::vec(followup_words, 0..40));
    (leads, followups, any_opportunities()).prop_map(|(leads, followups, opportunities)| {
        let leads = leads
            .into_iter()
            .zip(1..)
            .map(|((owner, source, status, grade, day), n)| lead(n, grade, day, &format!("{owner} {source} {status}")));
        let followups = followups.into_iter().enumerate().map(|(n, (author, method, outcome, day, subject))| {
            let author = author.replace("owner", "author");
            let at = format!("at=2026-03-{day:02}T10:00:00+08:00 subject=LEAD-2026-{subject:03}");
            record(FOLLOWUP, &format!("f{n}"), &format!("{author} {method} {outcome} {at}"))
        });
        leads.chain(followups).chain(opportunities).collect()
    })
}

/// Returns the sum of a column's counts over the rows.
fn sum(sheet: &Sheet, key: &str) -> i64 {
    let at = sheet.columns.iter().position(|column| column.key == key).expect("a column");
    let count = |row: &Vec<Cell>| if let Cell::Integer(n) = row[at] { n } else { 0 };
    sheet.rows.iter().map(count).sum()
}

/// Returns the sum of a column's amounts over the rows.
fn sum_of_money(sheet: &Sheet, key: &str) -> Decimal {
    let at = sheet.columns.iter().position(|column| column.key == key).expect("a column");
    let amount = |row: &Vec<Cell>| if let Cell::Money(money) = row[at] { money.0 } else { Decimal::ZERO };
    sheet.rows.iter().map(amount).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_add_up_to_the_whole(records in any_records()) {
        // The week has seven days; nothing took place after noon of its third.
        let within = |day: Option<NaiveDate>, last: u32| day.is_some_and(|day| (16..=last).contains(&day.day()));
        let of = |kind: Kind| records.iter().filter(move |record| record.kind == kind);
        let new = of(LEAD).filter(|lead| within(lead.date("acquired_on"), 22)).count() as i64;
        let at = |followup: &Record| followup.moment("at").map(|at| at.date_naive());
        let made = of(FOLLOWUP).filter(|followup| within(at(followup), 18)).count() as i64;
        let all = of(LEAD).count() as i64;
        let snapshot = snapshot_of(records.clone());
        let weekly = run(Report::find("weekly").unwrap(), &snapshot);
        for key in ["new_leads", "new_by_source", "new_by_person_and_source"] {
            prop_assert_eq!(sum(sheet(&weekly, key), "new"), new);
        }
        for key in ["followups", "followups_by_method"] {
            prop_assert_eq!(sum(sheet(&weekly, key), "followups"), made);
        }
        for (report, key) in [("sources", "sources"), ("sources", "groups"), ("grades", "grades")] {
            let document = run(Report::find(report).unwrap(), &snapshot);
            prop_assert_eq!(sum(sheet(&document, key), "leads"), all);
        }
    }

    #[test]
    fn totals_are_sums_and_grades_add_up(records in any_records()) {
        let snapshot = snapshot_of(records);
        for report in &REPORTS {
            for sheet in run(report, &snapshot).sheets {
                let Some(total) = &sheet.total else { continue };
                for (at, column) in sheet.columns.iter().enumerate() {
                    if column.ty == ColumnType::Integer {
                        prop_assert_eq!(&total[at], &Cell::Integer(sum(&sheet, &column.key)), "{} {}", sheet.key, column.key);
                    }
                }
                let whole = ["new", "open", "leads"].into_iter().find(|key| sheet.columns.iter().any(|c| c.key == *key));
                if sheet.columns.iter().any(|column| column.key == "grade_A") {
                    let grades: i64 = ["A", "B", "C"].iter().map(|grade| sum(&sheet, &format!("grade_{grade}"))).sum();
                    prop_assert_eq!(grades, sum(&sheet, whole.unwrap()), "{}", sheet.key);
                }
            }
        }
    }

    #[test]
    fn opportunities_are_neither_left_out_nor_doubled(records in any_records()) {
        let all: Vec<&Record> = records.iter().filter(|record| record.kind == OPPORTUNITY).collect();
        let in_stage = |stage: &str| all.iter().filter(|one| one.text("stage") == Some(stage)).copied().collect::<Vec<_>>();
        let (won, lost) = (in_stage("won"), in_stage("lost"));
        let open: Vec<&Record> = all.iter().filter(|one| !matches!(one.text("stage"), Some("won" | "lost"))).copied().collect();
        let count = |some: &[&Record]| some.len() as i64;
        let yuan = |some: &[&Record], key: &str| -> Decimal {
            let own = some.iter().filter(|one| one.text("currency").is_none());
            own.filter_map(|one| one.money(key).or(one.money("amount"))).map(|money| money.0).sum()
        };
        let snapshot = snapshot_of(records.clone());
        let whole = |name: &str| {
            let period = Some(Period::all_time());
            Report::find(name).unwrap().run(&Input { period, ..Input::new(&snapshot) }).unwrap()
        };
        let (pipeline, forecast, winloss, sources) = (whole("pipeline"), whole("forecast"), whole("winloss"), whole("sources"));
        for key in ["stages", "owners", "months"] {
            prop_assert_eq!(sum(sheet(&pipeline, key), "open"), count(&open));
            prop_assert_eq!(sum_of_money(sheet(&pipeline, key), "amount"), yuan(&open, "amount"));
        }
        for key in ["months", "quarters"] {
            prop_assert_eq!(sum(sheet(&forecast, key), "open"), count(&open));
            prop_assert_eq!(sum_of_money(sheet(&forecast, key), "best"), yuan(&open, "amount"));
            prop_assert_eq!(sum_of_money(sheet(&forecast, key), "won"), yuan(&won, "actual_amount"));
        }
        for key in ["quarters", "owners", "sources", "industries", "sizes"] {
            prop_assert_eq!(sum(sheet(&winloss, key), "won"), count(&won));
            prop_assert_eq!(sum(sheet(&winloss, key), "lost"), count(&lost));
            prop_assert_eq!(sum_of_money(sheet(&winloss, key), "won_amount"), yuan(&won, "actual_amount"));
            prop_assert_eq!(sum_of_money(sheet(&winloss, key), "lost_amount"), yuan(&lost, "amount"));
        }
        let cycle = sheet(&winloss, "cycle");
        prop_assert_eq!(sum(cycle, "counted") + sum(cycle, "left_out"), count(&won) + count(&lost));
        prop_assert_eq!(sum(sheet(&sources, "deals"), "opportunities"), count(&all));
        prop_assert_eq!(sum_of_money(sheet(&sources, "deals"), "won_amount"), yuan(&won, "actual_amount"));
    }

    #[test]
    fn nobody_in_the_funnel_vanishes(records in any_records()) {
        let document = run(Report::find("funnel").unwrap(), &snapshot_of(records));
        let column = |sheet: &str, at: usize| -> Vec<i64> {
            let rows = fixture::sheet(&document, sheet).rows.iter();
            rows.map(|row| if let Cell::Integer(n) = row[at] { n } else { 0 }).collect()
        };
        let (reached, direct) = (column("snapshot", 1), column("snapshot", 2));
        let (went_on, open, lost) = (column("dropped", 2), column("dropped", 3), column("dropped", 4));
        for at in 0..went_on.len() {
            if reached[at] == 0 {
                break;
            }
            prop_assert_eq!(went_on[at] + open[at] + lost[at], reached[at]);
            // Opportunities without a lead come in at the third step.
            let come_in = if at == 1 { direct[2] } else { 0 };
            prop_assert_eq!(went_on[at] + come_in, reached[at + 1]);
        }
    }

    #[test]
    fn the_order_of_records_does_not_matter(records in any_records()) {
        let backwards: Vec<Record> = records.iter().rev().cloned().collect();
        let (one, other) = (snapshot_of(records), snapshot_of(backwards));
        for report in &REPORTS {
            prop_assert_eq!(run(report, &one), run(report, &other));
        }
    }

    #[test]
    fn people_add_up_to_the_team(records in any_records()) {
        let snapshot = snapshot_of(records);
        let weekly = Report::find("weekly").unwrap();
        let key = "new_leads";
        let team = sum(sheet(&run(weekly, &snapshot), key), "new");
        let of = |owner| weekly.run(&Input { owner: Some(owner), ..Input::new(&snapshot) });
        let each: i64 = ["rep.a", "rep.b", "rep.z"].into_iter().filter_map(|owner| of(owner).ok()).map(|d| sum(sheet(&d, key), "new")).sum();
        let nobodys = snapshot.records(LEAD).iter().filter(|lead| {
            lead.text("owner").is_none() && Unit::Week.containing(snapshot.as_of.today()).holds(lead.date("acquired_on"))
        });
        prop_assert_eq!(each + nobodys.count() as i64, team);
    }
}

/// Text in a field no rule expects must not end a report.
#[test]
fn odd_values_are_taken_as_missing() {
    let mut all = vec![
        lead(1, "A", 17, ""),
        opportunity(1, ""),
        record(CUSTOMER, "B2B-2026-001", ""),
        record(CONTRACT, "CON-2026-001", ""),
    ];
    for odd in &mut all {
        odd.kind.fields.iter().for_each(|field| drop(odd.set(field.key, Value::Odd("{}".into()))));
    }
    for report in &REPORTS {
        run(report, &snapshot_of(all.clone()));
    }
}

#[test]
fn a_report_goes_by_its_title_too() {
    let found = |name: &str| Report::find(name).map(|report| report.name).ok();
    for report in &REPORTS {
        for name in [report.name, report.title.en, report.title.zh] {
            assert_eq!(found(name), Some(report.name), "{name}");
        }
    }
    for (name, report) in [("周报", "weekly"), ("漏斗", "funnel"), ("应收", "receivables"), ("工单", "tickets")]
    {
        assert_eq!(found(name), Some(report), "{name}");
    }
    for name in ["销售", "分析", "", " ", "week"] {
        assert_eq!(found(name), None, "{name}");
    }
    let hint = Report::find("日报").err().unwrap().hints.remove(0);
    assert!(hint.zh.contains("周报（weekly）、"), "{hint:?}");
}
