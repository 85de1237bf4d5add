"""Asks a running server with tritonclient as it is, in its synchronous and its asyncio form.

Usage: interop.py HOST:PORT. Prints one line of JSON for each check: its name, and what went wrong or null.
The models are those of tritonclient.verify.ts.
"""

import asyncio
import itertools

import numpy as np
import tritonclient.http as sync_http

from checks import call, check_equal, expected, inputs, outputs, refused, report, run_both, values


async def health(client):
    assert await call(client.is_server_live())
    assert await call(client.is_server_ready())
    assert await call(client.is_model_ready("FP32"))
    assert await call(client.is_model_ready("FP32", "1"))
    assert not await call(client.is_model_ready("nothing"))


async def metadata(client):
    server = await call(client.get_server_metadata())
    assert server["name"] == "portico", server
    assert {"binary_tensor_data", "model_configuration", "statistics"} <= set(server["extensions"]), server
    model = await call(client.get_model_metadata("FP32", "1"))
    tensor = {"datatype": "FP32", "shape": [-1, -1]}
    wanted = {
        "name": "FP32",
        "versions": ["1"],
        "platform": "onnxruntime_onnx",
        "inputs": [{"name": "x", **tensor}],
        "outputs": [{"name": "y", **tensor}],
    }
    assert model == wanted, model


def values_of(datatype):
    async def check(client):
        array = values[datatype]
        for binary_in, binary_out in itertools.product((True, False), repeat=2):
            # The client itself refuses to write halves as JSON.
            if datatype == "FP16" and not (binary_in and binary_out):
                continue
            answer = await call(
                client.infer(datatype, inputs(datatype, array, binary_in), outputs=outputs(binary_out), request_id="7")
            )
            assert answer.get_response()["id"] == "7"
            check_equal(answer.as_numpy("y"), expected(datatype, binary_out), f"binary {binary_in} {binary_out}")

    return check


async def all_outputs_by_default(client):
    answer = await call(client.infer("FP32", inputs("FP32", values["FP32"], True)))
    check_equal(answer.as_numpy("y"), values["FP32"], "no outputs named")


async def compression(client):
    array = np.arange(4096, dtype=np.int64).reshape(64, 64)
    for there, back, binary in itertools.product(("gzip", "deflate", None), ("gzip", "deflate", None), (True, False)):
        answer = await call(
            client.infer(
                "INT64",
                inputs("INT64", array, binary),
                outputs=outputs(binary),
                request_compression_algorithm=there,
                response_compression_algorithm=back,
            )
        )
        check_equal(answer.as_numpy("y"), array, f"{there} {back} binary {binary}")


async def not_a_number(client):
    array = np.array([[np.nan, -np.inf]], np.float32)
    for binary_in, binary_out in itertools.product((True, False), repeat=2):
        answer = await call(client.infer("FP32", inputs("FP32", array, binary_in), outputs=outputs(binary_out)))
        actual = answer.as_numpy("y")
        if not np.array_equal(actual, array, equal_nan=True):
            raise AssertionError(f"binary {binary_in} {binary_out}: {actual!r}")


async def errors(client):
    good = inputs("FP32", values["FP32"], True)
    await refused(lambda: client.infer("nothing", good), 404, 'No model "nothing"')
    await refused(lambda: client.infer("FP32", good, model_version="9"), 404, 'has no version "9"')
    await refused(lambda: client.get_model_metadata("nothing"), 404, 'No model "nothing"')
    long = inputs("INT64", values["INT64"], True)
    await refused(lambda: client.infer("FP32", long), 400, "the model expects FP32[-1,-1]")
    unknown = [sync_http.InferRequestedOutput("z")]
    await refused(lambda: client.infer("FP32", good, outputs=unknown), 400, 'Unknown output "z"')
    classes = [sync_http.InferRequestedOutput("y", class_count=2)]
    await refused(lambda: client.infer("FP32", good, outputs=classes), 400, "Classification is not supported")
    await refused(lambda: client.infer("FP32", good, sequence_id=5), 400, "Sequences are not supported")
    endless = sync_http.InferInput("trips", [], "INT64")
    endless.set_data_from_numpy(np.array(10**15, np.int64))
    await refused(lambda: client.infer("loop", [endless], timeout=300_000), 504, "")


checks = {
    "health": health,
    "metadata": metadata,
    **{f"{datatype} in all combinations of JSON and binary data": values_of(datatype) for datatype in values},
    "all outputs by default": all_outputs_by_default,
    "gzip and deflate both ways": compression,
    "what is no number": not_a_number,
    "errors": errors,
}


def waits_later(client):
    results = [client.async_infer("FP32", inputs("FP32", values["FP32"], True)) for _ in range(8)]
    wrong = [None for result in results if not np.array_equal(result.get_result().as_numpy("y"), values["FP32"])]
    report("sync: async_infer", f"{len(wrong)} wrong" if wrong else None)


asyncio.run(run_both(checks, waits_later))
