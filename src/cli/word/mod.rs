//! The single words for the daily things: one file a word, one list.

mod approve;
mod attach;
mod blame;
mod cases;
mod check;
mod commit;
mod completions;
mod conflicts;
mod contact;
mod dedupe;
mod demo;
mod diff;
mod due;
mod handover;
mod help;
mod hook;
mod import_map;
mod init;
mod log;
mod man;
mod merge;
mod merge_driver;
mod op;
mod pool;
mod report;
mod status;
mod sync;
mod textconv;
mod undo;
mod whoami;

pub use approve::ApproveRequest;
pub use attach::AttachRequest;
pub use blame::BlameRequest;
pub use cases::CasesRequest;
pub use check::CheckRequest;
pub use commit::CommitRequest;
pub use completions::CompletionsRequest;
pub use conflicts::ResolveRequest;
pub use contact::ContactRequest;
pub use dedupe::DedupeRequest;
pub use demo::DemoRequest;
pub use diff::DiffRequest;
pub use due::DueRequest;
pub use handover::HandoverRequest;
pub use help::HelpRequest;
pub use hook::HookRequest;
pub use import_map::ImportMapRequest;
pub use init::InitRequest;
pub use man::ManRequest;
pub use merge_driver::MergeDriverRequest;
pub use op::OpLogRequest;
pub use pool::PoolRequest;
pub use report::{PeriodText, ReportRequest};
pub use sync::{SyncRequest, TIMEOUT as SYNC_TIMEOUT};
pub use textconv::TextconvRequest;
pub use undo::UndoRequest;

use super::request::Request;
use super::speaker::Speaker;
use crate::record::{Failure, Label, Lang, Result};
use crate::words;
use clap::{Arg, ArgMatches, Command};

/// A command without a noun, or one below another (`import map`).
pub struct Word {
    /// The word typed.
    pub name: &'static str,
    /// What it does, one line.
    pub about: Label,
    /// What else there is to know; may be empty.
    pub detail: Label,
    /// Command lines as examples.
    pub examples: &'static [Label],
    /// Its arguments.
    pub args: fn(Speaker) -> Vec<Arg>,
    /// What it does.
    pub action: Action,
}

/// What follows when a word is called.
pub enum Action {
    /// It is a command: this reads its arguments.
    Parse(fn(&ArgMatches) -> Result<Request>),
    /// It wants another word.
    Words(&'static [Word]),
}

/// Every word, in the order of help.
pub static WORDS: &[Word] = &[
    init::WORD,
    demo::WORD,
    due::WORD,
    report::WORD,
    pool::WORD,
    handover::WORD,
    contact::WORD,
    dedupe::WORD,
    approve::WORD,
    attach::WORD,
    cases::WORD,
    import_map::WORD,
    check::WORD,
    status::WORD,
    commit::WORD,
    diff::WORD,
    sync::WORD,
    merge::WORD,
    conflicts::CONFLICTS,
    conflicts::RESOLVE,
    whoami::WORD,
    undo::UNDO,
    undo::REDO,
    log::WORD,
    blame::WORD,
    op::WORD,
    hook::WORD,
    textconv::WORD,
    merge_driver::WORD,
    completions::WORD,
    man::WORD,
    help::WORD,
];

/// The words that only git calls; they are documented but not in the list of commands.
const FOR_GIT: [&str; 2] = [textconv::WORD.name, merge_driver::WORD.name];

/// Makes the commands.
pub fn commands(lang: Lang) -> impl Iterator<Item = Command> {
    let made = move |word: &Word| command(word, lang, &format!("kehu {}", word.name));
    WORDS.iter().map(move |word| made(word).hide(FOR_GIT.contains(&word.name)))
}

fn command(word: &Word, lang: Lang, path: &str) -> Command {
    let about = word.about.get(lang);
    let mut command = Command::new(word.name).about(about).args((word.args)(Speaker(lang)));
    if !word.detail.en.is_empty() {
        command = command.long_about(format!("{about}\n\n{}", word.detail.get(lang)));
    }
    if !word.examples.is_empty() {
        let lines: Vec<&str> = word.examples.iter().map(|line| line.get(lang)).collect();
        command = command.after_help(lines.join("\n"));
    }
    if let Action::Words(words) = word.action {
        let below = words.iter().map(|word| self::command(word, lang, &format!("{path} {}", word.name)));
        command = command.subcommands(below).subcommand_required(true);
    }
    Speaker(lang).seal(command, path)
}

/// Reads the word called, with its arguments.
pub fn parse(name: &str, matches: &ArgMatches) -> Result<Request> {
    parse_among(WORDS, name, matches)
}

fn parse_among(words: &[Word], name: &str, matches: &ArgMatches) -> Result<Request> {
    let unknown = || Failure::usage(words!("there is no command `{name}`", "没有命令“{name}”"));
    let word = words.iter().find(|word| word.name == name).ok_or_else(unknown)?;
    match (&word.action, matches.subcommand()) {
        (Action::Parse(parse), _) => parse(matches),
        (Action::Words(below), Some((name, matches))) => parse_among(below, name, matches),
        (Action::Words(_), None) => {
            Err(Failure::usage(words!("`{name}` wants another word", "“{name}”之后还需要一个词")))
        }
    }
}

/// For commands that take no arguments of their own.
fn no_args(_: Speaker) -> Vec<Arg> {
    Vec::new()
}
