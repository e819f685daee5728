//! `kehu attach`

use super::{Action, Word};
use crate::cli::noun::texts;
use crate::cli::request::Request;
use crate::cli::speaker::value;
use crate::record::Label;
use std::path::PathBuf;

/// Files to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachRequest {
    /// The customer, opportunity or contract.
    pub record: String,
    /// The files.
    pub files: Vec<PathBuf>,
    /// What they are.
    pub kind: String,
    /// Whether a file of the same name gives way.
    pub replace: bool,
}

pub(super) const WORD: Word = Word {
    name: "attach",
    about: Label::new(
        "Keep files beside a customer, an opportunity, a contract or a ticket",
        "为客户、商机、合同或工单添加附件",
    ),
    detail: Label::new(
        "They are copied to `attachments/NUM/` and committed with the record, which keeps kind, hash, who and when. Every \
         clone carries them for ever: `[attachments] max_mb` in kehu.toml limits their size.",
        "文件复制到 `attachments/编号/` 并与档案一并提交，档案中记录类型、哈希、上传人和日期。每个克隆都永久带有附件：\
         kehu.toml 的 `[attachments] max_mb` 限制大小。",
    ),
    examples: &[
        Label::new(
            "kehu attach OPP-2026-001 ~/offer.pdf --kind quote",
            "kehu attach OPP-2026-001 ~/报价单.pdf --kind 报价单",
        ),
        Label::new(
            "kehu attach B2B-2026-001 ~/licence.jpg --kind license",
            "kehu attach B2B-2026-001 ~/执照.jpg --kind 营业执照",
        ),
    ],
    args: |s| {
        vec![
            s.position("number", value::NUM, "The record", "客户、商机、合同或工单的编号").required(true),
            s.positions("files", value::FILE, "The files", "文件").required(true),
            s.option("kind", value::KEY, "What they are: contract, quote, license …", "类型：合同、报价单、营业执照……")
                .required(true),
            s.switch("replace", "Put them in the place of files of the same name", "替换同名附件"),
        ]
    },
    action: Action::Parse(|matches| {
        let one = |id: &str| texts(matches, id).next().unwrap_or_default().to_string();
        Ok(Request::Attach(AttachRequest {
            record: one("number"),
            files: texts(matches, "files").map(PathBuf::from).collect(),
            kind: one("kind"),
            replace: matches.get_flag("replace"),
        }))
    }),
};
