-- The other documents that have a paragraph, or tell the story of its document, the first seen first. A
-- :position of NULL asks for the story alone.
SELECT
    substr(document.digest, 1, 16) AS document,
    document.label,
    document.date,
    CASE WHEN same.document_id IS NULL THEN 'the story' ELSE 'the paragraph' END AS has,
    seen.location,
    source(seen.location, seen.container) AS source,
    seen.first_seen_at
FROM document
LEFT JOIN (
    SELECT DISTINCT document_id FROM placement
    WHERE passage_id = (
        SELECT passage_id FROM placement WHERE document_id = :document_id AND position = :position
    )
) AS same ON same.document_id = document.id
JOIN sighting AS seen ON seen.id = (
    SELECT id FROM sighting WHERE document_id = document.id ORDER BY first_seen_at, id LIMIT 1
)
WHERE document.id <> :document_id
    AND document.id IN (
        SELECT document_id FROM placement
        WHERE passage_id = (
            SELECT passage_id FROM placement
            WHERE document_id = :document_id AND position = :position
        )
        UNION
        SELECT id FROM document
        WHERE cluster_id = (SELECT cluster_id FROM document WHERE id = :document_id)
    )
ORDER BY seen.first_seen_at, document.id;
