//! Columns and pages to one text: paragraphs that go on where another column begins.
//!
//! Headers, footers, notes and tables that stand between come after the whole.

use super::paragraphs::{Chunk, Look, Measures, append, wanted};
use crate::text::marks;

/// Joins what goes on in the next column or on the next page.
pub(super) fn flow(chunks: Vec<Chunk>, measures: &Measures) -> Vec<Chunk> {
    let texts = chunks.iter().filter(|chunk| chunk.look == Look::Text && chunk.lines > 2);
    let (mut indented, mut all) = (0, 0);
    texts.for_each(|chunk| {
        all += 1;
        indented += usize::from(chunk.is_indented);
    });
    let indents = indented * 2 > all;
    let mut flowed: Vec<Chunk> = Vec::with_capacity(chunks.len());
    let mut open: Option<usize> = None;
    for chunk in chunks {
        let first = open.and_then(|place| flowed.get_mut(place));
        if let Some(first) = first.filter(|first| goes_on(first, &chunk, indents)) {
            append(&mut first.text, &chunk.text);
            first.room = chunk.room;
            first.lines += chunk.lines;
            continue;
        }
        // Notes at the foot of a column are small, and the text goes on past them.
        let is_small = chunk.size < 0.93 * measures.size;
        match chunk.look {
            Look::Text if is_small && open.is_some() => {}
            Look::Text => open = Some(flowed.len()),
            Look::Running | Look::Row => {}
            Look::Code | Look::Entry => open = None,
        }
        flowed.push(chunk);
    }
    flowed
}

/// Whether a chunk at the head of a column goes on the paragraph that ended the one before.
fn goes_on(first: &Chunk, next: &Chunk, indents: bool) -> bool {
    let is_text = next.look == Look::Text && !marks::starts_item(&next.text);
    // In one column, distances have been asked already.
    let is_elsewhere = next.page != first.page || next.y < first.y;
    let is_alike = (first.size - next.size).abs() < 0.05 * first.size && first.bold == next.bold;
    if !is_text || !is_elsewhere || !is_alike || next.page - first.page > 1 {
        return false;
    }
    if marks::starts_lower(&next.text) && !marks::ends_sentence(&first.text) {
        return true;
    }
    let unfinished = !marks::ends_closed(&first.text) || indents && !next.is_indented;
    let is_full = first.room <= wanted(&next.text);
    is_full && unfinished && (!next.is_indented || !indents && first.lines > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_goes_on_over_the_foot_of_the_page() {
        let chunk = |text: &str, page, y, look| Chunk {
            look,
            size: 10.0,
            ..Chunk::running(text.to_owned(), page, y)
        };
        let chunks = vec![
            chunk("The merchants asked for a second", 0, 700.0, Look::Text),
            chunk("12", 0, 760.0, Look::Running),
            chunk("Line to the harbour.", 1, 50.0, Look::Text),
            chunk("They paid.", 1, 90.0, Look::Text),
        ];
        let measures = Measures { leading: 1.2, size: 10.0, is_even: false };
        let flowed = flow(chunks, &measures);
        let read: Vec<&str> = flowed.iter().map(|chunk| &*chunk.text).collect();
        assert_eq!(
            read,
            ["The merchants asked for a second Line to the harbour.", "12", "They paid."]
        );
    }
}
