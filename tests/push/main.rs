//! Pushes judged on the server: by real git, to a bare repository with the hook.

#[path = "../common/mod.rs"]
mod common;
mod histories;
mod hostile;
mod rights;
mod served;
mod servers;
mod signatures;
