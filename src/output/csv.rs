//! `csv`: comma-separated values.

use super::{DrawOptions, Format, delimited};
use crate::record::Label;
use crate::sheet::Document;
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "csv",
    extensions: &["csv"],
    binary: false,
    about: Label::new(
        "comma-separated values; with `--excel` safe to open in Excel",
        "逗号分隔；加 `--excel` 可由 Excel 直接打开",
    ),
    draw_document: draw,
};

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    delimited::draw(document, options, b',', out)
}
