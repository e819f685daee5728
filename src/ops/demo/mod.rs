//! A repository to try kehu on, made from the spreadsheets in `examples/`; some of their leads become customers.

mod business;

use super::Session;
use super::access::login_of;
use super::add::{NewRecord, OnDuplicate, add};
use super::import::{ImportOptions, Summary, import};
use super::init::{InitOptions, init};
use super::session::Options;
use crate::record::{Assignment, Exit, FOLLOWUP, Failure, Kind, LEAD, PRODUCT, Record, Result, USER};
use crate::store::Repo;
use crate::words;
use std::path::Path;

/// The day the spreadsheets are about; the demo's "now" unless another is stated.
pub const TODAY: &str = "2026-03-20T18:00:00+08:00";

/// Who commits where git knows nobody.
const GUEST: (&str, &str) = ("kehu demo", "demo@example.com");

/// A file of `examples/`: what its rows are, its name, its bytes.
type Sample = (Kind, &'static str, &'static [u8]);

/// The files, in the order they refer to each other.
static SAMPLES: [Sample; 6] = [
    (USER, "users.csv", include_bytes!("../../../examples/users.csv")),
    (PRODUCT, "products.csv", include_bytes!("../../../examples/products.csv")),
    (LEAD, "展会线索.xlsx", include_bytes!("../../../examples/leads/展会线索.xlsx")),
    (LEAD, "官网表单.csv", include_bytes!("../../../examples/leads/官网表单.csv")),
    (LEAD, "inbound-en.csv", include_bytes!("../../../examples/leads/inbound-en.csv")),
    (FOLLOWUP, "followups.csv", include_bytes!("../../../examples/followups.csv")),
];

/// Makes a demo repository in `dir`, which must not exist or be empty; returns it opened, with what each
/// import came to. Who makes it is its admin.
///
/// Where git knows no identity, the repository gets one of its own. Fails with exit code 5 when `dir`
/// has something in it.
pub fn demo(dir: &Path, init_options: &InitOptions<'_>, options: Options) -> Result<(Session, Vec<Summary>)> {
    refuse_used(dir)?;
    Repo::ensure_identity(dir, GUEST)?;
    init(dir, init_options)?;
    let session = Session::open(dir, options)?;
    let mut summaries = Vec::new();
    for (kind, name, bytes) in &SAMPLES {
        summaries.push(import(&session, *kind, name, bytes, &ImportOptions::default(), &mut |_| Ok(()))?);
        if *kind == USER {
            add_admin(&session)?;
        }
    }
    summaries.extend(business::make(&session)?);
    Ok((session, summaries))
}

/// Makes who runs the demo its admin, so that roles hold in it and withhold nothing from its maker.
fn add_admin(session: &Session) -> Result<()> {
    let identity = session.repo.identity()?;
    let known = session.whole(&[USER])?;
    let is_known = |user: &Record| user.text("email").is_some_and(|email| email.eq_ignore_ascii_case(&identity.email));
    if known.records(USER).iter().any(is_known) {
        return Ok(());
    }
    let logins = [login_of(&identity), "admin".to_string(), "demo-admin".to_string()];
    let Some(login) = logins.into_iter().find(|login| known.find(login).is_none()) else { return Ok(()) };
    let said = [("name", &identity.name), ("email", &identity.email), ("role", &"admin".to_string())];
    let set = |(key, text): (&str, &String)| Some(Assignment::set(USER.field(key)?, text.clone()));
    let new = NewRecord::Assigned(Some(login), said.into_iter().filter_map(set).collect());
    match add(session, USER, vec![new], OnDuplicate::Keep) {
        // An address that is none in the world (`root@localhost`) is no user's: then roles do not hold in the demo.
        Err(failure) if failure.exit == Exit::Invalid => Ok(()),
        done => done.map(drop),
    }
}

fn refuse_used(dir: &Path) -> Result<()> {
    if Repo::is_free(dir) {
        return Ok(());
    }
    let shown = dir.display();
    Err(Failure::conflict(words!("`{shown}` is not empty", "`{shown}` 不是空目录"))
        .hint(words!("name another folder: `kehu demo FOLDER`", "请指定其他目录：`kehu demo 目录`")))
}
