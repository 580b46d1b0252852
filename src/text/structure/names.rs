//! The words that name parts of a document in the five languages: section titles and labels.
//!
//! Lists only; whoever asks decides what a match means.

use std::borrow::Cow;

/// What a section title or a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// The document's summary of itself.
    Abstract,
    /// Its keywords.
    Keywords,
    /// Thanks and funding.
    Acknowledgement,
    /// The list of works cited.
    References,
    /// Any other part that documents commonly have.
    Other,
}

const ABSTRACT: &[&str] = &[
    "abstract",
    "摘要",
    "内容摘要",
    "中文摘要",
    "內容摘要",
    "内容提要",
    "提要",
    "要旨",
    "抄録",
    "초록",
    "국문초록",
    "аннотация",
    "реферат",
];

const KEYWORDS: &[&str] = &[
    "keywords",
    "keyword",
    "key words",
    "index terms",
    "关键词",
    "关键字",
    "關鍵詞",
    "關鍵字",
    "主题词",
    "キーワード",
    "주제어",
    "핵심어",
    "키워드",
    "중심단어",
    "ключевые слова",
];

const ACKNOWLEDGEMENT: &[&str] = &[
    "acknowledgement",
    "acknowledgements",
    "acknowledgment",
    "acknowledgments",
    "致谢",
    "致謝",
    "鸣谢",
    "謝辞",
    "감사의 글",
    "사사",
    "благодарности",
    "благодарность",
];

const REFERENCES: &[&str] = &[
    "references",
    "bibliography",
    "works cited",
    "literature cited",
    "参考文献",
    "參考文獻",
    "参考资料",
    "引用文献",
    "参考書",
    "참고문헌",
    "참고 문헌",
    "인용문헌",
    "список литературы",
    "литература",
    "библиография",
    "список использованной литературы",
    "список источников",
    "библиографический список",
    "источники",
];

const OTHER: &[&str] = &[
    "summary",
    "introduction",
    "conclusion",
    "conclusions",
    "background",
    "methods",
    "method",
    "methodology",
    "materials and methods",
    "results",
    "results and discussion",
    "discussion",
    "related work",
    "literature review",
    "appendix",
    "appendices",
    "contents",
    "table of contents",
    "preface",
    "foreword",
    "executive summary",
    "concluding remarks",
    "引言",
    "导言",
    "前言",
    "绪论",
    "绪言",
    "序言",
    "结论",
    "结语",
    "结束语",
    "附录",
    "目录",
    "引論",
    "結論",
    "結語",
    "附錄",
    "目錄",
    "緒論",
    "はじめに",
    "おわりに",
    "まとめ",
    "序論",
    "緒言",
    "概要",
    "要約",
    "付録",
    "目次",
    "あとがき",
    "まえがき",
    "서론",
    "결론",
    "머리말",
    "맺음말",
    "들어가며",
    "나가며",
    "요약",
    "부록",
    "목차",
    "введение",
    "заключение",
    "выводы",
    "содержание",
    "оглавление",
    "приложение",
    "предисловие",
    "послесловие",
    "резюме",
];

/// What a whole line of this text announces as the title of a section, if it is one that documents
/// commonly have. A number before it or a colon behind it does not matter.
pub(super) fn section(text: &str) -> Option<Section> {
    // The longest name has 32 characters, of two bytes in Russian.
    if text.len() > 96 || text.bytes().filter(|byte| *byte == b' ').count() > 5 {
        return None;
    }
    let name = plain(text);
    let is_in = |names: &[&str]| names.contains(&&*name);
    [
        (ABSTRACT, Section::Abstract),
        (KEYWORDS, Section::Keywords),
        (ACKNOWLEDGEMENT, Section::Acknowledgement),
        (REFERENCES, Section::References),
        (OTHER, Section::Other),
    ]
    .into_iter()
    .find_map(|(names, section)| is_in(names).then_some(section))
}

/// A label at the start of a paragraph, such as `Keywords:`, and the text behind it.
pub(super) fn label(text: &str) -> Option<(Section, &str)> {
    let bare = text.trim_start_matches(['[', '【', '〔', '［', '〈', '*', '_', '<']);
    let first = bare.chars().next()?;
    if !first.is_alphabetic() {
        return None;
    }
    // A label is short; looking further would find colons in the middle of sentences.
    let end = bare.char_indices().take(34).find(|(_, c)| is_label_end(*c)).map(|(at, _)| at)?;
    let (name, rest) = (bare.get(..end)?, bare.get(end..)?);
    let section = match section(name)? {
        found @ (Section::Abstract | Section::Keywords) => found,
        _ => return None,
    };
    let rest = rest.trim_start_matches(|c: char| {
        is_label_end(c) || c.is_whitespace() || matches!(c, '*' | '_')
    });
    (!rest.is_empty()).then_some((section, rest))
}

const fn is_label_end(c: char) -> bool {
    matches!(c, ':' | '：' | ']' | '】' | '〕' | '］' | '〉' | '>' | '—' | '–' | '﹕')
}

/// Lower case, without the spaces that Chinese and Japanese titles are spread with, without colon.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim().trim_matches(['*', '_', '【', '】', '[', ']', '〔', '〕', '<', '>']);
    let text = text.trim_end_matches([':', '：', '.', '。']).trim();
    let spread = text.chars().next().is_some_and(super::super::marks::is_spaceless);
    if spread {
        return Cow::Owned(text.chars().filter(|c| !c.is_whitespace()).collect());
    }
    if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_titles_are_known_in_five_languages_and_odd_spacing() {
        assert_eq!(section("REFERENCES"), Some(Section::References));
        assert_eq!(section("摘　要"), Some(Section::Abstract));
        assert_eq!(section("Список литературы:"), Some(Section::References));
        assert_eq!(section("참고문헌"), Some(Section::References));
        assert_eq!(section("謝辞"), Some(Section::Acknowledgement));
        assert_eq!(section("References to the harbour"), None);
        assert_eq!(section(""), None);
    }

    #[test]
    fn labels_need_a_mark_and_something_behind_it() {
        assert_eq!(label("Keywords: port; rail"), Some((Section::Keywords, "port; rail")));
        assert_eq!(label("【摘要】本文"), Some((Section::Abstract, "本文")));
        assert_eq!(label("关键词：港口"), Some((Section::Keywords, "港口")));
        assert_eq!(label("Abstract—We show"), Some((Section::Abstract, "We show")));
        assert_eq!(label("Abstract"), None);
        assert_eq!(label("Abstract art: a history"), None);
        assert_eq!(label("Introduction: the port"), None);
    }
}
