//! `kehu contract render`, `kehu contract ledger`

use super::{ContractRequest, maybe, one, request, verb};
use crate::cli::noun::Verb;
use crate::cli::noun::list::excel_arg;
use crate::cli::speaker::value;
use crate::record::Label;
use std::path::PathBuf;

/// The verb `render`.
pub const RENDER: Verb = Verb {
    about: Label::new(
        "Make a document of a {noun}: Markdown, HTML or Word",
        "由{noun}生成文档：Markdown、HTML 或 Word",
    ),
    detail: Label::new(
        "The template is that of the field `template`, else `config/templates/contract.md` or `.docx`, else one that is \
         built in. In it `{{ customer.name }}` stands for a field, by key or label; others are `contract`, `contact`, \
         `opportunity`, `owner`, `plan` (for loops), `number`, `amount_capitals` (大写), `currency`, `today`, `team`. \
         `{{ contract.signed_on | date }}` writes a day in words, `| money` and `| capitals` an amount. In a Word file \
         `{%tr for row in plan %}` … `{%tr endfor %}` repeats rows of a table. Fields about which nothing is known are \
         left blank, and told.",
        "模板依次取字段“合同模板”、`config/templates/contract.md` 或 `.docx`，都没有时用内置模板。模板中 `{{ 客户.公司名称 }}` \
         代表字段，可用键或名称；另有 `contract`、`contact`、`opportunity`、`owner`、`plan`（用于循环）、`number`、\
         `amount_capitals`（大写金额）、`currency`、`today`、`team`。`{{ contract.signed_on | date }}` 写成 2026年5月1日，\
         `| money`、`| capitals` 用于金额。在 Word 文件中用 `{%tr for row in plan %}` … `{%tr endfor %}` 重复表格行。没有值的字段\
         留空并提示。",
    ),
    examples: |_| {
        vec![
            Label::new("kehu {kind} render {num} -o contract.docx", "kehu {kind} render {num} -o 合同.docx"),
            Label::new(
                "kehu {kind} render {num} --template ~/own.docx -o contract.docx",
                "kehu {kind} render {num} --template ~/销售合同.docx -o 合同.docx",
            ),
        ]
    },
    args: |_, s| {
        vec![
            s.position("number", value::NUM, "Which", "编号").required(true),
            s.path(
                "template",
                value::FILE,
                "This template: a file, or the name of one in `config/templates`",
                "使用该模板：文件，或 `config/templates` 中的名称",
            ),
        ]
    },
    ..verb("render", |_, matches| {
        let template = matches.get_one::<PathBuf>("template").cloned();
        request(ContractRequest::Render { number: one(matches, "number"), template })
    })
};

/// The verb `ledger`.
pub const LEDGER: Verb = Verb {
    about: Label::new("List instalments and receipts for finance", "为财务列出应收与收款台账"),
    detail: Label::new(
        "A row for each instalment, on the day it is due, and each receipt, of all contracts that were signed. Each column \
         of amounts may be added up.",
        "所有已签订合同的每一期应收（按应收日期）和每一笔收款各占一行。各金额列均可直接合计。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} ledger --from 2026-05-01 --to 2026-05-31 -o finance.xlsx",
            "kehu {kind} ledger --from 2026-05-01 --to 2026-05-31 -o 台账.xlsx",
        )]
    },
    args: |_, s| {
        vec![
            s.option("from", value::DATE, "The first day", "开始日期"),
            s.option("to", value::DATE, "The last day", "结束日期"),
            excel_arg(s),
        ]
    },
    ..verb("ledger", |_, matches| {
        let days = [maybe(matches, "from"), maybe(matches, "to")];
        request(ContractRequest::Ledger { days, excel: matches.get_flag("excel") })
    })
};
