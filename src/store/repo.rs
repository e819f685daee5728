//! A repository of records: a git work tree with a `kehu.toml` at its top.
//!
//! Opened anywhere inside it, also in a work tree made by `git worktree`.
//!
//! *Absent on purpose:* the content of `kehu.toml`; only its `format` is looked at here, since a
//! newer format must stop every command before it reads or writes anything else.

use super::error::{GitResult, IoResult, unsupported};
use super::git::config;
use super::git_index::GitIndex;
use super::write::journal::Journals;
use crate::progress::Progress;
use crate::record::{Exit, Failure, Lang, Result};
use crate::words;
use git2::{ErrorCode, Oid, Repository, RepositoryInitOptions};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The format of repository that this kehu reads and writes.
pub const FORMAT: i64 = 1;

/// The file that makes a git work tree a repository of records.
const MARK: &str = "kehu.toml";

/// An opened repository.
pub struct Repo {
    git: Repository,
    root: PathBuf,
    /// Folders of objects that are seen besides its own.
    objects: Vec<PathBuf>,
    progress: Progress,
}

/// Where records are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The files as they are.
    WorkTree,
    /// A commit, or a tree such as that of what is staged.
    Commit(Oid),
}

impl Repo {
    /// Opens the repository that `start` lies in.
    ///
    /// Fails with exit code 10 when no folder from `start` upward is the top of one, 11 when a newer
    /// kehu made it, and 1 when it is of a kind that libgit2 cannot open, or another user's.
    pub fn discover(start: &Path) -> Result<Repo> {
        let start = without_steps_up(&std::path::absolute(start).at(start)?);
        let Some(root) = start.ancestors().find(|dir| dir.join(MARK).is_file()) else {
            return Repo::unfinished(&start)?.ok_or_else(|| outside(&start));
        };
        let git = open(root)?.ok_or_else(|| without_git(root))?;
        let repo = Repo::of_work_tree(git)?;
        if canonical(root) != canonical(repo.root()) {
            return Err(below_top(root, repo.root()));
        }
        repo.check_format()?;
        Ok(repo)
    }

    /// Returns the language of the repository that `start` lies in, as far as can be told without opening it.
    pub fn peek_locale(start: &Path) -> Option<Lang> {
        let settings: toml::Table = Repo::peek(start, MARK)?.parse().ok()?;
        settings.get("locale")?.as_str().and_then(Lang::parse)
    }

    /// Returns the text of a file of the repository that `start` lies in, as far as can be told without opening it.
    pub fn peek(start: &Path, path: &str) -> Option<String> {
        let start = without_steps_up(start);
        let root = start.ancestors().find(|dir| dir.join(MARK).is_file())?;
        fs::read_to_string(root.join(path)).ok()
    }

    /// Opens the git repository whose top `dir` is, if there is one.
    ///
    /// Fails with exit code 5 when `dir`, which need not exist, lies inside another repository.
    pub fn at(dir: &Path) -> Result<Option<Repo>> {
        let there = dir.ancestors().find(|folder| folder.is_dir()).unwrap_or(dir);
        let Some(git) = open(there)? else { return Ok(None) };
        let repo = Repo::of_work_tree(git)?;
        if canonical(dir) == canonical(repo.root()) { Ok(Some(repo)) } else { Err(inside(dir, repo.root())) }
    }

    /// Makes `dir` a git repository, or opens the one whose top it is; `kehu.toml` is the caller's to write.
    ///
    /// The first branch is `init.defaultBranch`, else `main`. Fails when `dir` lies inside another repository,
    /// before the folder is made.
    pub fn init(dir: &Path) -> Result<Repo> {
        if let Some(repo) = Repo::at(dir)? {
            return Ok(repo);
        }
        fs::create_dir_all(dir).at(dir)?;
        let branch = config::read(None)?.get_string("init.defaultBranch");
        let branch = branch.ok().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "main".to_string());
        let mut options = RepositoryInitOptions::new();
        options.initial_head(branch.trim()).no_reinit(true);
        Repo::of_work_tree(Repository::init_opts(dir, &options).git()?)
    }

    /// Opens the bare repository at `dir`, as a server has it; `objects` are folders of objects to be seen besides its own,
    /// in which git keeps what is pushed until it is accepted.
    ///
    /// Fails when there is none, or it has a work tree.
    pub fn bare(dir: &Path, objects: Vec<PathBuf>) -> Result<Repo> {
        let git = Repository::open(dir).git()?;
        if !git.is_bare() {
            let dir = dir.display();
            return Err(Failure::usage(words!("`{dir}` is not a bare git repository", "`{dir}` 不是裸 git 仓库"))
                .hint(words!("`git clone --bare . FOLDER` makes one", "可用 `git clone --bare . 目录` 建立")));
        }
        git2::opts::strict_hash_verification(false);
        see(&git, &objects).git()?;
        let root = git.path().to_path_buf();
        Ok(Repo { git, root, objects, progress: Progress::default() })
    }

    /// Returns how another thread opens the same repository.
    pub(crate) fn opener(&self) -> impl Fn() -> std::result::Result<Repository, git2::Error> + Sync + use<> {
        let (path, objects) = (self.git.path().to_path_buf(), self.objects.clone());
        move || {
            let git = Repository::open(&path)?;
            see(&git, &objects)?;
            Ok(git)
        }
    }

    /// Tells the progress of what is read and written from now on.
    pub fn watched(self, progress: Progress) -> Repo {
        Repo { progress, ..self }
    }

    /// Returns where progress is told.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Returns the git repository.
    pub fn git(&self) -> &Repository {
        &self.git
    }

    /// Returns the top folder, where `kehu.toml` lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder for what is local and disposable, `.git/kehu` of this work tree.
    pub fn private_dir(&self) -> PathBuf {
        self.git.path().join("kehu")
    }

    /// Returns the folder for what is local to the repository and shared by its work trees: lock and number cache.
    pub(crate) fn shared_dir(&self) -> PathBuf {
        self.git.commondir().join("kehu")
    }

    /// Returns the journals of this work tree.
    pub(crate) fn journals(&self) -> Journals {
        Journals::new(self.private_dir().join("journal"))
    }

    /// Returns a path, relative to `dir` or absolute, as git names it: from the top, with `/`.
    ///
    /// Fails with exit code 2 when it lies outside the repository.
    pub fn relative(&self, dir: &Path, path: &Path) -> Result<String> {
        let outside = || Failure::usage(words!("`{}` is not in this repository", "`{}` 不在此仓库中"; path.display()));
        let full = dir.join(path);
        // A link is named itself, not what it leads to.
        let is_link = full.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
        let known = full.canonicalize().ok().filter(|_| !is_link).map_or_else(
            || {
                let parent = full.parent().unwrap_or(Path::new("/")).canonicalize()?;
                Ok::<_, std::io::Error>(parent.join(full.file_name().unwrap_or_default()))
            },
            Ok,
        );
        let known = known.map_err(|_| outside())?;
        let below = known.strip_prefix(canonical(&self.root)).map_err(|_| outside())?;
        let parts: Vec<String> =
            below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        Ok(parts.join("/"))
    }

    /// Returns what is staged for the next commit, to be read from; `index` is the one git gives a hook,
    /// which for `git commit -a` is not the repository's own.
    ///
    /// Fails when a merge left something undecided.
    pub fn staged(&self, index: Option<&Path>) -> Result<Source> {
        let path = index.map_or_else(|| self.index_path(), |index| self.root.join(index));
        let mut index = GitIndex::load_whole(&path)?.in_memory().git()?;
        Ok(Source::Commit(index.write_tree_to(&self.git).git()?))
    }

    /// Returns the paths that a merge of git left undecided in its index, in order.
    pub fn unmerged(&self) -> Result<Vec<String>> {
        Ok(GitIndex::load_whole(&self.index_path())?.unmerged())
    }

    /// Returns the commit that is checked out; none before the first.
    pub fn head(&self) -> Result<Option<Oid>> {
        match self.git.refname_to_id("HEAD") {
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            result => result.found(),
        }
    }

    /// Returns the full name of the branch that is checked out, born or not.
    ///
    /// Fails with exit code 5 when none is: a commit would then belong to no branch.
    pub(crate) fn branch(&self) -> Result<String> {
        let head = self.git.find_reference("HEAD").git()?;
        let branch = head.symbolic_target().ok().flatten().map(str::to_string);
        branch.ok_or_else(|| {
            Failure::conflict(words!("no branch is checked out (detached HEAD)", "当前未检出任何分支（HEAD 分离）"))
                .hint(words!("`git switch BRANCH` returns to a branch", "用 `git switch 分支名` 回到某个分支"))
        })
    }

    fn of_work_tree(git: Repository) -> Result<Repo> {
        // As git has it: objects are hashed when they come from elsewhere and by `git fsck`, not each time they are
        // read. libgit2 would spend half the time of reading a small one on it.
        git2::opts::strict_hash_verification(false);
        let Some(root) = git.workdir().map(Path::to_path_buf) else {
            let path = git.path().display().to_string();
            return Err(Failure::failed(words!("`{path}` is a bare git repository", "`{path}` 是裸 git 仓库")).hint(
                words!("work in a clone of it: `git clone {path} FOLDER`", "请在其克隆中工作：`git clone {path} 目录`"),
            ));
        };
        refuse_sparse(&git)?;
        // It would read git's index for attributes that may be staged in it, and cannot read one that is split.
        git2::Index::new().and_then(|mut index| git.set_index(&mut index)).git()?;
        Ok(Repo { git, root, objects: Vec::new(), progress: Progress::default() })
    }

    /// Opens a repository whose very first commit was cut short before `kehu.toml` reached the work tree.
    fn unfinished(start: &Path) -> Result<Option<Repo>> {
        let Some(git) = open(start).ok().flatten() else { return Ok(None) };
        if git.is_bare() || Journals::new(git.path().join("kehu/journal")).is_empty() {
            return Ok(None);
        }
        let repo = Repo::of_work_tree(git)?;
        repo.recover_if_idle(&|_| {});
        Ok(repo.root.join(MARK).is_file().then_some(repo))
    }

    fn check_format(&self) -> Result<()> {
        let path = self.root.join(MARK);
        refuse_newer(&fs::read_to_string(&path).at(&path)?)
    }

    /// Refuses a commit that a newer kehu made, with exit code 11.
    pub(crate) fn refuse_newer_commit(&self, commit: Oid) -> Result<()> {
        self.read_text(&Source::Commit(commit), MARK)?.map_or(Ok(()), |text| refuse_newer(&text))
    }
}

fn refuse_newer(settings: &str) -> Result<()> {
    // A file that does not parse is named, with its line, where the configuration is read.
    let format = settings.parse::<toml::Table>().ok().and_then(|table| table.get("format")?.as_integer());
    match format {
        Some(found) if found > FORMAT => Err(Failure::new(
            Exit::Newer,
            words!(
                "this repository has format {found}; this kehu knows formats up to {FORMAT}",
                "此仓库的格式为 {found}；本版 kehu 最高支持格式 {FORMAT}"
            ),
        )
        .hint(words!("install a newer kehu", "请安装更新版本的 kehu"))),
        _ => Ok(()),
    }
}

/// Lets a repository see objects of other folders.
fn see(git: &Repository, objects: &[PathBuf]) -> std::result::Result<(), git2::Error> {
    let odb = git.odb()?;
    objects.iter().filter_map(|folder| folder.to_str()).try_for_each(|folder| odb.add_disk_alternate(folder))
}

/// Opens the git repository that `dir` lies in, if it lies in one.
fn open(dir: &Path) -> Result<Option<Repository>> {
    Repository::discover(dir).found().map_err(|mut failure| {
        for hint in &mut failure.hints {
            let folder = dir.display().to_string();
            hint.en = hint.en.replace("FOLDER", &folder).into();
            hint.zh = hint.zh.replace("目录", &folder).into();
        }
        failure
    })
}

/// Refuses a sparse checkout: files that are missing on purpose would read as deleted by hand.
fn refuse_sparse(git: &Repository) -> Result<()> {
    let config = git.config().git()?;
    let sparse = ["core.sparseCheckout", "index.sparse"].iter().any(|key| config.get_bool(key).unwrap_or(false));
    if sparse { Err(unsupported(words!("a sparse checkout", "稀疏检出"))) } else { Ok(()) }
}

/// Returns where a path leads without `..`: what stands before one is none of the folders that lead there.
fn without_steps_up(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                // Above where a link leads, as the system has it.
                plain = canonical(&plain);
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// Returns the path free of symbolic links, so that two ways to a folder compare equal.
fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

fn outside(start: &Path) -> Failure {
    Failure::new(
        Exit::NotRepository,
        words!("`{}` is not in a kehu repository", "`{}` 不在 kehu 仓库中"; start.display()),
    )
    .hint(words!(
        "`kehu init FOLDER` makes one; `-C FOLDER` names one",
        "用 `kehu init 目录` 新建，或用 `-C 目录` 指定"
    ))
}

fn without_git(root: &Path) -> Failure {
    let root = root.display();
    Failure::new(
        Exit::NotRepository,
        words!(
            "`{root}` has a `kehu.toml` but is not in a git repository",
            "`{root}` 有 `kehu.toml`，但不在 git 仓库中"
        ),
    )
    .hint(words!("`git init {root}` makes it one", "可用 `git init {root}` 建立 git 仓库"))
}

fn below_top(root: &Path, top: &Path) -> Failure {
    let (root, top) = (root.display(), top.display());
    Failure::new(
        Exit::NotRepository,
        words!(
            "`{root}` has a `kehu.toml` but is not the top of its git work tree `{top}`",
            "`{root}` 有 `kehu.toml`，但不是 git 工作区 `{top}` 的顶层"
        ),
    )
    .hint(words!(
        "a kehu repository is a git repository of its own: `kehu init FOLDER` outside `{top}`",
        "kehu 仓库须是独立的 git 仓库：在 `{top}` 之外运行 `kehu init 目录`"
    ))
}

fn inside(dir: &Path, top: &Path) -> Failure {
    let top = top.components().as_path();
    let (dir, top) = (dir.display(), top.display());
    Failure::conflict(words!(
        "`{dir}` lies inside the git repository `{top}`",
        "`{dir}` 位于另一个 git 仓库 `{top}` 之内"
    ))
    .hint(words!(
        "choose a folder outside it, or its top folder: `kehu init {top}`",
        "请选择该仓库之外的目录，或其顶层目录：`kehu init {top}`"
    ))
}
