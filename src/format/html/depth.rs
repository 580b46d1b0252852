//! Whether a page is simple enough to build a tree of, found out by one pass over its bytes.
//!
//! Building the tree takes time that grows with the square of the nesting depth, and walking it
//! takes stack (servo/html5ever #788, #290). It never follows the page into either.

/// The deepest nesting of which a tree is built; browsers stop here too.
const DEEPEST: usize = 512;

/// The most attributes, counted by white space, that one tag may have.
const MOST_ATTRIBUTES: usize = 2048;

/// Elements without content.
const VOID: &[&[u8]] = &[
    b"area",
    b"base",
    b"br",
    b"col",
    b"embed",
    b"hr",
    b"img",
    b"input",
    b"link",
    b"meta",
    b"param",
    b"source",
    b"track",
    b"wbr",
    b"frame",
    b"keygen",
    b"basefont",
    b"bgsound",
];

/// Elements that the next of their kind ends, so that a page may leave them open.
const ENDED_BY_THE_NEXT: &[&[u8]] = &[
    b"p",
    b"li",
    b"dt",
    b"dd",
    b"tr",
    b"td",
    b"th",
    b"thead",
    b"tbody",
    b"tfoot",
    b"option",
    b"optgroup",
    b"colgroup",
    b"rt",
    b"rp",
];

/// Elements whose content is no markup.
const RAW: &[&[u8]] = &[b"script", b"style", b"textarea", b"title", b"xmp", b"noframes"];

/// Whether a tree of the page can be built in time and walked within a thread's stack.
pub(super) fn is_bounded(html: &str) -> bool {
    let mut open: Vec<&[u8]> = Vec::new();
    let mut rest = html.as_bytes();
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix(b"!--") {
            rest = after(comment, b"-->");
            continue;
        }
        let closes = rest.first() == Some(&b'/');
        let named = rest.get(usize::from(closes)..).unwrap_or_default();
        let length = named.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let (name, inside) = named.split_at(length);
        if name.is_empty() {
            continue;
        }
        let Some(tag) = tag(inside) else { return false };
        rest = inside.get(tag.length..).unwrap_or_default();
        if is_one_of(name, VOID) || is_one_of(name, ENDED_BY_THE_NEXT) || tag.is_empty {
            continue;
        }
        if closes {
            if let Some(place) = open.iter().rposition(|other| other.eq_ignore_ascii_case(name)) {
                open.truncate(place);
            }
            continue;
        }
        if is_one_of(name, RAW) {
            rest = after_raw(rest, name);
            continue;
        }
        open.push(name);
        if open.len() > DEEPEST {
            return false;
        }
    }
    true
}

struct Tag {
    length: usize,
    /// Whether it ends with `/>`.
    is_empty: bool,
}

/// The rest of a tag after its name; `None` where it has too many attributes.
fn tag(inside: &[u8]) -> Option<Tag> {
    let (mut quote, mut gaps, mut before) = (None, 0, b' ');
    for (place, byte) in inside.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if before == b'=' => quote = Some(*byte),
            (None, b'>') => return Some(Tag { length: place + 1, is_empty: before == b'/' }),
            (None, byte) if byte.is_ascii_whitespace() || *byte == b'/' => gaps += 1,
            _ => {}
        }
        if gaps > MOST_ATTRIBUTES {
            return None;
        }
        if !byte.is_ascii_whitespace() {
            before = *byte;
        }
    }
    Some(Tag { length: inside.len(), is_empty: false })
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> &'a [u8] {
    memchr::memmem::find(bytes, mark)
        .and_then(|at| bytes.get(at + mark.len()..))
        .unwrap_or_default()
}

/// What follows the end tag of an element whose content is no markup.
fn after_raw<'a>(bytes: &'a [u8], name: &[u8]) -> &'a [u8] {
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"</") {
        rest = rest.get(at + 2..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.get(name.len()..).unwrap_or_default();
        }
    }
    &[]
}

fn is_one_of(name: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_are_bounded_however_long_and_careless() {
        for page in [
            "",
            "<",
            "</",
            "<!-- unclosed",
            "a < b > c",
            "<p title='>'>x",
            &"<p>one<li>two<td>three<br><img src=x>".repeat(10_000),
            &"<div><span>x</div>".repeat(10_000),
            &"<DIV>x</div>".repeat(10_000),
            &format!("<script>{}</script>", "<div>".repeat(1000)),
            &format!("<!--{}-->", "<div>".repeat(1000)),
            &format!("<img src=\"data:{}\">", "a b/".repeat(10_000)),
            "<p>渡轮<b>启航",
        ] {
            assert!(is_bounded(page), "{}", page.chars().take(60).collect::<String>());
        }
    }

    #[test]
    fn deep_nesting_and_floods_of_attributes_are_not() {
        assert!(!is_bounded(&"<div>".repeat(100_000)));
        assert!(!is_bounded(&"<ul><li>".repeat(513)));
        assert!(is_bounded(&"<ul><li>".repeat(512)));
        assert!(!is_bounded(&format!("<p {}>", "a=1 ".repeat(100_000))));
    }
}
