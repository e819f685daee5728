//! The customer archive (客户档案), with contacts inside. DOMAIN: customer archive, duplicates.

use super::company::{CREDIT_CODE, INDUSTRY, INDUSTRY_NOTE};
use super::duplicate::{DISTINCT, MERGED};
use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::lead::VERIFICATION;
use super::user::OWNER_NAMES;
use super::words::Label;

/// The kind `customer`.
pub const CUSTOMER: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "customer",
    folder: "customers",
    label: Label::new("Customer", "客户"),
    aliases: &["customers", "客户"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "name",
    initial: &[
        ("type", Initial::Literal("potential")),
        ("category", Initial::Literal("B2B")),
        ("acquired_on", Initial::Today),
        ("owner", Initial::Actor),
    ],
    columns: &["number", "name", "type", "level", "industry", "region", "owner", "renewal_on"],
};

/// A person at a customer (联系人).
pub const CONTACT: &[Field] = &[
    Field::new("name", T::Text, "Contact", "联系人")
        .aliases(&["联系人姓名", "姓名", "Contact Name", "Full Name", "代理人姓名", "称呼"])
        .required()
        .identity()
        .sensitive(),
    Field::new("title", T::Text, "Title", "职位").aliases(&["职务", "岗位", "Job Title", "Job Position", "Position"]),
    Field::new("work_phone", T::Phone, "Work phone", "工作电话")
        .aliases(&[
            "电话",
            "手机",
            "手机号",
            "手机号码",
            "联系电话",
            "联系方式",
            "联系人电话",
            "座机",
            "Phone",
            "Phone Number",
            "Mobile",
            "Mobile Phone",
            "Mobile Phone Number",
            "Telephone",
        ])
        .sensitive(),
    Field::new("other_phones", T::Texts, "Other phones", "其他电话")
        .aliases(&["备用电话", "其它电话", "Other Phone", "Secondary Phone"])
        .sensitive(),
    Field::new("email", T::Email, "E-mail", "邮箱")
        .aliases(&["电子邮箱", "电子邮件", "邮件", "联系人邮箱", "Email", "Email Address"])
        .sensitive(),
    Field::new("wechat", T::Text, "WeChat", "微信").aliases(&["微信号"]).sensitive(),
    Field::new("preference", T::Text, "Contact preference", "沟通偏好")
        .aliases(&["联系偏好", "偏好"])
        .about("Such as `e-mail only`", "例如 `仅接受邮件`"),
    Field::new("personality", T::Text, "Personality", "性格特点").aliases(&["性格"]),
    Field::new("buying_role", T::Key("buying_role"), "Buying role", "决策角色").aliases(&["角色", "Role"]),
    Field::new("influence", T::Integer, "Influence", "影响力").about("1 to 5", "1 到 5"),
    Field::new("attitude", T::Integer, "Attitude", "态度")
        .about("-2 (against) to 2 (for us)", "-2（反对）到 2（支持）")
        .signed(),
    Field::new("reports_to", T::Text, "Reports to", "汇报对象").aliases(&["上级"]),
    Field::new("birthday", T::Anniversary, "Birthday", "生日")
        .about("`1980-03-12`, `03-12` or `lunar 08-15`", "`1980-03-12`、`03-12` 或 `农历 08-15`")
        .sensitive(),
    Field::new("opted_out", T::Flag, "Opted out", "拒收营销").aliases(&["退订"]),
];

/// A file kept beside the archive (附件).
pub const ATTACHMENT: &[Field] = &[
    Field::new("path", T::Text, "Path", "路径").required().identity(),
    Field::new("kind", T::Key("attachment_kind"), "Kind", "类型").required(),
    Field::new("sha256", T::Text, "SHA-256", "SHA-256").required(),
    Field::new("uploaded_by", T::Reference("user"), "Uploaded by", "上传人"),
    Field::new("uploaded_on", T::Date, "Uploaded on", "上传日期"),
];

const FIELDS: &[Field] = &[
    Field::new("type", T::Key("customer_type"), "Type", "客户类型")
        .aliases(&["客户状态", "生命周期", "Lifecycle Stage"])
        .required(),
    Field::new("category", T::Key("customer_category"), "Category", "客户类别")
        .aliases(&["档案类别", "公司类型", "合作类型"])
        .about("Gives the number its prefix; cannot be changed later", "决定档案编号前缀，建档后不可更改")
        .required(),
    Field::new("name", T::Text, "Company", "公司名称")
        .aliases(&[
            "客户名称",
            "公司",
            "企业名称",
            "单位名称",
            "公司全称",
            "客户",
            "Company Name",
            "Account Name",
            "Customer Name",
            "Account",
            "Name",
        ])
        .required(),
    Field::new("short_name", T::Text, "Short name", "简称").aliases(&["公司简称", "客户简称"]),
    CREDIT_CODE,
    INDUSTRY,
    INDUSTRY_NOTE,
    Field::new("size", T::Key("size"), "Company size", "客户规模").aliases(&["公司规模", "企业规模", "规模", "Size"]),
    Field::new("staff", T::Integer, "Staff", "员工数").aliases(&[
        "员工人数",
        "人数",
        "Employees",
        "Number of Employees",
        "Headcount",
    ]),
    Field::new("annual_revenue", T::Money, "Annual revenue", "年营业额").aliases(&["年营收", "营业额", "Revenue"]),
    Field::new("listed", T::Flag, "Listed", "是否上市").aliases(&["上市", "上市公司"]),
    Field::new("region", T::Text, "Region", "地区").aliases(&[
        "区域",
        "所在地区",
        "省份",
        "城市",
        "国家",
        "国家/地区",
        "国籍",
        "Country",
        "Country/Region",
        "City",
        "Location",
        "State/Province",
    ]),
    Field::new("address", T::Text, "Registered address", "注册地址").aliases(&[
        "地址",
        "客户地址",
        "公司地址",
        "详细地址",
        "Address",
        "Street",
        "Office Location",
    ]),
    Field::new("founded_on", T::Date, "Founded on", "成立日期").aliases(&[
        "公司注册日期",
        "成立时间",
        "注册日期",
        "Founded",
    ]),
    Field::new("main_business", T::Text, "Main business", "主营业务").aliases(&["经营范围"]),
    Field::new("website", T::Website, "Website", "网站").aliases(&["公司网站", "网址", "官网", "URL"]),
    Field::new("needs", T::Text, "Current needs", "当前需求").aliases(&["需求", "需求描述", "客户需求"]),
    Field::new("expectations", T::Text, "Expectations", "期望"),
    Field::new("pain_points", T::Text, "Pain points", "痛点"),
    Field::new("previous_suppliers", T::Texts, "Previous suppliers", "以往供应商").aliases(&["合作供应商"]),
    Field::new("priorities", T::Keys("purchase_priority"), "What matters", "关注点")
        .about("speed, quality, price", "速度、质量、价格"),
    Field::new("first_cooperation_on", T::Date, "First cooperation", "首次合作日期")
        .aliases(&["首次合作时间", "首次合作"]),
    Field::new("products", T::Texts, "Products bought", "合作产品").aliases(&["合作产品/服务", "产品"]),
    Field::new("contract_amount", T::Money, "Contract amount", "合同金额").aliases(&["合作金额", "成交金额"]),
    Field::new("payment_cycle", T::Text, "Payment cycle", "付款周期").aliases(&["账期", "付款方式"]),
    Field::new("renewal_on", T::Date, "Renewal", "续约日期").aliases(&["续约时间", "到期日"]),
    Field::new("level", T::Key("customer_level"), "Value level", "价值等级").aliases(&[
        "客户等级",
        "客户级别",
        "等级",
        "Level",
    ]),
    Field::new("source", T::Key("source"), "Source", "来源")
        .aliases(&["客户来源", "来源渠道", "数据来源", "Lead Source"])
        .required(),
    Field::new("source_note", T::Text, "Source detail", "来源说明")
        .aliases(&["来源详情", "来源备注", "Source Detail"])
        .about("Name of the exhibition, the referrer, …", "展会名称、介绍人等"),
    Field::new("acquired_on", T::Date, "Acquired on", "建档日期")
        .aliases(&["建档时间", "建档", "创建时间", "创建日期", "首次联系", "Create Date", "Created Time"])
        .required(),
    Field::new("owner", T::Reference("user"), "Owner", "负责人")
        .aliases(OWNER_NAMES)
        .about("Without one it is in the pool", "没有负责人即在公海中"),
    Field::new("assigned_at", T::Moment, "Assigned at", "分配时间")
        .aliases(&["分派时间", "Assigned Time"])
        .follows("owner"),
    Field::new("protected_until", T::Date, "Protected until", "保护截止")
        .aliases(&["保护期", "保护期至"])
        .about("Does not go back to the pool by itself up to this day", "在此日期（含）之前不会自动退回公海"),
    Field::new("pool_reason", T::Text, "Given back because", "退回原因").aliases(&["退回公海原因"]).follows("owner"),
    Field::new("tags", T::Keys("tag"), "Tags", "标签").aliases(&["客户标签", "合作类型标签"]),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&["说明", "Remarks", "Notes", "Description"]),
    MERGED,
    DISTINCT,
    Field::new("contacts", T::Table(CONTACT), "Contacts", "联系人"),
    Field::new("attachments", T::Table(ATTACHMENT), "Attachments", "附件"),
    Field::new("verifications", T::Table(VERIFICATION), "Verifications", "信息核实"),
    super::conflict::FIELD,
];
