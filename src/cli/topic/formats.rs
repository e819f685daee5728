//! `kehu help formats`

use super::Topic;
use crate::output::FORMATS;
use crate::record::{Label, Lang};

pub(super) const TOPIC: Topic =
    Topic { name: "formats", about: Label::new("The forms results come in, for -o", "-o 的输出格式"), text };

const EN: &str = "\
`-o FORMAT` prints in a format, `-o FILE.ext` writes a file whose ending says the
format, whole or not at all. A word with a dot or a folder in it is a file.

{formats}
CSV with `--excel` opens well in Excel: byte order mark, CRLF, telephone numbers as text.
A report as CSV has what it is of first and its definition last, an empty line between.
In any CSV a text that would run as a formula has an apostrophe in front, which an import
takes off again. JSON says in `schema` and `version` what it is; fields are only ever
added. `check` also prints `github`: annotations for a workflow.

`--json` is `-o json`, and errors on stderr are then JSON too:
{\"schema\":\"kehu.error\",\"version\":1,\"exit\":6,\"code\":\"invalid\",\"message\":…,\"details\":[…],\"hints\":[…]}
stdout holds the result and nothing else.
";

const ZH: &str = "\
`-o 格式` 按该格式输出，`-o 文件.扩展名` 写入文件，格式由扩展名决定，要么完整写入，要么不写。
含有点号或目录的词视为文件。

{formats}
CSV 加 `--excel` 适合 Excel 打开：带 BOM、CRLF，电话保持为文本。报表的 CSV 以期间、截至、提交
开头，以统计口径结尾，各块之间空一行。任何 CSV 中会被当作公式执行的
文本前均加撇号，导入时自动去掉。JSON 以 `schema` 和 `version` 标明结构，字段只增不减。
`check` 还可输出 `github`：工作流注释。

`--json` 等同于 `-o json`，此时标准错误中的错误也是 JSON：
{\"schema\":\"kehu.error\",\"version\":1,\"exit\":6,\"code\":\"invalid\",\"message\":…,\"details\":[…],\"hints\":[…]}
标准输出只有结果，没有其他内容。
";

fn text(lang: Lang) -> String {
    let rows = FORMATS.iter().map(|format| format!("  {:<10} {}\n", format.name, format.about.get(lang)));
    Label::new(EN, ZH).get(lang).replace("{formats}\n", &format!("{}\n", rows.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::FORMATS;

    #[test]
    fn every_format_is_named() {
        for lang in [Lang::En, Lang::Zh] {
            for format in FORMATS {
                let named = text(lang).lines().any(|line| line.split_whitespace().next() == Some(format.name));
                assert!(named, "{}", format.name);
            }
        }
    }
}
