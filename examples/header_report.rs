//! Prints, for lists of headings, which columns are recognised as fields of a lead and why the others are not.
//!
//! ```text
//! cargo run --example header_report -- headers.tsv
//! ```
//!
//! The file holds one list a line, its headings parted by commas; what follows a tab, and lines that begin with
//! `#`, are passed over. `kehu import map FILE` says the same of one table, as a mapping to be edited.

use kehu::import::{Header, Matching, Unmatched, match_headers};
use kehu::record::{CUSTOMER, Kind, LEAD};

fn main() -> std::io::Result<()> {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: header_report FILE");
        std::process::exit(2);
    };
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    for (number, line) in (1..).zip(lines) {
        let names = line.split('\t').next().unwrap_or_default().split(',').enumerate();
        let headers: Vec<Header> = names.map(|(column, text)| Header { text: text.into(), column }).collect();
        report(number, &headers);
    }
    Ok(())
}

fn report(number: usize, headers: &[Header]) {
    let as_lead = match_headers(LEAD, headers);
    let as_customer = match_headers(CUSTOMER, headers);
    println!("{number}. {} of {} matched", as_lead.columns.len(), headers.len());
    for used in &as_lead.columns {
        println!("   {} = {}", used.header, used.target.key());
    }
    for one in &as_lead.unmatched {
        println!("   {}: {}", one.header, reason(one, &as_customer));
    }
}

/// Says why a heading names no field of a lead.
fn reason(one: &Unmatched, as_customer: &Matching) -> String {
    let of = |kind: Kind| format!("no field of a lead; `kehu {kind} import` takes it");
    if as_customer.columns.iter().any(|used| used.column == one.column) {
        return of(CUSTOMER);
    }
    match one.nearest {
        Some(field) => format!("no field; the nearest is `{}`", field.key),
        None => "no field; `--keep-unknown` keeps it under its heading".to_string(),
    }
}
