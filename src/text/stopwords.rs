//! Words so common that they say nothing about what a question asks for.
//!
//! Only the ranking of a longer query leaves them out: a query made of nothing else is searched as it
//! was typed, and inside quotation marks every word counts.

/// Whether the word, in the index's spelling, is a stopword of English, Russian, Chinese, Japanese or
/// Korean. A CJK entry is a whole unit of a query: a character, a pair of them or a Korean word.
pub fn is_stopword(word: &str) -> bool {
    LISTS.iter().any(|list| list.contains(&word))
}

const LISTS: [&[&str]; 5] = [ENGLISH, RUSSIAN, CHINESE, JAPANESE, KOREAN];

const ENGLISH: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but", "by", "can",
    "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "his", "how",
    "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our",
    "s", "she", "should", "so", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "was", "we", "were", "what", "when", "where", "which",
    "who", "whom", "whose", "why", "will", "with", "would", "you", "your",
];

const RUSSIAN: &[&str] = &[
    "а",
    "без",
    "бы",
    "был",
    "была",
    "были",
    "было",
    "быть",
    "в",
    "во",
    "вы",
    "где",
    "да",
    "для",
    "до",
    "его",
    "ее",
    "её",
    "если",
    "есть",
    "еще",
    "ещё",
    "же",
    "за",
    "и",
    "из",
    "или",
    "их",
    "к",
    "как",
    "какая",
    "какие",
    "каким",
    "какими",
    "каких",
    "какого",
    "какое",
    "какой",
    "каком",
    "какому",
    "какую",
    "когда",
    "кого",
    "кому",
    "кто",
    "куда",
    "ли",
    "между",
    "мы",
    "на",
    "над",
    "не",
    "него",
    "нет",
    "но",
    "о",
    "об",
    "он",
    "она",
    "они",
    "от",
    "по",
    "под",
    "почему",
    "при",
    "с",
    "со",
    "так",
    "также",
    "то",
    "того",
    "тоже",
    "только",
    "у",
    "уже",
    "чего",
    "чем",
    "что",
    "чтобы",
    "чья",
    "эта",
    "эти",
    "это",
    "этого",
    "этой",
    "этот",
    "я",
];

const CHINESE: &[&str] = &[
    "一个", "一個", "不", "与", "个", "为", "为什", "之", "也", "了", "于", "什么", "什麼", "他",
    "們", "们", "何", "何时", "何時", "個", "哪", "哪个", "哪些", "哪個", "哪里", "哪裡", "吗",
    "呢", "和", "嗎", "在", "多少", "如何", "对", "就", "怎么", "怎樣", "怎样", "怎麼", "我", "或",
    "是", "是什", "是否", "是哪", "是谁", "是誰", "有", "有哪", "的", "而", "與", "被", "谁", "誰",
    "這", "这", "那", "都", "為", "為什",
];

const JAPANESE: &[&str] = &[
    "いう", "いた", "いつ", "いる", "う", "か", "から", "が", "この", "これ", "さ", "され", "した",
    "して", "しま", "す", "すか", "する", "その", "それ", "た", "たか", "だ", "だれ", "って", "て",
    "てい", "で", "です", "では", "と", "とい", "どこ", "どの", "な", "なに", "なん", "に", "には",
    "の", "のは", "は", "はど", "は何", "は誰", "ます", "まで", "も", "もの", "や", "よう", "り",
    "る", "れた", "を", "ん", "んで", "何", "何で", "何と", "誰", "誰が",
];

const KOREAN: &[&str] = &[
    "것",
    "것은",
    "곳은",
    "그",
    "누가",
    "누구",
    "누구인가",
    "는",
    "등",
    "무슨",
    "무엇",
    "무엇을",
    "무엇이",
    "무엇인가",
    "및",
    "수",
    "어느",
    "어디",
    "어디에",
    "어디인가",
    "어떤",
    "언제",
    "은",
    "을",
    "의",
    "이",
    "있는",
    "하는",
    "한",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn every_entry_is_spelled_as_the_index_spells_it() {
        for entry in LISTS.concat() {
            let spelled: String = words(entry).into_iter().map(|word| word.text).collect();
            assert_eq!(spelled, *entry);
        }
    }

    #[test]
    fn function_words_are_stopwords_and_names_are_not() {
        assert!(["the", "когда", "什么", "です", "무엇인가"].into_iter().all(is_stopword));
        assert!(!["harbin", "дорога", "东北", "東京", "한국"].into_iter().any(is_stopword));
    }
}
