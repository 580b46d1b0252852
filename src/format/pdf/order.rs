//! Pieces to columns: the order in which a page is read.
//!
//! A page is cut where a white gutter runs down between lines that fill their columns; what reaches
//! over the gutter parts the page into bands. Tables have gutters too, but their cells do not fill
//! them, so they are never cut.

use super::lines::Piece;

/// The least height of a column, in lines.
const LEAST: usize = 4;

/// How often columns are cut again.
const DEEPEST: usize = 3;

/// The columns of a page in reading order, each with its pieces from top to bottom.
pub(super) fn columns(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut columns = Vec::new();
    cut(pieces, 0, &mut columns);
    columns.retain(|column| !column.is_empty());
    columns
}

fn cut(pieces: Vec<Piece>, depth: usize, columns: &mut Vec<Vec<Piece>>) {
    let gutter = if depth < DEEPEST { gutter(&pieces) } else { None };
    let Some(gutter) = gutter else {
        columns.push(pieces);
        return;
    };
    // What is not in two columns is read across, between them.
    let mut across = Vec::new();
    for band in bands(pieces, gutter) {
        if !has_columns(&band, gutter) {
            across.extend(band);
            continue;
        }
        columns.push(std::mem::take(&mut across));
        let (left, right): (Vec<Piece>, Vec<Piece>) =
            band.into_iter().partition(|piece| piece.x0 < gutter);
        cut(left, depth + 1, columns);
        cut(right, depth + 1, columns);
    }
    columns.push(across);
}

/// The pieces from top to bottom, parted wherever one reaches over the gutter; such a one is a band
/// of its own.
fn bands(pieces: Vec<Piece>, gutter: f32) -> Vec<Vec<Piece>> {
    let mut bands: Vec<Vec<Piece>> = Vec::new();
    let mut is_open = false;
    for piece in pieces {
        let crosses = piece.x0 < gutter && piece.x1 > gutter;
        match bands.last_mut() {
            Some(band) if is_open && !crosses => band.push(piece),
            _ => bands.push(vec![piece]),
        }
        is_open = !crosses;
    }
    bands
}

/// Where the gutter is that has the most text in columns beside it, if there are columns.
fn gutter(pieces: &[Piece]) -> Option<f32> {
    if pieces.len() < 2 * LEAST {
        return None;
    }
    let left = pieces.iter().map(|piece| piece.x0).reduce(f32::min)?;
    let right = pieces.iter().map(|piece| piece.x1).reduce(f32::max)?;
    let width = right - left;
    // Lines that begin at one place show where a column begins.
    let mut begins: Vec<f32> = pieces.iter().map(|piece| piece.x0).collect();
    begins.sort_by(f32::total_cmp);
    let mut best: Option<(usize, f32)> = None;
    let mut rest = &*begins;
    while let Some(begin) = rest.first() {
        let alike = rest.iter().take_while(|other| **other - begin < 2.0).count();
        rest = rest.get(alike..).unwrap_or_default();
        let at = begin - 2.0;
        if alike < LEAST || at < left + 0.2 * width || at > left + 0.8 * width {
            continue;
        }
        let size = column_size(pieces, at);
        if size > 0 && best.is_none_or(|(most, _)| size > most) {
            best = Some((size, at));
        }
    }
    best.map(|(_, at)| at)
}

/// How many pieces stand in columns beside a gutter here.
fn column_size(pieces: &[Piece], at: f32) -> usize {
    let crosses = |piece: &Piece| piece.x0 < at && piece.x1 > at;
    let bands = pieces.split(crosses).filter(|band| has_columns(band, at));
    bands.map(<[Piece]>::len).sum()
}

/// Whether pieces, none of which reaches over the gutter, fill a column on both its sides.
fn has_columns(band: &[Piece], at: f32) -> bool {
    let (lefts, rights): (Vec<&Piece>, Vec<&Piece>) = band.iter().partition(|piece| piece.x0 < at);
    let is_filled = |side: &[&Piece]| {
        let start = side.iter().map(|piece| piece.x0).reduce(f32::min).unwrap_or(0.0);
        let end = side.iter().map(|piece| piece.x1).reduce(f32::max).unwrap_or(0.0);
        let size = side.first().map_or(0.0, |piece| piece.size);
        let full = side.iter().filter(|piece| piece.x1 - piece.x0 > 0.7 * (end - start)).count();
        // Two lines in five fill the column even of a text in short paragraphs.
        side.len() >= LEAST && full * 5 >= side.len() * 2 && end - start > 9.0 * size
    };
    is_filled(&lefts) && is_filled(&rights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, x0: f32, x1: f32, y: f32) -> Piece {
        Piece { text: text.to_owned(), x0, x1, y, size: 10.0, bold: false, even: false }
    }

    fn read(pieces: Vec<Piece>) -> Vec<String> {
        let joined = |column: Vec<Piece>| {
            column.iter().map(|piece| &*piece.text).collect::<Vec<_>>().join(" ")
        };
        columns(pieces).into_iter().map(joined).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other_below_a_title_over_both() {
        let mut page = vec![piece("title", 50.0, 400.0, 20.0)];
        for line in 0..5_u8 {
            let y = 50.0 + 12.0 * f32::from(line);
            page.push(piece(&format!("l{line}"), 50.0, 210.0, y));
            page.push(piece(&format!("r{line}"), 230.0, 400.0, y));
        }
        assert_eq!(read(page), ["title", "l0 l1 l2 l3 l4", "r0 r1 r2 r3 r4"]);
    }

    #[test]
    fn columns_below_a_long_text_over_both_are_columns_all_the_same() {
        let mut page: Vec<Piece> =
            (0..30_u8).map(|line| piece("wide", 50.0, 400.0, 12.0 * f32::from(line))).collect();
        for line in 0..5_u8 {
            let y = 400.0 + 12.0 * f32::from(line);
            page.push(piece(&format!("l{line}"), 50.0, 210.0, y));
            page.push(piece(&format!("r{line}"), 230.0, 400.0, y));
        }
        let read = read(page);
        assert_eq!(
            read.get(1..),
            Some(&["l0 l1 l2 l3 l4".to_owned(), "r0 r1 r2 r3 r4".to_owned()][..])
        );
    }

    #[test]
    fn a_table_is_read_row_by_row() {
        let mut page = Vec::new();
        for line in 0..6_u8 {
            let y = 50.0 + 12.0 * f32::from(line);
            page.push(piece(&format!("a{line}"), 50.0, 90.0 + f32::from(line), y));
            page.push(piece(&format!("b{line}"), 230.0, 250.0, y));
        }
        page.push(piece("wide", 230.0, 400.0, 130.0));
        assert_eq!(read(page), ["a0 b0 a1 b1 a2 b2 a3 b3 a4 b4 a5 b5 wide"]);
    }
}
