use super::*;
use crate::record::{CONTRACT, CUSTOMER, LEAD, OPPORTUNITY, ORDER};

fn matched(kind: Kind, line: &str) -> (Vec<String>, Vec<String>) {
    let headers: Vec<Header> =
        line.split(',').enumerate().map(|(column, text)| Header { text: text.into(), column }).collect();
    let matching = match_headers(kind, &headers);
    let show = |used: &ColumnUse| match used.target {
        Target::Also(key) => format!("{}→+{key}", used.header),
        _ => format!("{}→{}", used.header, used.target.key()),
    };
    (matching.columns.iter().map(show).collect(), matching.unmatched.into_iter().map(|one| one.header).collect())
}

/// Matches a line of headings and returns what matched, as words, and what did not.
fn assert_match(kind: Kind, line: &str, expected: &str, unmatched: &str) {
    let (matched, left) = matched(kind, line);
    assert_eq!(matched.join(" "), expected, "{kind}: {line}");
    assert_eq!(left.join(" "), unmatched, "{kind}: {line}");
}

#[test]
fn chinese_headings() {
    assert_match(
        LEAD,
        "线索名称,联系人,联系电话,邮箱,来源,行业,省,市,区,需求描述,预计金额,优先级",
        "线索名称→company 联系人→contact_name 联系电话→phone 邮箱→email 来源→source 行业→industry 省→region 市→region \
         区→region 需求描述→need 预计金额→budget",
        "优先级",
    );
    assert_match(
        LEAD,
        "公司名称,联系电话,手机,来源(1展会/2转介绍),预估金额(USD),所在地区,城市",
        "公司名称→company 联系电话→+phone 手机→phone 来源(1展会/2转介绍)→source 预估金额(USD)→budget 所在地区→region",
        "城市",
    );
    assert_match(
        CUSTOMER,
        "客户编号,客户名称,联系人,联系人电话,邮箱,客户类别,客户地址,QQ",
        "客户编号→number 客户名称→name 联系人→contacts.name 联系人电话→contacts.work_phone 邮箱→contacts.email \
         客户类别→category 客户地址→address",
        "QQ",
    );
}

#[test]
fn lines_of_orders_beside_a_product() {
    assert_match(
        ORDER,
        "订单编号,客户名称,下单日期,商品名称,商品数量,单价(元),金额,订单金额",
        "订单编号→external_number 客户名称→customer 下单日期→ordered_on 商品名称→lines.product 商品数量→lines.quantity \
         单价(元)→lines.price 金额→lines.amount 订单金额→amount",
        "",
    );
    assert_match(
        ORDER,
        "单号,品名,小计,金额",
        "单号→external_number 品名→lines.product 小计→lines.amount 金额→amount",
        "",
    );
    assert_match(
        ORDER,
        "Order No,Item,Qty,Unit Price,Amount,Total",
        "Order No→external_number Item→lines.product Qty→lines.quantity Unit Price→lines.price Amount→lines.amount \
         Total→amount",
        "",
    );
    assert_match(ORDER, "产品,Line Amount,Amount", "产品→lines.product Line Amount→lines.amount Amount→amount", "");
    assert_match(
        ORDER,
        "产品/商品,数量/件数,金额/小计",
        "产品/商品→lines.product 数量/件数→lines.quantity 金额/小计→lines.amount",
        "",
    );
    assert_match(ORDER, "订单号,数量,单价,金额", "订单号→external_number 金额→amount", "数量 单价");
}

#[test]
fn headings_with_units() {
    assert_match(LEAD, "公司名称,客户 人,联系人_k", "公司名称→company", "客户 人 联系人_k");
    assert_match(
        LEAD,
        "公司名称,金额/万元,人数（人）,采购周期（月）",
        "公司名称→company 金额/万元→budget 人数（人）→staff 采购周期（月）→urgency",
        "",
    );
    assert_match(LEAD, "Company,budget_wan,Budget Min (k)", "Company→company budget_wan→budget", "Budget Min (k)");
    assert_match(
        CUSTOMER,
        "名称万元,年营业额（亿元）,营业额万元",
        "年营业额（亿元）→annual_revenue",
        "名称万元 营业额万元",
    );
}

#[test]
fn headings_of_several_names() {
    assert_match(
        LEAD,
        "公司名称/客户,手机/电话,备注／说明,税号/统一社会信用代码,姓名、称呼,预算/金额,联系人/电话,微信/QQ",
        "公司名称/客户→company 手机/电话→phone 备注／说明→remark 税号/统一社会信用代码→credit_code 姓名、称呼→contact_name \
         预算/金额→budget 微信/QQ→wechat",
        "联系人/电话",
    );
    assert_match(
        CUSTOMER,
        "客户名称,手机/座机（必填）,国家/地区,建档,首次合作,称呼,邮箱/Email",
        "客户名称→name 手机/座机（必填）→contacts.work_phone 国家/地区→region 建档→acquired_on 首次合作→first_cooperation_on \
         称呼→contacts.name 邮箱/Email→contacts.email",
        "",
    );
}

#[test]
fn english_headings() {
    assert_match(
        LEAD,
        "First Name,Last Name,Title,Email,Phone,Mobile Phone,Company,Street,City,State/Province,Country,Rating",
        "First Name→contact_name Last Name→contact_name Title→contact_title Email→email Phone→phone \
         Mobile Phone→+phone Company→company Street→address City→region State/Province→region Country→region",
        "Rating",
    );
    assert_match(
        LEAD,
        "Name,Customer Name,Contact Name,Deal Amount,row,reason",
        "Customer Name→company Contact Name→contact_name Deal Amount→budget",
        "Name",
    );
}

#[test]
fn the_nearest_field_is_named() {
    let headers = [Header { text: "Compnay".into(), column: 0 }, Header { text: "血型".into(), column: 1 }];
    let nearest: Vec<_> =
        match_headers(LEAD, &headers).unmatched.iter().map(|one| one.nearest.map(|f| f.key)).collect();
    assert_eq!(nearest, [Some("company"), None]);
}

#[test]
fn a_field_is_claimed_once_and_its_own_name_wins() {
    assert_match(LEAD, "渠道,来源,备注,说明", "来源→source 备注→remark", "渠道 说明");
}

#[test]
fn the_owner_goes_by_what_sales_teams_call_him() {
    let names =
        ["负责销售", "归属销售", "所属销售", "责任人", "客户负责人", "销售代表", "客户经理", "业务员", "Account Owner"];
    for kind in [LEAD, CUSTOMER, OPPORTUNITY, CONTRACT, ORDER] {
        for name in names {
            assert_match(kind, name, &format!("{name}→owner"), "");
        }
    }
    assert_match(LEAD, "客户,客户经理", "客户→company 客户经理→owner", "");
    assert_match(LEAD, "负责人,客户经理", "负责人→owner", "客户经理");
}
