//! From the tree of a page to its blocks in reading order.
//!
//! Every word that a browser shows is in some block. The tree must be bounded (see `depth`), because
//! this walks it by recursion.

use dom_query::NodeRef;

use crate::text::marks;
use crate::text::segment::Mark;

/// The longest cell of a table of data, in bytes; longer ones hold paragraphs.
const LONGEST_CELL: usize = 400;

/// Elements whose content a browser does not show as text.
const UNSEEN: &[&str] = &[
    "head",
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math-annotation",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "canvas",
    "select",
    "textarea",
    "title",
];

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "html",
    "legend",
    "main",
    "nav",
    "p",
    "section",
    "summary",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];

/// A block of a page: its words and what the markup says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) mark: Mark,
}

/// The blocks below a node.
pub(super) fn pieces(root: NodeRef) -> Vec<Piece> {
    let mut walker = Walker::default();
    walker.node(root);
    walker.flush();
    walker.pieces
}

#[derive(Default)]
struct Walker {
    pieces: Vec<Piece>,
    words: String,
    mark: Option<Mark>,
    /// For each open list, the number of its next item; `None` in lists without numbers.
    lists: Vec<Option<u64>>,
    /// What an item begins with whose first words have not come yet.
    item: Option<String>,
    is_preformatted: bool,
    /// White space that shows only if more words follow.
    space: bool,
    /// Whether that white space had a line break.
    broken: bool,
}

impl Walker {
    fn node(&mut self, node: NodeRef) {
        if node.is_text() {
            self.add(&node.text());
            return;
        }
        let Some(name) = node.node_name() else {
            self.children(node);
            return;
        };
        let name = name.to_ascii_lowercase();
        match &*name {
            unseen if UNSEEN.contains(&unseen) => {}
            "br" => self.line_break(),
            "hr" => self.flush(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.bytes().last().unwrap_or(b'1') - b'0';
                self.marked(node, Mark::Heading(level));
            }
            "pre" | "listing" | "xmp" => {
                let outer = std::mem::replace(&mut self.is_preformatted, true);
                self.marked(node, Mark::Code);
                self.is_preformatted = outer;
            }
            "figcaption" | "caption" => self.marked(node, Mark::Caption),
            "ul" | "ol" | "menu" | "dir" => self.list(node, name == "ol"),
            "li" => self.list_item(node),
            "table" => self.table(node),
            _ if is_note(node) => self.marked(node, Mark::Note),
            block if BLOCKS.contains(&block) => {
                self.flush();
                self.children(node);
                self.flush();
            }
            _ => self.children(node),
        }
    }

    fn children(&mut self, node: NodeRef) {
        for child in node.children_it(false) {
            self.node(child);
        }
    }

    fn marked(&mut self, node: NodeRef, mark: Mark) {
        self.flush();
        let outer = self.mark.replace(mark);
        self.children(node);
        self.flush();
        self.mark = outer;
    }

    fn list(&mut self, node: NodeRef, is_numbered: bool) {
        self.flush();
        let first = || node.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        self.lists.push(is_numbered.then(first));
        self.children(node);
        self.flush();
        self.lists.pop();
    }

    fn list_item(&mut self, node: NodeRef) {
        self.flush();
        let number = self.lists.last_mut().and_then(Option::as_mut).map(|next| {
            *next = next.saturating_add(1);
            *next - 1
        });
        self.item = Some(number.map_or_else(String::new, |number| format!("{number}. ")));
        self.children(node);
        self.flush();
        self.item = None;
    }

    /// The rows of a table of data; the blocks of one that only arranges the page.
    fn table(&mut self, node: NodeRef) {
        self.flush();
        let rows = rows(node);
        // Asked first: cells are walked twice where they turn out to be no data, and what is walked
        // twice at each level of nesting is walked for ever.
        let cells: Vec<Vec<String>> = match holds_table(node) {
            true => Vec::new(),
            false => rows.iter().map(|row| cells(*row)).collect(),
        };
        let widest = cells.iter().map(Vec::len).max().unwrap_or(0);
        let is_short = cells.iter().flatten().all(|cell| cell.len() <= LONGEST_CELL);
        if widest < 2 || rows.len() < 2 || !is_short {
            self.children(node);
            self.flush();
            return;
        }
        let captions = node.children_it(false).filter(|child| child.has_name("caption"));
        for caption in captions.collect::<Vec<_>>() {
            self.node(caption);
        }
        for (place, (row, cells)) in rows.iter().zip(cells).enumerate() {
            let mark = if place == 0 && is_header(*row) { Mark::Columns } else { Mark::Row };
            if cells.iter().any(|cell| !cell.is_empty()) {
                self.pieces.push(Piece { text: cells.join("\t"), mark });
            }
        }
    }

    fn add(&mut self, text: &str) {
        if self.is_preformatted {
            self.words.push_str(text);
            return;
        }
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                self.space = true;
                self.broken |= c == '\n';
                continue;
            }
            if self.space {
                self.space_before(c);
            }
            self.words.push(c);
        }
    }

    /// A line break in the source is no space between characters of scripts that have none.
    fn space_before(&mut self, next: char) {
        let last = self.words.chars().next_back();
        let spaceless =
            self.broken && marks::is_spaceless(next) && last.is_some_and(marks::is_spaceless);
        if last.is_some_and(|last| last != '\n') && !spaceless {
            self.words.push(' ');
        }
        (self.space, self.broken) = (false, false);
    }

    /// One line break breaks the line, two end the paragraph.
    fn line_break(&mut self) {
        (self.space, self.broken) = (false, false);
        if self.words.ends_with('\n') && !self.is_preformatted {
            self.flush();
        } else if !self.words.is_empty() {
            self.words.push('\n');
        }
    }

    /// Ends the block being collected.
    fn flush(&mut self) {
        (self.space, self.broken) = (false, false);
        let words = std::mem::take(&mut self.words);
        let text = words.trim_matches(['\n', '\r']).trim_end();
        let text = if self.is_preformatted { text } else { text.trim_start() };
        if text.trim().is_empty() {
            return;
        }
        let (begin, mark) = match (self.mark, self.item.take()) {
            (Some(mark), _) => (String::new(), mark),
            (None, Some(begin)) => (begin, Mark::Item),
            (None, None) => (String::new(), Mark::None),
        };
        self.pieces.push(Piece { text: begin + text, mark });
    }
}

/// The rows of a table, without those of tables inside it.
fn rows(table: NodeRef) -> Vec<NodeRef> {
    let mut rows = Vec::new();
    for child in table.children_it(false) {
        if child.has_name("tr") {
            rows.push(child);
        } else if ["thead", "tbody", "tfoot"].iter().any(|name| child.has_name(name)) {
            rows.extend(child.children_it(false).filter(|row| row.has_name("tr")));
        }
    }
    rows
}

fn cells(row: NodeRef) -> Vec<String> {
    let is_cell = |cell: &NodeRef| cell.has_name("td") || cell.has_name("th");
    let text = |cell: NodeRef| {
        let blocks: Vec<String> = pieces_below(cell).into_iter().map(|piece| piece.text).collect();
        blocks.join(" ").replace(['\n', '\t'], " ")
    };
    row.children_it(false).filter(is_cell).map(text).collect()
}

fn pieces_below(node: NodeRef) -> Vec<Piece> {
    let mut walker = Walker::default();
    walker.children(node);
    walker.flush();
    walker.pieces
}

/// Looks no further than the first table inside, so that each node is looked at for one table only.
fn holds_table(node: NodeRef) -> bool {
    node.descendants_it().any(|inner| inner.has_name("table"))
}

fn is_header(row: NodeRef) -> bool {
    let mut cells = row.children_it(false).filter(NodeRef::is_element);
    row.parent().is_some_and(|parent| parent.has_name("thead"))
        || cells.all(|cell| cell.has_name("th"))
}

/// Whether the element says that it is a footnote.
fn is_note(node: NodeRef) -> bool {
    let says = |attribute| {
        node.attr(attribute).is_some_and(|value| {
            value.split_ascii_whitespace().any(|word| {
                matches!(word, "footnote" | "endnote" | "rearnote" | "doc-footnote" | "doc-endnote")
            })
        })
    };
    node.is_element() && (says("epub:type") || says("role"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    fn read(html: &str) -> Vec<(Mark, String)> {
        let document = Document::from(html);
        pieces(document.root()).into_iter().map(|piece| (piece.mark, piece.text)).collect()
    }

    fn is(mark: Mark, text: &str) -> (Mark, String) {
        (mark, text.to_owned())
    }

    #[test]
    fn every_visible_word_is_in_a_block_with_its_mark() {
        assert_eq!(
            read(
                "<title>T</title><body>loose <h2>Ferry\n lines</h2><p>One\n  <b>bold</b>&nbsp;word,<br>\
                 next line<br><br>new paragraph<script>no()</script></p><ol start=3><li>three<ul><li>\
                 inner</ul><li><p>four<p>more</ol><pre>a\n  b\n</pre><aside epub:type='footnote'>\
                 1 A note.</aside><figure><img><figcaption>Fig. 1</figcaption></figure>"
            ),
            [
                is(Mark::None, "loose"),
                is(Mark::Heading(2), "Ferry lines"),
                is(Mark::None, "One bold\u{a0}word,\nnext line"),
                is(Mark::None, "new paragraph"),
                is(Mark::Item, "3. three"),
                is(Mark::Item, "inner"),
                is(Mark::Item, "4. four"),
                is(Mark::None, "more"),
                is(Mark::Code, "a\n  b"),
                is(Mark::Note, "1 A note."),
                is(Mark::Caption, "Fig. 1"),
            ]
        );
    }

    #[test]
    fn a_table_of_data_is_read_row_by_row_and_one_of_layout_is_not() {
        assert_eq!(
            read(
                "<table><caption>Cargo</caption><tr><th>Year<th>Tons</tr><tr><td>2015<td>4,100</tr>\
                 <tr><td><td>12<br>13</tr></table><table><tr><td>left<td><p>right<p>more</table>"
            ),
            [
                is(Mark::Caption, "Cargo"),
                is(Mark::Columns, "Year\tTons"),
                is(Mark::Row, "2015\t4,100"),
                is(Mark::Row, "\t12 13"),
                is(Mark::None, "left"),
                is(Mark::None, "right"),
                is(Mark::None, "more"),
            ]
        );
    }

    #[test]
    fn tables_nested_by_the_hundred_are_walked_once_and_lose_no_word() {
        let depth = 150;
        let page: String =
            (0..depth).map(|at| format!("<table><tr><td>a{at}<td>b{at}<tr><td>")).collect();
        let words: Vec<String> = read(&page).into_iter().map(|(_, text)| text).collect();
        let meant: Vec<String> =
            (0..depth - 1).flat_map(|at| [format!("a{at}"), format!("b{at}")]).collect();
        assert_eq!(words[..words.len() - 1], meant);
        assert_eq!(words.last().map(String::as_str), Some("a149\tb149"));
    }

    #[test]
    fn a_line_break_between_chinese_characters_is_no_space() {
        assert_eq!(
            read("<p>第二艘渡轮\n将于五月启航。 New\nferry 페리\n취항</p>"),
            [is(Mark::None, "第二艘渡轮将于五月启航。 New ferry 페리 취항")]
        );
    }
}
