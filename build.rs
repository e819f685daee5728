//! Links the program at a fixed address, as Go links its own, where the platform has such programs.
//!
//! Half of the time in which `kehu --version` answers went into moving tables to an address of the day: 56,000
//! pointers on 375 pages, most of them names of time zones. See `docs/decisions.md`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
