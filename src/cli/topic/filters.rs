//! `kehu help filters`

use super::Topic;
use crate::record::{Label, Lang};

pub(super) const TOPIC: Topic =
    Topic { name: "filters", about: Label::new("The language of --where", "--where 的写法"), text };

const EN: &str = "\
A filter compares fields with values. It serves `list`, `score`, `set`, `report`,
and wherever the configuration asks for a condition.

  grade = A                       equal; != is not equal
  acquired_on >= 2026-01-01       < <= > >= for numbers, amounts, days, moments
  company ~ trading               contains, without regard to case
  tags has exhibition             a list holds the value
  status in (new, assigned)       one of several
  owner is missing                absent; `is not missing` is present
  not grade = C                   and, or, not and ( ) join comparisons

Fields are those of the record (`kehu lead add --help` lists them) and those that
are computed, such as grade, score, last_followup_at and idle_days. Values of a
dictionary go by key, label or alias in either language. A value with spaces or
marks stands in quotes: company = 'Example Trading'. `and` binds tighter than `or`.
Days may be relative on the command line: see `kehu help dates`.
An unknown field is an error that names the nearest one.

Examples:
  kehu lead list --where 'grade = A and owner is missing'
  kehu lead list --where 'acquired_on >= today-7d and tags has exhibition'
  kehu lead assign --where 'source = hotline and region ~ Hangzhou' --to li.ming --expect 12
";

const ZH: &str = "\
条件将字段与值比较，用于 `list`、`score`、`set`、`report`，以及配置中需要条件之处。

  grade = A                       等于；!= 为不等于
  acquired_on >= 2026-01-01       数字、金额、日期、时刻可用 < <= > >=
  company ~ 贸易                  包含，不分大小写
  tags has 展会                   列表中有该值
  status in (new, assigned)       其中之一
  owner is missing                没有值；`is not missing` 为有值
  not grade = C                   用 and、or、not 和 ( ) 连接

字段包括记录的字段（见 `kehu lead add --help`）和计算字段，例如 grade、score、
last_followup_at、idle_days。字典取值可用键、名称或别名，中英文均可。
值中有空格或符号时加引号：company = '某某 贸易'。`and` 先于 `or`。
命令行中的日期可以是相对的：见 `kehu help dates`。字段不存在时报错，并给出最相近的字段。

示例：
  kehu lead list --where 'grade = A and owner is missing'
  kehu lead list --where 'acquired_on >= today-7d and tags has 展会'
  kehu lead assign --where 'source = hotline and region ~ 杭州' --to li.ming --expect 12
";

fn text(lang: Lang) -> String {
    Label::new(EN, ZH).get(lang).to_string()
}
