//! Telephone numbers, stored so that the same number is the same text.

use super::money::halve_width;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, enums::Region};

/// Returns the number as it is stored, or nothing when it is none.
///
/// `country` is the ISO code numbers without `+` belong to. Mainland numbers: mobile as 11 digits
/// (`13800138000`), landline as `0571-88888888`, 400 and 800 numbers as 10 digits, an extension after
/// a further `-`. All others in E.164 (`+14155550132`).
pub fn normalize_phone(text: &str, country: &str) -> Option<String> {
    let text = halve_width(text);
    let text = text.trim();
    let chinese = country.eq_ignore_ascii_case("CN");
    if chinese && is_mobile(text) {
        return Some(text.to_string());
    }
    let bare: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let national = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("0086")).or_else(|| {
        let long = bare.strip_prefix("86").filter(|rest| chinese && (10..=12).contains(&rest.len()) && bare.len() > 11);
        long.or((chinese && !bare.starts_with('+') && !bare.starts_with("00")).then_some(bare.as_str()))
    });
    let coded = bare.starts_with('+') || bare.starts_with("00");
    match national {
        Some(digits) => mainland(digits, text, coded),
        None => foreign(text, country),
    }
}

/// Tells whether a text is the eleven digits of a mainland mobile.
fn is_mobile(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

/// Reads the digits of a mainland number without its country code; `text` tells where an extension starts,
/// `coded` that the country code was written, after which an area code goes without its `0`.
fn mainland(digits: &str, text: &str, coded: bool) -> Option<String> {
    if !text.chars().all(|c| c.is_ascii_digit() || "+-() .转ext#/".contains(c))
        || !digits.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    if is_mobile(digits) {
        return Some(digits.to_string());
    }
    if is_mobile(digits.strip_prefix('0').unwrap_or("")) {
        return Some(digits[1..].to_string());
    }
    if digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800")) {
        return Some(digits.to_string());
    }
    let padded = if digits.starts_with('0') { digits.to_string() } else { format!("0{digits}") };
    landline(&padded, text, coded || digits.starts_with('0'))
}

/// Reads an area code with its `0`, seven or eight digits, and an extension of up to six.
fn landline(digits: &str, text: &str, stated: bool) -> Option<String> {
    let area_len = if digits.starts_with("010") || digits.starts_with("02") { 3 } else { 4 };
    let area =
        digits.get(..area_len).filter(|area| !area.starts_with("00") && !area.starts_with("01") || *area == "010")?;
    let rest = &digits[area_len..];
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    let extension = match groups.last() {
        Some(last)
            if groups.len() >= 2
                && (1..=6).contains(&last.len())
                && (7..=8).contains(&(rest.len().saturating_sub(last.len()))) =>
        {
            last.len()
        }
        _ => 0,
    };
    let line = &rest[..rest.len() - extension];
    let fits = (7..=8).contains(&line.len()) && matches!(line.as_bytes()[0], b'2'..=b'9');
    if !fits || (!stated && groups.len() < 2) {
        return None;
    }
    let suffix = if extension > 0 { format!("-{}", &rest[line.len()..]) } else { String::new() };
    Some(format!("{area}-{line}{suffix}"))
}

fn foreign(text: &str, country: &str) -> Option<String> {
    let text = text.strip_prefix("00").map_or_else(|| text.to_string(), |rest| format!("+{rest}"));
    let region = Region::try_from(country.to_ascii_uppercase().as_str()).ok();
    let number = PHONE_NUMBER_UTIL.parse(&text, region).ok()?;
    PHONE_NUMBER_UTIL
        .is_valid_number(&number)
        .then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mainland_numbers() {
        for (text, stored) in [
            ("13800138000", "13800138000"),
            ("138-0013-8000", "13800138000"),
            ("+86 138 0013 8000", "13800138000"),
            ("008613800138000", "13800138000"),
            ("8613800138000", "13800138000"),
            ("１３８００１３８０００", "13800138000"),
            ("0571-88888888", "0571-88888888"),
            ("057188888888", "0571-88888888"),
            ("(010) 6555 1234", "010-65551234"),
            ("+86 21 5888 1234", "021-58881234"),
            ("+8657188888888", "0571-88888888"),
            ("00861065551234", "010-65551234"),
            ("0571-88888888-801", "0571-88888888-801"),
            ("0571-8888888转12", "0571-8888888-12"),
            ("400-800-1234", "4008001234"),
        ] {
            assert_eq!(normalize_phone(text, "CN").as_deref(), Some(stored), "{text}");
        }
        for text in [
            "",
            "12345678901",
            "1380013800",
            "138001380001",
            "66666666",
            "2165551234",
            "电话",
            "1.38E+10",
            "00000000000",
            "0571-123",
        ] {
            assert_eq!(normalize_phone(text, "CN"), None, "{text}");
        }
    }

    #[test]
    fn foreign_numbers() {
        assert_eq!(normalize_phone("+1 415-555-2671", "CN").as_deref(), Some("+14155552671"));
        assert_eq!(normalize_phone("(415) 555-2671", "US").as_deref(), Some("+14155552671"));
        assert_eq!(normalize_phone("+852 2123 4567", "CN").as_deref(), Some("+85221234567"));
        assert_eq!(normalize_phone("+1 22", "CN"), None);
    }
}
