-- What the stories of two documents are to each other, where the two were not measured themselves: the
-- nearest two of their members. No row where no members have anything in common. (CROSS JOIN keeps the
-- order: from the members of one story to what each was measured against.)
WITH story AS (
    SELECT
        (SELECT cluster_id FROM document WHERE id = :left) AS one,
        (SELECT cluster_id FROM document WHERE id = :right) AS other
),
measured AS (
    SELECT left_id AS one_id, right_id AS other_id, kind, rule, left_share AS share
    FROM story
    CROSS JOIN document AS member ON member.cluster_id = story.one
    CROSS JOIN comparison ON left_id = member.id
    CROSS JOIN document AS met ON met.id = right_id AND met.cluster_id = story.other
    UNION ALL
    SELECT
        right_id, left_id, CASE kind WHEN 'contains' THEN 'contained' ELSE kind END, rule,
        right_share
    FROM story
    CROSS JOIN document AS member ON member.cluster_id = story.one
    CROSS JOIN comparison ON right_id = member.id
    CROSS JOIN document AS met ON met.id = left_id AND met.cluster_id = story.other
)
SELECT
    one.cluster_id = other.cluster_id AS is_one_story,
    measured.kind,
    measured.rule,
    substr(one.digest, 1, 16) AS member,
    one.label AS member_label,
    substr(other.digest, 1, 16) AS other_member,
    other.label AS other_member_label,
    substr(first.digest, 1, 16) AS representative,
    first.label AS representative_label
FROM measured
CROSS JOIN document AS one ON one.id = one_id
CROSS JOIN document AS other ON other.id = other_id
CROSS JOIN document AS first ON first.id = one.cluster_id
WHERE measured.kind NOT IN ('template', 'unrelated')
ORDER BY share DESC, one_id, other_id
LIMIT 1;
