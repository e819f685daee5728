//! Three clones that add, change, remove, import, edit by hand, sync and are killed, in any order: in the end all hold
//! the same, and every value that was acknowledged is there, unless somebody who saw it replaced it.
//!
//! `store/sync/model` plays thousands of such schedules in memory; here the program itself plays a few.
//! `KEHU_SOAK=N` plays N times as many.

#![cfg(unix)]

mod common;
#[path = "common/team.rs"]
mod team;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::time::Duration;
use team::Team;

const CLONES: usize = 3;
const DEEDS: u64 = 16;

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 32) % sides
    }
}

/// The words that are told from all others: `v17x`.
fn values(text: &str) -> BTreeSet<String> {
    let is_value =
        |word: &&str| word.starts_with('v') && word.ends_with('x') && word[1..word.len() - 1].parse::<u64>().is_ok();
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() > 2)
        .filter(is_value)
        .map(String::from)
        .collect()
}

struct Play {
    team: Team,
    dice: Dice,
    next: u64,
    /// Every value that was acknowledged, and whether somebody who saw it replaced it.
    known: BTreeMap<String, bool>,
}

impl Play {
    fn new(seed: u64) -> Play {
        Play { team: Team::new(CLONES), dice: Dice(seed), next: 0, known: BTreeMap::new() }
    }

    fn value(&mut self) -> String {
        self.next += 1;
        format!("v{}x", self.next)
    }

    /// Returns what the last commit of a clone holds.
    fn committed(&self, clone: usize) -> BTreeSet<String> {
        values(
            &self
                .team
                .env
                .git(&["-C", &self.team.folder(clone).to_string_lossy(), "grep", "-h", "v[0-9]*x", "HEAD"])
                .stdout,
        )
    }

    /// Runs a command that changes something; what it put and replaced is known when it ends well.
    fn change(&mut self, clone: usize, args: &[&str]) {
        let before = self.committed(clone);
        let output = self.team.run(clone, args);
        // What a hand edit or another's removal stands in the way of is refused, and nothing happened.
        assert!([0, 4, 5].contains(&output.code), "{args:?}: {output}");
        let after = self.committed(clone);
        if output.code == 0 {
            after.difference(&before).for_each(|value| _ = self.known.entry(value.clone()).or_insert(false));
        } else {
            assert_eq!(before, after, "{args:?}: {output}");
        }
        before.difference(&after).for_each(|value| _ = self.known.insert(value.clone(), true));
    }

    fn lead(&mut self, clone: usize) -> Option<String> {
        let files = self.team.git(clone, &["ls-tree", "-r", "--name-only", "HEAD", "leads"]);
        let all: Vec<&str> = files.lines().collect();
        let at = self.dice.roll(all.len().max(1) as u64) as usize;
        let stem = |path: &&str| path.rsplit('/').next().unwrap().trim_end_matches(".toml").to_string();
        all.get(at).map(stem)
    }

    fn act(&mut self) {
        let clone = self.dice.roll(CLONES as u64) as usize;
        let value = self.value();
        match self.dice.roll(12) {
            0..=2 => {
                let (company, phone) = (format!("company={value}"), format!("phone=138{:08}", self.next));
                self.change(clone, &["lead", "add", &company, &phone, "contact_name=x", "region=x", "source=hotline"]);
            }
            3 | 4 => {
                let field = ["remark", "address", "need"][self.dice.roll(3) as usize];
                if let Some(lead) = self.lead(clone) {
                    self.change(clone, &["lead", "set", &lead, &format!("{field}={value}")]);
                }
            }
            5 => {
                if let Some(lead) = self.lead(clone) {
                    let points = format!("points={value}");
                    self.change(clone, &["followup", "add", &lead, "method=phone", &points, "no_next=done"]);
                }
            }
            6 => {
                if let Some(lead) = self.lead(clone) {
                    self.change(clone, &["lead", "rm", &lead, "--confirm", &lead]);
                }
            }
            7 => {
                let row = |n: u64| {
                    format!("v{}{n}x,Buyer,139{:08},x,hotline,new,2026-03-01\n", self.next, self.next * 10 + n)
                };
                let table = (0..3).map(row).collect::<String>();
                let table = format!("company,contact_name,phone,region,source,status,acquired_on\n{table}");
                self.team.write(clone, "../rows.csv", table);
                let file = self.team.folder(clone).with_file_name("rows.csv");
                self.change(clone, &["lead", "import", &file.to_string_lossy()]);
            }
            8 => {
                if let Some(lead) = self.lead(clone) {
                    let path = format!("leads/2026/{lead}.toml");
                    if self.team.folder(clone).join(&path).exists() && !self.team.read(clone, &path).contains("remark")
                    {
                        self.team.edit(clone, &path, "status", &format!("remark = \"{value}\"\nstatus"));
                    }
                }
            }
            9 => {
                self.change(clone, &["commit"]);
                self.sync(clone);
            }
            10 => self.killed_sync(clone),
            _ => self.sync(clone),
        }
    }

    fn sync(&self, clone: usize) {
        let output = self.team.run(clone, &["sync"]);
        assert!([0, 5].contains(&output.code), "{output}");
    }

    /// Starts a sync and kills it, sooner or later.
    fn killed_sync(&mut self, clone: usize) {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("kehu"));
        self.team.env.hermetic_std(command.arg("sync"), &self.team.folder(clone));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(self.dice.roll(150)));
        child.kill().unwrap();
        child.wait().unwrap();
        // A git it had started may still be at work, and is waited for as anybody would.
        std::thread::sleep(Duration::from_millis(100));
    }

    /// Brings all in step, and checks what must hold.
    fn end(&mut self) {
        for clone in (0..CLONES).chain(0..CLONES) {
            self.change(clone, &["commit"]);
            self.sync(clone);
        }
        let heads: BTreeSet<String> = (0..CLONES).map(|clone| self.team.head(clone)).collect();
        assert_eq!(heads.len(), 1, "all come to the same");
        for clone in 0..CLONES {
            assert_eq!(self.team.git(clone, &["status", "--porcelain"]), "");
            assert_eq!(self.team.git(clone, &["fsck", "--strict", "--no-dangling"]), "");
        }
        let present = self.committed(0);
        for (value, is_replaced) in &self.known {
            assert!(*is_replaced || present.contains(value), "{value} is lost");
        }
        let checked = self.team.run(0, &["check", "--json"]);
        let checked = checked.json();
        let wrong =
            |finding: &&serde_json::Value| finding["severity"] == "error" && finding["code"] != "missing-reference";
        assert_eq!(checked["findings"].as_array().unwrap().iter().find(wrong), None, "every file is good");
    }
}

#[test]
fn clones_come_to_the_same_and_nothing_is_lost() {
    let soak = std::env::var("KEHU_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    for seed in 0..2 * soak {
        let mut play = Play::new(seed);
        (0..DEEDS).for_each(|_| play.act());
        play.end();
    }
}
