//! What the tokens of RTF say: paragraphs with their styles, tables, notes and properties.

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::codes::{Token, of_page, of_set};
use super::target::{self, Target};
use crate::format::composed::Composed;
use crate::format::{date, office};
use crate::model::Metadatum;
use crate::text::segment::Mark;

/// What holds inside a group and ends with it.
#[derive(Clone, Copy, Debug)]
struct State {
    target: Target,
    encoding: Option<&'static Encoding>,
    /// Characters that stand in for one of Unicode.
    skip: usize,
    is_hidden: bool,
}

/// What was read.
pub(super) struct Document {
    pub(super) composed: Composed,
    pub(super) title: Option<String>,
    pub(super) statements: Vec<Metadatum>,
    pub(super) notes: Vec<String>,
}

/// Gathers paragraphs.
pub(super) struct Reader {
    state: State,
    open: Vec<State>,
    page: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    styles: HashMap<i32, Style>,
    style: i32,
    /// Bytes that are not decoded yet, and their encoding.
    bytes: Vec<u8>,
    /// The first half of a character of Unicode.
    half: Option<u16>,
    /// Stand-ins that are still to be passed over.
    pending: usize,
    words: String,
    /// Text of a group that is not the body's, and the text that it interrupted.
    interrupted: Vec<(usize, Target, String)>,
    notes: Vec<String>,
    count: usize,
    cells: Vec<String>,
    in_table: bool,
    is_header: bool,
    row: usize,
    is_item: bool,
    level: Option<u8>,
    numbers: Vec<i32>,
    composed: Composed,
    title: Option<String>,
    statements: Vec<Metadatum>,
    is_star: bool,
}

/// What a style makes of a paragraph.
#[derive(Clone, Copy, Debug)]
enum Style {
    Heading(u8),
    Title,
    Caption,
}

impl Default for Reader {
    fn default() -> Self {
        let state = State { target: Target::Body, encoding: None, skip: 1, is_hidden: false };
        Self {
            state,
            open: Vec::new(),
            page: WINDOWS_1252,
            fonts: HashMap::new(),
            font: 0,
            styles: HashMap::new(),
            style: 0,
            bytes: Vec::new(),
            half: None,
            pending: 0,
            words: String::new(),
            interrupted: Vec::new(),
            notes: Vec::new(),
            count: 0,
            cells: Vec::new(),
            in_table: false,
            is_header: false,
            row: 0,
            is_item: false,
            level: None,
            numbers: Vec::new(),
            composed: Composed::default(),
            title: None,
            statements: Vec::new(),
            is_star: false,
        }
    }
}

impl Reader {
    pub(super) fn take(&mut self, token: Token) {
        if !matches!(token, Token::Byte(_)) {
            self.flush();
        }
        match token {
            Token::Open => {
                self.pending = 0;
                self.open.push(self.state);
            }
            Token::Close => self.close(),
            Token::Byte(_) if self.pending > 0 => self.pending -= 1,
            Token::Byte(byte) if !self.is_deaf() => self.bytes.push(byte),
            Token::Byte(_) => {}
            Token::Sign(sign) => self.sign(sign),
            Token::Word(word, number) => self.word(word, number),
        }
    }

    pub(super) fn finish(mut self) -> Document {
        self.flush();
        let mut notes = Vec::new();
        if !self.open.is_empty() {
            let (count, s) = (self.open.len(), if self.open.len() == 1 { " is" } else { "s are" });
            notes.push(format!("ends in the middle: {count} group{s} open"));
        }
        while !self.open.is_empty() {
            self.close();
        }
        self.paragraph();
        Document { composed: self.composed, title: self.title, statements: self.statements, notes }
    }

    fn is_deaf(&self) -> bool {
        self.state.target == Target::Nothing || self.state.is_hidden
    }

    fn sign(&mut self, sign: u8) {
        match sign {
            b'*' => self.is_star = true,
            b'~' => self.add("\u{a0}"),
            b'_' => self.add("\u{2011}"),
            b'-' => self.add("\u{ad}"),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let is_star = std::mem::take(&mut self.is_star);
        if let Some(target) = target::of(word, is_star) {
            self.begin(target);
            return;
        }
        let value = number.unwrap_or(0);
        match word {
            "ansicpg" => self.page = of_page(value).unwrap_or(self.page),
            "mac" => self.page = of_page(10000).unwrap_or(self.page),
            "f" | "af" => {
                self.font = value;
                self.state.encoding = self.fonts.get(&value).copied();
            }
            "fcharset" if self.state.target == Target::Fonts => {
                if let Some(encoding) = of_set(value) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "s" => self.style = value,
            "uc" => self.state.skip = usize::try_from(value).unwrap_or(1).min(16),
            "u" => self.unicode(value),
            "v" | "deleted" => self.state.is_hidden = number != Some(0),
            "plain" => self.state.is_hidden = false,
            "pard" => self.reset(),
            "outlinelevel" => self.level = u8::try_from(value).ok().filter(|level| *level < 9),
            "ud" => self.state.target = Target::Body,
            "yr" | "mo" | "dy" => self.numbers.push(value),
            _ => self.layout(word),
        }
    }

    /// Words that stand for characters and for the ends of paragraphs and cells.
    fn layout(&mut self, word: &str) {
        let is_body = matches!(self.state.target, Target::Body | Target::Nothing);
        match word {
            "par" | "sect" if is_body && !self.in_table => self.paragraph(),
            "par" | "sect" | "line" => self.add("\n"),
            "page" | "column" if is_body => self.paragraph(),
            "tab" => self.add(" "),
            "emdash" => self.add("—"),
            "endash" => self.add("–"),
            "lquote" => self.add("‘"),
            "rquote" => self.add("’"),
            "ldblquote" => self.add("“"),
            "rdblquote" => self.add("”"),
            "bullet" => self.add("•"),
            "emspace" | "enspace" | "qmspace" => self.add(" "),
            "intbl" => self.in_table = true,
            "trhdr" => self.is_header = true,
            "cell" | "nestcell" => {
                let cell = std::mem::take(&mut self.words);
                self.cells.push(cell.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            "row" | "nestrow" => self.row(),
            "trowd" => self.is_header = false,
            _ => {}
        }
    }

    fn reset(&mut self) {
        self.style = 0;
        self.level = None;
        self.in_table = false;
    }

    /// Begins a group whose text goes elsewhere.
    fn begin(&mut self, target: Target) {
        let is_deaf = self.state.target == Target::Nothing;
        if target == Target::Note && !is_deaf {
            self.count += 1;
            let mark = format!("[{}]", self.count);
            self.add(&mark);
        }
        self.state.target = if is_deaf { Target::Nothing } else { target };
        if self.state.target != Target::Nothing {
            let words = std::mem::take(&mut self.words);
            self.interrupted.push((self.open.len(), target, words));
            self.numbers.clear();
        }
    }

    fn close(&mut self) {
        self.pending = 0;
        let depth = self.open.len();
        if self.state.target == Target::Fonts || self.state.target == Target::Styles {
            self.entry();
        }
        while let Some((_, target, before)) = self.interrupted.pop_if(|(level, ..)| *level >= depth)
        {
            let words = std::mem::replace(&mut self.words, before);
            self.end(target, words.trim());
        }
        if let Some(state) = self.open.pop() {
            self.state = state;
        }
    }

    /// One entry of the list of styles.
    fn entry(&mut self) {
        let name = std::mem::take(&mut self.words).trim().trim_end_matches(';').to_lowercase();
        if self.state.target == Target::Fonts || name.is_empty() {
            return;
        }
        let numbered = name.strip_prefix("heading ").and_then(|number| number.parse().ok());
        let heading = numbered.or(self.level.map(|level| level + 1)).map(Style::Heading);
        let style = match &*name {
            "title" => Some(Style::Title),
            "caption" => Some(Style::Caption),
            _ => heading,
        };
        if let Some(style) = style {
            self.styles.insert(self.style, style);
        }
        (self.style, self.level) = (0, None);
    }

    fn end(&mut self, target: Target, words: &str) {
        match target {
            Target::Page => words.lines().for_each(|line| {
                self.composed.push(line, Mark::Boilerplate);
            }),
            Target::Note => self.notes.push(words.replace('\n', " ")),
            Target::Comment if words.is_empty() => {}
            Target::Comment => self.notes.push(format!("[comment] {}", words.replace('\n', " "))),
            Target::Bullet => self.is_item = true,
            Target::Property(term) => {
                let evidence = format!("property {term}");
                for value in office::values(term, words) {
                    office::push(&mut self.statements, term, &value, "property", &evidence);
                }
            }
            Target::Day(term) => {
                if let [year, month, day] = *self.numbers
                    && let Some(day) = date::iso(&format!("{year:04}-{month:02}-{day:02}"))
                {
                    let evidence = format!("property {term}");
                    office::push(&mut self.statements, term, &day, "property", &evidence);
                }
            }
            Target::Body | Target::Nothing | Target::Fonts | Target::Styles => {}
        }
    }

    fn paragraph(&mut self) {
        let words = std::mem::take(&mut self.words);
        let is_item = std::mem::take(&mut self.is_item);
        let style = self.level.map(|level| Style::Heading(level + 1));
        let style = style.or_else(|| self.styles.get(&self.style).copied());
        let mark = match style {
            Some(Style::Heading(level)) => Mark::Heading(level.clamp(1, 9)),
            Some(Style::Caption) => Mark::Caption,
            Some(Style::Title) if self.title.is_none() && !words.trim().is_empty() => {
                self.title = Some(words.trim().replace('\n', " "));
                Mark::None
            }
            _ if is_item => Mark::Item,
            _ => Mark::None,
        };
        self.row = 0;
        self.composed.push(&words, mark);
        self.push_notes();
    }

    fn row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        if cells.len() < 2 {
            cells.iter().for_each(|cell| self.composed.push(cell, Mark::None));
        } else {
            let mark = if self.row == 0 && self.is_header { Mark::Columns } else { Mark::Row };
            self.composed.push(&cells.join("\t"), mark);
            self.row += 1;
        }
        self.push_notes();
    }

    fn push_notes(&mut self) {
        for note in std::mem::take(&mut self.notes) {
            self.composed.push(&note, Mark::Note);
        }
    }

    fn add(&mut self, text: &str) {
        if self.pending > 0 {
            self.pending -= 1;
        } else if !self.is_deaf() {
            self.words.push_str(text);
        }
    }

    fn unicode(&mut self, value: i32) {
        self.pending = 0;
        let unit = u16::try_from(value.rem_euclid(65536)).unwrap_or(0xFFFD);
        let units: Vec<u16> = self.half.take().into_iter().chain([unit]).collect();
        if (0xD800..0xDC00).contains(&unit) {
            self.half = Some(unit);
        } else {
            let text = String::from_utf16_lossy(&units);
            self.add(&text);
        }
        self.pending = self.state.skip;
    }

    /// Decodes the bytes since the last control word.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let encoding = self.state.encoding.unwrap_or(self.page);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        self.words.push_str(&text);
    }
}
