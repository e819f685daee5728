//! Single settings of a mapping file: texts, lists of them, and words of which a few are known.

use super::read::{Node, Reader};
use super::{OnInvalid, Others};
use crate::record::date::DateOrder;
use chrono::format::{Item, StrftimeItems};
use toml::de::DeValue;

impl Reader<'_> {
    pub(super) fn string(&mut self, node: Node, key: &str) -> Option<String> {
        match node.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wants(node, key, "a text", "文本");
                None
            }
        }
    }

    /// Reads a list of texts, or one text.
    pub(super) fn strings(&mut self, node: Node, key: &str) -> Vec<String> {
        match node.get_ref() {
            DeValue::Array(list) => list.iter().filter_map(|item| self.string(item, key)).collect(),
            DeValue::String(text) => vec![text.to_string()],
            _ => {
                self.wants(node, key, "a list of texts", "文本列表");
                Vec::new()
            }
        }
    }

    /// Reads a constant as text: text, number, yes or no, a day.
    pub(super) fn constant(&mut self, node: Node, key: &str) -> Option<String> {
        match node.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) => Some(number.as_str().replace('_', "")),
            DeValue::Float(number) => Some(number.as_str().replace('_', "")),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            DeValue::Datetime(moment) => Some(moment.to_string()),
            _ => {
                self.wants(node, key, "a single value", "单个值");
                None
            }
        }
    }

    pub(super) fn delimiter(&mut self, node: Node) -> Option<char> {
        let text = self.string(node, "delimiter")?;
        let mut chars = text.chars();
        match (text.as_str(), chars.next(), chars.next()) {
            ("tab" | "\\t", ..) => Some('\t'),
            (_, Some(mark), None) if mark.is_ascii() && mark != '"' => Some(mark),
            _ => {
                self.wants(node, "delimiter", "one character or `tab`", "单个字符或 `tab`");
                None
            }
        }
    }

    pub(super) fn row_number(&mut self, node: Node) -> Option<usize> {
        let number = match node.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok().filter(|n| *n > 0),
            _ => None,
        };
        if number.is_none() {
            self.wants(node, "header_row", "a row number from 1", "从 1 开始的行号");
        }
        number
    }

    pub(super) fn date_order(&mut self, node: Node) -> Option<DateOrder> {
        match self.string(node, "date_order")?.as_str() {
            "month_first" => Some(DateOrder::MonthFirst),
            "day_first" => Some(DateOrder::DayFirst),
            "year_first" => Some(DateOrder::YearFirst),
            _ => {
                self.wants(
                    node,
                    "date_order",
                    "`month_first`, `day_first` or `year_first`",
                    " `month_first`、`day_first` 或 `year_first`",
                );
                None
            }
        }
    }

    pub(super) fn date_format(&mut self, node: Node) -> Option<String> {
        let format = self.string(node, "date_format")?;
        let items = StrftimeItems::new(&format);
        if !format.contains('%') || items.into_iter().any(|item| item == Item::Error) {
            self.wants(node, "date_format", "a format such as `%d.%m.%Y`", "日期格式，例如 `%d.%m.%Y`");
            return None;
        }
        Some(format)
    }

    pub(super) fn others(&mut self, node: Node) -> Others {
        match self.string(node, "others").as_deref() {
            Some("match") => Others::Match,
            Some("keep") => Others::Keep,
            Some("ignore") => Others::Ignore,
            _ => {
                self.wants(node, "others", "`match`, `keep` or `ignore`", " `match`、`keep` 或 `ignore`");
                Others::Match
            }
        }
    }

    pub(super) fn on_invalid(&mut self, node: Node) -> OnInvalid {
        match self.string(node, "on_invalid").as_deref() {
            Some("reject") => OnInvalid::Reject,
            Some("keep") => OnInvalid::Keep,
            _ => {
                self.wants(node, "on_invalid", "`reject` or `keep`", " `reject` 或 `keep`");
                OnInvalid::Reject
            }
        }
    }
}
