-- Schema 14: a few documents that are added to a large archive are compared with it without working out
-- anew what all the others are to each other.

ALTER TABLE settlement RENAME TO settlement_of_all;

-- Row 1 stands for what was worked out last for all documents up to its last_document: their clusters and
-- the comparisons among them. Each later row stands for the documents after the row before, which were
-- compared with those that were there and joined to stories that stayed as they were. A changed cluster
-- or comparison no longer matches the digest of its row.
CREATE TABLE settlement (
    id            INTEGER PRIMARY KEY CHECK (id >= 1),
    last_document INTEGER NOT NULL,
    settled_at    TEXT NOT NULL,
    tool          TEXT NOT NULL,
    digest        BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

INSERT INTO settlement SELECT * FROM settlement_of_all;

DROP TABLE settlement_of_all;

UPDATE about
SET note = 'When clusters and comparisons were worked out last, with a digest over them: row 1 for all documents, later rows for those that were added since.'
WHERE name = 'settlement';

DROP VIEW cluster;

-- A document that was added may be more complete than the one that stands for its story until all is
-- worked out anew.
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
