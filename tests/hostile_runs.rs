//! The program on hostile files: within 1 GB of memory and 10 s, one clear line or the right counts, never a crash.

mod common;
#[path = "common/damage.rs"]
mod damage;

use assert_cmd::Command;
use common::{Env, Output};
use damage::*;
use std::time::Duration;

/// Runs the program under the limits; a run that takes longer, or is ended by a signal, has no code.
#[track_caller]
fn run(env: &Env, args: &[&str]) -> Output {
    let mut command = Command::new("sh");
    let program = assert_cmd::cargo::cargo_bin!("kehu");
    command.args(["-c", "ulimit -v 1048576 && exec \"$@\"", "sh"]).arg(program).args(args);
    env.hermetic(&mut command, &env.dir());
    command.timeout(Duration::from_secs(if cfg!(debug_assertions) { 40 } else { 10 }));
    let output = env.finish(command);
    assert!((0..=11).contains(&output.code), "{args:?}\n{output}");
    assert!(!output.stderr.contains("panicked") && !output.stderr.contains("mistake"), "{args:?}\n{output}");
    output
}

fn put(env: &Env, name: &str, bytes: &[u8]) {
    std::fs::write(env.dir().join(name), bytes).unwrap();
}

/// Imports a file, which must be refused; returns what is said, and makes sure that nothing was written.
#[track_caller]
fn refused(env: &Env, name: &str, bytes: &[u8], more: &[&str]) -> String {
    put(env, name, bytes);
    let before = env.git_done(&["rev-parse", "HEAD"]);
    let args = [&["lead", "import", name][..], more].concat();
    let output = run(env, &args);
    assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{output}");
    assert_eq!(env.git_done(&["rev-parse", "HEAD"]), before);
    output.stderr
}

#[test]
fn refusals_say_what_to_do_in_english() {
    let env = Env::repository("en");
    let said = |name: &str, bytes: &[u8]| refused(&env, name, bytes, &[]);
    let locked = ole(&[("EncryptedPackage", vec![1; 64])]);
    let cut = &xlsx()[..600];
    let claim = "<sst uniqueCount=\"1099511627776\"><si><t>x</t></si></sst>";
    let strings = zip(&with(xlsx_parts(&leads_xml("")), "xl/sharedStrings.xml", claim));
    let far: String = (5..2000).map(|n| format!("<row r=\"{n}\"><c r=\"XFD{n}\"><v>1</v></c></row>")).collect();
    let all = [
        said("empty.csv", b""),
        said("mark.csv", b"\xef\xbb\xbf"),
        said("page.xls", b"<html><table><tr><td>x</td></tr></table></html>"),
        said("locked.xlsx", &locked),
        said("cut.xlsx", cut),
        said("claims.xlsx", &strings),
        said("far.xlsx", &zip(&xlsx_parts(&leads_xml(&far)))),
        said("commas.csv", ",".repeat(200_000).as_bytes()),
        said("noise.csv", &Vec::from_iter((0..4096u32).map(|n| (n * 7 % 31) as u8))),
        said("line.jsonl", b"{\"company\":\"x\"}\n{\"company\":"),
        said("deep.json", "[".repeat(200_000).as_bytes()),
        said("other.csv", b"a,b\n1,2\n"),
    ];
    insta::assert_snapshot!(all.concat());
}

#[test]
fn refusals_say_what_to_do_in_chinese() {
    let env = Env::repository("zh");
    let said = |name: &str, bytes: &[u8]| refused(&env, name, bytes, &[]);
    let locked = ole(&[("EncryptedPackage", vec![1; 64])]);
    let turned: Vec<u8> = xls().iter().enumerate().map(|(at, byte)| if at == 516 { 1 } else { *byte }).collect();
    let all = [
        said("空.csv", b" \n"),
        said("网页.xls", "<html><table><tr><td>公司</td></tr></table></html>".as_bytes()),
        said("加密.xlsx", &locked),
        said("截断.xlsx", &xlsx()[..600]),
        said("循环.xls", &turned),
        said("图片.csv", b"\x89PNG\r\n\x1a\n"),
        said("压缩包.zip", &zip(&[("名单.csv".into(), b"x".to_vec())])),
        said("过宽.csv", ",".repeat(200_000).as_bytes()),
        said("只有空行.csv", b",,\n,,\n"),
        said("表头不明.csv", "甲,乙\n1,2\n".as_bytes()),
        {
            put(&env, "表.xlsx", &xlsx());
            let output = run(&env, &["lead", "import", "表.xlsx", "--sheet", "三月"]);
            assert_eq!(output.code, 4, "{output}");
            output.stderr
        },
    ];
    insta::assert_snapshot!(all.concat());
}

/// Returns the counts of an import, as one line.
#[track_caller]
fn counts(env: &Env, name: &str, more: &[&str]) -> String {
    let rejects = format!("../{name}.back");
    let args = [&["lead", "import", name, "--json", "--rejects", &rejects][..], more].concat();
    let output = run(env, &args);
    let json = output.json();
    let count = |key: &str| json[key].as_u64().unwrap_or_else(|| panic!("{key}: {json}"));
    let keys = ["created", "updated", "unchanged", "duplicates", "rejected", "skipped"];
    assert_eq!(keys.iter().map(|key| count(key)).sum::<u64>(), count("rows"), "{json}");
    assert_eq!(output.code, if count("rejected") > 0 { 3 } else { 0 }, "{output}");
    keys.iter().filter(|key| count(key) > 0).map(|key| format!("{key} {}", count(key))).collect::<Vec<_>>().join(", ")
}

#[test]
fn good_files_of_every_format_are_imported() {
    let env = Env::repository("zh");
    for (at, (name, bytes)) in good_files().iter().enumerate() {
        put(&env, name, bytes);
        let expected = match (at, *name) {
            (0, _) => "created 3",
            // One company is written without its comma; its telephone tells that it is the same.
            (_, "tabs.tsv") => "unchanged 2, duplicates 1",
            _ => "unchanged 3",
        };
        assert_eq!(counts(&env, name, &[]), expected, "{name}");
    }
    assert_eq!(run(&env, &["check"]).code, 0);
}

#[test]
fn odd_files_are_imported_as_far_as_they_go() {
    let env = Env::repository("en");
    let head = "company,contact_name,phone,region,source,acquired_on,remark";
    let lead = |n: usize, remark: &str| format!("Firm {n},Buyer,138{n:08},Hangzhou,hotline,2026-03-01,{remark}");
    let mut text = format!("{head}{}\r\n", ",".repeat(17));
    for (n, remark) in [(1, "\"lone"), (2, "a\0b"), (3, "\u{1b}[31mred"), (4, "=1+1"), (5, &"x".repeat(1 << 20))] {
        text += &format!("{}{}{}", lead(n, remark), ",".repeat(17), ["\r\n", "\n", "\r"][n % 3]);
    }
    put(&env, "odd.csv", text.as_bytes());
    assert_eq!(counts(&env, "odd.csv", &["--dry-run"]), "created 5");
    assert_eq!(counts(&env, "odd.csv", &[]), "created 5");
    assert_eq!(counts(&env, "odd.csv", &[]), "unchanged 5");
    let shown = run(&env, &["lead", "show", "LEAD-2026-003"]).stdout;
    assert!(shown.contains("␛[31mred") && !shown.contains('\u{1b}'), "{shown}");
    assert_eq!(run(&env, &["check"]).code, 0);

    let ragged = format!("{head}\n{},too,much\n{}\n", lead(6, "x"), lead(7, "y"));
    put(&env, "ragged.csv", ragged.as_bytes());
    assert_eq!(counts(&env, "ragged.csv", &[]), "created 1, rejected 1");
    std::fs::rename(env.dir().join("../ragged.csv.back"), env.dir().join("back.csv")).unwrap();
    assert_eq!(counts(&env, "back.csv", &[]), "rejected 1", "not mended, it is rejected again");
    let again = std::fs::read_to_string(env.dir().join("../back.csv.back")).unwrap();
    assert_eq!(again.replace(",2,", ",N,"), env.read("back.csv").replace(",2,", ",N,"));
    let mended = again.replace(",too,much,", ",,,");
    put(&env, "back.csv", mended.as_bytes());
    assert_eq!(counts(&env, "back.csv", &[]), "created 1");
}

#[test]
fn many_rows_without_use_are_rejected_in_time() {
    let env = Env::repository("en");
    put(&env, "short.csv", format!("company\n{}", "x\n".repeat(30_000)).as_bytes());
    assert_eq!(counts(&env, "short.csv", &[]), "rejected 30000");
    put(&env, "notes.csv", format!("company,phone\n{}", "\"a\nb\",1,2,3\n".repeat(5_000)).as_bytes());
    assert_eq!(counts(&env, "notes.csv", &[]), "rejected 5000");
}

#[test]
fn what_is_no_file_ends() {
    let env = Env::repository("en");
    let output = run(&env, &["lead", "import", "."]);
    assert!(output.stderr.starts_with("error: `.` is a folder"), "{output}");
    let output = run(&env, &["lead", "import", "/dev/zero"]);
    assert!(output.stderr.starts_with("error: `zero`: the table is too large"), "{output}");
    let output = run(&env, &["lead", "import", "/dev/null"]);
    assert!(output.stderr.starts_with("error: `null`: the file is empty"), "{output}");
}
