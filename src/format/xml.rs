//! A part of an office file as a tree of elements.
//!
//! Entities that the document defines are never expanded, nothing outside it is fetched, and neither
//! depth nor size is the document's to choose.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Unreadable;
use crate::text::decode::decode;

/// The deepest nesting of elements that is read; text boxes in tables in lists need some forty.
const DEEPEST: usize = 256;

/// An element with what is inside it. Names have no prefix: parts differ in theirs.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What stands inside an element.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Every value of this attribute: names that differ in their prefix alone are one name here.
    pub(super) fn attributes<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e str> {
        self.attributes.iter().filter(move |(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The elements directly inside.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name directly inside.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The first element at the end of this path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// All text inside, in order.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.add_text(&mut text);
        text
    }

    fn add_text(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.add_text(text),
                Node::Text(words) => text.push_str(words),
            }
        }
    }
}

/// The root element of a part.
///
/// # Errors
/// When the part is not well-formed, or nested deeper than any office program writes.
pub(super) fn parse(bytes: &[u8]) -> Result<Element, Unreadable> {
    let decoded = decode(bytes, None).map_err(|_| broken("not text"))?;
    parse_text(&decoded.text)
}

fn broken(cause: &str) -> Unreadable {
    Unreadable(format!("broken XML inside ({cause})"))
}

/// The root element of a text.
///
/// # Errors
/// As for [`parse`].
pub(super) fn parse_text(text: &str) -> Result<Element, Unreadable> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| broken(&error.to_string()))?;
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(broken("nested too deep"));
                }
                open.push(element(&start));
            }
            Event::Empty(start) => put(&mut open, Node::Element(element(&start))),
            Event::End(_) => {
                let ended = open.pop().unwrap_or_default();
                put(&mut open, Node::Element(ended));
            }
            Event::Text(text) => put(&mut open, Node::Text(text.xml10_content().into_owned())),
            Event::CData(text) => put(&mut open, Node::Text(text.xml10_content().into_owned())),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten();
                let text = character.map_or_else(|| predefined(&reference), String::from);
                put(&mut open, Node::Text(text));
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let root = open.into_iter().next().unwrap_or_default();
    let root = root.children.into_iter().find_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    });
    root.ok_or_else(|| broken("no element"))
}

fn put(open: &mut [Element], node: Node) {
    if let Some(last) = open.last_mut() {
        last.children.push(node);
    }
}

fn element(start: &BytesStart) -> Element {
    let attributes = start
        .attributes()
        .flatten()
        .map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.unwrap_or_else(|_| attribute.value.clone());
            (attribute.key.local_name().as_ref().to_owned(), value.into_owned())
        })
        .collect();
    Element { name: start.local_name().as_ref().to_owned(), attributes, children: Vec::new() }
}

/// One of the five entities of XML itself; any other stays as it is written.
fn predefined(name: &str) -> String {
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => format!("&{other};"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_prefix_and_entities_of_the_document_are_not_expanded() {
        let xml = "<!DOCTYPE w [<!ENTITY a \"aaaa\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
                   <w:d w:val='1 &amp; 2'><w:t>&#x4e1c;北 &a;&f;&lt;</w:t><w:e/><![CDATA[<x>]]></w:d>";
        let root = parse(xml.as_bytes()).unwrap();
        assert_eq!((root.name.as_str(), root.attribute("val")), ("d", Some("1 & 2")));
        assert_eq!(root.child("t").unwrap().text(), "东北 &a;&f;<");
        assert_eq!(root.text(), "东北 &a;&f;<<x>");
        assert!(root.at(&["e"]).is_some() && root.at(&["e", "f"]).is_none());
    }

    #[test]
    fn what_is_broken_or_too_deep_is_refused() {
        for xml in ["", "text", "<a><b></a>"] {
            assert!(parse(xml.as_bytes()).unwrap_err().0.starts_with("broken XML inside"), "{xml}");
        }
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(parse(deep.as_bytes()).unwrap_err().0, "broken XML inside (nested too deep)");
    }
}
