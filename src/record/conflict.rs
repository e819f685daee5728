//! The conflict (冲突): what two people made of the same field, kept in the record until somebody settles it.

use super::field::{Field, FieldType as T};

/// The key of the field that lists the conflicts of a record.
pub const CONFLICTS: &str = "conflicts";

/// The last field of every kind: its conflicts. A merge writes them, and settling takes them out.
pub(super) const FIELD: Field = Field::new(CONFLICTS, T::Table(CONFLICT), "Conflicts", "冲突").own();

/// One conflict. A value that is absent was absent there.
pub const CONFLICT: &[Field] = &[
    Field::new("field", T::Text, "Field", "字段").required(),
    Field::new("removed", T::Text, "Removed by", "删除方"),
    Field::new("base", T::Any, "Before", "原值"),
    Field::new("ours", T::Any, "Ours", "我方"),
    Field::new("ours_by", T::Text, "Ours by", "我方修改人"),
    Field::new("ours_at", T::Moment, "Ours at", "我方修改时间"),
    Field::new("theirs", T::Any, "Theirs", "对方"),
    Field::new("theirs_by", T::Text, "Theirs by", "对方修改人"),
    Field::new("theirs_at", T::Moment, "Theirs at", "对方修改时间"),
];
