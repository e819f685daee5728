//! Measures the merge of a commit into the branch that is checked out, without making it.
//!
//! ```sh
//! cargo run --release --example merge_trees -- FOLDER COMMIT [RUNS]
//! ```
//!
//! prints the microseconds of the fastest run, and how many files came, met and went. Comparing the trees, joining
//! what both changed, looking for hand edits: all that `kehu sync` does between fetching and writing.

use kehu::store::{CommitInfo, Oid, Repo, WriteOptions};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(folder), Some(commit)) = (args.first(), args.get(1)) else {
        return Err("usage: merge_trees FOLDER COMMIT [RUNS]".into());
    };
    let runs: usize = args.get(2).map_or(Ok(5), |runs| runs.parse())?;
    let theirs: Oid = commit.parse()?;
    let now = "2026-06-30T09:00:00+08:00".parse()?;
    let options =
        WriteOptions { lock_timeout: Duration::from_secs(10), now, command: "measure", note: &|_| {}, judge: None };
    let mut best: Option<(Duration, [usize; 3])> = None;
    for _ in 0..runs.max(1) {
        // Opened anew each time: nothing that an earlier run read is at hand.
        let start = Instant::now();
        let repo = Repo::discover(Path::new(folder))?;
        let mut transaction = repo.begin(&options)?;
        let merge = transaction.merge_in(theirs, &|commit: &CommitInfo| commit.author_email.clone(), "upstream")?;
        let run = (start.elapsed(), [merge.came.len(), merge.met.len(), merge.went.len()]);
        best = best.filter(|best| best.0 < run.0).or(Some(run));
    }
    let (took, [came, met, went]) = best.unwrap_or_default();
    println!("{} {came} {met} {went}", took.as_micros());
    Ok(())
}
