//! What people and scripts see of lists, cards and imports that come to nothing.

mod common;

use common::Env;

const LONG: &str = "客户希望先看三个同行案例，再约技术负责人当面谈一次，预算要到下个季度才能批下来，请提前两周提醒";

fn two_leads() -> Env {
    let env = Env::repository("en");
    for (company, phone) in [("示例甲", "13800138001"), ("示例乙", "13800138002")] {
        env.lead(company, phone);
    }
    env.done(&["lead", "set", "LEAD-2026-001", &format!("remark={LONG}")]);
    env
}

#[test]
fn a_quiet_list_is_its_numbers() {
    let env = two_leads();
    assert_eq!(env.done(&["lead", "list", "-q"]), "LEAD-2026-001\nLEAD-2026-002");
    assert!(env.done(&["lead", "list", "-q", "-o", "csv"]).contains("示例甲"), "a format is what was asked for");
}

#[test]
fn a_card_shows_the_whole_text_on_a_narrow_screen() {
    let env = two_leads();
    let mut command = env.command(&["lead", "show", "LEAD-2026-001"]);
    command.env("COLUMNS", "60");
    let shown = env.finish(command).stdout;
    assert!(!shown.contains('…'), "{shown}");
    let words: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(words.contains(LONG), "{shown}");
}

#[test]
fn a_table_of_which_nothing_is_known_is_refused() {
    let env = two_leads();
    env.write("x.csv", "甲,乙\n1,2\n");
    let said = env.refused(1, &["lead", "import", "x.csv"]);
    assert!(said.contains("`x.csv`: no column of the table is a field of a lead"), "{said}");
}

/// The history of a record is read for its values: they are broken into lines, and no number is broken.
#[test]
fn history_shows_whole_values_on_a_narrow_screen() {
    let env = two_leads();
    env.done(&["--lang", "zh", "lead", "set", "LEAD-2026-001", "phone=13900139000", "budget_max=9876543.21"]);
    env.done(&[
        "lead",
        "set",
        "LEAD-2026-001",
        "company=宁波示例智能装备制造集团股份有限公司",
        "expected_on=2026-12-31",
    ]);
    let run = |args: &[&str], columns: usize| {
        let mut command = env.command(&[&["--lang", "zh"], args].concat());
        command.env("COLUMNS", columns.to_string());
        env.finish(command).stdout
    };
    for args in [&["log"][..], &["log", "LEAD-2026-001"], &["op", "log"], &["blame", "LEAD-2026-001"]] {
        let shown = run(args, 80);
        assert!(!shown.contains('…'), "{args:?}\n{shown}");
        assert!(shown.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{args:?}\n{shown}");
        if args != ["op", "log"] {
            assert!(shown.contains("13900139000") && shown.contains("9876543.21"), "{args:?}\n{shown}");
            let words: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(words.contains("2026-12-31"), "{args:?}\n{shown}");
        }
    }
    let operation = env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    assert!(run(&["op", "log"], 80).contains(&operation), "the name of an operation is typed and stays in one");
    assert!(!run(&["log"], 80).contains("名称  "), "the company gives way to what changed");
    assert!(run(&["log"], 200).contains("名称  "));
}

const COMPANY: &str = "宁波示例智能装备制造集团股份有限公司";
const SELLER: &str = "示例李小明";

/// Two sellers with a deal, a contract and money to come, of a customer with a long name.
fn sellers() -> Env {
    let env = Env::repository("zh");
    env.done(&["user", "add", "boss", "name=示例主管", "email=test@example.com", "role=admin", "department=east"]);
    for (login, name) in [("li", SELLER), ("wang", "示例王小芳")] {
        let (name, email) = (format!("name={name}"), format!("email={login}@example.com"));
        env.done(&["user", "add", login, &name, &email, "role=sales", "department=east"]);
    }
    let name = format!("name={COMPANY}");
    env.done(&["customer", "add", &name, "region=宁波", "source=hotline", "type=intent", "owner=li"]);
    env.done(&["contact", "add", "B2B-2026-001", "name=示例欧阳女士", "work_phone=13900139001", "title=采购总监"]);
    let of = ["customer=B2B-2026-001", "amount=1234567.89", "owner=li"];
    env.done(&[&["opportunity", "add", &name, "expected_on=2026-02-01"][..], &of].concat());
    env.done(&[&["contract", "add", &name, "opportunity=OPP-2026-001"][..], &of].concat());
    env.done(&["contract", "plan", "CON-2026-001", "预付款:30%:2026-02-10", "尾款:其余:2026-06-30"]);
    env.done(&["contract", "sign", "CON-2026-001", "--on", "2026-01-10", "--from", "2026-01-10", "--to", "2026-04-30"]);
    env.done(&["contract", "receive", "CON-2026-001", "100000.55", "--on", "2026-02-12"]);
    // It waits to be approved.
    env.done(&["opportunity", "set", "OPP-2026-001", "stage=negotiation", "materials_waived=历史商机"]);
    env
}

/// Whose money, deal or record it is is read to its end: names are broken into lines, and columns that matter less go first.
#[test]
fn names_are_whole_on_a_narrow_screen() {
    let env = sellers();
    for (args, names) in [
        (&["report", "receivables"][..], &[COMPANY, SELLER][..]),
        (&["report", "contracts"], &[COMPANY, SELLER]),
        (&["report", "pipeline"], &[COMPANY, SELLER]),
        (&["contract", "ledger"], &[COMPANY]),
        (&["opportunity", "stages"], &["示例主管", "需求确认"]),
        (&["handover", "--from", "li", "--to", "wang", "--dry-run"], &[COMPANY, "示例王小芳"]),
        (&["contact", "list"], &[COMPANY, "示例欧阳女士"]),
        (&["approve"], &[COMPANY, SELLER]),
    ] {
        let mut command = env.command(args);
        command.env("COLUMNS", "80");
        let shown = env.finish(command).stdout;
        assert!(!shown.contains('…'), "{args:?}\n{shown}");
        assert!(shown.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{args:?}\n{shown}");
        for name in names {
            assert!(is_read(&shown, name), "{args:?} {name}\n{shown}");
        }
    }
}

/// Tells whether a name can be read down a column, in pieces of which none is a single character.
fn is_read(shown: &str, name: &str) -> bool {
    let mut rest = name;
    for line in shown.lines() {
        for cell in line.split_whitespace() {
            let is_piece = cell.chars().count() > 1 && rest.starts_with(cell);
            rest = if is_piece { &rest[cell.len()..] } else { rest };
        }
        if rest.is_empty() {
            return true;
        }
    }
    false
}
