-- What became of a paragraph of an earlier reading, by its address without the document's part: where the
-- paragraphs that it became stand today. The address may be cut short.
SELECT old_address, kind, text, new_address, position, method
FROM moved
WHERE document_id = :document_id
    AND substr(old_address, 18, length(:passage)) = :passage
ORDER BY old_address, position;
