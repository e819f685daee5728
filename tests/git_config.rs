//! kehu signs as git does, wherever the environment says that git's settings lie.

mod common;

use common::Env;

/// Runs `init` with git's identity taken from files alone; returns the author and committer of its commit.
fn author(env: &Env, set: &[(&str, &str)]) -> String {
    let mut command = env.command(&["init"]);
    for part in ["AUTHOR", "COMMITTER"] {
        command.env_remove(format!("GIT_{part}_NAME")).env_remove(format!("GIT_{part}_EMAIL"));
    }
    command.envs(set.iter().copied());
    let output = env.finish(command);
    assert_eq!(output.code, 0, "{output}");
    env.git_done(&["log", "-1", "--format=%an <%ae> %cn"])
}

#[test]
fn the_file_that_stands_for_the_global_one() {
    let env = Env::new();
    env.write("../.gitconfig", "[user]\nname = Home\nemail = home@example.com\n");
    env.write("../other", "[user]\nname = Other\nemail = other@example.com\n");
    let other = env.dir().join("../other");
    assert_eq!(author(&env, &[("GIT_CONFIG_GLOBAL", &other.to_string_lossy())]), "Other <other@example.com> Other");
}

#[test]
fn the_file_that_stands_for_the_system_one_yields_to_keys_of_the_environment() {
    let env = Env::new();
    env.write("../system", "[user]\nname = System\nemail = system@example.com\n");
    let system = env.dir().join("../system");
    let set = [
        ("GIT_CONFIG_SYSTEM", &*system.to_string_lossy()),
        ("GIT_CONFIG_NOSYSTEM", "0"),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "user.name"),
        ("GIT_CONFIG_VALUE_0", "Key"),
    ];
    assert_eq!(author(&env, &set), "Key <system@example.com> Key");
}
