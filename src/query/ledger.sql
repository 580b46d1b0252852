-- What became of every path that was offered: of one path and everything below it in all accessions,
-- or of everything in one accession (the last, unless another is named).
SELECT
    ledger.accession_id AS accession,
    accession.started_at,
    ledger.outcome,
    ledger.location,
    ledger.reason,
    substr(document.digest, 1, 16) AS document
FROM ledger
JOIN accession ON accession.id = ledger.accession_id
LEFT JOIN document ON document.id = ledger.document_id
WHERE (
        :path IS NULL
        OR ledger.location = :path
        OR (ledger.location >= :path || '/' AND ledger.location < :path || '0')
        OR (ledger.location >= :path || '!' AND ledger.location < :path || '"')
    )
    AND (:outcome IS NULL OR ledger.outcome = :outcome)
    -- One accession, or of a path all of them.
    AND ledger.accession_id
        >= coalesce(:accession, CASE WHEN :path IS NULL THEN (SELECT max(id) FROM accession) END, 0)
    AND ledger.accession_id <= coalesce(:accession, (SELECT max(id) FROM accession))
ORDER BY ledger.accession_id, ledger.ordinal;
