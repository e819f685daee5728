//! What a report looks at: the records its owner, department and filter admit, and its period.
//!
//! Decides whose a record is: a lead's, a customer's and an opportunity's person is the owner, a follow-up's the author.

use super::deals::Deal;
use super::period::Period;
use super::{Input, Report};
use crate::query::Filter;
use crate::record::dictionary::fold_name;
use crate::record::{
    CONTRACT, CUSTOMER, FOLLOWUP, Failure, Kind, LEAD, Number, OPPORTUNITY, Record, Result, TICKET, USER,
};
use crate::rules::Snapshot;
use crate::rules::listing::SnapshotValues;
use crate::rules::model::Grade;
use crate::rules::score::{Missing, assess_in};
use crate::rules::stay::Stay;
use crate::words;
use chrono::{DateTime, Duration, FixedOffset, NaiveDate};
use chrono_tz::Tz;
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A follow-up entered later than this after it took place is late. DOMAIN: follow-up and cadence.
const LATE_AFTER: Duration = Duration::hours(24);

/// The records a report is about.
pub struct View<'a> {
    /// All records.
    pub snapshot: &'a Snapshot,
    /// The days the report is about.
    pub period: Period,
    /// What leads were when the period began, where that is known.
    pub earlier: Option<&'a HashMap<Number, String>>,
    /// The stages that opportunities went through, where that is known.
    pub stays: Option<&'a HashMap<Number, Vec<Stay>>>,
    /// The leads admitted, by number.
    pub leads: Vec<&'a Record>,
    /// Whose records are admitted; everybody's and nobody's when absent.
    logins: Option<BTreeSet<&'a str>>,
    filter: Option<(Kind, &'a Filter)>,
    seen: Option<&'a HashSet<String>>,
}

/// A lead with what its score says.
pub struct Graded<'a> {
    /// The lead.
    pub lead: &'a Record,
    /// The running number of its grade, best first.
    pub grade: usize,
    /// Its points.
    pub total: Decimal,
    /// The points it could still reach.
    pub reachable: Decimal,
    /// What it lacks for the dimensions nothing is known of.
    pub missing: Vec<Missing>,
}

impl<'a> View<'a> {
    /// Selects what `report` looks at.
    ///
    /// Fails when the owner or the department is not known.
    pub fn new(report: &Report, input: &Input<'a>) -> Result<View<'a>> {
        let snapshot = input.snapshot;
        let mut view = View {
            snapshot,
            period: report.period(input.period.clone(), snapshot.as_of.today()),
            earlier: input.earlier,
            stays: input.stays,
            leads: Vec::new(),
            logins: logins(input)?,
            filter: input.filter.map(|filter| (report.filters, filter)),
            seen: input.seen,
        };
        view.leads = view.select(LEAD, "owner");
        Ok(view)
    }

    /// Returns the zone days begin in.
    pub fn zone(&self) -> Tz {
        self.snapshot.config.settings.timezone
    }

    /// Returns the day of a moment in the repository's zone.
    pub fn day(&self, at: DateTime<FixedOffset>) -> NaiveDate {
        at.with_timezone(&self.zone()).date_naive()
    }

    /// Returns the leads acquired in the period.
    pub fn new_leads(&self) -> Vec<&'a Record> {
        self.leads.iter().copied().filter(|lead| self.period.holds(lead.date("acquired_on"))).collect()
    }

    /// Returns the customers admitted; none under a filter of leads.
    pub fn customers(&self) -> Vec<&'a Record> {
        if self.filters_leads() { Vec::new() } else { self.select(CUSTOMER, "owner") }
    }

    /// Returns the opportunities admitted, of any day; under a filter of leads only those that came of these leads.
    pub fn deals(&self) -> Vec<Deal<'a>> {
        let mut all = self.select(OPPORTUNITY, "owner");
        if self.filters_leads() {
            let leads: HashSet<&str> = self.leads.iter().map(|lead| lead.number.as_str()).collect();
            all.retain(|one| one.text("lead").is_some_and(|lead| leads.contains(lead)));
        }
        all.into_iter().map(|one| Deal::new(one, self.snapshot)).collect()
    }

    /// Returns the stages that an opportunity went through, oldest first; none where that is not known.
    pub fn stays_of(&self, opportunity: &Record) -> &'a [Stay] {
        self.stays.and_then(|stays| stays.get(opportunity.number.as_str())).map_or(&[], Vec::as_slice)
    }

    /// Returns the contracts admitted, of any day.
    pub fn contracts(&self) -> Vec<&'a Record> {
        self.select(CONTRACT, "owner")
    }

    /// Returns the tickets raised in the period, none of the future.
    pub fn tickets(&self) -> Vec<&'a Record> {
        let mut raised = self.select(TICKET, "owner");
        let now = self.snapshot.as_of.moment;
        raised.retain(|ticket| match ticket.moment("raised_at") {
            Some(at) => at <= now && self.period.holds(Some(self.day(at))),
            None => self.period.holds(None),
        });
        raised
    }

    /// Returns the name of the customer a record names; its number where there is no such customer.
    pub fn name_of_customer(&self, record: &'a Record) -> &'a str {
        let number = record.text("customer").unwrap_or_default();
        self.snapshot.find(number).map_or(number, Record::title)
    }

    /// Returns the follow-ups that took place in the period, none of the future; under a filter of leads only those of these leads.
    pub fn followups(&self) -> Vec<&'a Record> {
        let mut made = self.select(FOLLOWUP, "author");
        let now = self.snapshot.as_of.moment;
        made.retain(|followup| match followup.moment("at") {
            Some(at) => at <= now && self.period.holds(Some(self.day(at))),
            None => self.period.holds(None),
        });
        if self.filters_leads() {
            let leads: HashSet<&str> = self.leads.iter().map(|lead| lead.number.as_str()).collect();
            made.retain(|followup| followup.text("subject").is_some_and(|subject| leads.contains(subject)));
        }
        made
    }

    /// Tells whether a lead came to be in the status it is in during the period.
    pub fn became(&self, lead: &Record, status: &str) -> bool {
        let earlier = || self.earlier.and_then(|earlier| earlier.get(lead.number.as_str()));
        lead.text("status") == Some(status)
            && (self.period.holds(lead.date("acquired_on")) || earlier().is_some_and(|was| was != status))
    }

    /// Returns the grades, best first.
    pub fn grades(&self) -> &'a [Grade] {
        &self.snapshot.config.model.grades
    }

    /// Scores leads, keeping their order.
    pub fn score(&self, leads: &[&'a Record]) -> Vec<Graded<'a>> {
        let one = |lead: &&'a Record| {
            let score = assess_in(lead, self.snapshot);
            let missing = score.missing().collect();
            Graded { lead, grade: score.grade, total: score.total, reachable: score.reachable, missing }
        };
        leads.par_iter().map(one).collect()
    }

    /// Returns the key of a grade.
    pub fn grade_key(&self, grade: usize) -> Option<&'a str> {
        self.grades().get(grade).map(|grade| grade.key.as_str())
    }

    /// Returns the records of any kind that are admitted and of the period; those without a day only for all time.
    ///
    /// Products and users are nobody's: none of them when somebody's records or certain leads are asked for.
    pub fn records(&self, kind: Kind) -> Vec<&'a Record> {
        if kind == LEAD {
            return self.new_leads();
        }
        if kind == FOLLOWUP {
            return self.followups();
        }
        if kind == CUSTOMER {
            let mut customers = self.customers();
            customers.retain(|customer| self.period.holds(customer.date("acquired_on")));
            return customers;
        }
        if self.is_whole() && self.period.holds(None) {
            self.snapshot.records(kind).iter().collect()
        } else {
            Vec::new()
        }
    }

    /// Tells whether a person's records are looked at; those of nobody where everybody's are.
    pub fn admits(&self, login: Option<&str>) -> bool {
        self.logins.as_ref().is_none_or(|logins| login.is_some_and(|login| logins.contains(login)))
    }

    /// Tells whether the deals of these people, of everybody for none, are all among the records: who sells reads the own.
    pub fn sees(&self, logins: Option<&[&str]>) -> bool {
        let all =
            |seen: &HashSet<String>| logins.is_some_and(|logins| logins.iter().all(|login| seen.contains(*login)));
        self.seen.is_none_or(all)
    }

    /// Tells whether everybody's records are looked at, without a filter.
    pub fn is_whole(&self) -> bool {
        self.logins.is_none() && self.filter.is_none()
    }

    fn filters_leads(&self) -> bool {
        self.filter.is_some_and(|(kind, _)| kind == LEAD)
    }

    /// Returns the records of a kind whose `person` is admitted and that the filter, if it is one of this kind, lets by.
    fn select(&self, kind: Kind, person: &str) -> Vec<&'a Record> {
        let filter = self.filter.filter(|(filters, _)| *filters == kind).map(|(_, filter)| filter);
        let admits = |record: &&Record| {
            let mine = self
                .logins
                .as_ref()
                .is_none_or(|logins| record.text(person).is_some_and(|login| logins.contains(login)));
            let values = SnapshotValues::new(record, self.snapshot);
            mine && filter.is_none_or(|filter| filter.matches(&values))
        };
        self.snapshot.records(kind).par_iter().filter(admits).collect()
    }
}

/// Tells whether a follow-up was entered more than 24 hours after it took place.
pub fn is_late(followup: &Record) -> bool {
    match (followup.moment("at"), followup.moment("logged_at")) {
        (Some(at), Some(logged)) => logged - at > LATE_AFTER,
        _ => false,
    }
}

/// Returns the logins whose records are asked for, nothing when everybody's are.
fn logins<'a>(input: &Input<'a>) -> Result<Option<BTreeSet<&'a str>>> {
    let users = input.snapshot.records(USER);
    let owner = input.owner.map(|owner| find_login(input.snapshot, owner)).transpose()?;
    let Some(department) = input.department else {
        return Ok(owner.map(|login| BTreeSet::from([login])));
    };
    let wanted = fold_name(department);
    let of_department = |user: &&Record| user.text("department").is_some_and(|name| fold_name(name) == wanted);
    let members: BTreeSet<&str> = users.iter().filter(of_department).map(|user| user.number.as_str()).collect();
    if members.is_empty() {
        let known: BTreeSet<&str> = users.iter().filter_map(|user| user.text("department")).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let failure =
            Failure::not_found(words!("no user is in department `{department}`", "没有用户属于部门 `{department}`"));
        return Err(match known.is_empty() {
            true => {
                failure.hint(words!("give users a department with `kehu user set`", "可用 `kehu user set` 设置部门"))
            }
            false => failure.hint(words!("known departments: {known}", "已有部门：{known}")),
        });
    }
    Ok(Some(members.into_iter().filter(|login| owner.is_none_or(|owner| owner == *login)).collect()))
}

/// Returns the login that `text` names: a user by login or name, or a login that stands in a record.
fn find_login<'a>(snapshot: &'a Snapshot, text: &'a str) -> Result<&'a str> {
    let wanted = fold_name(text);
    let users = snapshot.records(USER);
    let named = |user: &&Record| user.text("name").is_some_and(|name| fold_name(name) == wanted);
    if let Some(user) = users.iter().find(|user| user.number.as_str() == text).or_else(|| users.iter().find(named)) {
        return Ok(user.number.as_str());
    }
    let stands = |(kind, person): &(Kind, &str)| snapshot.records(*kind).iter().any(|r| r.text(person) == Some(text));
    if [
        (LEAD, "owner"),
        (CUSTOMER, "owner"),
        (OPPORTUNITY, "owner"),
        (CONTRACT, "owner"),
        (TICKET, "owner"),
        (FOLLOWUP, "author"),
    ]
    .iter()
    .any(stands)
    {
        return Ok(text);
    }
    Err(Failure::not_found(words!("there is no user `{text}`", "没有用户 `{text}`"))
        .hint(words!("`kehu user list` shows the users", "`kehu user list` 列出全部用户")))
}
