-- What the archive holds.
SELECT 'documents' AS name, count(*) AS value FROM document
UNION ALL SELECT 'stories', count(DISTINCT cluster_id) FROM document
UNION ALL SELECT 'without text', count(*) FROM document WHERE paragraphs = 0
UNION ALL SELECT 'sightings', count(*) FROM sighting
UNION ALL SELECT 'paragraphs', sum(paragraphs) FROM document
UNION ALL SELECT 'passages', count(*) FROM passage_text
UNION ALL SELECT 'bytes of documents', sum(bytes) FROM document
UNION ALL SELECT 'originals kept', count(*) FROM sqlar
UNION ALL SELECT 'earliest date', min(date) FROM document
UNION ALL SELECT 'latest date', max(date) FROM document
UNION ALL SELECT * FROM (
    SELECT 'language ' || coalesce(language, 'unknown'), count(*)
    FROM document
    GROUP BY language
    ORDER BY count(*) DESC, language
)
UNION ALL SELECT * FROM (
    SELECT 'media type ' || media_type, count(*)
    FROM document
    GROUP BY media_type
    ORDER BY count(*) DESC, media_type
)
UNION ALL SELECT 'accessions', count(*) FROM accession
UNION ALL SELECT 'last accession', max(started_at) FROM accession
UNION ALL SELECT 'schema', user_version FROM pragma_user_version
UNION ALL SELECT 'bytes of the archive', page_count * page_size
    FROM pragma_page_count, pragma_page_size;
