//! `kehu blame`: who gave each field its value.

mod common;

use common::Env;
use serde_json::{Value as Json, json};

const LEAD: &str = "LEAD-2026-001";

/// Returns field and value with the first line of the commit it comes from.
fn blamed(env: &Env, args: &[&str]) -> Vec<(String, Json, Option<String>)> {
    let told = env.json(&[&["blame"], args, &["--json"]].concat());
    assert_eq!((&told["schema"], &told["version"]), (&json!("kehu.blame"), &json!(1)));
    let text = |value: &Json| value.as_str().map(str::to_string);
    let values = told["values"].as_array().unwrap().iter();
    values.map(|one| (text(&one["field"]).unwrap(), one["value"].clone(), text(&one["subject"]))).collect()
}

fn subject_of(values: &[(String, Json, Option<String>)], field: &str) -> String {
    let one = values.iter().find(|(name, ..)| name == field);
    one.unwrap_or_else(|| panic!("{field}: {values:?}")).2.clone().unwrap_or_default()
}

#[test]
fn each_value_has_its_commit() {
    let env = Env::repository("en");
    env.lead("First Co", "13800138001");
    env.done(&["lead", "set", LEAD, "phone=13800138002", "tags+=a", "-m", "second"]);
    env.done(&["lead", "set", LEAD, "tags+=b", "remark=x", "-m", "third"]);
    env.done(&["lead", "set", LEAD, "remark=y", "-m", "fourth"]);
    env.done(&["lead", "set", LEAD, "remark=x", "-m", "fifth"]);
    env.edit("leads/2026/LEAD-2026-001.toml", "Hangzhou", "Suzhou");
    let values = blamed(&env, &["First Co"]);
    assert_eq!(subject_of(&values, "company"), "lead: add LEAD-2026-001");
    assert_eq!(subject_of(&values, "phone"), "second");
    assert_eq!(subject_of(&values, "remark"), "fifth", "the same value, given again");
    assert_eq!(subject_of(&values, "region"), "", "not committed");
    let tags: Vec<_> = values.iter().filter(|(field, ..)| field == "tags").map(|(_, _, by)| by.as_deref()).collect();
    assert_eq!(tags, [Some("second"), Some("third")]);
    assert_eq!(values, blamed(&env, &[LEAD, "--no-index"]));
    let table = env.done(&["blame", LEAD]);
    assert!(table.contains("not committed yet") && table.contains("Test User"), "{table}");
    assert!(env.done(&["blame", LEAD, "--lang", "zh", "-o", "csv"]).contains("备注"));
    env.git_done(&["checkout", "-q", "."]);
    assert_eq!(subject_of(&blamed(&env, &[LEAD, "--as-of", "HEAD~1"]), "remark"), "fourth");
    env.refused(4, &["blame", "LEAD-2026-404"]);
    env.done(&["lead", "rm", LEAD, "--confirm", LEAD]);
    env.refused(4, &["blame", LEAD]);
}

#[test]
fn a_merge_passes_values_to_the_side_they_come_from() {
    let env = Env::repository("en");
    env.lead("First Co", "13800138001");
    env.git_done(&["switch", "-qc", "other"]);
    env.done(&["lead", "set", LEAD, "remark=theirs", "-m", "their remark"]);
    env.git_done(&["switch", "-q", "main"]);
    env.done(&["lead", "set", LEAD, "phone=13800138002", "-m", "our phone"]);
    env.git_done(&["merge", "-q", "--no-edit", "other"]);
    let values = blamed(&env, &[LEAD]);
    assert_eq!(
        (subject_of(&values, "remark").as_str(), subject_of(&values, "phone").as_str()),
        ("their remark", "our phone")
    );
    // Both changed it; the merge takes the older change, and the newer one gave nothing that is left.
    env.git_done(&["switch", "-q", "other"]);
    env.done(&["lead", "set", LEAD, "remark=lost", "-m", "lost"]);
    env.git_done(&["switch", "-q", "main"]);
    env.done(&["lead", "set", LEAD, "remark=kept", "-m", "kept"]);
    env.git_done(&["merge", "-q", "--no-edit", "-s", "ours", "other"]);
    assert_eq!(subject_of(&blamed(&env, &[LEAD]), "remark"), "kept");
}

#[test]
fn a_value_is_followed_to_the_old_number() {
    let env = Env::repository("en");
    env.lead("First Co", "13800138001");
    env.done(&["lead", "set", LEAD, "remark=x", "-m", "before"]);
    env.git_done(&["mv", "leads/2026/LEAD-2026-001.toml", "leads/2026/LEAD-2026-002.toml"]);
    env.git_done(&["commit", "-qm", "renumber\n\nKehu-Renumber: lead LEAD-2026-001 LEAD-2026-002"]);
    let values = blamed(&env, &["LEAD-2026-002"]);
    assert_eq!(subject_of(&values, "remark"), "before");
    assert_eq!(subject_of(&values, "company"), "lead: add LEAD-2026-001");
}
