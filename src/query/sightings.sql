-- Where one document was seen, and when first and last.
SELECT location, container, modified_at, first_seen_at, last_seen_at
FROM sighting
WHERE document_id = :document_id
ORDER BY id;
