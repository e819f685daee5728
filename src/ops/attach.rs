//! Attachments (附件): files kept beside a record, with kind and hash in it.
//!
//! They lie in `attachments/NUMBER/`, under the name they came by. A file that is attached already, whatever it is called,
//! is not attached again.

use super::add::read_one;
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::record::{
    ATTACHMENT, CONTRACT, CUSTOMER, Failure, Finding, KINDS, Kind, LEAD, Number, OPPORTUNITY, Problem, Record, Result,
    Row, TICKET, Value, Words, find_field,
};
use crate::store::{Repo, Source, codec, path_of};
use crate::words;
use sha2::{Digest, Sha256};

/// A file to attach: what it is called, what it holds.
pub type NamedFile = (String, Vec<u8>);

/// The kinds that files are attached to.
pub const KEEPERS: [Kind; 4] = [CUSTOMER, OPPORTUNITY, CONTRACT, TICKET];

/// Attaches files of one kind, in the words of the dictionary `attachment_kind`, to a customer, an opportunity, a
/// contract or a ticket, in one commit.
///
/// Fails with exit code 5 when another file of that name is attached and is not to be replaced, 6 when one is larger than
/// `kehu.toml` allows, is empty or has a name that no file in a repository may have.
pub fn attach(session: &Session, text: &str, files: Vec<NamedFile>, kind: &str, replace: bool) -> Result<Outcome> {
    let (keeper, number) = keeper(session, text)?;
    let mut batch = Batch::begin(session)?;
    let (before, text) = batch.read(keeper, &number)?;
    let mut after = before.clone();
    put(session, &mut batch, &mut after, files, kind, replace)?;
    batch.update(&before, &text, after)?;
    batch.commit(&format!("{keeper}: attach to {number}"), Vec::new())
}

/// Puts files beside a record that is being changed, and a row of each into it; fails as [`attach`] does.
pub fn put(
    session: &Session,
    batch: &mut Batch<'_>,
    record: &mut Record,
    files: Vec<NamedFile>,
    kind: &str,
    replace: bool,
) -> Result<()> {
    let by = session.actor()?;
    let kind = kind_key(session, kind)?;
    files.iter().try_for_each(|file| refuse_odd(session, file))?;
    let mut rows = record.rows("attachments").to_vec();
    for (name, bytes) in files {
        let (path, sha256) = (format!("attachments/{}/{name}", record.number), hash(&bytes));
        if let Some(same) = rows.iter_mut().find(|row| row.text("sha256") == Some(&sha256)) {
            mend(session, batch, same, (&name, bytes), &kind)?;
            continue;
        }
        let place = rows.iter().position(|row| row.text("path") == Some(&path));
        if !replace && (place.is_some() || batch.read_bytes(&path)?.is_some()) {
            return Err(taken(&path));
        }
        let mut row = place.map_or_else(|| Row::new(ATTACHMENT), |at| rows[at].clone());
        row.set("path", Value::text(&*path));
        row.set("kind", Value::text(&*kind));
        row.set("sha256", Value::text(sha256));
        row.set("uploaded_by", Value::text(&*by));
        row.set("uploaded_on", Value::Date(session.now.date_naive()));
        match place {
            Some(at) => rows[at] = row,
            None => rows.push(row),
        }
        batch.put_bytes(&path, Some(bytes))?;
    }
    if !rows.is_empty() {
        record.set("attachments", Value::Rows(rows));
    }
    Ok(())
}

/// Takes a file that is attached already: one that was lost is put back, one of another kind is called what it is now.
fn mend(
    session: &Session,
    batch: &mut Batch<'_>,
    row: &mut Row,
    (name, bytes): (&str, Vec<u8>),
    kind: &str,
) -> Result<()> {
    let known = row.text("path").unwrap_or_default().to_string();
    let hashed = |bytes: Vec<u8>| row.text("sha256") == Some(&hash(&bytes));
    let is_there = batch.read_bytes(&known)?.is_some_and(hashed);
    let label = |kind: &str| session.config.dictionary.words("attachment_kind", kind);
    match row.text("kind").map(label) {
        Some(was) if row.text("kind") != Some(kind) => {
            let is = label(kind);
            batch.warn(words!(
                "`{name}` is attached already: `{known}` was {was} and is {is} now; what is both is attached as two files",
                "`{name}` 已是附件：`{known}` 的类型由“{was}”改为“{is}”；若两者都是，请分成两个内容不同的文件"; each was, is
            ));
        }
        _ if is_there => batch.warn(words!("`{name}` is attached already: `{known}`", "`{name}` 已是附件：`{known}`")),
        _ => {}
    }
    row.set("kind", Value::text(kind));
    if !is_there {
        batch.put_bytes(&known, Some(bytes))?;
    }
    Ok(())
}

/// Returns the record that a text names: a number of any of the kinds, or what a customer is called.
fn keeper(session: &Session, text: &str) -> Result<(Kind, Number)> {
    let resolver = Resolver::new(session);
    let numbered = Number::parse(text.trim());
    let has = |kind: &Kind| numbered.as_ref().is_some_and(|number| resolver.exists(*kind, number));
    let kind = KEEPERS.into_iter().find(has).unwrap_or(CUSTOMER);
    let other = || KINDS.into_iter().filter(|kind| !KEEPERS.contains(kind)).find(has);
    let number = resolver.only(kind, text).map_err(|failure| match other() {
        Some(other) => keeps_none(other, text.trim()),
        None => failure,
    })?;
    session.find(kind, number.as_str()).map(|record| (kind, record.number))
}

/// Returns the failure of a record that is there, and of a kind that files are not attached to.
fn keeps_none(kind: Kind, number: &str) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    let failure = Failure::not_found(words!(
        "`{number}` is a {en}; files are attached to customers, opportunities, contracts and tickets",
        "`{number}` 是{zh}；附件只能添加到客户、商机、合同或工单"
    ));
    match kind == LEAD {
        true => failure.hint(words!(
            "convert it first (`kehu lead convert {number}`), then attach to the customer or the opportunity it becomes",
            "请先转化（`kehu lead convert {number}`），再添加到转化后的客户或商机"
        )),
        false => failure,
    }
}

/// Reads a kind of attachment.
fn kind_key(session: &Session, kind: &str) -> Result<String> {
    match find_field(ATTACHMENT, "kind").map(|field| read_one(session, field, kind)).transpose()? {
        Some(Value::Text(key)) => Ok(key.into()),
        _ => Ok(kind.to_string()),
    }
}

fn refuse_odd(session: &Session, (name, bytes): &NamedFile) -> Result<()> {
    if bytes.is_empty() {
        return Err(Failure::invalid(words!("`{name}` is empty", "`{name}` 是空文件")));
    }
    let (most, size) = (session.config.settings.largest_attachment, bytes.len() as u64);
    if size > most {
        let (most, size) = (most >> 20, size.div_ceil(1 << 20));
        return Err(Failure::invalid(words!(
            "`{name}` has {size} MB, and an attachment may have {most} (`[attachments] max_mb` in kehu.toml)",
            "`{name}` 有 {size} MB，附件上限为 {most} MB（kehu.toml 的 `[attachments] max_mb`）"
        ))
        .hint(words!(
            "every clone carries every attachment for ever; keep a large file elsewhere and its address in the remark",
            "每个克隆都永久带有全部附件；大文件请存放别处，在备注中写明地址"
        )));
    }
    Ok(())
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn taken(path: &str) -> Failure {
    Failure::conflict(words!("another file is `{path}` already", "已有另一个文件 `{path}`")).hint(words!(
        "`--replace` puts this in its place, git keeps the old one; or rename it first",
        "用 `--replace` 替换（旧文件仍在 git 中），或先改名"
    ))
}

/// Finds the attachments of records that are not there, or are not what was attached.
pub fn check<'r>(repo: &Repo, source: &Source, records: impl Iterator<Item = &'r Record>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for record in records {
        let mut problems = Vec::new();
        for (at, row) in record.rows("attachments").iter().enumerate() {
            let Some(path) = row.text("path") else { continue };
            problems.extend(
                wrong(repo, source, &record.number, path, row.text("sha256"))
                    .map(|(code, message)| Problem::error(code, format!("attachments.{at}.path"), message)),
            );
        }
        if !problems.is_empty() {
            let path = path_of(record.kind, &record.number);
            let text = repo.read_text(source, &path)?.unwrap_or_default();
            findings.extend(problems.into_iter().map(|problem| codec::place(&path, &text, problem)));
        }
    }
    Ok(findings)
}

fn wrong(repo: &Repo, source: &Source, of: &Number, path: &str, sha256: Option<&str>) -> Option<(&'static str, Words)> {
    if !path.starts_with(&format!("attachments/{of}/")) {
        let message = words!("`{path}` does not lie in `attachments/{of}/`", "`{path}` 不在 `attachments/{of}/` 中");
        return Some(("attachment-place", message));
    }
    match repo.read_bytes(source, path) {
        Ok(Some(bytes)) if sha256.is_none_or(|known| known.eq_ignore_ascii_case(&hash(&bytes))) => None,
        Ok(Some(_)) => Some((
            "attachment-changed",
            words!("`{path}` is not the file that was attached", "`{path}` 与登记的附件不符"),
        )),
        Ok(None) => Some(("attachment-missing", words!("there is no file `{path}`", "没有文件 `{path}`"))),
        Err(failure) => Some(("attachment-missing", failure.message)),
    }
}
