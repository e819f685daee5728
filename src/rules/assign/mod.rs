//! Assignment of leads (线索分配): who gets a lead, and why not the others. DOMAIN: assignment and pool.
//!
//! A pure function of leads, snapshot and moment. The first rule of `config/assignment.toml` that fits a lead names
//! who is eligible; where none fits, every sales user is. Who is barred – gone, absent, at a cap – gets nothing. Of
//! the others the best by the first of [`Criterion::ALL`] that tells two apart is chosen: senior first for the
//! grades that want it, what fits skills, regions and products, fewest open leads, longest without one, login.
//!
//! Rulings: the users a rule names are all there are, so that a lead whose users are all barred stays in the pool; what a
//! user's file says of regions and products is a preference, and what must be is a rule.
//!
//! *Invariants:* leads are taken in the order of their numbers, and each counts for those after it; who is chosen is
//! never barred; the answer depends on nothing but records, configuration and day, so `--as-of` gives it again.
//!
//! *Absent on purpose:* stored counts of leads; they follow from owner, status and `assigned_at`.

mod fit;
mod load;
#[cfg(test)]
mod tests;
mod words;

pub use fit::{Aspect, Fit};

use self::fit::{fit_of, rule_fits};
use self::load::{Load, Loads};
use super::Snapshot;
use super::cadence::is_open;
use super::score::assess_in;
use crate::record::{LEAD, Number, Record, USER};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::cmp::Ordering;
use std::collections::HashSet;

/// Who gets a lead, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict<'a> {
    /// The lead.
    pub lead: &'a Record,
    /// Its grade.
    pub grade: &'a str,
    /// The place, from 1, of the rule that named the candidates; none where no rule fits and all sales users are.
    pub rule: Option<usize>,
    /// Everybody eligible: who is chosen first, then the others from best to worst, then who is barred.
    pub candidates: Vec<Candidate<'a>>,
    /// Whether the first of them is chosen; otherwise it stays in the pool.
    pub is_assigned: bool,
}

/// A user as a candidate for a lead, with what decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// The login.
    pub login: &'a str,
    /// What keeps the user from getting it; empty for who might.
    pub bars: Vec<Bar>,
    /// Whether the user is senior.
    pub senior: bool,
    /// What of the lead is the user's.
    pub fit: Fit,
    /// The leads the user got that day, before this one.
    pub today: i64,
    /// The open leads the user holds, before this one.
    pub open: i64,
    /// When the user last got one.
    pub last: Option<DateTime<FixedOffset>>,
    /// Why it is this one or not.
    pub standing: Standing,
}

/// What keeps a user from getting a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// A rule names who is no user.
    Unknown,
    /// The last day at work is past.
    Left(NaiveDate),
    /// The user is away, until this day.
    Absent(NaiveDate),
    /// As many leads that day as the cap, which this is.
    DailyCap(i64),
    /// As many open leads as the cap, which this is.
    OpenCap(i64),
    /// Whoever assigns may not give to that user.
    Reach,
}

/// Why a candidate is chosen or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Barred.
    Barred,
    /// Chosen, as the only one who is not barred.
    Only,
    /// Chosen, by what is better than with the next best.
    Best(Criterion),
    /// Not chosen, by what is worse than with who is.
    Behind(Criterion),
}

/// What tells candidates apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Criterion {
    /// Senior users first, for the grades of `senior_first`.
    Senior,
    /// What of the lead is the user's: skills, regions, products.
    Fit,
    /// Fewest open leads.
    Open,
    /// Longest without getting one; who never got any first.
    Longest,
    /// The login, so that there is always an answer.
    Login,
}

impl Criterion {
    /// Every criterion, in the order they are tried.
    pub const ALL: [Criterion; 5] =
        [Criterion::Senior, Criterion::Fit, Criterion::Open, Criterion::Longest, Criterion::Login];

    fn compare(self, a: &Candidate<'_>, b: &Candidate<'_>, senior_first: SeniorFirst) -> Ordering {
        match self {
            Criterion::Senior if senior_first == SeniorFirst::Yes => b.senior.cmp(&a.senior),
            Criterion::Senior => Ordering::Equal,
            Criterion::Fit => b.fit.points().cmp(&a.fit.points()),
            Criterion::Open => a.open.cmp(&b.open),
            Criterion::Longest => a.last.cmp(&b.last),
            Criterion::Login => a.login.cmp(b.login),
        }
    }
}

/// Whether the grade of a lead goes to senior users first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeniorFirst {
    Yes,
    No,
}

/// Tells to whom whoever assigns may give leads.
pub type MayGive<'a> = &'a dyn Fn(&str) -> bool;

/// Tells whether a lead waits for an owner: it is open and has none.
pub fn is_waiting(lead: &Record) -> bool {
    lead.kind == LEAD && is_open(lead) && lead.text("owner").is_none()
}

/// Returns who gets each of the leads with these numbers, in the order of the numbers, each counting for the next.
///
/// The snapshot needs all leads, users and products.
pub fn assign_all<'a>(numbers: &HashSet<Number>, snapshot: &'a Snapshot, may_give: MayGive<'_>) -> Vec<Verdict<'a>> {
    let mut loads = Loads::of(snapshot);
    let leads = snapshot.records(LEAD).iter().filter(|lead| numbers.contains(&lead.number));
    leads
        .map(|lead| {
            let verdict = assign_one(lead, snapshot, &loads, may_give);
            if let Some(login) = verdict.chosen().map(|chosen| chosen.login) {
                loads.add(login, snapshot);
            }
            verdict
        })
        .collect()
}

impl<'a> Verdict<'a> {
    /// Returns who gets it; none when it stays in the pool.
    pub fn chosen(&self) -> Option<&Candidate<'a>> {
        self.candidates.first().filter(|_| self.is_assigned)
    }
}

fn assign_one<'a>(lead: &'a Record, snapshot: &'a Snapshot, loads: &Loads, may_give: MayGive<'_>) -> Verdict<'a> {
    let assignment = &snapshot.config.assignment;
    let grades = &snapshot.config.model.grades;
    let grade = grades.get(assess_in(lead, snapshot).grade).map_or("", |grade| grade.key.as_str());
    let rule = assignment.rules.iter().position(|rule| rule_fits(rule, lead, grade, snapshot));
    let candidate = |login: &'a str| candidate(login, lead, snapshot, loads.get(login), may_give);
    let candidates = match rule.and_then(|at| assignment.rules.get(at)) {
        Some(rule) => once_each(rule.to.iter().map(String::as_str)).map(candidate).collect(),
        None => sales(snapshot).map(candidate).collect(),
    };
    let is_senior_first = assignment.senior_first.iter().any(|one| one == grade);
    let candidates = ranked(candidates, if is_senior_first { SeniorFirst::Yes } else { SeniorFirst::No });
    let is_assigned = candidates.first().is_some_and(|best| best.bars.is_empty());
    Verdict { lead, grade, rule: rule.map(|at| at + 1), candidates, is_assigned }
}

fn once_each<'a>(logins: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = HashSet::new();
    logins.filter(move |login| seen.insert(*login))
}

fn sales(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    let users = snapshot.records(USER).iter();
    users.filter(|user| user.text("role") == Some("sales")).map(|user| user.number.as_str())
}

fn candidate<'a>(
    login: &'a str,
    lead: &Record,
    snapshot: &Snapshot,
    load: Load,
    may_give: MayGive<'_>,
) -> Candidate<'a> {
    let user = snapshot.find(login).filter(|user| user.kind == USER);
    let mut bars = user.map_or_else(|| vec![Bar::Unknown], |user| bars_of(user, snapshot, load));
    if user.is_some() && !may_give(login) {
        bars.push(Bar::Reach);
    }
    Candidate {
        login,
        bars,
        senior: user.is_some_and(|user| user.flag("senior")),
        fit: user.map(|user| fit_of(user, lead, snapshot)).unwrap_or_default(),
        today: load.today,
        open: load.open,
        last: load.last,
        standing: Standing::Barred,
    }
}

/// Returns what keeps a user from getting a lead, that of caps included.
fn bars_of(user: &Record, snapshot: &Snapshot, load: Load) -> Vec<Bar> {
    let assignment = &snapshot.config.assignment;
    let cap = |key: &str, usual: i64| user.integer(key).unwrap_or(usual);
    let (daily, open) = (cap("daily_cap", assignment.daily_cap), cap("open_cap", assignment.open_cap));
    let mut bars: Vec<Bar> = away(user, snapshot.as_of.today()).into_iter().collect();
    bars.extend((load.today >= daily).then_some(Bar::DailyCap(daily)));
    bars.extend((load.open >= open).then_some(Bar::OpenCap(open)));
    bars
}

/// Returns why a user is not at work on a day: gone or absent.
pub fn away(user: &Record, day: NaiveDate) -> Option<Bar> {
    let left = user.date("left_on").filter(|last| *last < day).map(Bar::Left);
    let absent = || {
        let days = user.rows("absences").iter().filter_map(|row| Some((row.date("from")?, row.date("to")?)));
        days.filter(|(from, to)| *from <= day && day <= *to).map(|(_, to)| to).max().map(Bar::Absent)
    };
    left.or_else(absent)
}

/// Orders candidates, who is barred last, and says of each why it is there.
fn ranked(mut candidates: Vec<Candidate<'_>>, senior_first: SeniorFirst) -> Vec<Candidate<'_>> {
    let compare = |a: &Candidate<'_>, b: &Candidate<'_>| {
        let better = |criterion: &Criterion| (*criterion, criterion.compare(a, b, senior_first));
        Criterion::ALL.iter().map(better).find(|(_, order)| order.is_ne())
    };
    candidates.sort_by(|a, b| {
        let barred = a.bars.is_empty().cmp(&b.bars.is_empty()).reverse();
        barred.then_with(|| compare(a, b).map_or(Ordering::Equal, |(_, order)| order))
    });
    let free = candidates.iter().take_while(|one| one.bars.is_empty()).count();
    let apart = |a: usize, b: usize| compare(&candidates[a], &candidates[b]).map_or(Criterion::Login, |(by, _)| by);
    let standings: Vec<Standing> = (0..free)
        .map(|at| match at {
            0 if free == 1 => Standing::Only,
            0 => Standing::Best(apart(0, 1)),
            at => Standing::Behind(apart(0, at)),
        })
        .collect();
    candidates.iter_mut().zip(standings).for_each(|(candidate, standing)| candidate.standing = standing);
    candidates
}
