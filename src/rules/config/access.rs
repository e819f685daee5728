//! `config/access.toml`: whether roles hold, and what the server demands of a push.

use super::reader::{Section, Source};
use crate::record::Finding;

/// `config/access.toml`, typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessRules {
    /// Whether roles hold as soon as a user is an admin.
    pub enforce: bool,
    /// Whether each pushed commit wants an SSH signature by a key of its user.
    pub signatures: bool,
    /// Whether the main branch may be rewound or deleted by a push.
    pub rewind: bool,
}

impl Default for AccessRules {
    fn default() -> AccessRules {
        AccessRules { enforce: true, signatures: false, rewind: false }
    }
}

impl AccessRules {
    /// Reads `config/access.toml`; what it does not say is as in the default file.
    pub fn parse(text: &str, path: &str) -> Result<AccessRules, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let rules = table.as_ref().map(|table| {
            let top = Section::top(&source, table);
            let usual = AccessRules::default();
            let enforce = top.flag("enforce").unwrap_or(usual.enforce);
            let within = |section: &str, key: &str, usual: bool| {
                let Some(section) = top.section(section) else { return usual };
                let said = section.flag(key).unwrap_or(usual);
                section.done();
                said
            };
            let signatures = within("signatures", "require", usual.signatures);
            let rewind = within("push", "rewind", usual.rewind);
            top.done();
            AccessRules { enforce, signatures, rewind }
        });
        source.finish(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_written_says_what_goes_without_it() {
        let text = include_str!("../defaults/access.toml");
        assert_eq!(AccessRules::parse(text, "a").unwrap(), AccessRules::default());
        assert_eq!(AccessRules::parse("", "a").unwrap(), AccessRules::default());
    }

    #[test]
    fn what_is_said_holds_and_what_is_mistyped_is_found() {
        let rules = AccessRules::parse("enforce = false\n[signatures]\nrequire = true\n[push]\nrewind = true\n", "a");
        assert_eq!(rules.unwrap(), AccessRules { enforce: false, signatures: true, rewind: true });
        let found = AccessRules::parse("enforced = true\n[signatures]\nrequire = \"yes\"\n", "a").unwrap_err();
        assert_eq!(
            found.iter().map(|f| (f.line, f.problem.code)).collect::<Vec<_>>(),
            [(1, "unknown-setting"), (3, "config-value")]
        );
    }
}
