//! The page of a customer: who it is and whose, what is due next, the archive, the people, the business with it, what was
//! said to it. DOMAIN: customer archive.

use super::{fields, next, related, tables};
use crate::record::{CONTACT, CUSTOMER, Field, Label, Record, Row, Words};
use crate::rules::Snapshot;
use crate::rules::completeness::Completeness;
use crate::rules::computed::Computed;
use crate::rules::listing::{field_words, plain};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};

/// What stands at the head, before what is computed.
const HEAD: &[&str] = &["type", "level", "owner", "region", "tags"];

/// The archive: the key of each block, its heading, its fields. What is in none of them stands in the last.
static BLOCKS: [(&str, Label, &[&str]); 5] = [
    (
        "company",
        Label::new("Company", "企业信息"),
        &[
            "name",
            "short_name",
            "category",
            "credit_code",
            "industry",
            "industry_note",
            "size",
            "staff",
            "annual_revenue",
            "listed",
            "address",
            "founded_on",
            "main_business",
            "website",
        ],
    ),
    (
        "needs",
        Label::new("Needs", "需求"),
        &["needs", "expectations", "pain_points", "previous_suppliers", "priorities"],
    ),
    (
        "cooperation",
        Label::new("Cooperation", "合作情况"),
        &["cooperating_since", "contracted_products", "contracted_amount", "payment_cycle", "next_renewal_on"],
    ),
    (
        "source",
        Label::new("Source and ownership", "来源与归属"),
        &["source", "source_note", "acquired_on", "assigned_at", "protected_until", "pool_reason"],
    ),
    ("other", Label::new("Other", "其他"), &["remark"]),
];

/// What the table of contacts tells; the rest of a contact stands below it.
const TOLD: [&str; 6] = ["name", "title", "work_phone", "buying_role", "influence", "attitude"];

/// Returns the page.
pub fn page(customer: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let mut sheets = vec![head(customer, snapshot)];
    sheets.extend(next::sheet(customer, snapshot));
    sheets.extend(archive(customer, snapshot));
    sheets.extend(contacts(customer, snapshot));
    sheets.extend(related::sheets(customer, snapshot));
    let others = customer.iter().map(|(field, _)| field).filter(|field| field.is_table() && field.key != "contacts");
    sheets.extend(others.map(|field| tables::of(customer, field, snapshot)));
    sheets
}

fn head(customer: &Record, snapshot: &Snapshot) -> Sheet {
    let computed: Vec<String> = fields::computed(customer).collect();
    let keys = HEAD.iter().copied().chain(computed.iter().map(String::as_str));
    let mut sheet = fields::some("fields", fields::heading(customer), customer, keys, snapshot);
    let found = Completeness::within(customer, snapshot);
    let labelled = |key: &str, label: Label, value| vec![Cell::Label(key.into(), label.into()), value];
    let complete = Cell::share(found.filled(), found.wanted);
    sheet.rows.push(labelled("completeness", Label::new("Complete", "完整度"), complete));
    if !found.missing.is_empty() {
        let labels: Vec<Words> = found.missing.iter().map(|path| field_words(CUSTOMER, path)).collect();
        let missing = Cell::Label(found.missing.join(","), Words::join(&labels, ", ", "、"));
        sheet.rows.push(labelled("missing", Label::new("Missing", "缺少"), missing));
    }
    sheet
}

/// Returns the blocks of the archive in which something stands.
fn archive(customer: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let custom: Vec<String> = fields::custom(customer).collect();
    let placed =
        |field: &Field| HEAD.contains(&field.key) || BLOCKS.iter().any(|(_, _, keys)| keys.contains(&told_as(field)));
    let unplaced = CUSTOMER.fields.iter().filter(|field| !field.is_table() && !placed(field)).map(|field| field.key);
    let unplaced: Vec<&str> = unplaced.chain(custom.iter().map(String::as_str)).collect();
    let last = BLOCKS.len() - 1;
    let blocks = BLOCKS.iter().enumerate().map(|(at, (key, title, keys))| {
        let rest = if at == last { unplaced.as_slice() } else { &[] };
        fields::some(key, (*title).into(), customer, keys.iter().chain(rest).copied(), snapshot)
    });
    blocks.filter(|block| !block.rows.is_empty()).collect()
}

/// Returns the key by which the page tells a field: that of the computed one that covers it, else its own.
fn told_as(field: &Field) -> &'static str {
    Computed::covering(CUSTOMER, field.key).map_or(field.key, |computed| computed.name)
}

/// Returns the people: a table of what is asked first, and below it the rest of what is known of each.
fn contacts(customer: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let Some(table) = CUSTOMER.field("contacts").filter(|_| !customer.rows("contacts").is_empty()) else {
        return Vec::new();
    };
    let told: Vec<&Field> = TOLD.iter().filter_map(|key| CONTACT.iter().find(|field| field.key == *key)).collect();
    let cell = |row: &Row, field: &Field| tables::cell(customer, table, row, field, snapshot);
    let mut sheet = Sheet::new("contacts", table.label.into(), told.iter().map(|field| column(field)).collect());
    let mut more =
        Sheet::new("contact_details", Label::new("More of the contacts", "联系人其他信息").into(), details());
    for row in customer.rows("contacts") {
        sheet.rows.push(told.iter().map(|field| cell(row, field)).collect());
        let name = || Cell::maybe(row.text("name"));
        let rest = row.iter().filter(|(field, _)| !TOLD.contains(&field.key));
        more.rows.extend(
            rest.map(|(field, _)| vec![name(), Cell::Label(field.key.into(), field.label.into()), cell(row, field)]),
        );
        more.rows
            .extend(row.custom().iter().map(|(key, value)| vec![name(), Cell::text(&**key), plain(value, snapshot)]));
    }
    sheet.drop_empty_columns();
    let more = Some(more).filter(|more| !more.rows.is_empty());
    std::iter::once(sheet).chain(more).collect()
}

fn column(field: &Field) -> Column {
    let (ty, weight) = match field.key {
        "name" => (ColumnType::Text, Weight::Main),
        "influence" | "attitude" => (ColumnType::Integer, Weight::Usual),
        _ => (ColumnType::Text, Weight::Usual),
    };
    Column::new(field.key, field.label, ty).weighing(weight)
}

fn details() -> Vec<Column> {
    vec![
        Column::text("contact", "Contact", "联系人"),
        Column::text("field", "Field", "字段"),
        Column::text("value", "Value", "值").weighing(Weight::Main),
    ]
}
