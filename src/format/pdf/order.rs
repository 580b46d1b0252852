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

/// The share of a column's lines that a gutter may cut through, in lines that reach over it.
const CROSSING: f32 = 0.4;

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
    let mut band = Vec::new();
    let mut wide = Vec::new();
    for piece in pieces {
        if piece.x0 < gutter && piece.x1 > gutter {
            beside(&mut band, gutter, depth, columns);
            wide.push(piece);
        } else {
            columns.extend((!wide.is_empty()).then(|| std::mem::take(&mut wide)));
            band.push(piece);
        }
    }
    beside(&mut band, gutter, depth, columns);
    columns.extend((!wide.is_empty()).then_some(wide));
}

/// The two columns of a band: they are read one after the other where they are columns, and
/// across where they are a few cells between wide lines.
fn beside(band: &mut Vec<Piece>, gutter: f32, depth: usize, columns: &mut Vec<Vec<Piece>>) {
    let band = std::mem::take(band);
    if band.is_empty() {
        return;
    }
    let (left, right): (Vec<Piece>, Vec<Piece>) =
        band.into_iter().partition(|piece| piece.x0 < gutter);
    cut(left, depth + 1, columns);
    cut(right, depth + 1, columns);
}

/// Where the widest gutter between columns is, if there are columns.
fn gutter(pieces: &[Piece]) -> Option<f32> {
    if pieces.len() < 2 * LEAST {
        return None;
    }
    let left = pieces.iter().map(|piece| piece.x0).reduce(f32::min)?;
    let right = pieces.iter().map(|piece| piece.x1).reduce(f32::max)?;
    let width = right - left;
    // Lines that begin at one place show where a column begins.
    let mut best: Option<(usize, f32)> = None;
    let mut begins: Vec<f32> = pieces.iter().map(|piece| piece.x0).collect();
    begins.sort_by(f32::total_cmp);
    begins.dedup_by(|next, before| (*next - *before).abs() < 2.0);
    for begin in begins {
        let at = begin - 2.0;
        if at < left + 0.2 * width || at > left + 0.8 * width {
            continue;
        }
        if let Some(crossing) = columns_at(pieces, at, left, right)
            && best.is_none_or(|(least, _)| crossing < least)
        {
            best = Some((crossing, at));
        }
    }
    best.map(|(_, at)| at)
}

/// How many lines reach over the gutter, if what stands on both sides of it are columns.
fn columns_at(pieces: &[Piece], at: f32, left: f32, right: f32) -> Option<usize> {
    let is_left = |piece: &&Piece| piece.x1 <= at;
    let is_right = |piece: &&Piece| piece.x0 >= at;
    let lefts: Vec<&Piece> = pieces.iter().filter(is_left).collect();
    let rights: Vec<&Piece> = pieces.iter().filter(is_right).collect();
    let crossing = pieces.len() - lefts.len() - rights.len();
    let least = lefts.len().min(rights.len());
    let edge = lefts.iter().map(|piece| piece.x1).reduce(f32::max)?;
    let is_filled = |side: &[&Piece], width: f32| {
        let full = side.iter().filter(|piece| piece.x1 - piece.x0 > 0.7 * width).count();
        // Two lines in five fill the column even of a text in short paragraphs.
        full * 5 >= side.len() * 2 && width > 6.0 * side.first().map_or(0.0, |piece| piece.size)
    };
    let few = crossing as f32 <= CROSSING * (lefts.len() + rights.len()) as f32;
    (least >= LEAST && few && is_filled(&lefts, edge - left) && is_filled(&rights, right - at))
        .then_some(crossing)
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
