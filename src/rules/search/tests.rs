use super::*;
use proptest::prelude::*;
use std::sync::OnceLock;

fn segmenter() -> &'static Segmenter {
    static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
    SEGMENTER.get_or_init(Segmenter::new)
}

fn words(text: &str) -> Vec<Word> {
    segmenter().words(text)
}

fn texts(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.text.into()).collect()
}

/// A document of a title, which counts thrice, and an answer.
fn document(title: &str, answer: &str) -> Vec<Part> {
    [(title, 3), (answer, 1)].map(|(text, weight)| Part { words: words(text), weight }).into()
}

fn found(documents: &[Vec<Part>], query: &str) -> Vec<usize> {
    rank(documents, &words(query)).into_iter().map(|hit| hit.at).collect()
}

#[test]
fn a_rare_word_outranks_a_common_one() {
    let all = ["desk red", "desk blue", "desk green", "chair wide"].map(|answer| document("", answer));
    assert_eq!(found(&all, "desk wide"), [3, 0, 1, 2], "and those alike in the order given");
}

#[test]
fn the_title_beats_the_answer() {
    let all = [document("paint", "the desk is wet"), document("desk", "the paint is wet")];
    assert_eq!(found(&all, "desk"), [1, 0]);
    assert_eq!(found(&all, "paint"), [0, 1]);
}

#[test]
fn scores_are_those_of_the_formula() {
    // N = 2, n = 1, f = 1, L = A = 2: ln(1 + 1.5 / 1.5) · 2.2 / (1 + 1.2) = ln 2.
    let all = [document("", "desk red"), document("", "chair red")];
    let [hit] = rank(&all, &words("desk desk"))[..] else { panic!() };
    assert!((hit.score - 2_f64.ln()).abs() < 1e-12, "{hit:?}");
    // n = 2: ln(1 + 0.5 / 2.5) for both.
    let scores: Vec<f64> = rank(&all, &words("red")).into_iter().map(|hit| hit.score).collect();
    assert!(scores.len() == 2 && scores.iter().all(|score| (score - 1.2_f64.ln()).abs() < 1e-12), "{scores:?}");
}

#[test]
fn a_long_text_counts_less_for_the_same_word() {
    let all = [document("", "reset it, and then wait, and wait again"), document("", "reset it")];
    assert_eq!(found(&all, "reset"), [1, 0]);
}

#[test]
fn what_has_none_of_the_words_is_not_found() {
    let all = [document("desk", "x"), document("", "")];
    assert!(found(&all, "chair").is_empty());
    assert!(found(&all, "，。!").is_empty());
    assert!(found(&[], "desk").is_empty());
    assert!(found(&[document("", "")], "desk").is_empty());
}

#[test]
fn chinese_words_are_found_inside_sentences() {
    let all = [
        document("收货须知", "签收前请先检查外包装"),
        document("客户要求退货怎么办", "七天内可无理由退货"),
        document("发票", "客户申请退款后三个工作日内到账"),
    ];
    assert_eq!(found(&all, "退货"), [1]);
    assert_eq!(found(&all, "退款"), [2]);
    assert_eq!(found(&all, "怎么退货"), [1]);
    assert_eq!(found(&all, "退貨"), [1], "traditional");
    assert_eq!(found(&all, "退货运费"), [1], "and within what is cut elsewhere");
    assert_eq!(found(&all, "想退款或退货"), [1, 2], "the title counts more");
}

#[test]
fn words_are_cut_and_brought_to_their_stem() {
    assert_eq!(texts("Returns, RETURNED; return"), ["return", "return", "return"]);
    assert_eq!(texts("错误码 E-02（ＵＳＢ接口）"), ["错误", "错误码", "误码", "e", "02", "usb", "接口"]);
    assert_eq!(texts("升降桌无法升降"), ["升降", "桌", "无法", "升降"]);
    for word in ["中华人民共和国", "人民", "共和国"] {
        assert!(texts("中华人民共和国").contains(&word.to_string()), "{word}");
    }
    assert_eq!(texts("退货运费"), ["退", "退货", "货运", "货运费", "运费"], "and by those across the cuts");
    assert_eq!(texts("Größe 12"), ["größe", "12"]);
    assert!(texts("").is_empty());
}

#[test]
fn a_word_says_where_it_stands() {
    let text = "a、退貨ＯＫ";
    let cut: Vec<&str> = words(text).into_iter().map(|word| &text[word.at]).collect();
    assert_eq!(cut, ["a", "退貨", "ＯＫ"]);
}

#[test]
fn a_snippet_shows_the_words_closest_together() {
    let shown = |text: &str, query: &str| snippet(text, &words(text), &words(query));
    assert_eq!(shown("Hold both arrows", "arrows"), "Hold both arrows");
    assert_eq!(shown("", "arrows"), "");
    let long = "First look at the plug and at the lamp of the control box, since most desks that do not rise have \
                no current. Then hold both arrows for ten seconds to reset it.";
    assert_eq!(shown(long, "reset arrows"), "…Then hold both arrows for ten seconds to reset it.");
    assert_eq!(shown(long, "printer"), "First look at the plug and at the lamp of the…");
    let zh = "签收前请先检查外包装是否完好，如有破损请当场拍照并联系物流。\n七天内可无理由退货，运费由买方承担；质量问题的退货运费由我方承担。";
    assert_eq!(shown(zh, "退货运费"), "…可无理由退货，运费由买方承担；质量问题的退货运费由…");
}

/// Texts of a few words, so that they meet.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["desk", "chair", "reset", "退货", "退款", "，"]), 0..8)
        .prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn the_word_once_more_never_lowers_a_score(
        all in prop::collection::vec((text(), text()), 1..6),
        at in any::<prop::sample::Index>(),
        query in prop::sample::select(vec!["desk", "reset", "退货"]),
        in_title in any::<bool>(),
    ) {
        let documents = |all: &[(String, String)]| all.iter().map(|(title, answer)| document(title, answer)).collect::<Vec<_>>();
        let at = at.index(all.len());
        let score = |all: &[(String, String)]| {
            rank(&documents(all), &words(query)).into_iter().find(|hit| hit.at == at).map_or(0.0, |hit| hit.score)
        };
        let mut more = all.clone();
        let text = if in_title { &mut more[at].0 } else { &mut more[at].1 };
        text.push_str(&format!(" {query}"));
        prop_assert!(score(&more) >= score(&all));
    }

    #[test]
    fn any_text_is_cut_at_characters_and_shown(text in "\\PC{0,40}", query in "\\PC{0,10}") {
        for word in words(&text) {
            prop_assert!(text.get(word.at.clone()).is_some_and(|part| !part.is_empty()), "{word:?}");
        }
        let shown = snippet(&text, &words(&text), &words(&query));
        prop_assert!(!shown.contains('\n'));
    }
}
