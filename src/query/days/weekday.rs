//! Days of the week as people name them: `下周一`, `next-friday`.
//!
//! The week they belong to is always said, for a bare `friday` may lie behind or ahead. Weeks run from Monday to Sunday.

/// The words for this week and those beside it, longest first, with how many weeks ahead they are.
const WEEKS: [(&str, i64); 10] = [
    ("this", 0),
    ("next", 1),
    ("last", -1),
    ("本周", 0),
    ("这周", 0),
    ("这个周", 0),
    ("下周", 1),
    ("下个周", 1),
    ("上周", -1),
    ("上个周", -1),
];

/// The names of the days, Monday first.
const DAYS: [&[&str]; 7] = [
    &["monday", "mon", "一"],
    &["tuesday", "tue", "二"],
    &["wednesday", "wed", "三"],
    &["thursday", "thu", "四"],
    &["friday", "fri", "五"],
    &["saturday", "sat", "六"],
    &["sunday", "sun", "日", "天"],
];

/// Returns how many weeks ahead, and how many days after its Monday, a text in lower case without marks names.
pub(super) fn weekday(text: &str) -> Option<(i64, u64)> {
    let text = text.replace("星期", "周").replace("礼拜", "周");
    let (step, day) = WEEKS.iter().find_map(|(week, step)| Some((*step, text.strip_prefix(week)?)))?;
    let day = DAYS.iter().position(|names| names.contains(&day))?;
    Some((step, day as u64))
}
