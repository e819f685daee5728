//! `customers` (客户分析): how many customers there are of each type, industry, region, source, level and tag.

use super::Report;
use super::axis::Axis;
use super::table::{Figure, Table, figures};
use super::view::View;
use crate::record::{CUSTOMER, Label, Record};
use crate::sheet::Sheet;
use std::collections::BTreeSet;

/// The report.
pub const REPORT: Report = Report {
    name: "customers",
    title: Label::new("Customers", "客户分析"),
    about: Label::new(
        "Customers by type, industry, region, source, level and tag",
        "按类型、行业、地区、来源、价值等级与标签统计客户",
    ),
    filters: CUSTOMER,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Customers: all archives, churned ones included, as they are now; with a period, those acquired in it.",
            "客户：现有全部客户档案（含已流失）；指定期间时，为建档日期在期间内者。",
        ),
        Label::new(
            "Share: of all customers of the report. Region: as it is written in the archive.",
            "占比：占本报表全部客户。地区：按档案所填。",
        ),
        Label::new(
            "Tag: a customer with several counts once for each, so there is no total.",
            "标签：有多个标签的客户各计一次，因此没有合计。",
        ),
    ],
    sheets,
};

figures! {
    /// Customers of one row.
    Counted {
        customers: usize,
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let customers = view.records(CUSTOMER);
    let title = Label::new;
    let by = |dictionary: &str, field: &'static str, label: Label, key: &str, heading: Label| {
        let axis = match dictionary {
            "" => Axis::texts(field, label),
            name => Axis::dictionary(view, name, field, label),
        };
        let mut table = Table::<1, Counted>::new([&axis]);
        customers.iter().for_each(|customer| table.at([customer.text(field)]).customers += 1);
        table.draw(key, heading, columns(customers.len()))
    };
    vec![
        by("customer_type", "type", title("Type", "类型"), "types", title("By type", "按类型")),
        by("industry", "industry", title("Industry", "行业"), "industries", title("By industry", "按行业")),
        by("", "region", title("Region", "地区"), "regions", title("By region", "按地区")),
        by("source", "source", title("Source", "来源"), "sources", title("By source", "按来源")),
        by("customer_level", "level", title("Value level", "价值等级"), "levels", title("By level", "按价值等级")),
        by_tag(view, &customers),
    ]
}

/// Counts customers by tag, once for each they have.
fn by_tag(view: &View<'_>, customers: &[&Record]) -> Sheet {
    let axis = Axis::dictionary(view, "tag", "tag", Label::new("Tag", "标签"));
    let mut table = Table::<1, Counted>::new([&axis]);
    for customer in customers {
        let tags: BTreeSet<&str> = customer.texts("tags").iter().map(|tag| &**tag).collect();
        if tags.is_empty() {
            table.at([None]).customers += 1;
        }
        tags.into_iter().for_each(|tag| table.at([Some(tag)]).customers += 1);
    }
    let mut sheet = table.draw("tags", Label::new("By tag", "按标签"), columns(customers.len()));
    sheet.total = None;
    sheet
}

fn columns(all: usize) -> Vec<Figure<Counted>> {
    vec![
        Figure::count("customers", "Customers", "客户", |row: &Counted| row.customers),
        Figure::share("share", "Share", "占比", move |row: &Counted| (row.customers, all)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lines, run, run_where, sales, sheet, snapshot_of};
    use super::*;

    #[test]
    fn every_side() {
        let document = run(&REPORT, &sales());
        for (key, rows) in [
            ("types", &["intent 1 33.3%", "won 1 33.3%", "churned 1 33.3%", "total 3 100.0%"][..]),
            ("industries", &["manufacturing 1 33.3%", "- 2 66.7%", "total 3 100.0%"]),
            ("regions", &["浙江 1 33.3%", "- 2 66.7%", "total 3 100.0%"]),
            ("sources", &["exhibition 1 33.3%", "customer 2 66.7%", "total 3 100.0%"]),
            ("levels", &["high 1 33.3%", "- 2 66.7%", "total 3 100.0%"]),
            ("tags", &["high_potential 1 33.3%", "vip 1 33.3%", "- 2 66.7%"]),
        ] {
            assert_eq!(lines(sheet(&document, key)), rows, "{key}");
        }
    }

    #[test]
    fn a_filter_is_one_of_customers() {
        let document = run_where(&REPORT, &sales(), "type = won");
        assert_eq!(lines(sheet(&document, "types")), ["won 1 100.0%", "total 1 100.0%"]);
    }

    #[test]
    fn no_customers_have_no_shares() {
        assert!(run(&REPORT, &snapshot_of(vec![])).sheets.iter().all(|sheet| sheet.rows.is_empty()));
    }
}
