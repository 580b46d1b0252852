-- The paragraphs that answer :words best, each passage once, the best first.
--
-- search(words, all_text, exact, kind, documents, all_copies, concepts) reads words as they are typed. Bare words
-- are wanted: the more of them a paragraph has and the rarer they are, the better. "Phrases" must be
-- there, -words must not. An argument that is NULL asks for nothing.
SELECT
    hit.rank,
    hit.address,
    hit.kind,
    hit.label,
    hit.section,
    -- Where the document was seen first, and at how many places besides.
    (
        SELECT location FROM sighting
        WHERE document_id = hit.document_id
        ORDER BY first_seen_at, id LIMIT 1
    ) AS location,
    (SELECT count(*) - 1 FROM sighting WHERE document_id = hit.document_id) AS other_locations,
    -- How many other documents have the same paragraph or tell the same story.
    hit.copies,
    -- From how many sources (hosts, containers or folders) all of these come.
    (
        SELECT count(DISTINCT source(location, container)) FROM sighting
        WHERE document_id IN (
            SELECT document_id FROM placement WHERE passage_id = hit.passage_id
            UNION
            SELECT other.id FROM document JOIN document AS other
                ON other.cluster_id = document.cluster_id
            WHERE document.id = hit.document_id
        )
    ) AS sources,
    hit.snippet,
    -- How the words stand there, where it is in another spelling or language only.
    hit.found_as
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
) AS hit
JOIN paragraph
    ON paragraph.document_id = hit.document_id AND paragraph.position = hit.position
-- zh asks for zh-Hant too.
WHERE :language IS NULL
    OR paragraph.language = :language
    OR paragraph.language GLOB :language || '-*'
ORDER BY hit.rank
LIMIT :limit;
