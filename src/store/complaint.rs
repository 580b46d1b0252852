//! Why a query did not run to its end, told with the place in the SQL.
//!
//! It shows only what the user typed and what SQLite said; whatever of that could steer a terminal is
//! written out.

use super::header::Refusal;
use crate::text::printable::on_one_line;
use std::fmt::Write;
use std::io;
use unicode_width::UnicodeWidthChar;

/// Cells of a terminal that a line of SQL may take in a message.
const WINDOW: usize = 76;

/// Why a query did not run to its end. Callers choose the exit status by it.
#[derive(Debug)]
pub enum Complaint {
    /// The statement was not run, because it could do more than read.
    Refused(Fault),
    /// A limit ended it.
    Stopped(Stop),
    /// The user ended it.
    Interrupted,
    /// SQLite, or this program, could not make sense of it.
    Wrong(Fault),
    /// The archive cannot be read now.
    Archive(Refusal),
    /// The rows could not be delivered; a closed pipe ([`io::ErrorKind::BrokenPipe`]) is no failure.
    Output(io::Error),
}

/// What is wrong, where, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// Lower case, one line.
    pub message: String,
    /// Byte of the SQL text.
    pub offset: Option<usize>,
    /// Advice, without the word "hint".
    pub hint: Option<String>,
}

/// Which limit ended a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The deadline passed.
    Time,
    /// SQLite asked for more memory than it may hold.
    Memory,
    /// A text, blob or row grew longer than 65 MiB.
    Size,
}

impl Stop {
    /// What happened.
    pub fn message(self) -> &'static str {
        match self {
            Stop::Time => "the query ran out of time",
            Stop::Memory => "the query ran out of memory",
            Stop::Size => "the query made a value longer than 65 MiB",
        }
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Stop::Time => {
                "give it longer with --timeout SECONDS (0 for no end), or less to do: a LIMIT, a narrower WHERE, a word through search('…') instead of LIKE '%…%'"
            }
            Stop::Memory => {
                "give it more with --max-memory MIB, or less to hold: a LIMIT, fewer columns under ORDER BY or GROUP BY"
            }
            Stop::Size => "take parts with substr(), or fewer rows into group_concat()",
        }
    }
}

impl Complaint {
    /// The message, the line of SQL it is about with a mark under the place, and the advice.
    pub fn describe(&self, sql: &str) -> String {
        match self {
            Complaint::Refused(fault) | Complaint::Wrong(fault) => fault.describe(sql),
            Complaint::Stopped(stop) => {
                let first = excerpt(sql, 0, 0);
                format!("{}\n{first}\nhint: {}", stop.message(), stop.hint())
            }
            Complaint::Interrupted => "interrupted".to_owned(),
            Complaint::Archive(refusal) => format!("{refusal}\nhint: {}", refusal.hint()),
            Complaint::Output(error) => format!("cannot write the rows: {error}"),
        }
    }
}

impl Fault {
    fn describe(&self, sql: &str) -> String {
        let mut text = on_one_line(&self.message).into_owned();
        if let Some(offset) = self.offset {
            let length = super::tokens::tokens(sql)
                .iter()
                .find(|token| token.span.start == offset)
                .map_or(1, |token| token.span.len());
            text.push('\n');
            text.push_str(&excerpt(sql, offset, length));
        }
        if let Some(hint) = &self.hint {
            // Writing to a String cannot fail.
            let _ = write!(text, "\nhint: {}", on_one_line(hint));
        }
        text
    }
}

/// The line of SQL around a byte, marked below for so many bytes; unmarked where that is 0, and then
/// the first line that says anything.
///
/// The marks are counted in cells of a terminal: 东 takes two, a tab is shown as four spaces. A line
/// longer than the window is cut on both sides.
fn excerpt(sql: &str, offset: usize, length: usize) -> String {
    let offset = match length {
        0 => sql.len() - sql.trim_start().len(),
        _ => (0..=offset.min(sql.len())).rev().find(|&o| sql.is_char_boundary(o)).unwrap_or(0),
    };
    let (before, after) = sql.split_at_checked(offset).unwrap_or((sql, ""));
    let number = before.matches('\n').count() + 1;
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    let prefix = match sql.trim().contains('\n') {
        true => format!("  {number} | "),
        false => "  ".to_owned(),
    };

    let mut line = Line::default();
    line.add(before, |_| Mark::Before);
    line.add(after, |at| if at < length { Mark::On } else { Mark::After });
    let (shown, spaces, marks) = line.window();
    if length == 0 {
        return format!("{prefix}{shown}");
    }
    let indent = " ".repeat(prefix.len() + spaces);
    format!("{prefix}{shown}\n{indent}{}", "^".repeat(marks.max(1)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Before,
    On,
    After,
}

/// A line as it is shown: pieces that are never cut apart, with their width in cells.
#[derive(Default)]
struct Line(Vec<(String, usize, Mark)>);

impl Line {
    fn add(&mut self, text: &str, mark: impl Fn(usize) -> Mark) {
        for (at, c) in text.trim_end_matches('\r').char_indices() {
            let piece = match c {
                '\t' => "    ".to_owned(),
                c => on_one_line(c.encode_utf8(&mut [0; 4])).into_owned(),
            };
            let width = piece.chars().map(|c| c.width().unwrap_or(0)).sum();
            self.0.push((piece, width, mark(at)));
        }
    }

    /// The part that fits into the window, the cells before the mark and the cells of the mark.
    fn window(&self) -> (String, usize, usize) {
        let cells = |mark| self.0.iter().filter(|piece| piece.2 == mark).map(|piece| piece.1).sum();
        let (before, on, after): (usize, usize, usize) =
            (cells(Mark::Before), cells(Mark::On), cells(Mark::After));
        // Two thirds of the window lead up to the mark when there is much on both sides.
        let from = match before + on + after > WINDOW {
            true => before.saturating_sub((WINDOW * 2 / 3).max(WINDOW.saturating_sub(on + after))),
            false => 0,
        };
        let mut shown = String::new();
        let (mut at, mut spaces, mut marks) = (0, 0, 0);
        if from > 0 {
            shown.push('…');
            spaces = 1;
        }
        for (piece, width, mark) in &self.0 {
            let start = at;
            at += width;
            if start < from {
                continue;
            }
            if at > from + WINDOW {
                shown.push('…');
                break;
            }
            shown.push_str(piece);
            match mark {
                Mark::Before => spaces += width,
                Mark::On => marks += width,
                Mark::After => {}
            }
        }
        (shown, spaces, marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(sql: &str, at: &str) -> String {
        let fault = Fault {
            message: "no such column: x".to_owned(),
            offset: sql.find(at),
            hint: Some("look".to_owned()),
        };
        Complaint::Wrong(fault).describe(sql)
    }

    #[test]
    fn the_mark_stands_under_the_whole_word() {
        assert_eq!(
            wrong("SELECT titel FROM document", "titel"),
            "no such column: x\n  SELECT titel FROM document\n         ^^^^^\nhint: look"
        );
    }

    #[test]
    fn wide_characters_take_two_cells_and_tabs_four() {
        assert_eq!(
            wrong("SELECT\t'东北',路 FROM t", "路"),
            "no such column: x\n  SELECT    '东北',路 FROM t\n                   ^^\nhint: look"
        );
    }

    #[test]
    fn in_a_text_of_several_lines_the_line_is_numbered() {
        assert_eq!(
            wrong("SELECT\r\n  titel,\r\n  x\r\nFROM t\n", "titel"),
            "no such column: x\n  2 |   titel,\n        ^^^^^\nhint: look"
        );
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let sql = format!("SELECT {} titel {}", "a, ".repeat(60), ", 东".repeat(60));
        let text = wrong(&sql, "titel");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("  …") && lines[1].ends_with('…'), "{}", lines[1]);
        let cells = |text: &str| -> usize { text.chars().map(|c| c.width().unwrap_or(0)).sum() };
        assert!(cells(lines[1]) <= WINDOW + 4);
        let mark = lines[2].find('^').unwrap();
        let (before, _) = lines[1].split_once("titel").unwrap();
        assert_eq!(cells(before), mark);
    }

    #[test]
    fn an_offset_inside_a_character_or_behind_the_end_is_no_panic() {
        for offset in 0..20 {
            let fault = Fault { message: "m".to_owned(), offset: Some(offset), hint: None };
            assert!(fault.describe("东北\n'北").contains('^'));
        }
        assert_eq!(excerpt("", 0, 1), "  \n  ^");
    }

    #[test]
    fn what_could_steer_a_terminal_is_written_out() {
        let sql = "SELECT '\u{1b}[2J' x";
        assert_eq!(
            wrong(sql, "x"),
            "no such column: x\n  SELECT '\\u{1b}[2J' x\n                     ^\nhint: look"
        );
    }

    #[test]
    fn a_stopped_query_is_echoed_with_advice() {
        let text = Complaint::Stopped(Stop::Time).describe("\n\nSELECT 1\nFROM t");
        assert!(
            text.starts_with("the query ran out of time\n  3 | SELECT 1\nhint: give it longer"),
            "{text}"
        );
    }
}
