//! Compound files (MS-CFB), the container of the office formats before 2007: whether every chain of
//! their sectors ends. It takes nothing out of them; what reads them follows a chain for ever.

/// Numbers from this one on name no sector (MS-CFB 2.1).
const RESERVED: u32 = 0xffff_fffa;

/// The size of an entry of the directory.
const ENTRY: usize = 128;

/// Whether each chain of sectors ends; of a file that is no compound file nothing is said.
pub(super) fn ends(bytes: &[u8]) -> bool {
    let Some(file) = Chains::open(bytes) else { return true };
    file.has_only_ends()
}

/// The tables that say which sector follows which.
struct Chains<'a> {
    bytes: &'a [u8],
    sector: usize,
    next: Vec<u32>,
}

impl<'a> Chains<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match bytes.get(30..32)? {
            [9, 0] => 512,
            [12, 0] => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector, next: Vec::new() };
        let mut tables: Vec<u32> = numbers(bytes.get(76..512)?).collect();
        let (mut more, mut steps) = (file.number(68)?, 0);
        while more < RESERVED && steps <= bytes.len() / sector {
            let mut listed: Vec<u32> = numbers(file.content(more)?).collect();
            more = listed.pop()?;
            tables.extend(listed);
            steps += 1;
        }
        let tables = tables.into_iter().filter(|table| *table < RESERVED);
        // A table that is listed again and again must not make a small file claim memory.
        let tables: Vec<&[u8]> =
            tables.take(bytes.len() / sector).filter_map(|table| file.content(table)).collect();
        file.next = tables.into_iter().flat_map(numbers).collect();
        Some(file)
    }

    fn number(&self, at: usize) -> Option<u32> {
        numbers(self.bytes.get(at..at + 4)?).next()
    }

    fn content(&self, sector: u32) -> Option<&'a [u8]> {
        let from = (sector as usize + 1).checked_mul(self.sector)?;
        self.bytes.get(from..from.checked_add(self.sector)?)
    }

    fn has_only_ends(&self) -> bool {
        let mut seen = vec![Seen::Never; self.next.len()];
        let (Some(directory), Some(small)) = (self.number(48), self.number(60)) else {
            return true;
        };
        let Some(entries) = self.chain(directory, &self.next, &mut seen) else { return false };
        let Some(small) = self.chain(small, &self.next, &mut seen) else { return false };
        let content = |sectors: Vec<u32>| -> Vec<u8> {
            sectors
                .into_iter()
                .filter_map(|sector| self.content(sector))
                .flatten()
                .copied()
                .collect()
        };
        let small: Vec<u32> = numbers(&content(small)).collect();
        let mut small_seen = vec![Seen::Never; small.len()];
        content(entries).chunks_exact(ENTRY).all(|entry| {
            let Some(start) = entry.get(116..120).and_then(|start| numbers(start).next()) else {
                return true;
            };
            // Whether an entry's sectors are small ones depends on its size, which may be wrong too.
            self.chain(start, &self.next, &mut seen).is_some()
                && self.chain(start, &small, &mut small_seen).is_some()
        })
    }

    /// The sectors from this one on that no chain before had; `None` if they lead back to themselves.
    fn chain(&self, start: u32, next: &[u32], seen: &mut [Seen]) -> Option<Vec<u32>> {
        let (mut sector, mut sectors) = (start, Vec::new());
        while let Some(state) = seen.get_mut(sector as usize) {
            match state {
                Seen::Never => *state = Seen::Now,
                Seen::Now => return None,
                Seen::Before => break,
            }
            sectors.push(sector);
            sector = next.get(sector as usize).copied().unwrap_or(RESERVED);
        }
        for sector in &sectors {
            if let Some(state) = seen.get_mut(*sector as usize) {
                *state = Seen::Before;
            }
        }
        Some(sectors)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Never,
    /// In the chain that is being followed.
    Now,
    /// In a chain that ends.
    Before,
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).filter_map(|four| four.try_into().ok()).map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &[u8] = include_bytes!("../../tests/data/fuzz/small.xls");

    #[test]
    fn a_chain_that_leads_back_to_itself_is_told() {
        assert!(ends(SMALL));
        let directory = u32::from_le_bytes(SMALL[48..52].try_into().unwrap());
        let table = u32::from_le_bytes(SMALL[76..80].try_into().unwrap());
        let mut bytes = SMALL.to_vec();
        let at = (table as usize + 1) * 512 + directory as usize * 4;
        bytes[at..at + 4].copy_from_slice(&directory.to_le_bytes());
        assert!(!ends(&bytes));
    }

    #[test]
    fn cut_and_foreign_bytes_are_no_endless_chain() {
        for length in (0..SMALL.len()).step_by(100) {
            let _either = ends(&SMALL[..length]);
        }
        assert!(ends(b"") && ends(&[0; 600]));
    }
}
