//! Plain data that every layer shares: what a document, a paragraph, a row is.
//!
//! This module imports nothing of the crate and does nothing: no reading, no SQL, no printing.

mod accession;
mod digest;
mod extract;
mod fixed;
mod fixity;
mod language;
mod paragraph;
mod relation;
mod rows;

pub use accession::{Counts, Outcome, Place, Stamp, State, Unread};
pub use digest::{Digest, NotADigest};
pub use extract::{Embedded, Encoding, EncodingMethod, Extract, Metadatum};
pub use fixity::{Hurt, Part, Share};
pub use language::Language;
pub use paragraph::{Kind, Paragraph, UnknownKind};
pub use relation::{RelationKind, UnknownRelation};
pub use rows::{Flow, Sink, Value};
