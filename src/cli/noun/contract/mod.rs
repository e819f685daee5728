//! The verbs that only contracts have: `plan`, `receive`, `sign`, `terminate`, `renew`, `render`, `ledger`.

pub mod document;
pub mod payment;
pub mod step;

use super::{Parse, Verb, texts};
use crate::cli::assign::Assignment;
use crate::cli::request::Request;
use crate::ops::contract::Receipt;
use crate::record::{CONTRACT, Result};
use clap::ArgMatches;
use std::path::PathBuf;

/// What is asked of a contract; days are as typed.
#[derive(Debug, Clone, PartialEq)]
pub enum ContractRequest {
    /// Show its payment plan, or replace it by these instalments.
    Plan {
        /// The contract.
        number: String,
        /// The instalments; none to show the plan.
        items: Vec<String>,
    },
    /// Note money received.
    Receive {
        /// The contract.
        number: String,
        /// The money.
        receipt: Receipt,
    },
    /// Sign it.
    Sign {
        /// The contract.
        number: String,
        /// The day; today when absent.
        on: Option<String>,
        /// The first and the last day.
        days: [Option<String>; 2],
        /// The signed paper.
        files: Vec<PathBuf>,
    },
    /// End it before its last day.
    Terminate {
        /// The contract.
        number: String,
        /// The day; today when absent.
        on: Option<String>,
        /// Why.
        reason: String,
    },
    /// Make a draft that goes on from it.
    Renew {
        /// The contract.
        number: String,
        /// What is other than before.
        assignments: Vec<Assignment>,
    },
    /// Make a document of it.
    Render {
        /// The contract.
        number: String,
        /// The template: a file, or one of the team's by name.
        template: Option<PathBuf>,
    },
    /// List instalments and receipts for finance.
    Ledger {
        /// The first and the last day.
        days: [Option<String>; 2],
        /// Whether CSV is to be safe for Excel.
        excel: bool,
    },
}

/// What the verbs have in common.
const fn verb(name: &'static str, parse: Parse) -> Verb {
    Verb::bare(name, |kind| kind == CONTRACT, parse)
}

fn request(request: ContractRequest) -> Result<Request> {
    Ok(Request::Contract(request))
}

fn one(matches: &ArgMatches, id: &str) -> String {
    maybe(matches, id).unwrap_or_default()
}

fn maybe(matches: &ArgMatches, id: &str) -> Option<String> {
    texts(matches, id).next().map(String::from)
}
