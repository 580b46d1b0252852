-- Which of :terms, a JSON array of words and phrases, stand nowhere in the archive.
SELECT term.value AS term
FROM json_each(:terms) AS term
WHERE NOT EXISTS (SELECT 1 FROM search(term.value, 1));
