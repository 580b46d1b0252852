-- Lists of concepts that every search of the archive uses.
--
-- Nothing in the archive depends on them, and no proof covers them.

-- A row is one concept of a list: expressions in several spellings and languages that stand for each
-- other, parted by |. An expression after = is found only in its capitals.
CREATE TABLE concept (
    list        TEXT NOT NULL CHECK (list <> ''),
    -- The line it had in the list.
    line        INTEGER NOT NULL CHECK (line > 0),
    -- Stops one expression alone, which has no equal.
    expressions TEXT NOT NULL CHECK (instr(expressions, '|') > 0 AND instr(expressions, char(10)) = 0),
    stored_at   TEXT NOT NULL,
    PRIMARY KEY (list, line)
) STRICT, WITHOUT ROWID;

INSERT INTO about (name, note) VALUES
    ('concept', 'Expressions that stand for each other in every search, by lists (fonds concepts): parted by |, after = only in these capitals.');
