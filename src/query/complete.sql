-- The words of the archive that begin with :prefix, the most frequent first, with the number of passages
-- that have them.
SELECT term AS word, doc AS passages
FROM passage_vocabulary
WHERE term >= fold(:prefix) AND term < fold(:prefix) || char(0x10FFFF)
ORDER BY doc DESC, term
LIMIT :limit;
