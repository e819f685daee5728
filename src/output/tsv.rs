//! `tsv`: tab-separated values.

use super::{DrawOptions, Format, delimited};
use crate::record::Label;
use crate::sheet::Document;
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "tsv",
    extensions: &["tsv"],
    binary: false,
    about: Label::new("tab-separated values, quoted as csv is", "制表符分隔，引号规则同 csv"),
    draw_document: draw,
};

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    delimited::draw(document, options, b'\t', out)
}
