//! Periods of reports in the words people use.

mod common;

use common::Env;

#[test]
fn weeks_and_months_by_word() {
    let env = Env::repository("zh");
    for (flag, word, period) in [
        ("--week", "上周", "2026-W10"),
        ("--week", "last", "2026-W10"),
        ("--week", "本周", "2026-W11"),
        ("--week", "this", "2026-W11"),
        ("--month", "上月", "2026-02"),
        ("--month", "本月", "2026-03"),
        ("--quarter", "上季度", "2025-Q4"),
        ("--year", "去年", "2025"),
    ] {
        let told = env.done(&["report", "weekly", flag, word, "--json"]);
        assert!(told.contains(&format!("\"{period}\"")), "{flag} {word}\n{told}");
    }
    env.refused(2, &["report", "weekly", "--week", "上月"]);
    assert!(env.done(&["report", "weekly"]).contains("已剔除者仍计入"));
}
