-- The paragraphs of one document in order: all of them, or those around one.
SELECT position, kind, depth, section, text, page, language, address, start, end
FROM paragraph
WHERE document_id = :document_id
    AND (:position IS NULL OR position BETWEEN :position - :context AND :position + :context)
ORDER BY position;
