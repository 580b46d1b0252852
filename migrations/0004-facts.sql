-- Schema 4: what ranking has to know of every passage it finds, packed, so that a search of a common
-- word does not look up three rows for each of its hits.
--
-- Everything here is derived from placement, document and the index; where a row is missing, fonds
-- works it out from them. It is no evidence of anything, and no proof covers it.

-- A row is the facts about 512 passages, those whose id divided by 512 is this id; nine bytes for
-- each, low byte first: its words in the index (2), the document it stood in first (4), how many ids
-- before it the heading of that place stands, 0 for none (2), and one byte of flags: the place of its
-- kind in the list of docs/schema.md (31 where it stands nowhere), 64 for boilerplate, 128 where it
-- stands at another place too.
CREATE TABLE passage_facts (
    id    INTEGER PRIMARY KEY,
    facts BLOB NOT NULL
) STRICT;

-- A row is the facts about 512 documents; eight bytes for each, low byte first: the passage that is its
-- title, 0 for none (4), and its words in the index (4).
CREATE TABLE document_facts (
    id    INTEGER PRIMARY KEY,
    facts BLOB NOT NULL
) STRICT;

INSERT INTO about (name, note) VALUES
    ('document_facts', 'For ranking: title and length of 512 documents a row, packed; derived, see docs/schema.md.'),
    ('passage_facts', 'For ranking: length, kind, document and heading of 512 passages a row, packed; derived, see docs/schema.md.');
