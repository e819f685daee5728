//! Numbers of new records, and names of operations.

use super::Batch;
use crate::ops::Session;
use crate::record::{Exit, Failure, Kind, Number, Numbering, Result, Row};
use crate::store::{ON_BEHALF_OF, OPERATION, Oid, codec, path_of};
use crate::words;
use chrono::Datelike;
use sha2::{Digest, Sha256};

impl Batch<'_> {
    /// Takes a running number that a file states, so that none given later is the same; returns whether it
    /// could be taken: not when a record has or had it.
    pub fn take_number(&mut self, kind: Kind, number: &Number) -> Result<bool> {
        self.tx.take_sequence(kind, number)
    }

    pub(super) fn number(&mut self, kind: Kind, id: Option<Number>, row: &Row) -> Result<Number> {
        match kind.numbering {
            Numbering::Given => id.ok_or_else(|| nameless(kind)),
            Numbering::Event => Ok(id.unwrap_or_else(|| self.event_number(kind, row))),
            Numbering::Sequence => match id {
                Some(id) => Ok(id),
                None => self.sequence_number(kind, row),
            },
        }
    }

    fn sequence_number(&mut self, kind: Kind, row: &Row) -> Result<Number> {
        let config = &self.session.config;
        let digits = config.numbering.get(kind.name).map_or(3, |scheme| scheme.digits);
        let prefix = config.prefix(kind, row).map(str::to_string).ok_or_else(|| no_prefix(kind))?;
        let year = self.session.now.year();
        let seq = self.tx.next_sequence(kind, &prefix, year)?;
        Ok(Number::sequence(&prefix, year, seq, digits))
    }

    /// Names an event by its moment and four letters of its content's hash, so that the same event
    /// entered in two clones gets the same file, and different ones hardly ever do.
    fn event_number(&self, kind: Kind, row: &Row) -> Number {
        let zone = self.session.now.timezone();
        let at = row.moment("at").unwrap_or_else(|| self.session.now.fixed_offset()).with_timezone(&zone);
        let content = codec::render_row(row);
        let letters = base32(&Sha256::digest(content.as_bytes()));
        let name = |len: usize| Number::event(&at.format("%Y%m%dT%H%M%S").to_string(), &letters[..len]);
        let free = |number: &Number| !self.made.contains(number.as_str()) && !self.tx.exists(&path_of(kind, number));
        (4..letters.len()).map(name).find(free).unwrap_or_else(|| name(letters.len()))
    }
}

/// Returns the trailers of every commit: the name of the operation, by what it was based on, whose it was, when it
/// happened and what it says; and in whose name git's author acted, where that is another's.
pub fn operation(
    session: &Session,
    base: Option<Oid>,
    subject: &str,
    on_behalf_of: Option<String>,
) -> Vec<(String, String)> {
    let base = base.map(|oid| oid.to_string()).unwrap_or_default();
    let email = session.repo.identity().map(|identity| identity.email).unwrap_or_default();
    let hash = Sha256::digest(format!("{base}\n{email}\n{}\n{subject}", session.now.to_rfc3339()).as_bytes());
    let name = format!("{}-{}", session.now.format("%Y%m%dT%H%M%S"), &base32(&hash)[..6]);
    let named = on_behalf_of.map(|login| (ON_BEHALF_OF.to_string(), login));
    std::iter::once((OPERATION.to_string(), name)).chain(named).collect()
}

/// Writes bytes in the 32 letters `a`–`z`, `2`–`7`, five bits of each byte.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

fn nameless(kind: Kind) -> Failure {
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    Failure::usage(words!("a new {en} needs a number", "新建{zh}需要指定编号"))
        .hint(words!("write it after the verb: `kehu {kind} add NUMBER …`", "写在动词之后：`kehu {kind} add 编号 …`"))
}

fn no_prefix(kind: Kind) -> Failure {
    Failure::new(Exit::Invalid, words!("`{kind}` has no number prefix", "`{kind}` 没有编号前缀"))
        .hint(words!("see `config/numbering.toml`", "见 `config/numbering.toml`"))
}
