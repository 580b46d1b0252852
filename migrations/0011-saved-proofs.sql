-- Schema 11: searches that people keep are proved like everything else.

-- SHA-256 over the other columns, so that a changed search shows. `setting` keeps the names of all of
-- them as a JSON array, 'saved searches', so that a removed one shows too.
ALTER TABLE saved_search ADD COLUMN proof BLOB;

-- The same table as before, in which a loss may be about a saved search: a CHECK cannot be altered.
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
         'loss', 'saved_search')),
    subject_id   INTEGER NOT NULL,
    what         TEXT NOT NULL,
    -- For 'batch', 'decision', 'fixity' and 'loss': the digest of what is left, to which it is compared
    -- from now on.
    remains      BLOB CHECK (length(remains) = 32),
    -- SHA-256 over the other columns and the digest of the loss before.
    digest       BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

INSERT INTO loss (id, accession_id, subject, subject_id, what, remains, digest)
SELECT id, accession_id, subject, subject_id, what, remains, digest FROM loss_before ORDER BY id;

DROP TABLE loss_before;

CREATE INDEX loss_by_subject ON loss (subject, subject_id);
