-- Documents that do not tell one story and have something in common all the same: one stands in the
-- other ('contains'), or they share passages that few others have ('excerpt'). Of a story the document
-- that stands for it, unless somebody decided about another.
SELECT
    relation.kind,
    substr(one.digest, 1, 16) AS document,
    one.label,
    round(relation.left_share, 3) AS share,
    substr(other.digest, 1, 16) AS other,
    other.label AS other_label,
    round(relation.right_share, 3) AS other_share,
    relation.rule
FROM relation
JOIN document AS one ON one.id = relation.left_id
JOIN document AS other ON other.id = relation.right_id
WHERE relation.kind = :kind AND one.cluster_id <> other.cluster_id
    AND (relation.decided OR (one.id = one.cluster_id AND other.id = other.cluster_id))
ORDER BY max(relation.left_share, relation.right_share) DESC, relation.left_id, relation.right_id;
