-- Schema 1: documents, where they were seen, their paragraphs, and the index over them.
--
-- Everything here works in stock sqlite3 3.40: no loadable extension, no tokenizer of our own, no
-- function that only fonds knows. Tables are STRICT, so a value of the wrong type is refused.

------------------------------------------------------------------------------------------------
-- The archive about itself
------------------------------------------------------------------------------------------------

-- A row is a plain-language note about one table, view or column group, for whoever opens this
-- file without fonds and without its documentation.
CREATE TABLE about (
    name TEXT PRIMARY KEY,
    note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A row is one fact about how this archive was made, such as the recipe of its index.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------------------------------------
-- Accessions: what was offered, when, and what became of it
------------------------------------------------------------------------------------------------

-- A row is one run of `fonds ingest`. It is written before the first document and never removed,
-- so a run that was cut off stays visible as 'open'.
CREATE TABLE accession (
    id          INTEGER PRIMARY KEY,
    started_at  TEXT NOT NULL,
    finished_at TEXT,
    state       TEXT NOT NULL CHECK (state IN ('open', 'done', 'interrupted', 'failed')),
    tool        TEXT NOT NULL,
    options     TEXT NOT NULL CHECK (json_valid(options)),
    stored      INTEGER NOT NULL DEFAULT 0,
    known       INTEGER NOT NULL DEFAULT 0,
    skipped     INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    containers  INTEGER NOT NULL DEFAULT 0,
    sightings   INTEGER NOT NULL DEFAULT 0,
    -- Stops a finished run without an end, and an end on a run still open.
    CHECK ((state = 'open') = (finished_at IS NULL))
) STRICT;

------------------------------------------------------------------------------------------------
-- Documents
------------------------------------------------------------------------------------------------

-- A row is one document: bytes known by their SHA-256, however often and wherever they were seen.
CREATE TABLE document (
    id            INTEGER PRIMARY KEY,
    -- 64 hexadecimal digits, so that it can be compared with what sha256sum prints.
    digest        TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    label         TEXT NOT NULL,
    title         TEXT,
    creator       TEXT,
    date          TEXT,
    language      TEXT,
    media_type    TEXT NOT NULL,
    bytes         INTEGER NOT NULL CHECK (bytes >= 0),
    characters    INTEGER NOT NULL DEFAULT 0,
    paragraphs    INTEGER NOT NULL DEFAULT 0,
    -- SHA-256 over the digests of its passages in order: a lost or moved paragraph shows.
    text_digest   BLOB CHECK (length(text_digest) = 32),
    -- SHA-256 of the folded text without white space: equal for copies that differ only in
    -- quotation marks, dashes, width, case, line breaks or encoding.
    normal_digest BLOB CHECK (length(normal_digest) = 32),
    -- Documents that tell one story share it.
    cluster_id    INTEGER NOT NULL,
    extraction_id INTEGER REFERENCES extraction (id),
    accession_id  INTEGER NOT NULL REFERENCES accession (id),
    -- Stops a document that has text but no way to tell how it was read.
    CHECK (paragraphs = 0 OR extraction_id IS NOT NULL)
) STRICT;

CREATE INDEX document_by_cluster ON document (cluster_id);
-- Not partial: for a partial index SQLite prepares every statement on the table anew at each run.
CREATE INDEX document_by_normal_digest ON document (normal_digest);
CREATE INDEX document_by_accession ON document (accession_id);

-- A row is one reading of a document's bytes into text. Text can be redone by a better reader.
CREATE TABLE extraction (
    id              INTEGER PRIMARY KEY,
    document_id     INTEGER NOT NULL REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    reader          TEXT NOT NULL,
    version         INTEGER NOT NULL,
    encoding        TEXT,
    encoding_method TEXT CHECK (encoding_method IN ('mark', 'valid', 'guessed', 'told')),
    replaced        INTEGER NOT NULL DEFAULT 0,
    notes           TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX extraction_by_document ON extraction (document_id);

-- A row is one statement about a document, with how it was found and where it stands.
CREATE TABLE metadata (
    document_id INTEGER NOT NULL REFERENCES document (id),
    name        TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    value       TEXT NOT NULL,
    method      TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    PRIMARY KEY (document_id, name, ordinal)
) STRICT, WITHOUT ROWID;

-- A row is one place where a document was seen; seeing it there again moves only last_seen_at.
CREATE TABLE sighting (
    id            INTEGER PRIMARY KEY,
    document_id   INTEGER NOT NULL REFERENCES document (id),
    accession_id  INTEGER NOT NULL REFERENCES accession (id),
    location      TEXT NOT NULL,
    -- The path's own bytes, where location cannot show them because they are not UTF-8.
    raw_location  BLOB,
    container     TEXT,
    modified_at   TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at  TEXT NOT NULL,
    -- Stops the same place from counting twice for one document.
    UNIQUE (location, document_id)
) STRICT;

CREATE INDEX sighting_by_document ON sighting (document_id);

-- A row is one path offered in one accession. Where the path became a sighting, the location is
-- kept there and not here, so that a nightly run over an unchanged tree stays small.
CREATE TABLE ledger_row (
    accession_id INTEGER NOT NULL REFERENCES accession (id),
    ordinal      INTEGER NOT NULL,
    outcome      TEXT NOT NULL
        CHECK (outcome IN ('stored', 'known', 'container', 'skipped', 'failed')),
    reason       TEXT,
    sighting_id  INTEGER REFERENCES sighting (id),
    location     TEXT,
    PRIMARY KEY (accession_id, ordinal),
    -- Stops a row that names no place, and one that names two.
    CHECK ((sighting_id IS NULL) <> (location IS NULL)),
    -- Stops a refusal without a reason.
    CHECK (outcome NOT IN ('skipped', 'failed') OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_row_by_sighting ON ledger_row (sighting_id) WHERE sighting_id IS NOT NULL;
CREATE INDEX ledger_row_by_location ON ledger_row (location) WHERE location IS NOT NULL;

-- A row is the original bytes of one document, in SQLite's own archive format: `sqlite3 FILE -A
-- --list` shows them and `-A --extract` gives them back. The name is the digest plus the file's
-- extension; data is zlib-compressed where that is shorter than sz, else plain. An original of
-- more than 64 MiB stands in several rows, NAME.part001, NAME.part002 …, to be joined in order.
-- The table must keep this name and these columns, or the shell refuses it.
CREATE TABLE sqlar (
    name  TEXT PRIMARY KEY,
    mode  INT,
    mtime INT,
    sz    INT,
    data  BLOB
);

------------------------------------------------------------------------------------------------
-- Paragraphs
------------------------------------------------------------------------------------------------

-- A row is one distinct paragraph text, stored and indexed once however many documents it stands
-- in. Its id rises with time, because FTS5 wants rising rowids; its digest is what lasts.
CREATE TABLE passage_text (
    id       INTEGER PRIMARY KEY,
    -- SHA-256 of the text, or of text, U+001F and context where there is context.
    digest   BLOB NOT NULL CHECK (length(digest) = 32),
    text     TEXT NOT NULL,
    -- For the row of a table: its caption and column names. Else empty.
    context  TEXT NOT NULL DEFAULT '',
    -- 1 where text or context has characters of Han, kana, hangul and the like, which are
    -- indexed one by one.
    cjk      INTEGER NOT NULL CHECK (cjk IN (0, 1))
) STRICT;

-- Random keys make a large index slow, so only the first eight bytes of the digest are in it.
CREATE INDEX passage_text_by_digest ON passage_text (substr(digest, 1, 8));

-- A row is one passage standing at one position of one document.
CREATE TABLE placement (
    document_id INTEGER NOT NULL REFERENCES document (id),
    position    INTEGER NOT NULL CHECK (position >= 1),
    passage_id  INTEGER NOT NULL REFERENCES passage_text (id),
    -- 1 for the first time this passage stands in this document, 2 for the second, …
    occurrence  INTEGER NOT NULL DEFAULT 1 CHECK (occurrence >= 1),
    kind        TEXT NOT NULL,
    depth       INTEGER,
    -- Position of the heading it stands under.
    section     INTEGER,
    -- Characters of the decoded text, counted from 0, end excluded.
    start       INTEGER NOT NULL,
    end         INTEGER NOT NULL,
    page        INTEGER,
    -- Where it is not that of the document.
    language    TEXT,
    boilerplate INTEGER NOT NULL DEFAULT 0 CHECK (boilerplate IN (0, 1)),
    PRIMARY KEY (document_id, position),
    CHECK (start <= end)
) STRICT, WITHOUT ROWID;

CREATE INDEX placement_by_passage ON placement (passage_id);

------------------------------------------------------------------------------------------------
-- The index
------------------------------------------------------------------------------------------------

-- A row is what the index reads of a passage: text and context, soft hyphens removed, a hyphen at a
-- line's end joined with the next line, and a zero-width space (U+200B) on both sides of every CJK character, so that
-- the stock tokenizer takes each for a word. It is done in plain SQL so that any SQLite can rebuild
-- the index; fonds does the same in Rust while it loads. Long texts are cut into 256 characters
-- first, because one long recursion would be slow.
CREATE VIEW passage_index_source (id, text) AS
WITH whole (id, cjk, t) AS (
    SELECT
        id,
        cjk,
        replace(
            replace(
                CASE WHEN context = '' THEN text ELSE text || char(32, 10) || context END,
                char(0xAD), ''),
            '-' || char(10), '')
    FROM passage_text
)
SELECT
    id,
    CASE WHEN cjk THEN (
        WITH RECURSIVE chunk (n, piece) AS (
            SELECT 0, substr(t, 1, 256)
            UNION ALL
            SELECT n + 1, substr(t, (n + 1) * 256 + 1, 256) FROM chunk
            WHERE (n + 1) * 256 < length(t)
        )
        SELECT group_concat((
            WITH RECURSIVE letter (i, c) AS (
                SELECT 1, substr(piece, 1, 1)
                UNION ALL
                SELECT i + 1, substr(piece, i + 1, 1) FROM letter WHERE i < length(piece)
            )
            SELECT group_concat(
                CASE
                    WHEN unicode(c) BETWEEN 0x1100 AND 0x11FF
                        OR unicode(c) BETWEEN 0x2E80 AND 0x2FDF
                        OR unicode(c) BETWEEN 0x3005 AND 0x3007
                        OR unicode(c) BETWEEN 0x3021 AND 0x3029
                        OR unicode(c) BETWEEN 0x3031 AND 0x3035
                        OR unicode(c) BETWEEN 0x3038 AND 0x303C
                        OR unicode(c) BETWEEN 0x3041 AND 0x3096
                        OR unicode(c) BETWEEN 0x309D AND 0x309F
                        OR unicode(c) BETWEEN 0x30A1 AND 0x30FA
                        OR unicode(c) BETWEEN 0x30FC AND 0x318E
                        OR unicode(c) BETWEEN 0x31A0 AND 0x31BF
                        OR unicode(c) BETWEEN 0x31F0 AND 0x31FF
                        OR unicode(c) BETWEEN 0x3400 AND 0x4DBF
                        OR unicode(c) BETWEEN 0x4E00 AND 0x9FFF
                        OR unicode(c) BETWEEN 0xA960 AND 0xA97C
                        OR unicode(c) BETWEEN 0xAC00 AND 0xD7A3
                        OR unicode(c) BETWEEN 0xD7B0 AND 0xD7FB
                        OR unicode(c) BETWEEN 0xF900 AND 0xFAFF
                        OR unicode(c) BETWEEN 0xFF66 AND 0xFFDC
                        OR unicode(c) BETWEEN 0x1B000 AND 0x1B16F
                        OR unicode(c) BETWEEN 0x20000 AND 0x3FFFD
                    THEN char(0x200B) || c || char(0x200B)
                    ELSE c
                END, '')
            FROM letter
        ), '')
        FROM chunk
    ) ELSE t END
FROM whole;

CREATE VIRTUAL TABLE passage_index USING fts5 (
    text,
    content = 'passage_index_source',
    content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);

-- A row is one word of the index with the number of passages it stands in.
CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab ('passage_index', 'row');

------------------------------------------------------------------------------------------------
-- What users read
------------------------------------------------------------------------------------------------

-- A row is one distinct paragraph text and the number of documents it stands in.
CREATE VIEW passage (id, digest, text, context, language, documents) AS
SELECT
    id,
    lower(hex(digest)),
    text,
    context,
    (
        SELECT coalesce(placement.language, document.language)
        FROM placement
        JOIN document ON document.id = placement.document_id
        WHERE placement.passage_id = passage_text.id
        ORDER BY document.digest, placement.position
        LIMIT 1
    ),
    (SELECT count(DISTINCT document_id) FROM placement WHERE passage_id = passage_text.id)
FROM passage_text;

-- A row is one paragraph of one document. The address is made of digests alone (16 digits of the
-- document's, 12 of the passage's, and ~2 for its second time in the document), so it outlives
-- this file.
CREATE VIEW paragraph (
    document_id, position, kind, depth, section, text, language, passage_id, address, start, end,
    page, boilerplate
) AS
SELECT
    placement.document_id,
    placement.position,
    placement.kind,
    placement.depth,
    (
        SELECT heading_text.text
        FROM placement AS heading
        JOIN passage_text AS heading_text ON heading_text.id = heading.passage_id
        WHERE heading.document_id = placement.document_id
            AND heading.position = placement.section
    ),
    passage_text.text,
    coalesce(placement.language, document.language),
    placement.passage_id,
    substr(document.digest, 1, 16) || '/' || lower(hex(substr(passage_text.digest, 1, 6)))
        || CASE WHEN placement.occurrence > 1 THEN '~' || placement.occurrence ELSE '' END,
    placement.start,
    placement.end,
    placement.page,
    placement.boilerplate
FROM placement
JOIN passage_text ON passage_text.id = placement.passage_id
JOIN document ON document.id = placement.document_id;

-- A row is one path offered in one accession and what became of it.
CREATE VIEW ledger (accession_id, ordinal, location, outcome, reason, document_id) AS
SELECT
    ledger_row.accession_id, ledger_row.ordinal, sighting.location, ledger_row.outcome,
    ledger_row.reason, sighting.document_id
FROM ledger_row
JOIN sighting ON sighting.id = ledger_row.sighting_id
UNION ALL
SELECT accession_id, ordinal, location, outcome, reason, NULL
FROM ledger_row
WHERE sighting_id IS NULL;

-- A row is one story: documents with the same folded text, and the one that stands for them: the
-- one with the most characters, then the earliest date, then the smallest digest.
CREATE VIEW cluster (id, documents, representative_id, reason) AS
SELECT
    member.cluster_id,
    count(*),
    (
        SELECT id
        FROM document AS candidate
        WHERE candidate.cluster_id = member.cluster_id
        ORDER BY characters DESC, date IS NULL, date, digest
        LIMIT 1
    ),
    CASE
        WHEN count(*) = 1 THEN 'the only one'
        WHEN min(characters) < max(characters) THEN 'most characters'
        WHEN count(DISTINCT coalesce(date, '')) > 1 THEN 'earliest date'
        ELSE 'smallest digest'
    END
FROM document AS member
GROUP BY member.cluster_id;

-- A row is what one document is to another: the member of a cluster to its representative.
CREATE VIEW relation (left_id, right_id, kind, resemblance, containment) AS
SELECT cluster.representative_id, document.id, 'same text', 1.0, 1.0
FROM cluster
JOIN document ON document.cluster_id = cluster.id AND document.id <> cluster.representative_id
WHERE cluster.documents > 1;

INSERT INTO setting (name, value) VALUES
    ('index', 'unicode61 remove_diacritics 2 over passage_index_source, recipe 1'),
    ('passage digest', 'SHA-256 of text, or of text, U+001F and context'),
    ('normal digest', 'SHA-256 of the folded text without white space, folding 1');

------------------------------------------------------------------------------------------------
-- Notes
------------------------------------------------------------------------------------------------

INSERT INTO about (name, note) VALUES
    ('fonds', 'This file is a fonds archive: documents known by the SHA-256 of their bytes, the places they were seen, their paragraphs, and a full-text index. Any SQLite 3.40 or later reads it.'),
    ('accession', 'One run of fonds ingest: when, with which program and options, and how many paths met which outcome.'),
    ('cluster', 'One story: documents with the same folded text, the document that stands for them, and why it was picked.'),
    ('document', 'One document, known by the SHA-256 of its bytes (digest). Columns that nobody stated are NULL. Times and dates are ISO 8601; times are UTC.'),
    ('extraction', 'How the bytes of a document became text: reader and its version, character encoding and how it was found (mark, valid, guessed, told), and how many byte sequences had to be replaced.'),
    ('ledger', 'Every path ever offered and what became of it: stored, known (its bytes were here already), container (its members have rows of their own), skipped or failed, with the reason.'),
    ('ledger_row', 'The table behind the view ledger.'),
    ('metadata', 'Statements about documents, by Dublin Core names where there is one, each with how it was found and where it stands.'),
    ('paragraph', 'Paragraphs as a reader sees them, in order (position). kind tells what each is: body, heading, title, creator, affiliation, abstract, keywords, acknowledgement, table (its column names), row, caption, reference, note, item, code, boilerplate. start and end count characters of the decoded text. address lasts across archives.'),
    ('passage', 'Distinct paragraph texts, each stored once, and the number of documents each stands in.'),
    ('passage_index', 'FTS5 index of the passages; rowid = passage id. Chinese, Japanese and Korean characters are indexed one by one: type 东北 as the phrase "东 北".'),
    ('passage_index_source', 'What passage_index is built from; INSERT INTO passage_index (passage_index) VALUES (''rebuild'') makes it anew.'),
    ('passage_text', 'The table behind the view passage. digest is the SHA-256 of text, or of text, U+001F and context.'),
    ('passage_vocabulary', 'The words of passage_index; doc is the number of passages a word stands in.'),
    ('placement', 'The table behind the view paragraph: which passage stands where in which document.'),
    ('relation', 'What one document is to another; left_id is the representative of the cluster.'),
    ('setting', 'How this archive was made.'),
    ('sighting', 'One place where a document was seen, and when first and last. One document may have many.'),
    ('sqlar', 'The original bytes, in SQLite''s archive format: sqlite3 FILE -A --list, sqlite3 FILE -A --extract.');
