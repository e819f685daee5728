//! What a lead or a customer knows of records that were, or seemed to be, the same one. DOMAIN: duplicates.
//!
//! Both hold numbers of records of the own kind or the other, and both are kept by kehu itself: `kehu dedupe` writes them.

use super::field::{Field, FieldType as T};

/// The key of the field with the numbers of records that were merged into this one.
pub const MERGED_FROM: &str = "merged_from";

/// The key of the field with the numbers of records that look like this one and are not the same.
pub const DISTINCT_FROM: &str = "distinct_from";

/// The numbers that went when their records were merged into this one; none of them is given again.
pub(super) const MERGED: Field = Field::new(MERGED_FROM, T::Texts, "Merged from", "合并自").own();

/// The numbers of records that somebody looked at and found to be others.
pub(super) const DISTINCT: Field = Field::new(DISTINCT_FROM, T::Texts, "Not the same as", "确认不同").own();
