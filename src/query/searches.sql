-- The searches that are kept in the archive, and how many documents came after each was run last.
SELECT
    name,
    json_extract(parameters, '$.words') AS words,
    last_run_at,
    (SELECT count(*) FROM document WHERE id > last_document) AS documents_since
FROM saved_search
ORDER BY name;
