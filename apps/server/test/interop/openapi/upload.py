"""Sends a picture and a text with the client that openapi-python-client generated, as it is."""

import json
import sys

folder, url, picture = sys.argv[1:]
sys.path.insert(0, folder)

from generated import Client  # noqa: E402
from generated.api.embed import embed  # noqa: E402
from generated.api.ocr import ocr  # noqa: E402
from generated.models import EmbedBody, EmbedBodyInput, OcrFilesBody, OcrJsonBody, OcrJsonBodyInput, Problem  # noqa: E402
from generated.types import File  # noqa: E402

client = Client(base_url=url)

with open(picture, "rb") as payload:
    body = OcrFilesBody(
        file=File(payload=payload, file_name="page.jpg", mime_type="image/jpeg"),
        min_confidence=0.4,
        max_side_length=1600,
        detect_orientation=False,
        words=True,
        half_width=True,
    )
    read = ocr.sync_detailed(client=client, body=body, x_timeout_seconds=50)
with open(picture, "rb") as payload:
    raw = ocr.sync_detailed(client=client, body=File(payload=payload), words=True)
refused = ocr.sync_detailed(client=client, body=OcrJsonBody(input_=OcrJsonBodyInput(data="AAAA")))
texts = EmbedBody(input_=EmbedBodyInput(texts=["one text", "another"]))
embedded = embed.sync_detailed(client=client, body=texts)

assert isinstance(refused.parsed, Problem), refused.content
print(
    json.dumps(
        {
            "statuses": [read.status_code, raw.status_code, refused.status_code, embedded.status_code],
            "text": read.parsed.text,
            "words": [len(read.parsed.lines[0].words), len(raw.parsed.lines[0].words)],
            "code": refused.parsed.code,
            "embeddings": len(embedded.parsed.embeddings),
        }
    )
)
