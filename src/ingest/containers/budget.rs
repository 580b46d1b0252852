//! What a file may unpack to, counted through all containers inside it.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// How many times its own size a file may unpack to. Text seldom packs better than 1 to 20, and
/// every container inside a container counts its bytes again.
const RATIO: u64 = 200;
/// What any file may unpack to, whatever its size, in bytes.
const SMALL: u64 = 64 << 20;
/// What no file may unpack to, in bytes.
const MOST: u64 = 256 << 30;

/// Bytes that may still be unpacked from the outermost file.
#[derive(Clone)]
pub(super) struct Budget {
    left: Rc<Cell<u64>>,
    is_spent: Rc<Cell<bool>>,
    is_most: bool,
}

impl Budget {
    /// The budget of a file of this size; a stream of unknown size has only the upper bound.
    pub(super) fn of(size: Option<u64>) -> Self {
        let allowed = size.map_or(MOST, |size| size.saturating_mul(RATIO).clamp(SMALL, MOST));
        Self {
            left: Rc::new(Cell::new(allowed)),
            is_spent: Rc::new(Cell::new(false)),
            is_most: allowed == MOST,
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// Why nothing more is unpacked.
    pub(super) fn reason(&self) -> String {
        if self.is_most {
            format!("unpacks to more than {} GiB", MOST >> 30)
        } else {
            format!("unpacks to more than {RATIO} times its size and {} MiB", SMALL >> 20)
        }
    }

    /// The stream, every byte of it charged; when the budget is spent it ends with an error.
    pub(super) fn charge<R: Read>(&self, stream: R) -> Charged<R> {
        Charged { stream, budget: self.clone() }
    }
}

/// A stream whose bytes are charged to a budget.
pub(super) struct Charged<R> {
    stream: R,
    budget: Budget,
}

impl<R: Read> Read for Charged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        let left = self.budget.left.get().checked_sub(read as u64);
        let Some(left) = left.filter(|_| !self.budget.is_spent()) else {
            self.budget.is_spent.set(true);
            return Err(io::Error::other(self.budget.reason()));
        };
        self.budget.left.set(left);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_ends_with_an_error_where_the_budget_is_spent_and_stays_ended() {
        let budget = Budget::of(Some(1));
        let mut bytes = Vec::new();
        let mut stream = budget.charge(io::repeat(7));
        let error = stream.read_to_end(&mut bytes).unwrap_err();
        assert_eq!(error.to_string(), "unpacks to more than 200 times its size and 64 MiB");
        assert!(bytes.len() as u64 <= SMALL && budget.is_spent());
        assert!(budget.charge(&b"x"[..]).read(&mut [0]).is_err());
    }

    #[test]
    fn a_large_file_may_unpack_to_a_multiple_of_itself() {
        let budget = Budget::of(Some(1 << 20));
        assert_eq!(budget.left.get(), 200 << 20);
        assert_eq!(Budget::of(None).left.get(), 256 << 30);
        assert_eq!(Budget::of(None).reason(), "unpacks to more than 256 GiB");
    }
}
