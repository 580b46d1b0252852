//! Marks inside a line of reStructuredText: emphasis, code, roles, links, escapes.

/// The text without its marks.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '`', '*', ':', '_', '|']) {
        let (before, marked) = rest.split_at(at);
        words.push_str(before);
        rest = one(marked, &mut words);
    }
    words.push_str(rest);
    words
}

/// Reads what begins with a mark; returns what is behind it.
fn one<'a>(marked: &'a str, words: &mut String) -> &'a str {
    let mut letters = marked.chars();
    let mark = letters.next().unwrap_or('\\');
    let after = letters.as_str();
    match mark {
        '\\' => {
            let mut escaped = after.chars();
            // An escaped space is none at all.
            words.extend(escaped.next().filter(|c| !c.is_whitespace()));
            escaped.as_str()
        }
        '`' => backquoted(marked, words),
        '*' => {
            let sign = if after.starts_with('*') { "**" } else { "*" };
            match between(marked, sign, words) {
                Some((inside, behind)) => {
                    words.push_str(&inside.replace('\\', ""));
                    behind
                }
                None => {
                    words.push_str(sign);
                    marked.get(sign.len()..).unwrap_or_default()
                }
            }
        }
        '|' => match between(marked, "|", words) {
            Some((inside, behind)) => {
                words.push_str(inside);
                behind.trim_start_matches('_')
            }
            None => keep(mark, after, words),
        },
        ':' => role(after, words).unwrap_or_else(|| keep(mark, after, words)),
        // The end of a reference: `name_`, `[1]_`.
        '_' => {
            let is_behind_word = words.ends_with(|c: char| c.is_alphanumeric() || c == ']');
            let after =
                if is_behind_word { after.strip_prefix('_').unwrap_or(after) } else { after };
            let is_end = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            match is_behind_word && is_end {
                true => after,
                false => keep(mark, marked.get(1..).unwrap_or_default(), words),
            }
        }
        other => keep(other, after, words),
    }
}

fn keep<'a>(mark: char, after: &'a str, words: &mut String) -> &'a str {
    words.push(mark);
    after
}

/// What stands between two marks; the first must not stand inside a word nor before white space.
fn between<'a>(marked: &'a str, sign: &str, words: &str) -> Option<(&'a str, &'a str)> {
    let inside = marked.strip_prefix(sign)?;
    let is_inside_word = words.ends_with(|c: char| c.is_ascii_alphanumeric());
    if is_inside_word || inside.starts_with(char::is_whitespace) {
        return None;
    }
    let (inside, behind) = inside.split_once(sign)?;
    let is_whole = !inside.is_empty() && !inside.ends_with(char::is_whitespace);
    is_whole.then_some((inside, behind))
}

/// Code, a link or the text of a role.
fn backquoted<'a>(marked: &'a str, words: &mut String) -> &'a str {
    if let Some(code) = marked.strip_prefix("``") {
        if let Some((inside, behind)) = code.split_once("``") {
            words.push_str(inside);
            return behind;
        }
        words.push_str("``");
        return code;
    }
    let inside = marked.get(1..).unwrap_or_default();
    let Some((inside, behind)) = inside.split_once('`') else { return keep('`', inside, words) };
    words.push_str(without_target(inside));
    let behind = behind.strip_prefix("__").or_else(|| behind.strip_prefix('_')).unwrap_or(behind);
    // A role may stand behind its text too.
    match behind.strip_prefix(':').and_then(|role| role.split_once(':')) {
        Some((name, after)) if is_role(name) => after,
        _ => behind,
    }
}

/// `Text <target>` is Text, `<target>` alone is the target.
fn without_target(inside: &str) -> &str {
    match inside.rsplit_once('<') {
        Some((text, target)) if target.ends_with('>') && !text.trim().is_empty() => text.trim_end(),
        _ => inside.trim_start_matches(['~', '!']),
    }
}

/// `:role:` before a back quote goes.
fn role<'a>(after: &'a str, words: &str) -> Option<&'a str> {
    if words.ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let end = after.bytes().take(64).position(|byte| byte == b'`')?;
    let name = after.get(..end)?.strip_suffix(':')?;
    is_role(name).then(|| after.get(end..)).flatten()
}

fn is_role(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '+');
    !name.is_empty() && name.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        for (marked, meant) in [
            ("The **ferry** sails at *noon*.", "The ferry sails at noon."),
            (
                "See ``a_b`` and :ref:`the bridge <bridge>`, `docs`_.",
                "See a_b and the bridge, docs.",
            ),
            (
                "`Site <http://x.org/>`__ and name_ but snake_case_name",
                "Site and name but snake_case_name",
            ),
            ("2 * 3 * 4, a*b*c, \\*not\\* here\\ s", "2 * 3 * 4, a*b*c, *not* heres"),
            ("at 10:30, :py:func:`~os.path` says [1]_ |sub| x", "at 10:30, os.path says [1] sub x"),
            ("unclosed **bold, and ``more", "unclosed **bold, and ``more"),
            ("渡轮 **五月** 启航", "渡轮 五月 启航"),
        ] {
            assert_eq!(plain(marked), meant);
        }
    }
}
