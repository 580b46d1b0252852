-- Schema 12: files that have not changed are told from their size and times, without reading them.
--
-- An ingest of a tree that was ingested before then costs little more than walking it, and adds a row
-- for ten thousand files instead of one for each. The ledger and the sightings show each file as before.

-- A row is a run of paths that were found as an earlier accession had found and read them: the first of
-- them stands in the ledger of this accession at ordinal, and was at as_ordinal in that one; those after
-- it follow in both. An unchanged container stands there with all that is in it.
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

-- A row is what some files of one folder looked like when an accession read them: for each, in the order
-- of its ledger from ordinal on, 8 bytes of the SHA-256 of its name, size and times. It is only ever a
-- reason not to read a file again: whoever removes rows costs a reading and loses nothing.
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

-- The table of sightings, whose last_seen_at is when the file was last read there.
ALTER TABLE sighting RENAME TO sighting_row;

-- A row is one place where a document was seen. It was seen there last when it was last read there, or
-- found unchanged.
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

DROP VIEW ledger;

-- A row is one path offered in one accession and what became of it. A file that had not changed stands in
-- a run of such, and is what it was.
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

-- `fonds info` adds up documents from this index alone.
CREATE INDEX document_by_language ON document (language, media_type, date, paragraphs, bytes);

DROP VIEW relation;

-- As before, but that the comparison of a decided pair is looked up: it was searched for among all, for
-- each decision.
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

INSERT INTO about (name, note) VALUES
    ('listing', 'What files looked like when they were read, by which an ingest tells that they have not changed since.'),
    ('sighting_row', 'The table behind the view sighting; its last_seen_at is when the file was last read.'),
    ('unchanged', 'Runs of files that an accession found unchanged and did not read; the view ledger shows each file.');
