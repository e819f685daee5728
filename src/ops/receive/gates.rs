//! The gates of stages in pushed commits: no opportunity comes to a stage without its materials.

use super::Push;
use crate::ops::access::Change;
use crate::ops::gates::{is_guarded, parted_by, shut};
use crate::ops::pool::limits::Reverted;
use crate::record::{Problem, Result};
use crate::rules::check::STAGE_MATERIAL;
use crate::store::{CommitInfo, codec, path_of};

impl Push<'_> {
    /// Complains of opportunities that a commit leaves without what their stage wants.
    ///
    /// A merge is not asked: what it brings was judged with the commits that made it.
    pub(super) fn gates(&mut self, info: &CommitInfo, changes: &[Change]) -> Result<()> {
        if info.parents.len() > 1 || !changes.iter().any(|change| is_guarded(&change.path)) {
            return Ok(());
        }
        let read = self.config(info.id)?;
        let base = info.parents.first().copied();
        for shut in shut(changes, self.repo, base, &read.config, Reverted::of(info).is_any())? {
            let path = path_of(shut.opportunity.kind, &shut.opportunity.number);
            let text = changes.iter().find(|change| change.path == path).and_then(|change| change.after.as_deref());
            let problem = Problem::error(STAGE_MATERIAL, "stage", shut.words(&read.config));
            let finding = codec::place(&path, text.unwrap_or_default(), problem);
            self.complain_of(Some(info.id), &finding);
        }
        if Reverted::of(info).is_any() {
            return Ok(());
        }
        for (record, problem) in parted_by(changes, self.repo, base)? {
            let path = path_of(record.kind, &record.number);
            let text = changes.iter().find(|change| change.path == path).and_then(|change| change.after.as_deref());
            self.complain_of(Some(info.id), &codec::place(&path, text.unwrap_or_default(), problem));
        }
        Ok(())
    }
}
