-- What the stories of two documents are to each other, where the two were not measured themselves: the
-- nearest two of their members. No row where no members have anything in common.
SELECT
    one.cluster_id = other.cluster_id AS is_one_story,
    similar.kind,
    similar.rule,
    substr(one.digest, 1, 16) AS member,
    one.label AS member_label,
    substr(other.digest, 1, 16) AS other_member,
    other.label AS other_member_label,
    substr(first.digest, 1, 16) AS representative,
    first.label AS representative_label
FROM document AS one
JOIN similar ON similar.document_id = one.id
JOIN document AS other ON other.id = similar.other_id
JOIN document AS first ON first.id = one.cluster_id
WHERE one.cluster_id = (SELECT cluster_id FROM document WHERE id = :left)
    AND other.cluster_id = (SELECT cluster_id FROM document WHERE id = :right)
ORDER BY similar.share DESC, one.id, other.id
LIMIT 1;
