//! A file read as the rows of its table, and these as values of fields.

use super::ImportOptions;
use crate::import::{
    ColumnUnit, Input, MapOptions, Mapped, Mapper, NewKeys, ReadOptions, Resolved, Table, Unknown, Unmatched,
    read_table,
};
use crate::ops::Session;
use crate::ops::names::Known;
use crate::ops::resolve::counted;
use crate::record::input::Reading;
use crate::record::{Failure, Kind, Result};
use crate::words;
use rayon::prelude::*;

/// Reads the table of a file, as its mapping says.
pub fn read(session: &Session, kind: Kind, input: &Input<'_>, options: &ImportOptions) -> Result<Table> {
    let read = ReadOptions { kind: Some(kind), ..options.mapping.read_options(options.read.clone()) };
    let _stage = session.options.progress.stage(&words!("reading the file", "读取文件"), 0);
    read_table(input, &read)
}

/// A table's rows as values, and the headings nothing was made of.
pub struct MappedTable {
    /// The rows.
    pub rows: Vec<Mapped>,
    /// The headings nothing was made of.
    pub unmatched: Vec<Unmatched>,
    /// Columns whose bare numbers were read in a unit that does not stand beside them.
    pub units: Vec<ColumnUnit>,
}

/// Reads the rows of a table as values, in parallel.
///
/// Fails with exit code 1 when no column is a field and the mapping says nothing of any.
pub fn map(
    session: &Session,
    kind: Kind,
    (name, table): (&str, &Table),
    options: &ImportOptions,
    known: &Known,
) -> Result<MappedTable> {
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
        return Err(no_column(kind, table).within(words!("`{name}`", "`{name}`")));
    }
    let stage = session.options.progress.stage(&words!("reading rows", "读取数据行"), table.rows.len());
    // What a reader learns of the cells is worth more the more rows it reads.
    let rows = table.rows.par_iter().with_min_len(1024);
    let rows = rows.map_init(|| mapper.reader(), |reader, row| reader.read(row));
    let rows = rows.inspect(|_| stage.advance(1)).collect();
    Ok(MappedTable { rows, unmatched: mapper.matching().unmatched.clone(), units: mapper.units().to_vec() })
}

fn no_column(kind: Kind, table: &Table) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    let failure = Failure::failed(words!("no column of the table is a field of a {en}", "表格中没有一列是{zh}的字段"));
    let failure = failure.hint(words!(
        "`--header-row N` says where the headings stand, `--encoding` how the text is written, `--map` what the columns mean",
        "可用 `--header-row 行号` 指明表头，用 `--encoding` 指明编码，用 `--map` 说明各列"
    ));
    match &table.sheet {
        Some(sheet) => failure.hint(words!(
            "sheet `{sheet}` was read; `--sheet NAME` reads another",
            "读取的是工作表 `{sheet}`；可用 `--sheet 名称` 读取其他工作表"
        )),
        None => failure,
    }
}
