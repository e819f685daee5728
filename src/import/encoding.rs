//! Bytes of a text file to text: which encoding it is, and how much could not be read.

use super::delimited::line_ends;
use super::names::known_words;
use crate::record::{Failure, Result, Words};
use crate::words;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How many lines are named on which characters could not be read.
const LINES: usize = 8;

/// Text with the encoding it was read in.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub encoding: &'static str,
    pub notes: Vec<Words>,
}

/// Reads `bytes` as text, in the stated encoding or the one they show.
///
/// The order is: byte order mark, zero bytes (UTF-16), valid UTF-8, then a guess by frequencies, in which
/// the words known as headings decide between encodings that are equally possible. GBK is read as GB18030.
pub(super) fn decode<'a>(bytes: &'a [u8], stated: Option<&str>) -> Result<Decoded<'a>> {
    let (encoding, valid) = match stated {
        // What the stated encoding could not hold, kehu wrote back as UTF-8 with its mark; so do spreadsheet programs.
        Some(name) => {
            (Some(find_encoding(name)?).filter(|_| !bytes.starts_with(b"\xef\xbb\xbf")).unwrap_or(UTF_8), None)
        }
        None => detect(bytes)?,
    };
    let body = match Encoding::for_bom(bytes) {
        Some((mark, length)) if mark == encoding => bytes.get(length..).unwrap_or_default(),
        _ => bytes,
    };
    let (text, broken) = match valid {
        Some(text) => (Cow::Borrowed(text), false),
        None => encoding.decode_without_bom_handling(body),
    };
    let mut notes = Vec::new();
    let name = encoding.name();
    if broken {
        let (count, lines) = unread(&text);
        notes.push(words!(
            "{count} characters could not be read as {name} and stand as � (line {lines}); another encoding may be stated",
            "{count} 个字符无法按 {name} 读取，以 � 代替（第 {lines} 行）；可另行指定编码"
        ));
    }
    refuse_binary(&text)?;
    Ok(Decoded { text, encoding: name, notes })
}

/// Returns how many characters could not be read, and the first lines they stand on: `2, 7, 9 …`.
fn unread(text: &str) -> (usize, String) {
    let (mut count, mut line, mut from, mut lines) = (0, 1, 0, Vec::new());
    for (at, _) in text.match_indices('\u{fffd}') {
        count += 1;
        line += line_ends(&text[from..at]);
        from = at;
        if lines.last() != Some(&line) && lines.len() <= LINES {
            lines.push(line);
        }
    }
    let told: Vec<String> = lines.iter().take(LINES).map(usize::to_string).collect();
    (count, told.join(", ") + if lines.len() > LINES { " …" } else { "" })
}

/// Returns the encoding a person names.
fn find_encoding(name: &str) -> Result<&'static Encoding> {
    let plain: String = name.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let label = match plain.as_str() {
        "macroman" | "mac" | "macintosh" => "macintosh",
        "gb" | "gbk" | "gb2312" | "gb18030" | "cp936" | "936" | "ansi" => "gb18030",
        "cp950" | "950" | "big5hkscs" => "big5",
        "utf16" => "utf-16le",
        "utf8bom" | "utf8sig" | "utf8" => "utf-8",
        "cp1252" | "latin1" | "1252" => "windows-1252",
        _ => name.trim(),
    };
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        Failure::usage(words!("unknown encoding `{name}`", "未知编码 `{name}`")).hint(words!(
            "known are utf-8, gb18030, gbk, big5, utf-16le, utf-16be, windows-1252, macroman and the labels of the WHATWG",
            "可用：utf-8、gb18030、gbk、big5、utf-16le、utf-16be、windows-1252、macroman 及 WHATWG 编码名"
        ))
    })
}

/// Returns the encoding that bytes show; with the text where showing it was reading it.
fn detect(bytes: &[u8]) -> Result<(&'static Encoding, Option<&str>)> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok((encoding, None));
    }
    if let Some(encoding) = zero_bytes(bytes) {
        // Without a mark, broken text is no text: zero bytes stand in pictures and programs too.
        let (_, broken) = encoding.decode_without_bom_handling(bytes);
        return if broken { Err(no_text()) } else { Ok((encoding, None)) };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((UTF_8, Some(text))),
        Err(_) => Ok((guess(bytes), None)),
    }
}

/// Tells UTF-16 without a mark by where its zero bytes stand: commas, digits and line ends have one each.
///
/// A stray zero byte in other text is none of these: a table has more than one in a hundred bytes, and where
/// the text reads as UTF-8 it is all ASCII, with one in two.
fn zero_bytes(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(65_536)).unwrap_or_default();
    let count = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (count(0), count(1));
    if even + odd == 0 {
        return None;
    }
    let least = if std::str::from_utf8(bytes).is_ok() { head.len() / 4 } else { 2.max(head.len() / 100) };
    match (even + odd, odd > even * 4, even > odd * 4) {
        (zeros, ..) if zeros < least => None,
        (_, true, _) => Some(UTF_16LE),
        (_, _, true) => Some(UTF_16BE),
        _ => None,
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let head = bytes.get(..bytes.len().min(1 << 20)).unwrap_or_default();
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, head.len() == bytes.len());
    let guessed = match detector.guess(None, Utf8Detection::Allow) {
        encoding if encoding == GBK => GB18030,
        encoding => encoding,
    };
    let sample = head.get(..head.len().min(16_384)).unwrap_or_default();
    let mut best = (known_in(sample, guessed), guessed);
    for encoding in [GB18030, BIG5, UTF_8] {
        let found = known_in(sample, encoding);
        if found > best.0 {
            best = (found, encoding);
        }
    }
    best.1
}

fn known_in(sample: &[u8], encoding: &'static Encoding) -> usize {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    known_words().iter().filter(|word| text.contains(**word)).count()
}

/// Refuses what decodes to control characters: a picture or a program, whatever its name. A stray one or two do
/// not make a small table one.
fn refuse_binary(text: &str) -> Result<()> {
    let (mut control, mut all) = (0, 0);
    for c in text.chars().take(4096) {
        all += 1;
        control += usize::from(c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{c}' | '\u{1a}' | '\u{b}'));
    }
    if control > 3 && control * 50 > all {
        return Err(no_text());
    }
    Ok(())
}

fn no_text() -> Failure {
    Failure::failed(words!("the content is not text and no known table format", "内容不是文本，也不是已知的表格格式"))
        .hint(words!(
            "`--encoding` says how a text is written; what else it is may be saved as xlsx or csv",
            "文本可用 `--encoding` 指明编码；其他文件请另存为 xlsx 或 csv"
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "公司名称,联系人,电话\n杭州某某贸易有限公司,王伟,13800138000\n";

    fn read(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(bytes, None).unwrap();
        (decoded.text.into_owned(), decoded.encoding)
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn encodings_show_themselves() {
        assert_eq!(read(TEXT.as_bytes()), (TEXT.into(), "UTF-8"));
        assert_eq!(read(format!("\u{feff}{TEXT}").as_bytes()), (TEXT.into(), "UTF-8"));
        assert_eq!(read(&GB18030.encode(TEXT).0), (TEXT.into(), "gb18030"));
        assert_eq!(read(&utf16(TEXT, u16::to_le_bytes)), (TEXT.into(), "UTF-16LE"));
        assert_eq!(read(&utf16(TEXT, u16::to_be_bytes)), (TEXT.into(), "UTF-16BE"));
        assert_eq!(read(&utf16(&format!("\u{feff}{TEXT}"), u16::to_le_bytes)), (TEXT.into(), "UTF-16LE"));
        let traditional =
            "公司名稱,聯絡人,電話\n臺北測試股份有限公司,陳先生,0912345678\n香港貿易發展公司,李小姐,21234567\n";
        assert_eq!(read(&BIG5.encode(traditional).0), (traditional.into(), "Big5"));
    }

    #[test]
    fn a_stray_zero_byte_is_not_utf_16() {
        let text = TEXT.replace('王', "王\0");
        assert_eq!(read(text.as_bytes()), (text.clone(), "UTF-8"));
        assert_eq!(read(&GB18030.encode(&text).0), (text, "gb18030"));
        assert_eq!(read(&utf16("name,phone\n", u16::to_le_bytes)).1, "UTF-16LE");
    }

    #[test]
    fn stated_encodings() {
        let mac = decode(b"Neil Franz\x9aisch,91", Some("MacRoman")).unwrap();
        assert_eq!(mac.text, "Neil Franzöisch,91");
        assert!(decode(b"x", Some("klingon")).is_err());
    }

    #[test]
    fn unreadable_characters_are_counted() {
        let decoded = decode(b"a,\xff\xfeb\xff", Some("utf-8")).unwrap();
        assert!(decoded.notes[0].en.starts_with("3 characters"), "{:?}", decoded.notes);
    }

    #[test]
    fn binary_is_refused() {
        assert!(decode(&[0, 1, 2, 3, 0, 0, 7, 8, 9, 200, 201], None).is_err());
    }
}
