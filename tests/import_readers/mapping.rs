//! What a mapping makes of rows.

use super::{dictionary, map_all, map_one, read, reading, shown};
use kehu::import::*;
use kehu::record::{CUSTOMER, LEAD};
use std::path::PathBuf;

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
