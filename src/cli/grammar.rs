//! The whole command line as a clap command, and back from its matches to a request.

use super::global::{self, Globals};
use super::noun;
use super::request::Request;
use super::speaker::Speaker;
use super::word;
use crate::record::{Kind, Label, Lang, Result};
use clap::{Arg, ArgAction, ArgMatches, Command};

/// Makes the command in one language; what is below a noun is built only when it is called.
pub fn command(lang: Lang) -> Command {
    const ABOUT: Label = Label::new(
        "A CRM on the command line: one file a record, kept in git",
        "命令行 CRM：一条记录一个文件，存于 git",
    );
    const EXAMPLES: Label = Label::new(
        "kehu demo\nkehu lead list --owner me\nkehu report weekly",
        "kehu demo\nkehu lead list --owner me\nkehu report weekly",
    );
    let s = Speaker(lang);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let command = Command::new("kehu")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT.get(lang))
        .after_help(EXAMPLES.get(lang))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(global::args(lang))
        .arg(version.help(s.say("Print the version", "显示版本")).help_heading(s.say("Global options", "全局选项")))
        .subcommands(noun::commands(lang))
        .subcommands(word::commands(lang));
    s.seal(command, "kehu")
}

/// Reads a parsed command line.
///
/// Fails with exit code 2 on what the grammar of clap cannot see: unknown fields, numbers, periods.
pub fn parse(matches: &ArgMatches) -> Result<(Globals, Request)> {
    let (name, args) = matches.subcommand().unwrap_or(("", matches));
    let innermost = std::iter::successors(Some(args), |args| args.subcommand().map(|(_, below)| below)).last();
    let globals = Globals::parse(innermost.unwrap_or(args))?;
    let request = match Kind::find(name) {
        Some(kind) => noun::parse(kind, args)?,
        None => word::parse(name, args)?,
    };
    Ok((globals, request))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::assign::Change;

    #[test]
    fn clap_finds_no_mistake_in_it() {
        for lang in [Lang::En, Lang::Zh] {
            command(lang).debug_assert();
        }
    }

    fn request(line: &[&str]) -> Result<Request> {
        let line = ["kehu"].iter().chain(line);
        let matches = command(Lang::En).try_get_matches_from(line).unwrap();
        parse(&matches).map(|(_, request)| request)
    }

    #[test]
    fn global_options_stand_anywhere() {
        for line in [["kehu", "--dry-run", "status", "-q"], ["kehu", "status", "--dry-run", "-q"]] {
            let matches = command(Lang::En).try_get_matches_from(line).unwrap();
            let (globals, request) = parse(&matches).unwrap();
            assert!(globals.dry_run && globals.quiet);
            assert_eq!(request, Request::Status);
        }
    }

    #[test]
    fn nouns_go_by_their_other_names() {
        assert!(matches!(request(&["线索", "list"]), Ok(Request::List(list)) if list.kind == crate::record::LEAD));
        assert!(matches!(request(&["customers", "list"]), Ok(Request::List(_))));
    }

    #[test]
    fn what_is_added() {
        let Request::Add(add) =
            request(&["user", "add", "li.ming", "name=x", "--skills", "a", "--skills", "b"]).unwrap()
        else {
            panic!("not add");
        };
        assert_eq!(add.number.unwrap().as_str(), "li.ming");
        let changes: Vec<_> = add.assignments.iter().map(|one| (one.target.name(), one.change.clone())).collect();
        assert_eq!(changes, [("name".into(), Change::Set("x".into())), ("skills".into(), Change::Set("a\nb".into()))]);
        assert!(request(&["user", "add", "name=x"]).is_err(), "the number is missing");
        assert!(request(&["lead", "add"]).is_err(), "no field");
        assert!(request(&["lead", "add", "company=x", "--company", "y"]).is_err(), "twice");
    }

    #[test]
    fn a_followup_is_about_something() {
        for line in
            [["followup", "add", "LEAD-2026-001", "points=x"], ["followup", "add", "points=x", "subject=LEAD-2026-001"]]
        {
            let Request::Add(add) = request(&line).unwrap() else { panic!("not add") };
            assert_eq!(add.number, None);
            assert!(add.assignments.iter().any(|one| one.target.name() == "subject"), "{line:?}");
        }
    }

    #[test]
    fn what_is_set() {
        let Request::Set(set) =
            request(&["lead", "set", "LEAD-2026-001", "tags-=x", "--unset", "remark,need", "--listed"]).unwrap()
        else {
            panic!("not set");
        };
        assert_eq!(set.selection.numbers.len(), 1);
        let names: Vec<_> = set.assignments.iter().map(|one| one.target.name()).collect();
        assert_eq!(names, ["tags", "listed", "remark", "need"]);
        assert!(request(&["lead", "set", "LEAD-2026-001"]).is_err(), "no change");
        assert!(request(&["lead", "set", "remark=x"]).is_err(), "no record");
        assert!(request(&["lead", "set", "LEAD-2026-001", "remark=x", "--where", "a = b"]).is_err(), "both");
    }

    #[test]
    fn what_is_removed_goes_by_number_or_name() {
        let Request::Rm(rm) =
            request(&["lead", "rm", "某某公司", "LEAD-2026-001", "--confirm", "LEAD-2026-001,某某公司"]).unwrap()
        else {
            panic!("not rm");
        };
        assert_eq!(rm.records, ["某某公司", "LEAD-2026-001"]);
        assert_eq!(rm.confirmed, ["LEAD-2026-001", "某某公司"]);
    }

    #[test]
    fn sorted_descending() {
        let Request::List(list) = request(&["lead", "list", "--sort", "-score,company"]).unwrap() else {
            panic!("not list")
        };
        assert_eq!((list.sort[0].descending, list.sort[1].descending), (true, false));
        assert_eq!(list.sort[0].field, "score");
    }
}
