//! The product or service (产品) a lead may want; its price range is what a budget is measured against.

use super::field::{Field, FieldType as T};
use super::kind::{Kind, KindDef, Numbering};
use super::words::Label;

/// The kind `product`.
pub const PRODUCT: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "product",
    folder: "products",
    label: Label::new("Product", "产品"),
    aliases: &["products", "产品"],
    numbering: Numbering::Given,
    fields: FIELDS,
    title: "name",
    initial: &[],
    columns: &["number", "name", "series", "price_min", "price_max", "unit"],
};

const FIELDS: &[Field] = &[
    Field::new("name", T::Text, "Product", "产品名称")
        .aliases(&["产品", "名称", "品名", "Product Name", "Name"])
        .required(),
    Field::new("series", T::Text, "Series", "产品系列").aliases(&[
        "系列",
        "类别",
        "产品类别",
        "Category",
        "Product Category",
    ]),
    Field::new("price_min", T::Money, "Price from", "最低价格").aliases(&[
        "价格",
        "单价",
        "售价",
        "最低价",
        "Price",
        "Unit Price",
        "Sales Price",
        "List Price",
    ]),
    Field::new("price_max", T::Money, "Price to", "最高价格")
        .aliases(&["最高价"])
        .about("Equal to `price_min` when absent", "缺省时等于 `price_min`"),
    Field::new("unit", T::Text, "Unit", "单位").aliases(&["计量单位", "Usage Unit"]),
    Field::new("retired", T::Flag, "Retired", "已停售").aliases(&["停售", "下架"]),
    Field::new("names", T::Texts, "Other names", "其他名称").aliases(&["别名", "Aliases"]),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&["说明", "描述", "Description", "Notes"]),
    super::conflict::FIELD,
];
