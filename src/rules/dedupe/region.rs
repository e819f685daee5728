//! Regions: the provinces and prefecture-level cities of China, as they stand in a region field or a company's name.
//!
//! `浙江 杭州`, `浙江省杭州市西湖区`, `杭州` and `Hangzhou, Zhejiang` are the same region, since a city
//! says its province; `浙江` alone is another. What is not known is compared as it is written.

use super::company::clean;
use foldhash::{HashMap, HashSet};
use std::sync::OnceLock;

/// A province, and a city of it if one is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub province: &'static str,
    pub city: Option<&'static str>,
}

/// A region as a record states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Region {
    /// Nothing, or no more than the country.
    Unknown,
    /// A place in China.
    Known(Place),
    /// Anything else, cleaned for comparison.
    Other(String),
}

/// One province a line: its name, then its cities; `=` gives the spelling in Latin letters
/// of the larger ones, whose names companies put before their own without 市.
const PLACES: &str = "\
北京=beijing
天津=tianjin
上海=shanghai
重庆=chongqing
香港=hongkong
澳门=macau
台湾=taiwan 台北=taipei 高雄=kaohsiung 台中=taichung 台南=tainan 新北 桃园 新竹=hsinchu
河北=hebei 石家庄=shijiazhuang 唐山=tangshan 秦皇岛 邯郸 邢台 保定=baoding 张家口 承德 沧州 廊坊=langfang 衡水
山西=shanxi 太原=taiyuan 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁
内蒙古=innermongolia 呼和浩特=hohhot 包头=baotou 乌海 赤峰 通辽 鄂尔多斯=ordos 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善
辽宁=liaoning 沈阳=shenyang 大连=dalian 鞍山=anshan 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛
吉林=jilin 长春=changchun 四平 辽源 通化 白山 松原 白城 延边
黑龙江=heilongjiang 哈尔滨=harbin 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆=daqing 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭
江苏=jiangsu 南京=nanjing 无锡=wuxi 徐州=xuzhou 常州=changzhou 苏州=suzhou 南通=nantong 连云港 淮安 盐城=yancheng 扬州=yangzhou 镇江=zhenjiang 泰州=taizhou 宿迁 昆山=kunshan
浙江=zhejiang 杭州=hangzhou 宁波=ningbo 温州=wenzhou 嘉兴=jiaxing 湖州=huzhou 绍兴=shaoxing 金华=jinhua 衢州 舟山 台州 丽水 义乌=yiwu
安徽=anhui 合肥=hefei 芜湖=wuhu 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
福建=fujian 福州=fuzhou 厦门=xiamen 莆田 三明 泉州=quanzhou 漳州=zhangzhou 南平 龙岩 宁德
江西=jiangxi 南昌=nanchang 景德镇=jingdezhen 萍乡 九江 新余 鹰潭 赣州=ganzhou 吉安 宜春 抚州 上饶
山东=shandong 济南=jinan 青岛=qingdao 淄博=zibo 枣庄 东营 烟台=yantai 潍坊=weifang 济宁=jining 泰安 威海=weihai 日照 临沂=linyi 德州 聊城 滨州 菏泽
河南=henan 郑州=zhengzhou 开封=kaifeng 洛阳=luoyang 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源
湖北=hubei 武汉=wuhan 黄石 十堰 宜昌=yichang 襄阳=xiangyang 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架
湖南=hunan 长沙=changsha 株洲=zhuzhou 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西
广东=guangdong 广州=guangzhou 韶关 深圳=shenzhen 珠海=zhuhai 汕头=shantou 佛山=foshan 江门=jiangmen 湛江 茂名 肇庆 惠州=huizhou 梅州 汕尾 河源 阳江 清远 东莞=dongguan 中山=zhongshan 潮州 揭阳 云浮
广西=guangxi 南宁=nanning 柳州=liuzhou 桂林=guilin 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左
海南=hainan 海口=haikou 三亚=sanya 三沙 儋州
四川=sichuan 成都=chengdu 自贡 攀枝花 泸州 德阳 绵阳=mianyang 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山
贵州=guizhou 贵阳=guiyang 六盘水 遵义=zunyi 安顺 毕节 铜仁 黔西南 黔东南 黔南
云南=yunnan 昆明=kunming 曲靖 玉溪 保山 昭通 丽江=lijiang 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆
西藏=tibet 拉萨=lhasa 日喀则 昌都 林芝 山南 那曲 阿里
陕西=shaanxi 西安=xian 铜川 宝鸡=baoji 咸阳=xianyang 渭南 延安=yanan 汉中 榆林 安康 商洛
甘肃=gansu 兰州=lanzhou 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南
青海=qinghai 西宁=xining 海东 海北 黄南 果洛 玉树 海西
宁夏=ningxia 银川=yinchuan 石嘴山 吴忠 固原 中卫
新疆=xinjiang 乌鲁木齐=urumqi 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什=kashgar 和田 伊犁 塔城 阿勒泰 石河子";

/// What may follow the name of a province or a city and belongs to it, longest first.
const PROVINCE_ENDS: [&str; 7] = ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市"];
const CITY_ENDS: [&str; 5] = ["地区", "自治州", "市", "盟", "州"];

/// Words that start with 市 but are no part of the city: 上海市政, 杭州市场.
const NOT_CITY: [&str; 4] = ["市政", "市场", "市民", "市容"];

/// Words in a region in Latin letters that say nothing.
const IDLE_WORDS: [&str; 7] = ["china", "prc", "cn", "province", "city", "mainland", "sar"];

/// A place by one of its names, and whether it is a larger one.
type Named = (Place, bool);

fn places() -> &'static HashMap<&'static str, Named> {
    static PLACES_BY_NAME: OnceLock<HashMap<&'static str, Named>> = OnceLock::new();
    PLACES_BY_NAME.get_or_init(|| {
        let mut map = HashMap::default();
        for line in PLACES.lines() {
            let mut names =
                line.split(' ').map(|name| name.split_once('=').map_or((name, None), |(zh, en)| (zh, Some(en))));
            let Some((province, spelling)) = names.next() else { continue };
            let mut add = |zh, en: Option<&'static str>, place| {
                map.entry(zh).or_insert((place, en.is_some()));
                if let Some(en) = en {
                    map.entry(en).or_insert((place, true));
                }
            };
            add(province, spelling, Place { province, city: None });
            for (city, spelling) in names {
                add(city, spelling, Place { province, city: Some(city) });
            }
        }
        map
    })
}

/// Returns the characters names of places start with; most names of companies start otherwise.
fn starts() -> &'static HashSet<char> {
    static STARTS: OnceLock<HashSet<char>> = OnceLock::new();
    STARTS.get_or_init(|| places().keys().filter_map(|name| name.chars().next()).collect())
}

/// Returns the place a Latin word names.
pub(super) fn place_of_word(word: &str) -> Option<Place> {
    places().get(word).map(|(place, _)| *place)
}

/// Takes a place off the start of a company's cleaned name: a smaller city only with its 市, so that
/// 阿里巴巴 and 大理石 stay whole.
pub(super) fn take_place_of_company(text: &str) -> Option<(Place, &str)> {
    let (_, larger, after) = take_name(text)?;
    let (place, rest) = take_place(text)?;
    let stated = CITY_ENDS.iter().any(|end| after.starts_with(end)) && strip_end(after, &CITY_ENDS) != after;
    (larger || stated).then_some((place, rest))
}

/// Takes a province, a city, or both off the start of a cleaned text.
pub(super) fn take_place(text: &str) -> Option<(Place, &str)> {
    let (place, _, rest) = take_name(text)?;
    if place.city.is_some() {
        return Some((place, strip_end(rest, &CITY_ENDS)));
    }
    let rest = strip_end(rest, &PROVINCE_ENDS);
    match take_name(rest) {
        Some((inner, _, after)) if inner.province == place.province && inner.city.is_some() => {
            Some((inner, strip_end(after, &CITY_ENDS)))
        }
        // 吉林 is a province and a city of it.
        Some((inner, _, after)) if inner == place && place.province == "吉林" => {
            Some((Place { city: Some("吉林"), ..place }, strip_end(after, &CITY_ENDS)))
        }
        _ => Some((place, rest)),
    }
}

/// Takes the longest name of a place off the start; names have two to four characters.
fn take_name(text: &str) -> Option<(Place, bool, &str)> {
    text.chars().next().filter(|first| starts().contains(first))?;
    let mut ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends = [ends.next(), ends.next(), ends.next(), ends.next()];
    ends.into_iter().skip(1).rev().flatten().find_map(|end| {
        let (name, rest) = text.split_at_checked(end)?;
        let (place, larger) = *places().get(name)?;
        Some((place, larger, rest))
    })
}

fn strip_end<'t>(text: &'t str, ends: &[&str]) -> &'t str {
    if NOT_CITY.iter().any(|word| text.starts_with(word)) {
        return text;
    }
    ends.iter().find_map(|end| text.strip_prefix(end)).unwrap_or(text)
}

impl Region {
    /// Reads a region field.
    pub fn parse(text: &str) -> Region {
        let cleaned = clean(text);
        let plain: String = cleaned.chars().filter(|c| c.is_alphanumeric()).collect();
        let plain = plain.strip_prefix("中国").unwrap_or(&plain);
        if plain.is_empty() || matches!(plain, "全国" | "china" | "cn" | "prc") {
            return Region::Unknown;
        }
        if let Some((place, _)) = take_place(plain).filter(|_| !plain.is_ascii()) {
            return Region::Known(place);
        }
        latin_place(&cleaned).map_or_else(|| Region::Other(plain.to_string()), Region::Known)
    }

    /// Returns the region as text for a key.
    pub fn key(&self) -> String {
        match self {
            Region::Unknown => String::new(),
            Region::Known(Place { province, city: None }) => province.to_string(),
            Region::Known(Place { province, city: Some(city) }) => [*province, "/", *city].concat(),
            Region::Other(text) => text.clone(),
        }
    }

    /// Tells whether a place in a company's name says nothing that the region contradicts.
    pub fn agrees(&self, place: Place) -> bool {
        match self {
            Region::Unknown => true,
            Region::Known(home) => {
                home.province == place.province
                    && (home.city.is_none() || place.city.is_none() || home.city == place.city)
            }
            Region::Other(_) => false,
        }
    }

    /// Tells whether another region lies in this one: its province or city, the whole country, or words it begins with.
    pub fn contains(&self, other: &Region) -> bool {
        match (self, other) {
            (Region::Unknown, _) => true,
            (Region::Known(area), Region::Known(place)) => {
                area.province == place.province && (area.city.is_none() || area.city == place.city)
            }
            (Region::Other(area), Region::Other(place)) => place.starts_with(area.as_str()),
            _ => false,
        }
    }

    /// Takes in what a place in a company's name adds.
    pub fn refine(&mut self, place: Place) {
        let vague = matches!(self, Region::Unknown | Region::Known(Place { city: None, .. }));
        if vague && self.agrees(place) {
            *self = Region::Known(place);
        }
    }
}

/// Reads `Hangzhou, Zhejiang`: every word that says something must name a place, and all the same one.
fn latin_place(text: &str) -> Option<Place> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut words = words.into_iter().filter(|word| !IDLE_WORDS.contains(word)).peekable();
    let mut found = Region::Unknown;
    while let Some(word) = words.next() {
        let pair = words.peek().map(|next| format!("{word}{next}"));
        let place = match pair.and_then(|pair| place_of_word(&pair)) {
            Some(place) => words.next().map(|_| place)?,
            None => place_of_word(word)?,
        };
        if !found.agrees(place) {
            return None;
        }
        found.refine(place);
    }
    match found {
        Region::Known(place) => Some(place),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_region_however_written() {
        for (text, key) in [
            ("浙江 杭州", "浙江/杭州"),
            ("浙江省杭州市", "浙江/杭州"),
            ("浙江省杭州市西湖区", "浙江/杭州"),
            ("杭州", "浙江/杭州"),
            ("中国 浙江-杭州", "浙江/杭州"),
            ("Hangzhou, Zhejiang, China", "浙江/杭州"),
            ("浙江", "浙江"),
            ("Zhejiang Province", "浙江"),
            ("上海市", "上海"),
            ("上海 浦东新区", "上海"),
            ("北京 朝阳", "北京"),
            ("吉林", "吉林"),
            ("吉林省吉林市", "吉林/吉林"),
            ("內蒙古自治區 呼和浩特市", "内蒙古/呼和浩特"),
            ("臺灣臺北市", "台湾/台北"),
            ("Hong Kong SAR", "香港"),
            ("Xi'an", "陕西/西安"),
            ("United  States", "unitedstates"),
            ("华东", "华东"),
            ("全国", ""),
            ("", ""),
        ] {
            assert_eq!(Region::parse(text).key(), key, "{text}");
        }
    }

    #[test]
    fn a_city_is_not_cut_out_of_a_word() {
        assert_eq!(take_place("上海市政工程").unwrap().1, "市政工程");
        assert_eq!(take_place("上海市黄浦").unwrap().1, "黄浦");
        assert!(take_place_of_company("阿里巴巴").is_none());
        assert_eq!(take_place_of_company("丽水市某某").unwrap().1, "某某");
        assert_eq!(take_place_of_company("浙江丽水某某").unwrap().1, "某某");
        assert!(take_place("某某").is_none());
        assert!(take_place("海").is_none());
    }
}
