//! Fields that a lead and a customer have alike, as both say them of a company.

use super::field::{Field, FieldType as T};

/// Which company it is, for certain.
pub const CREDIT_CODE: Field = Field::new("credit_code", T::CreditCode, "Credit code", "统一社会信用代码").aliases(&[
    "信用代码",
    "税号",
    "社会信用代码",
    "机构代码",
    "Unified Social Credit Code",
    "Tax ID",
]);

/// What it does, by dictionary.
pub const INDUSTRY: Field =
    Field::new("industry", T::Key("industry"), "Industry", "行业").aliases(&["所属行业", "客户行业", "Sector"]);

/// What it does, in its own words.
pub const INDUSTRY_NOTE: Field = Field::new("industry_note", T::Text, "Industry detail", "细分行业")
    .aliases(&["行业细分", "子行业", "行业说明", "Sub-industry", "Industry Detail"])
    .about("What the industry is called there: `机械`", "对方对行业的叫法，例如 `机械`");
