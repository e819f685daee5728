//! Import a spreadsheet: a plan first, then one commit.
//!
//! A file is read and mapped ([`crate::import`]), every row becomes a candidate or is rejected with its
//! reasons ([`candidate`]), candidates are compared with the records there are and with each other by
//! exact keys ([`plan`]), and what is left to do is written in one commit that names file, hash and counts.
//!
//! *Invariant:* created + updated + unchanged + duplicates + rejected + skipped = rows.

mod candidate;
mod merge;
mod plan;
mod report;

pub use merge::Gain;
pub use plan::{Duplicate, Plan};
pub use report::Summary;

use self::candidate::Judge;
use super::add::Constants;
use super::names::Known;
use super::resolve::counted;
use super::{Batch, Session};
use crate::import::{
    Input, MapOptions, Mapped, Mapper, Mapping, NewKeys, ReadOptions, Rejects, Resolved, Table, Unknown, read_table,
    write_rejects,
};
use crate::record::date::DateOrder;
use crate::record::input::Reading;
use crate::record::{CUSTOMER, Exit, Failure, Field, Finding, Initial, Kind, Lang, Need, Result, Words};
use crate::words;
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
    let input = Input { name, bytes };
    let read = ReadOptions { kind: Some(kind), ..options.mapping.read_options(options.read.clone()) };
    let stage = session.options.progress.stage(&words!("reading the file", "读取文件"), 0);
    let table = read_table(&input, &read)?;
    drop(stage);
    let known = Known::load(session)?;
    let mapped = map(session, kind, (name, &table), options, &known)?;
    let lacking = lacking(kind, &mapped.rows);
    let mut batch = Batch::begin(session)?;
    let config = candidate::extended(&session.config, &mapped.rows);
    let judge = Judge {
        kind,
        config: &config,
        today: session.now.date_naive(),
        relax: &options.mapping.relax,
        constants: Constants::new(&config, kind),
        actor: actor(session, kind)?,
        progress: &session.options.progress,
    };
    let judged = judge.judge(mapped.rows, &batch)?;
    let mut plan = plan::make(session, &judge, judged, options.on_duplicate, &known.open_subjects(), &mut batch)?;
    plan.refuse_denied()?;
    if options.strict && !plan.rejected.is_empty() {
        return Err(strict(&plan));
    }
    let new_keys = plan::new_keys(&plan);
    let lacks = plan.lacks;
    let mut summary = Summary::of(kind, name, &table, &plan);
    summary.lacking = if lacks { lacking } else { Vec::new() };
    summary.unmatched = mapped.unmatched;
    summary.units = mapped.units;
    summary.sha256 = hex(&Sha256::digest(bytes));
    summary.table = (!summary.rejected.is_empty()).then_some(table);
    if !session.options.dry_run && !summary.rejected.is_empty() {
        put_back(&summary)?;
    }
    plan::write(&mut batch, kind, plan, &new_keys)?;
    summary.note_created(&batch);
    let (subject, trailer) = (summary.subject(&batch), ("Kehu-Source-Sha256".to_string(), summary.sha256.clone()));
    let outcome = batch.commit(&subject, vec![trailer])?;
    summary.finish(outcome, new_keys);
    Ok(summary)
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

/// Returns who imports, where fields of the kind are that person's unless said otherwise; nobody when that
/// is no user.
fn actor(session: &Session, kind: Kind) -> Result<Option<String>> {
    match kind.initial.iter().any(|(_, initial)| matches!(initial, Initial::Actor)) {
        true => session.user(),
        false => Ok(None),
    }
}

/// A table's rows as values, and the headings nothing was made of.
struct MappedTable {
    rows: Vec<crate::import::Mapped>,
    unmatched: Vec<crate::import::Unmatched>,
    units: Vec<crate::import::ColumnUnit>,
}

fn map(
    session: &Session,
    kind: Kind,
    (name, table): (&str, &Table),
    options: &ImportOptions,
    known: &Known,
) -> Result<MappedTable> {
    use rayon::prelude::*;
    let resolve = |of: &str, text: &str| match known.resolve(of, text) {
        // A row may name a record that stands in another row; whether it does is judged when all are read.
        Resolved::Nothing(_) if of == kind.name => Resolved::Untold,
        resolved => resolved,
    };
    let today = session.now.date_naive();
    let stated_day = |(key, text): &(String, String)| {
        let day = kind.field(key).and_then(|field| counted(field, text, today));
        (key.clone(), day.unwrap_or_else(|| text.clone()))
    };
    let map_options = MapOptions {
        unknown: if options.keep_unknown { Unknown::Keep } else { Unknown::Report },
        new_keys: if options.add_unknown { NewKeys::Add } else { NewKeys::Refuse },
        set: options.set.iter().map(stated_day).collect(),
        resolve: Some(&resolve),
        ..MapOptions::new(Reading { order: options.order, ..session.config.reading() })
    };
    let mapper = Mapper::new(kind, table, &options.mapping, map_options)?;
    let stated = !options.mapping.columns.is_empty() || !options.mapping.set.is_empty();
    if mapper.matching().columns.is_empty() && !stated {
        let failure = match &table.sheet {
            Some(sheet) => no_column(kind).hint(words!(
                "sheet `{sheet}` was read; `--sheet NAME` reads another",
                "读取的是工作表 `{sheet}`；可用 `--sheet 名称` 读取其他工作表"
            )),
            None => no_column(kind),
        };
        return Err(failure.within(words!("`{name}`", "`{name}`")));
    }
    let stage = session.options.progress.stage(&words!("reading rows", "读取数据行"), table.rows.len());
    // What a reader learns of the cells is worth more the more rows it reads.
    let rows = table.rows.par_iter().with_min_len(1024);
    let rows = rows.map_init(|| mapper.reader(), |reader, row| reader.read(row));
    let rows = rows.inspect(|_| stage.advance(1)).collect();
    Ok(MappedTable { rows, unmatched: mapper.matching().unmatched.clone(), units: mapper.units().to_vec() })
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

fn no_column(kind: Kind) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::failed(words!("no column of the table is a field of a {en}", "表格中没有一列是{zh}的字段")).hint(words!(
        "`--header-row N` says where the headings stand, `--encoding` how the text is written, `--map` what the columns mean",
        "可用 `--header-row 行号` 指明表头，用 `--encoding` 指明编码，用 `--map` 说明各列"
    ))
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
