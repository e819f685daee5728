//! Fields that go together: the reason of a loss with the stage, the day of assignment with the owner.
//!
//! A stage of one side with the reason of the other is what nobody said. So where a field is in conflict, what goes
//! with it is theirs as well, and in conflict as well wherever the sides differ in it.

use super::settle::put;
use super::shape::{Facts, Shape, facts};
use super::three::{Found, Step};
use super::tree::{Body, Document, Id, Item};
use super::value;
use crate::record::followers;

/// Makes what goes with the fields in conflict theirs, and tells it as a conflict.
pub(super) fn together(
    shape: Shape,
    document: &mut Document,
    base: Option<&Document>,
    [ours, theirs]: [&Document; 2],
    found: &mut Vec<Found>,
) {
    let Shape::Fields(fields) = shape else { return };
    let key_of = |found: &Found| match found.path.as_slice() {
        [Step::Key(key)] => Some(key.clone()),
        _ => None,
    };
    let mut torn: Vec<String> = found.iter().filter_map(key_of).collect();
    let leads = torn.clone();
    for field in leads.iter().flat_map(|lead| followers(fields, lead)) {
        let of = |document| body_of(document, field.key);
        let facts_of = |body: Option<&Body>| body.map(|body| facts(Shape::One(field.ty), body));
        let sides: [Option<Facts>; 2] = [facts_of(of(ours)), facts_of(of(theirs))];
        if torn.iter().any(|key| key == field.key) || sides[0] == sides[1] {
            continue;
        }
        let text = |document| of(document).map(value::text);
        let values = [base.and_then(text), text(ours), text(theirs)];
        let path = [field.key.to_string()];
        if put(shape, document, &path, values[2].as_deref()).is_some() {
            found.push(Found { path: path.into_iter().map(Step::Key).collect(), values });
            torn.push(field.key.to_string());
        }
    }
}

/// Returns the value of a field that stands on a line of its own.
fn body_of<'a>(document: &'a Document, key: &str) -> Option<&'a Body> {
    let is_it = |item: &&Item| matches!(&item.id, Id::Pair(path) if path.as_slice() == [key]);
    document.items.iter().find(is_it).map(|item| &item.body)
}

#[cfg(test)]
mod tests {
    use super::super::{Authors, Merged, Settlement, Sides, merge_record, settle};
    use crate::record::{Kind, LEAD, OPPORTUNITY};

    const OPEN: &str = "stage = \"proposal\"\nname = \"甲\"\namount = 100.00\n";
    const LOST: &str = "stage = \"lost\"\nname = \"甲\"\namount = 100.00\nclosed_on = 2026-03-12\n\
                        lost_stage = \"proposal\"\nlost_reason = \"price\"\nlost_note = \"a third dearer\"\n";
    const ON: &str = "stage = \"negotiation\"\nname = \"甲\"\namount = 90.00\n";

    fn merged(kind: Kind, base: &str, ours: &str, theirs: &str) -> (String, Vec<String>) {
        let sides = Sides { base: Some(base), ours: Some(ours), theirs: Some(theirs) };
        let Merged { text, conflicts, .. } = merge_record(kind, sides, &Authors::default(), &Authors::default());
        (text.unwrap(), conflicts.into_iter().map(|conflict| conflict.field).collect())
    }

    fn without_entries(text: &str) -> &str {
        text.split("\n[[conflicts]]").next().unwrap()
    }

    #[test]
    fn a_loss_here_and_a_step_there_are_told_apart_and_either_may_be_taken() {
        let wanted = ["stage", "closed_on", "lost_stage", "lost_reason", "lost_note"];
        for (ours, theirs) in [(LOST, ON), (ON, LOST)] {
            let (text, fields) = merged(OPPORTUNITY, OPEN, ours, theirs);
            assert_eq!(fields, wanted);
            let theirs = without_entries(&text).replace("90.00", "100.00");
            assert_eq!(theirs, if ours == ON { LOST.to_string() } else { ON.replace("90.00", "100.00") });
            assert!(without_entries(&text).contains("amount = 90.00"), "what is apart is merged: {text}");
            let taken =
                fields.iter().fold(text, |text, field| settle(OPPORTUNITY, &text, field, &Settlement::Ours).unwrap());
            assert_eq!(taken.replace("90.00", "100.00"), ours.replace("90.00", "100.00"));
        }
    }

    #[test]
    fn two_losses_keep_the_note_of_their_reason() {
        let ours = LOST.replace("\"price\"", "\"other\"").replace("a third dearer", "moved away");
        let theirs = LOST.replace("\"price\"", "\"budget\"").replace("lost_note = \"a third dearer\"\n", "");
        let (text, fields) = merged(OPPORTUNITY, LOST, &ours, &theirs);
        assert_eq!((fields.join(" "), without_entries(&text)), ("lost_reason lost_note".to_string(), &*theirs));
    }

    #[test]
    fn what_one_side_did_alone_is_no_conflict() {
        let (text, fields) = merged(OPPORTUNITY, OPEN, LOST, &OPEN.replace("100", "90"));
        assert_eq!((text, fields.len()), (LOST.replace("100", "90"), 0));
        let base = "status = \"new\"\ncompany = \"甲\"\n";
        let given = |login: &str| {
            format!(
                "status = \"assigned\"\ncompany = \"甲\"\nowner = \"{login}\"\nassigned_at = 2026-03-12T09:00:00Z\n"
            )
        };
        let (_, fields) = merged(LEAD, base, &given("li"), &given("wu"));
        assert_eq!(fields, ["owner"], "assigned at the same moment");
    }
}
