-- Schema 15: boilerplate is learnt from what recurs, and people have the last word on it.

-- A row is a passage that begins or ends stories which have nothing else in common: a masthead, a
-- disclaimer, a menu. It follows from the documents; settlement 1 has a digest over it.
CREATE TABLE recurring (
    passage_id INTEGER PRIMARY KEY REFERENCES passage_text (id),
    -- In how many stories it stands.
    stories    INTEGER NOT NULL CHECK (stories >= 4)
) STRICT;

-- A row is what a person says of a passage, wherever it stands: that it is boilerplate (1) or is not (0),
-- or that the program is to say so again (NULL). The latest row about a passage holds. Rows are never
-- removed.
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

-- A row is a passage that recurs, or that somebody ruled on.
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

DROP VIEW paragraph;

-- As before, but that boilerplate is also what recurs, and that a ruling goes before both.
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

-- The same table as before, in which a loss may be about a ruling: a CHECK cannot be altered.
ALTER TABLE loss RENAME TO loss_before;

-- A row is one thing that `fonds repair` found hurt and could not put back as it was.
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

INSERT INTO loss (id, accession_id, subject, subject_id, what, remains, digest)
SELECT id, accession_id, subject, subject_id, what, remains, digest FROM loss_before ORDER BY id;

DROP TABLE loss_before;

CREATE INDEX loss_by_subject ON loss (subject, subject_id);

INSERT INTO about (name, note) VALUES
    ('boilerplate', 'Passages that recur at the edges of stories which have nothing else in common, and those that somebody ruled on (fonds boilerplate).'),
    ('recurring', 'Passages that begin or end stories which have nothing else in common.'),
    ('ruling', 'What people said of passages: boilerplate (1), not boilerplate (0), or what the program says (NULL). The latest holds.');
