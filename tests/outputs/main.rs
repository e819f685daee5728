//! Every output format, on one list and one report: what people see at two widths in both languages,
//! what programs read back, and what hostile data cannot do.

mod any_sheet;
mod drawn;
mod guarded;
mod typed;

use chrono::{DateTime, FixedOffset, NaiveDate};
use kehu::output::{DrawOptions, find_format};
use kehu::record::{Lang, Money, Words};
use kehu::sheet::{Cell, Column, ColumnType, Document, Fact, Sheet};
use kehu::words;
use rust_decimal::Decimal;

fn moment() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-20T09:30:00+08:00").unwrap()
}

fn options(lang: Lang, width: usize) -> DrawOptions {
    DrawOptions { lang, width: Some(width), color: false, excel: false, now: moment() }
}

fn day(text: &str) -> Cell {
    Cell::Date(text.parse::<NaiveDate>().unwrap())
}

fn yuan(text: &str) -> Cell {
    Cell::Money(Money::parse(text).unwrap())
}

fn leads() -> Sheet {
    let columns = vec![
        Column::new("number", words!("Number", "编号"), ColumnType::Text),
        Column::new("grade", words!("Grade", "级别"), ColumnType::Text),
        Column::new("score", words!("Score", "得分"), ColumnType::Decimal),
        Column::new("company", words!("Company", "公司名称"), ColumnType::Text),
        Column::new("contact_name", words!("Contact", "联系人"), ColumnType::Text),
        Column::new("phone", words!("Phone", "电话"), ColumnType::Text),
        Column::new("status", words!("Status", "状态"), ColumnType::Text),
        Column::new("owner", words!("Owner", "负责人"), ColumnType::Text),
        Column::new("acquired_on", words!("Acquired on", "获取日期"), ColumnType::Date),
    ];
    let mut sheet = Sheet::new("leads", Words::default(), columns);
    let row = |seq: u32, grade: &str, score: i64, company: &str, phone: &str, status: (&str, Words), on: &str| {
        vec![
            Cell::text(format!("LEAD-2026-{seq:03}")),
            Cell::text(grade),
            Cell::Decimal(Decimal::new(score, 1)),
            Cell::text(company),
            Cell::text("联系人甲"),
            Cell::text(phone),
            Cell::Label(status.0.into(), status.1),
            Cell::text("li.ming"),
            day(on),
        ]
    };
    sheet.rows = vec![
        row(
            1,
            "A",
            1000,
            "示例云帆智能制造股份有限公司",
            "13800130001",
            ("working", words!("working", "跟进中")),
            "2026-03-12",
        ),
        row(2, "B", 795, "Sample Harbour Trading Ltd.", "0571-88880002", ("new", words!("new", "新建")), "2026-03-13"),
        row(12, "C", 20, "样例\u{1b}[31m面馆\n二店", "", ("assigned", words!("assigned", "已分配")), "2026-03-15"),
    ];
    sheet.rows[2][5] = Cell::Empty;
    sheet
}

fn report() -> Document {
    let columns = vec![
        Column::new("source", words!("Source", "来源"), ColumnType::Text),
        Column::new("leads", words!("Leads", "线索数"), ColumnType::Integer),
        Column::new("share", words!("Share", "占比"), ColumnType::Ratio),
        Column::new("amount", words!("Won amount", "成交金额"), ColumnType::Money),
        Column::new("last", words!("Last lead", "最近线索"), ColumnType::Moment),
    ];
    let mut sources = Sheet::new("sources", words!("New leads by source", "新增线索（按来源）"), columns);
    let exhibition = Cell::Label("exhibition".into(), words!("exhibition", "展会"));
    let form = Cell::Label("web_form".into(), words!("web form", "官网表单"));
    sources.rows = vec![
        vec![exhibition, Cell::Integer(38), Cell::share(38, 57), yuan("1234567.5"), Cell::Moment(moment())],
        vec![form, Cell::Integer(19), Cell::share(19, 57), Cell::Empty, Cell::Empty],
    ];
    let total = Cell::Label("total".into(), words!("Total", "合计"));
    sources.total = Some(vec![total, Cell::Integer(57), Cell::share(57, 57), yuan("1234567.5"), Cell::Empty]);
    sources.notes = vec![words!("2 leads without source are left out", "未计入 2 条无来源线索")];
    let mut overdue = Sheet::new("overdue", words!("Overdue now", "当前逾期"), leads().columns);
    overdue.rows = Vec::new();
    Document {
        name: "weekly".into(),
        title: words!("Weekly report", "销售周报"),
        facts: vec![
            Fact::new("period", words!("Period", "期间"), Cell::text("2026-03-16/2026-03-22")),
            Fact::new("as_of", words!("As of", "截至"), Cell::Moment(moment())),
        ],
        sheets: vec![sources, overdue],
        definition: vec![words!(
            "New leads: leads whose acquired date lies in the period, by their source; the share is of all new leads",
            "新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母"
        )],
    }
}

fn draw(name: &str, document: &Document, options: &DrawOptions) -> String {
    String::from_utf8(draw_bytes(name, document, options)).unwrap()
}

fn draw_bytes(name: &str, document: &Document, options: &DrawOptions) -> Vec<u8> {
    let mut bytes = Vec::new();
    (find_format(name).unwrap().draw_document)(document, options, &mut bytes).unwrap();
    bytes
}

fn draw_list(name: &str, options: &DrawOptions) -> String {
    let mut bytes = Vec::new();
    find_format(name).unwrap().draw_sheet(leads(), options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}
