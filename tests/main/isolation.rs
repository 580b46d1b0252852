//! Documents that harm their reader, and readers that are killed: everything else is stored.

use crate::made::{docx, entities, pdf};
use crate::support::{Folder, Ran};

fn page(sentences: usize) -> String {
    let mut page = String::from("<html><body>");
    for number in 0..sentences {
        page.push_str(&format!("<p>The ferry <b>number {number}</b> sails at noon."));
    }
    page
}

#[test]
fn hostile_documents_end_as_rows_of_the_ledger_and_the_rest_is_stored() {
    let folder = Folder::new();
    let depth = 100_000;
    let (open, close) = ("<div>".repeat(depth), "</div>".repeat(depth));
    folder.write("d/a.html", page(150_000));
    folder.write("d/bomb.docx", docx(&"0".repeat(80 << 20)));
    let object = str::to_owned;
    let encrypted = [
        object("<< /Type /Catalog /Pages 2 0 R >>"),
        object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"),
        format!(
            "<< /Filter /Standard /V 1 /R 2 /P -4 /O <{}> /U <{}> >>",
            "11".repeat(32),
            "22".repeat(32)
        ),
    ];
    folder.write("d/closed.pdf", pdf(&encrypted, "/Encrypt 4 0 R /ID [<00><00>] "));
    folder.write("d/deep.html", format!("<html><body>{open}It returns at six.{close}"));
    folder.write("d/entities.docx", docx(&entities()));
    let circle = [
        object("<< /Type /Catalog /Pages 2 0 R >>"),
        object("<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"),
        object("<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"),
    ];
    folder.write("d/loop.pdf", pdf(&circle, ""));
    folder.write("d/z.txt", "The bridge closes at five.");
    // A page of 7 MB whose tree takes far more.
    let ran = folder.fonds(&["ingest", "d", "--reader-memory", "16"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    let memory = "the reader html needs more than 16 MiB for it (see --reader-memory)";
    let a = if cfg!(target_os = "linux") { memory } else { "" };
    assert_eq!(
        folder.rows("SELECT location, reason FROM ledger ORDER BY ordinal"),
        [
            format!("DIR/d/a.html|{a}"),
            "DIR/d/bomb.docx|unpacks to more than 200 times its size, stopped at word/document.xml".to_owned(),
            "DIR/d/closed.pdf|encrypted, needs a password (save a copy without one, e.g. with qpdf --decrypt)".to_owned(),
            "DIR/d/deep.html|".to_owned(),
            "DIR/d/entities.docx|".to_owned(),
            "DIR/d/loop.pdf|a PDF without pages".to_owned(),
            "DIR/d/z.txt|".to_owned(),
        ]
    );
    let texts = "SELECT text FROM paragraph JOIN document ON document.id = document_id
        WHERE label LIKE '%deep%' OR label LIKE '%entities%' ORDER BY document_id, position";
    assert_eq!(folder.rows(texts), ["It returns at six.", "The &a9; bridge."]);
}

#[test]
fn threads_read_the_same_as_processes() {
    let folder = Folder::new();
    folder.write("d/a.html", page(20_000));
    folder.write("d/b.html", page(3));
    let texts = "SELECT count(*), sum(length(text)), max(text) FROM paragraph";
    folder.fonds(&["ingest", "d"]).done();
    let by_process = folder.rows(texts);
    folder.fonds(&["-a", "t.db", "ingest", "d", "--isolation", "thread"]).done();
    let by_thread = folder.fonds(&["-a", "t.db", "query", "--format", "tsv", texts]).done();
    assert_eq!(by_thread.lines().nth(1).unwrap().replace('\t', "|"), by_process[0]);
}

/// Kills a child of the process; `false` where it has none.
#[cfg(target_os = "linux")]
fn kill_a_child(parent: u32, random: &mut crate::random::Random) -> bool {
    use rustix::process::{Pid, Signal, kill_process};
    let mut children = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name in parentheses may hold anything; the state and the parent follow it.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        if fields[1] == parent.to_string() && fields[0] != "Z" {
            children.push(id);
        }
    }
    let Some(child) = children.get(random.below(children.len().max(1))) else { return false };
    kill_process(Pid::from_raw(*child).unwrap(), Signal::KILL).is_ok()
}

#[test]
#[cfg(target_os = "linux")]
fn documents_whose_readers_are_killed_are_tried_again_and_no_other_is_touched() {
    let folder = Folder::new();
    let documents = 120;
    for number in 0..documents {
        folder.write(&format!("d/{number:03}.html"), page(100 + number));
    }
    folder.fonds(&["-a", "whole.db", "ingest", "d"]).done();
    let mut random = crate::random::Random(20);
    let mut run = folder.command(&["ingest", "d", "--quiet"]);
    let mut run = run.stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut kills = 0;
    while run.try_wait().unwrap().is_none() {
        kills += usize::from(kill_a_child(run.id(), &mut random));
        std::thread::sleep(std::time::Duration::from_millis(5 + random.below(80) as u64));
    }
    assert!(kills >= 5, "only {kills} readers were killed");
    let failed = folder.rows("SELECT reason FROM ledger WHERE outcome = 'failed'");
    // Each failure takes two deaths, and nothing else fails.
    assert!(failed.len() * 2 <= kills, "{} of {kills}", failed.len());
    for reason in &failed {
        assert_eq!(reason, "the process of the reader html died twice: signal 9");
    }
    assert_eq!(folder.rows("SELECT count(*) FROM ledger"), [documents.to_string()]);
    // What failed is read when it is offered again; then nothing is missing.
    let again: Ran = folder.fonds(&["ingest", "d"]);
    assert_eq!(again.status, 0, "{again:?}");
    let texts = "SELECT count(*), sum(paragraphs), sum(characters) FROM document";
    let whole = folder.fonds(&["-a", "whole.db", "query", "--format", "tsv", texts]).done();
    assert_eq!(folder.rows(texts), [whole.lines().nth(1).unwrap().replace('\t', "|")]);
}
