//! Prints the manual page, or writes all of them.

use crate::cli::context::Context;
use crate::cli::exit::{EXITS, meaning, name};
use crate::cli::grammar;
use crate::cli::speaker::Speaker;
use crate::cli::ui::Ui;
use crate::cli::word::ManRequest;
use crate::record::{Exit, Failure, Label, Lang, Result};
use crate::store::refused;
use crate::words;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

/// The headings and words clap_mangen writes, with what stands for them in each language.
const HEADINGS: [(&str, Label); 7] = [
    (".SH NAME", Label::new(".SH NAME", ".SH 名称")),
    (".SH SYNOPSIS", Label::new(".SH SYNOPSIS", ".SH 概要")),
    (".SH DESCRIPTION", Label::new(".SH DESCRIPTION", ".SH 描述")),
    (".SH OPTIONS", Label::new(".SH OPTIONS", ".SH 选项")),
    (".SH VERSION", Label::new(".SH VERSION", ".SH 版本")),
    (".SH SUBCOMMANDS", Label::new(".SH COMMANDS", ".SH 命令")),
    ("\\fIPossible values:\\fR", Label::new("\\fIPossible values:\\fR", "\\fI可选值：\\fR")),
];

/// Does it.
pub fn run(request: &ManRequest, context: &Context, ui: &Ui) -> Result<Exit> {
    let mut root = grammar::command(ui.lang);
    root.build();
    match &request.out {
        None => ui.print(&page(&root, "kehu", ui.lang)?)?,
        Some(_) if context.dry_run => {
            for (name, _) in pages(&root, ui.lang)? {
                ui.print(&name)?;
            }
        }
        Some(dir) => {
            std::fs::create_dir_all(dir).map_err(|error| {
                let dir = dir.display();
                refused(&words!("cannot make `{dir}`", "无法创建 `{dir}`"), &error)
            })?;
            for (name, text) in pages(&root, ui.lang)? {
                ui.write_file(&dir.join(name), |out| out.write_all(text.as_bytes()))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// Returns file name and text of the page of each command, outermost first.
fn pages(root: &Command, lang: Lang) -> Result<Vec<(String, String)>> {
    let mut pages = Vec::new();
    let mut waiting = vec![(root, "kehu".to_string())];
    while let Some((command, name)) = waiting.pop() {
        pages.push((format!("{name}.1"), page(command, &name, lang)?));
        waiting.extend(command.get_subcommands().map(|below| (below, format!("{name}-{}", below.get_name()))));
    }
    pages.sort();
    Ok(pages)
}

fn page(command: &Command, name: &str, lang: Lang) -> Result<String> {
    let mut text = Vec::new();
    // Examples are drawn below, as clap_mangen would fill their lines.
    let theirs = command.clone().display_name(name.to_string()).after_help(None);
    let man = Man::new(theirs).title(name.to_uppercase()).source(concat!("kehu ", env!("CARGO_PKG_VERSION")));
    man.render(&mut text).map_err(|error| {
        Failure::failed(words!("cannot draw the page `{name}`: {error}", "无法生成手册页 `{name}`：{error}"))
    })?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    for (theirs, ours) in HEADINGS {
        text = text.replace(theirs, ours.get(lang));
    }
    text.push_str(&own_sections(command, lang).to_roff());
    Ok(text)
}

/// Draws examples and exit codes.
fn own_sections(command: &Command, lang: Lang) -> Roff {
    let speaker = Speaker(lang);
    let mut roff = Roff::default();
    if let Some(examples) = command.get_after_help() {
        roff.control("SH", [speaker.say("EXAMPLES", "示例")]);
        roff.control("nf", []);
        for line in examples.to_string().lines() {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
    }
    roff.control("SH", [speaker.say("EXIT STATUS", "退出码")]);
    for exit in EXITS {
        roff.control("TP", []);
        roff.text([bold((exit as u8).to_string()), roman(format!(" {}", name(exit)))]);
        roff.text([roman(meaning(exit).get(lang))]);
    }
    roff
}
