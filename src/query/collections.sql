-- The collections of the archive, with how many documents each has and when one was added last.
SELECT name AS collection, count(*) AS documents, max(added_at) AS added_at
FROM collection
GROUP BY name
ORDER BY name;
