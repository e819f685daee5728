//! Mermaid: a chain of people as a chart that GitHub, GitLab and note programs draw.
//!
//! No format of documents, since a table is no chart. The same people give the same bytes.
//!
//! *Invariant:* nothing in the data ends a label or becomes markup.

use std::io::{self, Write};

/// A box of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its lines.
    pub lines: Vec<String>,
    /// The place, in the list, of the box above; none at the top.
    pub above: Option<usize>,
}

/// Writes a chart from the top down, with `title` as a comment above it.
pub fn write(title: &str, nodes: &[Node], out: &mut dyn Write) -> io::Result<()> {
    let one_line: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    writeln!(out, "%% {one_line}\nflowchart TD")?;
    for (at, node) in nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|line| escaped(line)).collect();
        writeln!(out, "  c{at}[\"{}\"]", lines.join("<br/>"))?;
    }
    for (at, above) in nodes.iter().enumerate().filter_map(|(at, node)| Some((at, node.above?))) {
        writeln!(out, "  c{above} --> c{at}")?;
    }
    Ok(())
}

/// Writes what could end a label or begin markup as the entities of Mermaid, numbers between `#` and `;`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '<' | '>' | '&' | '#' | ';' | '`' | '\\' | '[' | ']' | '{' | '}' | '|' => {
                out.push_str(&format!("#{};", u32::from(c)));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_of_two() {
        let node = |lines: &[&str], above| Node { lines: lines.iter().map(|line| line.to_string()).collect(), above };
        let nodes = [node(&["A \"B\" <b>", "采购总监"], None), node(&["x\ny;"], Some(0))];
        let mut out = Vec::new();
        write("B2B-2026-001\nflowchart", &nodes, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "%% B2B-2026-001 flowchart\nflowchart TD\n  c0[\"A #34;B#34; #60;b#62;<br/>采购总监\"]\n  c1[\"x y#59;\"]\n  c0 --> c1\n"
        );
    }
}
