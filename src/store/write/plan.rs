//! The plan of what a commit still has to bring to the work tree and to git's index.
//!
//! It follows from the trees before and after, so the same plan is made right after a commit and, at
//! the next start, after a process was killed there; see [`finish`](super::finish).

use crate::record::Result;
use crate::store::objects::tree;
use crate::store::objects::tree::Folders;
use git2::{Odb, Oid};
use std::collections::BTreeMap;

/// What is to be done at each path.
#[derive(Debug, Default, Clone)]
pub(crate) struct Plan {
    steps: BTreeMap<String, Step>,
}

/// What is to be done at one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// What may be there from before, newest last.
    pub known: Vec<Option<Oid>>,
    /// What is to be there; none for a removed file.
    pub target: Option<Oid>,
}

impl Plan {
    /// Makes the plan of paths, each with what is there and what is to be; quickest in the order of the paths.
    pub fn of<'p>(paths: impl Iterator<Item = (&'p str, Option<Oid>, Option<Oid>)>) -> Plan {
        let step = |(path, known, target): (&str, _, _)| (path.to_string(), Step { known: vec![known], target });
        Plan { steps: paths.map(step).collect() }
    }

    /// Adds one path: what is there, and what is to be.
    pub fn put(&mut self, path: &str, known: Option<Oid>, target: Option<Oid>) {
        self.steps.insert(path.to_string(), Step { known: vec![known], target });
    }

    /// Adds the difference between two trees, after what was added before.
    pub fn add(&mut self, odb: &Odb<'_>, before: Option<Oid>, after: Option<Oid>) -> Result<()> {
        tree::compare(odb, before, after, "", &mut |path, was, is| {
            let step = self.steps.entry(path).or_insert(Step { known: Vec::new(), target: None });
            if !step.known.is_empty() {
                step.known.push(step.target);
            }
            step.known.push(was);
            step.target = is;
        })
    }

    /// Keeps only the paths where `tree` holds what is to be there: the others were changed since, with their files.
    pub fn keep_current(&mut self, tree: &Folders<'_>) -> Result<()> {
        let mut stale = Vec::new();
        for (path, step) in &self.steps {
            if tree.entry(path)?.map(|entry| entry.id) != step.target {
                stale.push(path.clone());
            }
        }
        stale.iter().for_each(|path| drop(self.steps.remove(path)));
        Ok(())
    }

    /// Returns the plan that brings the paths where `tree` holds something else to what it holds.
    pub fn back_to(&self, tree: &Folders<'_>) -> Result<Plan> {
        let mut back = Plan::default();
        for (path, step) in &self.steps {
            let held = tree.entry(path)?.map(|entry| entry.id);
            if held != step.target {
                back.put(path, step.target, held);
            }
        }
        Ok(back)
    }

    /// Tells whether `blob` may stand at `path` from before.
    pub fn knows(&self, path: &str, blob: Option<Oid>) -> bool {
        self.steps.get(path).is_some_and(|step| step.known.contains(&blob) || step.target == blob)
    }

    /// Returns the paths with what is to be done at each.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = (&str, &Step)> {
        self.steps.iter().map(|(path, step)| (path.as_str(), step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(byte: u8) -> Option<Oid> {
        Oid::from_bytes(&[byte; 20]).ok()
    }

    #[test]
    fn what_was_there_and_what_is_to_be_are_known() {
        let mut plan = Plan::default();
        plan.put("x", blob(1), blob(2));
        plan.put("new", None, blob(3));
        assert!(plan.knows("x", blob(1)) && plan.knows("x", blob(2)) && plan.knows("new", None));
        assert!(!plan.knows("x", blob(3)) && !plan.knows("x", None) && !plan.knows("y", blob(1)));
    }
}
