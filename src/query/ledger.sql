-- What became of every path that was offered: of one path and everything below it in all accessions,
-- or of everything in one accession (the last, unless another is named).
WITH found (accession_id, ordinal, outcome, location, reason, document_id) AS (
    SELECT accession_id, ordinal, outcome, location, reason, document_id
    FROM ledger
    WHERE :path IS NULL
        AND accession_id = coalesce(:accession, (SELECT max(id) FROM accession))
    UNION ALL
    SELECT accession_id, ordinal, outcome, location, reason, document_id
    FROM ledger
    -- Below it, in the order of locations, are those with a slash or, in a container, '!' after it: both
    -- come before '0'.
    WHERE location >= :path AND location < :path || '0'
        AND (location = :path OR substr(location, length(:path) + 1, 1) IN ('/', '!'))
        AND (:accession IS NULL OR accession_id = :accession)
)
SELECT
    found.accession_id AS accession,
    accession.started_at,
    found.outcome,
    found.location,
    found.reason,
    substr(document.digest, 1, 16) AS document
FROM found
JOIN accession ON accession.id = found.accession_id
LEFT JOIN document ON document.id = found.document_id
WHERE :outcome IS NULL OR found.outcome = :outcome
ORDER BY found.accession_id, found.ordinal;
