//! The head of a document: its title, its makers, their institutions.
//!
//! Without good evidence there is no title, and without a title above and an institution, abstract
//! or the like below no line is a name: an archive that guesses names is worse than one without.

use super::names::{self, Section};
use super::{Declared, Found, Part, numbering, people};
use crate::model::Kind;
use crate::text::segment::Mark;
use crate::text::{marks, normalize};

/// The longest title, in columns.
const LONGEST: usize = 220;

/// A paragraph this wide is running text, in columns.
const RUNNING: usize = 100;

/// How far into a document its only heading of the first level may stand and be its title.
const HEAD: usize = 4;

/// Finds title, creators and affiliations and gives them their kinds.
pub(super) fn mark(parts: &mut [Part], declared: &Declared, found: &mut Vec<Found>) {
    let head: Vec<usize> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.kind != Kind::Boilerplate)
        .map(|(place, _)| place)
        .take(12)
        .collect();
    let title = match &declared.title {
        Some(title) => declared_title(parts, &head, title).map(|place| (place, None)),
        None => found_title(parts, &head).map(|(place, method)| (place, Some(method))),
    };
    let Some((title, method)) = title else { return };
    if let Some(part) = parts.get_mut(title) {
        part.kind = Kind::Title;
        part.depth = None;
        if let Some(method) = method {
            found.push(Found::new("title", &*part.text, method, part));
        }
    }
    let below: Vec<usize> = head.into_iter().filter(|place| *place > title).collect();
    makers(parts, &below, found);
}

/// The paragraph that repeats the title of the record.
fn declared_title(parts: &[Part], head: &[usize], title: &str) -> Option<usize> {
    let folded = normalize::fold_tight(title);
    let is_title = |place: &&usize| {
        parts.get(**place).is_some_and(|part| {
            part.text.len() <= 2 * title.len() + 40 && normalize::fold_tight(&part.text) == folded
        })
    };
    head.iter().take(HEAD).find(is_title).copied()
}

fn found_title(parts: &[Part], head: &[usize]) -> Option<(usize, &'static str)> {
    if let Some(place) = marked_title(parts, head) {
        return Some((place, "heading mark"));
    }
    let (first, second) = (*head.first()?, *head.get(1)?);
    let (part, next) = (parts.get(first)?, parts.get(second)?);
    if !part.is_open() || !is_title_like(&part.text) {
        return None;
    }
    let third = head.get(2).and_then(|place| parts.get(*place));
    let heads_name =
        !next.apart && third.is_some_and(|third| third.apart) && people::is_han_name(&next.text);
    if !heads_name && !next.apart {
        return None;
    }
    let leads_to_text =
        head.iter().skip(1).take(HEAD).filter_map(|place| parts.get(*place)).any(|part| {
            matches!(part.kind, Kind::Abstract | Kind::Heading)
                || marks::width(&part.text, RUNNING) >= RUNNING
        });
    (leads_to_text || heads_name).then_some((first, "first line"))
}

/// A marked heading at the start, or the only one of the first level near it.
fn marked_title(parts: &[Part], head: &[usize]) -> Option<usize> {
    let is_marked = |part: &Part, level: Option<u8>| match part.mark {
        Mark::Heading(here) => {
            part.kind == Kind::Heading && level.is_none_or(|level| here == level)
        }
        _ => false,
    };
    let is_named =
        |part: &Part| names::section(&part.text).is_some() || numbering::of(&part.text).is_some();
    let first = *head.first()?;
    let opening = parts.get(first)?;
    if is_marked(opening, None) && !is_named(opening) {
        return Some(first);
    }
    let mut tops = parts.iter().enumerate().filter(|(_, part)| is_marked(part, Some(1)));
    let (place, top) = tops.next()?;
    let alone = tops.next().is_none();
    (alone && !is_named(top) && head.iter().take(HEAD).any(|early| *early == place))
        .then_some(place)
}

/// Whether a line without mark could be a title: words without a sentence's end, and none of the
/// other things that stand at the top of a page.
fn is_title_like(text: &str) -> bool {
    if text.len() > 3 * LONGEST
        || marks::width(text, LONGEST + 1) > LONGEST
        || text.contains(['\n', '\t'])
    {
        return false;
    }
    let (mut letters, mut digits, mut others) = (0, 0, 0);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            c if c.is_alphabetic() => letters += 1,
            c if c.is_numeric() => digits += 1,
            _ => others += 1,
        }
    }
    let question = text.ends_with(['?', '？', '!', '！']);
    let stops =
        marks::ends_closed(text) && !question || text.ends_with([',', '，', '、', '-', '—', '…']);
    letters >= 2
        && letters > 2 * digits.max(others)
        && !stops
        && !marks::starts_lower(text)
        && !marks::starts_item(text)
        && !is_korean_sentence(text)
        && !is_address_or_field(text)
        && !is_date(text)
}

/// Korean sentences end in 다 or 요 even where the writer leaves out the full stop.
fn is_korean_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    bare.ends_with("니다")
        || bare.ends_with("세요")
        || bare.ends_with("어요")
        || bare.ends_with("해요")
        || bare.ends_with("이다")
}

/// Web and mail addresses, and lines such as `Date: …` at the top of letters.
fn is_address_or_field(text: &str) -> bool {
    const FIELDS: &[&str] = &[
        "from",
        "to",
        "cc",
        "date",
        "subject",
        "re",
        "sent",
        "author",
        "by",
        "source",
        "url",
        "title",
        "дата",
        "от",
        "кому",
        "тема",
        "автор",
        "источник",
        "作者",
        "来源",
        "日期",
        "时间",
        "发布时间",
        "標題",
        "标题",
        "件名",
        "日時",
        "제목",
        "날짜",
        "작성자",
    ];
    let field = text.split_once([':', '：']).map(|(name, _)| name.trim().to_lowercase());
    text.contains("://")
        || text.contains("www.")
        || text.contains('@')
        || text.contains(".com/")
        || field.is_some_and(|name| FIELDS.contains(&&*name))
}

/// A short line with a month's name or with 年 and 月 is when, not what.
fn is_date(text: &str) -> bool {
    const MONTHS: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    let short = text.split_whitespace().count() <= 5 && text.len() <= 60;
    let lower = text.to_lowercase();
    let names_month = MONTHS.iter().any(|month| lower.contains(month))
        && text.contains(|c: char| c.is_ascii_digit());
    let eastern =
        text.contains(['年', '년']) && text.contains(['月', '월']) && text.chars().count() <= 24;
    short && names_month || eastern && text.contains(char::is_numeric)
}

/// Names below the title, believed if an institution, an abstract or the like comes next, or if
/// they say `by` themselves; then the institutions below the names.
fn makers(parts: &mut [Part], below: &[usize], found: &mut Vec<Found>) {
    let at = |index: usize| below.get(index).and_then(|place| parts.get(*place));
    let Some(line) = at(0).filter(|part| part.is_open()) else { return };
    let Some((persons, said)) = people::persons(&line.text) else { return };
    if !said && !at(1).is_some_and(follows_names) && !is_two_line_head(line, &persons) {
        return;
    }
    let mut places = below.iter().copied();
    if let Some(part) = places.next().and_then(|place| parts.get_mut(place)) {
        let method = if said { "label" } else { "below title" };
        found.extend(persons.into_iter().map(|person| Found::new("creator", person, method, part)));
        part.kind = Kind::Creator;
    }
    for place in places {
        let Some(part) = parts
            .get_mut(place)
            .filter(|part| part.is_open() && people::is_institution(&part.text))
        else {
            break;
        };
        found.push(Found::new("affiliation", &*part.text, "below creator", part));
        part.kind = Kind::Affiliation;
    }
}

/// A name in Han characters directly under the title, with nothing between.
fn is_two_line_head(line: &Part, persons: &[String]) -> bool {
    !line.apart && persons.len() == 1 && people::is_han_name(&line.text)
}

fn follows_names(part: &Part) -> bool {
    let summary = |part: &Part| {
        matches!(names::section(&part.text), Some(Section::Abstract | Section::Keywords))
            || is_summary(&part.text)
    };
    match part.kind {
        Kind::Abstract | Kind::Keywords => true,
        Kind::Heading => summary(part),
        Kind::Body => people::is_institution(&part.text),
        _ => false,
    }
}

fn is_summary(text: &str) -> bool {
    matches!(
        &*text.trim().to_lowercase(),
        "summary"
            | "introduction"
            | "резюме"
            | "введение"
            | "引言"
            | "はじめに"
            | "서론"
            | "요약"
    )
}
