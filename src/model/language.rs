//! The language of a text, as a BCP 47 tag.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A BCP 47 language tag such as `en`, `zh`, `zh-Hant` or `ko`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Language(Cow<'static, str>);

impl Language {
    /// The language with a tag known when the program was written.
    pub const fn tag(tag: &'static str) -> Self {
        Self(Cow::Borrowed(tag))
    }

    /// The language that a document declares for itself, in the document's own spelling.
    pub fn declared(tag: &str) -> Self {
        Self(Cow::Owned(tag.to_owned()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
