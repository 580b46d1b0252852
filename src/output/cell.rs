//! A cell as text, for the outputs that have no types of their own.

use crate::model::Value;
use std::borrow::Cow;
use std::fmt::Write;

/// The cell as text: nothing for NULL, blobs as hexadecimal digits, reals as SQL writes them.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Integer(integer) => Cow::Owned(integer.to_string()),
        Value::Real(real) => Cow::Owned(real_text(*real)),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Blob(bytes) => Cow::Owned(hex(bytes)),
    }
}

/// The shortest digits that give the same number again, always with a point or an exponent.
pub(super) fn real_text(real: f64) -> String {
    if real.is_infinite() {
        return if real > 0.0 { "Inf" } else { "-Inf" }.to_owned();
    }
    format!("{real:?}")
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
