//! The names most like a mistyped one.

use crate::record::dictionary::fold_name;

/// How alike two names must be, from 0 to 1 by Jaro–Winkler, for one to be offered for the other.
const ALIKE: f64 = 0.75;

/// How far behind the best a name may be and still be offered beside it.
const BEHIND: f64 = 0.08;

/// Returns up to three canonical names whose spelling is most like `wanted`, best first.
///
/// `names` pairs a spelling with the name it stands for.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<&'a str> {
    let wanted = fold_name(wanted);
    let mut scored: Vec<(f64, &str)> = names
        .into_iter()
        .map(|(spelling, name)| (strsim::jaro_winkler(&fold_name(spelling), &wanted), name))
        .filter(|(score, _)| *score > ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let best = scored.first().map_or(1.0, |(score, _)| *score);
    let mut names: Vec<&str> = Vec::new();
    for (score, name) in scored {
        if score >= best - BEHIND && !names.contains(&name) && names.len() < 3 {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_comes_first_and_once() {
        let names =
            [("company", "company"), ("公司名称", "company"), ("contact_name", "contact_name"), ("size", "size")];
        assert_eq!(nearest("compny", names), ["company"]);
        assert_eq!(nearest("公司名", names), ["company"]);
        assert!(nearest("xyz", names).is_empty());
    }
}
