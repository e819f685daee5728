//! Any small repository: a merge leaves nothing dangling and goes back.

use super::*;
use proptest::prelude::*;
use std::fmt::Write;

/// A customer as a person might write it: `values` choose among few, so that much is alike.
fn customer(values: &[usize]) -> String {
    let mut text = format!(
        "# kept by hand\ntype = \"{}\"\ncategory = \"B2B\"\nname = \"公司{}\"\n",
        ["potential", "won"][values[0] % 2],
        values[1]
    );
    let optional = [("website", "example.com"), ("level", "high"), ("payment_cycle", "月"), ("remark", "备注")];
    for ((key, value), chosen) in optional.iter().zip(&values[2..]) {
        if chosen % 3 > 0 {
            let value =
                if *key == "level" { ["high", "low"][chosen % 2].to_string() } else { format!("{value}{chosen}") };
            let _ = writeln!(text, "{key} = \"{value}\"");
        }
    }
    text.push_str("region = \"苏州\"\nsource = \"hotline\"\nacquired_on = 2026-03-01\nindustry = \"wholesale_retail\"\nowner = \"li\"\n");
    for at in 0..values[6] % 3 {
        let _ = write!(
            text,
            "\n[[contacts]]\nname = \"联系人{}\"\nemail = \"a{}@example.com\"\n",
            (at + values[7]) % 3,
            values[7]
        );
    }
    text
}

/// Writes a small repository of customers with files, opportunities and follow-ups, and commits it.
fn small(customers: &[Vec<usize>], named: &[usize]) -> Env {
    let env = Env::repository("en");
    for (at, values) in customers.iter().enumerate() {
        let number = format!("B2B-2026-00{}", at + 1);
        let mut text = customer(values);
        if values[0] > 1 {
            let sha = [
                "8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a",
                "acac86c0e609ca906f632b0e2dacccb2b77d22b0621f20ebece1a4835b93f6f0",
            ];
            let which = values[1] % 2;
            env.write(&format!("attachments/{number}/a.txt"), ["k", "l"][which]);
            let _ = write!(
                text,
                "\n[[attachments]]\npath = \"attachments/{number}/a.txt\"\nkind = \"other\"\nsha256 = \"{}\"\n",
                sha[which]
            );
        }
        env.write(&format!("customers/2026/{number}.toml"), &text);
    }
    for (at, of) in named.iter().enumerate() {
        let number = format!("B2B-2026-00{}", of % customers.len() + 1);
        match at % 2 {
            0 => env.write(&format!("opportunities/2026/OPP-2026-00{}.toml", at + 1), &format!("stage = \"needs\"\nname = \"x{at}\"\ncustomer = \"{number}\"\namount = \"1.00\"\nexpected_on = 2026-09-01\nowner = \"li\"\n")),
            _ => env.write(&format!("followups/2026/03/01/20260301T09000{at}-abcd.toml"), &format!("at = 2026-03-01T09:00:0{at}+08:00\nmethod = \"phone\"\nsubject = \"{number}\"\npoints = \"x\"\nno_next = \"x\"\nauthor = \"li\"\n")),
        }
    }
    env.git_done(&["add", "-A"]);
    env.git_done(&["commit", "-qm", "by hand"]);
    env
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_merge_leaves_nothing_dangling_and_goes_back(
        customers in prop::collection::vec(prop::collection::vec(0usize..4, 8), 2..5),
        named in prop::collection::vec(0usize..4, 0..7),
    ) {
        let env = small(&customers, &named);
        let before = tree(&env);
        let errors = env.run(&["check"]).code;
        prop_assert_eq!(errors, 0, "{}", env.run(&["check"]));
        let numbers: Vec<String> = (1..=customers.len()).rev().map(|at| format!("B2B-2026-00{at}")).collect();
        let words: Vec<&str> = ["dedupe", "merge"].into_iter().chain(numbers.iter().map(String::as_str)).collect();
        env.done(&words);
        sound(&env);
        for gone in &numbers[1..] {
            prop_assert_eq!(naming(&env, gone), format!("HEAD:customers/2026/{}.toml\n", numbers[0]), "{}", gone);
        }
        env.done(&["dedupe", "unmerge", numbers.last().unwrap()]);
        prop_assert_eq!(tree(&env), before);
    }
}
