//! The extension `link`: which shared index this one changes, and which of its entries.

use super::bitmap;

/// What a split index says about the shared one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Link {
    /// The check sum of the shared index, which is in its name.
    pub shared: [u8; 20],
    /// The places there of the entries that are gone, in order.
    pub deleted: Vec<u32>,
    /// The places there of the entries whose place is taken by the first ones here, in order.
    pub replaced: Vec<u32>,
}

impl Link {
    /// Reads the extension; none when it is damaged.
    pub fn read(data: &[u8]) -> Option<Link> {
        let (shared, rest) = data.split_first_chunk::<20>()?;
        if rest.is_empty() {
            return Some(Link { shared: *shared, ..Link::default() });
        }
        let (deleted, rest) = bitmap::read(rest)?;
        let (replaced, rest) = bitmap::read(rest)?;
        rest.is_empty().then_some(Link { shared: *shared, deleted, replaced })
    }

    /// Returns the extension's bytes.
    pub fn render(&self) -> Vec<u8> {
        let mut data = self.shared.to_vec();
        bitmap::write(&self.deleted, &mut data);
        bitmap::write(&self.replaced, &mut data);
        data
    }

    /// Returns the name of the shared index.
    pub fn file_name(&self) -> String {
        let digits: String = self.shared.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sharedindex.{digits}")
    }
}
