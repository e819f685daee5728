//! Contracts as Markdown, HTML and Word, from the template built in and the team's own.

use crate::damage;
use crate::{repository, signed};
use insta::assert_snapshot;
use std::fs;

/// Returns the text of a part of a Word file.
fn text_of_docx(bytes: &[u8], name: &str) -> String {
    let part = damage::unzip(bytes).into_iter().find(|(part, _)| part == name).unwrap().1;
    let xml = String::from_utf8(part).unwrap();
    let inside = xml.split("<w:t").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</w:t>"));
    inside.map(|(text, _)| text).collect()
}

#[test]
fn the_template_built_in_says_it_all() {
    let env = signed("zh");
    assert_snapshot!(env.run(&["contract", "render", "CON-2026-001"]), @r#"
    # 升降桌采购

    合同编号：CON-2026-001

    甲方（买方）：**某某科技有限公司**

    联系人：陈经理 13900139000

    乙方（卖方）：

    甲乙双方经协商一致，就下列事项订立本合同。

    ## 一、标的

    升降桌、配件

    ## 二、金额

    合同总金额：CNY 120,000.00（大写：壹拾贰万元整）。

    ## 三、付款

    | 款项 | 比例 | 金额 | 大写 | 应付日期 |
    | --- | --- | --- | --- | --- |
    | 预付款 | 30% | 36,000.00 | 叁万陆仟元整 | 2026年3月10日 |
    | 尾款 | 70% | 84,000.00 | 捌万肆仟元整 | 2026年6月30日 |

    ## 四、期限

    本合同自 2026年3月1日 起，至 2027年2月28日 止。

    ## 五、变更与争议

    对本合同的修改须双方书面确认。争议由双方协商解决；协商不成的，提交有管辖权的人民法院处理。

    ## 六、其他

    本合同一式两份，双方各执一份，自双方签字盖章之日起生效。

    | 甲方（盖章） | 乙方（盖章） |
    | --- | --- |
    | 签字： | 签字： |
    | 日期： | 日期： |
    ------- stderr -------
    警告：以下字段没有值，已留空：team
    乙方名称取自 `kehu.toml` 的 `company = "公司全称"`
    "#);
    env.done(&["contract", "render", "CON-2026-001", "-o", "../contract.html"]);
    let html = env.read("../contract.html");
    assert!(html.contains("<title>升降桌采购</title>") && html.contains("壹拾贰万元整"), "{html}");
    env.done(&["contract", "render", "CON-2026-001", "-o", "../contract.docx"]);
    let made = fs::read(env.dir().join("../contract.docx")).unwrap();
    let text = text_of_docx(&made, "word/document.xml");
    assert!(text.contains("大写：壹拾贰万元整") && text.contains("2026年6月30日"), "{text}");
    let english = env.done(&["--lang", "en", "contract", "render", "CON-2026-001"]);
    assert!(english.contains("from 1 March 2026 to 28 February 2027"), "{english}");
}

#[test]
fn a_value_is_never_markup() {
    let env = repository("en");
    env.done(&["contract", "set", "CON-2026-001", "name=<b>*bold*</b> | [x](y)"]);
    let html = env.done(&["contract", "render", "CON-2026-001", "-o", "html"]);
    assert!(html.contains("<h1>&lt;b&gt;*bold*&lt;/b&gt; | [x](y)</h1>"), "{html}");
}

#[test]
fn the_teams_own_template_is_taken() {
    let env = signed("zh");
    env.write(
        "config/templates/sale.md",
        "{{ 客户.公司名称 }}，{{ 联系人.姓名 }}：{{ amount | capitals }}，{{ 签订日期 | date }}\n",
    );
    env.done(&["commit"]);
    env.done(&["contract", "set", "CON-2026-001", "合同模板=sale"]);
    assert_snapshot!(env.run(&["contract", "render", "CON-2026-001"]), @"某某科技有限公司，陈经理：壹拾贰万元整，2026年3月1日");
    env.write("../one.md", "{{ owner.name }} {{ customer.credit_code }}");
    assert_snapshot!(env.run(&["contract", "render", "CON-2026-001", "--template", "../one.md"]), @"
     ------- stderr -------
    警告：以下字段没有值，已留空：customer.credit_code、owner.name
    ");
    assert_snapshot!(env.run(&["contract", "render", "CON-2026-001", "--template", "none"]), @"
    ------- stderr -------
    错误：没有模板 `none`
    提示：团队模板放在 `config/templates` 中，命名为 `名称.md` 或 `名称.docx`
    [exit 4]
    ");
    assert_snapshot!(env.run(&["contract", "render", "CON-2026-001", "-o", "pdf"]), @"
    ------- stderr -------
    错误：不能生成 `pdf` 格式的文档
    提示：可用格式：md、html、docx
    [exit 2]
    ");
}

#[test]
fn a_mistake_in_a_template_is_told_with_its_line() {
    let env = repository("en");
    let render = |text: &str| {
        env.write("../own.md", text);
        env.run(&["contract", "render", "CON-2026-001", "--template", "../own.md"]).to_string()
    };
    assert_snapshot!(render("# x\n\n{{ customer.nmae }}\n"), @"
    ------- stderr -------
    error: `own.md` line 3: there is no field `customer.nmae`
    hint: did you mean `customer.name`?
    [exit 6]
    ");
    assert_snapshot!(render("{{ custommer.name }}"), @"
    ------- stderr -------
    error: `own.md` line 1: there is no field `custommer`
    hint: did you mean `customer`?
    [exit 6]
    ");
    assert_snapshot!(render("{{ customer.name | upcase }}"), @"
    ------- stderr -------
    error: `own.md` line 1: filter upcase is unknown
    hint: filters are `date`, `money`, `capitals`, `default` and those of Jinja
    [exit 6]
    ");
    assert_snapshot!(render("{{ customer.name | date2 }}"), @"
    ------- stderr -------
    error: `own.md` line 1: filter date2 is unknown
    hint: filters are `date`, `money`, `capitals`, `default` and those of Jinja
    [exit 6]
    ");
    assert_snapshot!(render("{% for x in plan %}\n"), @"
    ------- stderr -------
    error: `own.md` line 1: the template does not parse: unexpected end of input, expected end of block
    [exit 6]
    ");
    assert_snapshot!(render("{% include 'kehu.toml' %}"), @"
    ------- stderr -------
    error: `own.md` line 1: the template does not parse: unknown statement include
    [exit 6]
    ");
    assert_snapshot!(render("{{ customer }}"), @"
    ------- stderr -------
    error: `own.md` line 1: it cannot be filled in: invalid operation: a field is wanted after the name
    [exit 6]
    ");
    assert_snapshot!(render("{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"), @"
    ------- stderr -------
    error: `own.md` line 1: the template does too much
    [exit 6]
    ");
}

#[test]
fn a_word_file_is_filled_in() {
    let env = signed("zh");
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let cell = |text: &str| format!("<w:tc><w:p>{}</w:p></w:tc>", run(text));
    let body = format!(
        "<w:p>{}{}{}</w:p><w:tbl><w:tr>{}{}</w:tr></w:tbl>",
        run("甲方：{{ 客户."),
        run("公司"),
        run("名称 }}"),
        cell("{%tr for row in plan %}{{ row.name }}"),
        cell("{{ row.amount }}{%tr endfor %}")
    );
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let header = format!("<w:hdr xmlns:w=\"w\"><w:p>{}</w:p></w:hdr>", run("{{ number }}"));
    let parts =
        [("word/document.xml", document), ("word/header1.xml", header), ("word/styles.xml", "<s/>".to_string())];
    let parts = parts.map(|(name, text)| (name.to_string(), text.into_bytes()));
    fs::create_dir_all(env.dir().join("config/templates")).unwrap();
    fs::write(env.dir().join("config/templates/contract.docx"), damage::zip(&parts)).unwrap();
    env.done(&["commit"]);
    env.done(&["contract", "render", "CON-2026-001", "-o", "../made.docx"]);
    let made = fs::read(env.dir().join("../made.docx")).unwrap();
    assert_eq!(text_of_docx(&made, "word/document.xml"), "甲方：某某科技有限公司预付款36,000.00尾款84,000.00");
    assert_eq!(text_of_docx(&made, "word/header1.xml"), "CON-2026-001");
    env.done(&["contract", "render", "CON-2026-001", "-o", "../again.docx"]);
    assert_eq!(fs::read(env.dir().join("../again.docx")).unwrap(), made);
    assert_snapshot!(env.run(&["contract", "render", "CON-2026-001", "-o", "md"]), @"
    ------- stderr -------
    错误：`config/templates/contract.docx` 只能生成 Word 文件
    提示：请写 `-o 合同.docx`，或用 `--template` 指定 Markdown 模板
    [exit 2]
    ");
    fs::write(env.dir().join("../broken.docx"), &made[..made.len() / 2]).unwrap();
    let broken =
        env.refused(6, &["contract", "render", "CON-2026-001", "--template", "../broken.docx", "-o", "../x.docx"]);
    assert!(broken.contains("`broken.docx` 已损坏或不是 Word 文件"), "{broken}");
}

#[test]
fn the_seller_is_who_the_configuration_says() {
    let env = signed("en");
    let told = env.run(&["contract", "render", "CON-2026-001"]);
    assert!(told.stderr.contains("`company = ") && !told.stdout.contains("work"), "{told}");
    env.edit("kehu.toml", "# company = \"示例软件有限公司\"", "company = \"Example Software Ltd\"");
    env.done(&["commit"]);
    let told = env.run(&["contract", "render", "CON-2026-001"]);
    assert!(told.stdout.contains("Seller: Example Software Ltd") && !told.stderr.contains("company"), "{told}");
}
