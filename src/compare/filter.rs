//! A set that may take a number for one of its own, but never one of its own for a stranger (Bloom,
//! "Space/time trade-offs in hash coding with allowable errors", 1970; one bit for each number).
//!
//! Most words of one text do not stand in another. Asking a few kilobytes of bits first is much cheaper than
//! looking each of them up.

/// Bits for each number: one stranger in so many is let through.
const SPARE: usize = 16;

/// The set.
pub(super) struct Filter {
    bits: Vec<u64>,
    /// How far a number is shifted so that it is the place of a bit.
    shift: u32,
}

impl Filter {
    /// Holds these numbers, which must be spread evenly over all 64 bits, as hashes are.
    pub(super) fn of(numbers: impl Iterator<Item = u64> + Clone) -> Self {
        let places = (numbers.clone().count() * SPARE).next_power_of_two().max(64);
        let mut filter =
            Self { bits: vec![0; places / 64], shift: u64::BITS - places.trailing_zeros() };
        for number in numbers {
            let (word, bit) = filter.place(number);
            if let Some(bits) = filter.bits.get_mut(word) {
                *bits |= bit;
            }
        }
        filter
    }

    /// Whether the number may be in the set.
    pub(super) fn may_have(&self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn place(&self, number: u64) -> (usize, u64) {
        let place = number >> self.shift;
        ((place >> 6) as usize, 1 << (place & 63))
    }
}

/// Spreads a number over all 64 bits (Knuth's multiplicative hashing).
pub(super) fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers spread like hashes.
    fn numbers(range: std::ops::Range<u64>) -> Vec<u64> {
        range.map(spread).collect()
    }

    #[test]
    fn it_has_all_of_its_own_and_lets_few_strangers_through() {
        for count in [0, 1, 5, 1000, 100_000] {
            let own = numbers(0..count);
            let filter = Filter::of(own.iter().copied());
            assert!(own.iter().all(|number| filter.may_have(*number)), "{count}");
            let strangers = numbers(1_000_000..1_010_000);
            let through = strangers.iter().filter(|number| filter.may_have(**number)).count();
            assert!(through < 1000, "{count}: {through}");
        }
    }
}
