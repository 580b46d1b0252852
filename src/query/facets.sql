-- How the hits of a search are spread over languages, kinds, years, media types, sources and collections,
-- each counted once a story; the twenty most frequent of each. A source is the host of a page, the container of a
-- member, else the folder of a file.
WITH hit (document_id, language, kind) AS MATERIALIZED (
    SELECT found.document_id, paragraph.language, found.kind
    FROM search(
        :words,
        :all_text,
        :exact,
        :kind,
        -- Only documents of a folder, time, type or collection: the list is made only if one was asked for.
        CASE WHEN coalesce(:folder, :since, :until, :media_type, :collection, :after) IS NOT NULL THEN (
            SELECT json_group_array(id) FROM document
            WHERE (:since IS NULL OR date >= :since)
                -- A day in June is not after June.
                AND (:until IS NULL OR substr(date, 1, length(:until)) <= :until)
                AND (:media_type IS NULL OR media_type GLOB :media_type)
                AND (:collection IS NULL OR EXISTS (
                    SELECT 1 FROM collection WHERE name = :collection AND document_id = document.id
                ))
                -- A story is new after a document if no earlier one tells it.
                AND (:after IS NULL OR NOT EXISTS (
                    SELECT 1 FROM document AS earlier
                    WHERE earlier.cluster_id = document.cluster_id AND earlier.id <= :after
                ))
                AND (:folder IS NULL OR EXISTS (
                    SELECT 1 FROM sighting
                    WHERE document_id = document.id
                        AND (
                            location GLOB :folder
                            OR location = :folder
                            OR substr(location, 1, length(:folder) + 1) IN (:folder || '/', :folder || '!')
                        )
                ))
        ) END,
        :all_copies,
        :concepts
    ) AS found
    JOIN paragraph
        ON paragraph.document_id = found.document_id AND paragraph.position = found.position
    JOIN document ON document.id = found.document_id
    WHERE (:language IS NULL
            OR paragraph.language = :language
            OR paragraph.language GLOB :language || '-*')
),
source (document_id, name) AS (
    SELECT DISTINCT
        document_id,
        source(location, container)
    FROM sighting
    WHERE document_id IN (SELECT document_id FROM hit)
),
facet (number, facet, value) AS (
    SELECT 1, 'language', language FROM hit
    UNION ALL
    SELECT 2, 'kind', kind FROM hit
    UNION ALL
    SELECT 3, 'year', substr(date, 1, 4) FROM hit JOIN document ON document.id = document_id
    UNION ALL
    SELECT 4, 'media type', media_type FROM hit JOIN document ON document.id = document_id
    UNION ALL
    SELECT 5, 'source', name FROM hit JOIN source USING (document_id)
    UNION ALL
    SELECT 6, 'collection', name FROM hit JOIN collection USING (document_id)
),
counted (number, facet, value, hits, place) AS (
    SELECT
        number, facet, value, count(*),
        row_number() OVER (PARTITION BY number ORDER BY count(*) DESC, value)
    FROM facet
    GROUP BY number, facet, value
)
SELECT facet, coalesce(value, 'unknown') AS value, hits
FROM counted
WHERE place <= 20
ORDER BY number, place;
