//! Equations of Office (OMML, ECMA-376 part 1, 22.1) on one line, as they are typed: `x^2`, `(a+b)/c`, `∑_(n=1)^∞`.
//!
//! Every sign of the equation stays; only brackets and marks are added, where without them another
//! equation would be read.

use crate::format::xml::{Element, Node};

/// An equation, or a part of one, as a line.
pub(super) fn line(element: &Element) -> String {
    let mut words = String::new();
    add(element, &mut words);
    words
}

fn add(element: &Element, words: &mut String) {
    for child in &element.children {
        let Node::Element(child) = child else { continue };
        let part = |name: &str| child.child(name).map(line).unwrap_or_default();
        match &*child.name {
            "t" => words.push_str(&child.text()),
            "sSup" => words.push_str(&(part("e") + &raised("^", &part("sup")))),
            "sSub" => words.push_str(&(part("e") + &raised("_", &part("sub")))),
            "sSubSup" => {
                words.push_str(
                    &(part("e") + &raised("_", &part("sub")) + &raised("^", &part("sup"))),
                );
            }
            "limLow" => words.push_str(&(part("e") + &raised("_", &part("lim")))),
            "limUpp" => words.push_str(&(part("e") + &raised("^", &part("lim")))),
            "f" => words.push_str(&format!("{}/{}", whole(&part("num")), whole(&part("den")))),
            "rad" => words.push_str(&format!("{}√{}", part("deg"), whole(&part("e")))),
            "nary" => {
                let sign = value(child, "naryPr", "chr").unwrap_or("∫");
                let (sub, sup) = (raised("_", &part("sub")), raised("^", &part("sup")));
                words.push_str(&format!("{sign}{sub}{sup} {}", part("e")));
            }
            "func" => words.push_str(&format!("{} {}", part("fName"), part("e"))),
            "d" => delimited(child, words),
            "m" | "eqArr" => {
                let rows: Vec<String> = child.elements().filter_map(row).collect();
                words.push_str(&rows.join("; "));
            }
            // Properties have no text of the equation.
            name if name.ends_with("Pr") => {}
            _ => add(child, words),
        }
    }
}

/// What stands in brackets, which the document may have replaced by others or by none.
fn delimited(element: &Element, words: &mut String) {
    let sign = |name, usual| value(element, "dPr", name).unwrap_or(usual);
    let parts: Vec<String> = element.elements().filter(|part| part.name == "e").map(line).collect();
    words.push_str(sign("begChr", "("));
    words.push_str(&parts.join(sign("sepChr", "|")));
    words.push_str(sign("endChr", ")"));
}

/// The row of a matrix or of several equations.
fn row(element: &Element) -> Option<String> {
    match &*element.name {
        "e" => Some(line(element)),
        "mr" => {
            let cells: Vec<String> =
                element.elements().filter(|cell| cell.name == "e").map(line).collect();
            Some(cells.join(", "))
        }
        _ => None,
    }
}

fn value<'e>(element: &'e Element, properties: &str, name: &str) -> Option<&'e str> {
    element.at(&[properties, name])?.attribute("val")
}

fn raised(mark: &str, part: &str) -> String {
    if part.is_empty() { String::new() } else { format!("{mark}{}", whole(part)) }
}

/// A part as one thing: in brackets where it is more than a word or a number.
fn whole(part: &str) -> String {
    let is_bracketed = part.starts_with('(') && part.find(')') == Some(part.len() - 1);
    if part.chars().count() == 1 || part.chars().all(char::is_alphanumeric) || is_bracketed {
        return part.to_owned();
    }
    format!("({part})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::xml;

    fn read(inner: &str) -> String {
        line(&xml::parse_text(&format!("<oMath>{inner}</oMath>")).unwrap())
    }

    fn run(text: &str) -> String {
        format!("<r><t>{text}</t></r>")
    }

    #[test]
    fn powers_fractions_roots_and_sums_are_typed_on_one_line() {
        let power =
            format!("{}<sSup><e>{}</e><sup>{}</sup></sSup>", run("A=π"), run("r"), run("2"));
        assert_eq!(read(&power), "A=πr^2");
        let fraction = format!("<f><num>{}</num><den>{}</den></f>", run("nπx"), run("L+1"));
        assert_eq!(read(&fraction), "nπx/(L+1)");
        let root = format!("<rad><deg/><e>{}</e></rad>", run("a-b"));
        assert_eq!(read(&root), "√(a-b)");
        let sum = format!(
            "<nary><naryPr><chr val='∑'/></naryPr><sub>{}</sub><sup>{}</sup><e>{}</e></nary>",
            run("n=1"),
            run("∞"),
            run("x")
        );
        assert_eq!(read(&sum), "∑_(n=1)^∞ x");
        assert_eq!(
            read(&format!("<nary><sub>{}</sub><sup/><e>{}</e></nary>", run("0"), run("x"))),
            "∫_0 x"
        );
    }

    #[test]
    fn brackets_matrices_and_functions_keep_every_sign() {
        let matrix = format!(
            "<m><mr><e>{}</e><e>{}</e></mr><mr><e>{}</e><e>{}</e></mr></m>",
            run("a"),
            run("b"),
            run("c"),
            run("d")
        );
        let square = format!("<d><dPr><begChr val='['/><endChr val=']'/></dPr><e>{matrix}</e></d>");
        assert_eq!(read(&square), "[a, b; c, d]");
        let cosine =
            format!("<func><fName>{}</fName><e><d><e>{}</e></d></e></func>", run("cos"), run("x"));
        assert_eq!(read(&cosine), "cos (x)");
    }
}
