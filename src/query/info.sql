-- What the archive holds. Documents are read once, by language and media type; everything else about them
-- is added up from those few rows.
WITH part (language, media_type, documents, without_text, paragraphs, bytes, earliest, latest) AS MATERIALIZED (
    SELECT
        language, media_type, count(*), sum(paragraphs = 0), sum(paragraphs), sum(bytes), min(date), max(date)
    FROM document
    GROUP BY language, media_type
)
SELECT 'documents' AS name, coalesce(sum(documents), 0) AS value FROM part
UNION ALL SELECT 'stories', count(DISTINCT cluster_id) FROM document
UNION ALL SELECT 'without text', coalesce(sum(without_text), 0) FROM part
UNION ALL SELECT 'sightings', count(*) FROM sighting
UNION ALL SELECT 'paragraphs', sum(paragraphs) FROM part
UNION ALL SELECT 'passages', count(*) FROM passage_text
UNION ALL SELECT 'bytes of documents', sum(bytes) FROM part
UNION ALL SELECT 'originals kept', count(*) FROM sqlar
UNION ALL SELECT 'earliest date', min(earliest) FROM part
UNION ALL SELECT 'latest date', max(latest) FROM part
UNION ALL SELECT * FROM (
    SELECT 'language ' || coalesce(language, 'unknown'), sum(documents)
    FROM part
    GROUP BY language
    ORDER BY sum(documents) DESC, language
)
UNION ALL SELECT * FROM (
    SELECT 'media type ' || media_type, sum(documents)
    FROM part
    GROUP BY media_type
    ORDER BY sum(documents) DESC, media_type
)
UNION ALL SELECT 'accessions', count(*) FROM accession
UNION ALL SELECT 'last accession', max(started_at) FROM accession
UNION ALL SELECT 'schema', user_version FROM pragma_user_version
UNION ALL SELECT 'bytes of the archive', page_count * page_size
    FROM pragma_page_count, pragma_page_size;
