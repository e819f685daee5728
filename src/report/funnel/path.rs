//! How far leads and opportunities came: the steps of the funnel, and one path a lead or an opportunity without one.

use crate::record::{Money, OPPORTUNITY, Record, Words};
use crate::report::deals::{Deal, Descent};
use crate::report::view::View;
use crate::rules::Snapshot;
use crate::words;

/// The running number of the step at which an opportunity begins; the two before it are of leads.
pub const OPENED: usize = 2;

/// The steps in order: lead, qualified, opportunity, the further stages, won.
pub struct Steps<'a> {
    /// Key and name of each.
    pub list: Vec<(&'a str, Words)>,
    /// The stages of open opportunities; the first is the step [`OPENED`].
    open: Vec<&'a str>,
}

/// What became of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is neither won nor lost.
    Open,
    /// It is won.
    Won,
    /// It is lost: a disqualified lead, or opportunities all of which are lost.
    Lost,
}

/// A lead with the opportunities that came of it, or an opportunity that came of no lead.
pub struct Path<'a> {
    /// The lead, or the opportunity.
    pub record: &'a Record,
    /// The furthest step it reached.
    pub reached: usize,
    /// What became of it.
    pub end: End,
    /// The step each of its opportunities reached, and what it is worth.
    pub worth: Vec<(usize, Option<Money>)>,
    /// Its opportunities.
    pub opportunities: Vec<&'a Record>,
}

impl<'a> Steps<'a> {
    /// Returns the steps of the repository's stages.
    pub fn of(snapshot: &'a Snapshot) -> Steps<'a> {
        let stages = &snapshot.config.stages.list;
        let open: Vec<_> = stages.iter().filter(|stage| !matches!(stage.key.as_str(), "won" | "lost")).collect();
        let mut list = vec![
            ("lead", words!("Lead", "线索")),
            ("qualified", words!("Qualified", "已确认")),
            ("opportunity", OPPORTUNITY.label.into()),
        ];
        list.extend(open.iter().skip(1).map(|stage| (stage.key.as_str(), stage.label.clone())));
        let won = stages.iter().find(|stage| stage.key == "won");
        list.push(("won", won.map_or_else(|| words!("Won", "成交"), |stage| stage.label.clone())));
        Steps { list, open: open.iter().map(|stage| stage.key.as_str()).collect() }
    }

    /// Returns the last step.
    pub fn won(&self) -> usize {
        self.list.len() - 1
    }

    /// Returns the furthest step an opportunity is known to have reached.
    fn reached(&self, deal: &Deal<'_>) -> usize {
        let stage = match deal.is_lost() {
            true => deal.record.text("lost_stage"),
            false => deal.record.text("stage"),
        };
        match stage {
            _ if deal.is_won() => self.won(),
            stage => OPENED + self.open.iter().position(|open| Some(*open) == stage).unwrap_or(0),
        }
    }
}

/// Returns the paths of the report: the leads acquired in its period, and the opportunities without a lead opened in it.
pub fn paths<'a>(view: &View<'a>, steps: &Steps<'_>) -> Vec<Path<'a>> {
    let descent = Descent::new(view);
    let of_leads = view.new_leads().into_iter().map(|lead| of_lead(lead, descent.of(lead), steps));
    let mut paths: Vec<Path<'_>> = of_leads.collect();
    let direct = descent.direct.iter().filter(|deal| view.period.holds(deal.record.date("opened_on")));
    paths.extend(direct.map(|deal| path(deal.record, OPENED, std::slice::from_ref(deal), steps)));
    paths
}

fn of_lead<'a>(lead: &'a Record, deals: &[Deal<'a>], steps: &Steps<'_>) -> Path<'a> {
    let (own, is_lost) = match lead.text("status") {
        Some("converted") => (OPENED, false),
        Some("qualified") => (1, false),
        Some("disqualified") => (0, true),
        _ => (0, false),
    };
    let mut path = path(lead, own, deals, steps);
    if deals.is_empty() && is_lost {
        path.end = End::Lost;
    }
    path
}

fn path<'a>(record: &'a Record, own: usize, deals: &[Deal<'a>], steps: &Steps<'_>) -> Path<'a> {
    let worth: Vec<_> = deals.iter().map(|deal| (steps.reached(deal), deal.worth())).collect();
    let end = match deals {
        [] => End::Open,
        _ if deals.iter().any(Deal::is_won) => End::Won,
        _ if deals.iter().all(Deal::is_lost) => End::Lost,
        _ => End::Open,
    };
    let reached = worth.iter().map(|(step, _)| *step).fold(own, usize::max);
    Path { record, reached, end, worth, opportunities: deals.iter().map(|deal| deal.record).collect() }
}
