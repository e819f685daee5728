//! `kehu NOUN add`

use super::{Verb, parse_number, subject_field};
use crate::cli::assign::{self, Assignment, parse_assignments, split_assignment};
use crate::cli::flag::{Purpose, field_flags, flag_assignments};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::ops::add::OnDuplicate;
use crate::record::{Failure, Kind, Label, Number, Numbering, Result};
use crate::words;
use clap::{Arg, ArgMatches};

/// Records to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct AddRequest {
    /// Their kind.
    pub kind: Kind,
    /// The number, for kinds whose users name it; none when it is in the lines of stdin.
    pub number: Option<Number>,
    /// The fields; with `stdin` what each line has unless it says otherwise.
    pub assignments: Vec<Assignment>,
    /// Whether JSON lines on stdin are the records.
    pub stdin: bool,
    /// What to do with duplicates.
    pub on_duplicate: OnDuplicate,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "add",
    about: Label::new("Add a {noun}", "新建{noun}"),
    detail: Label::new(
        "Fields are given as flags or as `key=value`; the key may be the label or an alias. Days may be \
         relative, as `today+7d`: see `kehu help dates`. The number is printed on stdout. With `--stdin` each line is a record in JSON, all in one commit, and fields given beside it \
         hold for every line that lacks them.",
        "字段可用选项或“键=值”给出，键也可以是字段的名称或别名。日期可以是相对的，\
         例如 `明天`、`今天+7天`，见 `kehu help dates`。编号输出到标准输出。\
         使用 `--stdin` 时每行一条 JSON 记录，合为一次提交；同时给出的字段用于缺少该字段的各行。",
    ),
    examples,
    fits: |_| true,
    args,
    parse,
};

fn examples(kind: Kind) -> Vec<Label> {
    let line = match kind.name {
        "lead" => Label::new(
            "kehu lead add company='Example Trading' contact_name='A. Buyer' phone=13800138000 region=Hangzhou \
             source=exhibition",
            "kehu lead add 公司名称=某某贸易有限公司 联系人=某经理 电话=13800138000 地区='浙江 杭州' 来源=展会",
        ),
        "customer" => Label::new(
            "kehu customer add --category B2B --type intent --name 'Example Trading' --source referral --owner li.ming",
            "kehu customer add --category B2B --type 意向 --name 某某贸易有限公司 --source 转介绍 --owner li.ming",
        ),
        "opportunity" => Label::new(
            "kehu opportunity add name='Desks for two halls' customer=B2B-2026-001 amount=120000 expected_on=2026-05-01",
            "kehu opportunity add 商机名称=两个车间的升降桌 客户=B2B-2026-001 金额=12万 预计成交日期=2026-05-01",
        ),
        "contract" => Label::new(
            "kehu contract add name='Desks for two halls' customer=B2B-2026-001 opportunity=OPP-2026-001 amount=120000",
            "kehu contract add 合同名称=两个车间的升降桌 客户=B2B-2026-001 商机=OPP-2026-001 合同金额=12万",
        ),
        "order" => Label::new(
            "kehu order add external_number=SO-1001 customer=B2B-2026-001 ordered_on=2026-05-20 amount=36000",
            "kehu order add 订单号=SO-1001 客户=B2B-2026-001 下单日期=2026-05-20 订单金额=3.6万",
        ),
        "ticket" => Label::new(
            "kehu ticket add customer=B2B-2026-001 kind=support priority=high content='the desk does not rise'",
            "kehu ticket add 客户=B2B-2026-001 工单类型=技术支持 优先级=高 诉求内容=升降桌无法升降",
        ),
        "article" => Label::new(
            "kehu article add title='Desk does not rise' answer='Reset it: hold both arrows for ten seconds' tags=reset",
            "kehu article add 标题=升降桌无法升降 答案=同时按住上下键十秒复位 标签=复位",
        ),
        "review" => Label::new(
            "kehu review add opportunity=OPP-2026-001 factors='a sample on site' lesson='bring a sample to the first visit'",
            "kehu review add 商机=OPP-2026-001 成败因素=现场样机 经验教训=首次拜访即带样机",
        ),
        "target" => Label::new(
            "kehu target add 2026-li.ming year=2026 scope=person user=li.ming",
            "kehu target add 2026-li.ming 年度=2026 目标层级=个人 人员=li.ming",
        ),
        "followup" => Label::new(
            "kehu followup add LEAD-2026-001 method=phone points='wants a quote' next_action='send it' next_on=today+3d",
            "kehu followup add LEAD-2026-001 方式=电话 要点=希望报价 下一步=发送报价 下次跟进日期=下周一",
        ),
        "user" => Label::new(
            "kehu user add li.ming name='Example User' email=li.ming@example.com role=sales",
            "kehu user add li.ming 姓名=示例用户 邮箱=li.ming@example.com 角色=销售",
        ),
        _ => Label::new("kehu {kind} add {num} name='Standing desk'", "kehu {kind} add {num} 名称=升降桌"),
    };
    vec![line, Label::new("kehu {kind} add --stdin < new.jsonl", "kehu {kind} add --stdin < new.jsonl")]
}

fn args(kind: Kind, s: Speaker) -> Vec<Arg> {
    let mut args = Vec::new();
    if kind.numbering == Numbering::Given {
        args.push(s.position("number", value::NUM, "The number of the new record", "新记录的编号"));
    } else if subject_field(kind).is_some() {
        args.push(s.position("number", value::NUM, "The record it is about", "所针对记录的编号"));
    }
    args.push(s.positions("assignments", value::ASSIGNMENT, "A field and its value", "字段及其值"));
    args.push(s.switch(
        "stdin",
        "Read records from stdin, one JSON object a line",
        "从标准输入读取记录，每行一个 JSON 对象",
    ));
    args.push(s.choice(
        "on-duplicate",
        ["refuse", "keep"],
        "What to do when an exact key exists already [default: refuse]",
        "已有相同关键信息时如何处理 [默认值：refuse]",
    ));
    args.extend(field_flags(kind, Purpose::New, s));
    args
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    // Only kinds whose records are named or about another have the argument.
    let mut first = matches.try_get_one::<String>("number").ok().flatten().map(String::as_str);
    // `user add name=…` leaves the number out; what stands in its place is a field.
    let stray = first.take_if(|word| split_assignment(word).is_some());
    let given = stray.into_iter().chain(super::texts(matches, "assignments"));
    let mut assignments = parse_assignments(kind, given)?;
    for one in flag_assignments(kind, matches) {
        assign::push(kind, &mut assignments, one)?;
    }
    let stdin = matches.get_flag("stdin");
    if let (Some(field), Some(subject)) = (subject_field(kind), first) {
        assign::push(kind, &mut assignments, Assignment::set(field, subject))?;
        first = None;
    }
    let number = first.map(parse_number).transpose()?;
    check_enough(kind, &number, &assignments, stdin)?;
    let on_duplicate = match matches.get_one::<String>("on-duplicate").map(String::as_str) {
        Some("keep") => OnDuplicate::Keep,
        _ => OnDuplicate::Refuse,
    };
    Ok(Request::Add(AddRequest { kind, number, assignments, stdin, on_duplicate }))
}

fn check_enough(kind: Kind, number: &Option<Number>, assignments: &[Assignment], stdin: bool) -> Result<()> {
    let is_given = kind.numbering == Numbering::Given;
    let failure = match (stdin, number) {
        (true, Some(_)) => Failure::usage(words!(
            "with `--stdin` each line names its own `number`",
            "使用 `--stdin` 时每行自带 `number`"
        )),
        (false, None) if is_given => {
            Failure::usage(words!("the number of the new {kind} is missing", "缺少新记录的编号")).hint(words!(
                "it comes first, as in `kehu {kind} add NUM key=value`",
                "编号写在最前，例如 `kehu {kind} add 编号 键=值`"
            ))
        }
        (false, None) if assignments.is_empty() => Failure::usage(words!("no field is given", "没有给出任何字段"))
            .hint(words!("`kehu {kind} add --help` lists the fields", "`kehu {kind} add --help` 列出所有字段")),
        _ => return Ok(()),
    };
    Err(failure)
}
