//! A mapping file, read strictly: every key is known, every field declared, every mistake has its place.

use super::{FieldKey, Mapping, Rule, Source};
use crate::import::condition::Condition;
use crate::import::inner::Inner;
use crate::import::unit::Unit;
use crate::record::{Finding, KINDS, Kind, LEAD, Problem, Severity, Words, toml_words};
use crate::words;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of the file and where it stands.
pub(super) type Node<'a, 'i> = &'a Spanned<DeValue<'i>>;

const KEYS: &str = "blank, columns, country, date_format, date_order, default, delimiter, encoding, header_row, if, ignore, \
                    keep, kind, on_invalid, others, relax, set, sheet, skip, values";

/// Reads a mapping; see [`Mapping::parse`].
pub(super) fn parse(text: &str, path: &str, kind: Option<Kind>) -> Result<Mapping, Vec<Finding>> {
    let mut reader = Reader { text, path, kind: kind.unwrap_or(LEAD), findings: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => {
            let mapping = reader.mapping(table.get_ref(), kind);
            if reader.findings.is_empty() { Ok(mapping) } else { Err(reader.findings) }
        }
        Err(error) => {
            let said = toml_words(error.message());
            let zh = format!("TOML 语法错误：{}", said.zh).into();
            reader.report(error.span().unwrap_or(0..0), "toml", Words { zh, ..said });
            Err(reader.findings)
        }
    }
}

/// A reading under way, with the mistakes found so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    path: &'t str,
    kind: Kind,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// Reports a mistake at a place of the file.
    fn report(&mut self, span: Range<usize>, code: &'static str, message: Words) {
        let before = self.text.get(..span.start.min(self.text.len())).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        let problem = Problem { code, severity: Severity::Error, field: None, message, mend: None };
        self.findings.push(Finding { path: self.path.to_string(), line, column, problem });
    }

    /// Reports a key there is none of.
    fn unknown(&mut self, span: Range<usize>, key: &str, known: &str) {
        let known = known.to_string();
        self.report(
            span,
            "unknown-key",
            words!("unknown key `{key}`; known are {known}", "未知的键 `{key}`；可用：{known}"),
        );
    }

    /// Reports a value that is none of what its key may have.
    pub(super) fn wants(&mut self, node: Node, key: &str, en: &str, zh: &str) {
        self.report(node.span(), "mapping-value", words!("`{key}` wants {en}", "`{key}` 应为{zh}"));
    }

    fn mapping(&mut self, table: &DeTable, asked: Option<Kind>) -> Mapping {
        let mut mapping = Mapping::default();
        if let Some((_, node)) = table.iter().find(|(key, _)| key.get_ref() == "kind") {
            mapping.kind = self.kind_of(node, asked);
            self.kind = asked.or(mapping.kind).unwrap_or(LEAD);
        }
        for (key, node) in table.iter() {
            self.entry(&mut mapping, key, node);
        }
        mapping
    }

    fn kind_of(&mut self, node: Node, asked: Option<Kind>) -> Option<Kind> {
        let found = self.string(node, "kind").and_then(|name| Kind::find(&name));
        let Some(kind) = found else {
            let names = KINDS.map(|kind| kind.name).join(", ");
            self.wants(node, "kind", &names, &names);
            return None;
        };
        if let Some(asked) = asked.filter(|asked| *asked != kind) {
            let message = words!("the mapping is for {kind}, not for {asked}", "该映射用于 {kind}，不用于 {asked}");
            self.report(node.span(), "mapping-kind", message);
        }
        Some(kind)
    }

    fn entry(&mut self, mapping: &mut Mapping, key: &Spanned<toml::de::DeString>, node: Node) {
        let name = key.get_ref().as_ref();
        match name {
            "kind" => {}
            "encoding" => mapping.encoding = self.string(node, name),
            "sheet" => mapping.sheet = self.string(node, name),
            "country" => mapping.country = self.string(node, name),
            "delimiter" => mapping.delimiter = self.delimiter(node),
            "header_row" => mapping.header_row = self.row_number(node),
            "date_order" => mapping.date_order = self.date_order(node),
            "date_format" => mapping.date_format = self.date_format(node),
            "blank" => mapping.blank = self.strings(node, name),
            "keep" => mapping.keep = self.strings(node, name),
            "ignore" => mapping.ignore = self.strings(node, name),
            "relax" => mapping.relax = self.relax(node),
            "others" => mapping.others = self.others(node),
            "on_invalid" => mapping.on_invalid = self.on_invalid(node),
            "columns" => mapping.columns = self.fields(node, name, Reader::source),
            "set" => mapping.set = self.fields(node, name, Reader::constant),
            "default" => mapping.default = self.fields(node, name, Reader::constant),
            "values" => self.values(mapping, node),
            "skip" => mapping.skip = self.conditions(node, name),
            "if" => mapping.rules = self.rules(node),
            _ => self.unknown(key.span(), name, KEYS),
        }
    }

    fn relax(&mut self, node: Node) -> Vec<String> {
        let keys = self.strings(node, "relax");
        for key in &keys {
            if key != "channel" && self.kind.field(key).is_none() {
                self.unknown_field(node.span(), key);
            }
        }
        keys
    }

    fn unknown_field(&mut self, span: Range<usize>, key: &str) {
        let kind = self.kind;
        let likeness = |field: &str| strsim::jaro_winkler(field, key);
        let fields = kind.fields.iter().filter(|field| !field.own);
        let nearest = fields.max_by(|a, b| likeness(a.key).total_cmp(&likeness(b.key)));
        let nearest = nearest.map(|field| field.key).unwrap_or_default();
        let message = words!(
            "{kind} has no field `{key}`; did you mean `{nearest}`?",
            "{kind} 没有字段 `{key}`；是否指 `{nearest}`？"
        );
        self.report(span, "unknown-field", message);
    }

    /// Reads a table of fields; a table `contacts` or `lines` inside holds the fields of a contact or a line.
    fn fields<T>(
        &mut self,
        node: Node,
        section: &str,
        read: fn(&mut Self, Node, &str) -> Option<T>,
    ) -> Vec<(FieldKey, T)> {
        let DeValue::Table(table) = node.get_ref() else {
            self.wants(node, section, "a table of fields", "字段表");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            match value.get_ref() {
                DeValue::Table(inner) if Inner::of(self.kind).is_some_and(|table| table.key == name) => {
                    for (key, value) in inner.iter() {
                        found.extend(self.field(&format!("{name}.{}", key.get_ref()), key.span(), value, read));
                    }
                }
                _ => found.extend(self.field(name, key.span(), value, read)),
            }
        }
        found
    }

    fn field<T>(
        &mut self,
        name: &str,
        span: Range<usize>,
        value: Node,
        read: fn(&mut Self, Node, &str) -> Option<T>,
    ) -> Option<(FieldKey, T)> {
        let Some(field) = FieldKey::find(self.kind, name) else {
            self.unknown_field(span, name);
            return None;
        };
        Some((field, read(self, value, name)?))
    }

    /// Reads where a field comes from: a heading, several, or a table with `from`.
    fn source(&mut self, node: Node, field: &str) -> Option<Source> {
        let DeValue::Table(table) = node.get_ref() else {
            return Some(Source { from: self.strings(node, field), ..Source::default() });
        };
        let mut source = Source::default();
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "from" => source.from = self.strings(value, "from"),
                "join" => source.join = self.string(value, "join"),
                "date_format" => source.date_format = self.date_format(value),
                "date_order" => source.date_order = self.date_order(value),
                "unit" => source.unit = self.unit(value, field),
                other => self.unknown(key.span(), other, "date_format, date_order, from, join, unit"),
            }
        }
        if source.from.is_empty() {
            self.wants(node, field, "a heading in `from`", " `from` 中的列名");
        }
        Some(source)
    }

    /// Reads the unit of a column, which must be one its field can be in.
    fn unit(&mut self, node: Node, field: &str) -> Option<Unit> {
        let name = self.string(node, "unit")?;
        let Some(unit) = Unit::find(&name) else {
            self.wants(
                node,
                "unit",
                "a unit such as `元`, `万元`, `k`, `百人` or `月`",
                "单位，例如 `元`、`万元`、`k`、`百人`、`月`",
            );
            return None;
        };
        let fitting = FieldKey::find(self.kind, field).and_then(|key| unit.fit(key));
        if fitting.is_none() {
            self.report(
                node.span(),
                "mapping-value",
                words!("`{field}` has no unit `{name}`", "`{field}` 不能以 `{name}` 为单位"),
            );
        }
        fitting
    }

    fn values(&mut self, mapping: &mut Mapping, node: Node) {
        let maps = self.fields(node, "values", Reader::value_map);
        for (field, map) in maps {
            mapping.values.insert(field.name(), map);
        }
    }

    fn value_map(&mut self, node: Node, key: &str) -> Option<BTreeMap<String, String>> {
        let DeValue::Table(table) = node.get_ref() else {
            self.wants(node, key, "a table of values", "取值表");
            return None;
        };
        let pairs = table.iter().filter_map(|(from, to)| {
            let from = from.get_ref().trim().to_lowercase();
            Some((from, self.constant(to, key)?))
        });
        Some(pairs.collect())
    }

    fn conditions(&mut self, node: Node, key: &str) -> Vec<Condition> {
        let texts = self.strings(node, key);
        let mut found = Vec::new();
        for text in texts {
            match Condition::parse(&text) {
                Some(condition) => found.push(condition),
                None => {
                    let message = words!(
                        "condition `{text}` is not `COLUMN = VALUE`, `!=`, `~`, `!~`, `is blank` or `is not blank`",
                        "条件 `{text}` 应为 `列 = 值`、`!=`、`~`、`!~`、`is blank` 或 `is not blank`"
                    );
                    self.report(node.span(), "mapping-condition", message);
                }
            }
        }
        found
    }

    fn rules(&mut self, node: Node) -> Vec<Rule> {
        match node.get_ref() {
            DeValue::Array(list) => list.iter().filter_map(|item| self.rule(item)).collect(),
            _ => {
                self.wants(node, "if", "tables written `[[if]]`", "写作 `[[if]]` 的表");
                Vec::new()
            }
        }
    }

    fn rule(&mut self, node: Node) -> Option<Rule> {
        let DeValue::Table(table) = node.get_ref() else {
            self.wants(node, "if", "tables written `[[if]]`", "写作 `[[if]]` 的表");
            return None;
        };
        let mut rule = Rule::default();
        for (key, value) in table.iter() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("when", _) => rule.when = self.conditions(value, "when"),
                ("set", _) => rule.set = self.fields(value, "set", Reader::constant),
                ("skip", DeValue::Boolean(skip)) => rule.skip = *skip,
                ("skip", _) => self.wants(value, "skip", "true or false", " true 或 false"),
                (other, _) => self.unknown(key.span(), other, "set, skip, when"),
            }
        }
        if rule.when.is_empty() || (rule.set.is_empty() && !rule.skip) {
            self.wants(node, "if", "`when` and either `set` or `skip`", " `when` 以及 `set` 或 `skip`");
        }
        Some(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::CUSTOMER;

    #[test]
    fn a_whole_mapping() {
        let text = r#"
kind = "lead"
delimiter = ";"
date_order = "month_first"
blank = ["Select"]
relax = ["channel"]
skip = ["Status = Test"]
keep = ["Quality"]
[columns]
company = "Account"
contact_name = ["First", "Last"]
acquired_on = { from = "Created", date_format = "%d.%m.%Y" }
budget = "Amount"
[set]
source = "other"
acquired_on = 2026-01-01
[values.source]
"Google" = "search_ads"
[[if]]
when = ["Tags ~ invalid"]
set = { status = "disqualified" }
"#;
        let mapping = Mapping::parse(text, "m.toml", Some(LEAD)).unwrap();
        assert_eq!(mapping.columns.len(), 4);
        assert_eq!(mapping.values["source"]["google"], "search_ads");
        assert_eq!((mapping.delimiter, mapping.skip.len(), mapping.rules.len()), (Some(';'), 1, 1));
        assert!(mapping.set.iter().any(|(key, value)| key.name() == "acquired_on" && value == "2026-01-01"));
    }

    #[test]
    fn every_mistake_has_its_place() {
        let text =
            "kind = \"lead\"\nfoo = 1\n[columns]\ncompnay = \"A\"\nphone = 3\n[[if]]\nwhen = [\"x\"]\nskip = true\n";
        let findings = Mapping::parse(text, "m.toml", Some(LEAD)).unwrap_err();
        let mut places: Vec<(usize, usize, &str)> =
            findings.iter().map(|f| (f.line, f.column, f.problem.code)).collect();
        places.sort_unstable();
        assert_eq!(
            places,
            [
                (2, 1, "unknown-key"),
                (4, 1, "unknown-field"),
                (5, 9, "mapping-value"),
                (6, 1, "mapping-value"),
                (7, 8, "mapping-condition")
            ]
        );
        let message = findings.iter().find(|f| f.line == 4).unwrap().problem.message.en.to_string();
        assert!(message.contains("`company`"), "{message}");
        assert!(Mapping::parse("kind = \"lead\"", "m", Some(CUSTOMER)).is_err());
        assert_eq!(Mapping::parse("a = [", "m", None).unwrap_err()[0].line, 1);
    }

    #[test]
    fn units_are_known_and_fit() {
        let read = |unit: &str, field: &str| {
            let text = format!("[columns]\n{field} = {{ from = \"A\", unit = \"{unit}\" }}\n");
            Mapping::parse(&text, "m", Some(LEAD)).map_err(|findings| findings[0].problem.message.en.to_string())
        };
        assert_eq!(read("万元", "budget").unwrap().columns[0].1.unit.map(|unit| unit.word), Some("万元"));
        assert!(read("K", "budget_max").is_ok() && read("百人", "staff").is_ok() && read("月", "urgency").is_ok());
        assert_eq!(read("万元", "staff").unwrap_err(), "`staff` has no unit `万元`");
        assert!(read("bushel", "budget").unwrap_err().starts_with("`unit` wants a unit such as"));
    }

    #[test]
    fn contacts_of_customers() {
        let text = "[columns]\nname = \"Account\"\ncontacts.email = \"Mail\"\n";
        let mapping = Mapping::parse(text, "m", Some(CUSTOMER)).unwrap();
        let keys: Vec<String> = mapping.columns.iter().map(|(key, _)| key.name()).collect();
        assert_eq!(keys, ["contacts.email", "name"]);
        assert!(Mapping::parse(text, "m", Some(LEAD)).is_err());
    }
}
