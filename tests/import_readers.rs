//! Readers, headings, mappings and values on files made here, and on the sample tables where they are.

use kehu::import::*;
use kehu::record::date::DateOrder;
use kehu::record::dictionary::{Entries, Entry};
use kehu::record::input::Reading;
use kehu::record::{CUSTOMER, Dictionary, Kind, LEAD, PRODUCT, USER, Value, Words};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};
use std::path::PathBuf;

/// The keys the examples use, by dictionary, each with further names.
const KEYS: &[(&str, &str)] = &[
    ("lead_status", "new=新建 assigned working=跟进中 qualified converted=已转化 disqualified nurture"),
    (
        "source",
        "marketing search_ads=搜索引擎广告 social exhibition=展会 online_ads referral=转介绍 customer=老客户 partner employee inbound=自主咨询 web_form=官网表单 hotline other=其他 cold_call=陌拜",
    ),
    (
        "industry",
        "manufacturing=制造业 it=IT服务 finance education leasing_business public_administration health wholesale_retail=零售业 resident_services culture",
    ),
    ("size", "large=大型 medium=中型 small=小型"),
    ("urgency", "within_3_months=3个月内 3_to_6_months later"),
    ("decision_chain", "confirmed to_be_confirmed vague=未知"),
    ("disqualify_reason", "fake other"),
    ("customer_type", "potential=潜在 intent=意向 won=成交 churned"),
    ("customer_category", "B2B=企业 B2C"),
    ("customer_level", "high mid low"),
    ("role", "sales admin"),
    ("tag", "high_potential=高潜力"),
];

fn dictionary() -> Dictionary {
    let mut dictionary = Dictionary::default();
    for (name, keys) in KEYS {
        let entries = keys.split(' ').map(|text| {
            let (key, label) = text.split_once('=').unwrap_or((text, text));
            Entry { key: key.into(), label: Words::same(label), ..Entry::default() }
        });
        dictionary.entries.insert((*name).into(), Entries::new(entries.collect()));
    }
    dictionary
}

fn reading(dictionary: &Dictionary) -> Reading<'_> {
    Reading { dictionary, country: "CN", zone: chrono_tz::Asia::Shanghai, order: DateOrder::Unstated }
}

fn read_as(name: &str, bytes: &[u8], kind: Kind) -> Table {
    let options = ReadOptions { kind: Some(kind), ..ReadOptions::default() };
    read_table(&Input { name, bytes }, &options).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn read(name: &str, text: &str) -> Table {
    read_as(name, text.as_bytes(), LEAD)
}

fn map_all(kind: Kind, table: &Table, mapping: &str, new_keys: NewKeys) -> Vec<Mapped> {
    let dictionary = dictionary();
    let mapping = Mapping::parse(mapping, "test.toml", Some(kind)).unwrap_or_else(|e| panic!("{e:#?}"));
    let options = MapOptions { unknown: Unknown::Keep, new_keys, ..MapOptions::new(reading(&dictionary)) };
    let mapper = Mapper::new(kind, table, &mapping, options).unwrap_or_else(|e| panic!("{e}"));
    table.rows.iter().map(|row| mapper.map_row(row)).collect()
}

fn map_one(kind: Kind, text: &str, mapping: &str) -> Mapped {
    map_all(kind, &read_as("x.csv", text.as_bytes(), kind), mapping, NewKeys::Refuse).remove(0)
}

/// Returns the fields, custom fields and problem codes of a row as one text.
fn shown(mapped: &Mapped) -> String {
    let value = |value: &Value| match value {
        Value::Text(text) => text.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Money(money) => money.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Texts(texts) => texts.join("+"),
        other => format!("{other:?}"),
    };
    let mut parts: Vec<String> = mapped.row.iter().map(|(field, v)| format!("{}={}", field.key, value(v))).collect();
    if let Some(contact) = &mapped.contact {
        parts.extend(contact.iter().map(|(field, v)| format!("contact.{}={}", field.key, value(v))));
    }
    parts.extend(mapped.custom.iter().map(|(key, v)| format!("[{key}]={}", value(v))));
    parts.extend(mapped.problems.iter().map(|p| format!("!{}:{}", p.code, p.field.as_deref().unwrap_or("-"))));
    parts.join(" ")
}

fn sample(path: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    ["../shared/data", "../../shared/data"].iter().find_map(|data| std::fs::read(root.join(data).join(path)).ok())
}

fn example(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/import").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Maps a sample table by the example mapping; nothing where the samples are absent.
fn import_sample(path: &str, mapping: &str, kind: Kind) -> Option<Vec<Mapped>> {
    let bytes = sample(path)?;
    let text = example(mapping);
    let parsed = Mapping::parse(&text, mapping, Some(kind)).unwrap_or_else(|e| panic!("{e:#?}"));
    let options = parsed.read_options(ReadOptions { kind: Some(kind), ..ReadOptions::default() });
    let table = read_table(&Input { name: path, bytes: &bytes }, &options).unwrap_or_else(|e| panic!("{e}"));
    Some(map_all(kind, &table, &text, NewKeys::Refuse))
}

#[test]
fn accounts_that_lost_digits_are_refused() {
    let read = |heading: &str, cell: &str| shown(&map_one(CUSTOMER, &format!("客户名称,{heading}\n甲,{cell}\n"), ""));
    assert_eq!(read("统一社会信用代码", "9.11101081234567E+17"), "name=甲 !digits-lost:credit_code");
    let wechat = |cell: &str| shown(&map_one(LEAD, &format!("公司名称,微信\n甲,{cell}\n"), ""));
    assert_eq!(wechat("1.2345E+8"), "company=甲 !digits-lost:wechat");
    assert_eq!(wechat("1.23456789E+8"), "company=甲 wechat=123456789");
    assert_eq!(wechat("wx_1e10"), "company=甲 wechat=wx_1e10");
}

#[test]
fn values_of_a_chinese_lead() {
    let text = "公司名称,联系人,电话,手机,省,市,预算,员工人数,预计采购时间,来源,日期\n\
                甲公司,王伟,0571-88888888,13800138000/13900139000,浙江,杭州,10-20万,500人以上,3个月内,展会,2026年3月5日\n";
    assert_eq!(
        shown(&map_one(LEAD, text, "")),
        "company=甲公司 contact_name=王伟 phone=13800138000 other_phones=0571-88888888+13900139000 region=浙江 杭州 size=large \
         urgency=within_3_months budget_min=100000.00 budget_max=200000.00 source=展会 acquired_on=2026-03-05"
            .replace("source=展会", "source=exhibition")
    );
}

#[test]
fn a_second_phone_stands_in_and_nothing_is_lost() {
    let text = |phone: &str, mobile: &str| format!("公司名称,电话,手机\n甲,{phone},{mobile}\n");
    let read = |phone, mobile| shown(&map_one(LEAD, &text(phone, mobile), ""));
    assert_eq!(read("", "13800138000"), "company=甲 phone=13800138000");
    assert_eq!(read("0571-88888888", "13800138000"), "company=甲 phone=13800138000 other_phones=0571-88888888");
    assert_eq!(read("13800138000", "138 0013 8000"), "company=甲 phone=13800138000");
    assert_eq!(read("13800138000/13900139000", ""), "company=甲 phone=13800138000 other_phones=13900139000");
    assert_eq!(read("1.3800138000E+10", ""), "company=甲 phone=13800138000");
    assert_eq!(read("1.3800138E+10", ""), "company=甲 !phone-format:phone");
    let rounded = map_one(LEAD, &text("1.3800138E+10", ""), "").problems.remove(0);
    assert!(rounded.mend.is_some_and(|mend| mend.zh.starts_with("位数已在表格中丢失")));
    assert_eq!(read("1.38E+10", ""), "company=甲 !phone-format:phone");
    assert_eq!(
        read("1380013800", "0571-88888888"),
        "company=甲 phone=0571-88888888 other_phones=1380013800 !phone-format:phone"
    );
    assert_eq!(read("", "1380013800"), "company=甲 !phone-format:phone");
    assert_eq!(read("微信：abc", ""), "company=甲 wechat=abc !moved-wechat:wechat");
    let bad = map_one(LEAD, &text("", "1380013800"), "").problems.remove(0);
    assert_eq!(bad.mend.map(|mend| mend.zh), Some("该号码共 10 位".into()));
    let contact = "客户名称,联系人,手机,座机\n甲,王某,13800138000,0571-88888888\n";
    assert_eq!(
        shown(&map_one(CUSTOMER, contact, "")),
        "name=甲 contact.name=王某 contact.work_phone=13800138000 contact.other_phones=0571-88888888"
    );
    assert_eq!(
        shown(&map_one(CUSTOMER, contact, "[columns]\n\"contacts.work_phone\" = [\"手机\", \"座机\"]")),
        shown(&map_one(CUSTOMER, contact, ""))
    );
}

#[test]
fn dates_are_proven_by_the_column_or_refused() {
    let dates = |rows: &str, mapping: &str| -> Vec<String> {
        let table = read("x.csv", &format!("公司名称,日期\n{rows}"));
        map_all(LEAD, &table, mapping, NewKeys::Refuse).iter().map(shown).collect()
    };
    assert_eq!(
        dates("a,3/5/2026\nb,3/25/2026\n", ""),
        ["company=a acquired_on=2026-03-05", "company=b acquired_on=2026-03-25"]
    );
    assert_eq!(dates("a,3/5/2026\n", ""), ["company=a !date-order:acquired_on"]);
    assert_eq!(dates("a,3/5/2026\n", "date_order = \"day_first\""), ["company=a acquired_on=2026-05-03"]);
    assert_eq!(dates("a,05.03.26\n", "date_format = \"%d.%m.%y\""), ["company=a acquired_on=2026-03-05"]);
    assert_eq!(
        dates("a,46086\nb,\"15 Apr, 2021 00:03:00\"\n", ""),
        ["company=a acquired_on=2026-03-05", "company=b acquired_on=2021-04-15"]
    );
    assert_eq!(dates("a,2026-02-30\n", ""), ["company=a !date-format:acquired_on"]);
}

#[test]
fn blanks_and_unknown_keys() {
    let text = "公司名称,行业,决策链,备注,来源\n甲,无,未知,无,火星\n";
    assert_eq!(shown(&map_one(LEAD, text, "")), "company=甲 decision_chain=vague remark=无 !unknown-key:source");
    assert_eq!(shown(&map_one(LEAD, text, "blank = [\"无\", \"火星\"]")), "company=甲 decision_chain=vague");
    let table = read("x.csv", "公司名称,来源\n甲,Cold Mail\n");
    let mapped = map_all(LEAD, &table, "", NewKeys::Add).remove(0);
    assert_eq!(shown(&mapped), "company=甲 source=cold_mail");
    assert_eq!(mapped.new_keys, [NewKey { dictionary: "source", key: "cold_mail".into(), label: "Cold Mail".into() }]);
}

#[test]
fn customers_have_their_contact() {
    let text = "客户编号,客户名称,姓,名,职位,手机,邮箱,客户类型\nC001,甲,王,伟,经理,13800138000,w@example.com,成交\n";
    assert_eq!(
        shown(&map_one(CUSTOMER, text, "")),
        "type=won name=甲 contact.name=王伟 contact.title=经理 contact.work_phone=13800138000 \
         contact.email=w@example.com [客户编号]=C001"
    );
    let text = "number,name,type\nB2B-2026-001,甲,won\n";
    assert_eq!(map_one(CUSTOMER, text, "").number.as_deref(), Some("B2B-2026-001"));
}

#[test]
fn a_mapping_says_it_all() {
    let mapping = r#"
others = "ignore"
on_invalid = "keep"
skip = ["State = test"]
keep = ["Score"]
[columns]
company = "Account"
contact_name = ["First", "Last"]
phone = "Tel"
status = "State"
[set]
region = "{City}, {Land}"
source = "other"
[default]
remark = "imported"
[values.status]
"in touch" = "working"
[[if]]
when = ["State ~ bad"]
set = { status = "disqualified", disqualify_reason = "fake" }
"#;
    let text = "Account,First,Last,Tel,State,City,Land,Score,Junk\nA,Ann,Lee,12,In Touch,Rome,,7,x\nB,,,,test,,,,\n\
                C,伟,王,13800138000,very bad,,,,\n";
    let rows = map_all(LEAD, &read("x.csv", text), mapping, NewKeys::Refuse);
    assert_eq!(
        shown(&rows[0]),
        "status=working company=A contact_name=Ann Lee region=Rome, source=other remark=imported [phone]=12 [Score]=7 !phone-format:phone"
    );
    assert!(!rows[0].is_rejected() && rows[1].skipped.is_some());
    assert_eq!(
        shown(&rows[2]),
        "status=disqualified company=C contact_name=王伟 phone=13800138000 source=other disqualify_reason=fake remark=imported"
    );
    let wrong = Mapping::parse("[columns]\ncompany = \"Nope\"", "m", Some(LEAD)).unwrap();
    let dictionary = dictionary();
    let failure = Mapper::new(LEAD, &read("x.csv", text), &wrong, MapOptions::new(reading(&dictionary))).err().unwrap();
    assert!(failure.message.en.contains("`Nope`"), "{failure}");
}

#[test]
fn when_a_purchase_is_expected() {
    let read = |text: &str| {
        shown(&map_one(LEAD, &format!("公司名称,预计采购日期\n甲,{text}\n"), "")).replacen("company=甲 ", "", 1)
    };
    for (text, expected) in [
        ("2026年12月", "expected_on=2026-12-31"),
        ("2027年3月上旬", "expected_on=2027-03-10"),
        ("2027年2月中旬", "expected_on=2027-02-20"),
        ("2026年11月底", "expected_on=2026-11-30"),
        ("2028年6月", "expected_on=2028-06-30"),
        ("2027/3", "expected_on=2027-03-31"),
        ("三个月内", "urgency=within_3_months"),
        ("半年内", "urgency=3_to_6_months [预计采购日期]=半年内"),
        ("3月5日", "!date-format:expected_on"),
        ("明年2月", "!date-format:expected_on"),
        ("尽快", "!date-format:expected_on"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    let yearless = map_one(LEAD, "公司名称,预计采购日期\n甲,3月5日\n", "").problems.remove(0);
    assert_eq!(yearless.message.zh, "预计采购日期“3月5日”缺少年份");
}

#[test]
fn a_band_is_kept_where_the_size_says_less() {
    let read = |size: &str, staff: &str| {
        shown(&map_one(LEAD, &format!("公司名称,规模,员工\n甲,{size},{staff}\n"), "[columns]\nstaff = \"员工\""))
    };
    assert_eq!(read("", "500人以上"), "company=甲 size=large");
    assert_eq!(read("", "50-100人"), "company=甲 size=small [员工]=50-100人");
    assert_eq!(read("100-200人", ""), "company=甲 size=small [规模]=100-200人");
    assert_eq!(read("large", "300-499人"), "company=甲 size=large [员工]=300-499人");
}

#[test]
fn a_shifted_row_is_refused() {
    assert_eq!(map_one(LEAD, "公司名称,备注\n甲,a,b\n", "").problems[0].code, "too-many-cells");
    assert!(map_one(LEAD, "公司名称,备注\n甲,a,,\n", "").problems.is_empty());
}

/// Makes a workbook with a title, merged headings, typed cells, a hidden sheet and far-away cells.
fn workbook(far: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().set_hidden(true);
    let sheet = book.add_worksheet().set_name("线索").unwrap().set_active(true);
    sheet.set_first_tab(true);
    let plain = CellFormat::new();
    let day = CellFormat::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let time = CellFormat::new().set_num_format("hh:mm");
    sheet.merge_range(0, 0, 0, 6, "2026 年线索登记", &plain).unwrap();
    sheet.merge_range(1, 0, 2, 0, "公司名称*", &plain).unwrap();
    sheet.merge_range(1, 1, 1, 2, "联系方式", &plain).unwrap();
    for (column, text) in [(1, "姓名"), (2, "电话"), (3, "获取日期"), (4, "是否上市"), (5, "行业"), (6, "时间")]
    {
        sheet.write(2, column, text).unwrap();
    }
    sheet.write(3, 0, "甲公司").unwrap();
    sheet.write(3, 1, "王伟").unwrap();
    sheet.write(3, 2, 13_800_138_000f64).unwrap();
    sheet.write_with_format(3, 3, ExcelDateTime::from_ymd(2026, 3, 5).unwrap(), &day).unwrap();
    sheet.write(3, 4, true).unwrap();
    sheet.write_formula(3, 5, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.write_with_format(3, 6, 0.5, &time).unwrap();
    if far {
        sheet.write(1_048_575, 16_383, "x").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn an_xlsx_with_everything() {
    let table = read_as("x.csv", &workbook(false), LEAD);
    assert_eq!((table.format, table.sheet.as_deref(), table.header_row), (Format::Xlsx, Some("线索"), Some(3)));
    let names: Vec<&str> = table.headers.iter().map(|h| h.text.as_str()).collect();
    assert_eq!(names, ["公司名称", "姓名", "电话", "获取日期", "是否上市", "行业", "时间"]);
    assert!(table.notes[0].en.contains("named csv"), "{:?}", table.notes);
    let rows = map_all(LEAD, &table, "", NewKeys::Refuse);
    assert_eq!(
        shown(&rows[0]),
        "company=甲公司 contact_name=王伟 phone=13800138000 listed=Flag(true) acquired_on=2026-03-05 [时间]=12:00:00"
    );
}

#[test]
fn sheets_are_chosen_by_name_or_number() {
    let bytes = workbook(false);
    let choose = |sheet: &str| {
        let options = ReadOptions { sheet: Some(sheet.into()), kind: Some(LEAD), ..ReadOptions::default() };
        read_table(&Input { name: "x.xlsx", bytes: &bytes }, &options)
    };
    assert!(choose("线索").is_ok() && choose("2").is_ok());
    let failure = choose("3").unwrap_err();
    assert!(failure.hints[0].en.contains("`线索`"), "{failure:?}");
    assert!(choose("说明").is_err(), "an empty sheet has no headings");
}

#[test]
fn far_away_cells_do_not_take_the_memory() {
    let table = read_as("x.xlsx", &workbook(true), LEAD);
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.rows[1].number, 1_048_576);
}

/// Makes an ods workbook from the rows of one table and the styles before it.
fn ods(table: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_string()),
        ("META-INF/manifest.xml", "<manifest/>".to_string()),
        (
            "content.xml",
            format!(
                "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>{table}"
            ),
        ),
    ];
    for (name, text) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn an_ods_with_repeats_dates_and_a_hidden_sheet() {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let table = format!(
        "<style:style style:name=\"h\"><style:table-properties table:display=\"false\"/></style:style>\
         <table:table table:name=\"hidden\" table:style-name=\"h\"></table:table><table:table table:name=\"线索\">\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row>{}{}{}{}</table:table-row>\
         <table:table-row>{}<table:table-cell office:value-type=\"float\" office:value=\"13800138000\"><text:p>1.38E+10</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-05\"><text:p>5. März</text:p></table:table-cell>{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         </table:table></office:body></office:document-content>",
        cell("公司名称"),
        cell("电话"),
        cell("获取日期"),
        cell("备注"),
        cell("甲 &amp; 乙&#x516C;司"),
        cell("a</text:p><text:p>b")
    );
    let table = read_as("x.ods", &ods(&table), LEAD);
    assert_eq!((table.sheet.as_deref(), table.header_row, table.rows.len()), (Some("线索"), Some(3), 1));
    assert_eq!(
        shown(&map_all(LEAD, &table, "", NewKeys::Refuse)[0]),
        "company=甲 & 乙公司 phone=13800138000 acquired_on=2026-03-05 remark=a\nb"
    );
    let cut = ods("<table:table table:name=\"a\"><table:table-row><table:table-cell>");
    assert!(read_table(&Input { name: "x.ods", bytes: &cut }, &ReadOptions::default()).is_err(), "it must not hang");
}

/// Packs a workbook again with one part cut off after a share of its bytes.
fn cut_part(whole: &[u8], part: usize, share: usize) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut file = from.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if at == part {
            bytes.truncate(bytes.len() * share / 10);
        }
        to.start_file(file.name().unwrap().as_ref(), zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn cut_off_parts_of_a_workbook_neither_hang_nor_panic() {
    let whole = workbook(false);
    let parts = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap().len();
    for (part, share) in (0..parts).flat_map(|part| [0, 3, 6, 9].map(|share| (part, share))) {
        let bytes = cut_part(&whole, part, share);
        let _ = read_table(&Input { name: "x.xlsx", bytes: &bytes }, &ReadOptions::default());
    }
}

#[test]
fn damaged_files_end_in_one_line() {
    let whole = workbook(false);
    let fails = |name: &str, bytes: &[u8]| {
        let failure = read_table(&Input { name, bytes }, &ReadOptions::default()).unwrap_err();
        assert!(
            !failure.message.en.contains('\n') && failure.message.en.starts_with(&format!("`{name}`")),
            "{failure}"
        );
    };
    fails("empty.csv", b"");
    fails("empty.xlsx", b" \n");
    fails("cut.xlsx", &whole[..whole.len() / 2]);
    fails("x.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    fails("x.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 1]);
    fails("x.json", b"{\"a\": [");
    fails("x.png", b"\x89PNG\r\n\x1a\n");
}

#[test]
fn an_example_of_every_mapping_is_well_formed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/import");
    let mut seen = 0;
    for entry in
        std::fs::read_dir(folder).unwrap().flatten().filter(|e| e.path().extension().is_some_and(|x| x == "toml"))
    {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let mapping = Mapping::parse(&text, &entry.path().display().to_string(), None);
        assert!(mapping.as_ref().is_ok_and(|m| m.kind.is_some()), "{mapping:#?}");
        seen += 1;
    }
    assert!(seen >= 7);
}

fn count(rows: &[Mapped], test: impl Fn(&Mapped) -> bool) -> usize {
    rows.iter().filter(|row| test(row)).count()
}

fn has(row: &Mapped, key: &str, value: &str) -> bool {
    row.row.text(key) == Some(value)
}

#[test]
fn sample_x_education() {
    let Some(rows) = import_sample("xeducation/Leads.csv", "xeducation-leads.toml", LEAD) else { return };
    assert_eq!(rows.len(), 9237);
    let rejected: Vec<String> = rows.iter().filter(|row| row.is_rejected()).map(shown).take(5).collect();
    assert_eq!(rejected, Vec::<String>::new());
    assert_eq!(count(&rows, |row| has(row, "status", "converted")), 3559);
    assert_eq!(count(&rows, |row| has(row, "source", "search_ads")), 2867 + 6 + 5 + 1);
}

#[test]
fn sample_zoho() {
    let Some(rows) = import_sample("zoho/Leads.csv", "zoho-leads.toml", LEAD) else { return };
    assert_eq!(rows.len(), 3900);
    let rejected: Vec<String> = rows.iter().filter(|row| row.is_rejected()).map(shown).take(5).collect();
    assert_eq!(rejected, Vec::<String>::new());
    assert_eq!(count(&rows, |row| has(row, "disqualify_reason", "fake")), 388);
    assert!(rows.iter().all(|row| row.row.get("acquired_on").is_some()));
    let phones = count(&rows, |row| row.row.get("phone").is_some());
    let kept = count(&rows, |row| row.custom.iter().any(|(key, _)| key == "phone"));
    assert_eq!(phones + kept, 3900, "{phones} valid");
    let accounts = import_sample("zoho/Accounts.csv", "zoho-accounts.toml", CUSTOMER).unwrap();
    assert_eq!((accounts.len(), count(&accounts, |row| has(row, "type", "won"))), (2229, 1105));
    let products = import_sample("zoho/Products.csv", "zoho-products.toml", PRODUCT).unwrap();
    assert_eq!((products.len(), count(&products, |row| row.number.is_some() && !row.is_rejected())), (2000, 2000));
    let users = import_sample("zoho/Users.csv", "zoho-users.toml", USER).unwrap();
    assert_eq!((users.len(), count(&users, Mapped::is_rejected)), (11, 0));
}

#[test]
fn sample_maven() {
    let Some(rows) = import_sample("maven/accounts.csv", "maven-accounts.toml", CUSTOMER) else { return };
    let rejected: Vec<String> = rows.iter().filter(|row| row.is_rejected()).map(shown).collect();
    assert_eq!((rows.len(), rejected), (85, vec![]));
    assert!(shown(&rows[0]).contains("annual_revenue=1100040000.00"), "{}", shown(&rows[0]));
    let products = import_sample("maven/products.csv", "maven-products.toml", PRODUCT).unwrap();
    assert_eq!((products.len(), count(&products, |row| row.number.is_some() && !row.is_rejected())), (7, 7));
}

#[test]
fn sample_templates() {
    let Some(bytes) = sample("templates/客户导入模板.xlsx") else { return };
    let table = read_as("客户导入模板.xlsx", &bytes, CUSTOMER);
    assert_eq!((table.header_row, table.rows.len(), table.headers.len()), (Some(1), 3, 10));
    let table = read_as("user_import_cn.xlsx", &sample("templates/user_import_cn.xlsx").unwrap(), USER);
    assert_eq!(table.header_row, Some(3));
    let table = read_as("x.xls", &sample("templates/base_static_xls_res_partner.xls").unwrap(), CUSTOMER);
    assert!(table.headers.len() > 3, "{table:?}");
    let bytes = sample("templates/crm_static_xls_crm_lead.xls").unwrap();
    let failure = read_table(&Input { name: "x.xls", bytes: &bytes }, &ReadOptions::default()).unwrap_err();
    assert!(failure.message.en.contains("damaged"), "{failure}");
}

/// What a lead has no field for in each of the 22 lines of headings.
const LEFT: [&str; 22] = [
    "客户编号 客户类别",
    "账户状态",
    "客户代码",
    "QQ 客户等级 客户状态 客户类型 更新时间 最近沟通时间 沟通内容 创建人",
    "客户编号 档案数量 调阅次数",
    "邮政编码 传真 申请人性质 代理机构名称 代理机构代码 代理机构地址 代理机构邮编 代理人姓名 代理人电话 代理人传真 代理人手机 代理人邮箱 客户等级 客户状态",
    "语言",
    "",
    "LinkedIn 脉脉",
    "合作类型 UA IP",
    "",
    "ID 更新时间",
    "公司注册日期",
    "公司类型 WhatsApp 客户等级",
    "优先级",
    "需求面积",
    "工单号 开始时间 最后更新时间 AI状态 AI详情",
    "Record ID Lifecycle Stage",
    "Record ID",
    "Lifecycle Stage",
    "Postal Code Annual Revenue Rating LinkedIn URL Year Founded",
    "External ID Name",
];

#[test]
fn sample_headings() {
    let Some(bytes) = sample("templates/headers.tsv") else { return };
    let text = String::from_utf8(bytes).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').next().unwrap());
    let left: Vec<String> = lines
        .map(|line| {
            let headers = line.split(',').enumerate();
            let headers: Vec<Header> = headers.map(|(column, text)| Header { text: text.into(), column }).collect();
            let left = match_headers(LEAD, &headers).unmatched;
            left.into_iter().map(|one| one.header).collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(left, LEFT);
}

/// Returns the rows of a text as JSON objects of texts under their headings, as csv-spectrum gives its answers.
fn objects(name: &str, bytes: &[u8]) -> serde_json::Value {
    let table = read_as(name, bytes, LEAD);
    let object = |row: &RawRow| -> serde_json::Value {
        let pairs = table.headers.iter().map(|h| (h.text.clone(), row.cell(h.column).display().into_owned().into()));
        pairs.collect::<serde_json::Map<_, _>>().into()
    };
    table.rows.iter().map(object).collect()
}

#[test]
fn odd_csv_of_every_sort() {
    let cases = [
        ("commas in quotes", "名,地址\n甲,\"中山路 1 号, 2 楼\"", r#"[{"名":"甲","地址":"中山路 1 号, 2 楼"}]"#),
        ("empty quotes", "a,b,c\n7,\"\",\"\"\n8,9,0", r#"[{"a":"7","b":"","c":""},{"a":"8","b":"9","c":"0"}]"#),
        (
            "empty quotes, CRLF",
            "a,b,c\r\n7,\"\",\"\"\r\n8,9,0\r\n",
            r#"[{"a":"7","b":"","c":""},{"a":"8","b":"9","c":"0"}]"#,
        ),
        (
            "quotes in quotes",
            "a,b\n7,\"so \"\"so\"\" so\"\n8,9\n",
            r#"[{"a":"7","b":"so \"so\" so"},{"a":"8","b":"9"}]"#,
        ),
        (
            "JSON",
            "k,v\n7,\"{\"\"x\"\": [1.5, 2], \"\"y\"\": \"\"\"\"}\"\n",
            r#"[{"k":"7","v":"{\"x\": [1.5, 2], \"y\": \"\"}"}]"#,
        ),
        (
            "a quote inside a cell",
            "电话,坐标\n13800138000,30°15'7.8\"N 120°9'1.2\"E",
            r#"[{"电话":"13800138000","坐标":"30°15'7.8\"N 120°9'1.2\"E"}]"#,
        ),
        ("a line end in quotes", "a,b\n7,8\n\"一\n二\",9\n", r#"[{"a":"7","b":"8"},{"a":"一\n二","b":"9"}]"#),
        (
            "a line end in quotes, CRLF",
            "a,b\r\n7,8\r\n\"一\r\n二\",9\r\n",
            r#"[{"a":"7","b":"8"},{"a":"一\r\n二","b":"9"}]"#,
        ),
        (
            "quotes and line ends",
            "a,b\n7,\"so\n\"\"so\"\"\nso\"\n8,9\n",
            r#"[{"a":"7","b":"so\n\"so\"\nso"},{"a":"8","b":"9"}]"#,
        ),
        ("plain", "a,b,c\n7,8,9\n", r#"[{"a":"7","b":"8","c":"9"}]"#),
        ("plain, CRLF", "a,b,c\r\n7,8,9\r\n", r#"[{"a":"7","b":"8","c":"9"}]"#),
        ("characters beyond ASCII", "a,b\n7,8\n9,ʤ客😀", r#"[{"a":"7","b":"8"},{"a":"9","b":"ʤ客😀"}]"#),
    ];
    for (name, text, answer) in cases {
        assert_eq!(
            objects(name, text.as_bytes()),
            serde_json::from_str::<serde_json::Value>(answer).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn sample_odd_csv() {
    const NAMES: [&str; 12] = [
        "comma_in_quotes",
        "empty",
        "empty_crlf",
        "escaped_quotes",
        "json",
        "location_coordinates",
        "newlines",
        "newlines_crlf",
        "quotes_and_newlines",
        "simple",
        "simple_crlf",
        "utf8",
    ];
    for name in NAMES {
        let Some(bytes) = sample(&format!("csv-spectrum/csvs/{name}.csv")) else { return };
        let answer = sample(&format!("csv-spectrum/json/{name}.json")).unwrap();
        let answer: serde_json::Value = match serde_json::from_slice(&answer).unwrap() {
            // One answer is no list and has another telephone number than its table; all else in it is right.
            serde_json::Value::Object(mut one) if name == "location_coordinates" => {
                one.insert("Contact Phone Number".into(), "2095257564".into());
                serde_json::Value::from(vec![serde_json::Value::from(one)])
            }
            answer => answer,
        };
        assert_eq!(objects(name, &bytes), answer, "{name}");
    }
    let mac = sample("rfm/sample-orders.csv").unwrap();
    let options = ReadOptions { encoding: Some("macroman".into()), ..ReadOptions::default() };
    let table = read_table(&Input { name: "x.csv", bytes: &mac }, &options).unwrap();
    assert_eq!(
        (table.rows.len(), table.rows[2].cell(2).display().into_owned()),
        (5009, "Neil Französisch".to_string())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(head in 0usize..8, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let heads: [&[u8]; 8] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"[{", b"{\"", b"\xff\xfe", b"a,b\n\"", b"\xfe\xff"];
        let bytes = [heads[head], &bytes].concat();
        for format in [None, Some(Format::Csv), Some(Format::Xlsx), Some(Format::Xls), Some(Format::Xlsb), Some(Format::Ods), Some(Format::Json), Some(Format::Jsonl)] {
            let _ = read_table(&Input { name: "x.csv", bytes: &bytes }, &ReadOptions { format, ..ReadOptions::default() });
        }
    }

    #[test]
    fn no_damaged_workbook_panics(at in 0usize..6000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = workbook(false);
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = read_table(&Input { name: "x.xlsx", bytes: &bytes }, &ReadOptions::default());
    }

    #[test]
    fn no_row_and_no_cell_is_lost(rows in prop::collection::vec(("[甲乙a-z]{0,4}", "[0-9/]{0,12}", "[A-Z无]{0,3}"), 1..12)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["公司名称", "电话", "Rating"]).unwrap();
        for (a, b, c) in &rows {
            writer.write_record([a, b, c]).unwrap();
        }
        let table = read_as("x.csv", &writer.into_inner().unwrap(), LEAD);
        let filled = rows.iter().filter(|(a, b, c)| !(a.is_empty() && b.is_empty() && c.is_empty()));
        let mapped = map_all(LEAD, &table, "skip = [\"Rating = A\"]", NewKeys::Refuse);
        prop_assert_eq!(mapped.len(), filled.clone().count());
        for (mapped, (company, phone, rating)) in mapped.iter().zip(filled) {
            let shown = shown(mapped);
            let passed = mapped.skipped.is_some() || mapped.is_rejected();
            prop_assert!(passed || (shown.contains(company.as_str()) && shown.contains(rating.as_str())), "{}", shown);
            prop_assert!(passed || phone.chars().all(|c| c == '/') || shown.contains("phone"), "{}", shown);
        }
    }
}

#[test]
#[ignore = "a measurement, run by hand"]
fn speed() {
    let mut text = String::from("公司名称,联系人,电话,邮箱,省,市,行业,来源,获取日期,预算,员工数,备注\n");
    for n in 0..100_000 {
        text.push_str(&format!(
            "测试公司{n},王伟{n},138{:08},w{n}@example.com,浙江,杭州,制造业,展会,2026-03-{:02},10-20万,{n},备注{n}\n",
            n,
            n % 28 + 1
        ));
    }
    let start = std::time::Instant::now();
    let table = read("x.csv", &text);
    let read_in = start.elapsed();
    let rows = map_all(LEAD, &table, "", NewKeys::Refuse);
    println!("{} bytes read {read_in:?} mapped {:?}", text.len(), start.elapsed() - read_in);
    assert!(rows.iter().all(|row| !row.is_rejected()), "{}", shown(rows.iter().find(|r| r.is_rejected()).unwrap()));
    let gbk = encoding_rs::GB18030.encode(&text).0.into_owned();
    let start = std::time::Instant::now();
    let table = read_as("x.csv", &gbk, LEAD);
    println!("gbk {:?} {:?}", start.elapsed(), table.notes);
}

/// Columns with cells that are read in different ways: odd ones, doubtful ones, and such as say more than a key.
const REPEATED: [(&str, &[&str]); 12] = [
    ("公司名称", &["甲公司", "乙公司", "丙公司"]),
    ("联系人", &["王经理", "", "李"]),
    ("手机号码", &["13800138000", "0571-88888888/13900139000", "微信：abc", "1.38E+10", ""]),
    ("电话2", &["13700137000", "无", "x"]),
    ("邮箱", &["a@example.com", "bad@", "", "b @ example.com"]),
    ("地区", &["浙江 杭州", "上海", "—"]),
    ("规模", &["大型", "500人以上", "100-499人", "320", "xx", ""]),
    ("来源", &["展会", "展会 A 馆", "線上", "不存在的", "老客户"]),
    ("行业", &["制造业", "零售业", "未知行业", "IT服务"]),
    ("预算（万元）", &["50", "500000", "10-20", "10万以上", "面议", "-", ""]),
    ("预计采购日期", &["2026-08-02", "3个月内", "2026年12月", "3/5", "45992"]),
    ("标签", &["高潜力、VIP", "a,b", "", "VIP"]),
];

/// Mappings under which cells mean other things.
const MEANINGS: [&str; 3] = [
    "",
    "on_invalid = \"keep\"\nblank = [\"面议\", \"xx\"]\n[values.source]\n\"不存在的\" = \"展会\"\n",
    "[default]\nsource = \"exhibition\"\n[set]\nremark = \"{公司名称} / {规模}\"\n[[if]]\nwhen = \"地区 = 上海\"\nset = { industry = \"教育\" }\n",
];

proptest! {
    #[test]
    fn a_cell_that_repeats_says_the_same_again(
        picks in prop::collection::vec(prop::collection::vec(0..100_usize, REPEATED.len()), 1..60),
        meaning in 0..MEANINGS.len(),
        new_keys in prop::sample::select(vec![NewKeys::Refuse, NewKeys::Add]),
    ) {
        let mut text = REPEATED.map(|(heading, _)| heading).join(";");
        for pick in &picks {
            let cells: Vec<&str> = REPEATED.iter().zip(pick).map(|((_, cells), at)| cells[at % cells.len()]).collect();
            text.push_str(&format!("\n{}", cells.join(";")));
        }
        let table = read("x.csv", &text);
        let dictionary = dictionary();
        let mapping = Mapping::parse(MEANINGS[meaning], "test.toml", Some(LEAD)).unwrap_or_else(|e| panic!("{e:#?}"));
        let options = MapOptions { new_keys, ..MapOptions::new(reading(&dictionary)) };
        let mapper = Mapper::new(LEAD, &table, &mapping, options).unwrap_or_else(|e| panic!("{e}"));
        let mut reader = mapper.reader();
        for row in &table.rows {
            prop_assert_eq!(reader.read(row), mapper.map_row(row));
        }
    }
}
