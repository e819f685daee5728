//! Prints a topic or the help of a command.

use crate::cli::context::{Context, Screen};
use crate::cli::grammar;
use crate::cli::help::Page;
use crate::cli::nearest::nearest;
use crate::cli::speaker::Speaker;
use crate::cli::topic::{TOPICS, Topic};
use crate::cli::ui::Ui;
use crate::cli::usage::find;
use crate::cli::word::HelpRequest;
use crate::cli::wrap::width_of;
use crate::record::{Exit, Failure, Lang, Result};
use crate::words;

/// Columns of a help page where nothing limits them, and the most that read well.
const WIDTH: usize = 100;

/// Does it.
pub fn run(request: &HelpRequest, context: &Context, ui: &Ui) -> Result<Exit> {
    let text = match (topic(&request.words), request.words.is_empty()) {
        (Some(topic), _) => (topic.text)(ui.lang),
        (None, true) => root_page(ui.lang, context),
        (None, false) => {
            let path = format!("kehu {}", request.words.join(" "));
            page(&path, ui.lang, context.screen).ok_or_else(|| unknown(&request.words.join(" ")))?
        }
    };
    ui.print(&text)?;
    Ok(Exit::Done)
}

fn topic(words: &[String]) -> Option<&'static Topic> {
    let [word] = words else { return None };
    TOPICS.iter().find(|topic| topic.name == word)
}

/// Returns the help of the program with the topics after it.
fn root_page(lang: Lang, context: &Context) -> String {
    let mut text = page("kehu", lang, context.screen).unwrap_or_default();
    text.push_str(Speaker(lang).say("\nTopics of `kehu help`:\n", "\n`kehu help` 的主题：\n"));
    for topic in &TOPICS {
        let gap = 28_usize.saturating_sub(width_of(topic.name));
        text.push_str(&format!("  {}{:gap$}{}\n", topic.name, "", topic.about.get(lang)));
    }
    text
}

/// Returns the help of the command called by `path`, as `kehu lead add`; nothing when there is none.
pub fn page(path: &str, lang: Lang, screen: Screen) -> Option<String> {
    let mut root = grammar::command(lang);
    root.build();
    let width = screen.width.unwrap_or(WIDTH).clamp(40, WIDTH);
    let page = Page { speaker: Speaker(lang), width, color: screen.color_stdout };
    find(&root, path).map(|command| page.render(command))
}

fn unknown(words: &str) -> Failure {
    let failure = Failure::usage(words!("there is no topic or command `{words}`", "没有主题或命令“{words}”"));
    let root = grammar::command(Lang::En);
    let commands: Vec<&str> = root.get_subcommands().map(|command| command.get_name()).collect();
    let names = TOPICS.iter().map(|topic| topic.name).chain(commands);
    match nearest(words, names.map(|name| (name, name))).as_slice() {
        [] => failure.hint(words!("`kehu help` lists topics and commands", "`kehu help` 列出主题和命令")),
        near => {
            let near = near.join("`, `");
            failure.hint(words!("did you mean `{near}`?", "是不是 `{near}`？"))
        }
    }
}
