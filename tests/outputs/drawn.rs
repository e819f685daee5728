//! How lists and reports look.

use super::{draw, draw_list, options, report};
use kehu::output::DrawOptions;
use kehu::record::Lang;

/// Draws a list and a report as tables.
fn tables(lang: Lang, width: usize) -> String {
    let options = options(lang, width);
    draw_list("table", &options) + "\n" + &draw("table", &report(), &options)
}

#[test]
fn tables_in_chinese() {
    insta::assert_snapshot!(tables(Lang::Zh, 80), @r"
    编号          级别 得分 公司名称 联系人  电话          状态   负责人  获取日期
    ------------- ---- ---- -------- ------- ------------- ------ ------- ----------
    LEAD-2026-001 A     100 示例云…  联系人… 13800130001   跟进中 li.ming 2026-03-12
    LEAD-2026-002 B    79.5 Sample … 联系人… 0571-88880002 新建   li.ming 2026-03-13
    LEAD-2026-012 C       2 样例␛[3… 联系人…               已分配 li.ming 2026-03-15

    销售周报
    期间：2026-03-16/2026-03-22
    截至：2026-03-20 09:30

    新增线索（按来源）
    来源      线索数    占比      成交金额  最近线索
    --------  ------  ------  ------------  ----------------
    展会          38   66.7%  1,234,567.50  2026-03-20 09:30
    官网表单      19   33.3%
    --------  ------  ------  ------------  ----------------
    合计          57  100.0%  1,234,567.50
    未计入 2 条无来源线索

    当前逾期
    无

    统计口径
    - 新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母
    ");
    insta::assert_snapshot!(tables(Lang::Zh, 40), @r"
    编号      LEAD-2026-001
    级别      A
    得分      100
    公司名称  示例云帆智能制造股份有限公司
    联系人    联系人甲
    电话      13800130001
    状态      跟进中
    负责人    li.ming
    获取日期  2026-03-12

    编号      LEAD-2026-002
    级别      B
    得分      79.5
    公司名称  Sample Harbour Trading Ltd.
    联系人    联系人甲
    电话      0571-88880002
    状态      新建
    负责人    li.ming
    获取日期  2026-03-13

    编号      LEAD-2026-012
    级别      C
    得分      2
    公司名称  样例␛[31m面馆⏎二店
    联系人    联系人甲
    状态      已分配
    负责人    li.ming
    获取日期  2026-03-15

    销售周报
    期间：2026-03-16/2026-03-22
    截至：2026-03-20 09:30

    新增线索（按来源）
    来源      展会
    线索数    38
    占比      66.7%
    成交金额  1,234,567.50
    最近线索  2026-03-20 09:30

    来源      官网表单
    线索数    19
    占比      33.3%

    来源      合计
    线索数    57
    占比      100.0%
    成交金额  1,234,567.50
    未计入 2 条无来源线索

    当前逾期
    无

    统计口径
    - 新增线索：获取日期在期间内的线索，按来
      源统计；占比以全部新增线索为分母
    ");
}

#[test]
fn tables_in_english() {
    insta::assert_snapshot!(tables(Lang::En, 80), @r"
    Number        Grade Score Company Contact Phone         Status Owner  Acquired
                                                                          on
    ------------- ----- ----- ------- ------- ------------- ------ ------ ----------
    LEAD-2026-001 A       100 示例云… 联系人… 13800130001   worki… li.mi… 2026-03-12
    LEAD-2026-002 B      79.5 Sample… 联系人… 0571-88880002 new    li.mi… 2026-03-13
    LEAD-2026-012 C         2 样例␛[… 联系人…               assig… li.mi… 2026-03-15

    Weekly report
    Period: 2026-03-16/2026-03-22
    As of: 2026-03-20 09:30

    New leads by source
    Source      Leads   Share    Won amount  Last lead
    ----------  -----  ------  ------------  ----------------
    exhibition     38   66.7%  1,234,567.50  2026-03-20 09:30
    web form       19   33.3%
    ----------  -----  ------  ------------  ----------------
    Total          57  100.0%  1,234,567.50
    2 leads without source are left out

    Overdue now
    none

    Definition
    - New leads: leads whose acquired date lies in the period, by their source; the
      share is of all new leads
    ");
    insta::assert_snapshot!(tables(Lang::En, 40), @r"
    Number       LEAD-2026-001
    Grade        A
    Score        100
    Company      示例云帆智能制造股份有限公
                 司
    Contact      联系人甲
    Phone        13800130001
    Status       working
    Owner        li.ming
    Acquired on  2026-03-12

    Number       LEAD-2026-002
    Grade        B
    Score        79.5
    Company      Sample Harbour Trading Ltd.
    Contact      联系人甲
    Phone        0571-88880002
    Status       new
    Owner        li.ming
    Acquired on  2026-03-13

    Number       LEAD-2026-012
    Grade        C
    Score        2
    Company      样例␛[31m面馆⏎二店
    Contact      联系人甲
    Status       assigned
    Owner        li.ming
    Acquired on  2026-03-15

    Weekly report
    Period: 2026-03-16/2026-03-22
    As of: 2026-03-20 09:30

    New leads by source
    Source      exhibition
    Leads       38
    Share       66.7%
    Won amount  1,234,567.50
    Last lead   2026-03-20 09:30

    Source      web form
    Leads       19
    Share       33.3%

    Source      Total
    Leads       57
    Share       100.0%
    Won amount  1,234,567.50
    2 leads without source are left out

    Overdue now
    none

    Definition
    - New leads: leads whose acquired date
      lies in the period, by their source;
      the share is of all new leads
    ");
}

#[test]
fn plain_text() {
    insta::assert_snapshot!(draw("plain", &report(), &options(Lang::En, 40)), @r"
    Weekly report
    Period: 2026-03-16/2026-03-22
    As of: 2026-03-20 09:30

    New leads by source
    Source      Leads   Share    Won amount  Last lead
    exhibition     38   66.7%  1,234,567.50  2026-03-20 09:30
    web form       19   33.3%
    Total          57  100.0%  1,234,567.50
    2 leads without source are left out

    Overdue now
    none

    Definition
    - New leads: leads whose acquired date lies in the period, by their source; the share is of all new leads
    ");
}

#[test]
fn markdown() {
    insta::assert_snapshot!(draw("markdown", &report(), &options(Lang::Zh, 80)), @r"
    # 销售周报

    - **期间**：2026-03-16/2026-03-22
    - **截至**：2026-03-20 09:30

    ## 新增线索（按来源）

    | 来源     | 线索数 |       占比 |         成交金额 | 最近线索         |
    | -------- | -----: | ---------: | ---------------: | ---------------- |
    | 展会     |     38 |      66.7% |     1,234,567.50 | 2026-03-20 09:30 |
    | 官网表单 |     19 |      33.3% |                  |                  |
    | **合计** | **57** | **100.0%** | **1,234,567.50** |                  |

    未计入 2 条无来源线索

    ## 当前逾期

    无

    ## 统计口径

    - 新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母
    ");
}

#[test]
fn csv() {
    insta::assert_snapshot!(draw("csv", &report(), &options(Lang::Zh, 80)), @r"
    报表,销售周报
    期间,2026-03-16/2026-03-22
    截至,2026-03-20T09:30:00+08:00

    新增线索（按来源）
    来源,线索数,占比,成交金额,最近线索
    展会,38,0.6667,1234567.50,2026-03-20T09:30:00+08:00
    官网表单,19,0.3333,,
    合计,57,1,1234567.50,

    当前逾期
    编号,级别,得分,公司名称,联系人,电话,状态,负责人,获取日期

    统计口径
    新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母
    ");
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(draw("jsonl", &report(), &options(Lang::Zh, 80)), @r#"
    {"schema":"kehu.report","version":1,"report":"weekly","facts":{"period":"2026-03-16/2026-03-22","as_of":"2026-03-20T09:30:00+08:00"},"definition":["新增线索：获取日期在期间内的线索，按来源统计；占比以全部新增线索为分母"]}
    {"section":"sources","row":{"source":"exhibition","leads":38,"share":0.6667,"amount":"1234567.50","last":"2026-03-20T09:30:00+08:00"}}
    {"section":"sources","row":{"source":"web_form","leads":19,"share":0.3333,"amount":null,"last":null}}
    {"section":"sources","total":{"source":"total","leads":57,"share":1,"amount":"1234567.50","last":null}}
    "#);
}

#[test]
fn bold_only_where_colour_is_wanted() {
    let colored = DrawOptions { color: true, ..options(Lang::Zh, 80) };
    let text = draw("table", &report(), &colored);
    assert!(text.starts_with("\u{1b}[1m销售周报\u{1b}[0m\n"), "{text:?}");
    assert!(text.contains("\u{1b}[1m成交金额\u{1b}[0m"), "{text:?}");
    let plain = text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    assert_eq!(plain, draw("table", &report(), &options(Lang::Zh, 80)), "colour adds nothing but itself");
    assert!(!draw("plain", &report(), &colored).contains('\u{1b}'));
}
