-- Documents that stand more than once: the same bytes seen at several places, or the same text in
-- other bytes. One row for each place; the representative of each story comes first.
SELECT
    cluster.id AS cluster_id,
    CASE
        WHEN document.id = cluster.representative_id THEN 'representative'
        ELSE relation.kind
    END AS relation,
    document.label,
    substr(document.digest, 1, 16) AS document,
    sighting.location,
    document.date,
    document.characters,
    CASE WHEN document.id = cluster.representative_id THEN cluster.reason END AS reason
FROM cluster
JOIN document ON document.cluster_id = cluster.id
JOIN sighting ON sighting.document_id = document.id
LEFT JOIN relation
    ON relation.left_id = cluster.representative_id AND relation.right_id = document.id
WHERE CASE coalesce(:kind, '')
        WHEN '' THEN cluster.documents > 1 OR (
            SELECT count(*) FROM sighting AS place WHERE place.document_id = document.id) > 1
        WHEN 'same bytes' THEN (
            SELECT count(*) FROM sighting AS place WHERE place.document_id = document.id) > 1
        ELSE cluster.documents > 1 AND (document.id = cluster.representative_id
            OR relation.kind = :kind)
    END
ORDER BY cluster.id, document.id <> cluster.representative_id, document.id, sighting.id;
