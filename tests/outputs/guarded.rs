//! Data commands neither the terminal nor a spreadsheet, and every text is read back.

use super::{draw, options, report, yuan};
use kehu::output::{DrawOptions, find_format};
use kehu::record::{Lang, Words};
use kehu::sheet::{Cell, Column, ColumnType, Sheet};

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
