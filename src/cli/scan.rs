//! A glance at the command line before it is parsed: which language to speak, how to fail, when to colour.
//!
//! The grammar is built in one language, so the language must be known first; and a command line that
//! cannot be parsed still has to fail in that language, as JSON if that was asked for. Nothing here fails.

use crate::record::Lang;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Reads an environment variable; tests give their own.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// When to colour, `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorWhen {
    /// On a terminal that does not object.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the glance saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// `--lang`, else `KEHU_LANG`.
    pub asked: Option<Lang>,
    /// The language of the repository, where it is known already, else of the system, else English.
    pub usual: Lang,
    /// `--color`
    pub color: ColorWhen,
    /// Whether `--json` is there.
    pub json: bool,
    /// Whether `-v` or `--verbose` is there.
    pub verbose: bool,
}

impl ColorWhen {
    fn parse(text: &str) -> ColorWhen {
        match text {
            "always" => ColorWhen::Always,
            "never" => ColorWhen::Never,
            _ => ColorWhen::Auto,
        }
    }
}

impl Glance {
    /// Looks at the arguments after the program's name, up to `--`, and at the environment.
    pub fn new(args: &[OsString], variables: Variables<'_>) -> Glance {
        let mut glance =
            Glance { asked: None, usual: system_lang(variables), color: ColorWhen::Auto, json: false, verbose: false };
        let mut args = args.iter().map(|arg| arg.to_str().unwrap_or_default()).take_while(|arg| *arg != "--");
        while let Some(arg) = args.next() {
            match arg.split_once('=').unwrap_or((arg, "")) {
                ("--json", _) => glance.json = true,
                ("-v" | "--verbose", _) => glance.verbose = true,
                ("--lang", "") => glance.asked = args.next().and_then(Lang::parse),
                ("--lang", tag) => glance.asked = Lang::parse(tag),
                ("--color", "") => glance.color = ColorWhen::parse(args.next().unwrap_or_default()),
                ("--color", when) => glance.color = ColorWhen::parse(when),
                _ => {}
            }
        }
        let from_env = || variables("KEHU_LANG").as_deref().and_then(OsStr::to_str).and_then(Lang::parse);
        glance.asked = glance.asked.or_else(from_env);
        glance
    }

    /// Returns the language to speak.
    pub fn lang(self) -> Lang {
        self.asked.unwrap_or(self.usual)
    }
}

/// Returns the folder where the command line says to look for the repository, as far as a glance tells.
pub fn repository_dir(args: &[OsString], variables: Variables<'_>) -> PathBuf {
    let mut args = args.iter().map(|arg| arg.to_str().unwrap_or_default()).take_while(|arg| *arg != "--");
    let mut stated = None;
    while let Some(arg) = args.next() {
        let attached = || arg.strip_prefix("--repo=").or_else(|| arg.strip_prefix("-C"));
        stated = match arg {
            "-C" | "--repo" => args.next(),
            _ => attached().or(stated),
        };
    }
    let from_env = || variables("KEHU_REPO").filter(|value| !value.is_empty()).map(PathBuf::from);
    stated.map(PathBuf::from).or_else(from_env).unwrap_or_else(|| PathBuf::from("."))
}

/// Returns the language of the first locale variable that is set, as POSIX orders them, else of the system.
fn system_lang(variables: Variables<'_>) -> Lang {
    let set = |name: &&str| variables(name).filter(|value| !value.is_empty());
    match ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set) {
        Some(value) => value.to_str().and_then(Lang::parse).unwrap_or_default(),
        None => sys_locale::get_locale().as_deref().and_then(Lang::parse).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(args: &[&str], variables: &[(&str, &str)]) -> Glance {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
        Glance::new(&args, &find)
    }

    #[test]
    fn flag_before_environment_before_locale() {
        let env = [("KEHU_LANG", "zh"), ("LANG", "en_US.UTF-8")];
        assert_eq!(glance(&["--lang", "en"], &env).lang(), Lang::En);
        assert_eq!(glance(&["lead", "--lang=en"], &env).lang(), Lang::En);
        assert_eq!(glance(&[], &env).lang(), Lang::Zh);
        assert_eq!(glance(&[], &[("LANG", "zh_CN.UTF-8")]).lang(), Lang::Zh);
        assert_eq!(glance(&[], &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]).lang(), Lang::En);
        assert_eq!(glance(&[], &[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")]).lang(), Lang::Zh);
    }

    #[test]
    fn where_the_repository_is() {
        let dir = |args: &[&str], variables: &[(&str, &str)]| {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            let find = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            repository_dir(&args, &find).display().to_string()
        };
        for args in [&["-C", "a"][..], &["-Ca"], &["lead", "--repo", "a"], &["--repo=a", "list"]] {
            assert_eq!(dir(args, &[("KEHU_REPO", "b")]), "a", "{args:?}");
        }
        assert_eq!(dir(&["--", "-C", "a"], &[("KEHU_REPO", "b")]), "b");
        assert_eq!(dir(&["-C"], &[]), ".");
    }

    #[test]
    fn colour_either_way() {
        assert_eq!(glance(&["--color", "never"], &[("LANG", "C")]).color, ColorWhen::Never);
        assert_eq!(glance(&["--color=always"], &[("LANG", "C")]).color, ColorWhen::Always);
    }

    #[test]
    fn looks_no_further_than_two_dashes() {
        assert!(!glance(&["--", "--json"], &[("LANG", "C")]).json);
        assert!(glance(&["--json", "--lang"], &[("LANG", "C")]).json);
    }
}
