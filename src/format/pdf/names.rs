//! Characters of Chinese, Japanese and Korean fonts that name none themselves.
//!
//! Such a font numbers its characters by one of Adobe's public collections, and a table of the
//! collection names them. The fonts of a file are looked through once, and only when one is met.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_interpret::font::OutlineGlyph;
use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Words};

/// How the codes of a font lead to characters.
struct Scheme {
    /// From codes to the numbers of a collection.
    numbers: CMap,
    /// From those to characters.
    characters: CMap,
}

/// The schemes of a file's fonts.
pub(super) struct Names<'a> {
    pdf: &'a Pdf,
    schemes: Option<Schemes>,
}

#[derive(Default)]
struct Schemes {
    by_font: HashMap<String, Rc<Scheme>>,
    /// The scheme of all fonts, where they have one in common.
    only: Option<Rc<Scheme>>,
}

impl<'a> Names<'a> {
    pub(super) fn of(pdf: &'a Pdf) -> Self {
        Self { pdf, schemes: None }
    }

    /// The character of a sign that its font does not name.
    pub(super) fn of_glyph(&mut self, glyph: &OutlineGlyph) -> Option<BfString> {
        let pdf = self.pdf;
        let schemes = self.schemes.get_or_insert_with(|| Schemes::of(pdf));
        let name = glyph.font_data().and_then(|font| font.postscript_name);
        let of_font = name.and_then(|name| schemes.by_font.get(&name));
        let scheme = of_font.or(schemes.only.as_ref())?;
        let code = glyph.char_code();
        let lengths: &[u8] = if code > 0xFF { &[2, 3, 4] } else { &[1, 2] };
        let number =
            lengths.iter().find_map(|length| scheme.numbers.lookup_cid_code(code, *length))?;
        scheme.characters.lookup_bf_string(number)
    }
}

impl Schemes {
    fn of(pdf: &Pdf) -> Self {
        let mut known: HashMap<_, Option<Rc<Scheme>>> = HashMap::new();
        let mut schemes = Self::default();
        for object in pdf.objects() {
            let Object::Dict(font) = object else { continue };
            let is_composite = font.get::<Name>("Subtype").is_some_and(|name| &*name == b"Type0");
            if !is_composite || font.contains_key("ToUnicode") {
                continue;
            }
            let Some(ordering) = ordering(&font) else { continue };
            let encoding = font.get::<Name>("Encoding").map(|name| name.to_vec());
            let key = (encoding.clone().unwrap_or_default(), ordering.clone());
            // A table of a font's own is read anew for each font; others are shared.
            let scheme = if encoding.is_some() {
                known.entry(key).or_insert_with(|| scheme(&font, &ordering)).clone()
            } else {
                scheme(&font, &ordering)
            };
            let (Some(scheme), Some(name)) = (scheme, font.get::<Name>("BaseFont")) else {
                continue;
            };
            let name = name.as_str();
            let bare = name.split_once('+').map_or(name, |(_, bare)| bare);
            schemes.by_font.insert(bare.to_owned(), scheme);
        }
        let mut all = schemes.by_font.values();
        let first = all.next().cloned();
        schemes.only = first.filter(|first| all.all(|other| Rc::ptr_eq(first, other)));
        schemes
    }
}

/// The name of the collection by which a font numbers its characters.
fn ordering(font: &Dict) -> Option<Vec<u8>> {
    let descendant = font.get::<Array>("DescendantFonts")?.iter::<Dict>().next()?;
    let system: Dict = descendant.get("CIDSystemInfo")?;
    Some(system.get::<Words>("Ordering")?.as_bytes().to_vec())
}

fn scheme(font: &Dict, ordering: &[u8]) -> Option<Rc<Scheme>> {
    let family = CidFamily::from_registry_ordering(b"Adobe", ordering);
    let characters = CMap::parse(load_embedded(family.ucs2_cmap()?)?, load_embedded)?;
    let numbers = match font.get::<Name>("Encoding") {
        Some(name) if name.starts_with(b"Identity") => CMap::identity_h(),
        Some(name) => CMap::parse(load_embedded(CMapName::from_bytes(&name))?, load_embedded)?,
        None => {
            let own: Stream = font.get("Encoding")?;
            CMap::parse(&own.decoded().ok()?, load_embedded)?
        }
    };
    Some(Rc::new(Scheme { numbers, characters }))
}
