-- What two documents are to each other, by a decision and as measured, with the numbers behind it. No
-- row where they were never worth measuring.
SELECT
    coalesce(similar.kind, comparison.kind) AS kind,
    coalesce(similar.rule, comparison.rule) AS rule,
    coalesce(similar.resemblance, comparison.resemblance) AS resemblance,
    CASE comparison.left_id WHEN :left THEN left_share ELSE right_share END AS left_share,
    CASE comparison.left_id WHEN :left THEN right_share ELSE left_share END AS right_share,
    CASE comparison.left_id WHEN :left THEN left_differs ELSE right_differs END AS left_differs,
    CASE comparison.left_id WHEN :left THEN right_differs ELSE left_differs END AS right_differs,
    comparison.noise,
    comparison.opening,
    comparison.evidence,
    comparison.kind AS measured_kind,
    comparison.rule AS measured_rule,
    coalesce(similar.decided, 0) AS decided
FROM (SELECT 1)
LEFT JOIN similar ON similar.document_id = :left AND similar.other_id = :right
LEFT JOIN comparison
    ON (comparison.left_id = :left AND comparison.right_id = :right)
    OR (comparison.left_id = :right AND comparison.right_id = :left)
WHERE similar.kind IS NOT NULL OR comparison.kind IS NOT NULL;
