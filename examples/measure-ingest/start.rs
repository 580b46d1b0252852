//! What costs little or should: an ingest of what is known already, starting, and what each table weighs.

#![allow(clippy::print_stdout, reason = "an example reports on the standard output")]

use super::usage::{self, Usage, words};
use super::{Folder, median, row};
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// How often a short command is run; the least counts.
const TIMES: usize = 30;

/// Ingests of an unchanged folder, and the walk alone.
#[derive(Default)]
pub(crate) struct Again {
    walks: Vec<Usage>,
    ingests: Vec<Usage>,
    thorough: Vec<Usage>,
}

impl Again {
    /// Ingests once more into an archive that has the folder.
    pub(crate) fn measure(&mut self, folder: &Folder, archive: &Path) -> Result<()> {
        let own = std::env::current_exe()?;
        let walk = words(&[&own.display(), &"--walk", &folder.path.display()]);
        for _ in 0..3 {
            self.walks.push(usage::run(&walk, &[0])?);
            self.ingests.push(usage::run(&folder.ingest(archive, &["--no-originals"]), &[0, 3])?);
        }
        let verify = folder.ingest(archive, &["--no-originals", "--verify"]);
        self.thorough.push(usage::run(&verify, &[0, 3])?);
        Ok(())
    }

    pub(crate) fn print(&self) {
        if self.walks.is_empty() {
            return;
        }
        let walk = median(self.walks.iter().map(|run| run.cpu));
        println!("{}\n|---|---|---|", row(&[&"nothing has changed", &"CPU s", &"× walk"]));
        for (name, runs) in [("walk and stat alone", &self.walks), ("fonds ingest", &self.ingests)]
        {
            let cpu = median(runs.iter().map(|run| run.cpu));
            println!("{}", row(&[&name, &format!("{cpu:.3}"), &format!("{:.2}", cpu / walk)]));
        }
        println!();
    }
}

/// Starting on a large archive, and what is in it.
#[derive(Default)]
pub(crate) struct Details {
    starts: Vec<(&'static str, f64, f64)>,
    tables: Vec<(String, i64)>,
}

impl Details {
    pub(crate) fn measure(&mut self, folder: &Folder, archive: &Path) -> Result<()> {
        let (fonds, file) = (folder.fonds.display(), archive.display());
        let one = "SELECT label FROM document WHERE id = 1";
        let commands = [
            ("true", words(&[&"true"])),
            ("fonds --version", words(&[&fonds, &"--version"])),
            ("sqlite3, one row", words(&[&"sqlite3", &file, &one])),
            ("fonds query, one row", words(&[&fonds, &"--archive", &file, &"query", &one])),
            ("fonds info", words(&[&fonds, &"--archive", &file, &"info"])),
        ];
        let mut least = [(f64::INFINITY, f64::INFINITY); 5];
        for _ in 0..TIMES {
            for ((_, command), least) in commands.iter().zip(&mut least) {
                // sqlite3 may not be there.
                let Ok(run) = usage::run(command, &[0]) else { continue };
                *least = (least.0.min(run.cpu), least.1.min(run.wall));
            }
        }
        let starts = commands.iter().zip(least).map(|((name, _), (cpu, wall))| (*name, cpu, wall));
        self.starts = starts.collect();
        let connection = Connection::open(archive)?;
        let mut select = connection.prepare(
            "SELECT coalesce(tbl_name, 'schema') || CASE WHEN type = 'index' THEN ' (indexes)' ELSE '' END,
                 sum(pgsize)
             FROM dbstat LEFT JOIN sqlite_schema ON sqlite_schema.name = dbstat.name
             WHERE aggregate = TRUE GROUP BY 1 ORDER BY 2 DESC",
        )?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.tables = rows.collect::<rusqlite::Result<_>>()?;
        Ok(())
    }

    pub(crate) fn print(&self, text: u64) {
        if self.tables.is_empty() {
            return;
        }
        println!("{}\n|---|---|---|", row(&[&"least of 30 starts", &"CPU ms", &"wall ms"]));
        for (name, cpu, wall) in &self.starts {
            let (cpu, wall) = (format!("{:.2}", cpu * 1e3), format!("{:.2}", wall * 1e3));
            println!("{}", row(&[name, &cpu, &wall]));
        }
        let all: i64 = self.tables.iter().map(|(_, bytes)| bytes).sum();
        println!("\n{}\n|---|---|---|---|", row(&[&"table", &"MB", &"% of archive", &"÷ text"]));
        for (name, bytes) in self.tables.iter().filter(|(_, bytes)| bytes * 1000 > all) {
            let bytes = *bytes as f64;
            let (mb, share) =
                (format!("{:.1}", bytes / 1e6), format!("{:.1}", bytes / all as f64 * 100.0));
            println!("{}", row(&[name, &mb, &share, &format!("{:.3}", bytes / text as f64)]));
        }
    }
}
