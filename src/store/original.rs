//! Every statement on `sqlar`: the original bytes, compressed, in SQLite's own archive format.
//!
//! The format is that of the sqlite3 shell (sqlite.org/sqlar.html): zlib data where that is shorter,
//! else the bytes as they are; `sz` is the plain size.

use crate::model::Digest;
use anyhow::{Context, bail};
use flate2::read::ZlibDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use rusqlite::{Connection, Result};
use std::cell::RefCell;
use std::io::{self, Read, Write};

/// The most bytes of an original in one row: SQLite's limit is a billion, and a row is held in
/// memory whole.
const PART: usize = 64 << 20;

/// How hard originals are compressed: of 201 MB of text 4 leaves 72.2 MB; 6 leaves 71.2 and takes 2 s of CPU
/// time more, 3 leaves 73.7.
const LEVEL: u32 = 4;

/// Original bytes, compressed and ready to be kept.
#[derive(Debug)]
pub struct Original {
    extension: String,
    modified: i64,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    size: usize,
    data: Vec<u8>,
}

impl Original {
    /// Compresses the bytes of a file with this name, last changed at this Unix time.
    pub fn new(bytes: &[u8], file_name: &str, modified: i64) -> Self {
        let parts = if bytes.is_empty() {
            vec![Part { size: 0, data: Vec::new() }]
        } else {
            bytes.chunks(PART).map(Part::new).collect()
        };
        Self { extension: extension(file_name), modified, parts }
    }
}

impl Part {
    fn new(bytes: &[u8]) -> Self {
        Self { size: bytes.len(), data: deflate(bytes).unwrap_or_else(|| bytes.to_vec()) }
    }
}

thread_local! {
    /// Made once: making it costs more than compressing a page.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), true));
}

/// The bytes as zlib data, where these are shorter.
fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        let mut data = Vec::with_capacity(bytes.len());
        let status = deflate.compress_vec(bytes, &mut data, FlushCompress::Finish).ok()?;
        data.shrink_to_fit();
        (status == Status::StreamEnd && data.len() < bytes.len()).then_some(data)
    })
}

/// `.txt` for `report.TXT`; nothing where the ending is not a plain one, as extracting must be safe
/// on every filesystem.
fn extension(file_name: &str) -> String {
    match file_name.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=10).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            format!(".{}", ending.to_ascii_lowercase())
        }
        _ => String::new(),
    }
}

/// Keeps the original of a document, unless it is kept already.
pub(super) fn keep(connection: &Connection, digest: &Digest, original: &Original) -> Result<()> {
    if is_kept(connection, digest)? {
        return Ok(());
    }
    let name = format!("{digest}{}", original.extension);
    let mut insert = connection.prepare_cached(
        // 33188 is octal 100644: a regular file that its owner may write.
        "INSERT INTO sqlar (name, mode, mtime, sz, data) VALUES (?1, 33188, ?2, ?3, ?4)",
    )?;
    for (number, part) in (1..).zip(&original.parts) {
        let name = match original.parts.len() {
            1 => name.clone(),
            _ => format!("{name}.part{number:03}"),
        };
        insert.execute((name, original.modified, part.size as i64, &part.data))?;
    }
    Ok(())
}

/// Whether the original of the document is in the archive.
pub(super) fn is_kept(connection: &Connection, digest: &Digest) -> Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sqlar WHERE name BETWEEN ?1 AND ?1 || '/')")?
        .query_row([digest.to_string()], |row| row.get(0))
}

/// Writes the original bytes of a document; `false` where the archive does not keep them.
///
/// # Errors
/// When the archive cannot be read, a row does not inflate to its stated size, or `out` cannot be
/// written.
pub(super) fn copy(
    connection: &Connection,
    digest: &str,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let mut select = connection.prepare(
        "SELECT name, sz, data FROM sqlar WHERE name BETWEEN ?1 AND ?1 || '/' ORDER BY name",
    )?;
    let mut rows = select.query([digest])?;
    let mut found = false;
    while let Some(row) = rows.next()? {
        found = true;
        let name: String = row.get(0)?;
        let size: i64 = row.get(1)?;
        let data = row.get_ref(2)?.as_blob_or_null()?.unwrap_or_default();
        if data.len() as i64 == size {
            out.write_all(data)?;
            continue;
        }
        // One byte more than stated is enough to see that it is wrong.
        let mut plain = ZlibDecoder::new(data).take(size.max(0) as u64 + 1);
        let written = io::copy(&mut plain, out)
            .with_context(|| format!("cannot inflate the original {name}"))?;
        if written != size as u64 {
            bail!("the original {name} is damaged: it has {written} bytes instead of {size}");
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint;

    fn archive() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE sqlar (name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB)",
            )
            .unwrap();
        connection
    }

    fn given_back(bytes: &[u8], name: &str) -> (String, Vec<u8>) {
        let connection = archive();
        let digest = fingerprint::digest(bytes);
        keep(&connection, &digest, &Original::new(bytes, name, 7)).unwrap();
        keep(&connection, &digest, &Original::new(bytes, "twice.md", 8)).unwrap();
        let mut out = Vec::new();
        assert!(copy(&connection, &digest.to_string(), &mut out).unwrap());
        let name = connection.query_row("SELECT name FROM sqlar", [], |row| row.get(0)).unwrap();
        (name, out)
    }

    #[test]
    fn an_original_comes_back_byte_for_byte_and_is_kept_once() {
        for bytes in [&b""[..], b"x", &[0; 100_000], "丝绸之路\r\n".as_bytes()] {
            assert_eq!(given_back(bytes, "a.txt").1, bytes);
        }
    }

    #[test]
    fn the_name_is_the_digest_and_a_plain_extension() {
        let digest = fingerprint::digest(b"x").to_string();
        assert_eq!(given_back(b"x", "Report.TXT").0, format!("{digest}.txt"));
        for name in ["none", ".hidden", "odd.t/t", "odd.报告", "a.waytoolongending"] {
            assert_eq!(given_back(b"x", name).0, digest, "{name}");
        }
    }

    #[test]
    fn a_row_that_inflates_to_another_size_is_an_error() {
        let connection = archive();
        let digest = fingerprint::digest(&[7; 5000]);
        keep(&connection, &digest, &Original::new(&[7; 5000], "a", 0)).unwrap();
        connection.execute("UPDATE sqlar SET sz = 4999", []).unwrap();
        let error = copy(&connection, &digest.to_string(), &mut Vec::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the original {digest} is damaged: it has 5000 bytes instead of 4999")
        );
    }

    #[test]
    fn a_document_without_an_original_is_told_apart() {
        let digest = fingerprint::digest(b"absent").to_string();
        assert!(!copy(&archive(), &digest, &mut Vec::new()).unwrap());
    }
}
