-- Sets of documents that users name.

-- A row is one document in one collection. What a collection holds is proved in `setting`.
CREATE TABLE collection (
    name        TEXT NOT NULL CHECK (name <> ''),
    document_id INTEGER NOT NULL REFERENCES document (id),
    added_at    TEXT NOT NULL,
    PRIMARY KEY (name, document_id)
) STRICT, WITHOUT ROWID;

-- In which collections a document is, for facets.
CREATE INDEX collection_document ON collection (document_id);

INSERT INTO about (name, note) VALUES
    ('collection', 'Documents in the sets that users have named (fonds collection).');
