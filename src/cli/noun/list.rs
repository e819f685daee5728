//! `kehu NOUN list`

use super::{Verb, count, texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Kind, Label, Result};
use crate::rules::computed::Computed;
use clap::{Arg, ArgAction, ArgMatches};

/// A filter given as a flag: the field holds, or is, one of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFilter {
    /// The key of a stored or computed field.
    pub field: &'static str,
    /// Keys, labels or aliases, as typed; `me` for a user means the one who asks.
    pub values: Vec<String>,
}

/// A key to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortArg {
    /// A stored or computed field, as typed.
    pub field: String,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// A list of records that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRequest {
    /// Their kind.
    pub kind: Kind,
    /// `--where`; all must hold.
    pub filters: Vec<String>,
    /// Short flags; all must hold.
    pub fields: Vec<FieldFilter>,
    /// What to sort by, first key first; by number when empty.
    pub sort: Vec<SortArg>,
    /// At most this many.
    pub limit: Option<usize>,
    /// The columns asked for, as typed; the kind's own when empty.
    pub columns: Vec<String>,
    /// Whether only their count is wanted.
    pub count: bool,
    /// Whether CSV is to be safe for Excel.
    pub excel: bool,
}

/// A short flag and the field it filters by; a kind has it when it has the field or lists it as a column.
struct ShortFlag {
    flag: &'static str,
    field: &'static str,
    value: Label,
    about: Label,
}

static SHORT_FLAGS: [ShortFlag; 9] = [
    ShortFlag {
        flag: "owner",
        field: "owner",
        value: Label::new("me|USER", "me|用户"),
        about: Label::new("Only those of this owner", "只列该负责人的"),
    },
    ShortFlag {
        flag: "status",
        field: "status",
        value: value::KEY,
        about: Label::new("Only those in this status", "只列该状态的"),
    },
    ShortFlag {
        flag: "grade",
        field: "grade",
        value: Label::new("A|B|C", "A|B|C"),
        about: Label::new("Only those of this grade", "只列该级别的"),
    },
    ShortFlag {
        flag: "source",
        field: "source",
        value: value::KEY,
        about: Label::new("Only those from this source", "只列该来源的"),
    },
    ShortFlag {
        flag: "tag",
        field: "tags",
        value: Label::new("TAG", "标签"),
        about: Label::new("Only those with this tag", "只列带该标签的"),
    },
    ShortFlag {
        flag: "stage",
        field: "stage",
        value: value::KEY,
        about: Label::new("Only those in this stage", "只列处于该阶段的"),
    },
    ShortFlag {
        flag: "customer",
        field: "customer",
        value: value::NUM,
        about: Label::new("Only those that belong to this customer", "只列属于该客户的"),
    },
    ShortFlag {
        flag: "subject",
        field: "subject",
        value: value::NUM,
        about: Label::new("Only those about this record", "只列针对该记录的"),
    },
    ShortFlag {
        flag: "author",
        field: "author",
        value: Label::new("me|USER", "me|用户"),
        about: Label::new("Only those by this author", "只列此人所写的"),
    },
];

/// The verb.
pub const VERB: Verb = Verb {
    name: "list",
    about: Label::new("List {nouns}", "列出{noun}"),
    detail: Label::new(
        "Filters, sort keys and columns take stored and computed fields, such as `grade` or `idle_days`. Values \
         after a short flag may be several, parted by commas: one of them must fit.",
        "条件、排序和列均可使用存储字段和计算字段，例如 `grade`、`idle_days`。短选项的值可用逗号分隔多个，符合其一即可。",
    ),
    examples,
    fits: |_| true,
    args,
    parse,
};

fn examples(kind: Kind) -> Vec<Label> {
    let mut lines = vec![Label::new("kehu {kind} list --limit 20 -o csv", "kehu {kind} list --limit 20 -o csv")];
    if has_field(kind, "grade") {
        lines.push(Label::new(
            "kehu {kind} list --owner me --grade A --sort -score",
            "kehu {kind} list --owner me --grade A --sort -score",
        ));
        lines.push(Label::new(
            "kehu {kind} list --where 'acquired_on >= today-7d and tags has exhibition'",
            "kehu {kind} list --where 'acquired_on >= today-7d and tags has 展会'",
        ));
    }
    lines
}

fn has_field(kind: Kind, field: &str) -> bool {
    kind.field(field).is_some() || Computed::find(kind, field).is_some()
}

fn short_flags(kind: Kind) -> impl Iterator<Item = &'static ShortFlag> {
    SHORT_FLAGS.iter().filter(move |short| has_field(kind, short.field))
}

fn args(kind: Kind, s: Speaker) -> Vec<Arg> {
    let short = short_flags(kind).map(|short| {
        s.option(short.flag, short.value, short.about.en, short.about.zh).action(ArgAction::Append).value_delimiter(',')
    });
    let mut args = vec![where_arg(s)];
    args.extend(short);
    args.extend([
        s.option(
            "sort",
            value::KEY,
            "Sort by these fields, `-` before one for descending",
            "按这些字段排序，字段前加 `-` 为降序",
        )
        .action(ArgAction::Append)
        .value_delimiter(',')
        .allow_hyphen_values(true),
        s.count("limit", "At most this many", "最多列出的数量"),
        s.option("columns", value::KEY, "Show these fields, parted by commas", "显示这些字段，用逗号分隔")
            .action(ArgAction::Append)
            .value_delimiter(','),
        s.switch("count", "Print their count alone", "只输出数量"),
        excel_arg(s),
    ]);
    args
}

/// Makes the switch `--excel`.
pub fn excel_arg(s: Speaker) -> Arg {
    s.switch(
        "excel",
        "Make CSV safe for Excel: byte order mark, CRLF, no formulas",
        "CSV 适合 Excel 打开：带 BOM、CRLF，防公式注入",
    )
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    let fields = short_flags(kind).filter_map(|short| {
        let values: Vec<String> = texts(matches, short.flag).map(String::from).collect();
        (!values.is_empty()).then_some(FieldFilter { field: short.field, values })
    });
    Ok(Request::List(ListRequest {
        kind,
        filters: texts(matches, "where").map(String::from).collect(),
        fields: fields.collect(),
        sort: texts(matches, "sort").map(SortArg::parse).collect(),
        limit: count(matches, "limit"),
        columns: texts(matches, "columns").map(|text| text.trim().to_string()).collect(),
        count: matches.get_flag("count"),
        excel: matches.get_flag("excel"),
    }))
}

impl SortArg {
    fn parse(text: &str) -> SortArg {
        let text = text.trim();
        let (field, descending) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
        SortArg { field: field.to_string(), descending }
    }
}
