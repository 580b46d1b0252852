-- The documents in the collection :name, in the order in which they were added.
SELECT
    substr(document.digest, 1, 16) AS address,
    document.label,
    document.date,
    collection.added_at,
    (
        SELECT location FROM sighting
        WHERE document_id = document.id
        ORDER BY first_seen_at, id LIMIT 1
    ) AS location
FROM collection
JOIN document ON document.id = collection.document_id
WHERE collection.name = :name
ORDER BY collection.added_at, document.id;
