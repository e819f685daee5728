//! The command line's frame: help in both languages, errors, topics, completions, manual pages.

mod common;

use common::Env;
use insta::assert_snapshot;
use kehu::cli::exit::EXITS;
use kehu::cli::grammar;
use kehu::cli::topic::TOPICS;
use kehu::record::Lang;

/// Returns the words of every command, the program itself included, with its clap command.
fn walk(lang: Lang) -> Vec<(Vec<String>, clap::Command)> {
    let mut root = grammar::command(lang);
    root.build();
    let mut found = Vec::new();
    let mut waiting = vec![(Vec::new(), root)];
    while let Some((path, command)) = waiting.pop() {
        for below in command.get_subcommands() {
            let path = path.iter().cloned().chain([below.get_name().to_string()]).collect();
            waiting.push((path, below.clone()));
        }
        found.push((path, command));
    }
    found
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_command_and_argument_has_words_in_both_languages() {
    let (english, chinese) = (walk(Lang::En), walk(Lang::Zh));
    assert!(english.len() > 50, "{}", english.len());
    assert_eq!(english.len(), chinese.len());
    for ((path, en), (_, zh)) in english.iter().zip(&chinese) {
        let about = |command: &clap::Command| command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about(en).is_empty() && about(en).is_ascii(), "{path:?}: {}", about(en));
        assert!(has_han(&about(zh)), "{path:?}: {}", about(zh));
        assert!(!about(en).contains('{') && !about(zh).contains('{'), "{path:?}");
        for (en, zh) in en.get_arguments().zip(zh.get_arguments()) {
            let help = |arg: &clap::Arg| arg.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help(en).is_empty(), "{path:?} {}", en.get_id());
            assert!(has_han(&help(zh)), "{path:?} {}: {}", zh.get_id(), help(zh));
        }
    }
}

#[test]
fn help_of_every_command_is_whole_in_either_language() {
    const ENGLISH: [&str; 10] = [
        "Usage",
        "Options",
        "Arguments",
        "Commands",
        "Examples",
        "Fields",
        "[default",
        "[possible",
        "[env",
        "[OPTIONS]",
    ];
    let env = Env::new();
    for (path, command) in walk(Lang::Zh) {
        let line =
            |lang: &'static str| path.iter().map(String::as_str).chain(["--help", "--lang", lang]).collect::<Vec<_>>();
        let (en, zh) = (env.run(&line("en")), env.run(&line("zh")));
        assert_eq!((en.code, en.stderr.as_str(), zh.code, zh.stderr.as_str()), (0, "", 0, ""), "{path:?}");
        let usage = format!("kehu {}", path.join(" "));
        assert!(en.stdout.contains(&format!("Usage: {}", usage.trim_end())), "{en}");
        assert!(zh.stdout.contains(&format!("用法：{}", usage.trim_end())), "{zh}");
        for word in ENGLISH {
            assert!(!zh.stdout.contains(word), "{path:?} has `{word}`: {zh}");
        }
        if !command.has_subcommands() {
            assert!(en.stdout.contains("Examples:\n  kehu ") && zh.stdout.contains("示例：\n  kehu "), "{path:?}");
        }
        for line in en.stdout.lines().chain(zh.stdout.lines()).filter(|line| !line.starts_with("  kehu ")) {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 100, "{path:?}: {line}");
        }
        let by_word: Vec<&str> = ["help"].into_iter().chain(path.iter().map(String::as_str)).collect();
        assert!(path.is_empty() || env.run(&by_word).stdout == en.stdout, "{path:?}");
    }
}

#[test]
fn examples_are_understood() {
    for lang in [Lang::En, Lang::Zh] {
        for (_, command) in walk(lang) {
            let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in examples.lines() {
                let words = split_words(line);
                let matches = grammar::command(lang).try_get_matches_from(&words);
                let parsed =
                    matches.map_err(|e| e.to_string()).and_then(|m| grammar::parse(&m).map_err(|e| e.to_string()));
                assert!(parsed.is_ok(), "{line}: {parsed:?}");
            }
        }
    }
}

/// Splits a line as a shell does, up to a redirection or a pipe; quotes are single.
fn split_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            '<' | '>' | '|' if !quoted => break,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("never empty").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn version_and_nothing() {
    let env = Env::new();
    assert_eq!(env.run(&["--version"]).to_string(), format!("kehu {}\n", env!("CARGO_PKG_VERSION")));
    let nothing = env.run(&[]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (2, ""));
    assert!(nothing.stderr.starts_with("A CRM on the command line"), "{nothing}");
}

#[test]
fn the_environment_chooses_the_language() {
    let env = Env::new();
    for (name, value) in [("LANG", "zh_CN.UTF-8"), ("LC_ALL", "zh_TW"), ("KEHU_LANG", "zh")] {
        let mut command = env.command(&["leed"]);
        command.env(name, value);
        let output = env.finish(command);
        assert_eq!(output.stderr, "错误：`kehu` 没有命令“leed”\n提示：是不是 `kehu lead`？\n", "{name}");
    }
}

#[test]
fn mistyped_words_name_the_nearest() {
    let env = Env::new();
    assert_snapshot!(env.run(&["lead", "lst"]), @r"
    ------- stderr -------
    error: `kehu lead` has no command `lst`
    hint: did you mean `kehu lead list`?
    [exit 2]
    ");
    assert_snapshot!(env.run(&["list", "lead"]), @"
    ------- stderr -------
    error: `kehu` has no command `list`
    hint: a verb follows its noun, one of lead, customer, opportunity, contract, order, ticket, article, followup, review, target, product, user, as in `kehu lead list`
    [exit 2]
    ");
    assert_snapshot!(env.run(&["import", "leads.csv"]), @r"
    ------- stderr -------
    error: `kehu import` has no command `leads.csv`
    hint: records are imported by their noun, as `kehu lead import FILE`
    [exit 2]
    ");
    assert_snapshot!(env.run(&["lead", "list", "--ower", "me"]), @r"
    ------- stderr -------
    error: there is no option `--ower`
    hint: did you mean `--owner`?
    [exit 2]
    ");
    assert_snapshot!(env.run(&["customer", "score"]), @r"
    ------- stderr -------
    error: `kehu customer` has no command `score`
    hint: see `kehu customer --help`
    [exit 2]
    ");
}

#[test]
fn unknown_fields_name_the_nearest_in_either_language() {
    let env = Env::new();
    assert_snapshot!(env.run(&["lead", "add", "compny=x"]), @r"
    ------- stderr -------
    error: a lead has no field `compny`
    hint: did you mean `company`?
    [exit 2]
    ");
    assert_snapshot!(env.run(&["--lang", "zh", "lead", "set", "LEAD-2026-001", "联系=x"]), @r"
    ------- stderr -------
    错误：线索没有字段“联系”
    提示：是不是“联系人”？
    [exit 2]
    ");
    assert_snapshot!(env.run(&["lead", "import", "x.csv", "--set", "zzz=1"]), @r"
    ------- stderr -------
    error: a lead has no field `zzz`
    hint: `kehu lead add --help` lists the fields
    [exit 2]
    ");
    assert_snapshot!(env.run(&["customer", "add", "contacts=x"]), @r"
    ------- stderr -------
    error: `contacts` is a table and cannot be set from one word
    hint: use `kehu customer edit`, or give JSON lines to `--stdin`
    [exit 2]
    ");
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let env = Env::new();
    for (line, said) in [
        (&["lead", "show"][..], "error: `<NUM>...` is missing\nhint: see `kehu lead show --help`"),
        (
            &["lead", "list", "--limit", "x"],
            "error: `x` is not a count for `--limit`\nhint: see `kehu lead list --help`",
        ),
        (&["lead", "list", "--where"], "error: `--where <FILTER>` wants a value\nhint: see `kehu lead list --help`"),
        (
            &["--color", "red", "status"],
            "error: `red` is not a value of `--color <CHOICE>`\nhint: one of auto, always, never",
        ),
        (&["status", "-q", "-v"], "error: `--quiet` cannot stand beside `--verbose`\nhint: see `kehu status --help`"),
        (
            &["user", "add", "name=x"],
            "error: the number of the new user is missing\nhint: it comes first, as in `kehu user add NUM key=value`",
        ),
        (
            &["status", "--now", "soon"],
            "error: `soon` is not a moment\nhint: write a day or a moment, such as 2026-03-12 or 2026-03-12T09:30:00+08:00",
        ),
    ] {
        let output = env.run(line);
        assert_eq!((output.code, output.stdout.as_str(), output.stderr.trim_end()), (2, "", said), "{line:?}");
    }
}

#[test]
fn errors_are_json_on_request() {
    let env = Env::new();
    assert_snapshot!(env.run(&["--json", "lead", "lst"]), @r#"
    ------- stderr -------
    {"schema":"kehu.error","version":1,"exit":2,"code":"usage","message":"`kehu lead` has no command `lst`","details":[],"hints":["did you mean `kehu lead list`?"]}
    [exit 2]
    "#);
    assert_snapshot!(env.run(&["lead", "list", "--json", "-o", "csv", "--lang", "zh"]), @r#"
    ------- stderr -------
    {"schema":"kehu.error","version":1,"exit":2,"code":"usage","message":"`--json` 与 `-o csv` 矛盾","details":[],"hints":[]}
    [exit 2]
    "#);
}

#[test]
fn topics_stand_in_both_languages() {
    let env = Env::new();
    for topic in &TOPICS {
        let (en, zh) = (env.run(&["help", topic.name]), env.run(&["help", topic.name, "--lang", "zh"]));
        assert_eq!((en.code, zh.code), (0, 0));
        assert!(has_han(&zh.stdout) && en.stdout != zh.stdout, "{}", topic.name);
        assert!(env.run(&["help"]).stdout.contains(topic.name));
        assert!(env.run(&["help", "--help"]).stdout.contains(topic.name), "{}", topic.name);
    }
    assert_snapshot!(env.run(&["help", "exit-code"]), @r"
    ------- stderr -------
    error: there is no topic or command `exit-code`
    hint: did you mean `exit-codes`?
    [exit 2]
    ");
}

#[test]
fn every_exit_code_is_listed() {
    let env = Env::new();
    for lang in ["en", "zh"] {
        let topic = env.run(&["help", "exit-codes", "--lang", lang]).stdout;
        let codes: Vec<&str> =
            topic.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
        let wanted: Vec<String> = EXITS.iter().map(|exit| (*exit as u8).to_string()).collect();
        assert_eq!(codes, wanted);
    }
}

#[test]
fn completions_for_every_shell() {
    let env = Env::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = env.run(&["completions", shell]);
        assert_eq!((script.code, script.stderr.as_str()), (0, ""), "{shell}");
        for word in ["followup", "contact-name", "pre-commit"] {
            assert!(script.stdout.contains(word), "{shell} does not know `{word}`");
        }
    }
    assert_eq!(env.run(&["completions", "tcsh"]).code, 2);
}

#[test]
fn manual_pages() {
    let env = Env::new();
    let (en, zh) = (env.run(&["man"]).stdout, env.run(&["man", "--lang", "zh"]).stdout);
    for heading in ["NAME", "SYNOPSIS", "DESCRIPTION", "GLOBAL OPTIONS", "COMMANDS", "EXAMPLES", "EXIT STATUS"] {
        assert!(en.contains(&format!(".SH {heading}\n")) || en.contains(&format!(".SH \"{heading}\"\n")), "{heading}");
    }
    let headings: Vec<&str> = zh.lines().filter(|line| line.starts_with(".SH")).collect();
    assert!(headings.iter().all(|heading| has_han(heading)), "{headings:?}");
    let written = env.run(&["man", "--out", "man", "-q"]);
    assert_eq!((written.code, written.to_string().as_str()), (0, ""));
    let pages = std::fs::read_dir(env.dir().join("man")).expect("the folder").count();
    assert_eq!(pages, walk(Lang::En).len());
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("kehu"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("/dev/full");
    let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("kehu"))
        .args(["--version"])
        .env("LANG", "C")
        .stdout(full)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: cannot write to stdout"));
}
