//! Which part of the history is asked for: by whom, from when to when, of which field.

use super::commit::People;
use super::{Question, Session};
use crate::query::Days;
use crate::record::date::{DateOrder, Moment, parse_moment};
use crate::record::dictionary::fold_name;
use crate::record::{Failure, Field, KINDS, Kind, Result, table_fields};
use crate::store::CommitInfo;
use crate::words;
use chrono::TimeZone;

/// Which part of the history is asked for.
pub(super) struct Filter {
    by: Option<By>,
    /// In seconds since 1970.
    since: Option<i64>,
    until: Option<i64>,
    /// The field, for each kind that has it, as paths without the numbers of rows.
    fields: Option<Vec<(Kind, String)>>,
}

/// By whom.
struct By {
    text: String,
    /// The logins meant; none when the text is no user's.
    logins: Vec<String>,
    emails: Vec<String>,
}

impl Filter {
    pub fn new(session: &Session, question: &Question, kind: Option<Kind>) -> Result<Filter> {
        let kinds = kind.or(question.kind).map_or_else(|| KINDS.to_vec(), |kind| vec![kind]);
        let people = People::new(session)?;
        Ok(Filter {
            by: question.by.as_deref().map(|text| By::new(session, &people, text)).transpose()?,
            since: question.since.as_deref().map(|text| bounds(session, text)).transpose()?.map(|(first, _)| first),
            until: question.until.as_deref().map(|text| bounds(session, text)).transpose()?.map(|(_, last)| last),
            fields: question.field.as_deref().map(|text| fields(&kinds, text)).transpose()?,
        })
    }

    pub fn takes_moment(&self, seconds: i64) -> bool {
        self.since.is_none_or(|since| since <= seconds) && self.until.is_none_or(|until| seconds <= until)
    }

    pub fn takes(&self, info: &CommitInfo) -> bool {
        self.takes_moment(info.when.timestamp()) && self.by.as_ref().is_none_or(|by| by.takes(info))
    }

    pub fn has_field(&self) -> bool {
        self.fields.is_some()
    }

    /// Tells whether a change at a path, such as `contacts.1.email`, is of the field that is asked for.
    pub fn takes_field(&self, kind: Kind, path: &str) -> bool {
        let plain = path.split('.').filter(|part| part.parse::<usize>().is_err()).collect::<Vec<_>>().join(".");
        self.fields.as_ref().is_none_or(|fields| {
            fields.iter().any(|(of, wanted)| {
                let below =
                    |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
                *of == kind && (plain == *wanted || below(&plain, wanted) || below(wanted, &plain))
            })
        })
    }
}

impl By {
    fn new(session: &Session, people: &People, text: &str) -> Result<By> {
        if text == "me" {
            let logins = session.user()?.into_iter().collect();
            return Ok(By { text: String::new(), logins, emails: vec![session.repo.identity()?.email] });
        }
        let wanted = fold_name(text);
        let is_meant = |name: &str| fold_name(name) == wanted;
        let meant = people
            .members()
            .iter()
            .filter(|one| is_meant(&one.login) || is_meant(&one.name) || one.email.as_deref().is_some_and(is_meant));
        let meant: Vec<_> = meant.collect();
        Ok(By {
            text: text.to_lowercase(),
            logins: meant.iter().map(|one| one.login.clone()).collect(),
            emails: meant.iter().filter_map(|one| one.email.clone()).collect(),
        })
    }

    /// Tells whether a commit is by who is meant, or in that user's name; who is no user is found by a part of
    /// what git knows of authors.
    fn takes(&self, info: &CommitInfo) -> bool {
        let named = info.on_behalf_of().is_some_and(|login| self.logins.iter().any(|own| own == login));
        if !self.logins.is_empty() || !self.emails.is_empty() {
            return named || self.emails.iter().any(|own| own.eq_ignore_ascii_case(&info.author_email));
        }
        let has = |text: &str| text.to_lowercase().contains(&self.text);
        has(&info.author_name) || has(&info.author_email) || info.on_behalf_of().is_some_and(has)
    }
}

/// Returns the first and the last second that a text means.
///
/// Fails with exit code 2 when it is no day, period or moment.
fn bounds(session: &Session, text: &str) -> Result<(i64, i64)> {
    let zone = session.now.timezone();
    if let Some(moment) = parse_moment(text, DateOrder::Unstated).filter(|moment| !matches!(moment, Moment::Day(_)))
        && let Some(moment) = moment.fixed(&zone)
    {
        return Ok((moment.timestamp(), moment.timestamp()));
    }
    let days = Days::of(text, session.now.date_naive()).ok_or_else(|| {
        Failure::usage(words!("`{text}` is no day or moment", "“{text}”不是日期或时刻")).hint(words!(
            "`2026-03-12`, `2026-03`, `today-7d`, `2026-03-12T09:30`; see `kehu help dates`",
            "例如 `2026-03-12`、`2026-03`、`today-7d`、`2026-03-12T09:30`；见 `kehu help dates`"
        ))
    })?;
    let start = |day: chrono::NaiveDate| {
        let midnight = day.and_hms_opt(0, 0, 0)?;
        zone.from_local_datetime(&midnight).earliest().map(|moment| moment.timestamp())
    };
    let after = days.last.succ_opt().and_then(start).unwrap_or(i64::MAX);
    Ok((start(days.first).unwrap_or(i64::MIN), after.saturating_sub(1)))
}

/// Returns the paths of a field by kind: `phone`, `contacts.email`, `custom.抖音号`, each part by key, label or alias.
///
/// Fails with exit code 2 when no kind has it.
fn fields(kinds: &[Kind], text: &str) -> Result<Vec<(Kind, String)>> {
    let path = |kind: Kind| {
        let (mut fields, mut parts) = (kind.fields, Vec::new());
        for part in text.split('.') {
            if part == "custom" || parts.last() == Some(&"custom") {
                parts.push(part);
                continue;
            }
            let field = find(fields, part)?;
            parts.push(field.key);
            fields = table_fields(field).unwrap_or_default();
        }
        Some((kind, parts.join(".")))
    };
    let found: Vec<_> = kinds.iter().filter_map(|kind| path(*kind)).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    Err(Failure::usage(words!("there is no field `{text}`", "没有字段“{text}”"))
        .hint(words!("`kehu help fields` lists the fields", "用 `kehu help fields` 列出所有字段")))
}

fn find(fields: &'static [Field], name: &str) -> Option<&'static Field> {
    let wanted = fold_name(name);
    let is_meant = |text: &str| fold_name(text) == wanted;
    let by_key = fields.iter().find(|field| is_meant(field.key));
    let by_label = || fields.iter().find(|field| is_meant(field.label.en) || is_meant(field.label.zh));
    let by_alias = || fields.iter().find(|field| field.aliases.iter().any(|alias| is_meant(alias)));
    by_key.or_else(by_label).or_else(by_alias)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, LEAD};

    fn filter(kinds: &[Kind], text: &str) -> Filter {
        Filter { by: None, since: None, until: None, fields: Some(fields(kinds, text).unwrap()) }
    }

    #[test]
    fn a_field_goes_by_any_of_its_names() {
        for text in ["phone", "Phone", "电话", "手机"] {
            assert!(filter(&[LEAD], text).takes_field(LEAD, "phone"), "{text}");
        }
        let contacts = filter(&KINDS, "contacts");
        assert!(contacts.takes_field(CUSTOMER, "contacts.1.email") && !contacts.takes_field(LEAD, "phone"));
        let email = filter(&[CUSTOMER], "联系人.邮箱");
        assert!(email.takes_field(CUSTOMER, "contacts.0.email") && email.takes_field(CUSTOMER, "contacts.0"));
        assert!(!email.takes_field(CUSTOMER, "contacts.0.name"));
        assert!(filter(&[LEAD], "custom.抖音号").takes_field(LEAD, "custom.抖音号"));
        assert!(fields(&[LEAD], "nonsense").is_err());
    }
}
