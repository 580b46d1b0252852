//! The characters of a page and where they stand.
//!
//! Whatever a page draws that is no character is left out; images are counted and never decoded.
//! Pages that are turned, and text that is set vertically, are turned so that every line runs from
//! left to right and the next one stands below it.

use super::names::Names;
use hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};
use unicode_normalization::UnicodeNormalization;

/// The most characters of one page that are read; a poster has fewer.
const MOST: usize = 400_000;

/// A character that a font does not name.
pub(super) const UNKNOWN: char = '\u{fffd}';

/// Which way the lines of a piece of text run on the page as it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// From left to right.
    Right,
    /// Characters upright, one below the other.
    Vertical,
    /// Turned clockwise.
    Down,
    /// Upside down.
    Left,
    /// Turned against the clock.
    Up,
}

/// One character, or the few that one sign stands for.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Left end on the base line, in points.
    pub(super) x: f32,
    /// The base line, in points from the top.
    pub(super) y: f32,
    /// How far the next character stands, in points.
    pub(super) width: f32,
    /// Size of the font, in points.
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) way: Way,
}

/// What was found on one page.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) images: usize,
    /// Lines and areas that were drawn.
    pub(super) shapes: usize,
    /// Whether there was more text than is read.
    pub(super) is_cut: bool,
}

/// Reads the characters of a page.
pub(super) fn of<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    settings: &InterpreterSettings,
    names: &mut Names,
) -> Sheet {
    let (width, height) = page.render_dimensions();
    let initial = Affine::new(page.initial_transform(true).as_coeffs());
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(initial, area, cache, page.xref(), settings.clone());
    let mut reader = Reader { sheet: Sheet::default(), area, names };
    interpret_page(page, &mut context, &mut reader);
    reader.sheet
}

struct Reader<'n, 'p> {
    sheet: Sheet,
    area: Rect,
    names: &'n mut Names<'p>,
}

impl<'a> Device<'a> for Reader<'_, '_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.sheet.shapes += 1;
    }
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {
        self.sheet.shapes += 1;
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.sheet.images += 1;
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        let is_vertical = run.writing_mode() == WritingMode::Vertical;
        let bold = run.glyphs().first().is_some_and(|glyph| is_bold(glyph));
        for glyph in run.glyphs() {
            if self.sheet.glyphs.len() >= MOST {
                self.sheet.is_cut = true;
                return;
            }
            let (advance, is_drawing) = match &**glyph {
                Drawn::Outline(outline) => (outline.advance_width().unwrap_or(500.0), false),
                Drawn::Type3(drawing) => (drawing.advance_width().unwrap_or(500.0), true),
            };
            let place = props.transform * glyph.transform();
            let placed = Placed { place, advance: f64::from(advance), is_vertical, is_drawing };
            let named = glyph.as_unicode().or_else(|| match &**glyph {
                Drawn::Outline(outline) => self.names.of_glyph(outline),
                Drawn::Type3(_) => None,
            });
            let text = words(named);
            if let Some(glyph) = placed.glyph(text, bold, self.area) {
                self.sheet.glyphs.push(glyph);
            }
        }
    }
}

/// A character's place as it is drawn, in thousandths of its font's size.
struct Placed {
    place: Affine,
    advance: f64,
    is_vertical: bool,
    is_drawing: bool,
}

impl Placed {
    /// The character in the frame of its lines; `None` where it stands off the page or nowhere.
    fn glyph(&self, text: String, bold: bool, area: Rect) -> Option<Glyph> {
        let origin = self.place * Point::ORIGIN;
        let along = self.place * Point::new(1000.0, 0.0) - origin;
        let up = self.place * Point::new(0.0, 1000.0) - origin;
        let mut size = up.hypot();
        let mut width = along.hypot() * self.advance / 1000.0;
        if self.is_drawing && width > size * 1.5 {
            // Fonts of drawings may have any unit; a letter is about half as wide as it is high.
            size = width * 1.8;
        }
        let is_finite = origin.x.is_finite() && origin.y.is_finite() && width.is_finite();
        if !is_finite || !size.is_finite() || size < 0.5 || !area.inflate(5.0, 5.0).contains(origin)
        {
            return None;
        }
        let way = match (self.is_vertical, along.x.abs() >= along.y.abs()) {
            (true, _) => Way::Vertical,
            (false, true) if along.x >= 0.0 => Way::Right,
            (false, true) => Way::Left,
            (false, false) if along.y >= 0.0 => Way::Down,
            (false, false) => Way::Up,
        };
        if way == Way::Vertical {
            width = size;
        }
        let (x, y) = match way {
            Way::Right => (origin.x, origin.y),
            Way::Vertical | Way::Down => (origin.y, area.x1 - origin.x),
            Way::Left => (area.x1 - origin.x, area.y1 - origin.y),
            Way::Up => (area.y1 - origin.y, origin.x),
        };
        let (x, y, width, size) = (x as f32, y as f32, width as f32, size as f32);
        Some(Glyph { text, x, y, width, size, bold, way })
    }
}

fn is_bold(glyph: &Drawn) -> bool {
    let Drawn::Outline(outline) = glyph else { return false };
    let Some(font) = outline.font_data() else { return false };
    let named = font.postscript_name.is_some_and(|name| {
        ["Bold", "bold", "BOLD", "Black", "Heavy", "Demi"].iter().any(|word| name.contains(word))
    });
    named || font.weight.is_some_and(|weight| (600..=1000).contains(&weight))
}

/// The characters a sign stands for. Ligatures, radicals of the compatibility areas and
/// marks turned for vertical lines are shapes of a font, not spellings: a search for the word has to find them.
fn words(unicode: Option<BfString>) -> String {
    let raw = match unicode {
        None => return UNKNOWN.to_string(),
        Some(BfString::Char(c)) if c.is_ascii_graphic() => return c.to_string(),
        Some(BfString::Char(c)) => c.to_string(),
        Some(BfString::String(text)) => text,
    };
    let mut words = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '\u{fb00}'..='\u{fb06}'
            | '\u{2e80}'..='\u{2fdf}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe10}'..='\u{fe19}'
            | '\u{fe30}'..='\u{fe44}' => {
                words.extend(std::iter::once(c).nfkc());
            }
            // What Word writes for the bullets of the fonts Symbol and Wingdings.
            '\u{f0b7}' | '\u{f0a7}' | '\u{f076}' | '\u{f0d8}' | '\u{f0fc}' => words.push('•'),
            '\t' | '\n' | '\r' | '\u{a0}' => words.push(' '),
            '\u{e000}'..='\u{f8ff}' | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => words.push(UNKNOWN),
            '\u{200b}' | '\u{feff}' => {}
            other => words.push(other),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_fonts_become_the_letters_they_stand_for() {
        let of = |text: &str| words(Some(BfString::String(text.to_owned())));
        assert_eq!(of("ﬁ⼀\u{f0b7}\u{e001}\u{a0}é"), "fi一•\u{fffd} é");
        assert_eq!(words(Some(BfString::Char('a'))), "a");
        assert_eq!(words(None), "\u{fffd}");
    }

    #[test]
    fn turned_and_vertical_text_is_turned_to_run_from_left_to_right() {
        let area = Rect::new(0.0, 0.0, 200.0, 300.0);
        let seen = |place: Affine, is_vertical| {
            let placed = Placed { place, advance: 500.0, is_vertical, is_drawing: false };
            let glyph = placed.glyph("a".to_owned(), false, area).unwrap();
            (glyph.way, glyph.x.round(), glyph.y.round(), glyph.width.round(), glyph.size.round())
        };
        let at = Affine::translate((20.0, 30.0));
        let upright = Affine::scale_non_uniform(0.01, -0.01);
        assert_eq!(seen(at * upright, false), (Way::Right, 20.0, 30.0, 5.0, 10.0));
        assert_eq!(seen(at * upright, true), (Way::Vertical, 30.0, 180.0, 10.0, 10.0));
        let clockwise = Affine::rotate(std::f64::consts::FRAC_PI_2);
        assert_eq!(seen(at * clockwise * upright, false), (Way::Down, 30.0, 180.0, 5.0, 10.0));
        let back = Affine::rotate(-std::f64::consts::FRAC_PI_2);
        assert_eq!(seen(at * back * upright, false), (Way::Up, 270.0, 20.0, 5.0, 10.0));
        let far = Placed {
            place: Affine::translate((900.0, 9.0)) * upright,
            advance: 500.0,
            is_vertical: false,
            is_drawing: false,
        };
        assert!(far.glyph("a".to_owned(), false, area).is_none());
    }
}
