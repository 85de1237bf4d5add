"""Files that schemathesis cannot make up: the smallest that the models read. It works on the document without what needs other files."""

import base64

import schemathesis
from hypothesis import strategies

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mP4TwAwjCoYVTCqYKQqAAA/aPwuqUTQyAAAAABJRU5ErkJggg=="
)
WAV = base64.b64decode("UklGRjQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YRAAAACAgICAgICAgICAgICAgICA")

for media_type in ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/gif", "image/avif"):
    schemathesis.openapi.media_type(media_type, strategies.just(PNG))
for media_type in ("audio/wav", "audio/mpeg", "audio/flac", "audio/ogg"):
    schemathesis.openapi.media_type(media_type, strategies.just(WAV))


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
