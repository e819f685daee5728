//! The life of a lead, up to the customer it becomes: each step, the conversion, and the way back.

mod back;
#[path = "../common/mod.rs"]
mod common;
mod made;
mod steps;
#[path = "../common/team.rs"]
mod team;

use common::{Env, Output};
use insta::assert_snapshot;
use std::collections::BTreeMap;

/// The fields of a lead that has all a customer and an opportunity want.
const WHOLE: [&str; 14] = [
    "company=Acme Desks",
    "contact_name=A. Buyer",
    "contact_title=Purchasing",
    "phone=13800138001",
    "email=buyer@acme.example.com",
    "region=江苏 苏州",
    "source=exhibition",
    "need=Desks for two halls",
    "product=DESK-01",
    "budget_max=20万",
    "expected_on=2026-05-01",
    "decision_maker=B. Boss",
    "tags=high_potential",
    "custom.booth=A12",
];

/// A repository with such a lead, `LEAD-2026-001`, that was called once.
fn fair() -> Env {
    let env = Env::repository("en");
    env.done(&[&["lead", "add"][..], &WHOLE, &["owner=li"]].concat());
    let told = ["method=phone", "points=wants a quote", "next_action=quote", "next_on=2026-03-16"];
    env.done(&[&["followup", "add", "LEAD-2026-001"][..], &told].concat());
    env
}

/// Every file of a repository but git's own, with what it holds.
fn files(env: &Env) -> BTreeMap<String, String> {
    let listed = env.git_done(&["ls-files", "-z"]);
    listed.split('\0').filter(|path| !path.is_empty()).map(|path| (path.to_string(), env.read(path))).collect()
}
