//! The pages as they are drawn.

use super::{shop, wide};
use insta::assert_snapshot;

#[test]
fn the_page_of_a_customer_in_chinese_at_80_columns() {
    let env = shop("zh");
    let page = wide(&env, "80", &["customer", "show", "B2B-2026-001"]);
    assert_snapshot!(page, @"
    B2B-2026-001 示例贸易有限公司
    客户类型      成交
    价值等级      高价值
    负责人        li
    地区          Hangzhou
    标签          高潜力
    最近跟进时间  2026-03-11 10:00
    未跟进天数    1
    跟进次数      11
    完整度        94.7%
    缺少          合作产品

    待办
    时限       到期        事项                              编号          规则
    ---------  ----------  --------------------------------  ------------  --------
    逾期 2 天  2026-03-10  预计成交日：成交、失败或更新日期  OPP-2026-002  预计成交
    将到期     2026-03-13  回电                              B2B-2026-001  已约定
    将到期     2026-03-13  回电                              OPP-2026-001  已约定
    将到期     2026-03-15  3 天未跟进，应联系                OPP-2026-002  久未跟进

    企业信息
    公司名称  示例贸易有限公司
    客户类别  企业
    行业      批发和零售业

    需求
    当前需求  办公桌两百张

    合作情况
    合作起始日    2026-03-10
    累计合同金额  120,000.00
    付款周期      月结
    下次续约日    2027-04-01

    来源与归属
    来源      400电话
    建档日期  2026-03-12
    分配时间  2026-03-12 09:30

    其他
    抖音号  示例店

    联系人
    联系人  职位    工作电话     决策角色  影响力  态度
    ------  ------  -----------  --------  ------  ----
    Buyer           13800138001
    甲经理  总经理               决策者         5    +2

    联系人其他信息
    联系人  字段  值
    ------  ----  ---------------
    甲经理  邮箱  jia@example.com
    甲经理  生日  农历八月十五

    在谈商机
    编号          商机名称    阶段            金额   加权金额  预计成交日期  负责人
    ------------  ----------  --------  ----------  ---------  ------------  ------
    OPP-2026-001  升降桌一期  需求确认  120,000.00  24,000.00  2026-05-01    li
    OPP-2026-002  升降桌二期  需求确认   30,000.00   6,000.00  2026-03-10    li
    ------------  ----------  --------  ----------  ---------  ------------  ------
    合计                                150,000.00  30,000.00
    已关闭：失败 1 个（8,000.00）

    合同
    编号          合同名称    执行状态    合同金额     已收款  结束日期    负责人
    ------------  ----------  --------  ----------  ---------  ----------  ------
    CON-2026-001  升降桌采购  履行中    120,000.00  36,000.00  2027-03-31  li

    订单
    订单数  金额合计  首单日期    最近下单
    ------  --------  ----------  ----------
         2  1,250.50  2026-03-01  2026-03-09

    来源线索
    编号           联系人  意向产品  获取日期    负责人
    -------------  ------  --------  ----------  ------
    LEAD-2026-001  Buyer             2026-03-12

    跟进记录
    跟进时间          跟进方式  沟通要点                                下次跟进日期
    ----------------  --------  --------------------------------------  ------------
    2026-03-11 10:00  电话      第 11 次沟通，客户询问升降桌的供货周期  2026-03-13
                                与安装服务
    2026-03-10 10:00  电话      第 10 次沟通，客户询问升降桌的供货周期  2026-03-13
                                与安装服务
    2026-03-09 10:00  电话      第 9 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-08 10:00  电话      第 8 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-07 10:00  电话      第 7 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-06 10:00  电话      第 6 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-05 10:00  电话      第 5 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-04 10:00  电话      第 4 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-03 10:00  电话      第 3 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    2026-03-02 10:00  电话      第 2 次沟通，客户询问升降桌的供货周期   2026-03-13
                                与安装服务
    另有 1 条：`kehu followup list --where '客户 = B2B-2026-001'`

    附件
    路径                                 类型    SHA-256        上传人  上传日期
    -----------------------------------  ------  -------------  ------  ----------
    attachments/B2B-2026-001/报价单.pdf  报价单  f2ca1bb6c7e9…  li      2026-03-10

    信息核实
    核实日期    核实人  核实字段        核实渠道
    ----------  ------  --------------  --------
    2026-03-12  li      公司名称、地区  官网
    ");
}

#[test]
fn the_page_of_a_customer_in_english_at_80_columns() {
    let env = shop("en");
    let page = wide(&env, "80", &["customer", "show", "B2B-2026-001"]);
    assert_snapshot!(page, @"
    B2B-2026-001 示例贸易有限公司
    Type            Won
    Value level     High
    Owner           li
    Region          Hangzhou
    Tags            High potential
    Last follow-up  2026-03-11 10:00
    Idle days       1
    Follow-ups      11
    Complete        94.7%
    Missing         Products bought

    Due next
    When         Due         What                             Number        Rule
    -----------  ----------  -------------------------------  ------------  --------
    overdue 2 d  2026-03-10  Expected close: close it, or     OPP-2026-002  close
                             change the date
    coming       2026-03-13  回电                             B2B-2026-001  promised
    coming       2026-03-13  回电                             OPP-2026-001  promised
    coming       2026-03-15  Contact: 3 days without one      OPP-2026-002  idle

    Company
    Company   示例贸易有限公司
    Category  Business
    Industry  Wholesale and retail

    Needs
    Current needs  办公桌两百张

    Cooperation
    Cooperating since        2026-03-10
    Amount of the contracts  120,000.00
    Payment cycle            月结
    Next renewal             2027-04-01

    Source and ownership
    Source       Hotline
    Acquired on  2026-03-12
    Assigned at  2026-03-12 09:30

    Other
    抖音号  示例店

    Contacts
    Contact  Title   Work phone   Buying role     Influence  Attitude
    -------  ------  -----------  --------------  ---------  --------
    Buyer            13800138001
    甲经理   总经理               Decision maker          5        +2

    More of the contacts
    Contact  Field     Value
    -------  --------  ---------------
    甲经理   E-mail    jia@example.com
    甲经理   Birthday  lunar 08-15

    Open opportunities
    Number        Opportunity  Stage      Amount   Weighted  Expected close  Owner
    ------------  -----------  -----  ----------  ---------  --------------  -----
    OPP-2026-001  升降桌一期   Needs  120,000.00  24,000.00  2026-05-01      li
    OPP-2026-002  升降桌二期   Needs   30,000.00   6,000.00  2026-03-10      li
    ------------  -----------  -----  ----------  ---------  --------------  -----
    Total                             150,000.00  30,000.00
    closed: 1 lost (8,000.00)

    Contracts
    Number        Contract    Standing      Amount   Received  Ends on     Owner
    ------------  ----------  --------  ----------  ---------  ----------  -----
    CON-2026-001  升降桌采购  Active    120,000.00  36,000.00  2027-03-31  li

    Orders
    Orders    Amount  First       Last
    ------  --------  ----------  ----------
         2  1,250.50  2026-03-01  2026-03-09

    Made of the leads
    Number         Contact  Product  Acquired on  Owner
    -------------  -------  -------  -----------  -----
    LEAD-2026-001  Buyer             2026-03-12

    Follow-ups
    At                Method  Points                                      Next date
    ----------------  ------  ------------------------------------------  ----------
    2026-03-11 10:00  Phone   第 11 次沟通，客户询问升降桌的供货周期与安  2026-03-13
                              装服务
    2026-03-10 10:00  Phone   第 10 次沟通，客户询问升降桌的供货周期与安  2026-03-13
                              装服务
    2026-03-09 10:00  Phone   第 9 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-08 10:00  Phone   第 8 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-07 10:00  Phone   第 7 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-06 10:00  Phone   第 6 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-05 10:00  Phone   第 5 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-04 10:00  Phone   第 4 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-03 10:00  Phone   第 3 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    2026-03-02 10:00  Phone   第 2 次沟通，客户询问升降桌的供货周期与安   2026-03-13
                              装服务
    1 more: `kehu followup list --where 'customer = B2B-2026-001'`

    Attachments
    Path                                Kind  SHA-256       Uploaded by Uploaded on
    ----------------------------------- ----- ------------- ----------- -----------
    attachments/B2B-2026-001/报价单.pdf Quote f2ca1bb6c7e9… li          2026-03-10

    Verifications
    Verified on  Verified by  Fields           Channel
    -----------  -----------  ---------------  -------------
    2026-03-12   li           Company, Region  Official site
    ");
}

#[test]
fn opportunities_and_contracts_show_what_belongs_to_them() {
    let env = shop("en");
    assert_snapshot!(wide(&env, "80", &["opportunity", "show", "OPP-2026-001"]), @"
    OPP-2026-001 升降桌一期
    Stage           Needs
    Opportunity     升降桌一期
    Customer        B2B-2026-001 示例贸易有限公司
    Lead            LEAD-2026-001 示例贸易有限公司
    Amount          120,000.00
    Expected close  2026-05-01
    Opened on       2026-03-12
    Owner           li
    Last follow-up  2026-03-11 10:00
    Idle days       1
    Follow-ups      1
    Chance          20
    Weighted        24,000.00

    Due next
    When    Due         What  Rule
    ------  ----------  ----  --------
    coming  2026-03-13  回电  promised

    Contracts
    Number        Contract    Standing      Amount   Received  Ends on     Owner
    ------------  ----------  --------  ----------  ---------  ----------  -----
    CON-2026-001  升降桌采购  Active    120,000.00  36,000.00  2027-03-31  li

    Follow-ups
    At                Method  Points                                      Next date
    ----------------  ------  ------------------------------------------  ----------
    2026-03-11 10:00  Phone   第 11 次沟通，客户询问升降桌的供货周期与安  2026-03-13
                              装服务
    ");
    assert_snapshot!(wide(&env, "80", &["contract", "show", "CON-2026-001"]), @"
    CON-2026-001 升降桌采购
    Standing     Active
    Contract     升降桌采购
    Customer     B2B-2026-001 示例贸易有限公司
    Opportunity  OPP-2026-001 升降桌一期
    Amount       120,000.00
    Signed on    2026-03-10
    Ends on      2027-03-31
    Owner        li

    Due next
    When    Due         What                         Rule
    ------  ----------  ---------------------------  -------
    coming  2026-06-30  CNY 84,000.00 to come: 尾款  payment

    Payment plan
    Instalment     Amount  Due on
    ----------  ---------  ----------
    预付款      36,000.00  2026-03-20
    尾款        84,000.00  2026-06-30

    Receipts
    Received on     Amount
    -----------  ---------
    2026-03-11   30,000.00
    2026-03-12    6,000.00
    ");
}
