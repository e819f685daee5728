//! Makes the sample spreadsheets that cannot be kept as readable text: a workbook as it comes from a
//! trade fair, and a GBK file as an old web form exports it.
//!
//! The rows stand in `examples/samples/*.txt`, one a line, cells divided by `|`, `\n` for a line break;
//! this adds what makes real files hard to read. Same rows, same bytes. All companies and people are
//! invented; telephone numbers and addresses are of ranges kept for examples.
//!
//! ```sh
//! cargo run --example make_samples
//! ```

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::error::Error;
use std::path::Path;

const EXHIBITION: &str = include_str!("samples/exhibition.txt");
const WEB_FORM: &str = include_str!("samples/web-form.txt");

/// The headings of the workbook, with the marks people put on what is required.
const EXHIBITION_HEADER: [&str; 18] = [
    "公司名称 *",
    "*联系人",
    "职位",
    "手机号码（必填）",
    "邮箱",
    "地区*",
    "所属行业",
    "员工人数",
    "意向产品",
    "预算范围",
    "预计采购日期",
    "决策链情况",
    "合作意向",
    "来源*",
    "获取日期*",
    "负责人",
    "分配时间",
    "备注",
];
const WEB_FORM_HEADER: [&str; 14] = [
    "提交时间",
    "公司名称",
    "姓名",
    "手机",
    "电子邮箱",
    "所在地区",
    "行业",
    "公司规模",
    "需求产品",
    "预算范围",
    "采购周期",
    "来源渠道",
    "需求描述",
    "跟进人",
];
const TITLE: &str = "2026 春季办公与制造展 线索登记表（示例数据）";
const INSTRUCTION: &str = "填写说明：带 * 为必填；日期写作 2026-03-05；预算可写区间，如 10-20万；一家公司一行。";
/// The columns of the workbook that are not plain text.
const PHONE: usize = 3;
const STAFF: usize = 7;
const DAYS: [usize; 2] = [10, 14];
const ASSIGNED: usize = 16;
/// The row of the headings, under title and instruction.
const HEADER_ROW: u32 = 2;

/// The name and the bytes of a file.
type SampleFile = (&'static str, Vec<u8>);

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/leads");
    for (name, bytes) in make_files()? {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// Returns each file.
pub fn make_files() -> Result<[SampleFile; 2], Box<dyn Error>> {
    Ok([("展会线索.xlsx", make_exhibition()?), ("官网表单.csv", make_web_form()?)])
}

fn rows(text: &str) -> impl Iterator<Item = Vec<String>> {
    text.lines().map(|line| line.split('|').map(|cell| cell.replace("\\n", "\n")).collect())
}

/// Returns the web form's rows as GBK with CRLF.
fn make_web_form() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(WEB_FORM_HEADER)?;
    for row in rows(WEB_FORM) {
        writer.write_record(&row)?;
    }
    let text = String::from_utf8(writer.into_inner()?)?;
    match encoding_rs::GBK.encode(&text) {
        (bytes, _, false) => Ok(bytes.into_owned()),
        _ => Err("a character has no place in GBK".into()),
    }
}

fn make_exhibition() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 3, 19)?;
    workbook.set_properties(&DocProperties::new().set_title(TITLE).set_creation_datetime(&created));
    let sheet = workbook.add_worksheet().set_name("线索登记")?;
    write_head(sheet)?;
    for (at, row) in (0..).zip(rows(EXHIBITION)) {
        write_row(sheet, at, &row)?;
    }
    workbook.save_to_buffer()
}

/// Writes a merged title, a merged instruction and the headings, with two formatted columns too many.
fn write_head(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let last = EXHIBITION_HEADER.len() as u16 - 1;
    let title = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, last, TITLE, &title)?;
    sheet.merge_range(1, 0, 1, last, INSTRUCTION, &Format::new().set_text_wrap())?;
    let heading = Format::new().set_bold().set_background_color("#DDEBF7").set_border(FormatBorder::Thin);
    for (column, label) in (0..).zip(EXHIBITION_HEADER) {
        sheet.write_string_with_format(HEADER_ROW, column, label, &heading)?;
        sheet.set_column_width(column, if column == 0 { 32 } else { 15 })?;
    }
    for column in [last + 1, last + 2] {
        sheet.write_blank(HEADER_ROW, column, &heading)?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 1)?;
    Ok(())
}

/// Writes a row as different hands would: numbers and days sometimes typed, sometimes as text.
fn write_row(sheet: &mut Worksheet, at: u32, row: &[String]) -> Result<(), XlsxError> {
    let place = HEADER_ROW + 1 + at;
    for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let to = column as u16;
        let number = text.parse::<f64>().ok().filter(|_| column == STAFF || column == PHONE && at.is_multiple_of(2));
        match (number, moment(text)) {
            (Some(number), _) => sheet.write_number(place, to, number)?,
            (_, Some(day)) if DAYS.contains(&column) && at.is_multiple_of(3) => {
                write_moment(sheet, place, to, &day, "yyyy-mm-dd")?
            }
            (_, Some(_)) if DAYS.contains(&column) => sheet.write_string(place, to, day_text(text, at))?,
            (_, Some(moment)) if column == ASSIGNED => write_moment(sheet, place, to, &moment, "yyyy-mm-dd hh:mm")?,
            _ => sheet.write_string(place, to, text)?,
        };
    }
    Ok(())
}

fn write_moment<'a>(
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
    moment: &ExcelDateTime,
    shown: &str,
) -> Result<&'a mut Worksheet, XlsxError> {
    sheet.write_datetime_with_format(row, column, moment, &Format::new().set_num_format(shown))
}

fn moment(text: &str) -> Option<ExcelDateTime> {
    ExcelDateTime::parse_from_str(text).ok().filter(|_| text.starts_with("20"))
}

/// Writes a day as `2026年3月5日` or `2026/3/5`, by turns.
fn day_text(text: &str, at: u32) -> String {
    let parts: Vec<&str> = text.split('-').map(|part| part.trim_start_matches('0')).collect();
    match parts[..] {
        [year, month, day] if at % 3 == 1 => format!("{year}年{month}月{day}日"),
        _ => parts.join("/"),
    }
}
