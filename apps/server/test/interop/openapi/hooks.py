"""Files that schemathesis cannot make up: the smallest that the models read. And what a schema cannot say of responses."""

import base64
import json

import schemathesis
from hypothesis import strategies
from schemathesis import GenerationMode

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mP4TwAwjCoYVTCqYKQqAAA/aPwuqUTQyAAAAABJRU5ErkJggg=="
)
WAV = base64.b64decode("UklGRjQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YRAAAACAgICAgICAgICAgICAgICA")
# More time than any of these inputs needs.
PATIENT_SECONDS = 20
# Tasks for which no file is wrong, while the document as it is changed below has one.
TAKE_ANY_BYTES = ("/copy/batch", "/compare/batch")

for media_type in ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/gif", "image/avif"):
    schemathesis.openapi.media_type(media_type, strategies.just(PNG))
for media_type in ("audio/wav", "audio/mpeg", "audio/flac", "audio/ogg"):
    schemathesis.openapi.media_type(media_type, strategies.just(WAV))
schemathesis.openapi.media_type("application/pdf", strategies.just(b"%PDF-1.4\n%%EOF\n"))
# An upload is never empty; a minimum length of bytes is more than generators of clients take.
schemathesis.openapi.media_type("text/plain", strategies.from_regex(rb"[a-z ]{1,40}", fullmatch=True))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for operations in raw_schema["paths"].values():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        # The first bytes decide what such a body is, and each task takes another kind.
        if "multipart/form-data" in content:
            content.pop("application/octet-stream", None)
            # It says where the bytes of a file are.
            content["multipart/form-data"].pop("example", None)
            # Text that is base64 is not yet a file.
            if "application/json" in content:
                set_files(content["application/json"]["schema"], content["application/json"]["example"])
        # A range of media types is none of them.
        for media_type in [name for name in content if name.endswith("/*")]:
            del content[media_type]


def set_files(schema, example):
    """Lets every file in a schema be the one in the example."""
    properties = schema.get("properties", {})
    if "contentEncoding" in properties.get("data", {}):
        properties["data"] = {"const": example["data"]}
    for name, inner in properties.items():
        if name in example and isinstance(example[name], dict):
            set_files(inner, example[name])
        elif name in example and isinstance(example[name], list) and example[name]:
            set_files(inner["items"], example[name][0])


@schemathesis.hook
def filter_case(context, case):
    """Clients may send any header, so one more is nothing that a server should refuse."""
    return "x-schemathesis-unknown-property" not in (case.headers or {})


@schemathesis.check
def only_the_impatient_go_without(context, response, case):
    """A deadline that passes, or that cannot be met, is the client's own wish."""
    seconds = (case.headers or {}).get("x-timeout-seconds")
    if response.status_code in (503, 504) and (seconds is None or float(seconds) >= PATIENT_SECONDS):
        raise AssertionError(f"{response.status_code} although the client gave {seconds} s")


@schemathesis.check
def batches_say_what_is_wrong(context, response, case):
    """A batch that has something wrong in it is taken, and says so in the result of that input."""
    if response.status_code != 200 or not case.path.endswith("/batch") or case.path in TAKE_ANY_BYTES:
        return
    if case.meta is None or case.meta.generation.mode != GenerationMode.NEGATIVE:
        return
    results = json.loads(response.content)["results"]
    if all(result["ok"] for result in results):
        raise AssertionError("every input has a result although one of them, or a parameter, is wrong")
