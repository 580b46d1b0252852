-- Schema 2: digests over everything that users can read, and the dated results of checking them.
--
-- A changed row no longer matches its proof, and a deleted one breaks the chain of batches. Every
-- digest is a SHA-256 over the canonical encoding that docs/schema.md gives.

-- A row is one transaction of an accession: its begin, a batch of documents, or its end. It is
-- written in that transaction, so what a killed run had committed is covered too.
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

-- A row is what the archive stated about one document when this batch had written it. The last row
-- of a document is what holds now; those before are kept, or the chain would break.
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

-- The first 16 bytes of the digest of the row's other columns. It stands in the row because
-- last_seen_at changes with every run that sees the document there again.
ALTER TABLE sighting ADD COLUMN proof BLOB;

-- A row is the result of one `fonds check --record`.
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

INSERT INTO about (name, note) VALUES
    ('batch', 'One transaction of an accession, with a digest over all rows it added, chained to the batch before. fonds check verifies it.'),
    ('fixity', 'Dated results of fonds check --record.'),
    ('proof', 'Digests over what this archive states about each document; the row with the highest batch_id holds.');
INSERT INTO setting (name, value) VALUES
    ('proof', 'SHA-256 over type tag, length and bytes of every column, recipe 1');
