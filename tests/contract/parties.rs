//! What belongs together is of one customer, whatever command changes it.

use crate::common::Env;
use crate::repository;

/// The draft of the first customer with its opportunity, a second customer, and an opportunity with that.
fn two_customers() -> Env {
    let env = repository("en");
    env.customer("Other Ltd");
    for customer in ["B2B-2026-001", "B2B-2026-002"] {
        let of = format!("customer={customer}");
        env.done(&["opportunity", "add", "name=Desks", &of, "amount=120000", "expected_on=2026-06-01", "owner=li"]);
    }
    env.done(&["contract", "set", "CON-2026-001", "opportunity=OPP-2026-001"]);
    env.done(&["order", "add", "external_number=X-1", "customer=B2B-2026-001", "contract=CON-2026-001", "amount=5"]);
    env
}

#[test]
fn no_command_parts_a_contract_from_its_opportunity() {
    let env = two_customers();
    let before = env.state();
    let why = env.refused(6, &["contract", "set", "CON-2026-001", "opportunity=OPP-2026-002"]);
    assert!(why.contains("it is with `B2B-2026-001`, but its opportunity `OPP-2026-002` with `B2B-2026-002`"), "{why}");
    env.refused(6, &["opportunity", "set", "OPP-2026-001", "customer=B2B-2026-002"]);
    env.refused(6, &["contract", "set", "CON-2026-001", "customer=B2B-2026-002"]);
    let new =
        ["contract", "add", "name=x", "customer=B2B-2026-001", "amount=5", "owner=li", "opportunity=OPP-2026-002"];
    env.refused(6, &new);
    let line = "{\"number\":\"CON-2026-001\",\"opportunity\":\"OPP-2026-002\"}\n";
    assert_eq!(env.run_with(&["contract", "set", "--stdin"], line).code, 6);
    env.refused(6, &["order", "set", "ORD-2026-001", "customer=B2B-2026-002"]);
    assert_eq!(env.state(), before);
    let both = "{\"number\":\"CON-2026-001\",\"customer\":\"B2B-2026-002\",\"opportunity\":\"OPP-2026-002\"}\n";
    let told = env.run_with(&["contract", "set", "--stdin"], both);
    assert_eq!(told.code, 6, "its order stays with the first: {told}");
    env.done(&["order", "set", "ORD-2026-001", "contract="]);
    assert_eq!(env.run_with(&["contract", "set", "--stdin"], both).code, 0, "both at once");
    assert_eq!(env.run(&["check"]).code, 0);
    env.edit("contracts/2026/CON-2026-001.toml", "OPP-2026-002", "OPP-2026-001");
    assert!(env.run(&["check"]).stdout.contains("other-customer"));
    env.refused(6, &["commit"]);
}

#[test]
fn of_a_sheet_only_the_row_that_parts_them_goes_back() {
    let env = two_customers();
    let sheet = "合同名称,客户,商机,金额,负责人\nx,B2B-2026-002,OPP-2026-002,5,li\ny,B2B-2026-001,OPP-2026-002,5,li\n";
    env.write("../c.csv", sheet);
    let told = env.run(&["contract", "import", "../c.csv"]);
    assert_eq!(told.code, 3, "{told}");
    assert!(told.stdout.contains("1 created") && told.stdout.contains("1 rejected"), "{told}");
    assert!(told.stderr.contains("row 3: it is with `B2B-2026-001`, but its opportunity `OPP-2026-002`"), "{told}");
    let changed = "编号,商机\nCON-2026-002,OPP-2026-001\nCON-2026-001,OPP-2026-001\n";
    env.write("../c.csv", changed);
    let told = env.run(&["contract", "import", "../c.csv", "--on-duplicate", "update"]);
    assert!(told.stderr.contains("row 2: it is with `B2B-2026-002`, but its opportunity `OPP-2026-001`"), "{told}");
    assert!(told.stdout.contains("1 unchanged") && told.stdout.contains("1 rejected"), "{told}");
    assert_eq!(env.run(&["check"]).code, 0);
}
