//! Making a repository, and finding it again from wherever one stands.

mod common;

use common::Env;
use insta::assert_snapshot;
use std::fs;

#[test]
fn a_repository_is_made_with_every_default() {
    let env = Env::new();
    assert_snapshot!(env.run(&["init", "sales"]), @"
    ------- stderr -------
    made `$HOME/work/sales`: 12 files, one commit
    next: `kehu -C $HOME/work/sales lead import FILE`
    ");
    assert_snapshot!(env.git_done(&["-C", "sales", "log", "--format=%an: %s", "--name-only"]), @"
    Test User: init: configuration with every default

    .gitattributes
    config/access.toml
    config/assignment.toml
    config/cadence.toml
    config/calendar.toml
    config/dictionary.toml
    config/numbering.toml
    config/retention.toml
    config/scoring.toml
    config/sla.toml
    config/stages.toml
    kehu.toml
    ");
    assert_eq!(env.git_done(&["-C", "sales", "status", "--porcelain"]), "");
    let commit = env.git_done(&["-C", "sales", "rev-parse", "HEAD"]);
    assert_snapshot!(env.run(&["init", "sales"]), @"
    ------- stderr -------
    `$HOME/work/sales` is a kehu repository already
    ");
    assert_eq!(env.git_done(&["-C", "sales", "rev-parse", "HEAD"]), commit);
    fs::remove_file(env.dir().join("sales/config/sla.toml")).unwrap();
    assert_eq!(env.run(&["init", "sales"]).code, 5, "a file deleted by hand is not brought back over it");
}

#[test]
fn the_language_is_that_of_the_repository() {
    let env = Env::new();
    assert_snapshot!(env.run(&["init", "销售", "--lang", "zh"]), @"
    ------- stderr -------
    已创建 `$HOME/work/销售`：12 个文件，一次提交
    下一步：`kehu -C $HOME/work/销售 lead import 文件`
    ");
    assert!(env.read("销售/kehu.toml").contains("locale = \"zh\""));
    assert!(env.run(&["init", "销售"]).stderr.contains("已是 kehu 仓库"));
    assert!(env.done(&["-C", "销售", "lead", "list", "-o", "tsv"]).starts_with("编号"));
    assert!(env.done(&["-C", "销售", "lead", "list", "-o", "tsv", "--lang", "en"]).starts_with("Number"));
    assert!(env.done(&["-C", "销售", "lead", "add", "--help"]).starts_with("新建线索"));
}

#[test]
fn a_git_repository_is_taken_as_it_is() {
    let env = Env::new();
    env.git_done(&["init", "-q", "-b", "trunk"]);
    env.write("a.txt", "a");
    env.git_done(&["add", "a.txt"]);
    env.git_done(&["commit", "-qm", "mine"]);
    env.write("a.txt", "changed");
    env.write("b.txt", "staged");
    env.git_done(&["add", "b.txt"]);
    env.write("c.txt", "untracked");
    env.done(&["init"]);
    assert_eq!(env.git_done(&["log", "--format=%s"]), "init: configuration with every default\nmine");
    assert_eq!(env.git_done(&["status", "--porcelain", "-b"]), "## trunk\n M a.txt\nA  b.txt\n?? c.txt");
}

#[test]
fn a_folder_inside_another_repository_is_refused() {
    let env = Env::new();
    env.git_done(&["init", "-q"]);
    fs::create_dir(env.dir().join("sub")).unwrap();
    assert_snapshot!(env.refused(5, &["init", "sub"]), @"
    error: `$HOME/work/sub` lies inside the git repository `$HOME/work`
    hint: choose a folder outside it, or its top folder: `kehu init $HOME/work`
    ");
    assert_snapshot!(env.refused(5, &["init", "sub/new", "--dry-run"]), @"
    error: `$HOME/work/sub/new` lies inside the git repository `$HOME/work`
    hint: choose a folder outside it, or its top folder: `kehu init $HOME/work`
    ");
    assert_eq!(env.run(&["init", "sub/new/."]).code, 5);
    assert_eq!(fs::read_dir(env.dir().join("sub")).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn without_an_identity_nothing_is_written() {
    let env = Env::repository("en");
    let anonymous = |args: &[&str]| {
        let mut command = env.command(args);
        for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
            command.env_remove(name);
        }
        env.finish(command)
    };
    let before = env.state();
    assert_snapshot!(anonymous(&["init", "../other"]), @r#"
    ------- stderr -------
    error: git does not know your name and e-mail address
    hint: tell it: `git config --global user.name "NAME"`
    hint: tell it: `git config --global user.email "ADDRESS"`
    [exit 1]
    "#);
    assert!(!env.dir().join("../other").exists());
    let add = ["lead", "add", "company=x", "contact_name=y", "phone=13800138000", "region=x", "source=hotline"];
    assert_eq!(anonymous(&add).code, 1);
    assert_eq!(env.state(), before);
    assert_eq!(anonymous(&["lead", "list", "--count"]).stdout, "0\n", "reading needs no identity");
}

#[test]
fn any_folder_below_is_the_repository() {
    let env = Env::repository("en");
    env.lead("Example", "13800138000");
    fs::create_dir_all(env.dir().join("notes/deep")).unwrap();
    let below = |args: &[&str]| {
        let mut command = env.command(args);
        command.current_dir(env.dir().join("notes/deep"));
        env.finish(command)
    };
    assert_eq!(below(&["lead", "set", "LEAD-2026-001", "remark=x"]).code, 0);
    assert_eq!(below(&["check", "../../leads"]).code, 0);
    assert_eq!(below(&["check", "../../../elsewhere"]).code, 2);
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
    let mut outside = env.command(&["lead", "list"]);
    outside.current_dir(env.dir().join(".."));
    assert_snapshot!(env.finish(outside), @"
    ------- stderr -------
    error: `$HOME` is not in a kehu repository
    hint: `kehu init FOLDER` makes one; `-C FOLDER` names one
    [exit 10]
    ");
}

#[test]
fn work_trees_share_their_numbers() {
    let env = Env::repository("en");
    env.lead("A", "13800138001");
    env.git_done(&["worktree", "add", "-q", "../other"]);
    let add = [
        "-C",
        "../other",
        "lead",
        "add",
        "company=B",
        "contact_name=y",
        "phone=13800138002",
        "region=x",
        "source=hotline",
    ];
    assert_eq!(env.done(&add), "LEAD-2026-002");
    assert_eq!(env.git_done(&["-C", "../other", "status", "--porcelain"]), "");
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
    assert_eq!(env.lead("C", "13800138003"), "LEAD-2026-003", "002 is taken on another branch");
    assert_eq!(env.done(&["-C", "../other", "lead", "list", "--count"]), "2");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let env = Env::new();
    fs::create_dir(env.dir().join("locked")).unwrap();
    fs::set_permissions(env.dir().join("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    let may_write_all_the_same = fs::write(env.dir().join("locked/probe"), "").is_ok();
    if may_write_all_the_same {
        return;
    }
    let output = env.run(&["init", "locked/new"]);
    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("locked/new"), "{output}");
}
