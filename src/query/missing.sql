-- Which of :terms, a JSON array of words and phrases, stand nowhere in the archive, and which word of it
-- may have been meant: one that begins with the first or second letter of what was typed and differs in
-- one letter, in two where the word has eight or more.
SELECT
    term.value AS term,
    (
        SELECT word.term
        FROM (
            SELECT term, doc FROM passage_vocabulary
            WHERE term >= substr(fold(term.value), 1, 1)
                AND term < char(unicode(fold(term.value)) + 1)
            UNION ALL
            SELECT term, doc FROM passage_vocabulary
            WHERE term >= substr(fold(term.value), 2, 1)
                AND term < char(unicode(substr(fold(term.value), 2)) + 1)
        ) AS word
        WHERE length(term.value) >= 4
            AND abs(length(word.term) - length(term.value)) <= 2
            AND edit_distance(word.term, fold(term.value))
                <= CASE WHEN length(term.value) < 8 THEN 1 ELSE 2 END
        ORDER BY edit_distance(word.term, fold(term.value)), word.doc DESC, word.term
        LIMIT 1
    ) AS meant
FROM json_each(:terms) AS term
WHERE NOT EXISTS (SELECT 1 FROM search(term.value, 1));
