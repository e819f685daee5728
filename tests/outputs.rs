//! Every output format, on one list and one report: what people see at two widths in both languages,
//! what programs read back, and what hostile data cannot do.

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::{DateTime, FixedOffset, NaiveDate};
use kehu::output::{DrawOptions, FORMATS, find_format};
use kehu::record::{Lang, Money, Words};
use kehu::sheet::formula::unguard;
use kehu::sheet::{Cell, Column, ColumnType, Document, Fact, Sheet};
use kehu::words;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::io::Cursor;
use unicode_width::UnicodeWidthStr;

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

#[test]
fn what_is_drawn() {
    let both = |lang, width| {
        let options = options(lang, width);
        draw_list("table", &options) + "\n" + &draw("table", &report(), &options)
    };
    insta::assert_snapshot!(both(Lang::Zh, 80), @r"
    编号          级别 得分 公司名称 联系人  电话          状态   负责人  获取日期
    ------------- ---- ---- -------- ------- ------------- ------ ------- ----------
    LEAD-2026-001 A     100 示例云…  联系人… 13800130001   跟进中 li.ming 2026-03-12
    LEAD-2026-002 B    79.5 Sample … 联系人… 0571-88880002 新建   li.ming 2026-03-13
    LEAD-2026-012 C       2 样例␛[3… 联系人…               已分配 li.ming 2026-03-15

    销售周报
    期间：2026-03-16/2026-03-22
    截至：2026-03-20 09:30

    新增线索（按来源）
    来源      线索数    占比      成交金额  最近线索
    --------  ------  ------  ------------  ----------------
    展会          38   66.7%  1,234,567.50  2026-03-20 09:30
    官网表单      19   33.3%
    --------  ------  ------  ------------  ----------------
    合计          57  100.0%  1,234,567.50
    未计入 2 条无来源线索

    当前逾期
    无

    统计口径
    - 新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母
    ");
    insta::assert_snapshot!(both(Lang::Zh, 40), @r"
    编号      LEAD-2026-001
    级别      A
    得分      100
    公司名称  示例云帆智能制造股份有限公司
    联系人    联系人甲
    电话      13800130001
    状态      跟进中
    负责人    li.ming
    获取日期  2026-03-12

    编号      LEAD-2026-002
    级别      B
    得分      79.5
    公司名称  Sample Harbour Trading Ltd.
    联系人    联系人甲
    电话      0571-88880002
    状态      新建
    负责人    li.ming
    获取日期  2026-03-13

    编号      LEAD-2026-012
    级别      C
    得分      2
    公司名称  样例␛[31m面馆⏎二店
    联系人    联系人甲
    状态      已分配
    负责人    li.ming
    获取日期  2026-03-15

    销售周报
    期间：2026-03-16/2026-03-22
    截至：2026-03-20 09:30

    新增线索（按来源）
    来源      展会
    线索数    38
    占比      66.7%
    成交金额  1,234,567.50
    最近线索  2026-03-20 09:30

    来源      官网表单
    线索数    19
    占比      33.3%

    来源      合计
    线索数    57
    占比      100.0%
    成交金额  1,234,567.50
    未计入 2 条无来源线索

    当前逾期
    无

    统计口径
    - 新增线索：获取日期在期间内的线索，按来
      源统计；占比以全部新增线索为分母
    ");
    insta::assert_snapshot!(both(Lang::En, 80), @r"
    Number        Grade Score Company Contact Phone         Status Owner  Acquired
                                                                          on
    ------------- ----- ----- ------- ------- ------------- ------ ------ ----------
    LEAD-2026-001 A       100 示例云… 联系人… 13800130001   worki… li.mi… 2026-03-12
    LEAD-2026-002 B      79.5 Sample… 联系人… 0571-88880002 new    li.mi… 2026-03-13
    LEAD-2026-012 C         2 样例␛[… 联系人…               assig… li.mi… 2026-03-15

    Weekly report
    Period: 2026-03-16/2026-03-22
    As of: 2026-03-20 09:30

    New leads by source
    Source      Leads   Share    Won amount  Last lead
    ----------  -----  ------  ------------  ----------------
    exhibition     38   66.7%  1,234,567.50  2026-03-20 09:30
    web form       19   33.3%
    ----------  -----  ------  ------------  ----------------
    Total          57  100.0%  1,234,567.50
    2 leads without source are left out

    Overdue now
    none

    Definition
    - New leads: leads whose acquired date lies in the period, by their source; the
      share is of all new leads
    ");
    insta::assert_snapshot!(both(Lang::En, 40), @r"
    Number       LEAD-2026-001
    Grade        A
    Score        100
    Company      示例云帆智能制造股份有限公
                 司
    Contact      联系人甲
    Phone        13800130001
    Status       working
    Owner        li.ming
    Acquired on  2026-03-12

    Number       LEAD-2026-002
    Grade        B
    Score        79.5
    Company      Sample Harbour Trading Ltd.
    Contact      联系人甲
    Phone        0571-88880002
    Status       new
    Owner        li.ming
    Acquired on  2026-03-13

    Number       LEAD-2026-012
    Grade        C
    Score        2
    Company      样例␛[31m面馆⏎二店
    Contact      联系人甲
    Status       assigned
    Owner        li.ming
    Acquired on  2026-03-15

    Weekly report
    Period: 2026-03-16/2026-03-22
    As of: 2026-03-20 09:30

    New leads by source
    Source      exhibition
    Leads       38
    Share       66.7%
    Won amount  1,234,567.50
    Last lead   2026-03-20 09:30

    Source      web form
    Leads       19
    Share       33.3%

    Source      Total
    Leads       57
    Share       100.0%
    Won amount  1,234,567.50
    2 leads without source are left out

    Overdue now
    none

    Definition
    - New leads: leads whose acquired date
      lies in the period, by their source;
      the share is of all new leads
    ");
    insta::assert_snapshot!(draw("plain", &report(), &options(Lang::En, 40)), @r"
    Weekly report
    Period: 2026-03-16/2026-03-22
    As of: 2026-03-20 09:30

    New leads by source
    Source      Leads   Share    Won amount  Last lead
    exhibition     38   66.7%  1,234,567.50  2026-03-20 09:30
    web form       19   33.3%
    Total          57  100.0%  1,234,567.50
    2 leads without source are left out

    Overdue now
    none

    Definition
    - New leads: leads whose acquired date lies in the period, by their source; the share is of all new leads
    ");
    insta::assert_snapshot!(draw("markdown", &report(), &options(Lang::Zh, 80)), @r"
    # 销售周报

    - **期间**：2026-03-16/2026-03-22
    - **截至**：2026-03-20 09:30

    ## 新增线索（按来源）

    | 来源     | 线索数 |       占比 |         成交金额 | 最近线索         |
    | -------- | -----: | ---------: | ---------------: | ---------------- |
    | 展会     |     38 |      66.7% |     1,234,567.50 | 2026-03-20 09:30 |
    | 官网表单 |     19 |      33.3% |                  |                  |
    | **合计** | **57** | **100.0%** | **1,234,567.50** |                  |

    未计入 2 条无来源线索

    ## 当前逾期

    无

    ## 统计口径

    - 新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母
    ");
    insta::assert_snapshot!(draw("csv", &report(), &options(Lang::Zh, 80)), @r"
    报表,销售周报
    期间,2026-03-16/2026-03-22
    截至,2026-03-20T09:30:00+08:00

    新增线索（按来源）
    来源,线索数,占比,成交金额,最近线索
    展会,38,0.6667,1234567.50,2026-03-20T09:30:00+08:00
    官网表单,19,0.3333,,
    合计,57,1,1234567.50,

    当前逾期
    编号,级别,得分,公司名称,联系人,电话,状态,负责人,获取日期

    统计口径
    新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母
    ");
    insta::assert_snapshot!(draw("jsonl", &report(), &options(Lang::Zh, 80)), @r#"
    {"schema":"kehu.report","version":1,"report":"weekly","facts":{"period":"2026-03-16/2026-03-22","as_of":"2026-03-20T09:30:00+08:00"},"definition":["新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母"]}
    {"section":"sources","row":{"source":"exhibition","leads":38,"share":0.6667,"amount":"1234567.50","last":"2026-03-20T09:30:00+08:00"}}
    {"section":"sources","row":{"source":"web_form","leads":19,"share":0.3333,"amount":null,"last":null}}
    {"section":"sources","total":{"source":"total","leads":57,"share":1,"amount":"1234567.50","last":null}}
    "#);
}

#[test]
fn bold_only_where_colour_is_wanted() {
    let colored = DrawOptions { color: true, ..options(Lang::Zh, 80) };
    let text = draw("table", &report(), &colored);
    assert!(text.starts_with("\u{1b}[1m销售周报\u{1b}[0m\n"), "{text:?}");
    assert!(text.contains("\u{1b}[1m成交金额\u{1b}[0m"), "{text:?}");
    let plain = text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    assert_eq!(plain, draw("table", &report(), &options(Lang::Zh, 80)), "colour adds nothing but itself");
    assert!(!draw("plain", &report(), &colored).contains('\u{1b}'));
}

#[test]
fn data_cannot_command_the_terminal() {
    let mut document = report();
    let wild = "a\u{1b}]0;x\u{7}\r\nb\u{9b}2J\u{202e}c\u{7f}\td";
    document.title = Words::same(wild);
    document.facts[0].value = Cell::text(wild);
    document.sheets[0].title = Words::same(wild);
    document.sheets[0].columns[1].label = Words::same(wild);
    document.sheets[0].rows[0][0] = Cell::text(wild);
    document.sheets[0].notes.push(Words::same(wild));
    document.definition.push(Words::same(wild));
    for name in ["table", "plain", "markdown", "html", "json", "jsonl"] {
        let text = draw(name, &document, &options(Lang::En, 40));
        let found = text.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(found, None, "{name}: {text:?}");
    }
}

#[test]
fn csv_for_excel_runs_no_formula() {
    let mut sheet = Sheet::new("x", Words::default(), Vec::new());
    sheet.columns.push(Column::new("a", Words::same("=cmd"), ColumnType::Text));
    sheet.columns.push(Column::new("b", Words::same("b"), ColumnType::Money));
    for text in ["=1+1", "+14155552671", "-x", "@SUM(A1)", "\t=1", "\r=1", "＝1", "a=1", ""] {
        sheet.rows.push(vec![Cell::text(text), yuan("-5")]);
    }
    let mut bytes = Vec::new();
    let excel = DrawOptions { excel: true, ..options(Lang::En, 80) };
    find_format("csv").unwrap().draw_sheet(sheet, &excel, &mut bytes).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "\u{feff}'=cmd,b\r\n'=1+1,-5.00\r\n'+14155552671,-5.00\r\n'-x,-5.00\r\n'@SUM(A1),-5.00\r\n'\t=1,-5.00\r\n\
         \"'\r=1\",-5.00\r\n'＝1,-5.00\r\na=1,-5.00\r\n,-5.00\r\n"
    );
}

#[test]
fn no_csv_runs_a_formula_and_an_import_reads_the_texts() {
    let texts = ["=1+1", "@x", "-2+3", "+86 138-0013-8000", "-5.00", "\t=1", "'=kept", "甲公司"];
    let mut sheet = Sheet::new("x", Words::default(), Vec::new());
    sheet.columns.push(Column::new("a", Words::same("=cmd"), ColumnType::Text));
    sheet.columns.push(Column::new("b", Words::same("备注"), ColumnType::Text));
    sheet.rows = texts.iter().map(|text| vec![Cell::text(*text), Cell::List(vec!["=a".into(), "b".into()])]).collect();
    for (name, excel) in [("csv", false), ("csv", true), ("tsv", false), ("tsv", true)] {
        let mut bytes = Vec::new();
        let options = DrawOptions { excel, ..options(Lang::En, 80) };
        find_format(name).unwrap().draw_sheet(sheet.clone(), &options, &mut bytes).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let runs = |cell: &str| cell.trim_start_matches('"').starts_with(['=', '@', '\t', '＝']);
        let mark = if name == "csv" { ',' } else { '\t' };
        assert!(
            !text.trim_start_matches('\u{feff}').split('\n').any(|line| line.split(mark).next().is_some_and(runs)),
            "{text}"
        );
        assert_eq!(text.contains("'+86"), excel, "a telephone number stays as it is where no program is to open it");
        let input = kehu::import::Input { name: &format!("x.{name}"), bytes: &bytes };
        let table = kehu::import::read_table(&input, &kehu::import::ReadOptions::default()).unwrap();
        let read: Vec<_> = table.rows.iter().map(|row| row.cell(0).display().into_owned()).collect();
        assert_eq!((table.headers[0].text.as_str(), read), ("=cmd", texts.map(String::from).to_vec()), "{text}");
    }
}

#[test]
fn json_is_typed_and_speaks_no_language() {
    let value =
        |lang| -> serde_json::Value { serde_json::from_str(&draw("json", &report(), &options(lang, 80))).unwrap() };
    let (en, zh) = (value(Lang::En), value(Lang::Zh));
    assert_eq!(en["schema"], "kehu.report");
    assert_eq!(en["version"], 1);
    assert_eq!(en["report"], "weekly");
    assert_eq!(en["facts"]["as_of"], "2026-03-20T09:30:00+08:00");
    let section = &en["sections"][0];
    assert_eq!(section["columns"][2], serde_json::json!({ "key": "share", "label": "Share", "type": "ratio" }));
    let row = serde_json::json!({
        "source": "exhibition", "leads": 38, "share": 0.6667, "amount": "1234567.50", "last": "2026-03-20T09:30:00+08:00"
    });
    assert_eq!(section["rows"][0], row);
    assert_eq!(section["rows"][1]["amount"], serde_json::Value::Null);
    assert_eq!(section["total"]["share"], 1);
    for key in ["rows", "total", "key"] {
        assert_eq!(section[key], zh["sections"][0][key]);
    }
    assert_eq!(en["facts"], zh["facts"]);
}

#[test]
fn a_workbook_reads_back_typed() {
    let bytes = draw_bytes("xlsx", &report(), &options(Lang::Zh, 80));
    assert_eq!(bytes, draw_bytes("xlsx", &report(), &options(Lang::Zh, 80)), "same input, same bytes");
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["概要", "新增线索（按来源）", "当前逾期"]);
    let sheet = book.worksheet_range("新增线索（按来源）").unwrap();
    let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(cell(0, 3), Data::String("成交金额".into()));
    assert_eq!(cell(1, 0), Data::String("展会".into()));
    assert_eq!(cell(1, 1), Data::Float(38.0));
    assert_eq!(cell(1, 2), Data::Float(0.666667));
    assert_eq!(cell(1, 3), Data::Float(1_234_567.5));
    assert_eq!(cell(1, 4).as_datetime().unwrap().to_string(), "2026-03-20 09:30:00");
    assert_eq!(cell(2, 3), Data::Empty);
    assert_eq!(cell(3, 0), Data::String("合计".into()));
    assert_eq!(cell(5, 0), Data::String("未计入 2 条无来源线索".into()));
    let summary = book.worksheet_range("概要").unwrap();
    assert_eq!(summary.get_value((0, 0)), Some(&Data::String("销售周报".into())));
    assert_eq!(summary.get_value((3, 1)).unwrap().as_datetime().unwrap().to_string(), "2026-03-20 09:30:00");
}

#[test]
fn a_workbook_takes_texts_as_texts() {
    let mut sheet = leads();
    let texts = ["=1+1", "+14155552671", "https://example.com", "_x0041_", "007", "a\u{1}b", "{=1}"];
    sheet.rows = texts
        .iter()
        .map(|text| vec![Cell::text(*text), Cell::Date(NaiveDate::MIN), yuan("9999999999999999.99")])
        .collect();
    sheet.rows.push(vec![Cell::text("长".repeat(40_000))]);
    let mut bytes = Vec::new();
    find_format("xlsx").unwrap().draw_sheet(sheet, &options(Lang::En, 80), &mut bytes).unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["List"]);
    assert!(book.worksheet_formula("List").unwrap().is_empty());
    let sheet = book.worksheet_range("List").unwrap();
    for (at, text) in (1..).zip(texts) {
        assert_eq!(sheet.get_value((at, 0)), Some(&Data::String(text.into())));
    }
    assert_eq!(sheet.get_value((1, 1)), Some(&Data::String(NaiveDate::MIN.to_string())));
    assert_eq!(sheet.get_value((1, 2)), Some(&Data::String("9,999,999,999,999,999.99".into())), "digits are not lost");
    assert!(sheet.get_value((8, 0)).unwrap().to_string().ends_with("长…"));
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        any::<String>().prop_map(Cell::Text),
        "[a-z\u{4e00}-\u{4e20} =+\"',|\\r\\n\\t\u{1b}]{0,40}".prop_map(Cell::Text),
        (any::<String>(), any::<String>()).prop_map(|(key, label)| Cell::Label(key, Words::same(label))),
        any::<i64>().prop_map(Cell::Integer),
        any::<[u8; 16]>().prop_map(|bytes| Cell::Decimal(Decimal::deserialize(bytes))),
        any::<[u8; 16]>().prop_map(|bytes| Cell::Ratio(Decimal::deserialize(bytes))),
        any::<[u8; 16]>().prop_map(|bytes| Cell::Money(Money(Decimal::deserialize(bytes)))),
        any::<i32>().prop_map(|n| Cell::Date(NaiveDate::from_num_days_from_ce_opt(n / 25).unwrap_or(NaiveDate::MAX))),
        any::<i64>()
            .prop_map(|n| Cell::Moment(DateTime::from_timestamp(n >> 22, 0).unwrap_or_default().fixed_offset())),
        any::<bool>().prop_map(Cell::Flag),
        prop::collection::vec(any::<String>(), 0..3).prop_map(Cell::List),
    ]
}

fn any_sheet() -> impl Strategy<Value = Sheet> {
    let types = prop::sample::select(vec![ColumnType::Text, ColumnType::Money, ColumnType::Ratio, ColumnType::Date]);
    let columns = prop::collection::vec((any::<String>(), types), 0..5);
    let rows = prop::collection::vec(prop::collection::vec(any_cell(), 0..6), 0..6);
    (any::<String>(), columns, rows, prop::option::of(prop::collection::vec(any_cell(), 0..6))).prop_map(
        |(title, columns, rows, total)| {
            let columns =
                (0..).zip(columns).map(|(at, (label, ty))| Column::new(format!("c{at}"), Words::same(label), ty));
            Sheet { rows, total, ..Sheet::new("any", Words::same(title), columns.collect()) }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_format_panics(sheets in prop::collection::vec(any_sheet(), 0..3), width in prop::option::of(0usize..140), excel: bool) {
        let document = Document { sheets, ..report() };
        let options = DrawOptions { width, excel, ..options(Lang::Zh, 80) };
        for format in FORMATS {
            let (mut once, mut twice) = (Vec::new(), Vec::new());
            (format.draw_document)(&document, &options, &mut once).unwrap();
            (format.draw_document)(&document, &options, &mut twice).unwrap();
            prop_assert!(once == twice, "{} is not reproducible", format.name);
            prop_assert!(format.binary || String::from_utf8(once).is_ok());
        }
    }

    #[test]
    fn csv_and_tsv_read_back(texts in prop::collection::vec(prop::collection::vec(any::<String>(), 3), 0..6)) {
        let columns = ["a", "b", "c"].map(|key| Column::new(key, Words::same(key), ColumnType::Text));
        let mut sheet = Sheet::new("x", Words::default(), columns.to_vec());
        sheet.rows = texts.iter().map(|row| row.iter().map(Cell::text).collect()).collect();
        for (name, delimiter) in [("csv", b','), ("tsv", b'\t')] {
            let mut bytes = Vec::new();
            find_format(name).unwrap().draw_sheet(sheet.clone(), &options(Lang::En, 80), &mut bytes).unwrap();
            let read: Vec<Vec<String>> = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&bytes[..])
                .records().map(|record| record.unwrap().iter().map(|text| unguard(text).to_string()).collect()).collect();
            prop_assert_eq!(&read, &texts);
        }
    }

    #[test]
    fn a_table_fits_the_terminal(names in prop::collection::vec("[a-z \u{4e00}-\u{4e40}]{0,60}", 1..6), width in 20usize..120) {
        let mut sheet = leads();
        sheet.rows = names.iter().map(|name| { let mut row = leads().rows[0].clone(); row[3] = Cell::text(name); row }).collect();
        let mut bytes = Vec::new();
        find_format("table").unwrap().draw_sheet(sheet, &options(Lang::Zh, width), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for line in text.lines().filter(|_| width >= 30) {
            prop_assert!(line.width() <= width, "{} > {width}: {line}", line.width());
        }
        prop_assert_eq!(text.matches("LEAD-2026-001").count(), names.len());
        prop_assert_eq!(text.matches("13800130001").count(), names.len(), "numbers are whole");
    }
}
