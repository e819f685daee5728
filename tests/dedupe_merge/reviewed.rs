//! Two records side by side, and told apart.

use super::*;
use crate::team::Team;

#[test]
fn two_are_shown_side_by_side_and_told_apart() {
    let env = two_archives("en");
    let mut command = env.command(&["dedupe", "review", "B2B-2026-001", "B2B-2026-002"]);
    command.env("COLUMNS", "80");
    let shown = env.finish(command);
    assert!(shown.stdout.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{shown}");
    assert_snapshot!(shown, @"
    Field         B2B-2026-001                 B2B-2026-002                 Is
    ------------- ---------------------------- ---------------------------- --------
    Type          Intent                       Won                          other
    Category      Business                     Business                     same
    Company       云帆食品                     苏州云帆                     other
    Industry      Wholesale and retail         Wholesale and retail         same
    Region        苏州                         苏州                         same
    Website       a.example.com                                             one only
    Value level                                High                         one only
    Source        Hotline                      Hotline                      same
    Acquired on   2026-03-12                   2026-03-12                   same
    Owner         li                           li                           same
    Tags                                       expo                         one only
    Remark        一                           二                           other
    Contacts 王经 0512-60000001, a@example.com 采购, 0512-60000002,         other
    理                                         b@example.com
    Contacts                                   13800138001                  one only
    Buyer
    Attachments   Quote, test, 2026-03-12      Other, test, 2026-03-12      other
    offer.pdf
    Attachments                                Other, test, 2026-03-12      one only
    licence.jpg
    Verifications                              2026-03-12, test, name,      one only
    2026-03-12                                 Company registry
    Named by      0                            6
    ------- stderr -------
    the same: `kehu dedupe merge B2B-2026-001 B2B-2026-002`; not the same: `kehu dedupe review B2B-2026-001 B2B-2026-002 --different`
    ");
    assert_snapshot!(env.run(&["dedupe", "review", "云帆食品", "苏州云帆", "--lang", "zh"]), @"
    字段                 B2B-2026-001                  B2B-2026-002                        比较
    -------------------  ----------------------------  ----------------------------------  ------
    客户类型             意向                          成交                                不同
    客户类别             企业                          企业                                相同
    公司名称             云帆食品                      苏州云帆                            不同
    行业                 批发和零售业                  批发和零售业                        相同
    地区                 苏州                          苏州                                相同
    网站                 a.example.com                                                     仅一方
    价值等级                                           高价值                              仅一方
    来源                 400电话                       400电话                             相同
    建档日期             2026-03-12                    2026-03-12                          相同
    负责人               li                            li                                  相同
    标签                                               expo                                仅一方
    备注                 一                            二                                  不同
    联系人 王经理        0512-60000001、a@example.com  采购、0512-60000002、b@example.com  不同
    联系人 Buyer                                       13800138001                         仅一方
    附件 offer.pdf       报价单、test、2026-03-12      其他、test、2026-03-12              不同
    附件 licence.jpg                                   其他、test、2026-03-12              仅一方
    信息核实 2026-03-12                                2026-03-12、test、name、工商登记    仅一方
    被引用次数           0                             6
    ------- stderr -------
    是同一条：`kehu dedupe merge B2B-2026-001 B2B-2026-002`；并非同一条：`kehu dedupe review B2B-2026-001 B2B-2026-002 --different`
    ");
    let json = env.json(&["dedupe", "review", "B2B-2026-001", "B2B-2026-002", "--json"]);
    assert_eq!(json["merge"], "kehu dedupe merge B2B-2026-001 B2B-2026-002");
    assert_eq!(json["referring"]["second"], 6);
    let mixed = env.json(&["dedupe", "review", "LEAD-2026-001", "B2B-2026-001", "--json"]);
    assert_eq!(mixed["merge"], "kehu lead convert LEAD-2026-001 --customer B2B-2026-001");

    let double = ["customer", "set", "B2B-2026-001", "name=苏州云帆"];
    assert!(env.run(&double).stderr.contains("now has the same company name and region"));
    assert!(env.run(&["check"]).stdout.contains("kehu dedupe review B2B-2026-001 B2B-2026-002"));
    let review = ["dedupe", "review", "B2B-2026-001", "B2B-2026-002"];
    env.done(&[&review[..], &["--different", "--reason", "two branches"]].concat());
    assert_eq!(
        env.git_done(&["log", "-1", "--format=%s%n%b"]).lines().take(2).collect::<Vec<_>>(),
        ["customer: B2B-2026-001 and B2B-2026-002 not the same", "two branches"]
    );
    assert!(env.read(SURVIVOR).contains("distinct_from = [\"B2B-2026-002\"]"));
    assert!(!env.run(&["check"]).stdout.contains("same company"));
    env.done(&["customer", "set", "B2B-2026-001", "name=云帆食品"]);
    assert!(!env.run(&double).stderr.contains("now has the same"), "who was told apart is no double");
    assert!(env.run(&review).stderr.contains("found not to be the same"));
    assert!(env.run(&[&review[..], &["--different"]].concat()).stderr.contains("nothing changed"));
    assert_snapshot!(env.refused(5, &["dedupe", "merge", "B2B-2026-001", "B2B-2026-002"]), @"
    error: `B2B-2026-001` and `B2B-2026-002` were found not to be the same
    hint: `kehu dedupe review B2B-2026-001 B2B-2026-002 --undecided` takes that back
    ");
    env.done(&[&review[..], &["--undecided"]].concat());
    assert!(!env.read(SURVIVOR).contains("distinct_from"));
    env.done(&["dedupe", "merge", "B2B-2026-001", "B2B-2026-002"]);
    env.refused(2, &[&review[..], &["--reason", "x"]].concat());
}

#[test]
fn a_note_follows_a_number_that_two_clones_gave() {
    let team = Team::with_a_lead();
    team.lead(0, "Beta", "13800138002");
    team.synced(0);
    team.lead(1, "Gamma", "13800138003");
    team.done(1, &["dedupe", "review", "LEAD-2026-001", "LEAD-2026-002", "--different"]);
    team.synced(1);
    team.synced(0);
    assert!(team.read(0, "leads/2026/LEAD-2026-001.toml").contains("distinct_from = [\"LEAD-2026-003\"]"));
    assert!(team.read(0, "leads/2026/LEAD-2026-003.toml").contains("distinct_from = [\"LEAD-2026-001\"]"));
    team.in_step();
}
