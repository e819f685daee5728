//! Draws the decision chain of a customer.

use super::desk::{Delivery, Drawing, deliver, open, own_target, put, with_own_ending};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::ops::Session;
use crate::ops::resolve::Resolver;
use crate::ops::session::missing;
use crate::output::mermaid::{self, Node};
use crate::record::{CONTACT, CUSTOMER, Exit, Lang, Record, Result, Value, Words, find_field};
use crate::rules::Snapshot;
use crate::rules::chain::{Decider, Link, decider, last_met, links, missing_roles};
use crate::rules::listing::value_words;
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(text: &str, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let number = Resolver::new(&session).only(CUSTOMER, text)?;
    let snapshot = session.around(CUSTOMER, number.as_str())?;
    let Some(customer) = snapshot.find(number.as_str()) else { return Err(missing(CUSTOMER, number.as_str())) };
    let chain = Drawn { customer, links: links(customer), snapshot: &snapshot };
    if let Some(path) = own_target(context, "mmd") {
        let title = format!("{number} {}", customer.title());
        put(path, |out| mermaid::write(&title, &chain.nodes(ui.lang), out), context, ui)?;
    } else {
        chain.deliver(&session, context, ui).map_err(|failure| with_own_ending(failure, ".mmd"))?;
    }
    if !context.wants_json() {
        chain.warn(ui);
    }
    Ok(Exit::Done)
}

/// A chain to be drawn.
struct Drawn<'a> {
    customer: &'a Record,
    links: Vec<Link<'a>>,
    snapshot: &'a Snapshot,
}

impl Drawn<'_> {
    fn deliver(&self, session: &Session, context: &Context, ui: &Ui) -> Result<()> {
        let all = || self.links.iter().map(|link| self.link_json(link)).collect::<Vec<_>>();
        let json = || {
            json!({
                "schema": "kehu.chain",
                "version": 1,
                "customer": self.customer.number.as_str(),
                "company": self.customer.title(),
                "contacts": all(),
                "missing_roles": missing_roles(self.customer),
                "decision_maker_met": decider(self.customer, self.snapshot) == Decider::Touched,
            })
        };
        let drawing = Drawing::Sheet(self.sheet());
        deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)
    }

    fn sheet(&self) -> Sheet {
        let columns = vec![
            Column::text("contact", "Contact", "联系人").weighing(Weight::Main),
            Column::text("title", "Title", "职位"),
            Column::text("buying_role", "Role", "角色"),
            Column::of("influence", "Influence", "影响力", ColumnType::Integer),
            Column::of("attitude", "Attitude", "态度", ColumnType::Integer),
            Column::text("work_phone", "Phone", "电话").weighing(Weight::Spare),
            Column::of("last_met", "Last met", "最近沟通", ColumnType::Date),
        ];
        let mut sheet = Sheet::new("chain", Words::default(), columns);
        sheet.rows = self.links.iter().zip(guides(&self.links)).map(|(link, guide)| self.row(link, &guide)).collect();
        sheet
    }

    fn row(&self, link: &Link<'_>, guide: &str) -> Vec<Cell> {
        let contact = link.contact;
        let name = contact.text("name").unwrap_or_default();
        vec![
            Cell::text(format!("{guide}{name}")),
            Cell::maybe(contact.text("title")),
            self.role(link).map_or(Cell::Empty, |role| Cell::Label(role.en.to_string(), role)),
            contact.integer("influence").map_or(Cell::Empty, Cell::Integer),
            contact.integer("attitude").map_or(Cell::Empty, Cell::Signed),
            Cell::maybe(contact.text("work_phone")),
            last_met(self.customer, contact, self.snapshot).map_or(Cell::Empty, |at| Cell::Date(self.day(at))),
        ]
    }

    fn role(&self, link: &Link<'_>) -> Option<Words> {
        let role = link.contact.get("buying_role")?;
        Some(value_words(find_field(CONTACT, "buying_role"), role, &self.snapshot.config.dictionary))
    }

    fn day(&self, at: DateTime<FixedOffset>) -> NaiveDate {
        at.with_timezone(&self.snapshot.as_of.moment.timezone()).date_naive()
    }

    fn link_json(&self, link: &Link<'_>) -> Json {
        let (contact, name_of) = (link.contact, |at: usize| self.customer.rows("contacts")[at].text("name"));
        json!({
            "name": contact.text("name"),
            "title": contact.text("title"),
            "buying_role": contact.text("buying_role"),
            "influence": contact.integer("influence"),
            "attitude": contact.integer("attitude"),
            "work_phone": contact.text("work_phone"),
            "email": contact.text("email"),
            "reports_to": link.above.and_then(name_of),
            "depth": link.depth,
            "last_met": last_met(self.customer, contact, self.snapshot).map(|at| at.to_rfc3339()),
        })
    }

    /// Returns the boxes of a chart, in the order of the links.
    fn nodes(&self, lang: Lang) -> Vec<Node> {
        let place = |at: usize| self.links.iter().position(|link| link.at == at);
        let node = |link: &Link<'_>| {
            let text = |key: &str| link.contact.text(key).map(str::to_string);
            let role = self.role(link).map(|role| role.get(lang).to_string());
            let weight = [("influence", words!("influence", "影响力")), ("attitude", words!("attitude", "态度"))];
            let weight = weight.iter().filter_map(|(key, label)| {
                let number = link.contact.integer(key)?;
                Some(if *key == "attitude" {
                    format!("{} {number:+}", label.get(lang))
                } else {
                    format!("{} {number}", label.get(lang))
                })
            });
            let lines = [text("name"), text("title"), role].into_iter().flatten().chain(weight);
            Node { lines: lines.collect(), above: link.above.and_then(place) }
        };
        self.links.iter().map(node).collect()
    }

    /// Names what is not known of who decides.
    fn warn(&self, ui: &Ui) {
        let number = &self.customer.number;
        let dictionary = &self.snapshot.config.dictionary;
        let role = |key: &&str| value_words(find_field(CONTACT, "buying_role"), &Value::text(*key), dictionary);
        let missing: Vec<Words> = missing_roles(self.customer).iter().map(role).collect();
        if !missing.is_empty() {
            let roles = Words::join(&missing, ", ", "、");
            ui.warn(&words!(
                "nobody is known as: {roles}; `kehu contact set {number} NAME buying_role=…` says who it is",
                "尚不清楚谁是：{roles}；用 `kehu contact set {number} 姓名 决策角色=…` 标明"; each roles
            ));
        }
        if decider(self.customer, self.snapshot) == Decider::Untouched {
            ui.warn(&words!("no follow-up was with the decision maker", "尚未与决策者沟通"));
        }
    }
}

/// Returns what stands before each name to show the tree.
fn guides(links: &[Link<'_>]) -> Vec<String> {
    let mut open: Vec<bool> = Vec::new();
    let guide = |link: &Link<'_>| {
        open.truncate(link.depth);
        open.push(!link.is_last);
        if link.depth == 0 {
            return String::new();
        }
        let above: String = open[1..link.depth].iter().map(|more| if *more { "│  " } else { "   " }).collect();
        above + if link.is_last { "└─ " } else { "├─ " }
    };
    links.iter().map(guide).collect()
}
