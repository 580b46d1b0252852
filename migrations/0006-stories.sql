-- Schema 6: pairs of other stories are measured a second time, their words weighed by how many stories
-- have them, so that the copies of a text do not make a template of it.

-- Stands for what the pair was measured among the second time; NULL where it was measured once. What
-- was measured before says less than what will be, and is worked out again by the next ingest.
ALTER TABLE comparison ADD COLUMN again INTEGER;
DELETE FROM comparison;
DELETE FROM settlement;
