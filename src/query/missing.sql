-- Which of :terms, a JSON array of words and phrases, stand nowhere in the archive, and which word of it
-- may have been meant: one that differs in a letter, in two where the word has eight or more, or a Chinese,
-- Japanese or Korean expression that differs in a character.
SELECT term.value AS term, did_you_mean(term.value) AS meant
FROM json_each(:terms) AS term
WHERE NOT EXISTS (SELECT 1 FROM search(term.value, 1));
