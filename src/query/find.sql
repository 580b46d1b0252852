-- The documents that a typed address may mean: the beginning of a digest, or a place where the
-- document was seen.
SELECT
    document.id,
    document.digest,
    document.label,
    document.title,
    document.creator,
    document.date,
    document.language,
    document.media_type,
    document.bytes,
    document.paragraphs
FROM document
WHERE document.id IN (
    SELECT id FROM document WHERE digest >= :digest AND digest < :digest || 'g'
    UNION
    SELECT document_id FROM sighting WHERE location = :location
)
ORDER BY document.id
LIMIT 20;
