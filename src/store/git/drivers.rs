//! What git is told of our files: attributes, which are tracked, and the programs they name, which are settings
//! of each clone.
//!
//! A convenience: without them git shows the files as they are and merges them line by line, and nothing of
//! kehu depends on them. A setting that is there already is somebody's choice and stays.

use crate::record::Result;
use crate::store::Repo;
use crate::store::error::GitResult;
use git2::{Config, ConfigLevel};

/// The file with the attributes.
pub const ATTRIBUTES_PATH: &str = ".gitattributes";

/// The attributes of a new repository: text with LF everywhere and shown in words, attachments as they are.
pub const ATTRIBUTES: &str = "*.toml text eol=lf diff=kehu merge=kehu\nattachments/** -text\n";

/// The attributes that name a program of ours, each with the line that is added where it is missing.
const NAMING: [(&str, &str); 2] = [("diff=kehu", "*.toml diff=kehu\n"), ("merge=kehu", "*.toml merge=kehu\n")];

/// What git's configuration is to say.
///
/// git shows nothing at all, and merges nothing, when such a program fails; where kehu is not found the file is
/// shown as it is, and merged line by line.
const SETTINGS: [(&str, &str); 5] = [
    // A record that went and another that came are no renaming, however alike they look: git would put the changes
    // of the one into the other.
    ("merge.renames", "false"),
    ("merge.directoryRenames", "false"),
    ("diff.kehu.textconv", r#"f() { kehu textconv "$1" 2>/dev/null || cat "$1"; }; f"#),
    ("merge.kehu.name", "records field by field"),
    (
        "merge.kehu.driver",
        "if command -v kehu >/dev/null; then kehu merge-driver %O %A %B %P; \
         else git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B; fi",
    ),
];

impl Repo {
    /// Names to git the programs that show and merge our files, in the configuration of this clone; returns
    /// whether any was missing.
    ///
    /// Fails when the configuration cannot be written.
    pub fn install_git_drivers(&self) -> Result<bool> {
        let missing = self.missing_git_drivers()?;
        let mut config = Config::new().git()?;
        let path = self.git().commondir().join("config");
        config.add_file(&path, ConfigLevel::Local, false).git()?;
        for (key, value) in &missing {
            config.set_str(key, value).git()?;
        }
        Ok(!missing.is_empty())
    }

    /// Returns the settings that git has no value for.
    fn missing_git_drivers(&self) -> Result<Vec<(&'static str, &'static str)>> {
        let config = self.git().config().and_then(|mut config| config.snapshot()).git()?;
        Ok(SETTINGS.into_iter().filter(|(key, _)| config.get_str(key).is_err()).collect())
    }
}

/// Returns attributes with the lines that were missing; none when there were none.
pub fn completed_attributes(text: &str) -> Option<String> {
    let missing = NAMING.iter().filter(|(attribute, _)| !text.split_whitespace().any(|word| word == *attribute));
    let lines: String = missing.map(|(_, line)| *line).collect();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    (!lines.is_empty()).then(|| format!("{text}{end}{lines}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_attributes_are_added() {
        assert_eq!(completed_attributes(ATTRIBUTES), None);
        assert_eq!(
            completed_attributes("*.toml text eol=lf").unwrap(),
            "*.toml text eol=lf\n*.toml diff=kehu\n*.toml merge=kehu\n"
        );
        assert_eq!(completed_attributes("").unwrap(), "*.toml diff=kehu\n*.toml merge=kehu\n");
        assert_eq!(completed_attributes("leads/** diff=kehu merge=kehu\n"), None, "somebody's own choice");
    }
}
