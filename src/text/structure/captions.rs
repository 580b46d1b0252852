//! Captions of figures, tables and photographs, and what they say of the rows below them.
//!
//! A sentence that only mentions a figure is never a caption: after the number comes a mark or a
//! title, not a verb.

use super::Part;
use crate::model::Kind;
use crate::text::marks;

/// The longest caption, in bytes.
const LONGEST: usize = 1200;

/// Words that come before the number of a figure or table, in lower case.
const WORDS: &[&str] = &[
    "figure",
    "fig.",
    "fig",
    "table",
    "tab.",
    "chart",
    "plate",
    "graph",
    "photo",
    "рисунок",
    "рис.",
    "таблица",
    "табл.",
    "схема",
    "диаграмма",
    "график",
    "фото",
    "그림",
    "표",
    "사진",
    "图",
    "圖",
    "図",
    "表",
    "图表",
    "圖表",
    "図表",
    "照片",
    "写真",
];

/// Words by which a © line credits a picture rather than claims a page.
const CREDITS: &[&str] = &[
    "photo",
    "photograph",
    "picture",
    "image",
    "ap ",
    "afp",
    "reuters",
    "getty",
    "xinhua",
    "tass",
    "sputnik",
    "epa",
    "фото",
    "риа",
    "тасс",
    "摄",
    "攝",
    "图片",
    "圖片",
    "照片",
    "写真",
    "撮影",
    "提供",
    "사진",
    "연합뉴스",
];

/// Marks captions among the blocks that are not known to be anything else.
pub(super) fn mark(parts: &mut [Part]) {
    for place in 0..parts.len() {
        let before_table = matches!(parts.get(place + 1), Some(next) if next.kind == Kind::Table);
        let Some(part) = parts.get_mut(place) else { break };
        if part.is_open() && part.text.len() <= LONGEST && is_caption(&part.text, before_table) {
            part.kind = Kind::Caption;
        }
    }
}

/// Gives every row its table's caption and column names.
pub(super) fn give_context(parts: &mut [Part]) {
    let mut caption = String::new();
    let mut columns = String::new();
    let mut after_row = false;
    for place in 0..parts.len() {
        let Some(part) = parts.get(place) else { break };
        match part.kind {
            Kind::Caption => caption.clone_from(&part.text.clone().into_owned()),
            Kind::Table => {
                columns = column_names(&part.text);
                if after_row {
                    caption.clear();
                }
            }
            Kind::Row => {
                let context = joined(&caption, &columns);
                if let Some(part) = parts.get_mut(place) {
                    part.context = context;
                }
            }
            _ => {
                caption.clear();
                columns.clear();
            }
        }
        after_row = parts.get(place).is_some_and(|part| part.kind == Kind::Row);
    }
}

fn column_names(header: &str) -> String {
    let names: Vec<&str> =
        header.split('\t').map(str::trim).filter(|name| !name.is_empty()).collect();
    names.join(", ")
}

fn joined(caption: &str, columns: &str) -> String {
    match (caption.is_empty(), columns.is_empty()) {
        (true, _) => columns.to_owned(),
        (false, true) => caption.to_owned(),
        (false, false) => format!("{caption} — {columns}"),
    }
}

fn is_caption(text: &str, before_table: bool) -> bool {
    if text.starts_with('©') || text.starts_with("(c) ") || text.starts_with("Photo: ") {
        return is_credit(text);
    }
    let Some(rest) = after_word(text) else { return false };
    let Some(rest) = after_label_number(rest) else { return false };
    if before_table || rest.is_empty() {
        return true;
    }
    if rest.starts_with(['.', ':', '：', '．', '—', '–', '-', '|', '。']) {
        let title = rest.trim_start_matches(['.', ':', '：', '．', '—', '–', '-', '|', '。', ' ']);
        return !marks::starts_lower(title);
    }
    // Without a mark the title must look like one: apart from the number, with a capital, and
    // without a sentence's end.
    let title = rest.trim_start();
    let spaced = title.len() < rest.len();
    spaced
        && !marks::starts_lower(title)
        && !marks::ends_closed(text)
        && marks::width(text, 201) <= 200
}

fn is_credit(text: &str) -> bool {
    let lower = text.to_lowercase();
    let claims = lower.contains("rights reserved")
        || lower.contains("版权所有")
        || lower.contains("права защищены");
    !claims && marks::width(text, 301) <= 300 && CREDITS.iter().any(|word| lower.contains(word))
}

/// The text behind a word such as `Fig.` or `表`.
fn after_word(text: &str) -> Option<&str> {
    // Every paragraph is asked; few start with the first letter of one of the words.
    let initials = [
        'F', 'T', 'C', 'P', 'G', 'Р', 'Т', 'С', 'Д', 'Г', 'Ф', '그', '표', '사', '图', '圖', '図',
        '表', '照', '写',
    ];
    if !text.starts_with(initials) {
        return None;
    }
    let end = text
        .char_indices()
        .take(14)
        .find(|(_, c)| c.is_numeric() || c.is_whitespace() || *c == '.')?;
    let end = if end.1 == '.' { end.0 + 1 } else { end.0 };
    let (word, rest) = text.split_at_checked(end)?;
    let first = word.chars().next()?;
    if first.is_lowercase() {
        return None;
    }
    let known = WORDS.contains(&&*word.to_lowercase());
    known.then(|| rest.trim_start())
}

/// The text behind a number such as `1`, `2.3`, `A1`, `IV`, `1-2`, `一`.
fn after_label_number(text: &str) -> Option<&str> {
    let is_part = |c: char| {
        c.is_ascii_digit()
            || ('０'..='９').contains(&c)
            || matches!(c, 'I' | 'V' | 'X' | 'A'..='D' | 'S')
            || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
    };
    let mut end = 0;
    let mut characters = text.char_indices().take(10).peekable();
    while let Some((at, c)) = characters.next() {
        let links = matches!(c, '.' | '-' | '–' | '－')
            && end > 0
            && characters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if !is_part(c) && !links {
            break;
        }
        end = at + c.len_utf8();
    }
    if end == 0 {
        return None;
    }
    let rest = text.get(end..)?;
    // "Table Austria", "图一般": the number must end where a word could not go on.
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric() && !matches!(c, 'a'..='h'));
    let panel = rest.strip_prefix(|c: char| c.is_ascii_lowercase());
    match panel {
        Some(after) if !after.starts_with(char::is_alphanumeric) => Some(after),
        Some(_) => None,
        None => ends.then_some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_told_from_sentences_about_figures() {
        for text in [
            "Fig.1. Ships in port",
            "Figure 2: Ships in port. The dashed line is rail.",
            "Table 1 Ranking of ports in 2016",
            "Table 3",
            "图1 港口吞吐量",
            "表2-1：口岸数量",
            "図３　港湾の位置",
            "그림 1. 항구",
            "표 2 무역 규모",
            "Рис. 1. Порты",
            "Таблица 2 – Объём торговли",
            "Fig. 2a. Detail",
            "© AP Photo, A. Person at the harbour",
        ] {
            assert!(is_caption(text, false), "{text}");
        }
        for text in [
            "Table 1 shows the ranking of ports.",
            "Figure 2 is a map",
            "Fig trees grow here",
            "Table 1 Shows a ranking. It is long.",
            "图1显示了港口吞吐量的变化。",
            "表现良好的港口",
            "Table manners",
            "© 2020 A Company. All rights reserved.",
            "See Table 1.",
            "",
        ] {
            assert!(!is_caption(text, false), "{text}");
        }
    }
}
