-- The passages of a document whose digests begin like this, with the paragraph that each stands in.
SELECT passage_id, address, text
FROM paragraph
WHERE document_id = :document_id AND substr(address, 18, length(:passage)) = :passage
ORDER BY position;
