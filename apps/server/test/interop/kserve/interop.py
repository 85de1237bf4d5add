"""Asks a running server with KServe's Python client as it is, over both of its protocols.

Usage: interop.py URL. Prints one line of JSON for each check: its name, and what went wrong or null.
The models are those of kserve.verify.ts.
"""

import asyncio
import itertools
import json
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

url = sys.argv[1]

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


def request(datatype, array, binary_in, binary_out=None):
    tensor = InferInput("x", list(array.shape), datatype)
    tensor.set_data_from_numpy(array, binary_data=binary_in)
    wanted = None if binary_out is None else [RequestedOutput("y", parameters={"binary_data": binary_out})]
    return InferRequest(model_name=datatype, infer_inputs=[tensor], request_id="7", request_outputs=wanted)


async def refused(attempt, status, words):
    try:
        await attempt()
    except httpx.HTTPStatusError as error:
        if error.response.status_code != status or words not in str(error):
            raise AssertionError(f"{error} is not {status} {words!r}") from error
        return
    raise AssertionError(f"not refused with {status} {words!r}")


async def health(client):
    assert await client.is_server_live(url)
    assert await client.is_server_ready(url)
    assert await client.is_model_ready(url, "FP32")
    assert not await client.is_model_ready(url, "nothing")


def values_of(datatype):
    async def check(client):
        array = values[datatype]
        for binary_in, binary_out in itertools.product((True, False), (True, False, None)):
            # The client itself refuses to write halves as JSON.
            if datatype == "FP16" and not (binary_in and binary_out):
                continue
            answer = await client.infer(url, request(datatype, array, binary_in, binary_out), model_name=datatype)
            assert (answer.id, answer.model_name) == ("7", datatype), answer
            (output,) = answer.outputs
            actual = output.as_numpy()
            if datatype == "BYTES":
                actual = np.array([[getattr(text, "encode", lambda text=text: text)() for text in actual[0]]], np.object_)
                wanted = np.array([[b"", "Grüße 🙂".encode()]], np.object_)
            else:
                wanted = array
            same = actual.shape == wanted.shape and actual.dtype == wanted.dtype
            if not (same and np.array_equal(actual, wanted)):
                raise AssertionError(f"binary {binary_in} {binary_out}: {actual!r} is not {wanted!r}")

    return check


async def not_a_number(client):
    array = np.array([[np.nan, -np.inf]], np.float32)
    for binary_out in (True, False):
        answer = await client.infer(url, request("FP32", array, True, binary_out), model_name="FP32")
        actual = answer.outputs[0].as_numpy()
        if not np.array_equal(actual, array, equal_nan=True):
            raise AssertionError(f"binary {binary_out}: {actual!r}")


async def errors(client):
    good = request("FP32", values["FP32"], True)
    await refused(lambda: client.infer(url, good, model_name="nothing"), 404, 'No model "nothing"')
    long = request("INT64", values["INT64"], False)
    await refused(lambda: client.infer(url, long, model_name="FP32"), 400, "the model expects FP32[-1,-1]")
    # Its JSON has null where numpy has NaN.
    array = np.array([[np.nan, 1]], np.float32)
    await refused(lambda: client.infer(url, request("FP32", array, False), model_name="FP32"), 400, "NaN")
    unknown = InferRequest("FP32", good.inputs, request_outputs=[RequestedOutput("z")])
    await refused(lambda: client.infer(url, unknown, model_name="FP32"), 400, 'Unknown output "z"')


async def first_protocol(client):
    assert await client.is_server_live(url)
    assert await client.is_model_ready(url, "FP32")
    await refused(lambda: client.is_model_ready(url, "nothing"), 404, "nothing")
    answer = await client.infer(url, {"instances": [[1, 2], [3, 4.5]]}, model_name="FP32")
    assert answer == {"predictions": [[1, 2], [3, 4.5]]}, answer
    await refused(lambda: client.infer(url, {"instances": [["a", 2]]}, model_name="FP32"), 400, "FP32")
    await refused(lambda: client.explain(url, "FP32", {"instances": [[1, 2]]}), 404, "explain")


async def run(protocol, checks):
    async with InferenceRESTClient(RESTConfig(protocol=protocol)) as client:
        for name, check in checks.items():
            error = None
            try:
                await check(client)
            except Exception as caught:  # pylint: disable=broad-except
                error = f"{type(caught).__name__}: {caught}"
            print(json.dumps({"name": f"{protocol}: {name}", "error": error}), flush=True)


async def main():
    datatypes = {f"{datatype} in all combinations of JSON and binary data": values_of(datatype) for datatype in values}
    second = {"health": health, **datatypes, "what is no number": not_a_number, "errors": errors}
    await run("v2", second)
    await run("v1", {"everything": first_protocol})


asyncio.run(main())
