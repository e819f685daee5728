//! The knowledge base: articles are written, imported, named by tickets, counted and searched, in both languages.

mod common;

use common::Env;
use insta::assert_snapshot;

/// A repository of some articles: of returns, of refunds, of a desk that does not rise, and a draft.
fn shelf(lang: &str, articles: &[[&str; 4]]) -> Env {
    let env = Env::repository(lang);
    for [title, question, answer, status] in articles {
        let fields = [("title", title), ("question", question), ("answer", answer), ("status", status)];
        let told = fields.map(|(key, text)| format!("{key}={text}"));
        env.done(&[&["article", "add"][..], &told.each_ref().map(String::as_str)].concat());
    }
    env
}

fn english() -> Env {
    shelf(
        "en",
        &[
            [
                "Returns and refunds",
                "How do I send a desk back?",
                "A desk is returned within seven days of delivery.\nThe buyer pays the freight.",
                "published",
            ],
            ["Desk does not rise", "The keys do nothing", "Hold both arrows for ten seconds to reset it.", "published"],
            ["Returning a chair", "", "Not written yet", "draft"],
        ],
    )
}

fn chinese() -> Env {
    shelf(
        "zh",
        &[
            [
                "客户要求退货怎么办",
                "收到的桌子不满意，可以退吗？",
                "签收后七天内可无理由退货。\n质量问题的退货运费由我方承担。",
                "已发布",
            ],
            ["退款多久到账", "", "审核通过后三个工作日内原路退回，退货的须先入库。", "已发布"],
            ["升降桌无法升降", "按键没有反应", "同时按住上下键十秒复位。", "已发布"],
            ["换货流程", "", "与退货相同，待补充。", "草稿"],
        ],
    )
}

#[test]
fn an_article_is_a_file_of_its_own() {
    let env = english();
    assert_snapshot!(env.read("articles/2026/KB-2026-001.toml"), @r#"
    status = "published"
    title = "Returns and refunds"
    question = "How do I send a desk back?"
    answer = """
    A desk is returned within seven days of delivery.
    The buyer pays the freight."""
    author = "test"
    "#);
    assert_eq!(env.done(&["kb", "add", "title=New", "answer=x"]), "KB-2026-004");
    assert_eq!(env.done(&["kb", "list", "--status", "draft", "-q"]), "KB-2026-003\nKB-2026-004");
    assert_snapshot!(env.refused(5, &["kb", "add", "title=returns AND refunds", "answer=x"]), @"
    error: `KB-2026-001` (Returns and refunds) has the same name or content
    hint: `kehu article set KB-2026-001 …` changes it; `--on-duplicate keep` adds another
    ");
    assert_snapshot!(env.refused(6, &["kb", "add", "title=Empty"]), @"error: Empty: Answer is missing");
    env.done(&["kb", "set", "KB-2026-003", "status=retired"]);
    assert!(env.done(&["kb", "list"]).contains("Retired"));
    assert_eq!(env.run(&["check"]).code, 0);
}

#[test]
fn tickets_name_the_article_and_its_uses_are_counted() {
    let env = english();
    env.customer("Acme");
    for (at, content) in ["It does not rise", "Stuck", "Return it"].into_iter().enumerate() {
        env.done(&["ticket", "add", "customer=Acme", "kind=support", &format!("content={content}"), "owner=test"]);
        let number = format!("TKT-2026-00{}", at + 1);
        let named = if at == 0 { ["--article", "KB-2026-002"] } else { ["article=KB-2026-002", "-q"] };
        if at < 2 {
            env.done(&[&["ticket", "resolve", &number, "--result", "reset"][..], &named].concat());
        }
    }
    assert!(env.read("tickets/2026/TKT-2026-001.toml").contains("article = \"KB-2026-002\"\n"));
    assert_snapshot!(env.done(&["kb", "list", "--sort", "-uses"]), @"
    Number       Status     Title                Uses  Author
    -----------  ---------  -------------------  ----  ------
    KB-2026-002  Published  Desk does not rise      2  test
    KB-2026-001  Published  Returns and refunds     0  test
    KB-2026-003  Draft      Returning a chair       0  test
    ");
    assert_eq!(env.done(&["kb", "list", "--where", "uses >= 2", "-q"]), "KB-2026-002");
    assert_eq!(env.json(&["kb", "show", "KB-2026-002", "--json"])["record"]["uses"], 2);
    assert_eq!(env.done(&["ticket", "list", "--where", "article = KB-2026-002", "--count"]), "2");
    assert_snapshot!(env.refused(6, &["ticket", "set", "TKT-2026-003", "article=KB-2026-404"]), @"error: TKT-2026-003: Article used `KB-2026-404` does not exist; name an article there is");
    env.done(&["ticket", "set", "TKT-2026-002", "article="]);
    assert_eq!(env.json(&["kb", "show", "KB-2026-002", "--json"])["record"]["uses"], 1);
    assert_snapshot!(env.refused(5, &["kb", "rm", "KB-2026-002", "--confirm", "KB-2026-002"]), @"
    error: `TKT-2026-001` refers to `KB-2026-002` in Article used
    hint: change or remove `TKT-2026-001` first
    ");
}

#[test]
fn the_best_answer_comes_first() {
    let env = english();
    assert_snapshot!(env.done(&["kb", "search", "returns"]), @"
    Number       Title                Score  Snippet
    -----------  -------------------  -----  --------------------------------------------------
    KB-2026-001  Returns and refunds   1.15  A desk is returned within seven days of delivery.…
    ");
    assert_eq!(env.done(&["kb", "search", "returned", "-q"]), "KB-2026-001", "the stem is one");
    assert_eq!(env.done(&["kb", "search", "desk", "-q"]), "KB-2026-002\nKB-2026-001", "the title counts more");
    assert_eq!(env.done(&["article", "search", "the desk", "freight", "-q"]), "KB-2026-001\nKB-2026-002");
    assert_snapshot!(env.done(&["kb", "search", "returns", "--all"]), @"
    Number      Title               Status    Score Snippet
    ----------- ------------------- --------- ----- --------------------------------------------------
    KB-2026-003 Returning a chair   Draft      0.83 Not written yet
    KB-2026-001 Returns and refunds Published  0.74 A desk is returned within seven days of delivery.…
    ");
    assert_snapshot!(env.run(&["kb", "search", "desk", "--limit", "1"]), @"
    Number       Title               Score  Snippet
    -----------  ------------------  -----  ---------------------------------------------
    KB-2026-002  Desk does not rise   0.29  Hold both arrows for ten seconds to reset it.
    ------- stderr -------
    1 of 2 articles; `--limit` shows more
    ");
    assert_snapshot!(env.run(&["kb", "search", "zebra"]), @"
    Number  Title  Score  Snippet
    ------  -----  -----  -------
    ------- stderr -------
    no published article has any of the words; `--all` looks through drafts, too
    ");
    assert_eq!(env.done(&["kb", "search", "zebra", "--all", "-o", "jsonl"]), "");
    assert_snapshot!(env.refused(2, &["kb", "search", "?!"]), @"error: there is no word to search for");
    assert_eq!(env.run(&["kb", "search"]).code, 2);
    let found = env.json(&["kb", "search", "freight", "--json"]);
    assert_snapshot!(serde_json::to_string_pretty(&found).unwrap(), @r#"
    {
      "schema": "kehu.search",
      "version": 1,
      "count": 1,
      "articles": [
        {
          "number": "KB-2026-001",
          "title": "Returns and refunds",
          "status": "published",
          "score": 0.66,
          "field": "answer",
          "snippet": "…seven days of delivery. The buyer pays the freight."
        }
      ]
    }
    "#);
    assert!(
        env.done(&["kb", "search", "freight", "-o", "csv"]).starts_with("Number,Title,Score,Snippet\nKB-2026-001,")
    );
}

#[test]
fn chinese_is_cut_into_words() {
    let env = chinese();
    assert_snapshot!(env.done(&["kb", "search", "退货"]), @"
    编号         标题                相关度  摘要
    -----------  ------------------  ------  ----------------------------------------------------
    KB-2026-001  客户要求退货怎么办    0.78  …七天内可无理由退货。 质量问题的退货运费由我方承担。
    KB-2026-002  退款多久到账          0.51  审核通过后三个工作日内原路退回，退货的须先入库。
    ");
    assert_eq!(env.done(&["kb", "search", "退貨", "-q"]), "KB-2026-001\nKB-2026-002", "traditional characters");
    assert_eq!(env.done(&["kb", "search", "怎么申请退款", "-q"]), "KB-2026-002\nKB-2026-001");
    assert_eq!(env.done(&["知识库", "search", "升降", "-q"]), "KB-2026-003");
    assert_snapshot!(env.done(&["kb", "search", "换货", "--all"]), @"
    编号         标题      状态  相关度  摘要
    -----------  --------  ----  ------  --------------------
    KB-2026-004  换货流程  草稿    2.13  与退货相同，待补充。
    ");
    assert_snapshot!(env.run(&["kb", "search", "发票"]), @"
    编号  标题  相关度  摘要
    ----  ----  ------  ----
    ------- stderr -------
    没有已发布的文章含有这些词；`--all` 同时检索草稿
    ");
    // Before the first article there was none.
    assert_eq!(env.done(&["kb", "search", "退货", "-q", "--as-of", "HEAD~4"]), "");
}

#[test]
fn a_markdown_file_is_an_article() {
    let env = Env::repository("zh");
    env.write(
        "../复位.md",
        "+++\n\"标题\" = \"升降桌复位\"\ntags = [\"复位\", \"升降桌\"]\nstatus = \"已发布\"\n+++\n\n1. 断电。\n2. 同时按住上下键。\n",
    );
    env.write("../returns.md", "# Returns\n\nWithin seven days.\n");
    env.done(&["article", "import", "../复位.md", "../returns.md"]);
    assert_snapshot!(env.read("articles/2026/KB-2026-001.toml"), @r#"
    status = "published"
    title = "升降桌复位"
    answer = """
    1. 断电。
    2. 同时按住上下键。"""
    tags = [
        "复位",
        "升降桌",
    ]
    author = "test"
    "#);
    assert_snapshot!(env.read("articles/2026/KB-2026-002.toml"), @r#"
    status = "draft"
    title = "Returns"
    answer = "Within seven days."
    author = "test"
    "#);
    assert_eq!(env.done(&["kb", "search", "断电", "-q"]), "KB-2026-001");
    let before = env.state();
    env.done(&["article", "import", "../复位.md"]);
    assert_eq!(env.state(), before, "the same file twice changes nothing");
    env.write("../leer.md", "+++\ntitle = \"空\"\n+++\n");
    let rejected = env.run(&["article", "import", "../leer.md"]);
    assert_eq!(rejected.code, 3, "{rejected}");
    assert!(env.read("../leer.rejects.json").contains("\"title\": \"空\""), "{rejected}");
    env.write("../yaml.md", "---\ntitle: x\n---\ny\n");
    assert_snapshot!(env.refused(1, &["article", "import", "../yaml.md"]), @"
    错误：`yaml.md`：文件头字段为 YAML 格式
    提示：请在两行 `+++` 之间用 TOML 书写
    ");
}
