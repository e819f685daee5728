//! One block of lines per record, for terminals too narrow for columns.

use super::grid::Grid;
use super::{DrawOptions, page, text};

/// The narrowest terminal that is drawn for.
const NARROWEST: usize = 20;

/// Returns each row as lines of label and value, with a blank line between rows; empty cells are left out.
pub fn draw(grid: &Grid, options: &DrawOptions) -> String {
    let room = options.width.unwrap_or(usize::MAX).max(NARROWEST);
    let labels = grid.header.iter().map(|label| text::width(label)).max().unwrap_or(0).min(room / 2 - 2);
    let mut blocks = Vec::new();
    for row in grid.rows.iter().chain(&grid.total) {
        let mut lines = String::new();
        for (label, value) in grid.header.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
            push_value(&mut lines, label, value, labels, room, options);
        }
        blocks.push(lines);
    }
    blocks.join("\n")
}

fn push_value(lines: &mut String, label: &str, value: &str, labels: usize, room: usize, options: &DrawOptions) {
    let label = text::truncate(label, labels);
    let filling = " ".repeat(labels - text::width(&label) + 2);
    let values = room - labels - 2;
    // Only what has spaces or Chinese characters is broken; a number or an address stays whole.
    let wrapped = if text::widest_piece(value) > values { vec![value.to_string()] } else { text::wrap(value, values) };
    for (at, line) in wrapped.iter().enumerate() {
        match at {
            0 => lines.push_str(&format!("{}{filling}{line}\n", page::bold(&label, options))),
            _ => lines.push_str(&format!("{}{line}\n", " ".repeat(labels + 2))),
        }
    }
}
