//! What is still to be read of a LaTeX source, and how its brackets are passed. No look ahead is repeated
//! without bound, so whatever is left open costs no more than its length.

/// The longest argument that is passed over or taken as it is typed, in bytes.
const LONGEST: usize = 3000;

/// The rest of a source.
pub(super) struct Source<'a> {
    pub(super) rest: &'a str,
    /// Ends that were looked for and do not come, so that none is looked for twice.
    absent: Vec<String>,
}

impl<'a> Source<'a> {
    pub(super) fn new(rest: &'a str) -> Self {
        Self { rest, absent: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let next = letters.next();
        self.rest = letters.as_str();
        next
    }

    pub(super) fn take(&mut self, what: &str) -> bool {
        self.rest.strip_prefix(what).map(|rest| self.rest = rest).is_some()
    }

    /// What stands before `end`, which is passed; `None` where it does not come.
    pub(super) fn until(&mut self, end: &str) -> Option<&'a str> {
        if self.absent.iter().any(|absent| absent == end) {
            return None;
        }
        let Some((before, after)) = self.rest.split_once(end) else {
            self.absent.push(end.to_owned());
            return None;
        };
        self.rest = after;
        Some(before)
    }

    /// The white space after a command's name is no white space of the text.
    pub(super) fn swallow(&mut self) {
        let after = self.rest.trim_start_matches([' ', '\t']);
        // An empty pair of braces only ends the name.
        self.rest = after.strip_prefix("{}").unwrap_or(after);
        if let Some(next) = self.rest.strip_prefix('\n')
            && !next.trim_start_matches([' ', '\t']).starts_with('\n')
        {
            self.rest = next;
        }
    }

    /// Passes what stands in square brackets.
    pub(super) fn options(&mut self) {
        let after = self.rest.trim_start_matches([' ', '\t']);
        if let Some(options) = after.strip_prefix('[')
            && let Some(end) = closing(options, '[', ']')
        {
            self.rest = options.get(end + 1..).unwrap_or_default();
        }
    }

    /// What stands in the next pair of braces, as it is typed.
    pub(super) fn braced(&mut self) -> Option<&'a str> {
        let inside = self.rest.trim_start().strip_prefix('{')?;
        let end = closing(inside, '{', '}')?;
        self.rest = inside.get(end + 1..).unwrap_or_default();
        inside.get(..end)
    }

    /// Passes the name, the number of arguments and the body of a definition.
    pub(super) fn definition(&mut self) {
        let near = self.rest.get(..self.rest.floor_char_boundary(100)).unwrap_or_default();
        let body = near.find(['{', '\n']).unwrap_or(0);
        let head = self.rest.get(..body).unwrap_or_default();
        if head.starts_with('\\') || head.is_empty() {
            self.rest = self.rest.get(body..).unwrap_or_default();
        }
        while self.braced().is_some() {
            self.options();
        }
    }

    /// The name in the braces after `\begin` and `\end`.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let inside = self.rest.trim_start().strip_prefix('{')?;
        let (name, after) = inside.split_once('}')?;
        self.rest = after;
        Some(name.trim())
    }
}

/// Where the bracket closes that was opened before the text; one after a backslash is none.
pub(super) fn closing(text: &str, opening: char, closing: char) -> Option<usize> {
    let mut depth = 0usize;
    let mut is_escaped = false;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < LONGEST) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == opening => depth += 1,
            _ if c == closing && depth == 0 => return Some(at),
            _ if c == closing => depth -= 1,
            _ => {}
        }
    }
    None
}
