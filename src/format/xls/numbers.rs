//! Numbers as a person would write them: whole ones, dates, times, and what went wrong.

use super::super::sheets;
use calamine::{ExcelDateTime, ExcelDateTimeType};

/// What the form of a cell makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Number,
    /// A date, a time, or both.
    Time,
    /// Hours, minutes and seconds that go on beyond a day.
    Length,
}

impl Form {
    /// Of a form that Excel knows by its number (ECMA-376 18.8.30).
    pub(super) fn built_in(number: u16) -> Self {
        match number {
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Form::Time,
            46 => Form::Length,
            _ => Form::Number,
        }
    }

    /// Of a form that is spelled out, such as `[h]:mm` or `yyyy"年"m"月"`.
    pub(super) fn spelled(form: &str) -> Self {
        let mut letters = form.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => drop(letters.by_ref().find(|c| *c == '"')),
                '\\' | '_' | '*' => drop(letters.next()),
                '[' => {
                    let inner: String = letters.by_ref().take_while(|c| *c != ']').collect();
                    let inner = inner.to_ascii_lowercase();
                    if matches!(&*inner, "h" | "hh" | "m" | "mm" | "s" | "ss") {
                        return Form::Length;
                    }
                }
                'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return Form::Time,
                // What follows is for other numbers.
                ';' => break,
                _ => {}
            }
        }
        Form::Number
    }
}

/// A number in its form; `is_1904` where days count from 1904.
pub(super) fn words(number: f64, form: Form, is_1904: bool) -> String {
    let kind = match form {
        Form::Number => return number.to_string(),
        Form::Time => ExcelDateTimeType::DateTime,
        Form::Length => ExcelDateTimeType::TimeDelta,
    };
    // Days beyond the year 9999, and before the first, are no dates.
    if !(0.0..2_958_466.0).contains(&number) {
        return number.to_string();
    }
    sheets::date(&ExcelDateTime::new(number, kind, is_1904))
}

/// A number of four bytes: a whole one or the upper part of one with a fraction, maybe in hundredths
/// (MS-XLS 2.5.217).
pub(super) fn packed(packed: u32) -> f64 {
    let number = if packed & 2 > 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 > 0 { number / 100.0 } else { number }
}

/// What went wrong in a cell (MS-XLS 2.5.10).
pub(super) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "",
    }
}
