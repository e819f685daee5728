//! What differs between two states, by record and field.

mod common;

use common::Env;
use insta::assert_snapshot;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

/// Runs the program; ids of commits are told as such.
fn told(env: &Env, args: &[&str]) -> String {
    let text = env.run(args).to_string();
    let is_id = |word: &&str| word.len() == 40 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_id);
    words.fold(text.clone(), |told, id| told.replace(id, "COMMIT"))
}

#[test]
fn hand_edits_are_told_by_field() {
    let env = Env::with_two_leads();
    assert_snapshot!(told(&env, &["diff"]), @"
    ------- stderr -------
    nothing differs
    ");
    assert_eq!(env.run(&["diff", "--exit-code"]).code, 0);
    env.edit(LEAD, "Hangzhou", "Shanghai");
    env.edit("leads/2026/LEAD-2026-002.toml", "company", "# known from the fair\ncompany");
    env.edit("config/scoring.toml", "from = 80", "from = 81");
    assert_snapshot!(told(&env, &["diff"]), @"
    HEAD → work tree
    From: HEAD (COMMIT)
    To: work tree

    Summary
    Kind         New  Changed  Renumbered  Removed
    -----------  ---  -------  ----------  -------
    Lead           0        2           0        0
    Other files    0        1           0        0

    Lead
    Record         Name  Field                               Before    After
    -------------  ----  ----------------------------------  --------  --------
    LEAD-2026-001  A     Region                              Hangzhou  Shanghai
    LEAD-2026-002  B     (layout, comments or unknown keys)

    Other files
    File                 What
    -------------------  -------
    config/scoring.toml  changed
    ");
    assert_eq!(env.run(&["diff", "--exit-code"]).code, 1);
    assert_snapshot!(told(&env, &["diff", "--kind", "lead", "-o", "tsv"]), @"
    Report	HEAD → work tree
    From	HEAD (COMMIT)
    To	work tree

    Summary
    Kind	New	Changed	Renumbered	Removed
    Lead	0	2	0	0

    Lead
    Record	Name	Field	Before	After
    LEAD-2026-001	A	Region	Hangzhou	Shanghai
    LEAD-2026-002	B	(layout, comments or unknown keys)
    ");
}

#[test]
fn commits_and_days_are_compared() {
    let env = Env::with_two_leads();
    env.done(&["lead", "set", "LEAD-2026-001", "source=exhibition", "tags+=high_potential"]);
    env.done(&["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]);
    assert_snapshot!(told(&env, &["diff", "HEAD~2", "HEAD", "--lang", "zh"]), @"
    HEAD~2 → HEAD
    从：HEAD~2（COMMIT）
    到：HEAD（COMMIT）

    概要
    类型  新建  修改  改号  删除
    ----  ----  ----  ----  ----
    线索     0     1     0     1

    线索
    记录           名称  字段      之前                                                           之后
    -------------  ----  --------  -------------------------------------------------------------  ------
    LEAD-2026-001  A     来源      400电话                                                        展会
                         标签                                                                     高潜力
    LEAD-2026-002  B     （删除）  状态：新建，公司名称：B，联系人：Buyer，电话：13800138002，…
    ");
    assert_eq!(
        env.done(&["diff", "HEAD~2..HEAD", "--json"]),
        env.done(&["diff", "HEAD~2", "--json", "--as-of", "HEAD"])
    );
    let back = env.json(&["diff", "HEAD..HEAD~2", "--json"]);
    assert_eq!(back["records"][1]["act"], "added");
    assert_eq!(back["records"][0]["changes"][0]["new"], "hotline");
    assert!(env.refused(4, &["diff", "nonsense"]).contains("`nonsense` is neither a date nor a commit"));
    assert!(env.run(&["diff", "2026-03-12"]).stderr.contains("nothing differs"));
}

#[test]
fn a_pull_request_of_300_rows_fits_a_comment() {
    let env = Env::with_two_leads();
    let mut rows = String::from("company,contact_name,phone,region,source,acquired_on\n");
    for n in 0..300 {
        let source = if n % 3 == 0 { "exhibition" } else { "referral" };
        rows.push_str(&format!("示例|公司{n},经理,138{n:08},浙江 杭州,{source},2026-03-01\n"));
    }
    env.write("expo.csv", &rows);
    env.done(&["lead", "import", "expo.csv", "--branch", "expo"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=not on the branch"]);
    assert_snapshot!(told(&env, &["diff", "HEAD...expo", "-o", "markdown", "--limit", "3"]), @r#"
    # where expo left HEAD → expo

    - **From**: where expo left HEAD (COMMIT)
    - **To**: expo (COMMIT)

    ## Summary

    | Kind | New | Changed | Renumbered | Removed |
    | ---- | --: | ------: | ---------: | ------: |
    | Lead | 300 |       0 |          0 |       0 |

    ## In common

    | Kind | Records | In common               |
    | ---- | ------: | ----------------------- |
    | Lead |     300 | new, Status: New        |
    | Lead |     200 | new, Source: Referral   |
    | Lead |     100 | new, Source: Exhibition |

    ## Lead

    | Record        | Name        | Field | Before | After                                    |
    | ------------- | ----------- | ----- | ------ | ---------------------------------------- |
    | LEAD-2026-003 | 示例\|公司0 | (new) |        | Status: New, Company: 示例\|公司0, Contact: 经理, Phone: 13800000000, Region: 浙江 杭州, Source: Exhibition, 1 more |
    | LEAD-2026-004 | 示例\|公司1 | (new) |        | Status: New, Company: 示例\|公司1, Contact: 经理, Phone: 13800000001, Region: 浙江 杭州, Source: Referral, 1 more |
    | LEAD-2026-005 | 示例\|公司2 | (new) |        | Status: New, Company: 示例\|公司2, Contact: 经理, Phone: 13800000002, Region: 浙江 杭州, Source: Referral, 1 more |

    297 more records are not shown; \`--limit 0\` shows all
    "#);
    let whole = env.done(&["diff", "HEAD...expo", "-o", "markdown"]);
    assert!(whole.len() < 20_000, "a comment may have 65,536 letters: {}", whole.len());
}

#[test]
fn the_same_change_of_many_is_told_once() {
    let env = Env::with_two_leads();
    env.lead("C", "13800138003");
    env.done(&["lead", "set", "--where", "region = Hangzhou", "source=exhibition", "--expect", "3"]);
    let told = env.done(&["diff", "HEAD~1", "HEAD"]);
    assert!(told.contains("Lead        3  Source: "), "{told}");
    assert_eq!(told.matches("LEAD-2026-00").count(), 3);
}

#[test]
fn what_got_another_number_is_no_new_record() {
    let env = Env::with_two_leads();
    env.git_done(&["mv", "leads/2026/LEAD-2026-002.toml", "leads/2026/LEAD-2026-009.toml"]);
    env.git_done(&["commit", "--quiet", "-m", "renumber"]);
    assert_snapshot!(told(&env, &["diff", "HEAD~1", "HEAD", "-o", "tsv"]), @"
    Report	HEAD~1 → HEAD
    From	HEAD~1 (COMMIT)
    To	HEAD (COMMIT)

    Summary
    Kind	New	Changed	Renumbered	Removed
    Lead	0	0	1	0

    Lead
    Record	Name	Field	Before	After
    LEAD-2026-009	B	(number)	LEAD-2026-002	LEAD-2026-009
    ");
}

#[test]
fn what_is_not_yours_to_read_is_counted_and_not_shown() {
    let env = Env::with_two_leads();
    env.done(&["user", "add", "boss", "name=Boss", "email=test@example.com", "role=admin"]);
    env.done(&["user", "add", "li.ming", "name=Li", "email=li@example.com", "role=sales"]);
    env.done(&["lead", "set", "LEAD-2026-001", "owner=boss", "remark=secret"]);
    env.done(&["lead", "set", "LEAD-2026-002", "owner=li.ming", "remark=mine"]);
    let mut command = env.command(&["diff", "HEAD~2", "HEAD"]);
    command.env("GIT_AUTHOR_EMAIL", "li@example.com");
    let told = env.finish(command).to_string();
    assert!(told.contains("mine") && !told.contains("secret") && told.contains("Not yours to read: 1"), "{told}");
}
