//! Text of the page rather than of the document: `[ad_1]`, share links, page numbers.
//!
//! Only short lines that are nothing else are marked; a sentence about cookies is a sentence.

use super::Part;
use crate::model::Kind;

/// Whole lines, in lower case, without final marks.
const LINES: &[&str] = &[
    "source link",
    "advertisement",
    "advertisements",
    "sponsored content",
    "share this",
    "share this article",
    "share on facebook",
    "share on twitter",
    "share on whatsapp",
    "click to share on facebook (opens in new window)",
    "click to share on twitter (opens in new window)",
    "tweet",
    "pin it",
    "like this",
    "print this page",
    "email this article",
    "read more",
    "continue reading",
    "skip to content",
    "skip to main content",
    "skip to navigation",
    "back to top",
    "leave a comment",
    "leave a reply",
    "add a comment",
    "subscribe to our newsletter",
    "sign up for our newsletter",
    "join our mailing list",
    "accept all cookies",
    "accept cookies",
    "cookie settings",
    "all rights reserved",
    "related articles",
    "related posts",
    "you may also like",
    "follow us on twitter",
    "follow us on facebook",
    "log in",
    "sign in",
    "next page",
    "previous page",
    "分享到",
    "分享到：",
    "扫一扫",
    "扫一扫分享",
    "返回顶部",
    "回到顶部",
    "打印本页",
    "关闭窗口",
    "【打印】",
    "【关闭】",
    "广告",
    "相关阅读",
    "相关新闻",
    "推荐阅读",
    "点击下载",
    "版权所有",
    "阅读全文",
    "版權所有",
    "返回頁首",
    "廣告",
    "シェアする",
    "ツイート",
    "ツイートする",
    "トップへ戻る",
    "ページトップへ",
    "ページの先頭へ",
    "無断転載禁止",
    "無断転載を禁じます",
    "続きを読む",
    "広告",
    "スポンサーリンク",
    "関連記事",
    "공유하기",
    "광고",
    "맨 위로",
    "목록으로",
    "구독하기",
    "관련기사",
    "무단전재 및 재배포 금지",
    "무단 전재 및 재배포 금지",
    "поделиться",
    "поделиться:",
    "поделиться ссылкой",
    "подписаться на рассылку",
    "подписаться",
    "читать далее",
    "читайте также",
    "все права защищены",
    "наверх",
    "реклама",
    "на правах рекламы",
    "версия для печати",
];

/// Beginnings of lines that go on in ways too many to list, in lower case.
const BEGINNINGS: &[&str] = &[
    "we use cookies",
    "this website uses cookies",
    "this site uses cookies",
    "our website uses cookies",
    "by continuing to use this site",
    "by continuing to browse",
    "本网站使用cookie",
    "当サイトではcookie",
    "мы используем файлы cookie",
    "этот сайт использует файлы cookie",
    "이 웹사이트는 쿠키를",
    "저작권자 ©",
    "저작권자(c)",
    "版权所有 ©",
    "版权所有：",
    "未经许可不得转载",
    "未经授权不得转载",
    "未经本网授权",
    "click here to subscribe",
    "subscribe to our",
    "sign up to our newsletter",
    "責任編輯",
    "责任编辑：",
    "（责任编辑",
];

/// Such beginnings count among so many first and last paragraphs: in between, a text on cookies has
/// them too.
const EDGE: usize = 5;

/// The longest line with such a beginning, in bytes.
const LONGEST: usize = 360;

/// The longest of the whole lines with what may stand behind it, in bytes.
const LONGEST_LINE: usize = 90;

/// The longest beginning, in characters.
const LONGEST_BEGINNING: usize = 48;

/// Marks what belongs to the page.
pub(super) fn mark(parts: &mut [Part], pages: &[usize]) {
    let mut lower = String::new();
    let total = parts.len();
    for (place, part) in parts.iter_mut().enumerate() {
        let at_edge = place < EDGE || place + EDGE >= total;
        if matches!(part.kind, Kind::Body | Kind::Item)
            && is_boilerplate(&part.text, at_edge, &mut lower)
        {
            part.kind = Kind::Boilerplate;
        }
    }
    mark_page_numbers(parts, pages);
}

fn is_boilerplate(text: &str, at_edge: bool, lower: &mut String) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    if is_placeholder(text) || is_numbered_page(text) {
        return true;
    }
    lower.clear();
    let long = text.len() > LONGEST_LINE;
    let compared = if long { LONGEST_BEGINNING } else { LONGEST_LINE };
    if let Some(head) = text.get(..compared.min(text.len())).filter(|_| text.is_ascii()) {
        lower.push_str(head);
        lower.make_ascii_lowercase();
    } else {
        lower.extend(text.chars().take(compared).flat_map(char::to_lowercase));
    }
    let line = lower.trim_end_matches(['.', '!', ':', '：', '…', '»', '→', '>', ' ', '。']);
    !long && LINES.contains(&line)
        || at_edge && BEGINNINGS.iter().any(|start| lower.starts_with(start))
}

/// `[ad_1]`, `[advertisement]`, `[social_share]`: what a template left behind.
fn is_placeholder(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|name| {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        (name.contains('_') || name.starts_with("ad"))
            && name.bytes().all(is_name)
            && name.bytes().any(|byte| byte.is_ascii_lowercase())
            && name.len() <= 40
    })
}

/// `Page 3 of 12`, `- 3 -`, `第3页`, `3 / 12`.
fn is_numbered_page(text: &str) -> bool {
    if text.len() > 40 {
        return false;
    }
    let dashed = text
        .strip_prefix(['-', '–', '—', '·', '~'])
        .and_then(|rest| rest.strip_suffix(['-', '–', '—', '·', '~']));
    if let Some(inside) = dashed {
        return is_small_number(inside.trim());
    }
    if let Some(inside) = text.strip_prefix('第') {
        let inside = inside.trim_end_matches(['页', '頁']);
        return text.ends_with(['页', '頁']) && is_small_number(inside.trim());
    }
    let words = ["Page ", "page ", "PAGE ", "стр. ", "Стр. ", "Страница "];
    let rest = words.iter().find_map(|word| text.strip_prefix(word));
    rest.is_some_and(|rest| {
        let rest = rest.split_once(" of ").or_else(|| rest.split_once(" из "));
        rest.map_or_else(
            || is_small_number(text.rsplit(' ').next().unwrap_or("")),
            |(page, total)| is_small_number(page.trim()) && is_small_number(total.trim()),
        )
    })
}

fn is_small_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number alone is a page's only beside the end of a page, or where such numbers count upwards
/// one by one through the document.
fn mark_page_numbers(parts: &mut [Part], pages: &[usize]) {
    let alone = |part: &Part| {
        let open = part.kind == Kind::Body && part.apart && is_small_number(&part.text);
        open.then(|| part.text.parse::<u32>().ok()).flatten()
    };
    let numbers: Vec<(usize, u32)> =
        parts.iter().enumerate().filter_map(|(place, part)| Some((place, alone(part)?))).collect();
    let mut marked = Vec::new();
    for (index, (place, number)) in numbers.iter().enumerate() {
        let follows = |other: Option<&(usize, u32)>, expected: Option<u32>| {
            // Two numbers with no text between are a list of numbers.
            other.is_some_and(|(at, n)| Some(*n) == expected && at.abs_diff(*place) > 1)
        };
        let next = follows(numbers.get(index + 1), number.checked_add(1));
        let before = index.checked_sub(1).and_then(|before| numbers.get(before));
        let counted = next || follows(before, number.checked_sub(1));
        if counted
            || parts.get(*place).is_some_and(|part| is_beside_page_end(parts, *place, part, pages))
        {
            marked.push(*place);
        }
    }
    for place in marked {
        if let Some(part) = parts.get_mut(place) {
            part.kind = Kind::Boilerplate;
        }
    }
}

fn is_beside_page_end(parts: &[Part], place: usize, part: &Part, pages: &[usize]) -> bool {
    if pages.is_empty() {
        return false;
    }
    let before =
        place.checked_sub(1).and_then(|before| parts.get(before)).map_or(0, |part| part.span.end);
    let after = parts.get(place + 1).map_or(usize::MAX, |part| part.span.start);
    let ends_in = |from: usize, to: usize| {
        pages.get(pages.partition_point(|end| *end < from)).is_some_and(|end| *end < to)
    };
    ends_in(before, part.span.start) || ends_in(part.span.end, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> bool {
        is_boilerplate(text, true, &mut String::new())
    }

    #[test]
    fn lines_of_the_page_are_told_from_lines_of_the_text() {
        for text in [
            "[ad_1]",
            "Source link",
            "ADVERTISEMENT",
            "Share this:",
            "- 12 -",
            "Page 3 of 12",
            "第 3 页",
            "阅读全文>",
            "続きを読む",
            "무단전재 및 재배포 금지",
            "Все права защищены.",
            "We use cookies to improve your visit.",
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            "Cookies are small files.",
            "[1]",
            "[sic]",
            "Source",
            "12",
            "Page",
            "Share prices fell.",
            "第一页的内容",
            "",
            "[Translated by A]",
            "Page three of it",
        ] {
            assert!(!is(text), "{text}");
        }
    }

    #[test]
    fn a_long_text_is_never_boilerplate() {
        assert!(!is(&"We use cookies to bake. ".repeat(40)));
    }
}
