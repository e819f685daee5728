//! Git's hooks: where they lie, and writing one.

use crate::record::Result;
use crate::store::Repo;
use crate::store::error::{GitResult, IoResult};
use std::fs;
use std::path::PathBuf;

impl Repo {
    /// Returns the folder of hooks: `core.hooksPath`, else `hooks` of the git folder all work trees share.
    pub fn hooks_dir(&self) -> Result<PathBuf> {
        let config = self.git().config().git()?;
        let stated = config.get_path("core.hooksPath").ok();
        Ok(stated.map_or_else(|| self.git().commondir().join("hooks"), |path| self.root().join(path)))
    }

    /// Returns the text of a hook; none when there is none.
    pub fn read_hook(&self, name: &str) -> Result<Option<String>> {
        let path = self.hooks_dir()?.join(name);
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&fs::read(&path).at(&path)?).into_owned()))
    }

    /// Writes an executable hook; returns its path.
    pub fn write_hook(&self, name: &str, text: &str) -> Result<PathBuf> {
        let folder = self.hooks_dir()?;
        fs::create_dir_all(&folder).at(&folder)?;
        let path = folder.join(name);
        fs::write(&path, text).at(&path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).at(&path)?;
        }
        Ok(path)
    }
}
