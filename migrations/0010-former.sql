-- Schema 10: what paragraphs were before their documents were read again, and what became of them.
--
-- A document that is read again by a better reader, or in another encoding, has new paragraphs. An
-- address that somebody wrote down must lead on for ever, and say the words that it stood for. What
-- did not change has no rows here: its address is the same.

-- A row is a former paragraph: an address that an earlier reading of its document had and today's has
-- not.
CREATE TABLE former_paragraph (
    document_id   INTEGER NOT NULL REFERENCES document (id),
    -- The digest of its passage, and which of those in the document it was, from 1.
    digest        BLOB NOT NULL CHECK (length(digest) = 32),
    occurrence    INTEGER NOT NULL CHECK (occurrence >= 1),
    -- The last reading that had it, and where it stood there.
    extraction_id INTEGER NOT NULL REFERENCES extraction (id),
    position      INTEGER NOT NULL CHECK (position >= 1),
    kind          TEXT NOT NULL,
    PRIMARY KEY (document_id, digest, occurrence)
) STRICT, WITHOUT ROWID;

CREATE INDEX former_paragraph_by_digest ON former_paragraph (digest);

-- A row is the text of a passage that such an address stood for.
CREATE TABLE former_text (
    digest  BLOB PRIMARY KEY CHECK (length(digest) = 32),
    text    TEXT NOT NULL,
    context TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- A row is a paragraph of today's reading that stands where a former one stood: what that became. One
-- may have become several, and several one; one of which nothing is left has no row.
CREATE TABLE successor (
    document_id INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    occurrence  INTEGER NOT NULL,
    -- That of the paragraph today.
    position    INTEGER NOT NULL,
    -- 'words': they share at least half of the shorter one's words. 'place': they share none to speak
    -- of, but stand at the same place between paragraphs that do, as where a text was read in the
    -- wrong encoding.
    method      TEXT NOT NULL CHECK (method IN ('words', 'place')),
    PRIMARY KEY (document_id, digest, occurrence, position),
    FOREIGN KEY (document_id, digest, occurrence)
        REFERENCES former_paragraph (document_id, digest, occurrence),
    FOREIGN KEY (document_id, position) REFERENCES placement (document_id, position)
) STRICT, WITHOUT ROWID;

-- A row is the way from an address of an earlier reading to today's; new_address is NULL where nothing
-- of it is left.
CREATE VIEW moved (
    document_id, old_address, kind, text, extraction_id, old_position, new_address, position, method
) AS
SELECT
    former.document_id,
    substr(document.digest, 1, 16) || '/' || lower(hex(substr(former.digest, 1, 6)))
        || CASE WHEN former.occurrence > 1 THEN '~' || former.occurrence ELSE '' END,
    former.kind,
    former_text.text,
    former.extraction_id,
    former.position,
    substr(document.digest, 1, 16) || '/' || lower(hex(substr(passage_text.digest, 1, 6)))
        || CASE WHEN placement.occurrence > 1 THEN '~' || placement.occurrence ELSE '' END,
    successor.position,
    successor.method
FROM former_paragraph AS former
JOIN document ON document.id = former.document_id
LEFT JOIN former_text ON former_text.digest = former.digest
LEFT JOIN successor ON successor.document_id = former.document_id
    AND successor.digest = former.digest
    AND successor.occurrence = former.occurrence
LEFT JOIN placement ON placement.document_id = successor.document_id
    AND placement.position = successor.position
LEFT JOIN passage_text ON passage_text.id = placement.passage_id;

UPDATE about
SET note = note || ' Rows stay when a document is read again; document.extraction_id names the one that holds.'
WHERE name = 'extraction';
INSERT INTO about (name, note) VALUES
    ('former_paragraph', 'Addresses of paragraphs that an earlier reading of their document had and today''s has not. The table behind the view moved.'),
    ('former_text', 'The texts that such addresses stood for.'),
    ('moved', 'What became of addresses when documents were read again: from old_address to new_address, NULL where nothing is left; method is words (they share them) or place (they stand at the same place).'),
    ('successor', 'The paragraphs of today''s reading that stand where former ones stood.');
