-- Schema 7: searches that people keep, to be told what is new.
--
-- Nothing in the archive depends on them, and no proof covers them.

-- A row is a search under a name: the parameters of the search command's SQL as JSON, and the last
-- document that was there when it was run; what it finds in stories after that is new.
CREATE TABLE saved_search (
    name          TEXT PRIMARY KEY CHECK (name <> ''),
    parameters    TEXT NOT NULL CHECK (json_valid(parameters)),
    saved_at      TEXT NOT NULL,
    last_run_at   TEXT NOT NULL,
    last_document INTEGER NOT NULL CHECK (last_document >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO about (name, note) VALUES
    ('saved_search', 'Searches that people keep, with the last document each has been run over.');
