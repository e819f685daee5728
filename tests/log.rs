//! `kehu log`: who changed what, when, through moves, other numbers and merges.

mod common;

use common::Env;
use insta::assert_snapshot;
use serde_json::{Value as Json, json};

/// Replaces the letters of commits.
fn hide(text: &str) -> String {
    let is_hash = |word: &str| word.len() == 8 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = |line: &str| -> String {
        let words = line.split(' ').map(|word| if is_hash(word) { "COMMIT" } else { word });
        words.collect::<Vec<_>>().join(" ").trim_end().to_string()
    };
    text.lines().map(words).collect::<Vec<_>>().join("\n")
}

fn entries(env: &Env, args: &[&str]) -> Vec<Json> {
    let told = env.json(&[args, &["--json"]].concat());
    assert_eq!((&told["schema"], &told["version"]), (&json!("kehu.log"), &json!(1)));
    told["entries"].as_array().unwrap().clone()
}

fn numbers(entries: &[Json]) -> Vec<&str> {
    entries.iter().map(|entry| entry["number"].as_str().unwrap_or("-")).collect()
}

/// Makes a desk with a user who is git's author, another one, and two leads.
fn desk() -> Env {
    let env = Env::repository("en");
    env.done(&["user", "add", "li.ming", "name=Li Ming", "email=test@example.com", "role=admin"]);
    env.done(&["user", "add", "wang.lei", "name=Wang Lei", "email=wang@example.com", "role=manager"]);
    env.lead("First Co", "13800138001");
    env.lead("Second Co", "13800138002");
    env
}

#[test]
fn users_are_told_by_name_and_fields_in_words() {
    let env = desk();
    env.done(&["lead", "set", "LEAD-2026-001", "status=working", "phone=13800138009", "--as", "wang.lei"]);
    assert_snapshot!(hide(&env.done(&["log", "LEAD-2026-001"])), @"
    When              Who                   What                                                Commit
    ----------------  --------------------  --------------------------------------------------  --------
    2026-03-12 09:30  Li Ming for Wang Lei  Status: New → Working                               COMMIT
    2026-03-12 09:30  Li Ming for Wang Lei  Phone: 13800138001 → 13800138009                    COMMIT
    2026-03-12 09:30  Li Ming               added: Status: New, Company: First Co, Contact:     COMMIT
                                            Buyer, Phone: 13800138001, Region: Hangzhou,
                                            Source: Hotline, 1 more
    ");
    assert_snapshot!(hide(&env.done(&["log", "First Co", "--lang", "zh", "-o", "markdown"])), @"
    | 时间             | 何人                   | 内容                                     | 提交     |
    | ---------------- | ---------------------- | ---------------------------------------- | -------- |
    | 2026-03-12 09:30 | Li Ming（代 Wang Lei） | 状态：新建 → 跟进中                      | COMMIT |
    | 2026-03-12 09:30 | Li Ming（代 Wang Lei） | 电话：13800138001 → 13800138009          | COMMIT |
    | 2026-03-12 09:30 | Li Ming                | 新建：状态：新建，公司名称：First Co，联系人：Buyer，电话：13800138001，地区：Hangzhou，来源：400电话，另有 1 项 | COMMIT |
    ");
    let told = entries(&env, &["log", "LEAD-2026-001", "--limit", "1"]);
    let told = &told[0];
    assert_eq!((&told["user"], &told["on_behalf_of"]), (&json!("li.ming"), &json!("wang.lei")));
    assert_eq!((&told["kind"], &told["title"], &told["merge"]), (&json!("lead"), &json!("First Co"), &json!(false)));
    assert_eq!(
        told["operation"],
        json!(env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]).trim())
    );
    for format in ["csv", "tsv", "jsonl", "html", "plain", "xlsx"] {
        let output = env.command(&["log", "-o", format]).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{format}");
    }
}

#[test]
fn many_records_are_one_line() {
    let env = desk();
    let rows: String =
        (0..1200).map(|n| format!("Company {n},139{n:08},Buyer,Hangzhou,exhibition,2026-03-01\n")).collect();
    env.write("expo.csv", &format!("Company,Phone,Contact,Region,Source,Acquired on\n{rows}"));
    env.done(&["lead", "import", "expo.csv", "--set", "owner=li.ming", "-q"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=x"]);
    assert_snapshot!(hide(&env.done(&["log", "--limit", "2"])), @"
    When              Who      Record         Name      What                                    Commit
    ----------------  -------  -------------  --------  --------------------------------------  --------
    2026-03-12 09:30  Li Ming  LEAD-2026-001  First Co  Remark: x                               COMMIT
    2026-03-12 09:30  Li Ming                           1,200 leads created (lead: import 1200  COMMIT
                                                        (expo.csv))
    ");
    let bulk = &entries(&env, &["log", "--limit", "2"])[1];
    assert_eq!(
        (&bulk["step"], &bulk["counts"]),
        (&json!("bulk"), &json!([{"kind": "lead", "step": "added", "count": 1200}]))
    );
    assert_eq!(entries(&env, &["log", "--all", "--kind", "lead"]).len(), 1203);
    assert_eq!(entries(&env, &["log", "LEAD-2026-700"]).len(), 1, "a record is told by itself");
    // Of a field a bulk change tells those that changed it.
    env.done(&["lead", "set", "--where", "acquired_on = 2026-03-01", "region=Suzhou", "--expect", "1200", "-q"]);
    let told = entries(&env, &["log", "--field", "region", "--limit", "1"]);
    assert_eq!(told[0]["text"].as_str().unwrap().split(" (").next(), Some("1,200 leads changed"));
}

#[test]
fn filters_of_kind_user_time_and_field() {
    let env = desk();
    let at = |now: &str, args: &[&str]| {
        let mut command = env.command(args);
        command.env("KEHU_NOW", now).env("GIT_COMMITTER_DATE", now);
        assert_eq!(env.finish(command).code, 0, "{args:?}");
    };
    at("2026-03-14T10:00:00+08:00", &["lead", "set", "LEAD-2026-001", "phone=13800138007"]);
    at("2026-03-16T10:00:00+08:00", &["lead", "set", "LEAD-2026-002", "phone=13800138008", "--as", "wang.lei"]);
    let told = |args: &[&str]| {
        let entries = entries(&env, &[&["log"], args].concat());
        numbers(&entries).into_iter().map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(told(&["--since", "2026-03-14"]), ["LEAD-2026-002", "LEAD-2026-001"]);
    assert_eq!(told(&["--since", "2026-03-14", "--until", "2026-03-14"]), ["LEAD-2026-001"]);
    assert_eq!(told(&["--since", "2026-03-14T10:00:01+08:00"]), ["LEAD-2026-002"]);
    assert_eq!(told(&["--until", "2026-03-13", "--kind", "user"]), ["wang.lei", "li.ming"]);
    assert_eq!(told(&["--by", "Wang Lei"]), ["LEAD-2026-002"]);
    assert_eq!(told(&["--field", "Phone", "--limit", "3"]), ["LEAD-2026-002", "LEAD-2026-001", "LEAD-2026-002"]);
    assert_eq!(told(&["LEAD-2026-002", "--field", "电话"]).len(), 2);
    assert_eq!(told(&["--by", "nobody.else"]), Vec::<String>::new());
    assert_eq!(told(&["--by", "me", "--since", "2026-03-14"]), ["LEAD-2026-002", "LEAD-2026-001"]);
    assert_eq!(env.run(&["log", "--field", "nonsense"]).code, 2);
    assert_eq!(env.run(&["log", "--since", "soon"]).code, 2);
    assert_eq!(env.run(&["log", "--kind", "thing"]).code, 2);
    assert_snapshot!(env.refused(4, &["log", "LEAD-2026-404"]), @"
    error: there is no lead `LEAD-2026-404`
    hint: `kehu lead list` shows the numbers there are
    ");
    assert_eq!(entries(&env, &["log", "--as-of", "2026-03-15", "LEAD-2026-002"]).len(), 1, "as it was told then");
}

#[test]
fn what_is_gone_and_comes_back_keeps_its_history() {
    let env = desk();
    env.done(&["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]);
    let steps = |entries: Vec<Json>| {
        entries.iter().map(|entry| entry["step"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(steps(entries(&env, &["log", "LEAD-2026-002"])), ["removed", "added"]);
    env.git_done(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(steps(entries(&env, &["log", "Second Co"])), ["added", "removed", "added"]);
}

#[test]
fn a_record_is_followed_to_its_old_number_and_folder() {
    let env = desk();
    env.done(&["lead", "set", "LEAD-2026-002", "remark=before"]);
    env.git_done(&["mv", "leads/2026/LEAD-2026-002.toml", "leads/2026/LEAD-2026-003.toml"]);
    env.git_done(&["commit", "-qm", "sync: renumber\n\nKehu-Renumber: lead LEAD-2026-002 LEAD-2026-003"]);
    env.done(&["lead", "set", "LEAD-2026-003", "remark=after"]);
    assert_snapshot!(hide(&env.done(&["log", "LEAD-2026-003"])), @"
    When              Who      What                                                             Commit
    ----------------  -------  ---------------------------------------------------------------  --------
    2026-03-12 09:30  Li Ming  Remark: before → after                                           COMMIT
    2026-03-12 09:30  Li Ming  renumbered, was LEAD-2026-002                                    COMMIT
    2026-03-12 09:30  Li Ming  Remark: before                                                   COMMIT
    2026-03-12 09:30  Li Ming  added: Status: New, Company: Second Co, Contact: Buyer, Phone:   COMMIT
                               13800138002, Region: Hangzhou, Source: Hotline, 1 more
    ");
    assert_snapshot!(hide(&env.done(&["log", "LEAD-2026-002"])), @"
    When              Who      What                                                             Commit
    ----------------  -------  ---------------------------------------------------------------  --------
    2026-03-12 09:30  Li Ming  renumbered, now LEAD-2026-003                                    COMMIT
    2026-03-12 09:30  Li Ming  Remark: before                                                   COMMIT
    2026-03-12 09:30  Li Ming  added: Status: New, Company: Second Co, Contact: Buyer, Phone:   COMMIT
                               13800138002, Region: Hangzhou, Source: Hotline, 1 more
    ");
    assert_snapshot!(hide(&env.done(&["log", "--kind", "lead", "--limit", "2"])), @"
    When              Who      Record         Name       What                           Commit
    ----------------  -------  -------------  ---------  -----------------------------  --------
    2026-03-12 09:30  Li Ming  LEAD-2026-003  Second Co  Remark: before → after         COMMIT
    2026-03-12 09:30  Li Ming  LEAD-2026-003  Second Co  renumbered, was LEAD-2026-002  COMMIT
    ");
    // A folder by thousands where there was none before.
    std::fs::create_dir_all(env.dir().join("leads/old")).unwrap();
    env.git_done(&["mv", "leads/2026/LEAD-2026-001.toml", "leads/old/LEAD-2026-001.toml"]);
    env.git_done(&["commit", "-qm", "as it lay once"]);
    env.git_done(&["mv", "leads/old/LEAD-2026-001.toml", "leads/2026/LEAD-2026-001.toml"]);
    env.git_done(&["commit", "-qm", "moved"]);
    let told = entries(&env, &["log", "LEAD-2026-001"]);
    assert_eq!(told.last().unwrap()["step"], "added");
    assert!(told.iter().all(|entry| entry["step"] != "removed"), "{told:?}");
}

#[test]
fn a_merge_tells_what_it_decided() {
    let env = desk();
    env.git_done(&["switch", "-qc", "other"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=theirs"]);
    env.git_done(&["switch", "-q", "main"]);
    env.done(&["lead", "set", "LEAD-2026-001", "region=Suzhou"]);
    env.git_done(&["merge", "-q", "--no-edit", "other"]);
    let told = entries(&env, &["log", "LEAD-2026-001"]);
    assert_eq!(told.len(), 3, "what it only brought together was told where it was made: {told:?}");
    // One that decides between two.
    env.git_done(&["switch", "-q", "other"]);
    env.done(&["lead", "set", "LEAD-2026-001", "region=Wuxi"]);
    env.git_done(&["switch", "-q", "main"]);
    env.git(&["merge", "-q", "--no-edit", "other"]);
    let path = "leads/2026/LEAD-2026-001.toml";
    let text = env.git_done(&["show", &format!("HEAD:{path}")]);
    env.write(path, &(text.replace("Suzhou", "Nanjing") + "\n"));
    env.git_done(&["commit", "-qam", "both"]);
    let told = entries(&env, &["log", "LEAD-2026-001", "--limit", "1"]);
    assert_eq!(told[0]["merge"], true);
    assert_eq!(told[0]["changes"].as_array().unwrap().len(), 1);
    assert_eq!((&told[0]["changes"][0]["old"], &told[0]["changes"][0]["new"]), (&json!("Suzhou"), &json!("Nanjing")));
}

#[test]
fn followups_stand_among_the_changes_of_their_subject() {
    let env = desk();
    env.done(&[
        "followup",
        "add",
        "LEAD-2026-001",
        "method=phone",
        "points=Called",
        "next_action=Visit",
        "next_on=2026-03-20",
    ]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=x"]);
    env.done(&[
        "followup",
        "add",
        "LEAD-2026-002",
        "method=phone",
        "points=Other",
        "next_action=Visit",
        "next_on=2026-03-20",
    ]);
    let told = entries(&env, &["log", "LEAD-2026-001", "--followups"]);
    let kinds: Vec<_> = told.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["lead", "followup", "lead"]);
    assert_eq!(entries(&env, &["log", "LEAD-2026-001"]).len(), 2);
    assert_eq!(env.run(&["log", "--followups"]).code, 2);
}

#[test]
fn the_index_is_only_remembered() {
    let env = desk();
    env.done(&["lead", "set", "LEAD-2026-001", "remark=x"]);
    let told = |args: &[&str]| env.done(&[&["log", "LEAD-2026-001", "--json"], args].concat());
    let (first, plain) = (told(&[]), told(&["--no-index"]));
    assert_eq!(first, plain);
    let index = env.dir().join(".git/kehu/history.sqlite");
    assert!(index.exists());
    for bytes in [&b"garbage, and enough of it to be looked at by who opens it"[..], b""] {
        std::fs::write(&index, bytes).unwrap();
        assert_eq!(told(&[]), plain);
    }
    env.git_done(&["commit", "-q", "--amend", "-m", "another"]);
    assert_eq!(told(&[]), told(&["--no-index"]));
    assert_ne!(told(&[]), plain);
    env.git_done(&["reset", "-q", "--hard", "HEAD~1"]);
    assert_eq!(told(&[]), told(&["--no-index"]));
    // Where a shallow clone begins, records were not added; more of it shows when.
    let source = format!("file://{}", env.dir().display());
    env.git_done(&["clone", "-q", "--depth", "1", &source, "shallow"]);
    let of_clone = |args: &[&str]| env.done(&[&["-C", "shallow", "log", "LEAD-2026-001", "--json"], args].concat());
    assert_eq!(of_clone(&[]), of_clone(&["--no-index"]));
    env.git_done(&["-C", "shallow", "fetch", "-q", "--unshallow"]);
    assert_eq!(of_clone(&[]), told(&[]));
}

#[test]
fn a_file_that_cannot_be_read_is_no_record_without_fields() {
    let env = desk();
    let path = "leads/2026/LEAD-2026-001.toml";
    let good = env.read(path);
    env.write(path, &(good.clone() + "x = [\n"));
    env.git_done(&["commit", "-qam", "broken"]);
    env.write(path, &(good.clone() + "x = [[\n"));
    env.git_done(&["commit", "-qam", "still broken"]);
    env.write(path, &good.replace("13800138001", "13800138009"));
    env.git_done(&["commit", "-qam", "mended"]);
    assert_snapshot!(hide(&env.done(&["log", "LEAD-2026-001"])), @"
    When              Who      What                                                             Commit
    ----------------  -------  ---------------------------------------------------------------  --------
    2026-03-12 09:30  Li Ming  can be read again: Phone: 13800138001 → 13800138009              COMMIT
    2026-03-12 09:30  Li Ming  cannot be read as a record from here on                          COMMIT
    2026-03-12 09:30  Li Ming  cannot be read as a record from here on                          COMMIT
    2026-03-12 09:30  Li Ming  added: Status: New, Company: First Co, Contact: Buyer, Phone:    COMMIT
                               13800138001, Region: Hangzhou, Source: Hotline, 1 more
    ");
    assert_snapshot!(hide(&env.done(&["log", "--kind", "lead", "--limit", "3"])), @"
    When              Who      Record         Name      What                                    Commit
    ----------------  -------  -------------  --------  --------------------------------------  --------
    2026-03-12 09:30  Li Ming  LEAD-2026-001  First Co  can be read again: Phone: 13800138001   COMMIT
                                                        → 13800138009
    2026-03-12 09:30  Li Ming  LEAD-2026-001  First Co  cannot be read as a record from here    COMMIT
                                                        on
    2026-03-12 09:30  Li Ming  LEAD-2026-001  First Co  cannot be read as a record from here    COMMIT
                                                        on
    ");
    let told = entries(&env, &["log", "LEAD-2026-001"]);
    let steps: Vec<_> = told.iter().map(|entry| entry["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["readable", "unreadable", "unreadable", "added"]);
    assert_eq!(entries(&env, &["log", "LEAD-2026-001", "--field", "company"]).len(), 1, "it never went");
    let blamed: Json = serde_json::from_str(&env.done(&["blame", "LEAD-2026-001", "--json"])).unwrap();
    let subjects = blamed["values"].as_array().unwrap().iter();
    let by_mender: Vec<_> = subjects.filter(|one| one["subject"] == "mended").map(|one| &one["field"]).collect();
    assert_eq!(by_mender, [&json!("phone")]);
}

#[test]
fn what_is_left_out_as_others_is_counted() {
    let env = desk();
    for login in ["chen.jie", "zhao.liu"] {
        let email = format!("email={login}@example.com");
        env.done(&["user", "add", login, &format!("name={login}"), &email, "role=sales", "department=One"]);
    }
    env.done(&["lead", "set", "LEAD-2026-001", "owner=zhao.liu"]);
    env.done(&["lead", "set", "LEAD-2026-002", "owner=zhao.liu"]);
    env.done(&["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    let run = |args: &[&str]| {
        let mut command = env.command(args);
        command.env("GIT_AUTHOR_EMAIL", "chen.jie@example.com");
        env.finish(command)
    };
    let all = run(&["log", "--kind", "lead"]);
    assert_eq!(
        (all.code, all.stderr.as_str()),
        (0, "left out as others': 2 leads; you read own records and the pool\n")
    );
    let gone = run(&["log", "LEAD-2026-001", "--since", "2026-03-12"]);
    assert!(gone.code == 0 && gone.stdout.contains("added"), "it was the pool's once: {gone}");
    env.lead("Third Co", "13800138003");
    let add = ["lead", "add", "company=Fourth Co", "phone=13800138004", "contact_name=x", "region=X", "source=hotline"];
    assert_eq!(env.done(&[&add[..], &["owner=zhao.liu"]].concat()), "LEAD-2026-004");
    assert_eq!(run(&["log", "LEAD-2026-004"]).code, 7);
    env.done(&["lead", "rm", "LEAD-2026-004", "--confirm", "LEAD-2026-004"]);
    let gone = run(&["log", "LEAD-2026-004"]);
    assert!(gone.code == 7 && gone.stderr.contains("is not yours to read"), "gone and never one's own: {gone}");
}

#[test]
fn conflicts_are_told_by_the_field_they_are_over() {
    let env = desk();
    let path = "leads/2026/LEAD-2026-001.toml";
    let good = env.read(path);
    let conflict = |field: &str| format!("\n[[conflicts]]\nfield = \"{field}\"\nours = \"1\"\ntheirs = \"2\"\n");
    env.write(path, &(good.clone() + &["remark", "budget_max", "region"].map(conflict).concat()));
    env.git_done(&["commit", "-qam", "merged"]);
    assert_snapshot!(env.done(&["resolve", "LEAD-2026-001.remark", "--take", "ours", "--dry-run"]), @"
    LEAD-2026-001 changed
      Remark: 1
      conflict over Remark: settled
    ");
    env.write(path, &(good.clone() + &["budget_max", "region"].map(conflict).concat()));
    env.git_done(&["commit", "-qam", "settled"]);
    let told = |n: &str| hide(&env.done(&["log", "LEAD-2026-001", "--limit", n]));
    assert_snapshot!(told("2"), @"
    When              Who      What                            Commit
    ----------------  -------  ------------------------------  --------
    2026-03-12 09:30  Li Ming  conflict over Remark: settled   COMMIT
    2026-03-12 09:30  Li Ming  conflict over Remark: 1 / 2     COMMIT
    2026-03-12 09:30  Li Ming  conflict over Budget to: 1 / 2  COMMIT
    2026-03-12 09:30  Li Ming  conflict over Region: 1 / 2     COMMIT
    ");
    assert!(env.done(&["log", "LEAD-2026-001", "--limit", "1", "--lang", "zh"]).contains("“备注”的冲突：已解决"));
}
