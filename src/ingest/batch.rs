//! Cuts the walk into batches, each of which becomes one transaction.
//!
//! The bounds are those at which syncing to disk costs next to nothing and a crash loses little.

use super::offer::Offer;
use std::time::{Duration, Instant};

/// Most documents in a batch.
const DOCUMENTS: usize = 64;
/// Most bytes in a batch; a larger document is a batch of its own.
const BYTES: u64 = 16 << 20;
/// Longest time between the first and the last path of a batch.
const TIME: Duration = Duration::from_secs(2);

/// An iterator over batches of offers, in the order of the walk.
pub(super) struct Batches<I: Iterator<Item = Offer>> {
    offers: std::iter::Peekable<I>,
}

impl<I: Iterator<Item = Offer>> Batches<I> {
    pub(super) fn new(offers: I) -> Self {
        Self { offers: offers.peekable() }
    }
}

impl<I: Iterator<Item = Offer>> Iterator for Batches<I> {
    type Item = Vec<Offer>;

    fn next(&mut self) -> Option<Vec<Offer>> {
        let mut batch = vec![self.offers.next()?];
        let begun = Instant::now();
        let mut bytes = batch.first().map_or(0, Offer::bytes);
        while batch.len() < DOCUMENTS && begun.elapsed() < TIME {
            let Some(offer) = self.offers.next_if(|offer| bytes + offer.bytes() <= BYTES) else {
                break;
            };
            bytes += offer.bytes();
            batch.push(offer);
        }
        Some(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::super::offer::{Bytes, Found};
    use super::*;
    use crate::model::Place;

    fn sizes(offers: &[usize]) -> Vec<usize> {
        let offers = offers
            .iter()
            .map(|&size| Bytes { bytes: vec![0; size], ..Bytes::default() })
            .map(|bytes| Offer { place: Place::default(), found: Found::Bytes(Box::new(bytes)) });
        Batches::new(offers).map(|batch| batch.len()).collect()
    }

    #[test]
    fn a_batch_ends_at_64_documents_or_16_mebibytes() {
        assert_eq!(sizes(&[1; 130]), [64, 64, 2]);
        assert_eq!(sizes(&[9 << 20, 7 << 20, 1]), [2, 1]);
    }

    #[test]
    fn a_document_larger_than_a_batch_is_a_batch_of_its_own() {
        assert_eq!(sizes(&[1, 17 << 20, 1]), [1, 1, 1]);
        assert_eq!(sizes(&[]), [] as [usize; 0]);
    }
}
