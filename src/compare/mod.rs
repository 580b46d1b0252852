//! What two texts have in common, and what that makes them to each other.
//!
//! Pure: words in, numbers and a verdict out. A verdict is always reached on the texts, never on their
//! sketches alone, and always names the rule that gave it.

mod align;
mod anchors;
mod filter;
mod judge;
mod measure;
mod rarity;
mod succession;
mod words;

pub use align::{Block, align};
pub use judge::{LAST, LOOSE, RECIPE, Verdict, judge};
pub use measure::{Measure, Side, measure};
pub use rarity::{Family, Rarity};
pub use succession::{By, succession};
pub use words::{Passage, Reading};
