-- The documents that a typed address may mean: the beginning of a digest, a place where the document
-- was seen, or, where :ending is given, the end of such a place; for that all places are read.
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
    UNION
    SELECT document_id FROM sighting
    WHERE :ending IS NOT NULL
        AND substr(location, -length(:ending) - 1) IN ('/' || :ending, '!' || :ending)
)
ORDER BY document.id
LIMIT 20;
