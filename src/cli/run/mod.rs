//! The dispatch table: what is asked for, done.
//!
//! A command here translates between its request and an operation: it opens the repository, calls `ops`,
//! and prints. It decides nothing.

mod add;
mod approve;
mod assign;
mod attach;
mod blame;
mod cases;
mod chain;
mod check;
mod completions;
mod conflicts;
mod contact;
mod contract;
mod convert;
mod deal;
mod dedupe;
mod demo;
mod desk;
mod diff;
mod due;
mod edit;
mod handover;
mod help;
mod hook;
mod import;
mod import_map;
mod import_rows;
mod import_told;
mod init;
mod lifecycle;
mod lines;
mod list;
mod log;
mod man;
mod merge;
mod merge_driver;
mod next;
mod pool;
mod report;
mod rm;
mod score;
mod search;
mod set;
mod show;
mod stages;
mod status;
mod sync;
mod sync_told;
mod target;
mod textconv;
mod ticket;
mod undo;
mod verify;
mod whoami;

pub use help::page;

use super::context::Context;
use super::global::OutputTarget;
use super::request::Request;
use super::ui::Ui;
use crate::record::{Exit, Result};
use crate::store::refuse_own_place;
use std::path::PathBuf;

/// Does what is asked for; returns the exit code of what happened.
pub fn run(request: Request, context: &Context, ui: &mut Ui) -> Result<Exit> {
    result_files(&request, context).into_iter().try_for_each(|path| refuse_own_place(&path))?;
    match request {
        Request::Add(request) => add::run(request, context, ui),
        Request::List(request) => list::run(&request, context, ui),
        Request::Show(request) => show::run(&request, context, ui),
        Request::Set(request) => set::run(request, context, ui),
        Request::Edit(request) => edit::run(&request, context, ui),
        Request::Rm(request) => rm::run(&request, context, ui),
        Request::Log(request) => log::run(&request, context, ui),
        Request::Blame(request) => blame::run(&request, context, ui),
        Request::Import(request) => import::run(&request, context, ui),
        Request::Score(request) => score::run(&request, context, ui),
        Request::Assign(request) => assign::run(&request, context, ui),
        Request::Deal(request) => deal::run(&request, context, ui),
        Request::Stages(request) => stages::run(&request, context, ui),
        Request::Cases(request) => cases::run(&request, context, ui),
        Request::Target(request) => target::run(&request, context, ui),
        Request::Ticket(request) => ticket::run(&request, context, ui),
        Request::Search(request) => search::run(&request, context, ui),
        Request::Approve(request) => approve::run(&request, context, ui),
        Request::Lifecycle(request) => lifecycle::run(&request, context, ui),
        Request::Convert(request) => convert::run(&request, context, ui),
        Request::Contract(request) => contract::run(&request, context, ui),
        Request::Init(request) => init::run(&request, context, ui),
        Request::Demo(request) => demo::run(&request, context, ui),
        Request::Due(request) => due::run(&request, context, ui),
        Request::Report(request) => report::run(&request, context, ui),
        Request::ReportList => report::run_list(context, ui),
        Request::Pool(request) => pool::run(&request, context, ui),
        Request::Handover(request) => handover::run(&request, context, ui),
        Request::Contact(request) => contact::run(&request, context, ui),
        Request::Dedupe(request) => dedupe::run(&request, context, ui),
        Request::Attach(request) => attach::run(&request, context, ui),
        Request::Verify(request) => verify::run(&request, context, ui),
        Request::Chain(customer) => chain::run(&customer, context, ui),
        Request::ImportMap(request) => import_map::run(&request, context, ui),
        Request::Check(request) => check::run(&request, context, ui),
        Request::Status => status::show(context, ui),
        Request::Sync(request) => sync::run(&request, context, ui),
        Request::Merge(branch) => merge::run(&branch, context, ui),
        Request::Conflicts(targets) => conflicts::run(&targets, context, ui),
        Request::Resolve(request) => conflicts::run_resolve(&request, context, ui),
        Request::Commit(request) => status::run_commit(&request, context, ui),
        Request::Diff(request) => diff::run(&request, context, ui),
        Request::Whoami => whoami::run(context, ui),
        Request::Undo(request) => undo::run_undo(&request, context, ui),
        Request::Redo(request) => undo::run_redo(&request, context, ui),
        Request::OpLog(request) => undo::run_log(&request, context, ui),
        Request::HookInstall(request) => hook::run(&request, context, ui),
        Request::PreReceive => hook::run_pre_receive(context, ui),
        Request::Textconv(request) => textconv::run(&request, context, ui),
        Request::Completions(request) => completions::run(&request, ui),
        Request::Man(request) => man::run(&request, context, ui),
        Request::MergeDriver(request) => merge_driver::run(&request, context, ui),
        Request::Help(request) => help::run(&request, context, ui),
    }
}

/// Returns the files that results are to be written to.
fn result_files(request: &Request, context: &Context) -> Vec<PathBuf> {
    let output = match &context.output {
        Some(OutputTarget::File(path)) => Some(path.clone()),
        _ => None,
    };
    let own = match request {
        Request::Import(request) => request.rejects.clone(),
        Request::Man(request) => request.out.as_ref().map(|folder| folder.join("kehu.1")),
        _ => None,
    };
    output.into_iter().chain(own).collect()
}
