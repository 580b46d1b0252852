-- All that the numbered migrations come to, for an archive that is made anew. Never edit it:
-- FONDS_WRITE_SCHEMA=1 cargo test --lib newest_schema
-- writes it from them.

CREATE TABLE about (
    name TEXT PRIMARY KEY,
    note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE INDEX document_by_normal_digest ON document (normal_digest);

CREATE INDEX document_by_accession ON document (accession_id);

CREATE TABLE extraction (
    id              INTEGER PRIMARY KEY,
    document_id     INTEGER NOT NULL REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    reader          TEXT NOT NULL,
    version         INTEGER NOT NULL,
    encoding        TEXT,
    encoding_method TEXT CHECK (encoding_method IN ('mark', 'valid', 'guessed', 'told')),
    replaced        INTEGER NOT NULL DEFAULT 0,
    notes           TEXT NOT NULL DEFAULT ''
, confidence INTEGER CHECK (confidence BETWEEN 0 AND 100), declared_encoding TEXT) STRICT;

CREATE INDEX extraction_by_document ON extraction (document_id);

CREATE TABLE metadata (
    document_id INTEGER NOT NULL REFERENCES document (id),
    name        TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    value       TEXT NOT NULL,
    method      TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    PRIMARY KEY (document_id, name, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE "sighting_row" (
    id            INTEGER PRIMARY KEY,
    document_id   INTEGER NOT NULL REFERENCES document (id),
    accession_id  INTEGER NOT NULL REFERENCES accession (id),
    location      TEXT NOT NULL,
    -- The path's own bytes, where location cannot show them because they are not UTF-8.
    raw_location  BLOB,
    container     TEXT,
    modified_at   TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at  TEXT NOT NULL, proof BLOB,
    -- Stops the same place from counting twice for one document.
    UNIQUE (location, document_id)
) STRICT;

CREATE INDEX sighting_by_document ON "sighting_row" (document_id);

CREATE TABLE ledger_row (
    accession_id INTEGER NOT NULL REFERENCES accession (id),
    ordinal      INTEGER NOT NULL,
    outcome      TEXT NOT NULL
        CHECK (outcome IN ('stored', 'known', 'container', 'skipped', 'failed')),
    reason       TEXT,
    sighting_id  INTEGER REFERENCES "sighting_row" (id),
    location     TEXT,
    PRIMARY KEY (accession_id, ordinal),
    -- Stops a row that names no place, and one that names two.
    CHECK ((sighting_id IS NULL) <> (location IS NULL)),
    -- Stops a refusal without a reason.
    CHECK (outcome NOT IN ('skipped', 'failed') OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_row_by_sighting ON ledger_row (sighting_id) WHERE sighting_id IS NOT NULL;

CREATE INDEX ledger_row_by_location ON ledger_row (location) WHERE location IS NOT NULL;

CREATE TABLE sqlar (
    name  TEXT PRIMARY KEY,
    mode  INT,
    mtime INT,
    sz    INT,
    data  BLOB
);

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

CREATE INDEX passage_text_by_digest ON passage_text (substr(digest, 1, 8));

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

CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab ('passage_index', 'row');

CREATE TABLE batch (
    id             INTEGER PRIMARY KEY,
    accession_id   INTEGER NOT NULL REFERENCES accession (id),
    -- 'adopted': documents that were stored before the archive had this table.
    kind           TEXT NOT NULL CHECK (kind IN ('begin', 'documents', 'adopted', 'end')),
    written_at     TEXT NOT NULL,
    -- The rows of the ledger and the sightings it added; the one named next is not among them.
    first_ordinal  INTEGER NOT NULL,
    next_ordinal   INTEGER NOT NULL CHECK (next_ordinal >= first_ordinal),
    first_sighting INTEGER NOT NULL,
    next_sighting  INTEGER NOT NULL CHECK (next_sighting >= first_sighting),
    -- Over this row, the digest of the batch before, and the rows this batch added.
    digest         BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE TABLE proof (
    document_id INTEGER NOT NULL REFERENCES document (id),
    batch_id    INTEGER NOT NULL REFERENCES batch (id),
    -- Its row in document, but for cluster_id, which follows from normal_digest.
    record      BLOB NOT NULL CHECK (length(record) = 32),
    -- Its rows in extraction and metadata.
    reading     BLOB NOT NULL CHECK (length(reading) = 32),
    -- Its rows in placement; the texts have digests of their own.
    placement   BLOB NOT NULL CHECK (length(placement) = 32),
    -- Its rows in sqlar.
    original    BLOB NOT NULL CHECK (length(original) = 32),
    PRIMARY KEY (document_id, batch_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX proof_by_batch ON proof (batch_id);

CREATE TABLE fixity (
    id         INTEGER PRIMARY KEY,
    checked_at TEXT NOT NULL,
    tool       TEXT NOT NULL,
    -- 'all', or the part of the documents that was checked, such as '1/30'.
    scope      TEXT NOT NULL,
    outcome    TEXT NOT NULL CHECK (outcome IN ('sound', 'damaged')),
    documents  INTEGER NOT NULL,
    findings   INTEGER NOT NULL,
    -- The digest of the last batch that was checked.
    head       BLOB CHECK (length(head) = 32),
    -- Over this row and the digest of the row before.
    digest     BLOB NOT NULL CHECK (length(digest) = 32),
    -- Stops a sound result with findings, and a damaged one without.
    CHECK ((outcome = 'sound') = (findings = 0))
) STRICT;

CREATE TABLE signature (
    document_id INTEGER PRIMARY KEY REFERENCES document (id),
    sketch      BLOB NOT NULL CHECK (length(sketch) = 512),
    -- document.cluster_id as it was worked out last, so that a changed one shows; NULL before.
    cluster_id  INTEGER
) STRICT;

CREATE TABLE comparison (
    left_id     INTEGER NOT NULL REFERENCES document (id),
    right_id    INTEGER NOT NULL REFERENCES document (id),
    kind        TEXT NOT NULL CHECK (kind IN
        ('version', 'near copy', 'contains', 'excerpt', 'template', 'unrelated')),
    -- The rule that gave the kind, in words.
    rule        TEXT NOT NULL,
    -- Words that both have by words that either has.
    resemblance REAL NOT NULL CHECK (resemblance BETWEEN 0 AND 1),
    -- The share of the left document's words that the right one has too, and the other way round.
    left_share  REAL NOT NULL CHECK (left_share BETWEEN 0 AND 1),
    right_share REAL NOT NULL CHECK (right_share BETWEEN 0 AND 1),
    -- The share of each, by weight, that the other lacks and that stands elsewhere in the archive.
    left_differs  REAL NOT NULL CHECK (left_differs BETWEEN 0 AND 1),
    right_differs REAL NOT NULL CHECK (right_differs BETWEEN 0 AND 1),
    -- The larger share, by weight, that the other lacks and that stands nowhere else: mostly misreadings.
    noise       REAL NOT NULL CHECK (noise BETWEEN 0 AND 1),
    -- The larger share of what each begins with, template aside, that the other lacks.
    opening     REAL NOT NULL CHECK (opening BETWEEN 0 AND 1),
    -- Words in common, weighed by how few other documents have them.
    evidence    REAL NOT NULL CHECK (evidence >= 0),
    -- Stands for what it was measured among; while it is the same, nothing need be measured again.
    basis       INTEGER NOT NULL, again INTEGER, doubt REAL NOT NULL DEFAULT 0 CHECK (doubt BETWEEN 0 AND 1),
    PRIMARY KEY (left_id, right_id),
    CHECK (left_id <> right_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX comparison_by_right ON comparison (right_id);

CREATE TABLE decision (
    id           INTEGER PRIMARY KEY,
    left_id      INTEGER NOT NULL REFERENCES document (id),
    right_id     INTEGER NOT NULL REFERENCES document (id),
    kind         TEXT NOT NULL CHECK (kind IN
        ('same text', 'version', 'near copy', 'contains', 'excerpt', 'template', 'unrelated')),
    decided_at   TEXT NOT NULL,
    author       TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    -- The decision that this one takes back; then its own kind says nothing.
    undoes       INTEGER REFERENCES decision (id),
    -- SHA-256 over the other columns and the digest of the decision before.
    digest       BLOB NOT NULL CHECK (length(digest) = 32),
    CHECK (left_id < right_id)
) STRICT;

CREATE INDEX decision_by_pair ON decision (left_id, right_id);

CREATE VIEW verdict (left_id, right_id, kind, decided_at, author, reason, decision_id) AS
SELECT left_id, right_id, kind, decided_at, author, reason, id
FROM decision
WHERE undoes IS NULL
    AND id = (
        SELECT max(latest.id) FROM decision AS latest
        WHERE latest.left_id = decision.left_id AND latest.right_id = decision.right_id
    );

CREATE VIEW similar (
    document_id, other_id, kind, resemblance, share, other_share, rule, decided
) AS
SELECT left_id, right_id, kind, resemblance, left_share, right_share, rule, decided FROM relation
UNION ALL
SELECT
    right_id, left_id, CASE kind WHEN 'contains' THEN 'contained' ELSE kind END, resemblance,
    right_share, left_share, rule, decided
FROM relation;

CREATE VIEW reuse (document_id, position, passage_id, other_id, other_position) AS
SELECT here.document_id, here.position, here.passage_id, there.document_id, there.position
FROM placement AS here
JOIN placement AS there
    ON there.passage_id = here.passage_id AND there.document_id <> here.document_id;

CREATE TABLE passage_facts (
    id    INTEGER PRIMARY KEY,
    facts BLOB NOT NULL
) STRICT;

CREATE TABLE document_facts (
    id    INTEGER PRIMARY KEY,
    facts BLOB NOT NULL
) STRICT;

CREATE VIEW earliest (cluster_id, document_id, at, evidence) AS
SELECT cluster_id, document_id, at, evidence
FROM (
    SELECT
        cluster_id,
        document_id,
        at,
        evidence,
        row_number() OVER (
            PARTITION BY cluster_id
            ORDER BY trust, substr(at || '-99-99', 1, 10), at, digest
        ) AS place
    FROM (
        SELECT
            document.cluster_id,
            document.id AS document_id,
            document.digest,
            coalesce(document.date, min("sighting_row".modified_at), min("sighting_row".first_seen_at)) AS at,
            CASE
                WHEN document.date IS NOT NULL THEN 'date of the document'
                WHEN min("sighting_row".modified_at) IS NOT NULL THEN 'time of the file'
                ELSE 'first seen'
            END AS evidence,
            CASE
                WHEN document.date IS NOT NULL THEN 1
                WHEN min("sighting_row".modified_at) IS NOT NULL THEN 2
                ELSE 3
            END AS trust
        FROM document
        JOIN "sighting_row" ON "sighting_row".document_id = document.id
        GROUP BY document.id
    )
)
WHERE place = 1;

CREATE VIEW passage (id, digest, text, context, language, documents, stories) AS
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
    (SELECT count(DISTINCT document_id) FROM placement WHERE passage_id = passage_text.id),
    (
        SELECT count(DISTINCT document.cluster_id)
        FROM placement
        JOIN document ON document.id = placement.document_id
        WHERE placement.passage_id = passage_text.id
    )
FROM passage_text;

CREATE TABLE saved_search (
    name          TEXT PRIMARY KEY CHECK (name <> ''),
    parameters    TEXT NOT NULL CHECK (json_valid(parameters)),
    saved_at      TEXT NOT NULL,
    last_run_at   TEXT NOT NULL,
    last_document INTEGER NOT NULL CHECK (last_document >= 0)
, proof BLOB) STRICT, WITHOUT ROWID;

CREATE VIEW review (left_id, right_id, kind, rule, resemblance, doubt, is_one_story, documents) AS
SELECT
    left_id,
    right_id,
    kind,
    rule,
    resemblance,
    doubt,
    one.cluster_id = other.cluster_id,
    CASE
        -- The one of the two that does not stand for their story would leave it.
        WHEN one.cluster_id = other.cluster_id THEN 1
        -- The smaller story would join the larger.
        ELSE min(
            (SELECT count(*) FROM document WHERE cluster_id = one.cluster_id),
            (SELECT count(*) FROM document WHERE cluster_id = other.cluster_id)
        )
    END
FROM comparison
JOIN document AS one ON one.id = left_id
JOIN document AS other ON other.id = right_id
WHERE doubt > 0
    -- What is told of one story is what its members are to each other, not through whom.
    AND (kind IN ('version', 'near copy')) = (one.cluster_id = other.cluster_id)
    AND NOT EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.left_id = min(comparison.left_id, comparison.right_id)
            AND verdict.right_id = max(comparison.left_id, comparison.right_id)
    );

CREATE TABLE former_paragraph (
    document_id   INTEGER NOT NULL REFERENCES document (id),
    -- The digest of its passage, and which of those in the document it was, from 1.
    digest        BLOB NOT NULL CHECK (length(digest) = 32),
    occurrence    INTEGER NOT NULL CHECK (occurrence >= 1),
    -- The last reading that had it, and where it stood there.
    extraction_id INTEGER NOT NULL REFERENCES extraction (id),
    position      INTEGER NOT NULL CHECK (position >= 1),
    kind          TEXT NOT NULL,
    PRIMARY KEY (document_id, digest, occurrence)
) STRICT, WITHOUT ROWID;

CREATE INDEX former_paragraph_by_digest ON former_paragraph (digest);

CREATE TABLE former_text (
    digest  BLOB PRIMARY KEY CHECK (length(digest) = 32),
    text    TEXT NOT NULL,
    context TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE successor (
    document_id INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    occurrence  INTEGER NOT NULL,
    -- That of the paragraph today.
    position    INTEGER NOT NULL,
    -- 'words': they share at least half of the shorter one's words. 'place': they share none to speak
    -- of, but stand at the same place between paragraphs that do, as where a text was read in the
    -- wrong encoding.
    method      TEXT NOT NULL CHECK (method IN ('words', 'place')),
    PRIMARY KEY (document_id, digest, occurrence, position),
    FOREIGN KEY (document_id, digest, occurrence)
        REFERENCES former_paragraph (document_id, digest, occurrence),
    FOREIGN KEY (document_id, position) REFERENCES placement (document_id, position)
) STRICT, WITHOUT ROWID;

CREATE VIEW moved (
    document_id, old_address, kind, text, extraction_id, old_position, new_address, position, method
) AS
SELECT
    former.document_id,
    substr(document.digest, 1, 16) || '/' || lower(hex(substr(former.digest, 1, 6)))
        || CASE WHEN former.occurrence > 1 THEN '~' || former.occurrence ELSE '' END,
    former.kind,
    former_text.text,
    former.extraction_id,
    former.position,
    substr(document.digest, 1, 16) || '/' || lower(hex(substr(passage_text.digest, 1, 6)))
        || CASE WHEN placement.occurrence > 1 THEN '~' || placement.occurrence ELSE '' END,
    successor.position,
    successor.method
FROM former_paragraph AS former
JOIN document ON document.id = former.document_id
LEFT JOIN former_text ON former_text.digest = former.digest
LEFT JOIN successor ON successor.document_id = former.document_id
    AND successor.digest = former.digest
    AND successor.occurrence = former.occurrence
LEFT JOIN placement ON placement.document_id = successor.document_id
    AND placement.position = successor.position
LEFT JOIN passage_text ON passage_text.id = placement.passage_id;

CREATE TABLE unchanged (
    accession_id    INTEGER NOT NULL REFERENCES accession (id),
    ordinal         INTEGER NOT NULL,
    paths           INTEGER NOT NULL CHECK (paths >= 1),
    -- How many of them are containers; the others are documents.
    containers      INTEGER NOT NULL CHECK (containers BETWEEN 0 AND paths),
    as_accession_id INTEGER NOT NULL REFERENCES accession (id),
    as_ordinal      INTEGER NOT NULL,
    seen_at         TEXT NOT NULL,
    PRIMARY KEY (accession_id, ordinal),
    -- Stops a run that stands for itself.
    CHECK (as_accession_id < accession_id OR as_ordinal + paths <= ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX unchanged_by_source ON unchanged (as_accession_id, accession_id);

CREATE TABLE listing (
    id           INTEGER PRIMARY KEY,
    folder       TEXT NOT NULL,
    accession_id INTEGER NOT NULL REFERENCES accession (id),
    ordinal      INTEGER NOT NULL,
    -- 1 where the archive keeps the original bytes of all of them.
    originals    INTEGER NOT NULL CHECK (originals IN (0, 1)),
    -- How many rows of the ledger each file has: one, or as many as are in a container and its own; and
    -- how many of these are containers.
    paths        INTEGER NOT NULL CHECK (paths >= 1),
    containers   INTEGER NOT NULL CHECK (containers BETWEEN 0 AND paths),
    stamps       BLOB NOT NULL CHECK (length(stamps) > 0 AND length(stamps) % 8 = 0),
    -- The first 16 bytes of the digest of the row's other columns.
    proof        BLOB CHECK (length(proof) = 16)
) STRICT;

CREATE INDEX listing_by_folder ON listing (folder);

CREATE VIEW sighting (
    id, document_id, accession_id, location, raw_location, container, modified_at, first_seen_at,
    last_seen_at, proof
) AS
SELECT
    id, document_id, accession_id, location, raw_location, container, modified_at, first_seen_at,
    max(
        last_seen_at,
        coalesce(
            (
                SELECT max((
                    SELECT seen_at
                    FROM unchanged
                    WHERE as_accession_id = ledger_row.accession_id
                        AND as_ordinal <= ledger_row.ordinal
                        AND as_ordinal + paths > ledger_row.ordinal
                    ORDER BY accession_id DESC
                    LIMIT 1
                ))
                FROM ledger_row
                WHERE ledger_row.sighting_id = sighting_row.id
            ),
            ''
        )
    ),
    proof
FROM sighting_row;

CREATE VIEW ledger (accession_id, ordinal, location, outcome, reason, document_id) AS
SELECT
    ledger_row.accession_id, ledger_row.ordinal, sighting_row.location, ledger_row.outcome,
    ledger_row.reason, sighting_row.document_id
FROM ledger_row
JOIN sighting_row ON sighting_row.id = ledger_row.sighting_id
UNION ALL
SELECT accession_id, ordinal, location, outcome, reason, NULL
FROM ledger_row
WHERE sighting_id IS NULL
UNION ALL
-- Two parts, so that either can begin with the index of its locations.
SELECT
    unchanged.accession_id,
    unchanged.ordinal + ledger_row.ordinal - unchanged.as_ordinal,
    sighting_row.location,
    'known',
    'not read: unchanged since accession ' || unchanged.as_accession_id,
    sighting_row.document_id
FROM unchanged
JOIN ledger_row ON ledger_row.accession_id = unchanged.as_accession_id
    AND ledger_row.ordinal >= unchanged.as_ordinal
    AND ledger_row.ordinal < unchanged.as_ordinal + unchanged.paths
JOIN sighting_row ON sighting_row.id = ledger_row.sighting_id
UNION ALL
SELECT
    unchanged.accession_id,
    unchanged.ordinal + ledger_row.ordinal - unchanged.as_ordinal,
    ledger_row.location,
    CASE ledger_row.outcome WHEN 'container' THEN 'container' ELSE 'known' END,
    'not read: unchanged since accession ' || unchanged.as_accession_id,
    NULL
FROM unchanged
JOIN ledger_row ON ledger_row.accession_id = unchanged.as_accession_id
    AND ledger_row.ordinal >= unchanged.as_ordinal
    AND ledger_row.ordinal < unchanged.as_ordinal + unchanged.paths
WHERE ledger_row.sighting_id IS NULL;

CREATE INDEX document_by_language ON document (language, media_type, date, paragraphs, bytes);

CREATE VIEW relation (
    left_id, right_id, kind, resemblance, containment, left_share, right_share, rule, decided
) AS
SELECT
    comparison.left_id, comparison.right_id, comparison.kind, comparison.resemblance,
    max(comparison.left_share, comparison.right_share), comparison.left_share,
    comparison.right_share, comparison.rule, 0
FROM comparison
WHERE comparison.kind NOT IN ('template', 'unrelated')
    AND NOT EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.left_id = min(comparison.left_id, comparison.right_id)
            AND verdict.right_id = max(comparison.left_id, comparison.right_id)
    )
UNION ALL
SELECT
    original.id, document.id, 'same text', 1.0, 1.0, 1.0, 1.0, 'the folded texts are equal', 0
FROM document
JOIN document AS original ON original.id = (
    SELECT id
    FROM document AS twin
    WHERE twin.normal_digest = document.normal_digest
    ORDER BY characters DESC, date IS NULL, date, digest
    LIMIT 1
)
WHERE original.id <> document.id
    AND NOT EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.left_id = min(original.id, document.id)
            AND verdict.right_id = max(original.id, document.id)
    )
UNION ALL
SELECT
    verdict.left_id, verdict.right_id, verdict.kind, comparison.resemblance,
    max(comparison.left_share, comparison.right_share), comparison.left_share,
    comparison.right_share,
    'decided by ' || verdict.author || CASE WHEN verdict.reason = '' THEN '' ELSE ': ' || verdict.reason END,
    1
FROM verdict
LEFT JOIN comparison
    ON (comparison.left_id = verdict.left_id AND comparison.right_id = verdict.right_id)
    OR (comparison.left_id = verdict.right_id AND comparison.right_id = verdict.left_id)
WHERE verdict.kind NOT IN ('template', 'unrelated');

CREATE TABLE concept (
    list        TEXT NOT NULL CHECK (list <> ''),
    -- The line it had in the list.
    line        INTEGER NOT NULL CHECK (line > 0),
    -- Stops one expression alone, which has no equal.
    expressions TEXT NOT NULL CHECK (instr(expressions, '|') > 0 AND instr(expressions, char(10)) = 0),
    stored_at   TEXT NOT NULL,
    PRIMARY KEY (list, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE settlement (
    id            INTEGER PRIMARY KEY CHECK (id >= 1),
    last_document INTEGER NOT NULL,
    settled_at    TEXT NOT NULL,
    tool          TEXT NOT NULL,
    digest        BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE VIEW cluster (id, documents, representative_id, reason) AS
SELECT
    cluster_id,
    count(*),
    cluster_id,
    CASE
        WHEN count(*) = 1 THEN 'the only one'
        WHEN max(characters) > (
            SELECT characters FROM document AS first WHERE first.id = document.cluster_id
        ) THEN 'was there first'
        WHEN min(characters) < max(characters) THEN 'most characters'
        WHEN count(DISTINCT coalesce(date, '')) > 1 THEN 'earliest date'
        ELSE 'smallest digest'
    END
FROM document
GROUP BY cluster_id;

CREATE TABLE recurring (
    passage_id INTEGER PRIMARY KEY REFERENCES passage_text (id),
    -- In how many stories it stands.
    stories    INTEGER NOT NULL CHECK (stories >= 4)
) STRICT;

CREATE TABLE ruling (
    id          INTEGER PRIMARY KEY,
    passage_id  INTEGER NOT NULL REFERENCES passage_text (id),
    boilerplate INTEGER CHECK (boilerplate IN (0, 1)),
    decided_at  TEXT NOT NULL,
    author      TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    -- SHA-256 over the other columns and the digest of the ruling before.
    digest      BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE INDEX ruling_by_passage ON ruling (passage_id);

CREATE VIEW boilerplate (passage_id, is_boilerplate, stories, documents, rule, decided) AS
SELECT
    passage_id, 1, stories,
    (SELECT count(DISTINCT document_id) FROM placement WHERE passage_id = recurring.passage_id),
    'it begins or ends stories that have nothing else in common', 0
FROM recurring
WHERE (
    SELECT boilerplate FROM ruling WHERE ruling.passage_id = recurring.passage_id ORDER BY id DESC LIMIT 1
) IS NULL
UNION ALL
SELECT
    passage_id, boilerplate,
    (
        SELECT count(DISTINCT cluster_id)
        FROM placement JOIN document ON document.id = document_id
        WHERE passage_id = ruling.passage_id
    ),
    (SELECT count(DISTINCT document_id) FROM placement WHERE passage_id = ruling.passage_id),
    'decided by ' || author || CASE WHEN reason = '' THEN '' ELSE ': ' || reason END, 1
FROM ruling
WHERE boilerplate IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM ruling AS later
        WHERE later.passage_id = ruling.passage_id AND later.id > ruling.id
    );

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
    coalesce(
        (
            SELECT boilerplate FROM ruling
            WHERE ruling.passage_id = placement.passage_id ORDER BY id DESC LIMIT 1
        ),
        placement.boilerplate OR EXISTS (
            SELECT 1 FROM recurring WHERE recurring.passage_id = placement.passage_id
        )
    )
FROM placement
JOIN passage_text ON passage_text.id = placement.passage_id
JOIN document ON document.id = placement.document_id;

CREATE TABLE loss (
    id           INTEGER PRIMARY KEY,
    -- The repair, which is an accession without paths.
    accession_id INTEGER NOT NULL REFERENCES accession (id),
    -- The table, and the id of the row that is hurt or gone; for 'ledger' that of the accession;
    -- 0 where it is not known which rows are gone, and for 'saved_search', which is named in `what`.
    subject      TEXT NOT NULL CHECK (subject IN
        ('document', 'passage', 'sighting', 'ledger', 'accession', 'batch', 'decision', 'fixity',
         'loss', 'saved_search', 'ruling')),
    subject_id   INTEGER NOT NULL,
    what         TEXT NOT NULL,
    -- For 'batch', 'decision', 'ruling', 'fixity' and 'loss': the digest of what is left, to which it is
    -- compared from now on.
    remains      BLOB CHECK (length(remains) = 32),
    -- SHA-256 over the other columns and the digest of the loss before.
    digest       BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE INDEX loss_by_subject ON loss (subject, subject_id);

CREATE TABLE collection (
    name        TEXT NOT NULL CHECK (name <> ''),
    document_id INTEGER NOT NULL REFERENCES document (id),
    added_at    TEXT NOT NULL,
    PRIMARY KEY (name, document_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX collection_document ON collection (document_id);

INSERT INTO about (name, note) VALUES ('accession', 'One run of fonds ingest: when, with which program and options, and how many paths met which outcome.');

INSERT INTO about (name, note) VALUES ('batch', 'One transaction of an accession, with a digest over all rows it added, chained to the batch before. fonds check verifies it.');

INSERT INTO about (name, note) VALUES ('boilerplate', 'Passages that recur at the edges of stories which have nothing else in common, and those that somebody ruled on (fonds boilerplate).');

INSERT INTO about (name, note) VALUES ('cluster', 'One story: documents that tell the same in the same words, the document that stands for them, and why it was picked.');

INSERT INTO about (name, note) VALUES ('collection', 'Documents in the sets that users have named (fonds collection).');

INSERT INTO about (name, note) VALUES ('comparison', 'Pairs of documents that were measured against each other, those that are templates or unrelated too. The table behind the view relation.');

INSERT INTO about (name, note) VALUES ('concept', 'Expressions that stand for each other in every search, by lists (fonds concepts): parted by |, after = only in these capitals.');

INSERT INTO about (name, note) VALUES ('decision', 'What people decided two documents are to each other, dated and signed. Nothing is ever removed from it.');

INSERT INTO about (name, note) VALUES ('document', 'One document, known by the SHA-256 of its bytes (digest). Columns that nobody stated are NULL. Times and dates are ISO 8601; times are UTC.');

INSERT INTO about (name, note) VALUES ('document_facts', 'For ranking: title and length of 512 documents a row, packed; derived, see docs/schema.md.');

INSERT INTO about (name, note) VALUES ('earliest', 'The document that had a story first, since when, and by what evidence: its date, else the time of its file, else when it was seen.');

INSERT INTO about (name, note) VALUES ('extraction', 'How the bytes of a document became text: reader and its version, character encoding and how it was found (mark, valid, guessed, told), how sure a guess is in percent (confidence), what the document declared (declared_encoding), and how many byte sequences had to be replaced. Rows stay when a document is read again; document.extraction_id names the one that holds.');

INSERT INTO about (name, note) VALUES ('fixity', 'Dated results of fonds check --record.');

INSERT INTO about (name, note) VALUES ('fonds', 'This file is a fonds archive: documents known by the SHA-256 of their bytes, the places they were seen, their paragraphs, and a full-text index. Any SQLite 3.40 or later reads it.');

INSERT INTO about (name, note) VALUES ('former_paragraph', 'Addresses of paragraphs that an earlier reading of their document had and today''s has not. The table behind the view moved.');

INSERT INTO about (name, note) VALUES ('former_text', 'The texts that such addresses stood for.');

INSERT INTO about (name, note) VALUES ('ledger', 'Every path ever offered and what became of it: stored, known (its bytes were here already), container (its members have rows of their own), skipped or failed, with the reason.');

INSERT INTO about (name, note) VALUES ('ledger_row', 'The table behind the view ledger.');

INSERT INTO about (name, note) VALUES ('listing', 'What files looked like when they were read, by which an ingest tells that they have not changed since.');

INSERT INTO about (name, note) VALUES ('loss', 'What fonds repair found hurt and could not put back as it was. A document that is named here and has no extraction_id becomes whole again when its bytes are ingested again.');

INSERT INTO about (name, note) VALUES ('metadata', 'Statements about documents, by Dublin Core names where there is one, each with how it was found and where it stands.');

INSERT INTO about (name, note) VALUES ('moved', 'What became of addresses when documents were read again: from old_address to new_address, NULL where nothing is left; method is words (they share them) or place (they stand at the same place).');

INSERT INTO about (name, note) VALUES ('paragraph', 'Paragraphs as a reader sees them, in order (position). kind tells what each is: body, heading, title, creator, affiliation, abstract, keywords, acknowledgement, table (its column names), row, caption, reference, note, item, code, boilerplate. start and end count characters of the decoded text. address lasts across archives.');

INSERT INTO about (name, note) VALUES ('passage', 'Distinct paragraph texts, each stored once, and the number of documents each stands in. stories counts each story once, however often it was copied.');

INSERT INTO about (name, note) VALUES ('passage_facts', 'For ranking: length, kind, document and heading of 512 passages a row, packed; derived, see docs/schema.md.');

INSERT INTO about (name, note) VALUES ('passage_index', 'FTS5 index of the passages; rowid = passage id. Chinese, Japanese and Korean characters are indexed one by one: type 东北 as the phrase "东 北".');

INSERT INTO about (name, note) VALUES ('passage_index_source', 'What passage_index is built from; INSERT INTO passage_index (passage_index) VALUES (''rebuild'') makes it anew.');

INSERT INTO about (name, note) VALUES ('passage_text', 'The table behind the view passage. digest is the SHA-256 of text, or of text, U+001F and context.');

INSERT INTO about (name, note) VALUES ('passage_vocabulary', 'The words of passage_index; doc is the number of passages a word stands in.');

INSERT INTO about (name, note) VALUES ('placement', 'The table behind the view paragraph: which passage stands where in which document.');

INSERT INTO about (name, note) VALUES ('proof', 'Digests over what this archive states about each document; the row with the highest batch_id holds.');

INSERT INTO about (name, note) VALUES ('recurring', 'Passages that begin or end stories which have nothing else in common.');

INSERT INTO about (name, note) VALUES ('relation', 'What one document is to another: same text, version, near copy, contains, excerpt; with resemblance (words both have by words either has), the share of each that the other has, and the rule that gave the kind.');

INSERT INTO about (name, note) VALUES ('reuse', 'Paragraphs that stand word for word in another document too.');

INSERT INTO about (name, note) VALUES ('review', 'Pairs of documents that were judged with doubt and that nobody has decided about, with how many documents a decision would move.');

INSERT INTO about (name, note) VALUES ('ruling', 'What people said of passages: boilerplate (1), not boilerplate (0), or what the program says (NULL). The latest holds.');

INSERT INTO about (name, note) VALUES ('saved_search', 'Searches that people keep, with the last document each has been run over.');

INSERT INTO about (name, note) VALUES ('setting', 'How this archive was made.');

INSERT INTO about (name, note) VALUES ('settlement', 'When clusters and comparisons were worked out last, with a digest over them: row 1 for all documents, later rows for those that were added since.');

INSERT INTO about (name, note) VALUES ('sighting', 'One place where a document was seen, and when first and last. One document may have many.');

INSERT INTO about (name, note) VALUES ('sighting_row', 'The table behind the view sighting; its last_seen_at is when the file was last read.');

INSERT INTO about (name, note) VALUES ('signature', 'Sketches of texts, by which documents that have something in common are found.');

INSERT INTO about (name, note) VALUES ('similar', 'The view relation seen from either document: what other_id is to document_id.');

INSERT INTO about (name, note) VALUES ('sqlar', 'The original bytes, in SQLite''s archive format: sqlite3 FILE -A --list, sqlite3 FILE -A --extract.');

INSERT INTO about (name, note) VALUES ('successor', 'The paragraphs of today''s reading that stand where former ones stood.');

INSERT INTO about (name, note) VALUES ('unchanged', 'Runs of files that an accession found unchanged and did not read; the view ledger shows each file.');

INSERT INTO about (name, note) VALUES ('verdict', 'The decisions that hold.');

INSERT INTO setting (name, value) VALUES ('index', 'unicode61 remove_diacritics 2 over passage_index_source, recipe 1');

INSERT INTO setting (name, value) VALUES ('normal digest', 'SHA-256 of the normal text, form 2: folded, without white space, quotation marks, emphasis marks and dashes that touch no number; of a document read before this schema form 1: folded, without white space');

INSERT INTO setting (name, value) VALUES ('passage digest', 'SHA-256 of text, or of text, U+001F and context');

INSERT INTO setting (name, value) VALUES ('proof', 'SHA-256 over type tag, length and bytes of every column, recipe 1');

INSERT INTO setting (name, value) VALUES ('sketch', 'one-permutation hashing, 256 bins of 16 bits, runs of nine letters, recipe 1');

