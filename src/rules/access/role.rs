//! The roles, and the one table of whose records each reads and writes. DOMAIN: users, roles, scopes.
//!
//! Rulings where DOMAIN is silent: users and products are read by everybody and written by admins; a follow-up is
//! read with what it is about; sales may also add records to the pool and give their own back to it; a manager
//! works in the pool as in the own department, but takes nothing out of it for good.

use crate::record::{
    ARTICLE, CONTRACT, CUSTOMER, FOLLOWUP, Kind, LEAD, Label, OPPORTUNITY, ORDER, PRODUCT, REVIEW, TARGET, TICKET,
    USER, Words,
};
use crate::words;

/// What a user is in the team; the keys stand in the dictionary `role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// 销售
    Sales,
    /// 客服
    Service,
    /// 主管
    Manager,
    /// 市场
    Marketing,
    /// 管理员
    Admin,
}

impl Role {
    /// Every role, in the order of the table's columns.
    pub const ALL: [Role; 5] = [Role::Sales, Role::Service, Role::Manager, Role::Marketing, Role::Admin];

    /// Returns the role with a key of the dictionary.
    pub fn of(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }

    /// Returns its key in the dictionary.
    pub fn key(self) -> &'static str {
        match self {
            Role::Sales => "sales",
            Role::Service => "service",
            Role::Manager => "manager",
            Role::Marketing => "marketing",
            Role::Admin => "admin",
        }
    }

    /// Returns what people call who has it.
    pub fn label(self) -> Label {
        match self {
            Role::Sales => Label::new("sales", "销售"),
            Role::Service => Label::new("service", "客服"),
            Role::Manager => Label::new("manager", "主管"),
            Role::Marketing => Label::new("marketing", "市场"),
            Role::Admin => Label::new("admin", "管理员"),
        }
    }

    /// Tells whether who has it has leads and customers, by the rights to change what is the own.
    pub fn sells(self) -> bool {
        [LEAD, CUSTOMER].into_iter().all(|kind| rights(self, kind).change.has(Whose::Own))
    }

    /// Says what it reads.
    pub fn scope(self) -> Words {
        match self {
            Role::Sales => words!("own records and the pool", "本人记录和公海"),
            Role::Service => {
                words!("customers, tickets, articles, and follow-ups with them", "客户、工单、知识库文章及其跟进记录")
            }
            Role::Manager => words!("own department and the pool", "本部门和公海"),
            Role::Marketing => words!("leads, and follow-ups with them", "线索及其跟进记录"),
            Role::Admin => words!("everything", "全部"),
        }
    }

    /// Says what it may write, as the rule a refusal names.
    pub fn rule(self) -> Words {
        match self {
            Role::Sales => words!(
                "sales write their own records, claim from the pool, and remove nothing",
                "销售可写本人的记录、从公海领取，不能删除"
            ),
            Role::Service => {
                words!(
                    "service write tickets, articles and follow-ups with customers, and remove nothing",
                    "客服可写工单、知识库文章和客户的跟进记录，不能删除"
                )
            }
            Role::Manager => words!(
                "managers write and assign the records of their department and of the pool",
                "主管可写并分配本部门和公海的记录"
            ),
            Role::Marketing => {
                words!(
                    "marketing write leads without an owner, and remove nothing",
                    "市场可写没有负责人的线索，不能删除"
                )
            }
            Role::Admin => words!("admins write everything", "管理员可写全部"),
        }
    }
}

/// Whose a record is, seen by one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The user's own.
    Own,
    /// Nobody's.
    Pool,
    /// Somebody's of the user's department, or who reports to the user.
    People,
    /// Anybody else's, and what has no owner by its kind.
    Others,
}

impl Whose {
    const ALL: [Whose; 4] = [Whose::Own, Whose::Pool, Whose::People, Whose::Others];
}

/// A set of [`Whose`]: how far a right reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach(u8);

impl Reach {
    pub(super) const NONE: Reach = Reach(0);
    const OWN: Reach = Reach(1);
    const POOL: Reach = Reach(2);
    const PEOPLE: Reach = Reach(4);
    const ALL: Reach = Reach(15);

    /// Tells whether such records are within.
    pub fn has(self, whose: Whose) -> bool {
        let bit = Whose::ALL.iter().position(|one| *one == whose).map_or(0, |at| 1 << at);
        self.0 & bit != 0
    }

    /// Tells whether everybody's are.
    pub fn is_all(self) -> bool {
        self == Reach::ALL
    }

    const fn and(self, other: Reach) -> Reach {
        Reach(self.0 | other.0)
    }
}

/// Whose records of a kind a role reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// Whose it reads.
    pub read: Reach,
    /// Whose it may add.
    pub add: Reach,
    /// Whose it may change that stay whose they are.
    pub change: Reach,
    /// From whom it may take a record, for another or the pool.
    pub take: Reach,
    /// To whom it may give a record taken.
    pub give: Reach,
    /// Whose it may remove.
    pub remove: Reach,
}

const OWN: Reach = Reach::OWN;
const SALES: Reach = OWN.and(Reach::POOL);
const PEOPLE: Reach = OWN.and(Reach::PEOPLE);
const TEAM: Reach = PEOPLE.and(Reach::POOL);

/// Nothing at all.
const NO: Rights = reads(Reach::NONE);
/// Everything.
const ALL: Rights = Rights {
    read: Reach::ALL,
    add: Reach::ALL,
    change: Reach::ALL,
    take: Reach::ALL,
    give: Reach::ALL,
    remove: Reach::ALL,
};
/// The own records, and claims from the pool.
const CLAIMS: Rights = Rights { add: SALES, change: OWN, take: SALES, give: SALES, ..reads(SALES) };
/// The own department, and assigning from the pool and back.
const ASSIGNS: Rights = Rights { add: TEAM, change: TEAM, take: TEAM, give: TEAM, remove: PEOPLE, ..reads(TEAM) };
/// What one has oneself.
const KEEPS: Rights = Rights { add: OWN, change: OWN, ..reads(OWN) };
/// What one has oneself, and what others are to take.
const RAISES: Rights = Rights { add: SALES, change: OWN, ..reads(OWN) };
/// All of them, but for removing.
const SERVES: Rights = Rights { remove: Reach::NONE, ..ALL };
/// All to look at, what is one's own to write.
const LEARNS: Rights = Rights { read: Reach::ALL, ..KEEPS };
/// What one's people are to reach; what departments and the company are, to look at.
const AIMS: Rights = Rights { read: TEAM, ..LEADS_PEOPLE };
/// All to look at, what is one's people's to write.
const COACHES: Rights = Rights { read: Reach::ALL, ..LEADS_PEOPLE };
/// What one's people have.
const LEADS_PEOPLE: Rights =
    Rights { add: PEOPLE, change: PEOPLE, take: PEOPLE, give: PEOPLE, remove: PEOPLE, ..reads(PEOPLE) };
/// Records nobody has yet.
const PREPARES: Rights = Rights { add: Reach::POOL, change: Reach::POOL, ..reads(Reach::ALL) };
/// All, to look at.
const LOOKS: Rights = reads(Reach::ALL);

const fn reads(read: Reach) -> Rights {
    let none = Reach::NONE;
    Rights { read, add: none, change: none, take: none, give: none, remove: none }
}

/// The rights of each role, in the order of [`Role::ALL`], by kind. A new kind is a line here.
static TABLE: [(Kind, [Rights; 5]); 12] = [
    (LEAD, [CLAIMS, NO, ASSIGNS, PREPARES, ALL]),
    (CUSTOMER, [CLAIMS, LOOKS, ASSIGNS, NO, ALL]),
    // And to be read by whoever reads the customer; it is never in the pool.
    (OPPORTUNITY, [KEEPS, NO, LEADS_PEOPLE, NO, ALL]),
    (CONTRACT, [KEEPS, NO, LEADS_PEOPLE, NO, ALL]),
    (ORDER, [KEEPS, NO, LEADS_PEOPLE, NO, ALL]),
    // And to be read by whoever reads the customer; whoever sells may raise one for service.
    (TICKET, [RAISES, SERVES, ASSIGNS, NO, ALL]),
    // Answers are for all; service writes them, and a manager what the own people wrote.
    (ARTICLE, [LOOKS, SERVES, COACHES, LOOKS, ALL]),
    // Lessons are for all who sell.
    (REVIEW, [LEARNS, NO, COACHES, LOOKS, ALL]),
    // What nobody is named in is the department's or the company's.
    (TARGET, [reads(SALES), NO, AIMS, NO, ALL]),
    // And to be read by whoever reads what it is about.
    (FOLLOWUP, [KEEPS, KEEPS, LEADS_PEOPLE, NO, ALL]),
    (PRODUCT, [LOOKS, LOOKS, LOOKS, LOOKS, ALL]),
    (USER, [LOOKS, LOOKS, LOOKS, LOOKS, ALL]),
];

/// Returns the rights of a role over the records of a kind; none over a kind the table lacks.
pub fn rights(role: Role, kind: Kind) -> Rights {
    let column = Role::ALL.iter().position(|one| *one == role);
    let line = TABLE.iter().find(|(one, _)| *one == kind);
    line.zip(column).and_then(|((_, line), column)| line.get(column).copied()).unwrap_or(NO)
}

/// Returns whose deals a role may approve, and let through without their materials; nobody their own, but admins.
pub fn approves(role: Role) -> Reach {
    match role {
        Role::Manager => Reach::PEOPLE,
        Role::Admin => Reach::ALL,
        Role::Sales | Role::Service | Role::Marketing => Reach::NONE,
    }
}

/// Returns whose records a role may write a follow-up about: those it may change, service those it reads.
pub fn writes_about(role: Role, kind: Kind) -> Reach {
    let rights = rights(role, kind);
    if role == Role::Service { rights.read } else { rights.change }
}

/// Returns the field that says whose a record of the kind is; none for kinds without an owner.
pub fn holder_field(kind: Kind) -> Option<&'static str> {
    match kind.name {
        "followup" | "article" => Some("author"),
        "target" => Some("user"),
        _ => kind.field("owner").map(|field| field.key),
    }
}
