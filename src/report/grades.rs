//! `grades` (级别分析): how leads are graded, what they lack and how many of each grade convert.

use super::Report;
use super::axis::Axis;
use super::table::{Figure, PerRank, Table, figures};
use super::view::{Graded, View};
use crate::record::{LEAD, Label};
use crate::rules::score::Missing;
use crate::sheet::Sheet;
use crate::words;
use rust_decimal::Decimal;

/// The report.
pub const REPORT: Report = Report {
    name: "grades",
    title: Label::new("Grades", "级别分析"),
    about: Label::new(
        "Count, average score, reachable score and conversion per grade; the facts most often missing",
        "各级别的数量、平均分、可达分与转化率；最常缺失的信息",
    ),
    filters: LEAD,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Leads: those acquired in the period, by the grade and with the status they have now.",
            "线索：获取日期在期间内的线索，级别与状态为当前值。",
        ),
        Label::new(
            "Reachable: the average score if every missing fact turned out best. Rate: converted ÷ all leads of the grade.",
            "可达：缺失信息全部取最高档时的平均分。转化率：已转化 ÷ 该级别全部线索。",
        ),
        Label::new(
            "Missing: leads for which a dimension of the score cannot be told, by what they lack, most often missing first; share \
             of all leads. A known budget without a price to compare it with lacks the product's price.",
            "缺失：评分维度无法判断的线索数，按所缺信息，最常缺失者在前；占比为占全部线索。有预算而产品没有价格时，所缺的是产品价格。",
        ),
    ],
    sheets,
};

figures! {
    /// Leads of one grade.
    Leads {
        leads: usize,
        points: Decimal,
        reachable: Decimal,
        converted: usize,
    }
}

figures! {
    /// Leads that lack one fact.
    Lacking {
        leads: usize,
        grades: PerRank,
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let new = view.score(&view.new_leads());
    vec![by_grade(view, &new), missing(view, &new)]
}

fn by_grade(view: &View<'_>, new: &[Graded<'_>]) -> Sheet {
    let axis = Axis::grades(view);
    let mut table = Table::<1, Leads>::new([&axis]);
    for grade in view.grades() {
        table.at([Some(&grade.key)]);
    }
    for lead in new {
        let row = table.at([view.grade_key(lead.grade)]);
        row.leads += 1;
        row.points += lead.total;
        row.reachable += lead.reachable;
        row.converted += usize::from(lead.lead.text("status") == Some("converted"));
    }
    let all = new.len();
    let columns = vec![
        Figure::count("leads", "Leads", "线索", |row: &Leads| row.leads),
        Figure::share("share", "Share", "占比", move |row: &Leads| (row.leads, all)),
        Figure::mean("score", "Score", "平均分", |row: &Leads| (row.points, row.leads)),
        Figure::mean("reachable", "Reachable", "可达", |row: &Leads| (row.reachable, row.leads)),
        Figure::count("converted", "Converted", "转化", |row: &Leads| row.converted),
        Figure::share("rate", "Rate", "转化率", |row: &Leads| (row.converted, row.leads)),
    ];
    table.draw("grades", Label::new("By grade", "按级别"), columns)
}

/// The key of a price that is missing where the budget is known.
const PRICE: &str = "price";

/// Returns how often each fact is missing, most often first.
fn missing(view: &View<'_>, new: &[Graded<'_>]) -> Sheet {
    let dimensions = &view.snapshot.config.model.dimensions;
    let facts = (0..dimensions.len()).flat_map(|at| [Missing { at, is_price: false }, Missing { at, is_price: true }]);
    let lacking = |one: Missing| new.iter().filter(|lead| lead.missing.contains(&one)).count();
    // What nobody lacks has no row; the price, which any dimension may lack, is not to stand where one does not.
    let mut order: Vec<(usize, Missing)> =
        facts.map(|one| (lacking(one), one)).filter(|(count, _)| *count > 0).collect();
    order.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let key = |one: &Missing| Some(if one.is_price { PRICE } else { dimensions.get(one.at)?.key.as_str() });
    let known = order.iter().filter_map(|(_, one)| Some((key(one)?, one.words(dimensions.get(one.at)?))));
    let axis = Axis::keys("missing", Label::new("Missing", "缺失信息"), words!("none", "无"), known);
    let mut table = Table::<1, Lacking>::new([&axis]);
    for lead in new {
        for fact in lead.missing.iter().filter_map(key) {
            let row = table.at([Some(fact)]);
            row.leads += 1;
            row.grades.count(lead.grade);
        }
    }
    let all = new.len();
    let mut columns = vec![
        Figure::count("leads", "Leads", "线索", |row: &Lacking| row.leads),
        Figure::share("share", "Share", "占比", move |row: &Lacking| (row.leads, all)),
    ];
    columns.extend(Figure::grades(view.grades(), |row: &Lacking| &row.grades));
    let mut sheet = table.draw("missing", Label::new("Missing facts", "缺失信息"), columns);
    // A lead may lack several facts, so the sum of the rows counts nothing.
    sheet.total = None;
    sheet
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lead, lines, run, sheet, snapshot, snapshot_of};
    use super::*;
    use crate::record::{Money, Value};

    #[test]
    fn grades() {
        let document = run(&REPORT, &snapshot());
        assert_eq!(
            lines(sheet(&document, "grades")),
            [
                "A 3 25.0% 90 100 1 33.3%",
                "B 4 33.3% 68 78 1 25.0%",
                "C 5 41.7% 10 90 1 20.0%",
                "total 12 100.0% 49.3 88.5 3 25.0%"
            ]
        );
    }

    #[test]
    fn missing_facts_most_often_first() {
        let document = run(&REPORT, &snapshot());
        assert_eq!(
            lines(sheet(&document, "missing")),
            [
                "intent 12 100.0% 3 4 5",
                "urgency 5 41.7% 0 0 5",
                "budget_fit 5 41.7% 0 0 5",
                "decision_chain 5 41.7% 0 0 5"
            ]
        );
    }

    #[test]
    fn a_budget_without_a_price_lacks_the_price() {
        let mut one = lead(1, "C", 16, "product=某产品");
        one.set("budget_max", Value::Money(Money::parse("5000").unwrap()));
        let document = run(&REPORT, &snapshot_of(vec![one, lead(2, "C", 16, "")]));
        let rows = lines(sheet(&document, "missing"));
        assert!(rows.contains(&"price 1 50.0% 0 0 1".to_string()), "{rows:?}");
        assert!(rows.contains(&"budget_fit 1 50.0% 0 0 1".to_string()), "{rows:?}");
    }

    #[test]
    fn a_price_that_is_missing_often_stands_high() {
        let with_budget = |n: u32| {
            let mut one = lead(n, "C", 16, "product=某产品 urgency=within_3_months");
            one.set("budget_max", Value::Money(Money::parse("5000").unwrap()));
            one
        };
        let document = run(&REPORT, &snapshot_of(vec![with_budget(1), with_budget(2), lead(3, "C", 16, "")]));
        let rows = lines(sheet(&document, "missing"));
        let counts: Vec<usize> = rows.iter().map(|row| row.split(' ').nth(1).unwrap().parse().unwrap()).collect();
        assert!(rows.contains(&"price 2 66.7% 0 0 2".to_string()), "{rows:?}");
        assert!(counts.is_sorted_by(|a, b| a >= b), "{rows:?}");
    }

    #[test]
    fn a_grade_without_leads_has_no_average() {
        let document = run(&REPORT, &snapshot_of(vec![]));
        assert_eq!(
            lines(sheet(&document, "grades")),
            ["A 0 · · · 0 ·", "B 0 · · · 0 ·", "C 0 · · · 0 ·", "total 0 · · · 0 ·"]
        );
    }
}
