//! `kehu NOUN import`, run as people run it: files in, records, commits, rejected rows and words out.

#[path = "../common/mod.rs"]
mod common;
mod files;
mod meeting;
mod rejected;
mod told;
mod values;

use common::{Env, Output};
use serde_json::Value as Json;

const LEADS: &str = "\
公司名称,联系人,手机,地区,来源,获取日期
杭州甲贸易有限公司,王某,13800138001,浙江 杭州,展会,2026-03-01
上海乙科技有限公司,李某,13800138002,上海,老客户,2026-03-02
";

/// A repository in the working folder of an environment of its own.
struct Desk(Env);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(Env::new());
        desk.git(&["init", "-q", "-b", "main"]);
        desk.git(&["config", "user.name", "Tester"]);
        desk.git(&["config", "user.email", "t@example.com"]);
        desk.ok(&["init", "--lang", "en"]);
        desk
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.0.git(args);
        assert_eq!(output.code, 0, "git {args:?}\n{output}");
        output.stdout
    }

    fn run(&self, args: &[&str]) -> Output {
        self.0.run(args)
    }

    fn ok(&self, args: &[&str]) -> Output {
        let output = self.run(args);
        assert_eq!(output.code, 0, "kehu {args:?}\n{output}");
        output
    }

    fn json(&self, args: &[&str]) -> Json {
        self.ok(args).json()
    }

    /// Writes a file beside the repository, where it dirties nothing; returns its path as typed.
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.dir().join("..").join(name), bytes).unwrap();
        format!("../{name}")
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.dir().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn exists(&self, path: &str) -> bool {
        self.0.dir().join(path).exists()
    }

    /// Imports, checks that every row is accounted for, and returns the counts with the exit code.
    fn import(&self, args: &[&str]) -> (Json, i32) {
        let output = self.run(&[args, &["--json"]].concat());
        let json = output.json();
        let count = |key: &str| json[key].as_u64().unwrap_or_else(|| panic!("{key}: {json}"));
        let parts = ["created", "updated", "unchanged", "duplicates", "rejected", "skipped"].map(count);
        assert_eq!(parts.iter().sum::<u64>(), count("rows"), "{json}");
        (json, output.code)
    }

    /// Returns created, updated, unchanged, duplicates, rejected.
    fn counts(&self, args: &[&str]) -> [u64; 5] {
        let (json, code) = self.import(args);
        let counts =
            ["created", "updated", "unchanged", "duplicates", "rejected"].map(|key| json[key].as_u64().unwrap());
        assert_eq!(code, if counts[4] > 0 { 3 } else { 0 }, "{json}");
        counts
    }

    fn commits(&self) -> usize {
        self.git(&["log", "--oneline"]).lines().count()
    }

    fn assert_clean(&self) {
        assert_eq!(self.git(&["status", "--short"]), "");
    }
}

#[test]
fn the_published_result() {
    let desk = Desk::new();
    let file = desk.write("leads.csv", LEADS);
    let (json, code) = desk.import(&["lead", "import", &file]);
    assert_eq!(code, 0);
    assert_eq!(
        (&json["schema"], &json["version"], &json["file"]),
        (&"kehu.import".into(), &1.into(), &"leads.csv".into())
    );
    assert_eq!(json["commit"], desk.git(&["rev-parse", "HEAD"]).trim());
    let message = desk.git(&["log", "-1", "--format=%B"]);
    assert!(message.starts_with("lead: import 2 (leads.csv)\n"), "{message}");
    assert!(message.contains(&format!("Kehu-Source-Sha256: {}", json["sha256"].as_str().unwrap())), "{message}");
    assert!(!message.contains("王某") && !message.contains("贸易"), "{message}");
    desk.assert_clean();
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let desk = Desk::new();
    let file =
        desk.write("leads.csv", format!("{LEADS}上海乙科技,李某,13800138002,上海,老客户,2026-03-02\n合计,,,,,\n"));
    let output = desk.ok(&["lead", "import", &file, "--dry-run"]);
    insta::assert_snapshot!(output, @r"
    create LEAD-2026-001: 杭州甲贸易有限公司
    create LEAD-2026-002: 上海乙科技有限公司
    leads.csv: 2 created, 0 updated, 0 unchanged, 1 duplicates, 0 rejected, 1 skipped; nothing was written (`--dry-run`)
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    row 5: a total, not a record
    warning: row 4: skipped, same telephone number as row 3; the record differs in 1 of its values
    `--on-duplicate update` takes these values into the records that are there
    ");
    assert_eq!(desk.commits(), 1);
    desk.assert_clean();
    desk.ok(&["lead", "import", &file]);
    let more = desk.write("more.csv", "手机,备注,地区\n13800138002,要报价,上海\n");
    let output = desk.ok(&["lead", "import", &more, "--dry-run", "--on-duplicate", "update"]);
    assert!(output.stdout.starts_with("update LEAD-2026-002: Remark: 要报价\n"), "{output}");
}
