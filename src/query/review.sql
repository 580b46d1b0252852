-- Pairs of documents that were judged with doubt and that nobody has decided about, those first whose
-- decision changes most; of two stories the documents that stand for them.
SELECT
    substr(one.digest, 1, 16) AS document,
    one.label,
    substr(other.digest, 1, 16) AS other,
    other.label AS other_label,
    review.kind,
    review.rule,
    review.resemblance,
    review.doubt,
    review.is_one_story,
    review.documents
FROM review
JOIN document AS one ON one.id = review.left_id
JOIN document AS other ON other.id = review.right_id
WHERE one.cluster_id = other.cluster_id OR (one.id = one.cluster_id AND other.id = other.cluster_id)
ORDER BY review.doubt * review.documents DESC, review.left_id, review.right_id
LIMIT coalesce(:limit, -1);
