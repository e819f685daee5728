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

/// The name of the record itself among fields in conflict: one side removed it.
pub const WHOLE: &str = "*";

/// Returns the name of a place in a record from the keys on the way, an element of a table by what it is called:
/// `contacts.李女士.email`. Letters of any script are bare, what else is odd is in quotes: `custom."a b"`.
pub fn join_name<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let bare = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "-_#@+*".contains(c));
    let mut out = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        out.push_str(if at > 0 { "." } else { "" });
        if bare(part) {
            out.push_str(part);
        } else {
            out.push_str(&format!("\"{}\"", part.replace('\\', "\\\\").replace('"', "\\\"")));
        }
    }
    out
}

/// Returns the parts of a name that [`join_name`] made; a quote that is not closed goes to the end.
pub fn split_name(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in name.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => {
                escaped = true;
                continue;
            }
            '"' => {
                quoted = !quoted;
                continue;
            }
            '.' if !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_places() {
        assert_eq!(join_name(["contacts", "李女士#2", "email"]), "contacts.李女士#2.email");
        assert_eq!(join_name(["custom", "a b", ""]), "custom.\"a b\".\"\"");
        assert_eq!(split_name("contacts.\"J. Wang\".email"), ["contacts", "J. Wang", "email"]);
        assert_eq!(split_name("x.\"open"), ["x", "open"]);
    }

    proptest! {
        #[test]
        fn a_name_is_split_into_what_it_was_made_of(parts in proptest::collection::vec(".{0,8}", 1..4)) {
            prop_assert_eq!(split_name(&join_name(parts.iter().map(String::as_str))), parts);
        }
    }
}
