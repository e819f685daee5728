//! Opportunities: the stages they moved between in the period, and what was won and lost.

use super::Week;
use crate::record::Label;
use crate::report::axis::Axis;
use crate::report::deals::{Deal, of_other_currencies};
use crate::report::table::{Amount, Figure, Table, figures};
use crate::rules::stay::Stay;
use crate::sheet::Sheet;
use crate::words;

figures! {
    /// Moves between two stages.
    Moves {
        count: usize,
    }
}

figures! {
    /// Opportunities of one row that were won or lost.
    Closed {
        won: usize,
        won_amount: Amount,
        lost: usize,
        lost_amount: Amount,
    }
}

impl Closed {
    fn count(&mut self, deal: &Deal<'_>) {
        let (count, amount) = match deal.is_won() {
            true => (&mut self.won, &mut self.won_amount),
            false => (&mut self.lost, &mut self.lost_amount),
        };
        *count += 1;
        *amount += deal.worth();
    }
}

/// Returns the team's moves by the stage before and the stage after.
pub fn moves(week: &Week<'_, '_>) -> Sheet {
    let [from, to] = stages(week);
    let mut table = Table::<2, Moves>::new([&from, &to]);
    for (_, stay) in moved(week) {
        table.at([stay.from.as_deref(), Some(&stay.stage)]).count += 1;
    }
    let mut sheet = table.draw("stage_moves", Label::new("Stage moves", "阶段变动"), vec![count_of_moves()]);
    if week.view.stays.is_none() {
        sheet.notes.push(words!("the history was not looked up", "未查询历史"));
    }
    sheet
}

/// Returns each person's moves, only what there is.
pub fn moves_by_person(week: &Week<'_, '_>) -> Sheet {
    let [from, to] = stages(week);
    let mut table = Table::<3, Moves>::new([&week.people, &from, &to]);
    for (deal, stay) in moved(week) {
        table.at([deal.record.text("owner"), stay.from.as_deref(), Some(&stay.stage)]).count += 1;
    }
    let title = Label::new("Stage moves by person", "各人阶段变动");
    table.draw("stage_moves_by_person", title, vec![count_of_moves()])
}

/// Returns what each person won and lost.
pub fn closed_by_person(week: &Week<'_, '_>) -> Sheet {
    let mut table = week.of_people::<Closed>();
    for deal in closed(week) {
        table.at([deal.record.text("owner")]).count(deal);
    }
    let columns = vec![
        Figure::count("won", "Won", "成交", |row: &Closed| row.won),
        Figure::amount("won_amount", "Won amount", "成交金额", |row: &Closed| row.won_amount),
        Figure::count("lost", "Lost", "失败", |row: &Closed| row.lost),
        Figure::amount("lost_amount", "Lost amount", "失败金额", |row: &Closed| row.lost_amount),
    ];
    table.draw("closed", Label::new("Won and lost", "成交与失败"), columns)
}

/// Returns why opportunities were lost, by person.
pub fn loss_reasons(week: &Week<'_, '_>) -> Sheet {
    let reasons = Axis::dictionary(week.view, "lost_reason", "reason", Label::new("Reason", "原因"));
    let mut table = Table::<2, Closed>::new([&week.people, &reasons]);
    for deal in closed(week).filter(|deal| deal.is_lost()) {
        table.at([deal.record.text("owner"), deal.record.text("lost_reason")]).count(deal);
    }
    let columns = vec![
        Figure::count("lost", "Lost", "失败", |row: &Closed| row.lost),
        Figure::amount("lost_amount", "Lost amount", "失败金额", |row: &Closed| row.lost_amount),
    ];
    table.draw("lost", Label::new("Lost because", "失败原因"), columns)
}

/// Lists what was won in other currencies; nothing when there is none.
pub fn in_other_currencies(week: &Week<'_, '_>) -> Option<Sheet> {
    of_other_currencies(closed(week).filter(|deal| deal.is_won()))
}

/// Walks the opportunities won or lost in the period.
fn closed<'w, 'a>(week: &'w Week<'_, 'a>) -> impl Iterator<Item = &'w Deal<'a>> {
    week.deals.iter().filter(|deal| !deal.is_open() && week.view.period.holds(deal.closed_on()))
}

/// Walks the stages that opportunities came to from another one in the period.
fn moved<'w, 'a>(week: &'w Week<'_, 'a>) -> impl Iterator<Item = (&'w Deal<'a>, &'a Stay)> {
    let view = week.view;
    let stays = week.deals.iter().flat_map(|deal| view.stays_of(deal.record).iter().map(move |stay| (deal, stay)));
    stays.filter(|(_, stay)| stay.from.is_some() && view.period.holds(Some(view.day(stay.since))))
}

fn stages<'a>(week: &Week<'_, 'a>) -> [Axis<'a>; 2] {
    [("from", Label::new("From", "原阶段")), ("to", Label::new("To", "新阶段"))]
        .map(|(key, label)| Axis::dictionary(week.view, "stage", key, label))
}

fn count_of_moves() -> Figure<Moves> {
    Figure::count("moves", "Moves", "次数", |row: &Moves| row.count)
}
