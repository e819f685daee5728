//! What `sync` would not bring into other clones: links, programs, names that no work tree can have.
//!
//! Taken, it would stop everybody's `sync` until each has merged it by hand. What was there before the hook was may
//! stay, and an admin may take it away.

use super::Push;
use super::rules::is_config;
use crate::record::{Finding, Problem, Result, Words};
use crate::rules::access::Access;
use crate::store::layout::kind_of_path;
use crate::store::{Oddity, Oid};
use crate::words;

impl Push<'_> {
    /// Complains of what is odd in a commit.
    pub(super) fn odd(&mut self, commit: Oid, parents: &[Oid], makers: &[Access]) -> Result<()> {
        // Where there is no branch yet there is no clone to be stopped either.
        let is_first = self.main.is_none();
        for (path, oddity) in self.repo.odd_entries(parents, commit)? {
            let is_let = match oddity {
                Oddity::Name => false,
                Oddity::NotAFile => is_first && !is_ours(&path),
                Oddity::Mode => is_first,
                Oddity::Mended => is_first || makers.iter().all(Access::may_all),
            };
            if !is_let {
                let problem = Problem { field: None, ..Problem::error("not-a-file", "", said(oddity)) };
                self.complain_of(Some(commit), &Finding { path, line: 0, column: 0, problem });
            }
        }
        Ok(())
    }
}

fn said(oddity: Oddity) -> Words {
    match oddity {
        Oddity::Name => words!(
            "no clone could take it: its name is not allowed, there twice, or out of order",
            "任何克隆都无法接受：名称不允许、重复或次序有误"
        ),
        Oddity::NotAFile => {
            words!("it is a link or another repository, not a file", "它是链接或另一个仓库，不是文件")
        }
        Oddity::Mode => words!(
            "its mode is that of a program, which `sync` does not bring in; `chmod -x` takes it back",
            "其权限为可执行文件，`sync` 不会合入；可用 `chmod -x` 还原"
        ),
        Oddity::Mended => words!(
            "it was no plain file, and only admins may change that, for `sync` does not bring it in",
            "它原先不是普通文件，`sync` 不会合入此更改，只有管理员可以进行"
        ),
    }
}

/// Tells whether a place is the repository's own.
fn is_ours(path: &str) -> bool {
    kind_of_path(path).is_some() || is_config(path)
}
