//! `kehu article search`, best known as `kehu kb search`

use super::list::excel_arg;
use super::{Verb, count, texts};
use crate::cli::request::Request;
use crate::cli::speaker::value;
use crate::ops::search::Scope;
use crate::record::{ARTICLE, Label};

/// Articles that are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// The words, as typed.
    pub words: Vec<String>,
    /// Which articles are looked through.
    pub scope: Scope,
    /// At most so many, where said.
    pub limit: Option<usize>,
    /// Whether CSV is to be safe for Excel.
    pub excel: bool,
}

/// The verb.
pub const VERB: Verb = Verb {
    about: Label::new("Search the knowledge base, the best answer first", "检索知识库，最相关的在前"),
    detail: Label::new(
        "Finds {nouns} with any of the words in title, question, tags or answer and ranks them (BM25): a rare word tells more than a \
         common one, a word in the title thrice as much as one in the answer. Chinese is cut into words; English is compared by the \
         stem, so `returned` finds `returns`. Only what is published is looked through, unless `--all` is given.",
        "在标题、问题、标签和答案中检索，含任一词即列出，按相关度（BM25）排序：少见的词权重高于常见的词，标题中的词为答案中的三倍。中文自动分词，\
         英文按词干比较（`returned` 可查到 `returns`）。只检索已发布的{noun}，除非给出 `--all`。",
    ),
    examples: |_| {
        vec![
            Label::new("kehu kb search 'desk does not rise'", "kehu kb search 升降桌无法升降"),
            Label::new("kehu kb search returns --all --limit 3", "kehu kb search 退货 --all --limit 3"),
        ]
    },
    args: |_, s| {
        vec![
            s.positions("words", value::TEXT, "What to look for", "要检索的词").required(true),
            s.switch("all", "Drafts and what is retired, too", "同时检索草稿和已停用的文章"),
            s.count("limit", "At most this many [default: 10]", "最多列出的数量 [默认值：10]"),
            excel_arg(s),
        ]
    },
    ..Verb::bare(
        "search",
        |kind| kind == ARTICLE,
        |_, matches| {
            Ok(Request::Search(SearchRequest {
                words: texts(matches, "words").map(String::from).collect(),
                scope: if matches.get_flag("all") { Scope::All } else { Scope::Published },
                limit: count(matches, "limit"),
                excel: matches.get_flag("excel"),
            }))
        },
    )
};
