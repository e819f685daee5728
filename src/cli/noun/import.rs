//! `kehu NOUN import`

use super::{Verb, branch, branch_arg, texts};
use crate::cli::assign::{Assignment, parse_assignments};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::import::OnInvalid;
use crate::ops::import::OnDuplicate;
use crate::record::date::DateOrder;
use crate::record::{Failure, Kind, Label, Result};
use crate::words;
use clap::{Arg, ArgAction, ArgMatches};
use std::path::PathBuf;

/// How to read a spreadsheet; what is not stated is detected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceOptions {
    /// The name of a sheet, or its place from 1.
    pub sheet: Option<String>,
    /// The name of an encoding, such as `gbk`.
    pub encoding: Option<String>,
    /// The mark between cells.
    pub delimiter: Option<char>,
    /// The row of the headers, from 1.
    pub header_row: Option<usize>,
    /// The format, such as `csv`, whatever the file's ending.
    pub format: Option<String>,
    /// The order of day and month in `3/5/2026`.
    pub date_order: DateOrder,
}

/// Files to be imported.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRequest {
    /// What their rows are.
    pub kind: Kind,
    /// The files, at least one; `-` is stdin.
    pub files: Vec<PathBuf>,
    /// How to read them.
    pub source: SourceOptions,
    /// A mapping file.
    pub map: Option<PathBuf>,
    /// Fields of every row, whatever it says.
    pub constants: Vec<Assignment>,
    /// What to do with duplicates.
    pub on_duplicate: OnDuplicate,
    /// What becomes of optional values that cannot be read, where said.
    pub on_invalid: Option<OnInvalid>,
    /// Where rejected rows go.
    pub rejects: Option<PathBuf>,
    /// Whether one rejected row rejects all.
    pub strict: bool,
    /// Whether columns that match no field become custom fields.
    pub keep_unknown: bool,
    /// Whether unknown values join their dictionary.
    pub add_unknown: bool,
    /// The branch to import into instead of the one that is checked out.
    pub branch: Option<String>,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "import",
    about: Label::new("Import {nouns} from spreadsheets", "从表格文件导入{noun}"),
    detail: Label::new(
        "Reads csv, tsv, xlsx, xls, xlsb, ods, json and jsonl, and Markdown below fields in TOML (`+++`), a row a file. \
         Headers match fields by key, label or alias in either language, else by a mapping file (`kehu import map`). All rows \
         are one commit; rejected rows come back as a file with the reasons, and the exit code is then 3. The same file \
         twice changes nothing.",
        "可读取 csv、tsv、xlsx、xls、xlsb、ods、json、jsonl，以及以 TOML 字段（`+++`）开头的 Markdown，每个文件一行。\
         表头按键、名称或别名（中英文均可）匹配字段，否则使用映射文件（`kehu import map`）。所有行合为一次提交；\
         被拒绝的行连同原因写回文件，此时退出码为 3。同一文件再次导入不产生改动。",
    ),
    examples: |_| {
        vec![
            Label::new("kehu {kind} import expo.xlsx --dry-run", "kehu {kind} import 展会名单.xlsx --dry-run"),
            Label::new(
                "kehu {kind} import expo.csv --encoding gbk --on-duplicate update --rejects rejected.csv",
                "kehu {kind} import 名单.csv --encoding gbk --on-duplicate update --rejects 拒绝.csv",
            ),
        ]
    },
    fits: |_| true,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    let mut args =
        vec![s.paths("files", value::FILE, "Spreadsheets; `-` is stdin", "表格文件；`-` 为标准输入").required(true)];
    args.extend(source_args(s));
    args.extend([
        s.path(
            "map",
            value::FILE,
            "Map columns by this file; see `kehu help import-mapping`",
            "按该文件映射各列；见 `kehu help import-mapping`",
        ),
        s.option(
            "set",
            value::ASSIGNMENT,
            "Set this field in every row, whatever the file says; may be repeated",
            "为每一行设置此字段，优先于文件内容；可重复",
        )
        .action(ArgAction::Append),
        s.choice(
            "on-duplicate",
            ["skip", "update", "keep", "error"],
            "What to do with a row whose record exists [default: skip]",
            "记录已存在时如何处理该行 [默认值：skip]",
        ),
        s.choice(
            "on-invalid",
            ["reject", "keep"],
            "What to do with an optional value that cannot be read: reject its row, or keep the text as a custom field \
             with a warning [default: reject]",
            "选填项无法识别时：拒绝该行，或将原文保留为自定义字段并提示 [默认值：reject]",
        ),
        s.path("rejects", value::FILE, "Write rejected rows and the reasons here", "将被拒绝的行及原因写入此文件"),
        s.switch("strict", "Import nothing when any row is rejected", "任何一行被拒绝则全部不导入"),
        s.switch("keep-unknown", "Keep columns that match no field as custom fields", "将未匹配的列保留为自定义字段"),
        branch_arg(s),
        s.switch("add-unknown", "Add unknown values to their dictionary", "将未知取值加入相应字典"),
    ]);
    args
}

/// Makes the options that say how a spreadsheet is read.
pub fn source_args(s: Speaker) -> Vec<Arg> {
    vec![
        s.option(
            "sheet",
            value::NAME,
            "Read this sheet, by name or place from 1",
            "读取该工作表（名称或从 1 起的序号）",
        ),
        s.option(
            "encoding",
            value::NAME,
            "The encoding, such as utf-8, gb18030, big5, utf-16le",
            "编码，例如 utf-8、gb18030、big5、utf-16le",
        ),
        s.option(
            "delimiter",
            Label::new("MARK", "分隔符"),
            "The mark between cells: comma, semicolon, tab, pipe or one character",
            "单元格分隔符：comma、semicolon、tab、pipe 或单个字符",
        )
        .allow_hyphen_values(true),
        s.count("header-row", "The row of the headers, from 1", "表头所在行，从 1 起"),
        s.choice(
            "format",
            ["csv", "tsv", "xlsx", "xls", "xlsb", "ods", "json", "jsonl", "markdown"],
            "The format, whatever the ending",
            "文件格式，不看扩展名",
        ),
        s.choice(
            "date-order",
            ["month-first", "day-first", "year-first"],
            "How to read 3/5/2026 or 26/3/5 when the column does not prove it",
            "当列中数据无法证明时，如何理解 3/5/2026 或 26/3/5",
        ),
    ]
}

impl SourceOptions {
    /// Reads the options of [`source_args`].
    ///
    /// Fails with exit code 2 when the delimiter is not one character.
    pub fn parse(matches: &ArgMatches) -> Result<SourceOptions> {
        let text = |id: &str| texts(matches, id).next();
        Ok(SourceOptions {
            sheet: text("sheet").map(String::from),
            encoding: text("encoding").map(String::from),
            delimiter: text("delimiter").map(parse_delimiter).transpose()?,
            header_row: super::count(matches, "header-row"),
            format: text("format").map(String::from),
            date_order: match text("date-order") {
                Some("month-first") => DateOrder::MonthFirst,
                Some("day-first") => DateOrder::DayFirst,
                Some("year-first") => DateOrder::YearFirst,
                _ => DateOrder::Unstated,
            },
        })
    }
}

fn parse_delimiter(text: &str) -> Result<char> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("comma", ..) => Ok(','),
        ("semicolon", ..) => Ok(';'),
        ("tab" | "\\t", ..) => Ok('\t'),
        ("pipe", ..) => Ok('|'),
        (_, Some(mark), None)
            if mark.is_ascii() && !mark.is_ascii_alphanumeric() && !matches!(mark, '"' | '\n' | '\r') =>
        {
            Ok(mark)
        }
        _ => Err(Failure::usage(words!("`{text}` cannot part cells", "“{text}”不能作为分隔符")).hint(words!(
            "write comma, semicolon, tab, pipe or one mark",
            "请写 comma、semicolon、tab、pipe 或单个符号"
        ))),
    }
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    let path = |id: &str| matches.get_one::<PathBuf>(id).cloned();
    let on_duplicate = match texts(matches, "on-duplicate").next() {
        Some("update") => OnDuplicate::Update,
        Some("keep") => OnDuplicate::Keep,
        Some("error") => OnDuplicate::Error,
        _ => OnDuplicate::Skip,
    };
    Ok(Request::Import(ImportRequest {
        kind,
        files: matches.get_many::<PathBuf>("files").into_iter().flatten().cloned().collect(),
        source: SourceOptions::parse(matches)?,
        map: path("map"),
        constants: parse_assignments(kind, texts(matches, "set"))?,
        on_duplicate,
        on_invalid: texts(matches, "on-invalid").next().map(|text| match text {
            "keep" => OnInvalid::Keep,
            _ => OnInvalid::Reject,
        }),
        rejects: path("rejects"),
        strict: matches.get_flag("strict"),
        keep_unknown: matches.get_flag("keep-unknown"),
        add_unknown: matches.get_flag("add-unknown"),
        branch: branch(matches),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        for (text, mark) in [("tab", '\t'), (";", ';'), ("pipe", '|'), ("^", '^')] {
            assert_eq!(parse_delimiter(text).unwrap(), mark);
        }
        for text in ["", "ab", "x", "，", "\""] {
            assert!(parse_delimiter(text).is_err(), "{text}");
        }
    }
}
