//! Merges a file for git.

use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::MergeDriverRequest;
use crate::ops::merge_driver::{MergedFile, Mistaken, Versions, merge};
use crate::record::{Exit, Kind, Number, Result, Words};
use crate::rules::listing::field_words;
use crate::store::{Repo, parse_path, refused};
use crate::words;
use std::path::Path;

/// Does it.
pub fn run(request: &MergeDriverRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let start = context.start_dir()?;
    ui.lang = context.lang(Repo::peek_locale(&start));
    let ours = start.join(&request.ours);
    let versions = Versions {
        base: read(&start.join(&request.base))?,
        ours: read(&ours)?,
        theirs: read(&start.join(&request.theirs))?,
    };
    let merged = merge(&start, &request.path, &versions);
    if !context.dry_run {
        ui.write_file_quietly(&ours, |out| out.write_all(&merged.bytes))?;
    }
    tell(&request.path, &merged, ui);
    Ok(if merged.stops { Exit::Conflict } else { Exit::Done })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    std::fs::read(path).map_err(|error| refused(&words!("cannot read `{shown}`", "无法读取 `{shown}`"), &error))
}

/// Says which fields both sides changed, and where the conflict is.
fn tell(path: &str, merged: &MergedFile, ui: &Ui) {
    let known = parse_path(path);
    if let (Some(mistaken), Some((_, number))) = (merged.mistaken, &known) {
        ui.warn(&told_mistaken(mistaken, number));
        return;
    }
    if merged.conflicts.is_empty() {
        return;
    }
    let kind = known.as_ref().map(|(kind, _)| *kind);
    let fields: Vec<Words> = merged.conflicts.iter().map(|conflict| named(kind, &conflict.field)).collect();
    let Words { en, zh } = Words::join(&fields, ", ", "、");
    let shown = known.map_or_else(|| path.to_string(), |(_, number)| number.to_string());
    ui.warn(&if merged.stops {
        words!("both sides changed `{shown}`: {en}", "双方都修改了 `{shown}`：{zh}")
    } else {
        words!(
            "both sides changed `{shown}`: {en}; both values are kept, `kehu conflicts` shows them",
            "双方都修改了 `{shown}`：{zh}；双方的值均已保留，用 `kehu conflicts` 查看"
        )
    });
}

fn named(kind: Option<Kind>, field: &str) -> Words {
    kind.map_or_else(|| Words::same(format!("`{field}`")), |kind| field_words(kind, field))
}

/// Says why git must not merge two records, and what to do.
fn told_mistaken(mistaken: Mistaken, number: &Number) -> Words {
    let what = match mistaken {
        Mistaken::Collision => words!(
            "both sides gave the number `{number}`, to different records",
            "双方把编号 `{number}` 分配给了不同的记录"
        ),
        Mistaken::Renaming => words!(
            "git takes `{number}` for another record that was renamed",
            "git 误认为 `{number}` 由另一条记录改名而来"
        ),
    };
    let instead = words!(
        "stop this (`git merge --abort`, `git rebase --abort`) and take `kehu sync` or `kehu merge BRANCH`, which tell them apart",
        "请中止（`git merge --abort`、`git rebase --abort`），改用能区分它们的 `kehu sync` 或 `kehu merge 分支`"
    );
    Words::join([&what, &instead], "; ", "；")
}
