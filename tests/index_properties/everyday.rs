//! Everyday work beside the program, by the binary: lists and reports do not show whether there is an index.

use crate::common::Env;

#[test]
fn lists_and_reports_are_the_same_without_the_index() {
    let env = Env::repository("en");
    for n in 0..6 {
        env.lead(&format!("Firm {n}"), &format!("1380013800{n}"));
    }
    env.done(&["followup", "add", "LEAD-2026-001", "method=phone", "points=called", "no_next=done"]);
    same_without_the_index(&env, "at the start");
    let script = [
        "sed -i s/Hangzhou/Shanghai/ leads/2026/LEAD-2026-001.toml",
        // The same size, within one tick, by the same name and with the same time.
        "touch -r leads/2026/LEAD-2026-002.toml ../t; sed -i s/Buyer/Seller/ leads/2026/LEAD-2026-002.toml; \
         sed -i s/Seller/Buyer/ leads/2026/LEAD-2026-002.toml; touch -r ../t leads/2026/LEAD-2026-002.toml",
        "printf '%s' \"$(sed s/Hangzhou/Shenzhen/ leads/2026/LEAD-2026-003.toml)\" > leads/2026/LEAD-2026-003.toml",
        "touch -d '2036-01-01' leads/2026/LEAD-2026-004.toml",
        "git stash -q",
        "git checkout -qb side; sed -i s/Firm/Farm/ leads/2026/*; git commit -qam side; git checkout -q main",
        "git checkout -q side",
        "git checkout -q main~2 -- leads/2026/LEAD-2026-005.toml",
        "git checkout -qf main; git stash pop -q",
        "mv leads ../away; cp -a ../away leads",
        "rm -r leads; mv ../away leads",
        "mv leads/2026/LEAD-2026-006.toml leads/2026/LEAD-2026-016.toml",
        "cp -a leads/2026/LEAD-2026-016.toml leads/2026/LEAD-2026-006.toml",
        "rm -r followups",
        "git checkout -q -- followups",
        "truncate -s 5000 .git/kehu/index.sqlite",
        "head -c 40000 /dev/urandom > .git/kehu/index.sqlite",
        "rm -f .git/kehu/index.sqlite*",
        "rm -r .git/kehu",
    ];
    for line in script {
        let mut shell = assert_cmd::Command::new("sh");
        env.hermetic(&mut shell, &env.dir());
        let done = env.finish({
            shell.args(["-ec", line]);
            shell
        });
        assert_eq!(done.code, 0, "{line}: {done}");
        same_without_the_index(&env, line);
    }
}

/// Compares a list, a report and the past, each with the index, which may be cold, and without; the list
/// once more when the index is warm.
fn same_without_the_index(env: &Env, after: &str) {
    let list = ["lead", "list", "--json"];
    for args in [&list[..], &["report", "weekly", "--json"], &["lead", "list", "--as-of", "HEAD~1"], &list] {
        let plain = env.run(&[args, &["--no-index"]].concat());
        assert_eq!(env.run(args), plain, "{args:?} after: {after}");
    }
}
