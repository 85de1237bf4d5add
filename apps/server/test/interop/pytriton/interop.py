"""Asks a running server with PyTriton's clients as they are. They read the configuration of a model and check tensors against it.

Usage: interop.py HOST:PORT. Prints one line of JSON for each check: its name, and what went wrong or null.
The models are those of pytriton.verify.ts.
"""

import asyncio
import json
import sys

import numpy as np
from pytriton.client import AsyncioModelClient, FuturesModelClient, ModelClient
from pytriton.client.exceptions import (
    PyTritonClientInferenceServerError,
    PyTritonClientModelDoesntSupportBatchingError,
    PyTritonClientValueError,
)

url = f"http://{sys.argv[1]}"
row = np.array([[1, 2]], np.float32)
wanted = np.array([[2, 3]], np.float32)


def refused(attempt, kind, words):
    try:
        attempt()
    except kind as error:
        if words not in str(error):
            raise AssertionError(f"{error} is not {words!r}") from error
        return
    raise AssertionError(f"not refused with {words!r}")


def configuration():
    with ModelClient(url, "plus", lazy_init=False) as client:
        config = client.model_config
        assert (config.model_name, config.max_batch_size, config.decoupled) == ("plus", 0, False), config
        (tensor,) = config.inputs
        assert (tensor.name, tensor.shape, tensor.dtype) == ("x", (-1, 2), np.float32), config
    with ModelClient(url, "BYTES", "1", lazy_init=False) as client:
        (tensor,) = client.model_config.inputs
        assert (tensor.shape, tensor.dtype) == ((-1, -1), np.bytes_), tensor


def values():
    with ModelClient(url, "plus") as client:
        np.testing.assert_array_equal(client.infer_sample(row)["y"], wanted)
        np.testing.assert_array_equal(client.infer_sample(x=row, parameters={"mine": "yes"})["y"], wanted)
    with ModelClient(url, "BYTES") as client:
        texts = np.array([[b"", "Grüße 🙂".encode()]], np.object_)
        np.testing.assert_array_equal(client.infer_sample(texts)["y"], texts)


def many_at_once():
    with FuturesModelClient(url, "plus", max_workers=4) as client:
        futures = [client.infer_sample(row + number) for number in range(16)]
        for number, future in enumerate(futures):
            np.testing.assert_array_equal(future.result()["y"], wanted + number)


def with_asyncio():
    async def ask():
        async with AsyncioModelClient(url, "plus") as client:
            answers = await asyncio.gather(*(client.infer_sample(row + number) for number in range(16)))
        for number, answer in enumerate(answers):
            np.testing.assert_array_equal(answer["y"], wanted + number)

    asyncio.run(ask())


def refusals():
    with ModelClient(url, "plus") as client:
        refused(lambda: client.infer_batch(row), PyTritonClientModelDoesntSupportBatchingError, "infer_sample")
        refused(lambda: client.infer_sample(row, x=row), PyTritonClientValueError, "")
        wide = np.zeros((1, 3), np.float32)
        refused(lambda: client.infer_sample(wide), PyTritonClientInferenceServerError, "the model expects FP32[-1,2]")


checks = {
    "configuration": configuration,
    "values": values,
    "many at once": many_at_once,
    "with asyncio": with_asyncio,
    "refusals": refusals,
}
for name, check in checks.items():
    error = None
    try:
        check()
    except Exception as caught:  # pylint: disable=broad-except
        error = f"{type(caught).__name__}: {caught}"
    print(json.dumps({"name": name, "error": error}), flush=True)
