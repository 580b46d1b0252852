-- The concepts that every search of the archive uses, by lists.
SELECT list, line, expressions, stored_at
FROM concept
WHERE :list IS NULL OR list = :list
ORDER BY list, line;
