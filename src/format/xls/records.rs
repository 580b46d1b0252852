//! The records of a stream, each with what continues it (MS-XLS 2.1.4), and their bytes as numbers. A
//! record that claims more than there is ends the stream.

/// What continues the record before it (MS-XLS 2.4.58).
const CONTINUE: u16 = 0x003C;

/// A record and its continuations.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) parts: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// The bytes of the record itself.
    pub(super) fn data(&self) -> &'a [u8] {
        self.parts.first().copied().unwrap_or_default()
    }
}

/// An iterator over the records of a stream.
pub(super) struct Records<'a>(pub(super) &'a [u8]);

impl<'a> Records<'a> {
    fn part(&self) -> Option<(u16, &'a [u8], &'a [u8])> {
        let (kind, length) = (number(self.0, 0)?, number(self.0, 2)?);
        let rest = self.0.get(4..)?;
        let (data, rest) = rest.split_at_checked(usize::from(length))?;
        Some((kind, data, rest))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data, rest) = self.part()?;
        self.0 = rest;
        let mut parts = vec![data];
        while let Some((CONTINUE, data, rest)) = self.part() {
            parts.push(data);
            self.0 = rest;
        }
        Some(Record { kind, parts })
    }
}

/// Two bytes as a number.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

/// Four bytes as a number.
pub(super) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

/// Eight bytes as a number with a fraction.
pub(super) fn real(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..at + 8)?.try_into().ok().map(f64::from_le_bytes)
}
