//! Where the text of a group goes: into the document, a note, a property, or nowhere.
//!
//! A group that is marked as one to pass over where it is not known is passed over.

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Body,
    /// Nowhere.
    Nothing,
    /// The header or footer of the page.
    Page,
    Note,
    /// What a reader has written beside the text.
    Comment,
    /// The mark of a list's item.
    Bullet,
    Fonts,
    Styles,
    /// A property, by its name as a term.
    Property(&'static str),
    /// A day, of which only the numbers matter.
    Day(&'static str),
}

/// Where the text of a group goes that begins with this word; `None` where it goes on as before.
pub(super) fn of(word: &str, is_star: bool) -> Option<Target> {
    Some(match word {
        "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr"
        | "footerf" => Target::Page,
        "footnote" => Target::Note,
        "annotation" => Target::Comment,
        "pntext" | "listtext" => Target::Bullet,
        "fonttbl" => Target::Fonts,
        "stylesheet" => Target::Styles,
        "title" => Target::Property("title"),
        "author" => Target::Property("creator"),
        "subject" | "doccomm" => Target::Property("description"),
        "keywords" => Target::Property("subject"),
        "company" => Target::Property("publisher"),
        "creatim" => Target::Day("created"),
        "revtim" => Target::Day("modified"),
        "colortbl" | "pict" | "object" | "themedata" | "colorschememapping" | "datastore"
        | "xmlnstbl" | "listtable" | "listoverridetable" | "revtbl" | "rsidtbl" | "generator"
        | "operator" | "printim" | "fldinst" | "atnid" | "atnauthor" | "xe" | "tc" | "upr"
        | "nonshppict" | "filetbl" | "latentstyles" | "mmathPr" | "falt" | "panose" | "sp"
        | "bkmkstart" | "bkmkend" | "ftnsep" | "ftnsepc" | "aftnsep" | "wgrffmtfilter"
        | "htmltag" => Target::Nothing,
        "shptxt" | "ud" | "shppict" | "fldrslt" | "shpinst" | "cs" | "ds" | "ts" | "shp" => {
            return None;
        }
        _ if is_star => Target::Nothing,
        _ => return None,
    })
}
