//! Word files filled in: tags split over runs, loops over rows and paragraphs, hostile files.

use super::super::Datum;
use super::*;
use crate::record::Money;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;

fn fields() -> Thing {
    let row = |name: &str, amount: &str| {
        let mut row = Thing::default();
        row.push(["name", "款项"], Datum::Text(name.into()));
        row.push(["amount"], Datum::Money(Money::parse(amount).unwrap()));
        Datum::Thing(row)
    };
    let mut customer = Thing::default();
    customer.push(["name", "公司名称"], Datum::Text("A & <B> 公司\n二部".into()));
    customer.push(["phone"], Datum::Blank);
    let mut fields = Thing::default();
    fields.push(["customer", "客户"], Datum::Thing(customer));
    fields.push(["signed_on"], Datum::Day("2026-05-01".parse().unwrap()));
    fields.push(["plan", "付款计划"], Datum::List(vec![row("预付款", "30000"), row("尾款", "70000.5")]));
    fields
}

fn document(body: &str) -> String {
    format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
}

fn run(text: &str) -> String {
    format!("<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>")
}

fn paragraph(runs: &[&str]) -> String {
    format!("<w:p>{}</w:p>", runs.iter().map(|text| run(text)).collect::<Vec<_>>().join("<w:proofErr/>"))
}

fn file(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn filled(body: &str) -> Result<String> {
    let bytes = file(&[("word/document.xml", &document(body))]);
    let text = part(&fill("t.docx", &bytes, &fields(), Lang::Zh)?.bytes, "word/document.xml");
    Ok(text.split_once("<w:body>").unwrap().1.split_once("</w:body>").unwrap().0.to_string())
}

/// Returns the texts of a body, a line each paragraph.
fn texts(body: &str) -> String {
    let lines = filled(body).unwrap().replace("<w:br/>", "⏎").replace("</w:p>", "\n");
    let mut shown = String::new();
    let mut inside = false;
    for c in lines.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => shown.push(c),
            _ => {}
        }
    }
    shown
}

#[test]
fn a_tag_split_over_runs_has_the_formatting_of_the_first() {
    let split = filled(&paragraph(&["甲方：{", "{ customer", ".na", "me }", "}，", "你好"])).unwrap();
    let kept = |text: &str| format!("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let name = "A &amp; &lt;B&gt; 公司</w:t><w:br/><w:t xml:space=\"preserve\">二部";
    let runs = [kept(&format!("甲方：{name}")), kept(""), kept(""), kept(""), kept("，"), run("你好")];
    assert_eq!(split, format!("<w:p>{}</w:p>", runs.join("<w:proofErr/>")));
    assert_eq!(texts(&paragraph(&["{{客户.", "公司名称}}"])), "A &amp; &lt;B&gt; 公司⏎二部\n");
    assert_eq!(texts(&paragraph(&["{{ signed_on|da", "te }}"])), "2026年5月1日\n");
    assert_eq!(texts(&paragraph(&["{{ customer.phone | default(“无”) }}"])), "无\n");
    assert_eq!(texts(&paragraph(&["{% if customer.phone %}x{% else %}y", "{% endif %}"])), "y\n");
}

#[test]
fn rows_and_paragraphs_repeat() {
    let row = |texts: &[&str]| {
        let cells: String = texts.iter().map(|text| format!("<w:tc>{}</w:tc>", paragraph(&[text]))).collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let head = row(&["款项", "金额"]);
    let expected = "款项\n金额\n预付款\n30,000.00\n尾款\n70,000.50\n合计\n";
    let several = [
        head.clone(),
        row(&["{%tr for one in plan %}"]),
        row(&["{{ one.name }}", "{{ one.amount }}"]),
        row(&["{%tr endfor %}"]),
    ];
    assert_eq!(texts(&format!("<w:tbl>{}{}</w:tbl>", several.concat(), row(&["合计"]))), expected);
    let one = row(&["{%tr for one in plan %}{{ one.款项 }}", "{{ one.amount }}{%tr endfor %}"]);
    assert_eq!(texts(&format!("<w:tbl>{head}{one}{}</w:tbl>", row(&["合计"]))), expected);
    let paragraphs =
        [&["{%p for one in pl", "an %}"][..], &["{{ loop.index }}. {{ one.name }}"], &["{%p endfor %}"], &["end"]];
    let body: String = paragraphs.iter().map(|runs| paragraph(runs)).collect();
    assert_eq!(texts(&body), "1. 预付款\n2. 尾款\nend\n");
    let none = paragraph(&["{%p if customer.phone %}"]) + &paragraph(&["x"]) + &paragraph(&["{%p endif %}"]);
    assert_eq!(texts(&none), "");
}

#[test]
fn parts_without_tags_are_copied_and_the_same_is_made_again() {
    let header = document(&paragraph(&["{{ signed_on }}"]));
    let body = document("<w:p attribute=\"{{ x }}\"/>");
    let odd = "<not really xml {{ customer.none }}";
    let template = file(&[("word/document.xml", &body), ("word/header1.xml", &header), ("word/media/x.xml", odd)]);
    let made = fill("t.docx", &template, &fields(), Lang::Zh).unwrap().bytes;
    assert_eq!(part(&made, "word/document.xml"), body);
    assert_eq!(part(&made, "word/media/x.xml"), odd);
    assert!(part(&made, "word/header1.xml").contains(">2026-05-01<"));
    assert_eq!(fill("t.docx", &template, &fields(), Lang::Zh).unwrap().bytes, made);
}

#[test]
fn what_is_blank_is_told() {
    let bytes = file(&[("word/document.xml", &document(&paragraph(&["{{ customer.phone }}"])))]);
    assert_eq!(fill("t.docx", &bytes, &fields(), Lang::En).unwrap().blanks, ["customer.phone"]);
}

#[test]
fn mistakes_are_told_with_their_paragraph() {
    let second = |text: &str| filled(&(paragraph(&["one"]) + &paragraph(&["{{ ", text]))).unwrap_err();
    let failure = second("customer.nmae }}");
    assert_eq!(failure.message.en, "`t.docx word/document.xml` paragraph 2: there is no field `customer.nmae`");
    assert_eq!(failure.hints[0].en, "did you mean `customer.name`?");
    let failure = second("customer.name");
    assert_eq!(failure.message.en, "`t.docx word/document.xml` paragraph 2: the tag `{{ customer.name` does not close");
    let open = filled(&paragraph(&["{% if signed_on %}"])).unwrap_err();
    assert!(open.message.en.contains("the template does not parse"), "{}", open.message.en);
    let across = format!(
        "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>{}",
        paragraph(&["{% if customer.phone %}"]),
        paragraph(&["{% endif %}"])
    );
    assert!(filled(&across).unwrap_err().message.en.contains("closes in another"));
}

#[test]
fn hostile_files_are_told_and_take_no_memory() {
    let told = |bytes: &[u8]| fill("t.docx", bytes, &fields(), Lang::En).unwrap_err().message.en.to_string();
    assert!(told(b"no zip at all").contains("damaged"));
    assert!(told(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]).contains("password"));
    assert!(told(&file(&[("xl/workbook.xml", "<x/>")])).contains("no part `word/document.xml`"));
    assert!(told(&file(&[("word/document.xml", "<w:document><w:p></w:document>")])).contains("damaged"));
    assert!(told(&file(&[("word/document.xml", "<!DOCTYPE x><w:document/>")])).contains("document type"));
    let bomb = file(&[("word/document.xml", &" ".repeat(65 << 20))]);
    assert!(bomb.len() < 1 << 20 && told(&bomb).contains("64 MB"), "{}", told(&bomb));
    let endless = paragraph(&["{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}"]);
    assert!(told(&file(&[("word/document.xml", &document(&endless))])).contains("does too much"));
    let whole = file(&[("word/document.xml", &document(&paragraph(&["{{ signed_on }}"])))]);
    for cut in (0..whole.len()).step_by(7) {
        assert!(!told(&whole[..cut]).is_empty());
    }
}

#[test]
fn markdown_becomes_a_word_file() {
    let markdown = "# 合同\n\n甲方：**某某** & 乙方\n\n1. 一\n2. 二\n\n| a | b |\n| --- | --- |\n| 1 |  |\n";
    let bytes = compose(markdown, Lang::Zh).unwrap();
    let xml = part(&bytes, "word/document.xml");
    for wanted in ["Heading1", "某某", "&amp; 乙方", "1. ", "<w:tbl>", "<w:tc><w:tcPr/><w:p></w:p></w:tc>"] {
        assert!(xml.contains(wanted), "{wanted} in {xml}");
    }
    assert_eq!(compose(markdown, Lang::Zh).unwrap(), bytes);
    assert!(fill("t.docx", &bytes, &fields(), Lang::Zh).is_ok(), "it is sound");
}
