-- Schema 9: how nearly two documents were judged otherwise, so that people can look at those pairs first.

-- How near the judgement whether the two tell one story is to its opposite, 0 to 1: 0.95 where a
-- twentieth more or less of what differs or is shared would turn it, 0 where half of it would not.
-- Stops a doubt that is no share.
ALTER TABLE comparison ADD COLUMN doubt REAL NOT NULL DEFAULT 0 CHECK (doubt BETWEEN 0 AND 1);

-- What was judged before is judged again by the next ingest: nobody wrote down how nearly it was otherwise.
DELETE FROM comparison;
DELETE FROM settlement;

-- A row is a pair that nobody has decided about and that was judged with some doubt: what it was judged
-- to be, and how many documents would stand elsewhere if it were judged otherwise.
CREATE VIEW review (left_id, right_id, kind, rule, resemblance, doubt, is_one_story, documents) AS
SELECT
    left_id,
    right_id,
    kind,
    rule,
    resemblance,
    doubt,
    one.cluster_id = other.cluster_id,
    CASE
        -- The one of the two that does not stand for their story would leave it.
        WHEN one.cluster_id = other.cluster_id THEN 1
        -- The smaller story would join the larger.
        ELSE min(
            (SELECT count(*) FROM document WHERE cluster_id = one.cluster_id),
            (SELECT count(*) FROM document WHERE cluster_id = other.cluster_id)
        )
    END
FROM comparison
JOIN document AS one ON one.id = left_id
JOIN document AS other ON other.id = right_id
WHERE doubt > 0
    -- What is told of one story is what its members are to each other, not through whom.
    AND (kind IN ('version', 'near copy')) = (one.cluster_id = other.cluster_id)
    AND NOT EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.left_id = min(comparison.left_id, comparison.right_id)
            AND verdict.right_id = max(comparison.left_id, comparison.right_id)
    );

INSERT INTO about (name, note) VALUES
    ('review', 'Pairs of documents that were judged with doubt and that nobody has decided about, with how many documents a decision would move.');
