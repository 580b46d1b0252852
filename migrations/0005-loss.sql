-- Schema 5: what repairs could not put back.
--
-- The record of what is lost is never removed: rows here are only ever added.

-- A row is one thing that `fonds repair` found hurt and could not put back as it was.
CREATE TABLE loss (
    id           INTEGER PRIMARY KEY,
    -- The repair, which is an accession without paths.
    accession_id INTEGER NOT NULL REFERENCES accession (id),
    -- The table, and the id of the row that is hurt or gone; for 'ledger' that of the accession;
    -- 0 where it is not known which rows are gone.
    subject      TEXT NOT NULL CHECK (subject IN
        ('document', 'passage', 'sighting', 'ledger', 'accession', 'batch', 'decision', 'fixity',
         'loss')),
    subject_id   INTEGER NOT NULL,
    what         TEXT NOT NULL,
    -- For 'batch', 'decision', 'fixity' and 'loss': the digest of what is left, to which it is compared
    -- from now on.
    remains      BLOB CHECK (length(remains) = 32),
    -- SHA-256 over the other columns and the digest of the loss before.
    digest       BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE INDEX loss_by_subject ON loss (subject, subject_id);

INSERT INTO about (name, note) VALUES
    ('loss', 'What fonds repair found hurt and could not put back as it was. A document that is named here and has no extraction_id becomes whole again when its bytes are ingested again.');
