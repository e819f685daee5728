//! The lead (线索): a possible buyer, not yet qualified. DOMAIN: lead, ABC scoring, duplicates.

use super::company::{CREDIT_CODE, INDUSTRY, INDUSTRY_NOTE};
use super::duplicate::{DISTINCT, MERGED};
use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::user::OWNER_NAMES;
use super::words::Label;

/// The kind `lead`.
pub const LEAD: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "lead",
    folder: "leads",
    label: Label::new("Lead", "线索"),
    aliases: &["leads", "线索"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "company",
    initial: &[
        ("status", Initial::When("owner", "assigned")),
        ("status", Initial::Literal("new")),
        ("acquired_on", Initial::Today),
    ],
    columns: &["number", "grade", "score", "company", "contact_name", "phone", "status", "owner"],
};

/// Who checked which fields, when and how (信息核实); shared with customers.
pub const VERIFICATION: &[Field] = &[
    Field::new("on", T::Date, "Verified on", "核实日期").required(),
    Field::new("by", T::Reference("user"), "Verified by", "核实人").required(),
    Field::new("fields", T::Texts, "Fields", "核实字段").required(),
    Field::new("channel", T::Key("verification_channel"), "Channel", "核实渠道").required(),
    Field::new("note", T::Text, "Note", "核实说明"),
];

const FIELDS: &[Field] = &[
    Field::new("status", T::Key("lead_status"), "Status", "状态")
        .aliases(&["线索状态", "跟进状态", "处理状态", "Lead Status", "转化状态", "当前阶段"])
        .required(),
    Field::new("company", T::Text, "Company", "公司名称")
        .aliases(&[
            "公司",
            "企业名称",
            "客户名称",
            "单位名称",
            "企业",
            "单位",
            "公司全称",
            "Company Name",
            "Account Name",
            "Customer Name",
            "Organization",
            "Associated Company",
            "Company / Account",
            "客户",
            "线索名称",
        ])
        .required(),
    Field::new("contact_name", T::Text, "Contact", "联系人")
        .aliases(&[
            "联系人姓名",
            "姓名",
            "客户姓名",
            "联系人名称",
            "Contact Name",
            "Name",
            "Full Name",
            "Contact Person",
            "线索名称",
            "称呼",
        ])
        .required()
        .sensitive(),
    Field::new("contact_title", T::Text, "Title", "职位").aliases(&[
        "职务",
        "岗位",
        "Job Title",
        "Job Position",
        "Position",
    ]),
    Field::new("phone", T::Phone, "Phone", "电话")
        .aliases(&[
            "手机",
            "手机号",
            "手机号码",
            "联系电话",
            "联系方式",
            "电话号码",
            "移动电话",
            "座机",
            "Phone Number",
            "Mobile",
            "Mobile Phone",
            "Mobile Phone Number",
            "Tel",
            "Telephone",
            "Work Phone",
        ])
        .one_of("channel")
        .sensitive(),
    Field::new("other_phones", T::Texts, "Other phones", "其他电话")
        .aliases(&["备用电话", "其它电话", "Other Phone", "Secondary Phone"])
        .sensitive(),
    Field::new("email", T::Email, "E-mail", "邮箱")
        .aliases(&["电子邮箱", "邮件", "电子邮件", "邮箱地址", "Email", "Email Address", "Mail"])
        .one_of("channel")
        .sensitive(),
    Field::new("wechat", T::Text, "WeChat", "微信").aliases(&["微信号", "WeChat ID"]).sensitive(),
    Field::new("region", T::Text, "Region", "地区")
        .aliases(&[
            "区域",
            "所在地区",
            "所在区域",
            "省份",
            "城市",
            "所在地",
            "省市",
            "Location",
            "City",
            "State",
            "Country",
            "Country/Region",
            "国家",
            "国家/地区",
            "State/Province",
        ])
        .about("Province and city, such as `浙江 杭州`", "省和市，例如 `浙江 杭州`")
        .required(),
    Field::new("address", T::Text, "Address", "地址").aliases(&[
        "公司地址",
        "详细地址",
        "联系地址",
        "客户地址",
        "Street",
        "Street Address",
    ]),
    Field::new("website", T::Website, "Website", "网站").aliases(&["公司网站", "网址", "官网", "Web", "URL"]),
    CREDIT_CODE,
    INDUSTRY,
    INDUSTRY_NOTE,
    Field::new("size", T::Key("size"), "Company size", "客户规模")
        .aliases(&["公司规模", "企业规模", "规模", "Size"])
        .about("Stated size band; `staff` and `listed` win where known", "规模档；已知 `staff`、`listed` 时以其为准"),
    Field::new("staff", T::Integer, "Staff", "员工数").aliases(&[
        "员工人数",
        "人数",
        "人员规模",
        "Employees",
        "Number of Employees",
        "Employee Count",
        "Headcount",
    ]),
    Field::new("listed", T::Flag, "Listed", "是否上市").aliases(&["上市", "上市公司", "Publicly Listed"]),
    Field::new("product", T::Text, "Product", "意向产品")
        .aliases(&[
            "产品",
            "需求产品",
            "产品名称",
            "感兴趣的产品",
            "意向服务",
            "需求产品/服务",
            "Product Interest",
            "Service",
        ])
        .about("Number or name of a product wanted", "意向产品的编号或名称"),
    Field::new("need", T::Text, "Need", "需求描述").aliases(&[
        "需求",
        "意向说明",
        "询盘内容",
        "需求说明",
        "Requirement",
        "Needs",
        "询盘类型",
    ]),
    Field::new("expected_on", T::Date, "Expected purchase", "预计采购日期").aliases(&[
        "预计采购时间",
        "采购时间",
        "预计成交日期",
        "预计购买时间",
        "预计下单时间",
        "预计下单日期",
        "需求时间",
        "Expected Purchase Date",
        "Expected Close",
        "Expected Close Date",
    ]),
    Field::new("urgency", T::Key("urgency"), "Urgency", "需求紧急度")
        .aliases(&["紧急度", "紧急程度", "采购周期", "Purchase Window"])
        .about("Used when `expected_on` is not known", "未知 `expected_on` 时使用"),
    Field::new("budget_min", T::Money, "Budget from", "预算下限")
        .aliases(&["最低预算", "预算最小值", "Budget Min", "Minimum Budget"])
        .about("Taken for both ends when `budget_max` is absent", "缺 `budget_max` 时两端同此值"),
    Field::new("budget_max", T::Money, "Budget to", "预算上限").aliases(&[
        "最高预算",
        "预算最大值",
        "Budget Max",
        "Maximum Budget",
    ]),
    Field::new("budget_fit", T::Key("budget_fit"), "Budget fit", "预算匹配度")
        .aliases(&["预算匹配", "预算情况"])
        .about("Used when budget or price range is not known", "未知预算或价格区间时使用"),
    Field::new("decision_maker", T::Text, "Decision maker", "决策人")
        .aliases(&["关键决策人", "决策者", "负责决策人"])
        .sensitive(),
    Field::new("decision_chain", T::Key("decision_chain"), "Decision chain", "决策链清晰度")
        .aliases(&["决策链", "决策链情况"]),
    Field::new("intent", T::Key("intent"), "Intent", "合作意向").aliases(&["意向", "意向程度", "意向度", "Interest"]),
    Field::new("source", T::Key("source"), "Source", "来源")
        .aliases(&[
            "线索来源",
            "来源渠道",
            "渠道来源",
            "数据来源",
            "客户来源",
            "获取渠道",
            "渠道",
            "Lead Source",
            "Channel",
            "来源页面",
        ])
        .required(),
    Field::new("source_note", T::Text, "Source detail", "来源说明")
        .aliases(&["来源详情", "来源备注", "Source Detail"])
        .about("Name of the exhibition, the referrer, …", "展会名称、介绍人等"),
    Field::new("acquired_on", T::Date, "Acquired on", "获取日期")
        .aliases(&[
            "获取时间",
            "创建时间",
            "创建日期",
            "录入时间",
            "录入日期",
            "询盘时间",
            "提交时间",
            "首次联系",
            "线索日期",
            "登记日期",
            "登记时间",
            "收集日期",
            "建档日期",
            "建档时间",
            "日期",
            "Created Time",
            "Create Date",
            "Created",
            "Created Date",
            "Date",
        ])
        .required(),
    Field::new("owner", T::Reference("user"), "Owner", "负责人").aliases(OWNER_NAMES),
    Field::new("assigned_at", T::Moment, "Assigned at", "分配时间")
        .aliases(&["分派时间", "Assigned Time"])
        .follows("owner"),
    Field::new("protected_until", T::Date, "Protected until", "保护截止")
        .aliases(&["保护期", "保护期至"])
        .about("Does not go back to the pool by itself up to this day", "在此日期（含）之前不会自动退回公海"),
    Field::new("pool_reason", T::Text, "Given back because", "退回原因").aliases(&["退回公海原因"]).follows("owner"),
    Field::new("tags", T::Keys("tag"), "Tags", "标签").aliases(&["客户标签", "Tag", "Labels", "合作类型标签"]),
    Field::new("disqualify_reason", T::Key("disqualify_reason"), "Disqualified because", "剔除原因")
        .aliases(&["无效原因", "关闭原因"])
        .follows("status"),
    Field::new("disqualify_note", T::Text, "Disqualification note", "剔除说明").follows("disqualify_reason"),
    Field::new("evidence", T::Text, "Evidence", "剔除依据").aliases(&["证据"]).follows("disqualify_reason"),
    Field::new("converted_to", T::Reference("customer"), "Converted to", "转化为客户").follows("status"),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&[
        "说明",
        "备注信息",
        "Remarks",
        "Notes",
        "Note",
        "Description",
        "Comment",
        "Comments",
    ]),
    MERGED,
    DISTINCT,
    Field::new("verifications", T::Table(VERIFICATION), "Verifications", "信息核实"),
    super::conflict::FIELD,
];
