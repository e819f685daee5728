//! The user (用户): a member of the team. DOMAIN: users, roles, scopes.

use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::words::Label;

/// The kind `user`.
pub const USER: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "user",
    folder: "users",
    label: Label::new("User", "用户"),
    aliases: &["users", "用户"],
    numbering: Numbering::Given,
    fields: FIELDS,
    title: "name",
    initial: &[("role", Initial::Literal("sales"))],
    columns: &["number", "name", "email", "role", "department", "manager"],
};

/// What spreadsheets call the owner (负责人) of a lead, a customer or a deal.
pub(super) const OWNER_NAMES: &[&str] = &[
    "归属人",
    "销售负责人",
    "客户经理",
    "客户负责人",
    "负责销售",
    "归属销售",
    "所属销售",
    "销售代表",
    "责任人",
    "跟进人",
    "业务员",
    "销售",
    "Lead Owner",
    "Contact owner",
    "Account Owner",
    "商机负责人",
    "Opportunity Owner",
    "Deal Owner",
    "合同负责人",
    "Contract Owner",
    "Order Owner",
    "Sales Rep",
];

/// Days a user is away and gets no leads.
const ABSENCE: &[Field] = &[
    Field::new("from", T::Date, "From", "开始").required().identity(),
    Field::new("to", T::Date, "To", "结束").required(),
    Field::new("reason", T::Text, "Reason", "原因"),
];

const FIELDS: &[Field] = &[
    Field::new("name", T::Text, "Name", "姓名").aliases(&["用户名称", "员工姓名", "Full Name"]).required(),
    Field::new("email", T::Email, "E-mail", "邮箱")
        .aliases(&["电子邮箱", "Email"])
        .about("The address of the person's git identity", "与其 git 身份相同的邮箱")
        .required(),
    Field::new("role", T::Key("role"), "Role", "角色").required(),
    Field::new("department", T::Text, "Department", "部门").aliases(&["所属部门", "团队", "Team", "Regional Office"]),
    Field::new("manager", T::Reference("user"), "Manager", "上级").aliases(&["主管", "直属上级"]),
    Field::new("senior", T::Flag, "Senior", "资深"),
    Field::new("skills", T::Texts, "Skills", "技能"),
    Field::new("regions", T::Texts, "Regions", "负责区域"),
    Field::new("products", T::Texts, "Products", "负责产品"),
    Field::new("daily_cap", T::Integer, "Daily cap", "每日线索上限").aliases(&["每日上限"]),
    Field::new("open_cap", T::Integer, "Open cap", "在手线索上限").aliases(&["在手上限"]),
    Field::new("ssh_keys", T::Texts, "SSH keys", "SSH 公钥")
        .aliases(&["SSH Key", "Public key", "公钥"])
        .about("Public keys whose signature counts as the user's", "其签名视为本人签名的公钥"),
    Field::new("left_on", T::Date, "Left on", "离职日期"),
    Field::new("remark", T::Text, "Remark", "备注"),
    Field::new("absences", T::Table(ABSENCE), "Absences", "请假"),
    super::conflict::FIELD,
];
