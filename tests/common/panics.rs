//! Hears panics that are caught: those of libraries become one line to a user, those of our own code are mistakes.

use std::sync::{Mutex, Once};

static OWN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Starts to listen; of libraries' panics nothing is printed from now on.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The first read sets the hook that keeps caught panics quiet; ours comes after it and hears all.
        let empty = kehu::import::Input { name: "x.csv", bytes: b"" };
        assert!(kehu::import::read_table(&empty, &kehu::import::ReadOptions::default()).is_err());
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| match panic.location() {
            Some(place) if place.file().starts_with("src/") => OWN.lock().unwrap().push(panic.to_string()),
            Some(place) if place.file().contains("/.cargo/") || place.file().contains("/rustc/") => {}
            _ => before(panic),
        }));
    });
}

/// Returns what was heard of our own code.
pub fn own() -> Vec<String> {
    OWN.lock().unwrap().clone()
}
