//! Running headers and footers: what stands at the edge of one page after another.
//!
//! A line is taken for one only where other pages have it too, at the same height, or where it has
//! the page's number. It is only told here; nobody drops it.

use std::collections::HashMap;

use super::lines::Piece;

/// How many lines from each edge of a page are looked at.
const DEPTH: usize = 3;

/// How far pages with the same header stand from each other: left and right pages alternate.
const NEAR: usize = 2;

/// Heights that differ by less are the same, in points.
const SAME: f32 = 3.0;

/// The longest line that is believed to be one, in characters.
const LONGEST: usize = 160;

/// A line at the edge of a page.
struct Edge {
    page: usize,
    is_top: bool,
    /// 0 for the outermost.
    rank: usize,
    y: f32,
    size: f32,
    /// The text with every number as `#`.
    key: String,
    /// The numbers at its ends.
    numbers: Vec<i64>,
    pieces: Vec<usize>,
    is_running: bool,
}

/// For each page, which of its pieces belong to its headers and footers.
pub(super) fn find(pages: &[Vec<Piece>]) -> Vec<Vec<bool>> {
    let mut edges: Vec<Edge> =
        pages.iter().enumerate().flat_map(|(page, pieces)| edges(page, pieces)).collect();
    mark_repeated(&mut edges);
    mark_numbered(&mut edges);
    mark_level(&mut edges);
    let mut found: Vec<Vec<bool>> = pages.iter().map(|pieces| vec![false; pieces.len()]).collect();
    for edge in edges.iter().filter(|edge| edge.is_running) {
        for place in &edge.pieces {
            let place = found.get_mut(edge.page).and_then(|page| page.get_mut(*place));
            if let Some(place) = place {
                *place = true;
            }
        }
    }
    found
}

/// The lines at both edges of a page, the outermost first.
fn edges(page: usize, pieces: &[Piece]) -> Vec<Edge> {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut places: Vec<usize> = (0..pieces.len()).collect();
    let y = |place: usize| pieces.get(place).map_or(0.0, |piece| piece.y);
    places.sort_by(|a, b| y(*a).total_cmp(&y(*b)));
    for place in places {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| (y(*first) - y(place)).abs() < SAME) => {
                row.push(place);
            }
            _ => rows.push(vec![place]),
        }
    }
    let of = |is_top: bool, rank: usize, row: &Vec<usize>| {
        let mut row: Vec<&Piece> = row.iter().filter_map(|place| pieces.get(*place)).collect();
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let text = row.iter().map(|piece| &*piece.text).collect::<Vec<_>>().join(" ");
        let size = row.first().map_or(0.0, |piece| piece.size);
        (is_top, rank, text, size)
    };
    // A page of three lines has no two edges.
    let depth = DEPTH.min(rows.len() / 2);
    let top = rows.iter().take(depth).enumerate().map(|(rank, row)| (of(true, rank, row), row));
    let bottom =
        rows.iter().rev().take(depth).enumerate().map(|(rank, row)| (of(false, rank, row), row));
    top.chain(bottom)
        .filter(|((_, _, text, _), _)| text.chars().count() <= LONGEST)
        .map(|((is_top, rank, text, size), row)| Edge {
            page,
            is_top,
            rank,
            y: row.first().map_or(0.0, |place| y(*place)),
            size,
            key: key(&text),
            numbers: numbers(&text),
            pieces: row.clone(),
            is_running: false,
        })
        .collect()
}

/// The text with its numbers alike, in digits or in small Roman letters.
fn key(text: &str) -> String {
    let is_roman = |word: &str| {
        (1..=7).contains(&word.len()) && word.bytes().all(|byte| b"ivxlc".contains(&byte))
    };
    let words = text.split_whitespace().map(|word| {
        if is_roman(word) {
            return "#".to_owned();
        }
        let mut key = String::new();
        for c in word.chars() {
            match c.is_numeric() {
                true if key.ends_with('#') => {}
                true => key.push('#'),
                false => key.push(c),
            }
        }
        key
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The numbers with which a line begins and ends.
fn numbers(text: &str) -> Vec<i64> {
    let digits = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
        bare.parse::<i64>().ok().filter(|_| bare.len() <= 5)
    };
    let mut words = text.split_whitespace();
    let ends = [words.next(), words.next_back()];
    ends.into_iter().flatten().filter_map(digits).collect()
}

/// Lines that a page nearby has too, at the same height, from the edge inwards.
fn mark_repeated(edges: &mut [Edge]) {
    let mut places: HashMap<(bool, String), Vec<(usize, f32)>> = HashMap::new();
    for edge in edges.iter() {
        places.entry((edge.is_top, edge.key.clone())).or_default().push((edge.page, edge.y));
    }
    let mut last: Option<(usize, bool, usize)> = None;
    for edge in edges.iter_mut() {
        let is_repeated = places.get(&(edge.is_top, edge.key.clone())).is_some_and(|places| {
            places.iter().any(|(page, y)| {
                *page != edge.page && page.abs_diff(edge.page) <= NEAR && (y - edge.y).abs() < SAME
            })
        });
        // A row of numbers alone is that of a table that goes on over pages.
        let is_row = edge.key.len() > 1 && edge.key.chars().all(|c| matches!(c, '#' | ' ' | '.'));
        let is_outermost =
            edge.rank == 0 || last == Some((edge.page, edge.is_top, edge.rank.saturating_sub(1)));
        if is_repeated && !is_row && is_outermost {
            edge.is_running = true;
            last = Some((edge.page, edge.is_top, edge.rank));
        }
    }
}

/// Outermost lines that have the page's number, which runs with the pages.
fn mark_numbered(edges: &mut [Edge]) {
    let mut steps: HashMap<(bool, i64), usize> = HashMap::new();
    let step = |edge: &Edge, number: &i64| number - i64::try_from(edge.page).unwrap_or(0);
    for edge in edges.iter().filter(|edge| edge.rank == 0) {
        for number in &edge.numbers {
            *steps.entry((edge.is_top, step(edge, number))).or_default() += 1;
        }
    }
    let pages = edges.iter().map(|edge| edge.page + 1).max().unwrap_or(0);
    steps.retain(|_, count| *count >= 3 && *count * 4 >= pages);
    for edge in edges.iter_mut().filter(|edge| edge.rank == 0) {
        edge.is_running |= edge
            .numbers
            .iter()
            .any(|number| steps.contains_key(&(edge.is_top, step(edge, number))));
    }
}

/// Outermost lines at the height and in the size at which most pages have theirs.
fn mark_level(edges: &mut [Edge]) {
    for is_top in [true, false] {
        let outer = edges.iter().filter(|edge| edge.rank == 0 && edge.is_top == is_top);
        let running: Vec<(f32, f32)> =
            outer.clone().filter(|edge| edge.is_running).map(|edge| (edge.y, edge.size)).collect();
        let pages = outer.count();
        if running.len() < 3 || running.len() * 2 < pages {
            continue;
        }
        for edge in edges.iter_mut().filter(|edge| edge.rank == 0 && edge.is_top == is_top) {
            let alike = running
                .iter()
                .filter(|(y, size)| (y - edge.y).abs() < 1.5 && (size - edge.size).abs() < 0.3);
            edge.is_running |= alike.count() * 2 >= running.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, y: f32) -> Piece {
        let text = text.to_owned();
        Piece { text, x0: 50.0, x1: 300.0, y, size: 10.0, bold: false, even: false }
    }

    fn running(pages: &[&[(&str, f32)]]) -> Vec<String> {
        let pages: Vec<Vec<Piece>> = pages
            .iter()
            .map(|page| page.iter().map(|(text, y)| piece(text, *y)).collect())
            .collect();
        let found = find(&pages);
        let marked = pages.iter().flatten().zip(found.iter().flatten());
        marked.filter(|(_, is)| **is).map(|(piece, _)| piece.text.clone()).collect()
    }

    #[test]
    fn headers_and_footers_are_what_pages_share_at_their_edges() {
        let found = running(&[
            &[("Ports", 20.0), ("One ship.", 60.0), ("Two ships.", 80.0), ("1", 700.0)],
            &[("Ports", 20.0), ("Three ships.", 60.0), ("Four.", 80.0), ("2", 700.0)],
            &[("Ports", 20.0), ("Five ships.", 60.0), ("Six.", 80.0), ("3", 700.0)],
        ]);
        assert_eq!(found, ["Ports", "1", "Ports", "2", "Ports", "3"]);
    }

    #[test]
    fn titles_of_chapters_beside_page_numbers_are_headers_too() {
        let found = running(&[
            &[("10 Harbours", 20.0), ("One ship.", 60.0), ("Two ships.", 80.0)],
            &[("Chapter 2 11", 20.0), ("Three.", 60.0), ("Four.", 80.0)],
            &[("12 Bridges", 20.0), ("Five ships.", 60.0), ("Six.", 80.0)],
            &[("Rails", 20.5), ("Seven ships.", 60.0), ("Eight.", 80.0)],
        ]);
        assert_eq!(found, ["10 Harbours", "Chapter 2 11", "12 Bridges", "Rails"]);
    }

    #[test]
    fn text_at_the_edge_of_a_page_is_text() {
        let found = running(&[
            &[("The 12 ships", 20.0), ("came.", 40.0), ("1 2 3", 700.0)],
            &[("of 1914", 20.0), ("went.", 40.0), ("4 5 6", 700.0)],
        ]);
        assert_eq!(found, [] as [String; 0]);
    }
}
