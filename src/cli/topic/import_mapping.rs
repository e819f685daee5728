//! `kehu help import-mapping`

use super::Topic;
use crate::record::{Label, Lang};

pub(super) const TOPIC: Topic = Topic {
    name: "import-mapping",
    about: Label::new("How spreadsheet columns become fields", "表格的列如何对应字段"),
    text,
};

const EN: &str = "\
Columns are matched by their headers: the key, the label or an alias of a field, in
either language, without regard to case, spaces and marks such as `*`. A column that
matches nothing is reported with the nearest field, and kept as a custom field with
`--keep-unknown`. Fields no column gives may be set for all rows: `--set source=exhibition`.

A unit in a heading, 预算（万元） or Budget (k), holds for the numbers below it that state
none; the import says so.

A mapping file says the rest: columns by name, constants, values to be replaced, the
order of dates, rows to be left out. Begin with a draft made from the spreadsheet:

  kehu import map expo.xlsx --kind lead > expo.toml
  kehu lead import expo.xlsx --map expo.toml --dry-run
  kehu lead import expo.xlsx --map expo.toml --rejects rejected.xlsx

The draft is TOML with a comment at each entry. `--dry-run` shows what would be
created, updated, skipped and rejected, and why.
";

const ZH: &str = "\
各列按表头匹配字段：字段的键、名称或别名，中英文均可，不计大小写、空格和 `*` 等标记。
未匹配的列会连同最相近的字段一并报告；加 `--keep-unknown` 则保留为自定义字段。
表中没有的字段可为所有行设置：`--set 来源=展会`。

表头中的单位，如 预算（万元）、Budget (k)，对其下未写单位的数字有效，导入时会说明。

其余由映射文件说明：按列名对应、常量、取值替换、日期顺序、跳过哪些行。先由表格生成初稿：

  kehu import map 展会名单.xlsx --kind lead > 映射.toml
  kehu lead import 展会名单.xlsx --map 映射.toml --dry-run
  kehu lead import 展会名单.xlsx --map 映射.toml --rejects 拒绝.xlsx

初稿为 TOML，每项带有注释。`--dry-run` 显示将新建、更新、跳过和拒绝哪些行及其原因。
";

fn text(lang: Lang) -> String {
    Label::new(EN, ZH).get(lang).to_string()
}
