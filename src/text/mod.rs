//! Pure work on characters: bytes to text, text to paragraphs, the forms that are compared and found.
//!
//! Nothing here reads files, knows SQL or keeps state.

pub mod binary;
pub mod codec;
pub mod concepts;
pub mod decode;
mod designations;
mod guess;
pub mod highlight;
pub mod language;
pub mod lines;
pub mod marks;
pub mod normal;
pub mod normalize;
pub mod printable;
pub mod segment;
pub mod spacing;
pub mod stems;
pub mod stopwords;
pub mod structure;
mod terms;
pub mod typed;
pub mod unicode61;
mod unmarked;
pub mod variants;
pub mod words;
