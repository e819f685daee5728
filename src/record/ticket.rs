//! The ticket (工单): a need, question, complaint, praise or support case with a promise time. DOMAIN: service.
//!
//! Stored is what people did and when; when it is due, what of the promised time is used and whether it was kept follow
//! from that, the priority and the working calendar. The `owner` of a ticket is its handler (处理人).

use super::customer::ATTACHMENT;
use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::words::Label;

/// The kind `ticket`.
pub const TICKET: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "ticket",
    folder: "tickets",
    label: Label::new("Ticket", "工单"),
    aliases: &["tickets", "tkt", "工单"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "content",
    initial: &[
        ("raised_at", Initial::Now),
        ("status", Initial::When("owner", "assigned")),
        ("status", Initial::Literal("open")),
        ("priority", Initial::Literal("medium")),
    ],
    columns: &["number", "status", "kind", "priority", "customer", "content", "promise", "owner"],
};

/// A time for which the promise stands still (挂起).
pub const HOLD: &[Field] = &[
    Field::new("from", T::Moment, "From", "开始时间").required().identity(),
    Field::new("to", T::Moment, "To", "结束时间"),
    Field::new("reason", T::Text, "Reason", "挂起原因").required(),
];

/// A time it was opened again (重新打开).
pub const REOPENING: &[Field] = &[
    Field::new("at", T::Moment, "At", "重开时间").required().identity(),
    Field::new("resolved_at", T::Moment, "Resolved at", "此前解决时间").required(),
    Field::new("reason", T::Text, "Reason", "重开原因").required(),
];

/// What was reached of the escalation chain at once (升级).
pub const ESCALATION: &[Field] = &[
    Field::new("at", T::Moment, "At", "升级时间").required().identity(),
    Field::new("percent", T::Integer, "Per cent of the time", "已用时限百分比").required(),
    Field::new("to", T::Texts, "To", "升级给").about("Logins", "账号"),
];

const FIELDS: &[Field] = &[
    Field::new("status", T::Key("ticket_status"), "Status", "状态").aliases(&["工单状态", "Ticket Status"]).required(),
    Field::new("kind", T::Key("ticket_kind"), "Kind", "工单类型")
        .aliases(&["类型", "问题类型", "诉求类型", "Type", "Ticket Type"])
        .required(),
    Field::new("external_number", T::Text, "Outside number", "外部工单号")
        .aliases(&["工单号", "External Number", "Ticket ID"])
        .about("The number in another system it came from", "来源系统中的工单号"),
    Field::new("customer", T::Reference("customer"), "Customer", "客户")
        .aliases(&["客户编号", "客户名称", "公司名称", "Customer Number", "Account Name"])
        .about("Number or name of the customer", "客户的编号或名称")
        .required(),
    Field::new("contact", T::Text, "Contact", "联系人")
        .aliases(&["反馈人", "Contact Name", "Customer Name"])
        .sensitive(),
    Field::new("channel", T::Key("ticket_channel"), "Channel", "受理渠道").aliases(&["渠道", "来源", "Ticket Channel"]),
    Field::new("priority", T::Key("priority"), "Priority", "优先级")
        .aliases(&["紧急程度", "Ticket Priority"])
        .required(),
    Field::new("product", T::Text, "Product", "产品").aliases(&["产品型号", "Product Purchased"]),
    Field::new("content", T::Text, "Content", "诉求内容")
        .aliases(&["内容", "问题描述", "工单内容", "Description", "Subject", "Ticket Description"])
        .about("What is wanted, as the customer said it", "客户的原话诉求")
        .required(),
    Field::new("raised_at", T::Moment, "Raised at", "受理时间")
        .aliases(&["提交时间", "创建时间", "Created"])
        .required(),
    Field::new("department", T::Key("department"), "Department", "责任部门")
        .aliases(&["部门"])
        .about("That of the kind when absent", "缺省为工单类型的责任部门"),
    Field::new("skills", T::Texts, "Skills wanted", "所需技能").aliases(&["技能"]),
    Field::new("owner", T::Reference("user"), "Handler", "处理人").aliases(&[
        "负责人",
        "客服",
        "Handler",
        "Owner",
        "Agent",
    ]),
    Field::new("assigned_at", T::Moment, "Assigned at", "派单时间").follows("owner"),
    Field::new("promised_at", T::Moment, "Promised at", "承诺时间")
        .aliases(&["承诺完成时间", "Due"])
        .about("Where another time was promised than the priority's", "承诺时间与优先级时限不同时填写"),
    Field::new("responded_at", T::Moment, "Responded at", "首次响应时间").aliases(&["响应时间", "First Response Time"]),
    Field::new("result", T::Text, "Result", "处理结果").aliases(&["解决方案", "Resolution"]),
    Field::new("article", T::Reference("article"), "Article used", "引用文章")
        .aliases(&["知识库文章", "Article", "Knowledge Article"])
        .about("The article of the knowledge base that answered it", "解决所依据的知识库文章"),
    Field::new("resolved_at", T::Moment, "Resolved at", "解决时间")
        .aliases(&["完成时间", "Time to Resolution"])
        .follows("status"),
    Field::new("cause", T::Key("ticket_cause"), "Cause", "原因分类").aliases(&["问题原因", "投诉原因"]),
    Field::new("correction", T::Text, "Correction", "纠正措施").about("What was put right", "对已发生问题的处理"),
    Field::new("prevention", T::Text, "Prevention", "预防措施")
        .about("What keeps it from happening again", "避免再次发生的措施"),
    Field::new("confirmed_at", T::Moment, "Confirmed at", "客户确认时间").follows("status"),
    Field::new("satisfaction", T::Integer, "Satisfaction", "满意度")
        .aliases(&["满意度评分", "评分", "CSAT", "Customer Satisfaction Rating"])
        .about("From 1 to 5", "1 至 5 分"),
    Field::new("recommends", T::Integer, "Would recommend", "推荐意愿")
        .aliases(&["NPS", "推荐分"])
        .about("From 0 to 10", "0 至 10 分"),
    Field::new("feedback", T::Text, "Customer feedback", "客户评价").aliases(&["反馈", "Feedback"]),
    Field::new("overdue_reason", T::Text, "Explanation of the delay", "超时说明").aliases(&["逾期说明", "延期原因"]),
    Field::new("explained_at", T::Moment, "Explained at", "说明时间"),
    Field::new("tags", T::Keys("tag"), "Tags", "标签"),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&["Remarks", "Notes"]),
    Field::new("holds", T::Table(HOLD), "Holds", "挂起记录"),
    Field::new("reopenings", T::Table(REOPENING), "Reopenings", "重开记录"),
    Field::new("escalations", T::Table(ESCALATION), "Escalations", "升级记录"),
    Field::new("attachments", T::Table(ATTACHMENT), "Attachments", "附件"),
    super::conflict::FIELD,
];
