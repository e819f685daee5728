//! One opportunity of one customer, and files to attach to it.

use super::common::Env;

/// The opportunity of [`deal`].
pub const NUMBER: &str = "OPP-2026-001";

/// A repository with an opportunity of `li` in the first stage, and files to attach.
pub fn deal() -> Env {
    let env = Env::repository("en");
    env.done(&["customer", "add", "name=Acme", "region=Hangzhou", "source=hotline", "type=intent", "owner=li"]);
    let usual = ["name=Desks", "customer=Acme", "owner=li", "amount=120000", "expected_on=2026-05-01"];
    env.done(&[&["opportunity", "add"][..], &usual].concat());
    for name in ["quote", "draft", "signed"] {
        env.write(&format!("../{name}.pdf"), name);
    }
    env
}
