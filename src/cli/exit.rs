//! The exit codes with their names and meanings: one list for `help exit-codes`, man page and JSON errors.

use crate::record::{Exit, Label};

/// Every exit code, in order.
pub const EXITS: [Exit; 12] = [
    Exit::Done,
    Exit::Failed,
    Exit::Usage,
    Exit::Partly,
    Exit::NotFound,
    Exit::Conflict,
    Exit::Invalid,
    Exit::Denied,
    Exit::NeedsExpect,
    Exit::Busy,
    Exit::NotRepository,
    Exit::Newer,
];

/// Returns the name of the code, as JSON errors give it.
pub fn name(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => "done",
        Exit::Failed => "failed",
        Exit::Usage => "usage",
        Exit::Partly => "partly",
        Exit::NotFound => "not-found",
        Exit::Conflict => "conflict",
        Exit::Invalid => "invalid",
        Exit::Denied => "denied",
        Exit::NeedsExpect => "needs-expect",
        Exit::Busy => "busy",
        Exit::NotRepository => "not-repository",
        Exit::Newer => "newer",
    }
}

/// Returns what the code means.
pub fn meaning(exit: Exit) -> Label {
    match exit {
        Exit::Done => Label::new("It happened and is durable", "已完成，且已落盘"),
        Exit::Failed => Label::new("It failed; nothing was changed", "失败，没有任何改动"),
        Exit::Usage => Label::new("The command line is not understood", "命令行有误"),
        Exit::Partly => {
            Label::new("Something was rejected or unreadable; the rest is done", "部分被拒绝或无法读取，其余已完成")
        }
        Exit::NotFound => Label::new("A record was not found, or several fit", "记录不存在，或有多条符合"),
        Exit::Conflict => Label::new(
            "It meets something that is there already: a duplicate, a hand edit, a merge",
            "与已有内容冲突：重复记录、手工修改或合并",
        ),
        Exit::Invalid => Label::new("A record or a configuration breaks a rule", "记录或配置不符合规则"),
        Exit::Denied => Label::new("The user may not do this", "当前用户无权执行"),
        Exit::NeedsExpect => Label::new("A mass change wants `--expect N`", "批量改动需要 `--expect N` 确认数量"),
        Exit::Busy => Label::new("Another process holds the lock", "另一个进程持有锁"),
        Exit::NotRepository => Label::new("This is not a kehu repository", "这里不是 kehu 仓库"),
        Exit::Newer => Label::new("The repository was made by a newer kehu", "仓库由更新版本的 kehu 创建"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_at_its_number() {
        for (at, exit) in EXITS.into_iter().enumerate() {
            assert_eq!(exit as usize, at);
        }
    }
}
