//! `kehu dedupe`: records made one with all that names them, taken apart again, compared, told apart.

#[path = "../common/mod.rs"]
mod common;
mod random;
mod refused;
mod reviewed;
#[path = "../common/team.rs"]
mod team;

use common::Env;
use insta::assert_snapshot;

const SURVIVOR: &str = "customers/2026/B2B-2026-001.toml";

/// A repository with two archives of one company, the second of which has everything that a customer may have.
fn two_archives(lang: &str) -> Env {
    let env = Env::repository(lang);
    env.customer("云帆食品");
    env.customer("苏州云帆");
    env.done(&["customer", "set", "B2B-2026-002", "type=won", "level=high", "remark=二", "tags+=expo"]);
    env.done(&["customer", "set", "B2B-2026-001", "remark=一", "website=a.example.com"]);
    env.done(&["contact", "add", "B2B-2026-001", "name=王经理", "email=a@example.com", "work_phone=0512-60000001"]);
    let person = ["name=王经理", "email=b@example.com", "work_phone=0512-60000002", "title=采购"];
    env.done(&[&["contact", "add", "B2B-2026-002"][..], &person].concat());
    env.lead("云帆", "13800138001");
    env.done(&[
        "lead",
        "convert",
        "LEAD-2026-001",
        "--customer",
        "B2B-2026-002",
        "amount=1000",
        "expected_on=2026-05-01",
    ]);
    let of = ["customer=B2B-2026-002", "owner=li"];
    env.done(&[&["contract", "add", "name=Desks", "opportunity=OPP-2026-001", "amount=1000"][..], &of].concat());
    let order = ["order", "add", "external_number=S-1", "contract=CON-2026-001", "amount=1", "ordered_on=2026-03-01"];
    env.done(&[&order[..], &of].concat());
    env.done(&[&["ticket", "add", "kind=support", "content=help"][..], &of].concat());
    env.done(&["followup", "add", "B2B-2026-002", "method=phone", "points=called", "no_next=x"]);
    env.write("../offer.pdf", "ours");
    env.done(&["attach", "B2B-2026-001", "../offer.pdf", "--kind", "quote"]);
    env.write("../offer.pdf", "theirs");
    env.write("../licence.jpg", "licence");
    env.done(&["attach", "B2B-2026-002", "../offer.pdf", "../licence.jpg", "--kind", "other"]);
    env.done(&["customer", "verify", "B2B-2026-002", "fields=name", "channel=registry"]);
    env
}

fn tree(env: &Env) -> String {
    env.git_done(&["ls-tree", "-r", "HEAD"])
}

/// Returns the files of the last commit in which a text stands.
fn naming(env: &Env, text: &str) -> String {
    env.git(&["grep", "-lF", text, "HEAD", "--", ":!config"]).stdout
}

/// Checks that nothing leads nowhere and no attachment is lost.
#[track_caller]
fn sound(env: &Env) {
    let checked = env.run(&["check"]);
    assert_eq!(checked.code, 0, "{checked}");
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
}

#[test]
fn everything_follows_in_one_commit_and_goes_back_byte_for_byte() {
    let env = two_archives("en");
    sound(&env);
    let (before, commits) = (tree(&env), env.git_done(&["rev-list", "--count", "HEAD"]));
    assert_snapshot!(env.run(&["dedupe", "merge", "B2B-2026-001", "B2B-2026-002"]), @"
    B2B-2026-001
    ------- stderr -------
    warning: `B2B-2026-002`: Type Won gives way to Intent
    warning: `B2B-2026-002`: Company 苏州云帆 gives way to 云帆食品
    warning: `B2B-2026-002`: Contacts 王经理 E-mail gives way
    merged B2B-2026-002 into B2B-2026-001
    followed: 1 lead, 1 opportunity, 1 contract, 1 order, 1 ticket, 1 follow-up, 2 files
    `kehu dedupe unmerge B2B-2026-002` takes it back
    ");
    sound(&env);
    assert_eq!(env.git_done(&["rev-list", "--count", "HEAD"]), (commits.parse::<usize>().unwrap() + 1).to_string());
    assert_snapshot!(naming(&env, "B2B-2026-002"), @"HEAD:customers/2026/B2B-2026-001.toml");
    assert_snapshot!(env.git_done(&["log", "-1", "--format=%B"]).replace(&env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]), "OP"), @"
    customer: merge B2B-2026-002 into B2B-2026-001

    gave way: B2B-2026-002 type (won)
    gave way: B2B-2026-002 name
    gave way: B2B-2026-002 contacts.email

    Kehu-Op: OP
    Kehu-Merged: B2B-2026-002
    ");
    assert_snapshot!(env.read(SURVIVOR), @r#"
    type = "intent"
    category = "B2B"
    name = "云帆食品"
    industry = "wholesale_retail"
    region = "苏州"
    website = "a.example.com"
    level = "high"
    source = "hotline"
    acquired_on = 2026-03-12
    owner = "li"
    tags = ["expo"]
    remark = """
    一
    二"""
    merged_from = ["B2B-2026-002"]

    [[contacts]]
    name = "王经理"
    title = "采购"
    work_phone = "0512-60000001"
    other_phones = ["0512-60000002"]
    email = "a@example.com"

    [[contacts]]
    name = "Buyer"
    work_phone = "13800138001"

    [[attachments]]
    path = "attachments/B2B-2026-001/offer.pdf"
    kind = "quote"
    sha256 = "ae0bec9e9d33c56354bd612c8a6010840324fc5b9786ce0a18b696b304b09397"
    uploaded_by = "test"
    uploaded_on = 2026-03-12

    [[attachments]]
    path = "attachments/B2B-2026-001/offer.4c55a855.pdf"
    kind = "other"
    sha256 = "4c55a8552a2c7261f61f798c2265e6f13358f326ae5b934096ff16bd15e62c33"
    uploaded_by = "test"
    uploaded_on = 2026-03-12

    [[attachments]]
    path = "attachments/B2B-2026-001/licence.jpg"
    kind = "other"
    sha256 = "8178ac72b28d77fcb851fcd301583182bd05d9663ed2ec8131e60f057c2795f7"
    uploaded_by = "test"
    uploaded_on = 2026-03-12

    [[verifications]]
    on = 2026-03-12
    by = "test"
    fields = ["name"]
    channel = "registry"
    "#);
    assert_snapshot!(env.git_done(&["ls-tree", "-r", "--name-only", "HEAD", "attachments"]), @"
    attachments/B2B-2026-001/licence.jpg
    attachments/B2B-2026-001/offer.4c55a855.pdf
    attachments/B2B-2026-001/offer.pdf
    ");
    assert_eq!(
        env.json(&["customer", "show", "B2B-2026-001", "--json"])["related"]["opportunities"][0]["number"],
        "OPP-2026-001"
    );
    assert_snapshot!(env.run(&["dedupe", "unmerge", "B2B-2026-002"]).stdout, @"
    CON-2026-001
    B2B-2026-001
    B2B-2026-002
    20260312T093000-ddcf
    LEAD-2026-001
    OPP-2026-001
    ORD-2026-001
    TKT-2026-001
    ");
    assert_eq!(tree(&env), before);
    sound(&env);
    for taken_back in [&["undo"][..], &["dedupe", "unmerge", "b2b-2026-002"]] {
        env.done(&["redo"]);
        assert_ne!(tree(&env), before);
        sound(&env);
        env.done(taken_back);
        assert_eq!(tree(&env), before, "{taken_back:?}");
    }
}

#[test]
fn leads_take_their_opportunity_along() {
    let env = Env::with_two_leads();
    env.done(&["lead", "convert", "LEAD-2026-002", "amount=1000", "expected_on=2026-05-01"]);
    env.done(&["followup", "add", "LEAD-2026-001", "method=phone", "points=called", "no_next=x"]);
    let before = tree(&env);
    let refused = env.refused(5, &["dedupe", "merge", "LEAD-2026-001", "LEAD-2026-002"]);
    assert!(refused.contains("kehu dedupe merge LEAD-2026-002 LEAD-2026-001"), "{refused}");
    assert_eq!(env.done(&["dedupe", "merge", "LEAD-2026-002", "LEAD-2026-001"]), "LEAD-2026-002");
    sound(&env);
    assert_eq!(naming(&env, "LEAD-2026-001"), "HEAD:leads/2026/LEAD-2026-002.toml\n");
    assert!(env.read("leads/2026/LEAD-2026-002.toml").contains("other_phones = [\"13800138001\"]"));
    env.done(&["dedupe", "unmerge", "LEAD-2026-001"]);
    assert_eq!(tree(&env), before);
    // Two that became the same customer; the opportunity goes with its lead.
    env.done(&["lead", "convert", "LEAD-2026-001", "--customer", "B2B-2026-001", "--no-opportunity"]);
    env.done(&["dedupe", "merge", "LEAD-2026-001", "LEAD-2026-002"]);
    assert!(env.read("opportunities/2026/OPP-2026-001.toml").contains("lead = \"LEAD-2026-001\""));
    sound(&env);
}

#[test]
fn a_number_that_went_says_where() {
    let env = two_archives("en");
    env.done(&["dedupe", "merge", "B2B-2026-001", "B2B-2026-002"]);
    for args in [
        &["customer", "show", "B2B-2026-002"][..],
        &["customer", "set", "B2B-2026-002", "level=low"],
        &["dedupe", "merge", "B2B-2026-002", "B2B-2026-001"],
        &["followup", "add", "B2B-2026-002", "method=phone", "points=x", "no_next=x"],
    ] {
        let output = env.run(args);
        assert!(
            [4, 6].contains(&output.code) && output.stderr.contains("merged into `B2B-2026-001`"),
            "{args:?}\n{output}"
        );
    }
    assert_snapshot!(env.run(&["customer", "show", "B2B-2026-002"]), @"
    ------- stderr -------
    error: `B2B-2026-002` is no more: it was merged into `B2B-2026-001`
    hint: `kehu customer show B2B-2026-001` shows that; `kehu log B2B-2026-002` tells what `B2B-2026-002` was
    [exit 4]
    ");
    assert_snapshot!(env.run(&["customer", "show", "B2B-2026-002", "--lang", "zh"]), @"
    ------- stderr -------
    错误：`B2B-2026-002` 已不存在：已合并到 `B2B-2026-001`
    提示：用 `kehu customer show B2B-2026-001` 查看；`kehu log B2B-2026-002` 显示原记录的历史
    [exit 4]
    ");
    assert!(env.done(&["log", "B2B-2026-002"]).contains("苏州云帆"));
    assert!(env.done(&["customer", "show", "B2B-2026-001"]).contains("Merged from"));
    assert_eq!(env.customer("另一家"), "B2B-2026-003", "no number is given again");
    // Somebody's old note of it, brought in by hand.
    env.write(
        "opportunities/2026/OPP-2026-009.toml",
        "stage = \"needs\"\nname = \"x\"\ncustomer = \"B2B-2026-002\"\nowner = \"li\"\n",
    );
    assert!(env.run(&["check"]).stdout.contains("it was merged into `B2B-2026-001`"));
}
