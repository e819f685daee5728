//! The reasons of an assignment in words: for people, and for the message of its commit.
//!
//! *Invariant:* they carry logins, numbers, grades and counts, and no name of a person or company.

use super::{Aspect, Bar, Candidate, Criterion, Standing, Verdict};
use crate::record::{Label, Words};
use crate::words;

impl Verdict<'_> {
    /// Says why it is this user, or why nobody: `rule 1, grade A; senior first`.
    pub fn reason(&self) -> Words {
        let why = match self.chosen() {
            Some(chosen) => chosen.why(),
            None if self.candidates.is_empty() => words!("nobody is in sales", "没有销售人员"),
            None => {
                let told = |one: &Candidate<'_>| {
                    let (login, why) = (one.login, one.why());
                    words!("{login}: {why}", "{login}：{why}"; each why)
                };
                Words::join(&self.candidates.iter().map(told).collect::<Vec<_>>(), "; ", "；")
            }
        };
        let (named, grade) = (self.named(), self.grade);
        words!("{named}, grade {grade}; {why}", "{named}，{grade} 级；{why}"; each named, why)
    }

    /// Says who is eligible, and by what.
    pub fn named(&self) -> Words {
        match self.rule {
            Some(rule) => words!("rule {rule}", "规则 {rule}"),
            None => words!("no rule", "无匹配规则"),
        }
    }
}

impl Candidate<'_> {
    /// Says why it is this user or not.
    pub fn why(&self) -> Words {
        match self.standing {
            Standing::Barred => Words::join(&self.bars.iter().map(Bar::words).collect::<Vec<_>>(), ", ", "、"),
            Standing::Only => words!("nobody else is free", "没有其他可分配的人"),
            Standing::Best(by) => self.better(by),
            Standing::Behind(by) => worse(by).into(),
        }
    }

    fn better(&self, by: Criterion) -> Words {
        let open = self.open;
        match by {
            Criterion::Senior => words!("senior first", "资深优先"),
            Criterion::Fit if self.fit.fits.is_empty() => {
                words!("not another's region or product", "不属他人区域或产品")
            }
            Criterion::Fit => {
                let fits = aspects(&self.fit.fits);
                words!("fits by {fits}", "{fits}匹配"; each fits)
            }
            Criterion::Open => words!("fewest open leads ({open})", "在手线索最少（{open}）"),
            Criterion::Longest => words!("longest without a lead", "最久未分配"),
            Criterion::Login => words!("first by login", "按登录名在前"),
        }
    }

    /// Says what of the lead is the user's, and what is another's.
    pub fn fit_words(&self) -> Option<Words> {
        let fits = (!self.fit.fits.is_empty()).then(|| aspects(&self.fit.fits));
        let misses = (!self.fit.misses.is_empty()).then(|| {
            let misses = aspects(&self.fit.misses);
            words!("not {misses}", "{misses}不符"; each misses)
        });
        let parts: Vec<Words> = fits.into_iter().chain(misses).collect();
        (!parts.is_empty()).then(|| Words::join(&parts, ", ", "、"))
    }
}

impl Bar {
    /// Says it.
    pub fn words(&self) -> Words {
        match self {
            Bar::Unknown => words!("no such user", "没有此用户"),
            Bar::Left(day) => words!("left on {day}", "已于 {day} 离职"),
            Bar::Absent(day) => words!("absent until {day}", "请假至 {day}"),
            Bar::DailyCap(cap) => words!("daily cap of {cap} reached", "已达每日上限 {cap}"),
            Bar::OpenCap(cap) => words!("cap of {cap} open leads reached", "已达在手上限 {cap}"),
            Bar::Reach => words!("not yours to assign to", "不在您的分配范围"),
        }
    }
}

impl Aspect {
    /// Returns what people call it.
    pub fn label(self) -> Label {
        match self {
            Aspect::Skill => Label::new("skill", "技能"),
            Aspect::Region => Label::new("region", "区域"),
            Aspect::Product => Label::new("product", "产品"),
        }
    }
}

fn aspects(aspects: &[Aspect]) -> Words {
    Words::join(&aspects.iter().map(|aspect| aspect.label().into()).collect::<Vec<_>>(), ", ", "、")
}

fn worse(by: Criterion) -> Label {
    match by {
        Criterion::Senior => Label::new("not senior", "非资深"),
        Criterion::Fit => Label::new("fits less", "匹配较少"),
        Criterion::Open => Label::new("has more open leads", "在手线索较多"),
        Criterion::Longest => Label::new("got one more recently", "近期已分配"),
        Criterion::Login => Label::new("later by login", "按登录名在后"),
    }
}
