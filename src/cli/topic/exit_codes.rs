//! `kehu help exit-codes`

use super::Topic;
use crate::cli::exit::{EXITS, meaning, name};
use crate::record::{Label, Lang};

pub(super) const TOPIC: Topic =
    Topic { name: "exit-codes", about: Label::new("What the exit code says", "退出码的含义"), text };

fn text(lang: Lang) -> String {
    let head = Label::new(
        "One number, one meaning, the same in every command. With `--json` an error on stderr carries the name too.",
        "一个数字一种含义，所有命令相同。使用 `--json` 时，标准错误中的错误也带有名称。",
    );
    let rows = EXITS.map(|exit| format!("  {:>2}  {:<14}  {}\n", exit as u8, name(exit), meaning(exit).get(lang)));
    format!("{}\n\n{}", head.get(lang), rows.concat())
}
