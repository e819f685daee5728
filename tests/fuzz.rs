//! Whatever text or bytes come, the readers answer: a value or a failure, never a panic, never a full stack.
//!
//! Run long by `PROPTEST_CASES=1000000 cargo test --test fuzz NAME`.

#[path = "common/damage.rs"]
mod damage;
#[path = "common/watch.rs"]
mod watch;

use chrono::NaiveDate;
use damage::{Dice, good_files, harm, harm_inside};
use kehu::import::{
    Format, Input, MapOptions, Mapper, Mapping, NewKeys, ReadOptions, Unknown, match_headers, read_table,
    write_mapping, write_rejects,
};
use kehu::query::{self, Context};
use kehu::record::{KINDS, Kind, LEAD, Lang, Number};
use kehu::rules::Config;
use kehu::rules::listing::RecordSchema;
use kehu::store::codec;
use kehu::words;
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::Duration;

static CONFIG: LazyLock<Config> = LazyLock::new(Config::default);

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(40), failure_persistence: None, ..ProptestConfig::default() }
}

fn kind() -> impl Strategy<Value = Kind> {
    (0..KINDS.len()).prop_map(|at| KINDS[at])
}

/// Text of pieces that mean something to a reader, with anything between them.
fn text(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(pieces).prop_map(str::to_string),
        2 => "[a-z0-9 =.,'\"()\\[\\]{}\n客户展会－，（）“”～≥]{0,6}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Harms a good text; what is then no UTF-8 is cut there.
fn harmed(text: &str, seed: u64) -> String {
    String::from_utf8_lossy(&harm(text.as_bytes(), seed)).into_owned()
}

/// Takes a table all the way that does not touch a repository.
fn take_all_the_way(name: &str, bytes: &[u8], options: &ReadOptions, kind: Kind) {
    watch::listen();
    let start = watch::thread_time();
    take(name, bytes, options, kind);
    let took = watch::thread_time() - start;
    assert!(took < Duration::from_secs(10), "{took:?}: {}", String::from_utf8_lossy(bytes));
}

fn take(name: &str, bytes: &[u8], options: &ReadOptions, kind: Kind) {
    let table = read_table(&Input { name, bytes }, options);
    assert_eq!(watch::own(), [] as [String; 0], "{name}");
    let Ok(table) = table else { return };
    let written = write_mapping(kind, &table, &match_headers(kind, &table.headers), Lang::En);
    let read = Mapping::parse(&written, "x.toml", Some(kind));
    assert!(read.is_ok(), "{written}\n{read:?}");
    let mapping = Mapping::default();
    let options = MapOptions { unknown: Unknown::Keep, new_keys: NewKeys::Add, ..MapOptions::new(CONFIG.reading()) };
    let Ok(mapper) = Mapper::new(kind, &table, &mapping, options) else { return };
    let mapped: Vec<_> = table.rows.iter().map(|row| mapper.map_row(row)).collect();
    let why = words!("no", "否");
    let rejected: Vec<_> = mapped.iter().map(|row| (row.row_number, why.clone())).collect();
    let rejects = write_rejects(&table, &rejected, Lang::Zh).unwrap();
    if !rejected.is_empty() {
        let name = format!("x.{}", rejects.extension);
        let again = read_table(
            &Input { name: &name, bytes: &rejects.bytes },
            &ReadOptions { kind: Some(kind), ..ReadOptions::default() },
        );
        assert!(again.is_ok(), "{again:?}");
    }
}

const FILTERS: &[&str] = &[
    "grade = A and status != converted",
    "来源 = 展会 or (公司 ～ “科技” and not 负责人 is missing)",
    "acquired_on >= today-7d and budget_max > 10万",
    "status in (new, assigned) and not (tags has high_potential or size = large)",
    "phone = 138-0013-8000 and staff <= 500 and custom.展位 is not missing",
    "created in (2026-Q1, 2026-03, this month) and source not in (展会, referral)",
];

const FILTER_PIECES: &[&str] = &[
    "grade",
    "status",
    "来源",
    "acquired_on",
    "budget_max",
    "custom.x",
    " = ",
    " != ",
    " >= ",
    "～",
    " and ",
    " or ",
    "not ",
    "(",
    ")",
    "（",
    "）",
    " in (",
    ", ",
    " is missing",
    " has ",
    "today-7d",
    "2026-03-05",
    "10万",
    "“展会",
    "'",
    "\"",
    "me",
    "999999999999999999999",
    "-999999-01",
    "today+99999999999d",
    "0001-01-01",
    "9999-12-31T23:59:59+23:59",
    "\u{202e}",
    "\\",
];

fn read_filter(kind: Kind, text: &str) {
    let schema = RecordSchema::new(kind, &CONFIG);
    let context = Context { today: NaiveDate::from_ymd_opt(2026, 3, 12), me: Some("li.ming"), names: None };
    match query::parse_in(text, &schema, &context) {
        Ok(filter) => {
            let shown = filter.to_string();
            let again = query::parse_in(&shown, &schema, &context).map(|filter| filter.to_string());
            assert_eq!(again.as_deref().ok(), Some(shown.as_str()), "{text}");
        }
        Err(failure) => assert!(!failure.render(Lang::Zh).contains('\u{1b}'), "{text:?}"),
    }
}

const TOML_PIECES: &[&str] = &[
    "[columns]\n",
    "[set]\n",
    "[values.source]\n",
    "[[if]]\n",
    "[default]\n",
    "kind = \"lead\"\n",
    "encoding = ",
    "delimiter = \"tab\"\n",
    "header_row = 0\n",
    "date_format = \"%Q%\"\n",
    "date_format = \"%\"\n",
    "company = \"公司\"\n",
    "region = { from = [\"省\"], join = \"\" }\n",
    "when = [\"a ~ b | c\", \" is blank\"]\n",
    "skip = [\"a = \", \"=\", \"\"]\n",
    "set = { source = \"{x}{\" }\n",
    "others = \"keep\"\n",
    "blank = [\"\"]\n",
    "[custom]\n",
    "[[contacts]]\n",
    "name = \"甲\"\n",
    "= ",
    "\"\"\"",
    "'''",
    "1e999",
    "2026-13-45",
    "[[",
    "]]",
    "{",
    "}",
    "\r\n",
    "#",
    "\u{feff}",
    "acquired_on = 2026-03-05\n",
    "budget_min = 100.00\n",
    "format = 1\n",
    "inf\n",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes(head in 0usize..10, bytes in prop::collection::vec(any::<u8>(), 0..600), format in 0usize..10, kind in kind()) {
        let heads: [&[u8]; 10] = [
            b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"[{\"a\":", b"{\"", b"\xff\xfe", "公司名称,手机\n\"".as_bytes(), b"\xfe\xff",
            b"sep=;\r\n", "company\tphone\r".as_bytes(),
        ];
        let names = Format::names();
        let options = ReadOptions { format: names.get(format).and_then(|name| Format::find(name)), kind: Some(kind), ..ReadOptions::default() };
        take_all_the_way("x.csv", &[heads[head], &bytes].concat(), &options, kind);
    }

    #[test]
    fn harmed_tables(seed in any::<u64>(), inside in any::<bool>(), kind in kind()) {
        static FILES: LazyLock<Vec<(&str, Vec<u8>)>> = LazyLock::new(good_files);
        let (name, bytes) = &FILES[Dice(seed).below(FILES.len())];
        let bytes = if inside { harm_inside(bytes, seed) } else { harm(bytes, seed) };
        take_all_the_way(name, &bytes, &ReadOptions { kind: Some(kind), ..ReadOptions::default() }, kind);
    }

    #[test]
    fn arbitrary_cells(kind in kind(), cells in prop::collection::vec(text(&[
        "2026年3月", "5日", "3/25/2026", "1.38E+10", "138", "0013", "8000", "+86 ", "-", "/", "10", "万", "20", "元", "￥", "$", "%", "~", "以上",
        "人", "个月内", "上海", "省", "@", "x.com", "微信：", "NaN", "inf", "1e308", "99999999999999999999999999999999", "T", "Z", ":", "\u{3000}",
    ]), 1..60)) {
        let fields = kind.fields.iter().filter(|field| !field.is_table());
        let head: Vec<String> = fields.map(|field| field.label.zh.to_string()).chain(["编号".into(), "其他".into()]).collect();
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(&head).unwrap();
        for row in cells.chunks(head.len()) {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        take_all_the_way("x.csv", &bytes, &ReadOptions { kind: Some(kind), ..ReadOptions::default() }, kind);
    }

    #[test]
    fn arbitrary_filters(kind in kind(), text in text(FILTER_PIECES)) {
        read_filter(kind, &text);
    }

    #[test]
    fn harmed_filters(seed in any::<u64>()) {
        read_filter(LEAD, &harmed(FILTERS[Dice(seed).below(FILTERS.len())], seed));
    }

    #[test]
    fn arbitrary_mappings(kind in kind(), text in text(TOML_PIECES)) {
        for kind in [None, Some(kind)] {
            if let Err(findings) = Mapping::parse(&text, "x.toml", kind) {
                prop_assert!(!findings.is_empty() && findings.iter().all(|finding| finding.line > 0), "{:?}", findings);
            }
        }
    }

    #[test]
    fn harmed_mappings(seed in any::<u64>()) {
        let good = [
            include_str!("../examples/import/chinese-leads.toml"),
            include_str!("../examples/import/zoho-leads.toml"),
            include_str!("../examples/import/xeducation-leads.toml"),
        ];
        let _ = Mapping::parse(&harmed(good[Dice(seed).below(good.len())], seed), "x.toml", Some(LEAD));
    }

    #[test]
    fn harmed_settings(seed in any::<u64>(), text in text(TOML_PIECES)) {
        static FILES: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| Config::default_files(Lang::Zh, "甲"));
        let (path, good) = &FILES[Dice(seed).below(FILES.len())];
        for text in [harmed(good, seed), text] {
            let read = Config::parse(&|asked| (asked == *path).then(|| text.clone()));
            prop_assert!(read.is_ok() || !read.as_ref().unwrap_err().is_empty());
        }
    }

    #[test]
    fn arbitrary_records(kind in kind(), text in text(TOML_PIECES), path in "[a-z.0-9]{0,12}") {
        read_record(kind, &text, &path);
    }

    #[test]
    fn harmed_records(seed in any::<u64>()) {
        read_record(LEAD, &harmed(RECORD, seed), "contact_name");
    }
}

const RECORD: &str = "# 手写\ncompany = \"甲公司\"\ncontact_name = '王某'\nphone = \"13800138000\"\nother_phones = [\"021-88888888\", ]\n\
    budget_min = 100000.00\nacquired_on = 2026-03-05\nassigned_at = 2026-03-05T09:30:00+08:00\nlisted = true\n\
    remark = \"\"\"\n一\n二\"\"\"\n\n[[verifications]] # 核\nby = \"li.ming\"\n\n[custom]\n\"展位 号\" = \"9\"\n";

/// Reads a record; an edit of nothing changes nothing, and one of a field leaves the rest as it was.
fn read_record(kind: Kind, text: &str, path: &str) {
    let number = Number::parse("X-2026-001").unwrap();
    let (record, findings) = codec::parse(kind, &number, text);
    codec::locate(text, path);
    let Some(record) = record else {
        assert_eq!(findings.len(), 1, "{text}");
        return;
    };
    assert_eq!(codec::apply(text, &record, &record), text);
    let mut after = record.clone();
    after.set_custom("新", kehu::record::Value::text("一"));
    let out = codec::apply(text, &record, &after);
    assert_eq!(codec::parse(kind, &number, &out).0.as_ref(), Some(&after), "{text}\n=>\n{out}");
    let kept = |line: &&str| line.starts_with('#');
    assert!(text.lines().filter(kept).all(|line| out.contains(line)), "{text}\n=>\n{out}");
}

/// Runs on a stack as small as those of worker threads, so that what nests without a bound shows.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn deep_filters_are_refused() {
    on_a_small_stack(|| {
        let schema = RecordSchema::new(LEAD, &CONFIG);
        let context = Context::default();
        for text in [
            format!("{}grade = A{}", "(".repeat(10_000), ")".repeat(10_000)),
            format!("{}grade = A", "not ".repeat(10_000)),
            "(".repeat(1_000_000),
            format!("{}grade = A", "not (".repeat(10_000)),
            format!("{}来源 = 展会", "（".repeat(10_000)),
        ] {
            let failure = query::parse_in(&text, &schema, &context).unwrap_err();
            let said = failure.render(Lang::Zh);
            assert!(failure.message.en.contains("nested deeper than 100"), "{}", failure.message.en);
            assert!(
                said.contains("嵌套超过 100 层") && said.chars().count() < 600,
                "{} characters",
                said.chars().count()
            );
        }
        let wide = vec!["grade = A"; 20_000].join(" or ");
        assert!(query::parse_in(&wide, &schema, &context).is_ok());
    });
}

#[test]
fn deep_toml_is_refused() {
    on_a_small_stack(|| {
        let deep = |open: &str, close: &str| format!("x = {}{}\n", open.repeat(10_000), close.repeat(10_000));
        let key = vec!["a"; 10_000].join(".");
        let texts = [
            deep("[", "]"),
            deep("[", ""),
            deep("{ a = ", ""),
            format!("x = {}1{}\n", "{ a = ".repeat(10_000), " }".repeat(10_000)),
            format!("{key} = 1\n"),
            format!("[{key}]\nb = 1\n"),
            format!("[[{key}]]\nb = 1\n"),
            format!("[custom]\nx = {{ {key} = 1 }}\n"),
        ];
        for text in texts {
            let (_, findings) = codec::parse(LEAD, &Number::parse("X-2026-001").unwrap(), &text);
            assert!(!findings.is_empty(), "{}", &text[..40]);
            codec::locate(&text, "x.0");
            assert!(Mapping::parse(&text, "x.toml", Some(LEAD)).is_err(), "{}", &text[..40]);
            for (path, _) in Config::default_files(Lang::En, "x") {
                assert!(
                    Config::parse(&|asked| (asked == path).then(|| text.clone())).is_err(),
                    "{path} {}",
                    &text[..40]
                );
            }
        }
    });
}
