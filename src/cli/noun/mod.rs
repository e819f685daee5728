//! The verbs every kind of record has: one file a verb, one list.
//!
//! A verb states its words, its arguments and how they become a request; the commands of all kinds are
//! made from the list, so a new kind needs nothing here.

pub mod add;
pub mod assign;
pub mod chain;
pub mod contract;
pub mod convert;
pub mod deal;
pub mod edit;
pub mod import;
pub mod lifecycle;
pub mod list;
pub mod log;
pub mod rm;
pub mod score;
pub mod search;
pub mod set;
pub mod show;
pub mod stages;
pub mod target;
pub mod ticket;
pub mod verify;

use super::assign::noun;
use super::request::Request;
use super::speaker::{Speaker, value};
use crate::record::{Failure, FieldType, KINDS, Kind, Label, Lang, Number, Numbering, Result, many};
use crate::words;
use clap::{Arg, ArgMatches, Command};

/// A verb of every kind that it fits.
///
/// In its words `{noun}`, `{nouns}`, `{kind}` and `{num}` stand for what people call one record, several,
/// the word typed, and a number as an example.
pub struct Verb {
    /// The word typed.
    pub name: &'static str,
    /// What it does, one line.
    pub about: Label,
    /// What else there is to know; may be empty.
    pub detail: Label,
    /// Command lines as examples.
    pub examples: fn(Kind) -> Vec<Label>,
    /// Which kinds have it.
    pub fits: fn(Kind) -> bool,
    /// Its arguments.
    pub args: fn(Kind, Speaker) -> Vec<Arg>,
    /// Reads them.
    pub parse: Parse,
}

/// How a verb reads its arguments.
type Parse = fn(Kind, &ArgMatches) -> Result<Request>;

impl Verb {
    /// Returns a verb without words and arguments, for those of one kind to begin with.
    const fn bare(name: &'static str, fits: fn(Kind) -> bool, parse: Parse) -> Verb {
        let none = Label::new("", "");
        Verb { name, about: none, detail: none, examples: |_| Vec::new(), fits, args: |_, _| Vec::new(), parse }
    }
}

/// Every verb, in the order of help.
pub static VERBS: [Verb; 42] = [
    add::VERB,
    list::VERB,
    show::VERB,
    set::VERB,
    edit::VERB,
    rm::VERB,
    log::VERB,
    import::VERB,
    score::VERB,
    assign::VERB,
    chain::VERB,
    verify::VERB,
    lifecycle::QUALIFY,
    lifecycle::NURTURE,
    lifecycle::DISQUALIFY,
    lifecycle::REOPEN,
    convert::VERB,
    deal::ADVANCE,
    deal::WIN,
    deal::LOSE,
    deal::REOPEN,
    stages::VERB,
    target::VERB,
    contract::payment::PLAN,
    contract::payment::RECEIVE,
    contract::step::SIGN,
    contract::step::TERMINATE,
    contract::step::RENEW,
    contract::document::RENDER,
    contract::document::LEDGER,
    ticket::QUEUE,
    ticket::DISPATCH,
    ticket::START,
    ticket::HOLD,
    ticket::RESUME,
    ticket::EXPLAIN,
    ticket::RESOLVE,
    ticket::CONFIRM,
    ticket::ARCHIVE,
    ticket::REOPEN,
    ticket::ESCALATE,
    search::VERB,
];

/// Makes the command of each kind; its verbs are built only when it is called.
pub fn commands(lang: Lang) -> impl Iterator<Item = Command> {
    KINDS.into_iter().map(move |kind| {
        let about = fill(Label::new("Work with {nouns}", "管理{noun}"), kind, lang);
        let command = Command::new(kind.name).about(about).aliases(kind.aliases).subcommand_required(true);
        match lang {
            Lang::En => command.defer(|command| with_verbs(command, Lang::En)),
            Lang::Zh => command.defer(|command| with_verbs(command, Lang::Zh)),
        }
    })
}

fn with_verbs(command: Command, lang: Lang) -> Command {
    let Some(kind) = Kind::find(command.get_name()) else { return command };
    let verbs = VERBS.iter().filter(|verb| (verb.fits)(kind)).map(|verb| verb_command(verb, kind, lang));
    let command = command.subcommands(verbs.collect::<Vec<_>>());
    Speaker(lang).seal(command, &format!("kehu {kind}"))
}

fn verb_command(verb: &Verb, kind: Kind, lang: Lang) -> Command {
    let examples: Vec<String> = (verb.examples)(kind).into_iter().map(|line| fill(line, kind, lang)).collect();
    let about = fill(verb.about, kind, lang);
    let mut command = Command::new(verb.name).about(about.clone()).args((verb.args)(kind, Speaker(lang)));
    if !verb.detail.en.is_empty() {
        command = command.long_about(format!("{about}\n\n{}", fill(verb.detail, kind, lang)));
    }
    if !examples.is_empty() {
        command = command.after_help(examples.join("\n"));
    }
    Speaker(lang).seal(command, &format!("kehu {kind} {}", verb.name))
}

fn fill(text: Label, kind: Kind, lang: Lang) -> String {
    let noun = noun(kind, lang);
    let nouns = if lang == Lang::En { many(&noun) } else { noun.clone() };
    let an = if noun.starts_with(['a', 'e', 'i', 'o']) { "an {noun}" } else { "a {noun}" };
    let text = text.get(lang).replace("{nouns}", &nouns).replace("a {noun}", an).replace("{noun}", &noun);
    text.replace("{kind}", kind.name).replace("{num}", example_number(kind))
}

/// Returns a number such as records of the kind have.
fn example_number(kind: Kind) -> &'static str {
    match (kind.numbering, kind.name) {
        (Numbering::Sequence, "lead") => "LEAD-2026-001",
        (Numbering::Sequence, "opportunity") => "OPP-2026-001",
        (Numbering::Sequence, "contract") => "CON-2026-001",
        (Numbering::Sequence, "order") => "ORD-2026-001",
        (Numbering::Sequence, "review") => "REV-2026-001",
        (Numbering::Sequence, "ticket") => "TKT-2026-001",
        (Numbering::Sequence, "article") => "KB-2026-001",
        (Numbering::Sequence, _) => "B2B-2026-001",
        (Numbering::Given, "user") => "li.ming",
        (Numbering::Given, "target") => "2026-li.ming",
        (Numbering::Given, _) => "DESK-01",
        (Numbering::Event, _) => "20260312T093000-k7x2",
    }
}

/// Reads the verb called, with its arguments.
pub fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    let called = matches
        .subcommand()
        .and_then(|(name, args)| Some((VERBS.iter().find(|v| v.name == name && (v.fits)(kind))?, args)));
    match called {
        Some((verb, args)) => (verb.parse)(kind, args),
        None => Err(Failure::usage(words!("`kehu {kind}` wants a verb", "`kehu {kind}` 之后需要一个动词"))),
    }
}

/// Reads a record's number.
///
/// Fails with exit code 2 when it could not be one.
pub fn parse_number(text: &str) -> Result<Number> {
    Number::parse(text).ok_or_else(|| {
        Failure::usage(words!("`{text}` is not the number of a record", "“{text}”不是记录编号")).hint(words!(
            "numbers look like LEAD-2026-001, DESK-01 or li.ming",
            "编号形如 LEAD-2026-001、DESK-01 或 li.ming"
        ))
    })
}

/// Walks the values of an argument.
pub fn texts<'a>(matches: &'a ArgMatches, id: &str) -> impl Iterator<Item = &'a str> {
    matches.get_many::<String>(id).into_iter().flatten().map(String::as_str)
}

/// Returns a count given as an option.
pub fn count(matches: &ArgMatches, id: &str) -> Option<usize> {
    matches.get_one::<u64>(id).and_then(|n| usize::try_from(*n).ok())
}

/// Returns the field that names what a record of the kind is about (the subject of a follow-up), if it has one.
pub fn subject_field(kind: Kind) -> Option<&'static crate::record::Field> {
    kind.fields.iter().find(|field| field.ty == FieldType::Subject)
}

/// Which records a command is about: the named ones, or those a filter selects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The numbers given, or what people call the records.
    pub numbers: Vec<String>,
    /// The filters given; all must hold.
    pub filters: Vec<String>,
}

impl Selection {
    /// Joins numbers with the filters of `--where`.
    ///
    /// Fails with exit code 2 when both are there.
    pub fn parse(numbers: Vec<String>, matches: &ArgMatches) -> Result<Selection> {
        let filters: Vec<String> = texts(matches, "where").map(String::from).collect();
        if !numbers.is_empty() && !filters.is_empty() {
            return Err(Failure::usage(words!("give numbers or `--where`, not both", "编号与 `--where` 只能给出一种")));
        }
        Ok(Selection { numbers, filters })
    }

    /// Tells whether neither numbers nor filters were given.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.filters.is_empty()
    }
}

/// Makes the option `--where`.
pub fn where_arg(speaker: Speaker) -> Arg {
    speaker
        .option(
            "where",
            super::speaker::value::FILTER,
            "Only those the filter selects; repeated, all must hold; see `kehu help filters`",
            "只取符合条件者；可重复，须全部满足；见 `kehu help filters`",
        )
        .action(clap::ArgAction::Append)
}

/// Makes the option `--branch`.
pub fn branch_arg(speaker: Speaker) -> Arg {
    speaker.option(
        "branch",
        value::NAME,
        "Commit to this branch, for a review, and leave the files alone; it starts at HEAD where it is new",
        "提交到该分支以供评审，不改动工作目录；分支不存在时从 HEAD 建立",
    )
}

/// Returns the branch of [`branch_arg`].
pub fn branch(matches: &ArgMatches) -> Option<String> {
    texts(matches, "branch").next().map(String::from)
}

/// Makes the option `--expect`.
pub fn expect_arg(speaker: Speaker) -> Arg {
    speaker.count(
        "expect",
        "The exact count of records that may change; wanted for mass changes",
        "将要改动的记录的确切数量；批量改动时必须给出",
    )
}
