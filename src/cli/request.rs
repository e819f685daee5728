//! What is asked for: a parsed command line, typed, without clap and without words.

use super::noun::add::AddRequest;
use super::noun::assign::AssignRequest;
use super::noun::contract::ContractRequest;
use super::noun::deal::DealRequest;
use super::noun::edit::EditRequest;
use super::noun::import::ImportRequest;
use super::noun::lifecycle::LifecycleRequest;
use super::noun::list::ListRequest;
use super::noun::rm::RmRequest;
use super::noun::score::ScoreRequest;
use super::noun::search::SearchRequest;
use super::noun::set::SetRequest;
use super::noun::show::ShowRequest;
use super::noun::stages::StagesRequest;
use super::noun::target::TargetRequest;
use super::noun::ticket::TicketRequest;
use super::noun::verify::VerifyRequest;
use super::word::{
    ApproveRequest, AttachRequest, BlameRequest, CasesRequest, CheckRequest, CommitRequest, CompletionsRequest,
    ContactRequest, DedupeRequest, DemoRequest, DiffRequest, DueRequest, HandoverRequest, HelpRequest, HookRequest,
    ImportMapRequest, InitRequest, ManRequest, MergeDriverRequest, OpLogRequest, PoolRequest, ReportRequest,
    ResolveRequest, SyncRequest, TextconvRequest, UndoRequest,
};
use crate::ops::convert::Conversion;
use crate::ops::log::Question;

/// One command, with what it needs besides the [`Context`](super::context::Context).
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// `NOUN add`
    Add(AddRequest),
    /// `NOUN list`
    List(ListRequest),
    /// `NOUN show`
    Show(ShowRequest),
    /// `NOUN set`
    Set(SetRequest),
    /// `NOUN edit`
    Edit(EditRequest),
    /// `NOUN rm`
    Rm(RmRequest),
    /// `log` and `NOUN log`
    Log(Question),
    /// `blame`
    Blame(BlameRequest),
    /// `NOUN import`
    Import(ImportRequest),
    /// `lead score`
    Score(ScoreRequest),
    /// `lead assign`
    Assign(AssignRequest),
    /// `lead qualify`, `lead disqualify`, `lead nurture`, `lead reopen`
    Lifecycle(LifecycleRequest),
    /// `lead convert`
    Convert(Conversion),
    /// `contract plan`, `receive`, `sign`, `terminate`, `renew`, `render`, `ledger`
    Contract(ContractRequest),
    /// `opportunity advance`, `opportunity win`, `opportunity lose`, `opportunity reopen`
    Deal(DealRequest),
    /// `opportunity stages`
    Stages(StagesRequest),
    /// `cases`
    Cases(CasesRequest),
    /// `target plan`
    Target(TargetRequest),
    /// `ticket queue`, `dispatch`, `start`, `hold`, `resume`, `explain`, `resolve`, `confirm`, `archive`, `reopen`, `escalate`
    Ticket(TicketRequest),
    /// `article search`
    Search(SearchRequest),
    /// `approve`
    Approve(ApproveRequest),
    /// `init`
    Init(InitRequest),
    /// `demo`
    Demo(DemoRequest),
    /// `due`
    Due(DueRequest),
    /// `report NAME`
    Report(ReportRequest),
    /// `report list`
    ReportList,
    /// `pool list`, `pool claim`, `pool release`, `pool recycle`
    Pool(PoolRequest),
    /// `handover`
    Handover(HandoverRequest),
    /// `contact list`, `contact add`, `contact set`, `contact rm`
    Contact(ContactRequest),
    /// `dedupe merge`, `dedupe unmerge`, `dedupe review`
    Dedupe(DedupeRequest),
    /// `attach`
    Attach(AttachRequest),
    /// `NOUN verify`
    Verify(VerifyRequest),
    /// `customer chain`, of this customer
    Chain(String),
    /// `import map`
    ImportMap(ImportMapRequest),
    /// `check`
    Check(CheckRequest),
    /// `status`
    Status,
    /// `sync`
    Sync(SyncRequest),
    /// `merge`, of this branch
    Merge(String),
    /// `conflicts`, of these records or fields; of all when there are none
    Conflicts(Vec<String>),
    /// `resolve`
    Resolve(ResolveRequest),
    /// `commit`
    Commit(CommitRequest),
    /// `diff`
    Diff(DiffRequest),
    /// `whoami`
    Whoami,
    /// `undo`
    Undo(UndoRequest),
    /// `redo`
    Redo(UndoRequest),
    /// `op log`
    OpLog(OpLogRequest),
    /// `hook install`
    HookInstall(HookRequest),
    /// `hook pre-receive`
    PreReceive,
    /// `textconv`
    Textconv(TextconvRequest),
    /// `completions`
    Completions(CompletionsRequest),
    /// `man`
    Man(ManRequest),
    /// `merge-driver`
    MergeDriver(MergeDriverRequest),
    /// `help`
    Help(HelpRequest),
}
