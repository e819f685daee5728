//! Whatever a table holds: nothing panics, and a cell that repeats says the same again.

use super::workbooks::workbook;
use super::{dictionary, map_all, read, read_as, reading, shown};
use kehu::import::*;
use kehu::record::LEAD;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(head in 0usize..9, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let heads: [&[u8]; 9] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"[{", b"{\"", b"\xff\xfe", b"a,b\n\"", b"\xfe\xff", b"+++\n"];
        let bytes = [heads[head], &bytes].concat();
        for format in [None, Some(Format::Csv), Some(Format::Xlsx), Some(Format::Xls), Some(Format::Xlsb), Some(Format::Ods), Some(Format::Json), Some(Format::Jsonl), Some(Format::Markdown)] {
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
