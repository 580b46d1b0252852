-- Schema 3: what documents are to each other, and what people have decided about it.
--
-- Everything but `decision` follows from the documents and can be worked out again; `decision` cannot,
-- so each row of it carries a digest.

-- A row is the sketch of a document's text: 256 numbers of 16 bits, low byte first, whose equality at
-- equal places estimates how much two texts have in common (one-permutation hashing of runs of nine
-- letters).
CREATE TABLE signature (
    document_id INTEGER PRIMARY KEY REFERENCES document (id),
    sketch      BLOB NOT NULL CHECK (length(sketch) = 512),
    -- document.cluster_id as it was worked out last, so that a changed one shows; NULL before.
    cluster_id  INTEGER
) STRICT;

-- A row is two documents measured against each other on their texts.
CREATE TABLE comparison (
    left_id     INTEGER NOT NULL REFERENCES document (id),
    right_id    INTEGER NOT NULL REFERENCES document (id),
    kind        TEXT NOT NULL CHECK (kind IN
        ('version', 'near copy', 'contains', 'excerpt', 'template', 'unrelated')),
    -- The rule that gave the kind, in words.
    rule        TEXT NOT NULL,
    -- Words that both have by words that either has.
    resemblance REAL NOT NULL CHECK (resemblance BETWEEN 0 AND 1),
    -- The share of the left document's words that the right one has too, and the other way round.
    left_share  REAL NOT NULL CHECK (left_share BETWEEN 0 AND 1),
    right_share REAL NOT NULL CHECK (right_share BETWEEN 0 AND 1),
    -- The share of each, by weight, that the other lacks and that stands elsewhere in the archive.
    left_differs  REAL NOT NULL CHECK (left_differs BETWEEN 0 AND 1),
    right_differs REAL NOT NULL CHECK (right_differs BETWEEN 0 AND 1),
    -- The larger share, by weight, that the other lacks and that stands nowhere else: mostly misreadings.
    noise       REAL NOT NULL CHECK (noise BETWEEN 0 AND 1),
    -- The larger share of what each begins with, template aside, that the other lacks.
    opening     REAL NOT NULL CHECK (opening BETWEEN 0 AND 1),
    -- Words in common, weighed by how few other documents have them.
    evidence    REAL NOT NULL CHECK (evidence >= 0),
    -- Stands for what it was measured among; while it is the same, nothing need be measured again.
    basis       INTEGER NOT NULL,
    PRIMARY KEY (left_id, right_id),
    CHECK (left_id <> right_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX comparison_by_right ON comparison (right_id);

-- The one row stands for what was worked out last: clusters and comparisons of the documents up to
-- this id. A changed cluster or comparison no longer matches its digest.
CREATE TABLE settlement (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    last_document INTEGER NOT NULL,
    settled_at    TEXT NOT NULL,
    tool          TEXT NOT NULL,
    digest        BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

-- A row is what a person decided two documents are to each other. The latest that is not undone holds,
-- against whatever the program would say, now and in every later run. Rows are never removed.
CREATE TABLE decision (
    id           INTEGER PRIMARY KEY,
    left_id      INTEGER NOT NULL REFERENCES document (id),
    right_id     INTEGER NOT NULL REFERENCES document (id),
    kind         TEXT NOT NULL CHECK (kind IN
        ('same text', 'version', 'near copy', 'contains', 'excerpt', 'template', 'unrelated')),
    decided_at   TEXT NOT NULL,
    author       TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    -- The decision that this one takes back; then its own kind says nothing.
    undoes       INTEGER REFERENCES decision (id),
    -- SHA-256 over the other columns and the digest of the decision before.
    digest       BLOB NOT NULL CHECK (length(digest) = 32),
    CHECK (left_id < right_id)
) STRICT;

CREATE INDEX decision_by_pair ON decision (left_id, right_id);

-- cluster_id is from now on the id of the document that stands for the story.
UPDATE document
SET cluster_id = (
    SELECT id
    FROM document AS candidate
    WHERE candidate.cluster_id = document.cluster_id
    ORDER BY characters DESC, date IS NULL, date, digest
    LIMIT 1
);

DROP VIEW relation;
DROP VIEW cluster;

-- A row is one story: documents that each were measured against the one that stands for them. It is the
-- one with the most characters, then the earliest date, then the smallest digest.
CREATE VIEW cluster (id, documents, representative_id, reason) AS
SELECT
    cluster_id,
    count(*),
    cluster_id,
    CASE
        WHEN count(*) = 1 THEN 'the only one'
        WHEN min(characters) < max(characters) THEN 'most characters'
        WHEN count(DISTINCT coalesce(date, '')) > 1 THEN 'earliest date'
        ELSE 'smallest digest'
    END
FROM document
GROUP BY cluster_id;

-- A row is a decision that holds.
CREATE VIEW verdict (left_id, right_id, kind, decided_at, author, reason, decision_id) AS
SELECT left_id, right_id, kind, decided_at, author, reason, id
FROM decision
WHERE undoes IS NULL
    AND id = (
        SELECT max(latest.id) FROM decision AS latest
        WHERE latest.left_id = decision.left_id AND latest.right_id = decision.right_id
    );

-- A row is what one document is to another: by a person's decision, else by what was measured. For
-- 'contains' the left one has what the right one says. 'template' and 'unrelated' pairs are in
-- comparison alone.
CREATE VIEW relation (
    left_id, right_id, kind, resemblance, containment, left_share, right_share, rule, decided
) AS
SELECT
    comparison.left_id, comparison.right_id, comparison.kind, comparison.resemblance,
    max(comparison.left_share, comparison.right_share), comparison.left_share,
    comparison.right_share, comparison.rule, 0
FROM comparison
WHERE comparison.kind NOT IN ('template', 'unrelated')
    AND NOT EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.left_id = min(comparison.left_id, comparison.right_id)
            AND verdict.right_id = max(comparison.left_id, comparison.right_id)
    )
UNION ALL
SELECT
    original.id, document.id, 'same text', 1.0, 1.0, 1.0, 1.0, 'the folded texts are equal', 0
FROM document
JOIN document AS original ON original.id = (
    SELECT id
    FROM document AS twin
    WHERE twin.normal_digest = document.normal_digest
    ORDER BY characters DESC, date IS NULL, date, digest
    LIMIT 1
)
WHERE original.id <> document.id
    AND NOT EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.left_id = min(original.id, document.id)
            AND verdict.right_id = max(original.id, document.id)
    )
UNION ALL
SELECT
    verdict.left_id, verdict.right_id, verdict.kind, comparison.resemblance,
    max(comparison.left_share, comparison.right_share), comparison.left_share,
    comparison.right_share,
    'decided by ' || verdict.author || CASE WHEN verdict.reason = '' THEN '' ELSE ': ' || verdict.reason END,
    1
FROM verdict
LEFT JOIN comparison
    ON min(comparison.left_id, comparison.right_id) = verdict.left_id
    AND max(comparison.left_id, comparison.right_id) = verdict.right_id
WHERE verdict.kind NOT IN ('template', 'unrelated');

-- The same seen from either document: what the other one is to it, with the share of this document's
-- words that the other has, and the other way round.
CREATE VIEW similar (
    document_id, other_id, kind, resemblance, share, other_share, rule, decided
) AS
SELECT left_id, right_id, kind, resemblance, left_share, right_share, rule, decided FROM relation
UNION ALL
SELECT
    right_id, left_id, CASE kind WHEN 'contains' THEN 'contained' ELSE kind END, resemblance,
    right_share, left_share, rule, decided
FROM relation;

-- A row is a paragraph that stands word for word in another document too.
CREATE VIEW reuse (document_id, position, passage_id, other_id, other_position) AS
SELECT here.document_id, here.position, here.passage_id, there.document_id, there.position
FROM placement AS here
JOIN placement AS there
    ON there.passage_id = here.passage_id AND there.document_id <> here.document_id;

UPDATE about SET note = 'One story: documents that tell the same in the same words, the document that stands for them, and why it was picked.' WHERE name = 'cluster';
UPDATE about SET note = 'What one document is to another: same text, version, near copy, contains, excerpt; with resemblance (words both have by words either has), the share of each that the other has, and the rule that gave the kind.' WHERE name = 'relation';
INSERT INTO about (name, note) VALUES
    ('comparison', 'Pairs of documents that were measured against each other, those that are templates or unrelated too. The table behind the view relation.'),
    ('decision', 'What people decided two documents are to each other, dated and signed. Nothing is ever removed from it.'),
    ('reuse', 'Paragraphs that stand word for word in another document too.'),
    ('similar', 'The view relation seen from either document: what other_id is to document_id.'),
    ('settlement', 'When clusters and comparisons were worked out last, with a digest over them.'),
    ('signature', 'Sketches of texts, by which documents that have something in common are found.'),
    ('verdict', 'The decisions that hold.');
INSERT INTO setting (name, value) VALUES
    ('sketch', 'one-permutation hashing, 256 bins of 16 bits, runs of nine letters, recipe 1');
