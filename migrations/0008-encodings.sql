-- Schema 8: how sure a guess of an encoding is, and what the document itself declared.
--
-- Readings made by earlier programs keep NULL in both: nobody wrote down what it was.

-- How sure a guessed encoding is, in percent; NULL where it was not guessed. Stops a confidence that
-- is no share.
ALTER TABLE extraction ADD COLUMN confidence INTEGER CHECK (confidence BETWEEN 0 AND 100);

-- The encoding that the document declares, as it is written there, whether it was believed or not.
ALTER TABLE extraction ADD COLUMN declared_encoding TEXT;

UPDATE about
SET note = 'How the bytes of a document became text: reader and its version, character encoding and how it was found (mark, valid, guessed, told), how sure a guess is in percent (confidence), what the document declared (declared_encoding), and how many byte sequences had to be replaced.'
WHERE name = 'extraction';
