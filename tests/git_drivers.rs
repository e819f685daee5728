//! What `kehu init` tells git: records are shown in words by `git diff` and `git log -p`.

mod common;

use common::Env;
use insta::assert_snapshot;
use std::path::Path;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

#[test]
fn git_shows_records_in_words() {
    let env = Env::repository("zh");
    env.lead("某某公司", "13800138000");
    env.done(&["lead", "set", "LEAD-2026-001", "source=exhibition", "tags+=展会"]);
    assert_snapshot!(env.git_with_kehu(&["log", "-p", "-1", "--format=%s"]).stdout, @r#"
    lead: set LEAD-2026-001 source, tags

    diff --git a/leads/2026/LEAD-2026-001.toml b/leads/2026/LEAD-2026-001.toml
    index bb30a32..ffb5378 100644
    --- a/leads/2026/LEAD-2026-001.toml
    +++ b/leads/2026/LEAD-2026-001.toml
    @@ -3,5 +3,6 @@ company = "某某公司"  ‹公司名称›
     contact_name = "Buyer"  ‹联系人›
     phone = "13800138000"  ‹电话›
     region = "Hangzhou"  ‹地区›
    -source = "hotline"  ‹来源：400电话›
    +source = "exhibition"  ‹来源：展会›
     acquired_on = 2026-03-12  ‹获取日期›
    +tags = ["展会"]  ‹标签›
    "#);
    // Hand edits, comments and unknown keys included.
    env.edit(LEAD, "region = ", "# sure\nregoin = 1\nregion = ");
    let diff = env.git_with_kehu(&["diff", "-U0"]).stdout;
    assert!(diff.contains("+# sure\n+regoin = 1\n"), "{diff}");
    let english =
        env.git_with_kehu(&["-c", "diff.kehu.textconv=kehu textconv --lang en", "log", "-p", "-1", "--format="]);
    assert!(english.stdout.contains("+source = \"exhibition\"  ‹Source: Exhibition›"), "{english}");
}

#[test]
fn git_shows_files_where_there_is_no_kehu() {
    let env = Env::repository("en");
    env.lead("Some Co", "13800138000");
    let plain = env.git_done(&["log", "-p", "-1", "--format=", "--", LEAD]);
    assert!(plain.contains("+company = \"Some Co\"\n"), "{plain}");
}

#[test]
fn what_is_no_record_is_shown_as_it_is() {
    let env = Env::repository("en");
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    for (path, bytes) in [("garbage.toml", &bytes[..]), (LEAD, &b"<<<<<<< HEAD\na\n=======\n"[..]), ("leads/x", b"")] {
        let full = env.dir().join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(&full, bytes).unwrap();
        let output = env.command(&["textconv", path]).output().unwrap();
        assert_eq!((output.stdout.as_slice(), output.status.code()), (bytes, Some(0)), "{path}");
    }
    let outside = env.dir().parent().unwrap().join("LEAD-2026-009.toml");
    std::fs::write(&outside, "source = \"exhibition\"\n").unwrap();
    let mut command = env.command(&["textconv", &outside.to_string_lossy()]);
    command.current_dir(Path::new("/"));
    assert_eq!(
        env.finish(command).stdout,
        "source = \"exhibition\"  ‹Source: Exhibition›\n",
        "outside of any repository"
    );
    assert_eq!(env.run(&["textconv", "nothing.toml"]).code, 1);
}

#[test]
fn a_clone_is_told_by_init() {
    let env = Env::repository("en");
    let setting = |dir: &str| env.git(&["-C", dir, "config", "--get", "diff.kehu.textconv"]).stdout;
    assert!(setting(".").contains("kehu textconv"));
    env.git_done(&["clone", "-q", ".", "other"]);
    assert_eq!(setting("other"), "");
    assert_snapshot!(env.run(&["init", "other"]), @"
    ------- stderr -------
    `$HOME/work/other` is a kehu repository already
    git now shows its records in words
    ");
    assert_eq!(setting("other"), setting("."));
    env.git_done(&["-C", "other", "config", "diff.kehu.textconv", "mine"]);
    env.done(&["init", "other"]);
    assert_eq!(setting("other"), "mine\n", "somebody's choice stays");
}

#[test]
fn a_repository_from_before_gets_the_attribute() {
    let env = Env::repository("en");
    env.write(".gitattributes", "*.toml text eol=lf\nattachments/** -text");
    env.git_done(&["commit", "-qam", "as it was"]);
    env.done(&["init"]);
    assert_eq!(
        env.read(".gitattributes"),
        "*.toml text eol=lf\nattachments/** -text\n*.toml diff=kehu\n*.toml merge=kehu\n"
    );
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
    let commit = env.git_done(&["rev-parse", "HEAD"]);
    env.done(&["init"]);
    assert_eq!(env.git_done(&["rev-parse", "HEAD"]), commit);
}
