//! The options every command takes.

use super::speaker::{Speaker, value};
use crate::record::date::{DateOrder, Moment, parse_moment};
use crate::record::{Failure, Label, Lang, Result};
use crate::words;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use std::path::PathBuf;

/// Where the result goes and in what form, `-o`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputTarget {
    /// stdout, in the named format.
    Format(String),
    /// A file; the format follows from its ending.
    File(PathBuf),
}

/// The moment the records are read as of, `--as-of`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsOfArg {
    /// A day or a moment.
    Moment(Moment),
    /// A git revision.
    Revision(String),
}

/// What the global options say; environment and terminal come in by [`Context`](super::context::Context),
/// language and colour, which are needed before, by [`Glance`](super::scan::Glance).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Globals {
    /// `-C`
    pub repo: Option<PathBuf>,
    /// `-o`
    pub output: Option<OutputTarget>,
    /// `--json`
    pub json: bool,
    /// `--as-of`
    pub as_of: Option<AsOfArg>,
    /// `--with-config now`
    pub present_config: bool,
    /// `--now`
    pub now: Option<Moment>,
    /// `--as`
    pub user: Option<String>,
    /// `--dry-run`
    pub dry_run: bool,
    /// `-m`
    pub message: Option<String>,
    /// `-q`
    pub quiet: bool,
    /// `-v`
    pub verbose: bool,
    /// `--lock-timeout`, in seconds.
    pub lock_timeout: Option<u64>,
    /// `--no-index`
    pub no_index: bool,
}

/// Makes the global options.
pub fn args(lang: Lang) -> Vec<Arg> {
    let s = Speaker(lang);
    let args = [
        s.path(
            "repo",
            value::DIR,
            "Work in the repository that DIR lies in [env: KEHU_REPO]",
            "在该目录所属的仓库中工作 [环境变量：KEHU_REPO]",
        )
        .short('C'),
        s.option(
            "output",
            Label::new("FORMAT|FILE.EXT", "格式|文件.扩展名"),
            "Print in this format, or write this file; see `kehu help formats`",
            "按该格式输出，或写入该文件；见 `kehu help formats`",
        )
        .short('o'),
        s.switch("json", "Print JSON, errors too; the same as `-o json`", "输出 JSON，错误也是；等同于 `-o json`"),
        s.choice(
            "lang",
            ["zh", "en"],
            "Speak this language [env: KEHU_LANG] [default: that of the repository, else of LANG]",
            "使用的语言 [环境变量：KEHU_LANG] [默认值：仓库的语言，没有仓库时按 LANG]",
        ),
        s.option(
            "as-of",
            Label::new("DATE|REV", "日期|版本"),
            "Read the records as of a day, a moment or a commit",
            "按某日、某时刻或某次提交时的记录读取",
        ),
        s.choice(
            "with-config",
            ["then", "now"],
            "With `--as-of`, apply the configuration of then, or that of now to the records of then [default: then]",
            "与 `--as-of` 合用：采用当时的配置，或将现在的配置用于当时的记录 [默认值：then]",
        ),
        s.option(
            "now",
            Label::new("MOMENT", "时刻"),
            "Take this for the present, RFC 3339 or a day [env: KEHU_NOW]",
            "以此为当前时刻，RFC 3339 或日期 [环境变量：KEHU_NOW]",
        ),
        s.option(
            "as",
            value::USER,
            "Act in this user's name; the commit says so [env: KEHU_USER]",
            "代该用户操作，提交中会注明 [环境变量：KEHU_USER]",
        ),
        s.switch("dry-run", "Say what would happen and change nothing", "只说明将会发生什么，不作任何改动"),
        s.option("message", value::TEXT, "Commit with this subject", "提交说明的标题").short('m'),
        s.choice(
            "color",
            ["auto", "always", "never"],
            "Use colour; NO_COLOR and CLICOLOR_FORCE are honoured [default: auto]",
            "是否使用颜色；遵循 NO_COLOR 和 CLICOLOR_FORCE [默认值：auto]",
        ),
        s.switch("quiet", "Say nothing but errors; print numbers only", "除错误外不作说明；只输出编号")
            .short('q')
            .conflicts_with("verbose"),
        s.switch("verbose", "Say more", "输出更多说明").short('v'),
        s.option(
            "lock-timeout",
            Label::new("SECONDS", "秒"),
            "Wait this long for another process to finish [default: 10]",
            "等待其他进程完成的最长时间 [默认值：10]",
        )
        .value_parser(value_parser!(u64).range(..=86_400)),
        s.switch("no-index", "Read every file instead of the index", "不用索引，读取每个文件"),
        s.switch("help", "Print help", "显示帮助").short('h').action(ArgAction::Help),
    ];
    let heading = s.say("Global options", "全局选项");
    args.into_iter().map(|arg| arg.global(true).help_heading(heading)).collect()
}

impl Globals {
    /// Reads the global options of a parsed command line.
    ///
    /// Fails with exit code 2 on a moment that cannot be read and on `--json` with another format.
    pub fn parse(matches: &ArgMatches) -> Result<Globals> {
        let text = |id: &str| matches.get_one::<String>(id).cloned();
        let globals = Globals {
            repo: matches.get_one::<PathBuf>("repo").cloned(),
            output: text("output").map(|text| OutputTarget::parse(&text)),
            json: matches.get_flag("json"),
            as_of: text("as-of").map(|text| AsOfArg::parse(&text)),
            present_config: text("with-config").is_some_and(|config| config == "now"),
            now: text("now").map(|text| parse_now(&text)).transpose()?,
            user: text("as"),
            dry_run: matches.get_flag("dry-run"),
            message: text("message"),
            quiet: matches.get_flag("quiet"),
            verbose: matches.get_flag("verbose"),
            lock_timeout: matches.get_one::<u64>("lock-timeout").copied(),
            no_index: matches.get_flag("no-index"),
        };
        match &globals.output {
            Some(OutputTarget::Format(format)) if globals.json && format != "json" => Err(Failure::usage(words!(
                "`--json` and `-o {format}` contradict each other",
                "`--json` 与 `-o {format}` 矛盾"
            ))),
            _ => Ok(globals),
        }
    }
}

impl OutputTarget {
    /// Takes a bare word for a format, anything with a `.` or a folder for a file.
    fn parse(text: &str) -> OutputTarget {
        if text.contains(['.', '/', std::path::MAIN_SEPARATOR]) {
            OutputTarget::File(text.into())
        } else {
            OutputTarget::Format(text.to_ascii_lowercase())
        }
    }
}

impl AsOfArg {
    /// Takes what reads as a day or moment for one, all else for a revision; eight digits are a revision.
    fn parse(text: &str) -> AsOfArg {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        match parse_moment(text, DateOrder::Unstated).filter(|_| !digits) {
            Some(moment) => AsOfArg::Moment(moment),
            None => AsOfArg::Revision(text.to_string()),
        }
    }
}

/// Reads `--now` and `KEHU_NOW`.
pub fn parse_now(text: &str) -> Result<Moment> {
    parse_moment(text, DateOrder::Unstated).ok_or_else(|| {
        Failure::usage(words!("`{text}` is not a moment", "“{text}”不是有效的时刻")).hint(words!(
            "write a day or a moment, such as 2026-03-12 or 2026-03-12T09:30:00+08:00",
            "请写日期或时刻，例如 2026-03-12 或 2026-03-12T09:30:00+08:00"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_dot_or_a_folder() {
        assert_eq!(OutputTarget::parse("CSV"), OutputTarget::Format("csv".into()));
        assert_eq!(OutputTarget::parse("周报.xlsx"), OutputTarget::File("周报.xlsx".into()));
        assert_eq!(OutputTarget::parse("./csv"), OutputTarget::File("./csv".into()));
    }

    #[test]
    fn as_of_is_a_day_or_a_revision() {
        assert!(matches!(AsOfArg::parse("2026-06-30"), AsOfArg::Moment(Moment::Day(_))));
        for revision in ["HEAD~5", "20260630", "main", "v1.0"] {
            assert_eq!(AsOfArg::parse(revision), AsOfArg::Revision(revision.into()));
        }
    }
}
