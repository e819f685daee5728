//! Commands by several users, `LOGIN@example.com` each, on days of one month.

use super::common::{Env, Output};

/// Runs a command by a user, on a day of March 2026.
pub fn on(env: &Env, day: u32, login: &str, args: &[&str]) -> Output {
    let mut command = env.command(args);
    let now = format!("2026-03-{day:02}T10:00:00+08:00");
    let email = if login == "admin" { "test@example.com".to_string() } else { format!("{login}@example.com") };
    for part in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{part}_EMAIL"), &email).env(format!("GIT_{part}_DATE"), &now);
    }
    command.env("KEHU_NOW", &now);
    env.finish(command)
}

/// The same; it must succeed. Returns what it prints, without the last line end.
#[track_caller]
pub fn done(env: &Env, day: u32, login: &str, args: &[&str]) -> String {
    let output = on(env, day, login, args);
    assert_eq!(output.code, 0, "{login} {args:?}\n{output}");
    output.stdout.trim_end().to_string()
}
