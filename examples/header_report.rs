//! Prints, for lists of headings, which columns are recognised as fields and why the others are not.
//!
//! ```text
//! cargo run --example header_report -- headers.tsv
//! ```
//!
//! The file holds one list a line, its headings parted by commas; what follows a tab, and lines that begin with
//! `#`, are passed over. A list is taken for leads or for customers, whichever has more of its headings. `kehu
//! import map FILE` says the same of one table, as a mapping to be edited.

use kehu::import::{Header, Matching, Unmatched, match_headers};
use kehu::record::{CUSTOMER, LEAD};

fn main() -> std::io::Result<()> {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: header_report FILE");
        std::process::exit(2);
    };
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let (mut lists, mut matched, mut all) = (0, 0, 0);
    for line in lines {
        let names = line.split('\t').next().unwrap_or_default().split(',').enumerate();
        let headers: Vec<Header> = names.map(|(column, text)| Header { text: text.into(), column }).collect();
        lists += 1;
        matched += report(lists, &headers);
        all += headers.len();
    }
    println!("{lists} lists: {matched} of {all} headings matched");
    Ok(())
}

/// Prints what became of one list; returns how many headings were recognised.
fn report(number: usize, headers: &[Header]) -> usize {
    let (lead, customer) = (match_headers(LEAD, headers), match_headers(CUSTOMER, headers));
    let is_lead = lead.columns.len() >= customer.columns.len();
    let (taken, other) = if is_lead { (lead, customer) } else { (customer, lead) };
    println!("{number}. as {}: {} of {} matched", taken.kind, taken.columns.len(), headers.len());
    for used in &taken.columns {
        println!("   {} = {}", used.header, used.target.key());
    }
    for one in &taken.unmatched {
        println!("   {}: {}", one.header, reason(one, &taken, &other));
    }
    taken.columns.len()
}

/// Says why a heading names no field of the kind its list is taken for.
fn reason(one: &Unmatched, taken: &Matching, other: &Matching) -> String {
    if let Some(used) = other.columns.iter().find(|used| used.column == one.column) {
        return format!("no field of a {}; of a {} it is `{}`", taken.kind, other.kind, used.target.key());
    }
    match one.nearest {
        Some(field) => format!("no field, or one that another heading has; the nearest is `{}`", field.key),
        None => "no field; `--keep-unknown` keeps it under its heading".to_string(),
    }
}
