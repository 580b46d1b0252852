//! PDF documents (ISO 32000).
//!
//! Characters are read with their places, and lines, columns and paragraphs are made of the places
//! here. Pictures are never decoded and nothing is fetched or run. Headers and footers are kept as
//! boilerplate; pages that are pictures are told.

mod attached;
mod document;
mod flow;
mod glyphs;
mod lines;
mod names;
mod order;
mod outline;
mod paragraphs;
mod properties;
mod rows;
mod running;

#[cfg(test)]
mod tests;

use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::{Format, Holds, Input, Unreadable, declaration, embedded, office};
use crate::model::Extract;
use crate::text::structure::Declared;
use document::Document;

/// The most pages that are read.
const MOST_PAGES: usize = 20_000;

pub(super) const FORMAT: Format = Format {
    name: "pdf",
    version: 2,
    media_type: "application/pdf",
    extensions: &["pdf"],
    holds: Holds::OneDocument,
    recognises,
    is_signed: true,
    is_bounded: false,
    read,
};

/// The header stands at the beginning, or behind what some other program wrote before it; then the
/// end has to be one too, and a text that speaks of both is no PDF.
fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let Some(at) = memchr::memmem::find(head, b"%PDF-") else { return false };
    let has_objects = || {
        ["%%EOF", " 0 obj", "endobj"]
            .iter()
            .all(|mark| memchr::memmem::find(bytes, mark.as_bytes()).is_some())
    };
    at == 0 || has_objects()
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let pdf = Pdf::new(input.bytes.to_vec()).map_err(refusal)?;
    let pages = pdf.pages().len();
    if pages == 0 {
        return Err(Unreadable("a PDF without pages".to_owned()));
    }
    let mut notes = Vec::new();
    if pages > MOST_PAGES {
        notes.push(format!("only the first {MOST_PAGES} of {pages} pages were read"));
    }
    let document = Document::of(&pdf, MOST_PAGES);
    document.check()?;
    notes.extend(document.notes());
    let headings = outline::of(pdf.xref());
    let statements = properties::statements(&pdf, &mut notes);
    let composed = document.composed(&headings);
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    embedded::add(&mut extract, attached::files(&pdf));
    Ok(extract)
}

fn refusal(error: LoadPdfError) -> Unreadable {
    let reason = match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "encrypted, needs a password (save a copy without one, e.g. with qpdf --decrypt)"
        }
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            "encrypted in a way that is not read (save a copy without, e.g. with qpdf --decrypt)"
        }
        LoadPdfError::Decryption(_) => "encrypted, and what would open it is damaged",
        LoadPdfError::Invalid => "a damaged PDF: its pages cannot be found",
    };
    Unreadable(reason.to_owned())
}
