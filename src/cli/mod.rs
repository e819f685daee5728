//! The command line: words in, words out.
//!
//! A run goes one way: [`scan`] glances at the arguments for the language, [`grammar`] builds the clap
//! command in it and turns the matches into a typed [`request`], [`context`] gathers clock, user,
//! environment and terminal, [`run`] hands the request to an operation, and [`ui`] prints. What clap
//! cannot read, [`usage`] says in either language, and [`help`] draws the pages.
//!
//! *Invariants.* Only `context` reads clock, user, environment and terminal; only `ui` prints. Every word
//! stands in both languages where it is used. A command line is understood wholly before anything is done.
//!
//! *Absent on purpose:* decisions. Commands translate, operations decide.

pub mod assign;
pub mod context;
pub mod exit;
mod flag;
pub mod global;
pub mod grammar;
mod help;
mod nearest;
pub mod noun;
mod panic;
pub mod request;
pub mod run;
pub mod scan;
pub mod speaker;
pub mod topic;
pub mod ui;
mod usage;
pub mod word;
mod wrap;

use crate::record::{Exit, Failure, Result};
use crate::store::Repo;
use crate::words;
use clap::error::{Error, ErrorKind};
use context::{Context, Screen, Terminal};
use scan::Glance;
use std::ffi::OsString;
use std::process::ExitCode;
use ui::Ui;

/// Runs the program with the arguments and the environment of this process.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut glance = Glance::new(&args, &variable);
    // Help and mistakes are told before the repository is opened, but in its language all the same.
    let near = std::path::absolute(scan::repository_dir(&args, &variable)).ok();
    glance.usual = near.and_then(|dir| Repo::peek_locale(&dir)).unwrap_or(glance.usual);
    let terminal = Terminal::probe();
    let screen = Screen::new(glance.color, &variable, terminal);
    let mut ui = Ui::early(glance, screen);
    panic::remember(glance.verbose);
    let exit = panic::guard(|| start(&args, glance, terminal, &mut ui).map_err(as_failure)).unwrap_or_else(|failure| {
        ui.fail(&failure);
        failure.exit
    });
    ExitCode::from(exit as u8)
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Returns the failure an error is, or says the error of a library as one.
fn as_failure(error: anyhow::Error) -> Failure {
    error.downcast::<Failure>().unwrap_or_else(|other| Failure::failed(words!("{other:#}", "{other:#}")))
}

const VERSION: &str = concat!("kehu ", env!("CARGO_PKG_VERSION"));

fn start(args: &[OsString], glance: Glance, terminal: Terminal, ui: &mut Ui) -> anyhow::Result<Exit> {
    // Scripts ask for it, and need not wait until the whole grammar is made.
    if matches!(args, [only] if only == "--version" || only == "-V") {
        ui.print(VERSION)?;
        return Ok(Exit::Done);
    }
    let line = std::iter::once(OsString::from("kehu")).chain(args.iter().cloned());
    let matches = match grammar::command(glance.lang()).try_get_matches_from(line) {
        Ok(matches) => matches,
        Err(error) => return Ok(answer(&error, args, Screen::new(glance.color, &variable, terminal), ui)?),
    };
    let (globals, request) = grammar::parse(&matches)?;
    let context = Context::new(globals, glance, &variable, terminal)?;
    *ui = Ui::new(&context);
    Ok(run::run(request, &context, ui)?)
}

/// Gives what was asked for instead of a command: help or version; else fails.
fn answer(error: &Error, args: &[OsString], screen: Screen, ui: &Ui) -> Result<Exit> {
    match error.kind() {
        ErrorKind::DisplayVersion => ui.print(VERSION)?,
        // What clap takes for the help text is the command's path; see `Speaker::seal`.
        ErrorKind::DisplayHelp => {
            ui.print(&run::page(error.to_string().trim(), ui.lang, screen).unwrap_or_default())?;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return Ok(explain(screen, ui)),
        ErrorKind::MissingSubcommand if usage::is_bare(error) && !ui.json => return Ok(explain(screen, ui)),
        _ => return Err(usage::failure(error, args)),
    }
    Ok(Exit::Done)
}

/// Shows the help, on stderr, to who gave no command.
fn explain(screen: Screen, ui: &Ui) -> Exit {
    let screen = Screen { color_stdout: screen.color_stderr, ..screen };
    ui.tell(&run::page("kehu", ui.lang, screen).unwrap_or_default());
    Exit::Usage
}
