"""Sketches documents with datasketch and rensa as their documentation does it; the caller measures fonds.

Reads one JSON string a line from the file named first. Prints a line for each package: its name and the
documents it sketches and enters into its index per second of CPU time, cutting into words included.
"""
import json
import sys
import time


def shingles(text):
    words = text.lower().split()
    return [" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))]


def with_datasketch(texts):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.5, num_perm=128)
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        index.insert(number, sketch)


def with_rensa(texts):
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(shingles(text))
        index.insert(number, sketch)


with open(sys.argv[1], encoding="utf-8") as lines:
    texts = [json.loads(line) for line in lines]
for name, run in (("datasketch", with_datasketch), ("rensa", with_rensa)):
    try:
        run(texts[:1])
    except ImportError:
        print(f"{name} missing")
        continue
    # The slow ones are given a part, enough to tell.
    part = texts[: 1000 if name == "datasketch" else 4000]
    begun = time.process_time()
    run(part)
    print(name, len(part) / (time.process_time() - begun))
