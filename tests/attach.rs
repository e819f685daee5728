//! `kehu attach` and `kehu NOUN verify`: what an archive is proved by.

mod common;

use common::Env;
use insta::assert_snapshot;

const FILE: &str = "customers/2026/B2B-2026-001.toml";

fn repository(lang: &str) -> Env {
    let env = Env::repository(lang);
    env.customer("某某科技有限公司");
    env.write("../报价单.pdf", "%PDF-1.4 one");
    env
}

#[test]
fn a_file_lies_beside_its_record_with_hash_and_kind() {
    let env = repository("zh");
    assert_snapshot!(env.run(&["attach", "某某科技有限公司", "../报价单.pdf", "--kind", "报价单"]), @"B2B-2026-001");
    assert_eq!(env.read("attachments/B2B-2026-001/报价单.pdf"), "%PDF-1.4 one");
    let row = env.read(FILE).split_once("[[attachments]]").unwrap().1.to_string();
    assert_snapshot!(row, @r#"

    path = "attachments/B2B-2026-001/报价单.pdf"
    kind = "quote"
    sha256 = "64c6194b93b036820d781edd6122ec655c67a32859520173b3c92c8d0bbeb0c0"
    uploaded_by = "test"
    uploaded_on = 2026-03-12
    "#);
    assert_snapshot!(env.git_done(&["show", "--format=%s", "--stat", "--stat-width=100", "HEAD"]), @r#"
    customer: attach to B2B-2026-001

     "attachments/B2B-2026-001/\346\212\245\344\273\267\345\215\225.pdf" | 1 +
     customers/2026/B2B-2026-001.toml                                    | 7 +++++++
     2 files changed, 8 insertions(+)
    "#);
    assert_snapshot!(env.run(&["attach", "B2B-2026-001", "../报价单.pdf", "--kind", "quote"]), @"
    ------- stderr -------
    警告：`报价单.pdf` 已是附件：`attachments/B2B-2026-001/报价单.pdf`
    没有变化
    ");
    env.write("../报价单.pdf", "%PDF-1.4 two");
    let before = env.state();
    assert_snapshot!(env.run(&["attach", "B2B-2026-001", "../报价单.pdf", "--kind", "quote"]), @"
    ------- stderr -------
    错误：已有另一个文件 `attachments/B2B-2026-001/报价单.pdf`
    提示：用 `--replace` 替换（旧文件仍在 git 中），或先改名
    [exit 5]
    ");
    assert_eq!(env.state(), before);
    env.done(&["attach", "B2B-2026-001", "../报价单.pdf", "--kind", "quote", "--replace"]);
    assert_eq!(env.read("attachments/B2B-2026-001/报价单.pdf"), "%PDF-1.4 two");
    assert_eq!(env.read(FILE).matches("[[attachments]]").count(), 1);
    env.done(&["undo"]);
    assert_eq!(env.read("attachments/B2B-2026-001/报价单.pdf"), "%PDF-1.4 one");
}

#[test]
fn what_cannot_be_attached_changes_nothing() {
    let env = repository("en");
    env.write("../empty.txt", "");
    env.write("../large.bin", &"x".repeat((10 << 20) + 1));
    let before = env.state();
    assert_snapshot!(env.run(&["attach", "B2B-2026-001", "../empty.txt", "--kind", "other"]), @"
    ------- stderr -------
    error: `empty.txt` is empty
    [exit 6]
    ");
    assert_snapshot!(env.run(&["attach", "B2B-2026-001", "../large.bin", "--kind", "other"]), @"
    ------- stderr -------
    error: `large.bin` has 11 MB, and an attachment may have 10 (`[attachments] max_mb` in kehu.toml)
    hint: every clone carries every attachment for ever; keep a large file elsewhere and its address in the remark
    [exit 6]
    ");
    assert_snapshot!(env.run(&["attach", "B2B-2026-001", "../报价单.pdf", "--kind", "qoute"]), @"
    ------- stderr -------
    error: Kind `qoute` is not in dictionary `attachment_kind`
    hint: did you mean Quote (quote)?
    [exit 6]
    ");
    assert_snapshot!(env.run(&["attach", "B2B-2026-001", "../none.pdf", "--kind", "quote"]), @"
    ------- stderr -------
    error: there is no file `../none.pdf`
    [exit 1]
    ");
    assert_snapshot!(env.run(&["attach", "B2B-2026-009", "../报价单.pdf", "--kind", "quote"]), @"
    ------- stderr -------
    error: there is no customer `B2B-2026-009`
    hint: `kehu customer list` shows the numbers there are
    [exit 4]
    ");
    assert_eq!(env.state(), before);
}

#[test]
fn check_finds_what_is_gone_or_was_changed() {
    let env = repository("en");
    env.done(&["attach", "B2B-2026-001", "../报价单.pdf", "--kind", "quote"]);
    let about = |env: &Env| {
        let found = env.run(&["check"]).to_string();
        found.lines().filter(|line| line.contains("attachment")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(about(&env), "");
    env.write("../secret", "x");
    env.edit(FILE, "attachments/B2B-2026-001/报价单.pdf", "attachments/B2B-2026-001/../../../secret");
    assert_snapshot!(about(&env), @"customers/2026/B2B-2026-001.toml:11:8: `attachments/B2B-2026-001/../../../secret` is not a path inside the repository [error attachment-missing]");
    env.edit(FILE, "attachments/B2B-2026-001/../../../secret", "attachments/B2B-2026-001/报价单.pdf");
    env.write("attachments/B2B-2026-001/报价单.pdf", "other");
    assert_snapshot!(about(&env), @"customers/2026/B2B-2026-001.toml:11:8: `attachments/B2B-2026-001/报价单.pdf` is not the file that was attached [error attachment-changed]");
    std::fs::remove_file(env.dir().join("attachments/B2B-2026-001/报价单.pdf")).unwrap();
    assert_snapshot!(about(&env), @"customers/2026/B2B-2026-001.toml:11:8: there is no file `attachments/B2B-2026-001/报价单.pdf` [error attachment-missing]");
}

#[test]
fn verification_says_who_checked_what() {
    let env = repository("en");
    assert_snapshot!(env.run(&["customer", "verify", "B2B-2026-001", "fields=地区,Industry", "channel=天眼查", "note=same as the licence"]), @"B2B-2026-001");
    let row = env.read(FILE).split_once("[[verifications]]").unwrap().1.to_string();
    assert_snapshot!(row, @r#"

    on = 2026-03-12
    by = "test"
    fields = [
        "region",
        "industry",
    ]
    channel = "registry"
    note = "same as the licence"
    "#);
    let before = env.state();
    assert_snapshot!(env.run(&["customer", "verify", "B2B-2026-001", "fields=address", "channel=registry"]), @"
    ------- stderr -------
    error: `B2B-2026-001` has nothing in Registered address that could be verified
    [exit 6]
    ");
    assert_snapshot!(env.run(&["customer", "verify", "B2B-2026-001", "fields=adress", "channel=registry"]), @"
    ------- stderr -------
    error: a customer has no field `adress`
    hint: `kehu customer add --help` lists the fields
    [exit 2]
    ");
    assert_snapshot!(env.run(&["customer", "verify", "B2B-2026-001", "channel=registry"]), @"
    ------- stderr -------
    error: B2B-2026-001: Fields is missing
    [exit 6]
    ");
    assert_snapshot!(env.run(&["customer", "verify", "B2B-2026-001", "fields=region"]), @"
    ------- stderr -------
    error: B2B-2026-001: Channel is missing
    [exit 6]
    ");
    assert_eq!(env.state(), before);
    let number = env.lead("Some Co", "13800138000");
    env.done(&[
        "lead",
        "verify",
        &number,
        "--fields",
        "phone",
        "--fields",
        "company",
        "--channel",
        "phone",
        "--on",
        "2026-03-01",
    ]);
}

#[test]
fn a_file_that_becomes_another_kind_is_told() {
    let env = Env::repository("en");
    env.customer("Example");
    env.write("../f.pdf", "one");
    env.write("../g.pdf", "one");
    env.done(&["attach", "B2B-2026-001", "../f.pdf", "--kind", "quote"]);
    let told = env.run(&["attach", "B2B-2026-001", "../g.pdf", "--kind", "proposal"]);
    assert!(told.stderr.contains("`attachments/B2B-2026-001/f.pdf` was Quote and is Proposal now"), "{told}");
}
