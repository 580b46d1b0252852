#!/bin/sh
# Makes an archive as users of an earlier fonds have it: make.sh PROGRAM SCHEMA, where PROGRAM is the
# fonds of the last commit whose migrations ended with number SCHEMA. Two accessions with copies, a
# version, records, a failure; then, as far as the program knows it, a recorded check, a decision, a
# saved search, a document read again, concepts; and an accession that was cut off.
# No program ever ended with schemas 6 and 9: they came together with 7 and 10.
set -eu
program=$1
out=$(cd "$(dirname "$0")" && pwd)/schema-$2.db.xz
folder=$(mktemp -d)
cd "$folder"
knows() { "$program" "$1" --help 2>/dev/null | grep -q -e "$2"; }
mkdir press
printf 'Ferry to run twice a day\n\nThe ferry at Sannoe will sail at noon and at six from May.\n\nThe harbour office expects 40 wagons of grain a day.\n' > press/one.txt
cp press/one.txt press/copy.txt
printf 'Ferry to run twice a day\n\nThe ferry at Sannoe will sail at noon and at six from May.\n\nThe harbour office expects 45 wagons of grain a day, and timber.\n' > press/version.txt
printf '{"title": "Customs house", "text": "The customs house closes at five.\\n\\nTrains wait until morning.", "date": "2019-06-12"}\n{"title": "琥珀走廊", "text": "琥珀走廊五年运量增六成。", "language": "zh"}\nnot a record\n' > press/feed.jsonl
printf '# Notes\n\nПаром идёт в полдень. The bridge stays open.\n' > press/notes.md
ln -s nowhere press/gone.txt
"$program" ingest press || test $? = 3
printf 'A second ferry sails in May.\n' > press/more.txt
"$program" ingest press || test $? = 3
if knows check --record; then "$program" check --record; fi
if knows duplicates --decide; then
    id() { "$program" query --format tsv "SELECT substr(document.digest, 1, 12) FROM document JOIN sighting ON document_id = document.id WHERE location LIKE '%/$1'" | tail -1; }
    "$program" duplicates --decide unrelated "$(id more.txt)" "$(id notes.md)" --reason 'two papers'
fi
if knows search --save; then "$program" search ferry --save noon; fi
if knows reread --encoding; then "$program" reread --encoding koi8-r "$(pwd)/press/notes.md" || true; fi
if knows concepts --store; then "$program" concepts --store=built-in || true; fi
# It waits for a document that never comes, and is killed.
mkfifo silent
"$program" ingest - < silent & writer=$!
exec 3> silent
sleep 2
kill -9 $writer
wait $writer || true
exec 3>&-
test "$("$program" query --format tsv "SELECT count(*) FROM accession WHERE state = 'open'" | tail -1)" = 1
"$program" query --format tsv "PRAGMA user_version" 2>/dev/null || true
ls
xz -9e --stdout fonds.db > "$out"
rm -r "$folder"
