//! The merge of a file on arbitrary changes: nothing is lost, nothing breaks, the sides may be swapped.

mod edit;
mod seen;

use chrono::{DateTime, FixedOffset};
use edit::{edit, edited};
use kehu::record::{CUSTOMER, Kind, LEAD, Number, PRODUCT, Record};
use kehu::store::codec::{parse, render};
use kehu::store::merge::{Authors, Merged, Side, Sides, merge_file, merge_record};
use proptest::collection::vec;
use proptest::prelude::*;
use seen::{comments, leaves, namesakes, repeats};
use toml::Table;

fn side(by: &str) -> Authors {
    let at = DateTime::parse_from_rfc3339("2026-11-22T09:00:00+08:00").unwrap();
    Authors { last: Some(Side { by: by.into(), at: at as DateTime<FixedOffset> }), ..Authors::default() }
}

fn merge(kind: Kind, base: Option<&str>, ours: &str, theirs: &str) -> Merged {
    let sides = Sides { base, ours: Some(ours), theirs: Some(theirs) };
    merge_record(kind, sides, &side("li.ming"), &side("zhang.wei"))
}

fn number() -> Number {
    Number::parse("X-2026-001").unwrap()
}

fn read(kind: Kind, text: &str) -> Record {
    parse(kind, &number(), text).0.unwrap_or_else(|| panic!("{text}"))
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![3 => Just(CUSTOMER), 2 => Just(LEAD), 1 => Just(PRODUCT)]
}

#[derive(Debug, Clone)]
struct Case {
    kind: Kind,
    base: String,
    ours: String,
    theirs: String,
}

/// How a person's editor leaves a file.
fn wrapped(text: &str, crlf: bool, unended: bool) -> String {
    let text = if unended { text.trim_end_matches('\n').to_string() } else { text.to_string() };
    if crlf { text.replace('\n', "\r\n") } else { text }
}

fn case() -> impl Strategy<Value = Case> {
    let edits = |most: usize| vec(edit(), 0..most);
    (kind(), edits(12), edits(5), edits(5), any::<[bool; 2]>()).prop_map(
        |(kind, base, ours, theirs, [crlf, unended])| {
            let start = render(&Record::new(kind, number())) + "# end\n";
            let base = edited(kind, &start, &base, "base");
            let [ours, theirs] =
                [(&ours, "ours"), (&theirs, "theirs")].map(|(edits, who)| edited(kind, &base, edits, who));
            let [base, ours, theirs] = [base, ours, theirs].map(|text| wrapped(&text, crlf, unended));
            Case { kind, base, ours, theirs }
        },
    )
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    ProptestConfig { cases, max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn one_side_alone_is_taken_as_it_is(case in case()) {
        let Case { kind, base, ours, .. } = &case;
        for (one, other) in [(ours, base), (base, ours)] {
            let merged = merge(*kind, Some(base), one, other);
            prop_assert_eq!(merged.text.as_ref(), Some(ours));
            prop_assert!(merged.conflicts.is_empty() && !merged.marked);
        }
        prop_assert_eq!(merge(*kind, Some(base), ours, ours).text, Some(ours.clone()));
    }

    #[test]
    fn sides_may_be_swapped_where_nothing_conflicts(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let (one, other) = (merge(*kind, Some(base), ours, theirs), merge(*kind, Some(base), theirs, ours));
        prop_assert_eq!(one.conflicts.len(), other.conflicts.len());
        if one.conflicts.is_empty() {
            prop_assert_eq!(&one.text, &other.text);
        }
        prop_assert!(!one.marked);
    }

    #[test]
    fn what_comes_out_is_read_and_merges_again_to_itself(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        // Which of two contacts of one name is meant is not written down anywhere.
        prop_assume!(![base, ours, theirs].into_iter().any(|text| namesakes(&read(*kind, text))));
        // A set that a hand gave an item twice is the same set: a merge may leave the second out, or keep it.
        prop_assume!(![base, ours, theirs].into_iter().any(|text| repeats(text)));
        let merged = merge(*kind, Some(base), ours, theirs);
        let text = merged.text.unwrap();
        read(*kind, &text);
        for side in [theirs, ours, base, &text] {
            let again = merge(*kind, Some(base), &text, side);
            prop_assert!(!again.marked);
            read(*kind, again.text.as_deref().unwrap());
            if side != ours || merged.conflicts.is_empty() {
                prop_assert_eq!(again.text.as_ref(), Some(&text), "{}\n--- with\n{}", text, side);
                prop_assert!(again.conflicts.is_empty());
            }
        }
    }

    #[test]
    fn no_change_of_a_value_is_lost(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let merged = merge(*kind, Some(base), ours, theirs);
        let text = merged.text.unwrap();
        let there: Vec<String> = leaves(&text).into_iter().map(|(path, value)| {
            let last = path.rsplit('/').next().unwrap_or_default();
            if path.contains('=') { last.to_string() } else { value }
        }).collect();
        let old = leaves(base);
        for side in [ours, theirs] {
            for (path, value) in leaves(side).iter().filter(|(path, value)| old.get(*path) != Some(*value)) {
                let wanted = if path.contains('=') { path.rsplit('/').next().unwrap() } else { value };
                prop_assert!(there.iter().any(|one| one == wanted), "{} {} of\n{}\nnot in\n{}", path, value, side, text);
            }
        }
    }

    #[test]
    fn a_value_nobody_changed_stays(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let merged = merge(*kind, Some(base), ours, theirs);
        let text = merged.text.unwrap();
        let [old, one, other, new] = [base, ours, theirs, &text].map(|text| leaves(text));
        // What goes with a field in conflict is in conflict with it, whoever changed it.
        let follows = |path: &str| kind.field(&path[1..]).is_some_and(|field| field.follows.is_some());
        let with_another = |path: &str| follows(path) && merged.conflicts.iter().any(|one| one.field == path[1..]);
        let single = |path: &&String| {
            !path.starts_with("/contacts") && !path.starts_with("/conflicts") && !with_another(path)
        };
        for path in old.keys().chain(one.keys()).chain(other.keys()).filter(single) {
            let wanted = if one.get(path) == old.get(path) { other.get(path) } else { one.get(path) };
            if one.get(path) == old.get(path) || other.get(path) == old.get(path) {
                prop_assert_eq!(new.get(path), wanted, "{} in\n{}", path, text);
            }
        }
    }

    #[test]
    fn comments_of_both_sides_survive(case in case()) {
        let Case { kind, base, ours, theirs } = &case;
        let merged = merge(*kind, Some(base), ours, theirs);
        let (text, old) = (merged.text.unwrap(), comments(base));
        let there = comments(&text);
        // A table that one side removed, leaving its comment, is there again with it when the other side changed it.
        let again = usize::from(!merged.conflicts.is_empty());
        for side in [ours, theirs] {
            for comment in comments(side).iter().filter(|comment| !old.contains(comment)) {
                prop_assert!(there.contains(comment), "{} of\n{}\nnot in\n{}", comment, side, text);
            }
        }
        for comment in &there {
            let most = [base, ours, theirs].map(|text| comments(text).iter().filter(|one| *one == comment).count());
            let count = there.iter().filter(|one| *one == comment).count();
            prop_assert!(count <= most.into_iter().max().unwrap() + again, "{} in\n{}", comment, text);
        }
    }

    #[test]
    fn without_a_base_nothing_is_lost_either(case in case()) {
        let Case { kind, ours, theirs, .. } = &case;
        let merged = merge(*kind, None, ours, theirs);
        let text = merged.text.unwrap();
        let there: Vec<String> = leaves(&text).into_values().collect();
        for side in [ours, theirs] {
            for value in leaves(side).values() {
                prop_assert!(there.contains(value), "{} of\n{}\nnot in\n{}", value, side, text);
            }
        }
    }

    #[test]
    fn no_text_panics_or_is_lost(texts in proptest::array::uniform3("[a-c=\\[\\]{}\"'\n .#客0-9,-]{0,50}"), path in prop::sample::select(vec!["leads/2026/LEAD-2026-001.toml", "config/x.toml", "note.md"])) {
        let [base, ours, theirs] = &texts;
        let sides = Sides { base: Some(base), ours: Some(ours), theirs: Some(theirs) };
        let merged = merge_file(path, sides, &side("a"), &side("b"));
        let toml = |text: &str| text.parse::<Table>().is_ok();
        if path != "note.md" && [base, ours, theirs].iter().all(|text| toml(text)) && !merged.marked {
            prop_assert!(toml(merged.text.as_deref().unwrap_or_default()), "{:?}", merged);
        }
        if path.starts_with("leads") && toml(ours) && toml(theirs) {
            prop_assert!(!merged.marked, "{:?}", merged);
        }
    }
}
