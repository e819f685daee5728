//! `config/assignment.toml`: who gets which lead, and when a record returns to the pool.

use super::reader::{Section, Source};
use crate::record::{Dictionary, Finding};

/// `config/assignment.toml`, typed.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Rules in order; the first that fits is used.
    pub rules: Vec<Rule>,
    /// Grades that go to senior users first.
    pub senior_first: Vec<String>,
    /// Leads a user gets a day, unless the user's file says otherwise.
    pub daily_cap: i64,
    /// Open leads a user holds, unless the user's file says otherwise.
    pub open_cap: i64,
    /// When records return, and who may claim them.
    pub pool: Pool,
}

/// One rule: each condition lists the values that fit; an empty one fits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// Keys of `source`; a group stands for its channels.
    pub source: Vec<String>,
    /// Regions, as written in records.
    pub region: Vec<String>,
    /// Numbers or names of products.
    pub product: Vec<String>,
    /// Keys of `industry`.
    pub industry: Vec<String>,
    /// Grades.
    pub grade: Vec<String>,
    /// The users it names eligible.
    pub to: Vec<String>,
}

/// The limits of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Days after which a lead without first response returns.
    pub lead_idle_days: i64,
    /// Days after which a customer without follow-up returns.
    pub customer_idle_days: i64,
    /// Claims a user may make a day.
    pub claims_per_day: i64,
    /// Days until the previous owner may claim again.
    pub previous_owner_waits_days: i64,
}

impl Assignment {
    /// Reads `config/assignment.toml`; keys are checked where the dictionary is known.
    pub fn parse(text: &str, path: &str, dictionary: Option<&Dictionary>) -> Result<Assignment, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let assignment = table.as_ref().and_then(|table| {
            let top = Section::top(&source, table);
            let rules = top.sections("rule").iter().filter_map(|section| rule(section, dictionary)).collect();
            let senior_first = plain_texts(&top, "senior_first");
            let daily_cap = top.required("daily_cap", top.integer("daily_cap", 0..=i64::MAX));
            let open_cap = top.required("open_cap", top.integer("open_cap", 0..=i64::MAX));
            let pool =
                top.required("pool", top.section("pool").map(Section::placed)).and_then(|section| pool(&section.value));
            top.done();
            Some(Assignment {
                rules,
                senior_first,
                daily_cap: daily_cap?.value,
                open_cap: open_cap?.value,
                pool: pool?,
            })
        });
        source.finish(assignment)
    }
}

fn plain_texts(section: &Section<'_>, key: &str) -> Vec<String> {
    section.texts(key).map_or_else(Vec::new, |texts| texts.value.into_iter().map(|text| text.value).collect())
}

fn rule(section: &Section<'_>, dictionary: Option<&Dictionary>) -> Option<Rule> {
    let keys = |key: &str| {
        let texts = section.texts(key).map_or_else(Vec::new, |texts| texts.value);
        for text in &texts {
            section.check_key(key, text, dictionary.and_then(|dictionary| dictionary.get(key)));
        }
        texts.into_iter().map(|text| text.value).collect()
    };
    let (source, industry) = (keys("source"), keys("industry"));
    let [region, product, grade] = ["region", "product", "grade"].map(|key| plain_texts(section, key));
    let to = section.required("to", section.texts("to"));
    section.done();
    let to = to?.value.into_iter().map(|user| user.value).collect();
    Some(Rule { source, region, product, industry, grade, to })
}

fn pool(section: &Section<'_>) -> Option<Pool> {
    let count = |key: &str| section.required(key, section.integer(key, 1..=3650)).map(|count| count.value);
    let [lead, customer, claims, wait] =
        ["lead_idle_days", "customer_idle_days", "claims_per_day", "previous_owner_waits_days"].map(count);
    section.done();
    Some(Pool {
        lead_idle_days: lead?,
        customer_idle_days: customer?,
        claims_per_day: claims?,
        previous_owner_waits_days: wait?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Config;

    #[test]
    fn rules_name_known_keys() {
        let config = Config::default();
        let rest = "daily_cap = 1\nopen_cap = 1\n[pool]\nlead_idle_days = 1\ncustomer_idle_days = 1\nclaims_per_day = 1\nprevious_owner_waits_days = 1\n";
        let text = format!("rule = [{{ source = [\"expo\"], to = [\"li.ming\"] }}]\n{rest}");
        let findings = Assignment::parse(&text, "a", Some(&config.dictionary)).unwrap_err();
        assert_eq!(findings.iter().map(|f| f.problem.code).collect::<Vec<_>>(), ["unknown-key"]);
        let text = text.replace("expo", "exhibition");
        assert_eq!(Assignment::parse(&text, "a", Some(&config.dictionary)).unwrap().rules[0].to, ["li.ming"]);
    }
}
