//! Import a spreadsheet: a plan first, then one commit.
//!
//! A file is read and mapped ([`crate::import`]), rows of one order are made one ([`gather`]), every row becomes a candidate or is rejected with its
//! reasons ([`judge`]), candidates are compared with the records there are and with each other by
//! exact keys ([`plan`]), and what is left to do is written in one commit that names file, hash and counts.
//!
//! *Invariant:* created + joined + updated + unchanged + duplicates + rejected + skipped = rows.

mod candidate;
mod gather;
mod judge;
mod merge;
mod plan;
mod reading;
mod report;

pub use merge::Gain;
pub use plan::{Duplicate, Gathered, Plan};
pub use report::Summary;

use self::judge::Judge;
use super::names::Known;
use super::{Batch, Session};
use crate::import::{Input, Mapped, Mapping, ReadOptions, Rejects, write_rejects};
use crate::record::date::DateOrder;
use crate::record::{CUSTOMER, Exit, Failure, Field, Finding, Initial, Kind, LEAD, Lang, Need, Result, Row, Words};
use crate::words;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

/// What to do with a row whose record exists already by an exact key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDuplicate {
    /// Leave the record as it is and count the row.
    #[default]
    Skip,
    /// Change the record's fields to what the row says.
    Update,
    /// Make a second record.
    Keep,
    /// Stop with exit code 5.
    Error,
}

/// How a file is to be imported.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// How to read it.
    pub read: ReadOptions,
    /// The mapping.
    pub mapping: Mapping,
    /// Values stated on the command line.
    pub set: Vec<(String, String)>,
    /// The order of day and month where the file does not prove it.
    pub order: DateOrder,
    /// What to do with duplicates.
    pub on_duplicate: OnDuplicate,
    /// Whether one rejected row rejects all.
    pub strict: bool,
    /// Whether columns that match no field become custom fields.
    pub keep_unknown: bool,
    /// Whether values no dictionary knows join it.
    pub add_unknown: bool,
}

/// Imports one file; `name` is what messages and the commit call it.
///
/// `put_back` gets what the import comes to when rows were rejected, before anything is committed, to write
/// them where their owner finds them; not in a dry run. Returns what happened to every row. Fails with exit
/// code 1 when the file cannot be read or `put_back` fails, 5 when duplicates are to stop it, 6 when it is
/// strict and a row was rejected, 7 when no row is the person's to write, or it is strict and one is not; then nothing
/// is committed.
pub fn import(
    session: &Session,
    kind: Kind,
    name: &str,
    bytes: &[u8],
    options: &ImportOptions,
    put_back: &mut dyn FnMut(&Summary) -> Result<()>,
) -> Result<Summary> {
    session.writable()?;
    let table = reading::read(session, kind, &Input { name, bytes }, options)?;
    let known = Known::load(session)?;
    let mapped = reading::map(session, kind, (name, &table), options, &known)?;
    let config = judge::extended(&session.config, &mapped.rows);
    let (rows, further) = gather::gather(mapped.rows, &options.mapping.relax, &config.dictionary);
    let lacking = lacking(kind, &rows);
    let mut batch = Batch::begin(session)?;
    let judge = Judge::new(session, kind, &config, &options.mapping.relax)?;
    let judged = judge.judge(rows, &batch)?;
    let mut plan = plan::make(session, &judge, judged, options.on_duplicate, &known.open_subjects(), &mut batch)?;
    plan.refuse_denied()?;
    let gathered = plan.spread(&further, table.rows.len() - plan.skipped.len());
    if options.strict && !plan.rejected.is_empty() {
        return Err(strict(&plan));
    }
    let mut summary = Summary::of(kind, name, table, &plan);
    summary.gathered = gathered;
    summary.lacking = if plan.lacks { lacking } else { Vec::new() };
    summary.overdue = overdue(session, kind, &plan);
    summary.unmatched = mapped.unmatched;
    summary.units = mapped.units;
    summary.sha256 = hex(&Sha256::digest(bytes));
    if !session.options.dry_run && !summary.rejected.is_empty() {
        put_back(&summary)?;
    }
    commit(batch, plan, summary)
}

/// Writes what the plan says in one commit; returns the summary with what came of it.
fn commit(mut batch: Batch<'_>, plan: Plan, mut summary: Summary) -> Result<Summary> {
    let new_keys = plan::new_keys(&plan);
    plan::write(&mut batch, summary.kind, plan, &new_keys)?;
    summary.note_created(&batch);
    let (subject, trailer) = (summary.subject(&batch), ("Kehu-Source-Sha256".to_string(), summary.sha256.clone()));
    let outcome = batch.commit(&subject, vec![trailer])?;
    summary.finish(outcome, new_keys);
    Ok(summary)
}

/// What was acquired so many days before is an old list, not last week's fair.
const OLD_AFTER: i64 = 30;

/// Counts the new leads whose first touch is long past due when they are imported.
fn overdue(session: &Session, kind: Kind, plan: &Plan) -> usize {
    let today = session.now.date_naive();
    let is_old = |day: NaiveDate| (today - day).num_days() > OLD_AFTER;
    let is_overdue = |row: &Row| {
        let is_over = matches!(row.text("status"), Some("converted" | "disqualified"));
        !is_over && row.moment("assigned_at").is_none() && row.date("acquired_on").is_some_and(is_old)
    };
    plan.create.iter().filter(|one| kind == LEAD && is_overdue(&one.row)).count()
}

/// Returns the required fields that the file has for no row and that nothing else fills.
fn lacking(kind: Kind, rows: &[Mapped]) -> Vec<&'static Field> {
    // The day and the moment are facts the file must give, but for the day an archive is made.
    let fills = |initial: &Initial| !matches!(initial, Initial::Today | Initial::Now) || kind == CUSTOMER;
    let filled = |field: &Field| kind.initial.iter().any(|(key, initial)| *key == field.key && fills(initial));
    let is_told = |row: &Mapped, key: &str| row.problems.iter().any(|problem| problem.field.as_deref() == Some(key));
    let given = |field: &Field| rows.iter().any(|row| row.row.get(field.key).is_some() || is_told(row, field.key));
    let required = kind.fields.iter().filter(|field| field.need == Need::Required && !filled(field));
    required.filter(|field| !rows.is_empty() && !given(field)).collect()
}

/// Reads a mapping file's text.
///
/// Fails with exit code 6, naming every mistake.
pub fn read_mapping(text: &str, path: &str, kind: Kind) -> Result<Mapping> {
    Mapping::parse(text, path, Some(kind)).map_err(|findings: Vec<Finding>| super::session::unreadable(&findings))
}

/// Writes the rejected rows of a summary back in the format of the input, if there are any.
pub fn rejects(summary: &Summary, lang: Lang) -> Result<Option<Rejects>> {
    let Some(table) = summary.table.as_ref().filter(|_| !summary.rejected.is_empty()) else { return Ok(None) };
    write_rejects(table, &summary.rejected, lang).map(Some)
}

fn strict(plan: &Plan) -> Failure {
    let count = plan.rejected.len();
    let exit = if plan.denied > 0 { Exit::Denied } else { Exit::Invalid };
    let failure = Failure::new(
        exit,
        words!(
            "{count} rows were rejected, and `--strict` takes all or none",
            "{count} 行被拒绝，`--strict` 要求全部通过"
        ),
    );
    plan.rejected.iter().take(5).fold(failure, |failure, (row, why)| {
        failure.hint(Words::join([&words!("row {row}", "第 {row} 行"), why], ": ", "："))
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
