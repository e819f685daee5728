//! The article (知识库文章): an answer in the knowledge base. DOMAIN: service.
//!
//! How often it was used is not stored: tickets name the article that answered them.

use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::words::Label;

/// The kind `article`.
pub const ARTICLE: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "article",
    folder: "articles",
    label: Label::new("Article", "知识库文章"),
    aliases: &["articles", "kb", "知识库", "知识库文章"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "title",
    initial: &[("status", Initial::Literal("draft")), ("author", Initial::Actor)],
    columns: &["number", "status", "title", "product", "tags", "uses", "author"],
};

const FIELDS: &[Field] = &[
    Field::new("status", T::Key("article_status"), "Status", "状态")
        .aliases(&["文章状态", "发布状态", "Article Status"])
        .required(),
    Field::new("title", T::Text, "Title", "标题")
        .aliases(&["文章标题", "主题", "Article Title", "Subject"])
        .about("What it is about, one line", "一行说明文章内容")
        .required(),
    Field::new("question", T::Text, "Question", "问题")
        .aliases(&["常见问题", "客户问题", "FAQ"])
        .about("What customers ask, in their words", "客户的问法"),
    Field::new("answer", T::Text, "Answer", "答案")
        .aliases(&["解答", "回答", "正文", "内容", "Body", "Content"])
        .about("Text, in Markdown where it is to be drawn", "正文，可用 Markdown")
        .required(),
    Field::new("product", T::Text, "Product", "产品").aliases(&["产品型号", "适用产品"]),
    Field::new("tags", T::Keys("tag"), "Tags", "标签").aliases(&["关键词", "Keywords"]),
    Field::new("author", T::Reference("user"), "Author", "作者").aliases(&["撰写人", "编写人", "Written by"]),
    super::conflict::FIELD,
];
