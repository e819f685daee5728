//! `kehu import map`

use super::{Action, Word, no_args};
use crate::cli::noun::import::{SourceOptions, source_args};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{KINDS, Kind, Label, Result};
use clap::{Arg, ArgMatches, value_parser};
use std::path::PathBuf;

/// A mapping file to be drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportMapRequest {
    /// The spreadsheet; `-` is stdin.
    pub file: PathBuf,
    /// What its rows are; guessed from the headers when not stated.
    pub kind: Option<Kind>,
    /// How to read it.
    pub source: SourceOptions,
}

pub(super) const WORD: Word = Word {
    name: "import",
    about: Label::new("Prepare an import", "为导入作准备"),
    detail: Label::new(
        "Records are imported by their noun: `kehu lead import FILE`.",
        "记录按名词导入：`kehu lead import 文件`。",
    ),
    examples: &[Label::new("kehu import map expo.xlsx > expo.toml", "kehu import map 展会名单.xlsx > 映射.toml")],
    args: no_args,
    action: Action::Words(&[MAP]),
};

const MAP: Word = Word {
    name: "map",
    about: Label::new("Write a first mapping file for a spreadsheet", "为表格生成初步的映射文件"),
    detail: Label::new(
        "Prints what was recognised as a mapping to be mended by hand; see `kehu help import-mapping`.",
        "将识别结果输出为映射文件，供手工修改；见 `kehu help import-mapping`。",
    ),
    examples: &[Label::new(
        "kehu import map expo.xlsx --kind lead > expo.toml",
        "kehu import map 展会名单.xlsx --kind lead > 映射.toml",
    )],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    let mut args = vec![
        s.position("file", value::FILE, "The spreadsheet; `-` is stdin", "表格文件；`-` 为标准输入")
            .required(true)
            .value_parser(value_parser!(PathBuf)),
        s.choice("kind", KINDS.map(|kind| kind.name), "What its rows are", "各行是什么记录"),
    ];
    args.extend(source_args(s));
    args
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::ImportMap(ImportMapRequest {
        file: matches.get_one::<PathBuf>("file").cloned().unwrap_or_default(),
        kind: matches.get_one::<String>("kind").and_then(|name| Kind::find(name)),
        source: SourceOptions::parse(matches)?,
    }))
}
