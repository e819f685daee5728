//! Makes large spreadsheets to measure with: leads, and follow-ups of them. Same arguments, same bytes.
//!
//! ```sh
//! cargo run --release --example make_bulk -- 100000 FOLDER [YEAR-MM]
//! ```
//!
//! writes `leads.csv` and `followups.csv` with as many rows each. Every lead has a company, telephone and
//! address of its own; each of the facts the score is made of is missing in some. The follow-ups are of
//! the first half of 2026, or all of one month where that is given. Companies and people are put together
//! from syllables, the addresses are of a domain kept for examples.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

const SYLLABLES: &str =
    "华盛宏远博瑞恒泰嘉禾景明凯丰隆达铭扬启航荣信森茂腾跃维新旭日雅致源通志诚卓越中正安康百川晨光东升方圆国海纳";
const CITIES: [(&str, &str); 8] = [
    ("浙江", "杭州"),
    ("浙江", "宁波"),
    ("江苏", "南京"),
    ("江苏", "苏州"),
    ("广东", "深圳"),
    ("广东", "广州"),
    ("山东", "青岛"),
    ("湖北", "武汉"),
];
const TRADES: [&str; 6] = ["科技", "贸易", "机械", "电子", "食品", "建材"];
const PRODUCTS: [&str; 4] = ["智能升降桌", "客户管理软件", "生产管理系统", "年度运维服务"];
const SOURCES: [&str; 7] = ["展会", "官网表单", "400电话", "老客户", "合作伙伴", "社交媒体", "搜索引擎广告"];
const PEOPLE: [&str; 4] = ["zhang.wei", "li.ming", "wang.fang", "chen.jie"];
const NEEDS: [&str; 4] = ["更换现有设备", "新办公室采购", "了解方案和价格", "上半年完成选型"];
const METHODS: [&str; 3] = ["电话", "微信", "面谈"];
const POINTS: [&str; 4] =
    ["确认了需求范围和使用人数", "介绍产品并发送资料", "沟通报价，客户希望分期付款", "约定下次演示时间"];

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(count), Some(folder)) = (args.first(), args.get(1)) else {
        return Err("usage: make_bulk COUNT FOLDER [YEAR-MM]".into());
    };
    let count: u64 = count.parse()?;
    let folder = Path::new(folder);
    write_leads(count, BufWriter::new(File::create(folder.join("leads.csv"))?))?;
    write_followups(
        count,
        args.get(2).map(String::as_str),
        BufWriter::new(File::create(folder.join("followups.csv"))?),
    )?;
    Ok(())
}

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    /// One step of SplitMix64 (Steele, Lea, Flood 2014), cut to `0..sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len() as u64) as usize]
    }

    /// Returns the text in `percent` of all cases, else nothing.
    fn maybe(&mut self, percent: u64, text: String) -> String {
        if self.roll(100) < percent { text } else { String::new() }
    }
}

fn write_leads(count: u64, mut out: impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "公司名称,联系人,职位,手机号码,邮箱,地区,员工人数,意向产品,需求描述,预算下限,预算上限,预计采购日期,决策链情况,合作意向,来源,获取日期,负责人,备注"
    )?;
    let syllables: Vec<char> = SYLLABLES.chars().collect();
    let mut dice = Dice(1);
    for at in 0..count {
        let (province, city) = CITIES[dice.roll(8) as usize];
        let low = (dice.roll(60) + 1) * 5000;
        let row = [
            format!("{city}{}{}有限公司", name(at, &syllables), dice.pick(&TRADES)),
            format!("{}经理", syllables[dice.roll(24) as usize]),
            dice.pick(&["采购经理", "总经理", "行政主管", "技术负责人"]).to_string(),
            format!("1{}{:08}", [39, 58, 77, 86][(at % 4) as usize], (at / 4).wrapping_mul(7919) % 100_000_000),
            dice.maybe(70, format!("lead{at}@example.com")),
            format!("{province} {city}"),
            dice.maybe(60, (dice_staff(at)).to_string()),
            dice.maybe(80, PRODUCTS[(at % 4) as usize].to_string()),
            dice.maybe(50, NEEDS[(at % 4) as usize].to_string()),
            dice.maybe(55, format!("{low}.00")),
            dice.maybe(55, format!("{}.00", low + 50_000)),
            dice.maybe(50, format!("2026-{:02}-{:02}", 7 + at % 6, 1 + at % 28)),
            dice.maybe(65, ["已确认决策人", "待确认", "模糊"][(at % 3) as usize].to_string()),
            dice.maybe(75, ["主动索要方案", "有兴趣", "需持续沟通"][(at / 3 % 3) as usize].to_string()),
            dice.pick(&SOURCES).to_string(),
            format!("2026-{:02}-{:02}", 1 + dice.roll(6), 1 + dice.roll(28)),
            dice.maybe(90, PEOPLE[(at % 4) as usize].to_string()),
            dice.maybe(30, "客户关注性价比".to_string()),
        ];
        writeln!(out, "{}", row.join(","))?;
    }
    out.flush()
}

/// Returns a company's name, another for each number.
fn name(mut number: u64, syllables: &[char]) -> String {
    let base = syllables.len() as u64;
    let mut name = String::new();
    for _ in 0..4 {
        name.push(syllables[(number % base) as usize]);
        number /= base;
    }
    name
}

fn dice_staff(at: u64) -> u64 {
    [15, 80, 220, 320, 460, 800, 2500][(at % 7) as usize]
}

fn write_followups(count: u64, month: Option<&str>, mut out: impl Write) -> std::io::Result<()> {
    writeln!(out, "跟进时间,线索编号,跟进方式,跟进结果,沟通要点,下一步行动,下次跟进日期,跟进人,登记时间")?;
    let mut dice = Dice(2);
    for at in 0..count {
        let month = month.map_or_else(|| format!("2026-{:02}", 1 + dice.roll(6)), str::to_string);
        let time = format!("{month}-{:02} {:02}:{:02}", 1 + dice.roll(28), 9 + dice.roll(9), dice.roll(60));
        let lead = format!("LEAD-2026-{:03}", dice.roll(count) + 1);
        let next = dice.maybe(60, format!("2026-07-{:02}", 1 + at % 28));
        let action = if next.is_empty() { "" } else { "发送报价单" };
        let (method, points) = (dice.pick(&METHODS), dice.pick(&POINTS));
        let outcome = dice.pick(&["积极", "一般", "消极"]);
        let author = PEOPLE[(at % 4) as usize];
        writeln!(out, "{time},{lead},{method},{outcome},{points}（第 {at} 次）,{action},{next},{author},{time}")?;
    }
    out.flush()
}
