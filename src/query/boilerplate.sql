-- Passages that recur at the edges of stories which have nothing else in common, and those that somebody
-- ruled on; the rulings first, then what stands in most documents.
SELECT
    (
        SELECT address FROM paragraph
        WHERE paragraph.passage_id = boilerplate.passage_id
        ORDER BY document_id, position
        LIMIT 1
    ) AS address,
    is_boilerplate,
    boilerplate.documents,
    boilerplate.stories,
    rule,
    passage_text.text
FROM boilerplate
JOIN passage_text ON passage_text.id = boilerplate.passage_id
ORDER BY decided DESC, boilerplate.documents DESC, boilerplate.passage_id
LIMIT coalesce(:limit, -1);
