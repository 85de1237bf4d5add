"""What the programs beside this share: tensors, comparisons, and one line of JSON for each check."""

import json
import sys

import numpy as np
import tritonclient.http as sync_http
import tritonclient.http.aio as aio_http
from tritonclient.utils import InferenceServerException

address = sys.argv[1]

values = {
    "BOOL": np.array([[True, False]]),
    "UINT8": np.array([[0, 255]], np.uint8),
    "UINT16": np.array([[0, 65535]], np.uint16),
    "UINT32": np.array([[0, 2**32 - 1]], np.uint32),
    "UINT64": np.array([[2**53 + 1, 2**64 - 1]], np.uint64),
    "INT8": np.array([[-128, 127]], np.int8),
    "INT16": np.array([[-(2**15), 2**15 - 1]], np.int16),
    "INT32": np.array([[-(2**31), 2**31 - 1]], np.int32),
    "INT64": np.array([[-(2**63), 2**63 - 1]], np.int64),
    "FP16": np.array([[-65504.0, 0.1]], np.float16),
    "FP32": np.array([[3.4028234663852886e38, 0.1]], np.float32),
    "FP64": np.array([[1.7976931348623157e308, 0.1]], np.float64),
    "BYTES": np.array([["", "Grüße 🙂".encode()]], np.object_),
}


def expected(datatype, binary):
    """The client makes bytes of BYTES that came as binary data, and texts of those that came as JSON."""
    if datatype != "BYTES":
        return values[datatype]
    texts = ["", "Grüße 🙂"]
    return np.array([[text.encode() for text in texts] if binary else texts], np.object_)


def inputs(datatype, array, binary):
    tensor = sync_http.InferInput("x", list(array.shape), datatype)
    tensor.set_data_from_numpy(array, binary_data=binary)
    return [tensor]


def outputs(binary):
    return [sync_http.InferRequestedOutput("y", binary_data=binary)]


def check_equal(actual, wanted, what):
    same = actual is not None and actual.shape == wanted.shape and actual.dtype.kind == wanted.dtype.kind
    if not (same and np.array_equal(actual, wanted)):
        raise AssertionError(f"{what}: {actual!r} is not {wanted!r}")


async def call(result):
    """What both forms of the client answer, awaited where it has to be."""
    return await result if hasattr(result, "__await__") else result


async def refused(attempt, status, words):
    try:
        await call(attempt())
    except InferenceServerException as error:
        if str(error.status()) != str(status) or words not in error.message():
            raise AssertionError(f"{error.status()} {error.message()!r} is not {status} {words!r}") from error
        return
    raise AssertionError(f"not refused with {status} {words!r}")


def report(name, error=None):
    print(json.dumps({"name": name, "error": error}), flush=True)


async def run(form, client, checks):
    for name, check in checks.items():
        error = None
        try:
            await check(client)
        except Exception as caught:  # pylint: disable=broad-except
            error = f"{type(caught).__name__}: {caught}"
        report(f"{form}: {name}", error)


async def run_both(checks, extra=lambda client: None):
    """Runs the checks with both forms of the client, and what only the synchronous one has in between."""
    client = sync_http.InferenceServerClient(address, network_timeout=30.0)
    await run("sync", client, checks)
    extra(client)
    client.close()
    async with aio_http.InferenceServerClient(address) as aio_client:
        await run("aio", aio_client, checks)
