-- Documents that stand more than once: the same bytes seen at several places, or one story told in other
-- bytes. One row for each place; the representative of each story comes first.
SELECT
    cluster.id AS cluster_id,
    cluster.documents,
    CASE
        WHEN document.id = cluster.representative_id THEN 'representative'
        -- A document with the text of another is to the story what that one is.
        ELSE coalesce(relation.kind, twin.kind, 'one story')
    END AS relation,
    coalesce(relation.resemblance, twin.resemblance) AS resemblance,
    document.label,
    substr(document.digest, 1, 16) AS document,
    sighting.location,
    document.date,
    document.characters,
    CASE WHEN document.id = cluster.representative_id THEN cluster.reason END AS reason,
    CASE WHEN document.id = earliest.document_id THEN earliest.at END AS first_at,
    CASE WHEN document.id = earliest.document_id THEN earliest.evidence END AS first_by
FROM cluster
JOIN earliest ON earliest.cluster_id = cluster.id
JOIN document ON document.cluster_id = cluster.id
JOIN sighting ON sighting.document_id = document.id
LEFT JOIN similar AS relation
    ON relation.document_id = cluster.representative_id AND relation.other_id = document.id
LEFT JOIN similar AS twin
    ON relation.kind IS NULL
    AND twin.document_id = cluster.representative_id
    AND twin.other_id = (
        SELECT same.other_id FROM similar AS same
        JOIN document AS other ON other.id = same.other_id
        WHERE same.document_id = cluster.representative_id
            AND other.normal_digest = document.normal_digest
        LIMIT 1
    )
WHERE CASE coalesce(:kind, '')
        WHEN '' THEN cluster.documents > 1 OR (
            SELECT count(*) FROM sighting AS place WHERE place.document_id = document.id) > 1
        WHEN 'same bytes' THEN (
            SELECT count(*) FROM sighting AS place WHERE place.document_id = document.id) > 1
        ELSE cluster.documents > 1 AND (document.id = cluster.representative_id
            OR coalesce(relation.kind, twin.kind) = :kind)
    END
ORDER BY cluster.id, document.id <> cluster.representative_id, document.id, sighting.id;
