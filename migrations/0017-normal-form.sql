-- Says which form of a text its normal digest is of, now that there are two.
--
-- No digest changes here: SQL cannot fold a text. Documents that were read before keep theirs until
-- they are read again (fonds reread), which newer versions of all readers ask for.

UPDATE setting
SET value = 'SHA-256 of the normal text, form 2: folded, without white space, quotation marks, emphasis marks and dashes that touch no number; of a document read before this schema form 1: folded, without white space'
WHERE name = 'normal digest';
