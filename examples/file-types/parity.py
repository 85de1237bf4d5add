"""Writes what Magika in Python says of some files, for the test: python parity.py > fileType/parity.json

It needs `pip install magika==1.0.3`.
"""

import base64
import gzip
import io
import json
import zipfile
from pathlib import Path

from magika import Magika, PredictionMode

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as file:
    file.writestr(zipfile.ZipInfo("a.txt"), "some text")

FILES = {
    "program.py": Path("samples/program.py").read_bytes(),
    "main.ts": Path("main.ts").read_bytes(),
    "package.json": b'{ "name": "file-types", "private": true, "scripts": { "start": "node dist/main.js" } }\n',
    "page.html": b"<!doctype html>\n<html><head><title>Page</title></head><body><p>Text</p></body></html>\n",
    "table.csv": b"name,height,weight\n" + b"".join(b"row %d,%d,%d\n" % (row, row * 3, row * 7) for row in range(60)),
    "query.sql": b"SELECT name, count(*) FROM files WHERE size > 1000 GROUP BY name ORDER BY 2 DESC;\n",
    "prose.txt": b"It was the best of times, it was the worst of times, it was the age of wisdom.\n" * 3,
    "archive.zip": archive.getvalue(),
    "text.gz": gzip.compress(b"some text" * 40, mtime=0),
    "pixel.png": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
    ),
    "noise": bytes((index * index * 31 + index * 7) % 256 for index in range(3000)),
    "padded.py": b" " * 1500 + Path("samples/program.py").read_bytes() + b"\n" * 1500,
    "short.txt": b"hello",
    "short.bin": b"\xff\xfe\x00",
    "spaces": b" \n\t" * 400,
}

rows = []
for mode in PredictionMode:
    magika = Magika(prediction_mode=mode)
    for name, data in FILES.items():
        result = magika.identify_bytes(data)
        predicted = str(result.dl.label)
        rows.append(
            {
                "name": name,
                "mode": str(mode).replace("_", "-"),
                "label": str(result.output.label),
                "predicted": None if predicted == "undefined" else predicted,
                "score": result.score,
            }
        )
print(json.dumps({"files": {name: base64.b64encode(data).decode() for name, data in FILES.items()}, "rows": rows}, indent=1))
