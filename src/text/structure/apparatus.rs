//! Remarks about the text that are not part of it: who translated it, where it was published first.
//!
//! Only fixed phrases count, and only at the edges of a document or alone in brackets.

use super::Part;
use crate::model::Kind;
use crate::text::marks;

/// How many paragraphs from either end are the edge.
const EDGE: usize = 4;

/// The longest remark, in columns.
const LONGEST: usize = 700;

/// Beginnings of remarks on a text's source, in lower case.
const SOURCE: &[&str] = &[
    "this article is based on",
    "this paper is based on",
    "this essay is based on",
    "this article is adapted from",
    "this is an edited version of",
    "this is an edited excerpt",
    "this article was originally published",
    "this article was first published",
    "this article first appeared",
    "this article originally appeared",
    "originally published in",
    "originally published on",
    "first published in",
    "reprinted from",
    "reprinted with permission",
    "this article has been translated",
    "本文系",
    "本文原载",
    "本文原載",
    "本文为作者在",
    "原载于",
    "原载《",
    "原載",
    "转载自",
    "轉載自",
    "文章来源",
    "本稿は、『",
    "初出",
    "出典：",
    "底本：",
    "본 논문은 20",
    "статья подготовлена",
    "статья написана",
    "работа выполнена при",
    "исследование выполнено при",
    "впервые опубликовано",
    "материал подготовлен",
    "перевод с ",
];

/// Words by which a bracketed line or short line names a translator or editor, in lower case.
const TRANSLATION: &[&str] = &[
    "translated by",
    "translated from",
    "translation by",
    "translator's note",
    "translator’s note",
    "trans. by",
    "edited by",
    "editor's note",
    "editor’s note",
    "перевод:",
    "перевёл",
    "перевел",
    "перевод с",
    "пер. с",
    "прим. пер",
    "прим. ред",
    "译者",
    "譯者",
    "翻译",
    "翻譯",
    "编者按",
    "編者按",
    "译者注",
    "訳者",
    "翻訳",
    "訳注",
    "編集部注",
    "옮긴이",
    "번역",
    "역자",
];

/// Marks remarks of translators, editors and publishers.
pub(super) fn mark(parts: &mut [Part]) {
    let kept = |part: &&Part| part.kind != Kind::Boilerplate;
    let total = parts.iter().filter(kept).count();
    let kept = parts.iter_mut().filter(|part| part.kind != Kind::Boilerplate);
    for (place, part) in kept.enumerate() {
        let at_edge = place < EDGE || place + EDGE >= total;
        if part.is_open() && is_remark(&part.text, at_edge) {
            part.kind = Kind::Note;
        }
    }
}

fn is_remark(text: &str, at_edge: bool) -> bool {
    if text.len() > 3 * LONGEST || marks::width(text, LONGEST + 1) > LONGEST {
        return false;
    }
    let bracketed = is_bracketed(text);
    if !bracketed && !at_edge {
        return false;
    }
    let lower = text.to_lowercase();
    let inside = lower.trim_start_matches(marks::is_opener);
    if bracketed && TRANSLATION.iter().any(|words| inside.starts_with(words)) {
        return true;
    }
    // "Edited by" and its like may also begin a sentence of the text; in a short line they do not.
    let short = marks::width(text, 81) <= 80 && text.split_whitespace().count() <= 8;
    let translated = lower.starts_with("translated by") || lower.starts_with("translated from");
    at_edge && (translated && short || SOURCE.iter().any(|words| lower.starts_with(words)))
}

/// Whether one pair of brackets holds the whole text.
fn is_bracketed(text: &str) -> bool {
    let pairs = [('[', ']'), ('(', ')'), ('（', '）'), ('［', '］'), ('【', '】'), ('〔', '〕')];
    pairs.into_iter().any(|(open, close)| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inside| !inside.contains([open, close]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translators_and_sources_are_remarks_and_sentences_are_not() {
        assert!(is_remark("[Translated by A. Person]", false));
        assert!(is_remark("（译者：某某）", false));
        assert!(is_remark("Translated by A. Person", true));
        assert!(is_remark("This article is based on a report published in a journal.", true));
        assert!(!is_remark("This article is based on a report published in a journal.", false));
        assert!(!is_remark("[The meeting was held in June]", true));
        assert!(!is_remark("The novel was translated by a friend of the author.", true));
        assert!(!is_remark("", true));
    }
}
