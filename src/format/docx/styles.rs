//! What the styles of a Word document say its paragraphs are.

use std::collections::HashMap;

use crate::format::xml::Element;

/// What a style makes of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A heading of this level, from 1.
    Heading(u8),
    /// The title of the document.
    Title,
    /// The line that names a figure or table.
    Caption,
    /// A quotation of source code.
    Code,
}

/// The most styles that are followed from one to the one it is based on.
const LONGEST_LINE: usize = 16;

/// The roles of styles by their ids.
pub(super) struct Styles {
    roles: HashMap<String, Role>,
}

impl Styles {
    pub(super) fn of(part: Option<&Element>) -> Self {
        let styles: HashMap<&str, &Element> = part
            .into_iter()
            .flat_map(Element::elements)
            .filter_map(|style| Some((style.attribute("styleId")?, style)))
            .collect();
        let inherited = |id: &str| {
            let mut style = *styles.get(id)?;
            for _ in 0..LONGEST_LINE {
                if let Some(role) = own_role(style) {
                    return Some(role);
                }
                style = styles.get(style.child("basedOn")?.attribute("val")?)?;
            }
            None
        };
        let roles =
            styles.keys().filter_map(|id| Some(((*id).to_owned(), inherited(id)?))).collect();
        Self { roles }
    }

    pub(super) fn role(&self, id: &str) -> Option<Role> {
        self.roles.get(id).copied()
    }
}

/// The role that a style gives by itself: by its outline level or by its built-in name, which Word
/// writes in English whatever the language of its menus.
fn own_role(style: &Element) -> Option<Role> {
    let name = style.child("name").and_then(|name| name.attribute("val")).unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let level = style.at(&["pPr", "outlineLvl"]).and_then(|level| level.attribute("val"));
    match &*name {
        "title" => Some(Role::Title),
        "caption" => Some(Role::Caption),
        "html preformatted" | "plain text code" => Some(Role::Code),
        _ => heading(level).or_else(|| {
            let number = name.strip_prefix("heading ")?.parse().ok()?;
            (1..=9).contains(&number).then_some(Role::Heading(number))
        }),
    }
}

/// The role of an outline level, which counts from 0; 9 is body text.
pub(super) fn heading(level: Option<&str>) -> Option<Role> {
    let level: u8 = level?.parse().ok()?;
    (level < 9).then_some(Role::Heading(level + 1))
}
