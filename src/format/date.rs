//! Dates as sources state them.
//!
//! Only what is a date beyond doubt is one: ISO 8601 year, month or day, or a timestamp's day.
//! Nothing is guessed from day and month in another order.

use jiff::civil;

/// The date in ISO 8601 (`2016`, `2016-04`, `2016-04-30`), if the value is one.
pub(super) fn iso(value: &str) -> Option<String> {
    let value = value.trim();
    let day = match value.get(..10) {
        // A timestamp, RFC 3339 or with a space; its day is as its own clock had it.
        Some(day) if value.len() > 10 => {
            let rest = value.get(10..)?;
            let clock = rest.strip_prefix(['T', 't', ' '])?;
            clock.starts_with(|c: char| c.is_ascii_digit()).then_some(day)?
        }
        _ => value,
    };
    let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let complete = match &*shape {
        "0000" => format!("{day}-01-01"),
        "0000-00" => format!("{day}-01"),
        "0000-00-00" => day.to_owned(),
        _ => return None,
    };
    let date: civil::Date = complete.parse().ok()?;
    // Years before printing are numbers that happen to have four digits.
    (date.year() >= 1000).then(|| day.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_iso_dates_are_dates() {
        for (value, date) in [
            ("2016", "2016"),
            ("2016-04", "2016-04"),
            ("2016-04-30", "2016-04-30"),
            ("2016-04-30T23:59:59+09:00", "2016-04-30"),
            ("2016-04-30 08:00", "2016-04-30"),
        ] {
            assert_eq!(iso(value).as_deref(), Some(date));
        }
        for value in [
            "2016-02-30",
            "30.04.2016",
            "04/30/2016",
            "April 2016",
            "2016-13",
            "0016",
            "",
            "2016-04-30 x",
            "東北の港の歴史と現在",
        ] {
            assert_eq!(iso(value), None, "{value}");
        }
    }
}
