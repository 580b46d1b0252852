-- Schema 6: pairs of other stories are measured a second time, their words weighed by how many stories
-- have them, so that the copies of a text do not make a template of it.

-- Stands for what the pair was measured among the second time; NULL where it was measured once. What
-- was measured before says less than what will be, and is worked out again by the next ingest.
ALTER TABLE comparison ADD COLUMN again INTEGER;
DELETE FROM comparison;
DELETE FROM settlement;

-- A row is one story and the document that had it first: by the date it bears; where none bears a date,
-- by the time its file was changed last; where no file tells, by when it was seen first. A year or month
-- alone says nothing within that year or month, so a full date goes before it.
CREATE VIEW earliest (cluster_id, document_id, at, evidence) AS
SELECT cluster_id, document_id, at, evidence
FROM (
    SELECT
        cluster_id,
        document_id,
        at,
        evidence,
        row_number() OVER (
            PARTITION BY cluster_id
            ORDER BY trust, substr(at || '-99-99', 1, 10), at, digest
        ) AS place
    FROM (
        SELECT
            document.cluster_id,
            document.id AS document_id,
            document.digest,
            coalesce(document.date, min(sighting.modified_at), min(sighting.first_seen_at)) AS at,
            CASE
                WHEN document.date IS NOT NULL THEN 'date of the document'
                WHEN min(sighting.modified_at) IS NOT NULL THEN 'time of the file'
                ELSE 'first seen'
            END AS evidence,
            CASE
                WHEN document.date IS NOT NULL THEN 1
                WHEN min(sighting.modified_at) IS NOT NULL THEN 2
                ELSE 3
            END AS trust
        FROM document
        JOIN sighting ON sighting.document_id = document.id
        GROUP BY document.id
    )
)
WHERE place = 1;

DROP VIEW passage;

-- A row is one distinct paragraph text, the number of documents it stands in, and the number of stories:
-- however many copies a story has, it is one source.
CREATE VIEW passage (id, digest, text, context, language, documents, stories) AS
SELECT
    id,
    lower(hex(digest)),
    text,
    context,
    (
        SELECT coalesce(placement.language, document.language)
        FROM placement
        JOIN document ON document.id = placement.document_id
        WHERE placement.passage_id = passage_text.id
        ORDER BY document.digest, placement.position
        LIMIT 1
    ),
    (SELECT count(DISTINCT document_id) FROM placement WHERE passage_id = passage_text.id),
    (
        SELECT count(DISTINCT document.cluster_id)
        FROM placement
        JOIN document ON document.id = placement.document_id
        WHERE placement.passage_id = passage_text.id
    )
FROM passage_text;

INSERT INTO about (name, note) VALUES
    ('earliest', 'The document that had a story first, since when, and by what evidence: its date, else the time of its file, else when it was seen.');
UPDATE about SET note = note || ' stories counts each story once, however often it was copied.' WHERE name = 'passage';
