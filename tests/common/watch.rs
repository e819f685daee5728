//! Watches a reader at work: its time, and panics that are caught. Those of libraries become one line to a user,
//! those of our own code are mistakes.

use std::sync::{Mutex, Once};
use std::time::Duration;

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

/// Returns the processor's time this thread took so far, which other work on the machine does not lengthen.
pub fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes the struct it is given and nothing else.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) }, 0);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
