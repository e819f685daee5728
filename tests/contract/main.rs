//! Contracts, their payments and their documents; orders.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/damage.rs"]
mod damage;

mod documents;
mod order_lines;
mod orders;
mod parties;
mod payments;
mod standing;

use common::Env;

const FILE: &str = "contracts/2026/CON-2026-001.toml";

/// A draft over 120,000 with a customer that has a decision maker.
fn repository(lang: &str) -> Env {
    let env = Env::repository(lang);
    env.customer("某某科技有限公司");
    let contact = ["name=陈经理", "buying_role=decision_maker", "work_phone=13900139000"];
    env.done(&[&["contact", "add", "B2B-2026-001"][..], &contact].concat());
    env.done(&[
        "contract",
        "add",
        "name=升降桌采购",
        "customer=某某科技有限公司",
        "amount=12万",
        "products=升降桌,配件",
        "owner=li",
    ]);
    env
}

/// The same, signed on 2026-03-01 for a year, with two instalments.
fn signed(lang: &str) -> Env {
    let env = repository(lang);
    env.done(&["contract", "plan", "CON-2026-001", "预付款:30%:2026-03-10", "尾款:其余:2026-06-30"]);
    let days = ["--on", "2026-03-01", "--from", "2026-03-01", "--to", "2027-02-28"];
    env.done(&[&["contract", "sign", "CON-2026-001"][..], &days].concat());
    env
}
