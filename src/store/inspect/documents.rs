//! Whether every document, its text, its original and its sightings match their digests.

use super::{Inspector, Tell, or_hurt};
use crate::fingerprint;
use crate::model::{Digest, Hurt, Part, Share};
use crate::store::proof::{self, Proof};
use crate::store::{decision, former, loss, ruling, settlement};
use crate::text::spacing;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Result, Row};
use std::path::PathBuf;

/// Passages that were found sound, one bit each: a passage stands in many documents.
#[derive(Default)]
pub(in crate::store) struct Sound {
    bits: Vec<u64>,
    count: u64,
}

impl Sound {
    fn has(&self, id: i64) -> bool {
        let bits = usize::try_from(id / 64).ok().and_then(|at| self.bits.get(at));
        bits.is_some_and(|bits| bits >> (id % 64) & 1 == 1)
    }

    fn insert(&mut self, id: i64) {
        // An id that a flipped bit made absurd must not claim memory.
        let Some(at) = usize::try_from(id / 64).ok().filter(|at| *at < 1 << 28) else { return };
        if self.bits.len() <= at {
            self.bits.resize(at + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(at) {
            *bits |= 1 << (id % 64);
            self.count += 1;
        }
    }
}

/// What is wrong with a sighting.
const MOVED: &str = "a place where it was seen, or when, has changed";

impl Inspector {
    /// Compares every document of the share with its proof, and its texts with their digests.
    pub fn check_documents(&self, share: Share, tell: Tell<'_>) -> Vec<Hurt> {
        let (ids, mut hurts) = self.document_ids(share);
        let mut sound = Sound::default();
        for (done, id) in (0..).zip(&ids) {
            hurts.extend(hurts_of(&self.connection, *id, &mut sound));
            tell(done, ids.len() as u64);
        }
        hurts.extend(or_hurt(Part::Reading, self.estranged()));
        hurts.extend(self.check_order(share));
        if share == Share::ALL && hurts.is_empty() {
            hurts.extend(or_hurt(Part::Text, self.unplaced(&sound)));
        }
        hurts
    }

    /// The documents that are there, and those that the proofs say should be.
    fn document_ids(&self, share: Share) -> (Vec<i64>, Vec<Hurt>) {
        let (mut ids, mut hurts) = (Vec::new(), Vec::new());
        for sql in ["SELECT id FROM document", "SELECT DISTINCT document_id FROM proof"] {
            let read = self.connection.prepare(sql).and_then(|mut statement| {
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let id = row.get(0)?;
                    if share.has(id) {
                        ids.push(id);
                    }
                }
                Ok(Vec::new())
            });
            hurts.extend(or_hurt(Part::Record, read));
        }
        ids.sort_unstable();
        ids.dedup();
        (ids, hurts)
    }

    /// Documents whose extraction says it is another's. A look-up by document takes that number from
    /// the index, where a flipped bit in the row does not show.
    fn estranged(&self) -> Result<Vec<Hurt>> {
        let mut select = self.connection.prepare(
            "SELECT document.id
             FROM document CROSS JOIN extraction ON extraction.id = document.extraction_id
             WHERE extraction.document_id <> document.id",
        )?;
        let ids = select.query_map([], |row| row.get(0))?;
        ids.map(|id| Ok(Hurt::of(id?, Part::Reading, "its extraction names another document")))
            .collect()
    }

    fn unplaced(&self, sound: &Sound) -> Result<Vec<Hurt>> {
        let sql = "SELECT count(*) FROM passage_text";
        let all: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        let all = all - loss::unplaced(&self.connection)?;
        let odd = all as u64 != sound.count;
        let what = format!("{} passages were placed, {all} are there", sound.count);
        Ok(odd.then(|| Hurt::general(Part::Text, what)).into_iter().collect())
    }

    /// Compares every sighting of the share's documents with the proof in its row.
    pub fn check_sightings(&self, share: Share, tell: Tell<'_>) -> Vec<Hurt> {
        let mut hurts = Vec::new();
        let found = self.sightings(share, tell, &mut hurts);
        hurts.extend(or_hurt(Part::Sighting, found.map(|()| Vec::new())));
        hurts
    }

    fn sightings(&self, share: Share, tell: Tell<'_>, hurts: &mut Vec<Hurt>) -> Result<()> {
        let connection = &self.connection;
        let table = self.sighting_table()?;
        let count = format!("SELECT count(*) FROM {table}");
        let all: i64 = connection.query_row(&count, [], |row| row.get(0))?;
        let mut select = connection
            .prepare(&format!("SELECT id, document_id, proof FROM {table} NOT INDEXED"))?;
        let mut rows = select.query([])?;
        let mut done = 0;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            // A flipped bit can make it no number; the index then knows whose it was.
            let document = row.get_ref(1)?.as_i64().ok();
            done += 1;
            tell(done, all as u64);
            if document.is_none_or(|document| share.has(document))
                && row.get_ref(2)? != ValueRef::Blob(&proof::of_sighting(connection, id)?)
            {
                let mut whose: Vec<i64> = document.into_iter().collect();
                whose.extend(self.indexed_document(id)?.filter(|other| Some(*other) != document));
                hurts.extend(whose.iter().map(|id| Hurt::of(*id, Part::Sighting, MOVED)));
                if whose.is_empty() {
                    hurts.push(Hurt::general(Part::Sighting, MOVED));
                }
            }
        }
        if done != all as u64 || !hurts.is_empty() {
            hurts.extend(self.unseated(share)?);
        }
        Ok(())
    }

    /// Sightings that the index has and the table has not, or not for the same document.
    fn unseated(&self, share: Share) -> Result<Vec<Hurt>> {
        let table = self.sighting_table()?;
        let mut select = self.connection.prepare(&format!(
            "SELECT listed.document_id
             FROM {table} AS listed INDEXED BY sighting_by_document
             LEFT JOIN {table} AS kept NOT INDEXED ON kept.id = listed.id
             WHERE kept.document_id IS NOT listed.document_id"
        ))?;
        let ids = select.query_map([], |row| row.get(0))?;
        let ids = ids.collect::<Result<Vec<i64>>>()?;
        let ids = ids.into_iter().filter(|id| share.has(*id));
        Ok(ids.map(|id| Hurt::of(id, Part::Sighting, MOVED)).collect())
    }

    /// The document that the index has for a sighting, whose row may name another since it was hurt.
    fn indexed_document(&self, sighting: i64) -> Result<Option<i64>> {
        let table = self.sighting_table()?;
        let sql = format!(
            "SELECT document_id FROM {table} INDEXED BY sighting_by_document WHERE +id = ?1"
        );
        self.connection.prepare_cached(&sql)?.query_row([sighting], |row| row.get(0)).optional()
    }

    /// The table of sightings, which was called `sighting` before schema 12.
    fn sighting_table(&self) -> Result<&'static str> {
        let is_view = proof::has_table(&self.connection, "sighting_row")?;
        Ok(if is_view { "sighting_row" } else { "sighting" })
    }

    /// Whether every story has its representative, documents of one folded text are in one story, and all
    /// of it is what was worked out.
    pub fn check_clusters(&self) -> Vec<Hurt> {
        // Schema 2 had no second record of what was worked out.
        let record = match self.schema {
            ..3 => "SELECT NULL AS document_id, NULL AS cluster_id",
            _ => "SELECT document_id, cluster_id FROM signature WHERE cluster_id IS NOT NULL",
        };
        let found = || -> Result<Vec<Hurt>> {
            let mut select = self.connection.prepare(&format!(
                "SELECT document.id FROM document
                 LEFT JOIN document AS first ON first.id = document.cluster_id
                 LEFT JOIN ({record}) AS kept ON kept.document_id = document.id
                 WHERE first.cluster_id IS NOT first.id
                     OR kept.cluster_id <> document.cluster_id
                     OR (document.normal_digest IS NULL AND document.cluster_id <> document.id)
                     OR document.cluster_id IS NOT (
                         SELECT twin.cluster_id FROM document AS twin
                         WHERE twin.normal_digest = coalesce(document.normal_digest, x'')
                         UNION ALL SELECT document.cluster_id LIMIT 1)"
            ))?;
            let ids = select.query_map([], |row| row.get(0))?;
            ids.map(|id| Ok(Hurt::of(id?, Part::Cluster, "it is in the wrong story"))).collect()
        };
        let mut hurts = or_hurt(Part::Cluster, found());
        if self.schema < 3 {
            return hurts;
        }
        hurts.extend(or_hurt(Part::Cluster, settlement::verify(&self.connection)));
        hurts.extend(or_hurt(Part::Cluster, decision::verify(&self.connection)));
        if self.schema >= 15 {
            hurts.extend(or_hurt(Part::Cluster, ruling::verify(&self.connection)));
        }
        hurts
    }
}

/// What is hurt of one document.
pub(in crate::store) fn hurts_of(connection: &Connection, id: i64, sound: &mut Sound) -> Vec<Hurt> {
    let hurt = |part, what: &str| Hurt::of(id, part, what);
    let proof = match proof::latest(connection, id) {
        Ok(Some(proof)) => proof,
        Ok(None) => {
            let mut hurts = vec![hurt(Part::Record, "it has no proof")];
            hurts.extend(texts(connection, id, sound).unwrap_or_default());
            return hurts;
        }
        Err(error) => return vec![hurt(Part::Record, &format!("its proof: {error}"))],
    };
    let Proof { record, reading, placement, original } = proof;
    let mut hurts = Vec::new();
    for (part, expected, digested, what) in [
        (Part::Record, record, proof::record(connection, id), "its record has changed"),
        (Part::Reading, reading, proof::reading(connection, id), "its metadata have changed"),
        (
            Part::Placement,
            placement,
            proof::placement(connection, id),
            "the order or kinds of its paragraphs have changed",
        ),
        (Part::Original, original, proof::original(connection, id), "its original has changed"),
    ] {
        match digested {
            Ok(digest) if digest == expected => {}
            Ok(_) => hurts.push(hurt(part, what)),
            Err(error) => hurts.push(hurt(part, &error.to_string())),
        }
    }
    match texts(connection, id, sound) {
        Ok(found) => hurts.extend(found),
        Err(error) => hurts.push(hurt(Part::Text, &error.to_string())),
    }
    match former::damaged(connection, id) {
        Ok(damaged) if damaged.is_empty() => {}
        Ok(_) => hurts.push(hurt(Part::Reading, "a paragraph of an earlier reading has changed")),
        Err(error) => hurts.push(hurt(Part::Reading, &error.to_string())),
    }
    hurts
}

/// Compares the texts of a document's paragraphs with their digests, and those with the document's.
fn texts(connection: &Connection, id: i64, sound: &mut Sound) -> Result<Vec<Hurt>> {
    let mut select = connection.prepare_cached(
        "SELECT position, passage_text.id, digest, text, context, cjk
         FROM placement LEFT JOIN passage_text ON passage_text.id = passage_id
         WHERE document_id = ?1 ORDER BY position",
    )?;
    let mut rows = select.query([id])?;
    let (mut hurts, mut digests) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let position: i64 = row.get(0)?;
        let (Some(passage), Ok(digest)) = (row.get::<_, Option<i64>>(1)?, row.get(2)) else {
            hurts.push(Hurt::of(id, Part::Text, format!("paragraph {position} is gone")));
            continue;
        };
        let digest = Digest::from_bytes(digest);
        digests.push(digest);
        if sound.has(passage) {
            continue;
        }
        if is_sound(row, &digest) {
            sound.insert(passage);
        } else {
            hurts.push(Hurt::of(id, Part::Text, format!("paragraph {position} has changed")));
        }
    }
    let stated: Option<Option<[u8; 32]>> = connection
        // A document without an extraction has what a repair could save of its text.
        .prepare_cached(
            "SELECT text_digest FROM document WHERE id = ?1 AND extraction_id IS NOT NULL",
        )?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let expected = stated.flatten().map(Digest::from_bytes);
    let differs = expected.is_some_and(|expected| expected != fingerprint::text_digest(&digests));
    if hurts.is_empty() && differs {
        hurts.push(Hurt::of(id, Part::Text, "a paragraph is another than it was"));
    }
    Ok(hurts)
}

/// Whether text, context and the mark for CJK characters are what the digest was made from.
fn is_sound(row: &Row<'_>, digest: &Digest) -> bool {
    let text = |column| row.get_ref(column).ok().and_then(|value| value.as_str().ok());
    let (Some(text), Some(context), Ok(cjk)) = (text(3), text(4), row.get::<_, bool>(5)) else {
        return false;
    };
    let has_cjk = spacing::has_cjk(text) || spacing::has_cjk(context);
    cjk == has_cjk && fingerprint::passage_digest(text, context) == *digest
}

/// A file in which a document was seen.
pub struct SeenFile {
    /// Where it was, as it is opened.
    pub path: PathBuf,
    /// The same as it is shown.
    pub location: String,
    /// The digest that its bytes had.
    pub digest: String,
}

impl Inspector {
    /// Hands over each file in which a document of the share was seen; members of containers and
    /// the standard input are no files.
    ///
    /// # Errors
    /// When the sightings cannot be read.
    pub fn seen_files(&self, share: Share, take: &mut dyn FnMut(SeenFile)) -> anyhow::Result<()> {
        let mut select = self.connection.prepare(
            "SELECT document_id, location, raw_location, digest
             FROM sighting JOIN document ON document.id = document_id
             WHERE container IS NULL AND location LIKE '/%' ORDER BY sighting.id",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (location, raw): (String, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
            let path = path_of(&location, raw);
            if share.has(row.get(0)?) {
                take(SeenFile { path, location, digest: row.get(3)? });
            }
        }
        Ok(())
    }
}

/// The path of a sighting as it is opened.
pub(in crate::store) fn path_of(location: &str, raw: Option<Vec<u8>>) -> PathBuf {
    raw.map_or_else(|| PathBuf::from(location), path_of_bytes)
}

#[cfg(unix)]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
