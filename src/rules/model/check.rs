//! What must hold between the parts of a model once they are read; findings go to the source.

use super::condition::Condition;
use super::source::{Placed, Source, Table};
use super::{Derivation, Dimension, Grade, Tier};
use crate::words;
use rust_decimal::Decimal;

/// Notes tables that have the key of one above them.
pub(super) fn unique<'a>(source: &mut Source<'a>, tables: &[Table<'a>]) {
    let mut seen: Vec<&str> = Vec::new();
    for table in tables {
        let Some(Placed { value, at }) = table.plain_text("key") else { continue };
        if seen.contains(&value) {
            source.report(at, "scoring-duplicate", words!("`{value}` is there already", "“{value}”重复"));
        }
        seen.push(value);
    }
}

/// Notes weights that do not sum to the maximum.
pub(super) fn sum(source: &mut Source<'_>, maximum: Placed<Decimal>, dimensions: &[Dimension]) {
    let (sum, most) = (total(dimensions.iter().map(|d| d.weight)), maximum.value.normalize());
    if sum != Some(most) {
        let sum = sum.map_or_else(|| "…".to_string(), |sum| sum.normalize().to_string());
        let message =
            words!("the weights sum to {sum}, not to the maximum {most}", "各维度权重之和为 {sum}，不等于满分 {most}");
        source.report(maximum.at, "scoring-weights", message);
    }
}

fn total(numbers: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    for number in numbers {
        sum = sum.checked_add(number)?;
    }
    Some(sum.normalize())
}

/// Notes grades that do not stand from the highest to the lowest, the last from 0.
pub(super) fn grades<'a>(source: &mut Source<'a>, tables: &[Table<'a>], grades: &[Grade], maximum: Decimal) {
    for (at, grade) in grades.iter().enumerate() {
        let (key, place) = (&grade.key, tables[at].at_key("from"));
        if grade.from > maximum {
            let message = words!("grade `{key}` begins above the maximum", "级别“{key}”的起点高于满分");
            source.report(place, "scoring-threshold", message);
        }
        let above = at.checked_sub(1).and_then(|before| grades.get(before));
        if let Some(above) = above.filter(|above| above.from <= grade.from) {
            let above = &above.key;
            let message = words!(
                "grade `{key}` must begin below `{above}`, which stands above it",
                "级别“{key}”的起点须低于其上的“{above}”"
            );
            source.report(place, "scoring-threshold", message);
        }
        if at + 1 == grades.len() && !grade.from.is_zero() {
            let message = words!("the last grade must begin at 0", "最后一个级别须从 0 开始");
            source.report(place, "scoring-threshold", message);
        }
    }
}

/// Notes points above the weight, a first tier below it, and tiers that do not stand from the most to the least.
pub(super) fn points<'a>(source: &mut Source<'a>, tables: &[Table<'a>], dimension: &Dimension) {
    let (name, weight) = (&dimension.key, dimension.weight.normalize());
    for (at, tier) in dimension.tiers.iter().enumerate() {
        let (key, points, place) = (&tier.key, tier.points.normalize(), tables[at].at_key("points"));
        let above = at.checked_sub(1).and_then(|before| dimension.tiers.get(before));
        let message = if points > weight {
            words!(
                "tier `{key}` gives {points}, more than the weight {weight} of `{name}`",
                "档位“{key}”的 {points} 分超过“{name}”的权重 {weight}"
            )
        } else if at == 0 && points != weight {
            words!(
                "the first tier of `{name}` must give its weight {weight}, not {points}",
                "“{name}”的首档须为其权重 {weight} 分，而不是 {points}"
            )
        } else if above.is_some_and(|above| above.points < tier.points) {
            words!("tier `{key}` gives more than the one above it", "档位“{key}”的分数高于其上一档")
        } else {
            continue;
        };
        source.report(place, "scoring-points", message);
    }
}

/// Notes bounds that are absent, overlap or stand where the rest is taken.
pub(super) fn bounds<'a>(source: &mut Source<'a>, tables: &[Table<'a>], dimension: &Dimension) {
    let Some(by) = dimension.by else { return };
    let (bound, last) = (by.bound_key(), dimension.tiers.len() - 1);
    let mut above: Option<Decimal> = None;
    for (at, tier) in dimension.tiers.iter().enumerate() {
        let (key, place) = (&tier.key, tables[at].at_key(bound));
        let message = match (tier.bound, above) {
            (None, _) if at < last => words!("tier `{key}` needs `{bound}`", "档位“{key}”缺少“{bound}”"),
            (Some(_), _) if at == last => words!(
                "the last tier `{key}` takes the rest and has no `{bound}`",
                "末档“{key}”取其余，不能有“{bound}”"
            ),
            (Some(here), _) if by == Derivation::ExpectedOn && !(here.is_integer() && here <= Decimal::from(1200)) => {
                words!("`{bound}` must be whole months, 1200 at most", "“{bound}”须为整月数，最多 1200")
            }
            (Some(here), Some(above)) if !is_beyond(by, above, here) => {
                words!("tier `{key}` overlaps the one above it", "档位“{key}”与上一档重叠")
            }
            _ => {
                above = tier.bound.or(above);
                continue;
            }
        };
        source.report(place, "scoring-overlap", message);
    }
}

/// Tells whether a bound lies beyond the one above it, in the direction of the derivation.
fn is_beyond(by: Derivation, above: Decimal, here: Decimal) -> bool {
    match by {
        Derivation::ExpectedOn => here > above,
        Derivation::Budget | Derivation::Staff => here < above,
    }
}

/// Notes conditions that never decide, because one above them takes all they would.
pub(super) fn conditions<'a>(source: &mut Source<'a>, tables: &[Table<'a>], dimension: &Dimension) {
    for (name, condition) in [
        ("when", (|tier| tier.when.as_ref()) as fn(&Tier) -> Option<&Condition>),
        ("assume_when", |tier| tier.assume_when.as_ref()),
    ] {
        for (at, tier) in dimension.tiers.iter().enumerate() {
            let Some(here) = condition(tier) else { continue };
            let above =
                dimension.tiers[..at].iter().find(|above| condition(above).is_some_and(|above| above.covers(here)));
            if let Some(above) = above {
                let (key, above) = (&tier.key, &above.key);
                let message = words!(
                    "tier `{key}` overlaps `{above}` above it, which takes all it would",
                    "档位“{key}”与其上的“{above}”重叠，永远不会生效"
                );
                source.report(tables[at].at_key(name), "scoring-overlap", message);
            }
        }
    }
}
