//! Builds a new archive from what a damaged one still has.
//!
//! Every row is compared with its digests before any index is built, and it keeps its number, so
//! that an archive that could be restored whole has the chain it had. The damaged file is only ever
//! read; the record of what is lost is kept, and told in the table `loss`.

mod collections;
mod mend;
mod restore;
mod searches;
mod settle;
mod source;
mod stated;

pub use restore::{Reread, Sought};
pub use settle::Losses;

use super::header::{self, Refusal};
use super::inspect::{Named, Sound, hurts_of, is_note, name};
use super::salvage::{Salvage, Table};
use super::{archive, batch, facts, migrate, passage, settlement};
use crate::fingerprint;
use crate::model::{Hurt, Part};
use crate::text::spacing;
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::{FromSql, Value};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;

/// A repair under way: the new archive, under a temporary name until it is whole.
pub struct Repairer {
    connection: Connection,
    /// Tables of which a part could not be read.
    torn: Vec<String>,
    /// Numbers of passages that are lost with their text.
    free: RefCell<VecDeque<i64>>,
    /// Tables of the damaged file that are none of an archive's; they are not taken over.
    pub foreign: Vec<String>,
    /// Whether a log lay beside the damaged file and could not be read.
    pub is_log_lost: bool,
}

/// What a repair has to know beside the tables: texts that do not match their digests, what indexes
/// say of rows that their tables have lost, documents whose bytes were read anew.
const NOTES: &str = "
    CREATE TABLE temp.broken_passage (id INTEGER, digest BLOB, text TEXT, context TEXT);
    CREATE TABLE temp.echo_document (id INTEGER PRIMARY KEY, digest TEXT);
    CREATE TABLE temp.echo_sighting (id INTEGER PRIMARY KEY, location TEXT, document_id INTEGER);
    CREATE TABLE temp.redone (document_id INTEGER PRIMARY KEY);";

impl Repairer {
    /// Takes every readable row of the damaged file into a new archive at `temporary`.
    ///
    /// # Errors
    /// A [`Refusal`] where there is no file or it is of a newer program; when nothing of an archive
    /// can be read in it, or the new one cannot be written.
    pub fn begin(path: &Path, temporary: &Path) -> Result<Self> {
        if !path.is_file() {
            header::existing(path)?;
        }
        let source = source::with_log(path, temporary)?;
        let taken = Self::take(path, source.played.as_deref().unwrap_or(path), temporary);
        if let Some(played) = &source.played {
            source::remove_with_logs(played);
        }
        Ok(Self { is_log_lost: source.is_log_lost, ..taken? })
    }

    fn take(path: &Path, source: &Path, temporary: &Path) -> Result<Self> {
        let stated = source::stated_schema(source)?;
        let refuse =
            || Refusal::NotAnArchive(path.to_owned(), "nothing of an archive can be read in it");
        if source.metadata()?.len() < 512 {
            return Err(refuse().into());
        }
        let connection = archive::blank(temporary)?;
        connection.execute_batch(NOTES)?;
        let tables = Table::all(&connection)?;
        let mut salvage = Salvage::open(source, &tables)?;
        let ours = migrate::SCHEMA_VERSION;
        if stated > ours && !salvage.foreign.is_empty() {
            return Err(Refusal::Newer(path.to_owned(), stated, ours).into());
        }
        connection.execute_batch("PRAGMA synchronous = OFF; BEGIN")?;
        copy(&connection, &mut salvage, &tables)?;
        let (foreign, free) = (std::mem::take(&mut salvage.foreign), RefCell::default());
        let torn = std::mem::take(&mut salvage.torn).into_iter().collect();
        let repairer = Self { connection, torn, free, foreign, is_log_lost: false };
        let found: i64 = repairer
            .ask("SELECT (SELECT count(*) FROM accession) + (SELECT count(*) FROM document)")?;
        if found == 0 {
            return Err(refuse().into());
        }
        if stated < 2 && salvage.never_had("batch") {
            // Schema 1 had no digests but those of texts.
            batch::adopt(&repairer.connection)?;
        }
        repairer.find_free()?;
        Ok(repairer)
    }

    fn find_free(&self) -> rusqlite::Result<()> {
        let taken = self.ids(
            "SELECT id FROM passage_text UNION SELECT passage_id FROM placement
             UNION SELECT id FROM temp.broken_passage ORDER BY 1",
        )?;
        let most = taken.len() as i64 * 2 + 1_000_000;
        let last = taken.last().copied().unwrap_or(0).min(most);
        let mut taken = taken.into_iter().filter(|id| *id > 0).peekable();
        let gaps = (1..=last).filter(|id| taken.next_if_eq(id).is_none());
        *self.free.borrow_mut() = gaps.collect();
        Ok(())
    }

    fn ask<T: FromSql>(&self, sql: &str) -> rusqlite::Result<T> {
        self.connection.query_row(sql, [], |row| row.get(0))
    }

    fn ids(&self, sql: &str) -> rusqlite::Result<Vec<i64>> {
        self.connection.prepare_cached(sql)?.query_map([], |row| row.get(0))?.collect()
    }

    /// How a user knows the document.
    pub fn name(&self, id: i64) -> Named {
        name(&self.connection, id)
    }

    /// What is hurt of one document.
    pub fn hurts(&self, id: i64) -> Vec<Hurt> {
        hurts_of(&self.connection, id, &mut Sound::default())
    }

    /// Every document that anything in the file speaks of and that is not as it was written.
    ///
    /// # Errors
    /// When the new archive cannot be read.
    pub fn hurt_documents(&self) -> Result<Vec<i64>> {
        let ids = self.ids(
            "SELECT id FROM document UNION SELECT document_id FROM proof
             UNION SELECT document_id FROM sighting ORDER BY 1",
        )?;
        let mut sound = Sound::default();
        let hurt = |id: &i64| !hurts_of(&self.connection, *id, &mut sound).is_empty();
        Ok(ids.into_iter().filter(hurt).collect())
    }

    /// Builds what is derived, makes the new archive lasting, and closes it. Returns whether it has
    /// to be worked out again how documents relate.
    ///
    /// # Errors
    /// When the new archive cannot be written.
    pub fn finish(self, temporary: &Path) -> Result<bool> {
        let connection = self.connection;
        let is_settled = settlement::is_settled(&connection)?;
        if !is_settled {
            connection.execute_batch(
                "DELETE FROM settlement; DELETE FROM comparison; DELETE FROM signature;
                 DELETE FROM recurring;
                 UPDATE document SET cluster_id = id;",
            )?;
        }
        passage::index_all(&connection)?;
        facts::rebuild(&connection)?;
        connection.execute_batch("COMMIT")?;
        connection.close().map_err(|(_, error)| error)?;
        File::open(temporary)?.sync_all().context("cannot write the new archive")?;
        Ok(!is_settled)
    }
}

/// Removes what a repair that came to nothing has left.
pub fn abandon(temporary: &Path) {
    source::remove_with_logs(temporary);
}

/// Whether this part is among the hurts.
fn has(hurts: &[Hurt], part: Part) -> bool {
    hurts.iter().any(|hurt| hurt.part == part)
}

/// Copies what can be read.
fn copy(connection: &Connection, salvage: &mut Salvage, tables: &[Table]) -> Result<()> {
    let mut take = |table: &Table, values: Vec<Value>| -> Result<()> {
        if table.name == "passage_text" && !is_sound(&values) {
            let [id, digest, text, context, ..] = &values[..] else { return Ok(()) };
            connection
                .prepare_cached("INSERT INTO temp.broken_passage VALUES (?1, ?2, ?3, ?4)")?
                .execute((id, digest, text, context))?;
            return Ok(());
        }
        // The new archive has its recipes, and rows that only look like settings may lie anywhere.
        if table.name == "setting"
            && !matches!(values.first(), Some(Value::Text(name)) if is_note(name))
        {
            return Ok(());
        }
        let sql = insert(table, values.len());
        // A row that breaks a rule of its table was changed: it is as good as lost.
        let _refused = connection.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values));
        Ok(())
    };
    salvage.rows(tables, &mut take)?;
    salvage.echoes(&mut |table, values| {
        let sql = match table {
            "document" => "INSERT OR IGNORE INTO temp.echo_document (digest, id) VALUES (?1, ?2)",
            _ => {
                "INSERT OR IGNORE INTO temp.echo_sighting (location, document_id, id)
                 VALUES (?1, ?2, ?3)"
            }
        };
        // What does not fit is damaged, and only ever a hint.
        let _hint = connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values));
        Ok(())
    })?;
    salvage.strays(tables, &mut take)
}

fn insert(table: &Table, values: usize) -> String {
    let names: Vec<String> =
        table.columns.iter().take(values).map(|column| format!("\"{}\"", column.name)).collect();
    let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let (name, names, places) = (&table.name, names.join(", "), places.join(", "));
    format!("INSERT OR IGNORE INTO main.\"{name}\" ({names}) VALUES ({places})")
}

/// Whether a row of `passage_text` is what its digest was made from.
fn is_sound(values: &[Value]) -> bool {
    let [_, Value::Blob(digest), Value::Text(text), Value::Text(context), cjk, ..] = values else {
        return false;
    };
    let has_cjk = spacing::has_cjk(text) || spacing::has_cjk(context);
    *cjk == Value::Integer(i64::from(has_cjk))
        && fingerprint::passage_digest(text, context).as_bytes()[..] == digest[..]
}
