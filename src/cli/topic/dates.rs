//! `kehu help dates`

use super::Topic;
use crate::record::{Label, Lang};

pub(super) const TOPIC: Topic =
    Topic { name: "dates", about: Label::new("How days and moments are written", "日期和时刻的写法"), text };

const EN: &str = "\
Days are read as people and spreadsheets write them:

  2026-03-05   2026/3/5   2026.3.5   20260305   2026年3月5日
  2026 03 05   15 Apr, 2021   Apr 15, 2021   05-Mar-26

each with or without its day of the week, 2026-03-05（周四）, and with or without a
time of day: 2026-03-05 09:30, 2026/3/5 下午3:20. A moment
without an offset is in the repository's zone (kehu.toml); with one it is RFC 3339:
2026-03-12T09:30:00+08:00. `3/5/2026` is read only when the order of day and month
is stated (`--date-order`) or proven by the other rows of its column; `26/3/5` only
where it is stated or proven that the year comes first.

Days that recur each year may lack the year or be lunar: 03-12, lunar 08-15.

On the command line days may be relative: in filters, and where a field is given
(`set`, `add`, `import --set`), where the day that it comes to is stored.

  today   tomorrow   yesterday   today-7d   today+2w   today+1m-1d
  this-friday   next-monday   last-sunday      (weeks run from Monday to Sunday)

A moment takes a time after it: at='yesterday 15:30'. In filters also periods:
this-week, last-month, next-quarter, this-year. In tables and JSON lines days are
written out.

Periods of reports: --week 2026-W12 (ISO, Monday to Sunday), --month 2026-03,
--quarter 2026-Q1, --from 2026-03-01 --to 2026-03-15 (both in it).

--as-of 2026-06-30 reads the records as they were at the end of that day, --as-of
HEAD~5 as they were at a commit. --now 2026-03-12T09:30:00+08:00 takes that for the
present, so that a report made again is the same.
";

const ZH: &str = "\
日期可按人们和表格软件的各种习惯书写：

  2026-03-05   2026/3/5   2026.3.5   20260305   2026年3月5日
  2026 03 05   15 Apr, 2021   Apr 15, 2021   05-Mar-26

其后可带星期：2026-03-05（周四）；也可带时间：2026-03-05 09:30、2026/3/5 下午3:20。未写时区的时刻按仓库时区（kehu.toml）；
写明时区用 RFC 3339：2026-03-12T09:30:00+08:00。`3/5/2026` 只有在说明了月日顺序
（`--date-order`），或同列其他行能够证明时才会读取；`26/3/5` 同样须说明或能证明年份在前。

每年重复的日子可以省略年份，也可以是农历：03-12、农历 08-15。

命令行上日期可以是相对的：用于条件，也可用于给字段赋值（`set`、`add`、`import --set`），
保存的是按今天推算出的日期。

  今天   明天   后天   昨天   前天   今天-7天   今天+2周   today+1m-1d
  本周五   下周一   上周日      （每周从周一到周日）

时刻可在其后加时间：跟进时间='昨天 15:30'。条件中还可用期间：本周、上个月、下季度、今年。
导入的表格和 JSON 行中，日期须写明。

报表期间：--week 2026-W12（ISO 周，周一至周日）、--month 2026-03、--quarter 2026-Q1、
--from 2026-03-01 --to 2026-03-15（含首尾两日）。

--as-of 2026-06-30 按当日结束时的记录读取，--as-of HEAD~5 按某次提交时的记录读取。
--now 2026-03-12T09:30:00+08:00 以此为当前时刻，使重做的报表完全相同。
";

fn text(lang: Lang) -> String {
    Label::new(EN, ZH).get(lang).to_string()
}
