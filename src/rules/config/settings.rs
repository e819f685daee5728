//! `kehu.toml`: what the whole repository is about.

use super::reader::{Placed, Section, Source};
use crate::record::{Finding, Lang, Money, is_currency};
use crate::words;
use chrono_tz::Tz;
use std::ops::Range;

/// The version of the file format this program reads and writes.
pub const FORMAT: i64 = 1;

/// The largest attachment unless the file says otherwise, in MB.
const MAX_MB: u64 = 10;

/// What `kehu.toml` says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of the repository, printed on reports.
    pub name: String,
    /// The full name of the company, as its contracts tell it.
    pub company: Option<String>,
    /// The language of output unless the command line or the environment says otherwise.
    pub locale: Lang,
    /// The zone days begin in and moments without offset are of.
    pub timezone: Tz,
    /// The ISO code of the currency amounts are in.
    pub currency: String,
    /// The ISO code of the country telephone numbers without `+` belong to.
    pub country: String,
    /// The least budget worth working, if any.
    pub min_deal: Option<Money>,
    /// Whether commands that make running numbers sync before and after.
    pub auto_sync: bool,
    /// The largest file that may be attached, in bytes.
    pub largest_attachment: u64,
}

impl Settings {
    /// Reads `kehu.toml`.
    pub fn parse(text: &str, path: &str) -> Result<Settings, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let settings = table.as_ref().and_then(|table| {
            let top = Section::top(&source, table);
            match newer(&top) {
                true => None,
                false => read(&top),
            }
        });
        source.finish(settings)
    }
}

/// Tells whether the format is newer than this program, which is then the only thing reported.
fn newer(top: &Section<'_>) -> bool {
    let Some(format) = top.required("format", top.integer("format", 1..=i64::MAX)) else { return false };
    let newer = format.value > FORMAT;
    if newer {
        let message = words!(
            "the repository has format {}, this kehu reads up to {FORMAT}",
            "仓库格式为 {}，此版本的 kehu 只能读到 {FORMAT}";
            format.value
        );
        top.report_with(
            "newer-format",
            "format",
            format.span,
            message,
            words!("install a newer kehu", "请安装更新版本的 kehu"),
        );
    }
    newer
}

fn read(top: &Section<'_>) -> Option<Settings> {
    let name = top.required("name", top.text("name"));
    let company = top.text("company").map(|company| company.value);
    let locale = top.text("locale").map(|text| known(top, "locale", text, lang_of));
    let timezone = top.text("timezone").map(|text| known(top, "timezone", text, |name| name.parse::<Tz>().ok()));
    let currency = top.text("currency").map(|text| known(top, "currency", text, currency_of));
    let country = top.text("country").map(|text| known(top, "country", text, country_of));
    let min_deal = top.money("min_deal");
    let auto_sync = top.section("sync").is_some_and(|sync| auto(&sync));
    let attachments = top.section("attachments").and_then(|attachments| max_mb(&attachments));
    top.done();
    Some(Settings {
        name: name?.value,
        company: company.filter(|company| !company.trim().is_empty()),
        locale: locale.unwrap_or(Some(Lang::Zh))?,
        timezone: timezone.unwrap_or(Some(Tz::Asia__Shanghai))?,
        currency: currency.unwrap_or_else(|| Some("CNY".into()))?,
        country: country.unwrap_or_else(|| Some("CN".into()))?,
        min_deal: min_deal.map(|money| money.value),
        auto_sync,
        largest_attachment: attachments.unwrap_or(MAX_MB) << 20,
    })
}

/// Reads `[sync]`.
fn auto(sync: &Section<'_>) -> bool {
    let auto = sync.read("auto", words!("true or false", "true 或 false"), |value| value.as_bool());
    sync.done();
    auto.is_some_and(|auto| auto.value)
}

/// Reads `[attachments]`; files above 16 MB no file of the repository may be.
fn max_mb(attachments: &Section<'_>) -> Option<u64> {
    let most = attachments.integer("max_mb", 1..=15);
    attachments.done();
    most.and_then(|most| u64::try_from(most.value).ok())
}

/// Reads a value out of a fixed set; one that is not in it is reported.
fn known<T>(top: &Section<'_>, key: &str, text: Placed<String>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let value = read(&text.value);
    if value.is_none() {
        report_unknown(top, key, &text.value, text.span);
    }
    value
}

fn report_unknown(top: &Section<'_>, key: &str, text: &str, span: Range<usize>) {
    let mend = match key {
        "locale" => words!("one of: zh, en", "可选：zh、en"),
        "timezone" => super::reader::did_you_mean(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())),
        "currency" => words!("three letters of ISO 4217, such as CNY or USD", "ISO 4217 三字母代码，例如 CNY、USD"),
        _ => words!("two letters of ISO 3166, such as CN or US", "ISO 3166 两字母代码，例如 CN、US"),
    };
    top.report_with("config-value", key, span, words!("unknown {key} `{text}`", "未知的 {key} `{text}`"), mend);
}

fn lang_of(tag: &str) -> Option<Lang> {
    let whole = tag.len() == 2 || tag.get(2..3).is_some_and(|mark| mark == "-" || mark == "_");
    Lang::parse(tag).filter(|_| whole)
}

fn currency_of(code: &str) -> Option<String> {
    is_currency(code).then(|| code.to_string())
}

fn country_of(code: &str) -> Option<String> {
    let upper = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    (upper && rlibphonenumber::enums::Region::try_from(code).is_ok()).then(|| code.to_string())
}

/// Puts name and language into the template of `kehu.toml`.
pub(super) fn personalize(template: &str, lang: Lang, name: &str) -> String {
    let quoted = toml::Value::String(name.to_string()).to_string();
    let line = |line: &str| match line.split_once(" = ") {
        Some(("name", rest)) => replace_value(rest, "name", &quoted),
        Some(("locale", rest)) => replace_value(rest, "locale", &format!("\"{}\"", lang.tag())),
        _ => line.to_string(),
    };
    template.lines().map(|text| line(text) + "\n").collect()
}

/// Puts a value before the comment of a template's line.
fn replace_value(rest: &str, key: &str, value: &str) -> String {
    let comment = rest.find(" #").and_then(|at| rest.get(at..)).unwrap_or_default().trim_start();
    let head = format!("{key} = {value}");
    format!("{head:<33} {comment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(usize, &'static str)> {
        let findings = Settings::parse(text, "kehu.toml").unwrap_err();
        findings.iter().map(|f| (f.line, f.problem.code)).collect()
    }

    #[test]
    fn the_least_settings() {
        let settings = Settings::parse("format = 1\nname = \"x\"\n", "kehu.toml").unwrap();
        assert_eq!(
            (settings.timezone, settings.currency.as_str(), settings.min_deal),
            (Tz::Asia__Shanghai, "CNY", None)
        );
        assert!(!settings.auto_sync);
        let settings = Settings::parse("format = 1\nname = \"x\"\n[sync]\nauto = true\n", "kehu.toml").unwrap();
        assert!(settings.auto_sync);
    }

    #[test]
    fn unknown_values_are_reported() {
        let head = "format = 1\nname = \"x\"\n";
        for line in ["timezone = \"Asia/Shangai\"", "locale = \"fr\"", "currency = \"RMB\"", "country = \"China\""] {
            assert_eq!(codes(&format!("{head}{line}\n")), [(3, "config-value")], "{line}");
        }
        assert_eq!(codes(&format!("{head}min_deal = \"-5\"\n")), [(3, "config-value")]);
        assert_eq!(codes(&format!("{head}time_zone = \"UTC\"\n")), [(3, "unknown-setting")]);
        assert_eq!(codes("name = \"x\"\n"), [(1, "missing-key")]);
        assert_eq!(
            codes(&format!("{head}[sync]\nauto = 1\nnow = true\n")),
            [(4, "config-value"), (5, "unknown-setting")]
        );
    }

    #[test]
    fn a_zone_nearby_is_named() {
        let findings = Settings::parse("format = 1\nname = \"x\"\ntimezone = \"Asia/Shangai\"\n", "k").unwrap_err();
        assert_eq!(findings[0].problem.mend.as_ref().unwrap().en, "did you mean `Asia/Shanghai`?");
        assert_eq!(findings[0].column, 12);
    }
}
