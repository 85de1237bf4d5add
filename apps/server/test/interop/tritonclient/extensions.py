"""Asks a running server with tritonclient for what Triton has beyond the protocol: model configuration, statistics, and
extensions that there are not. It measures a model as perf_analyzer does.

Usage: extensions.py HOST:PORT. Prints one line of JSON for each check: its name, and what went wrong or null.
The models are those of tritonclient.verify.ts.
"""

import asyncio

import numpy as np
import tritonclient.http as sync_http
from tritonclient.utils import triton_to_np_dtype

from checks import call, check_equal, inputs, refused, run_both, values


async def configuration(client):
    for datatype in values:
        config = await call(client.get_model_config(datatype))
        metadata = await call(client.get_model_metadata(datatype))
        assert config["name"] == datatype and config["max_batch_size"] == 0, config
        assert (config["platform"], config["backend"]) == ("onnxruntime_onnx", "onnxruntime"), config
        for kind, tensors in (("input", metadata["inputs"]), ("output", metadata["outputs"])):
            triton = {"BYTES": "STRING"}.get(datatype, datatype)
            wanted = [(tensor["name"], f"TYPE_{triton}", tensor["shape"]) for tensor in tensors]
            actual = [(tensor["name"], tensor["data_type"], tensor["dims"]) for tensor in config[kind]]
            assert actual == wanted, f"{actual} is not {wanted}"
    assert await call(client.get_model_config("FP32", "1")) == await call(client.get_model_config("FP32"))
    await refused(lambda: client.get_model_config("nothing"), 404, 'No model "nothing"')


async def statistics_of(client, *name):
    (only,) = (await call(client.get_inference_statistics(*name)))["model_stats"]
    return only


async def statistics(client):
    everything = await call(client.get_inference_statistics())
    assert {"FP32", "loop"} <= {model["name"] for model in everything["model_stats"]}, everything
    before = await statistics_of(client, "INT32", "1")
    tensor = inputs("INT32", values["INT32"], True)
    await call(client.infer("INT32", tensor))
    await call(client.infer("INT32", tensor))
    await refused(lambda: client.infer("INT32", tensor, outputs=[sync_http.InferRequestedOutput("z")]), 400, "Unknown output")
    after = await statistics_of(client, "INT32")
    grown = {
        name: after["inference_stats"][name]["count"] - before["inference_stats"][name]["count"]
        for name in ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output", "cache_hit")
    }
    wanted = {name: 2 for name in grown} | {"fail": 1, "cache_hit": 0}
    assert grown == wanted, f"{grown} is not {wanted}"
    assert after["inference_count"] - before["inference_count"] == 2, after
    assert after["last_inference"] > before["last_inference"], after
    await refused(lambda: client.get_inference_statistics("nothing"), 404, 'No model "nothing"')


async def a_measurement(client):
    """As perf_analyzer: inputs made from the metadata, some requests at a time, and the difference of statistics."""
    metadata = await call(client.get_model_metadata("FP64"))
    config = await call(client.get_model_config("FP64", metadata["versions"][-1]))
    assert not config["model_transaction_policy"]["decoupled"] and "sequence_batching" not in config, config
    (tensor,) = metadata["inputs"]
    array = np.zeros([1 if axis < 0 else axis for axis in tensor["shape"]], triton_to_np_dtype(tensor["datatype"]))
    before = await statistics_of(client, "FP64", "1")
    requests = 40
    answers = await asyncio.gather(
        *(
            call(client.infer("FP64", inputs("FP64", array, number % 2 == 0), request_id=str(number), priority=1))
            for number in range(requests)
        )
    )
    for number, answer in enumerate(answers):
        check_equal(answer.as_numpy("y"), array, f"request {number}")
        assert answer.get_response()["id"] == str(number)
    after = await statistics_of(client, "FP64", "1")
    grown = {name: after[name] - before[name] for name in ("inference_count", "execution_count")}
    assert grown["inference_count"] == requests and 0 < grown["execution_count"] <= requests, grown
    in_batches = sum(batch["batch_size"] * batch["compute_infer"]["count"] for batch in after["batch_stats"])
    assert in_batches == after["inference_stats"]["compute_infer"]["count"], after
    assert after["inference_stats"]["compute_infer"]["ns"] > before["inference_stats"]["compute_infer"]["ns"], after


async def what_there_is_not(client):
    await refused(lambda: client.get_trace_settings(), 404, "OTEL_EXPORTER_OTLP_ENDPOINT")
    await refused(lambda: client.update_trace_settings("FP32", {"trace_rate": "2"}), 404, "OTEL_EXPORTER_OTLP_ENDPOINT")
    await refused(lambda: client.get_log_settings(), 404, "LOG_LEVEL")
    await refused(lambda: client.update_log_settings({"log_verbose_level": 1}), 404, "LOG_LEVEL")
    for attempt in (
        lambda: client.get_system_shared_memory_status(),
        lambda: client.register_system_shared_memory("mine", "/mine", 64),
        lambda: client.unregister_system_shared_memory(),
        lambda: client.get_cuda_shared_memory_status("mine"),
        lambda: client.register_cuda_shared_memory("mine", b"handle", 0, 64),
        lambda: client.unregister_cuda_shared_memory("mine"),
    ):
        await refused(attempt, 404, "Shared memory is not supported: send and request tensors as binary data.")
    (shared,) = inputs("FP32", values["FP32"], True)
    shared.set_shared_memory("mine", 8)
    await refused(lambda: client.infer("FP32", [shared]), 400, "Shared memory is not supported")


async def repository(client):
    """Without MODEL_CONTROL=explicit."""
    index = await call(client.get_model_repository_index())
    assert {"name": "FP32", "version": "1", "state": "READY", "reason": ""} in index, index
    await refused(lambda: client.load_model("FP32"), 400, "Set MODEL_CONTROL=explicit")
    await refused(lambda: client.unload_model("FP32"), 400, "Set MODEL_CONTROL=explicit")


async def what_is_ignored(client):
    """Priorities, parameters of one's own and queries, as Triton takes them."""
    answer = await call(
        client.infer(
            "FP32",
            inputs("FP32", values["FP32"], True),
            priority=3,
            timeout=30_000_000,
            parameters={"mine": "yes"},
            query_params={"trace": 1},
            headers={"x-request-id": "from-python"},
        )
    )
    check_equal(answer.as_numpy("y"), values["FP32"], "with parameters")


asyncio.run(
    run_both(
        {
            "configuration": configuration,
            "statistics": statistics,
            "a measurement": a_measurement,
            "repository": repository,
            "what there is not": what_there_is_not,
            "what is ignored": what_is_ignored,
        }
    )
)
