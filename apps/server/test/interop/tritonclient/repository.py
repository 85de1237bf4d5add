"""Loads, replaces and unloads models with tritonclient, whose plugin sends the key.

Usage: repository.py HOST:PORT KEY REPOSITORY FILES. Prints one line of JSON for each check: its name, and what went wrong or null.
FILES has one.onnx and ten.onnx, which add 1 and 10, and broken.onnx; the server reads REPOSITORY, which has none of them.
"""

import asyncio
import pathlib
import shutil
import sys

import numpy as np
from tritonclient.http import InferenceServerClientPlugin

from checks import call, check_equal, inputs, refused, run_both

key, repository, files = sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
row = np.array([[1, 2]], np.float32)


class Key(InferenceServerClientPlugin):
    def __call__(self, request):
        request.headers["authorization"] = f"Bearer {key}"


def put(name, file):
    shutil.copy(files / file, repository / f"{name}.onnx")


async def answers(client, name, wanted):
    answer = await call(client.infer(name, inputs("FP32", row, True)))
    check_equal(answer.as_numpy("y"), np.array([wanted], np.float32), name)


async def states(client, name):
    index = await call(client.get_model_repository_index())
    return [(entry["version"], entry["state"]) for entry in index if entry["name"] == name]


async def key_is_needed(client):
    await refused(client.get_model_repository_index, 401, "")
    await refused(lambda: client.load_model("plus"), 401, "")
    client.register_plugin(Key())


async def life(client):
    server = await call(client.get_server_metadata())
    assert "model_repository" in server["extensions"], server
    put("plus", "one.onnx")
    assert await states(client, "plus") == [("", "UNAVAILABLE")]
    assert not await call(client.is_model_ready("plus"))
    await call(client.load_model("plus"))
    assert await call(client.is_model_ready("plus"))
    assert await states(client, "plus") == [("1", "READY")]
    await answers(client, "plus", [2, 3])
    config = await call(client.get_model_config("plus"))
    assert [tensor["dims"] for tensor in config["input"]] == [[-1, 2]], config

    put("plus", "ten.onnx")
    await call(client.load_model("plus"))
    await answers(client, "plus", [11, 12])
    (statistics,) = (await call(client.get_inference_statistics("plus")))["model_stats"]
    assert statistics["inference_stats"]["success"]["count"] >= 2, statistics

    await call(client.unload_model("plus", unload_dependents=True))
    assert not await call(client.is_model_ready("plus"))
    await refused(lambda: client.get_inference_statistics("plus"), 404, 'No model "plus"')
    await refused(lambda: client.infer("plus", inputs("FP32", row, True)), 404, 'No model "plus"')
    (repository / "plus.onnx").unlink()
    assert await states(client, "plus") == []


async def refusals(client):
    put("plus", "one.onnx")
    await call(client.load_model("plus"))
    put("plus", "broken.onnx")
    await refused(lambda: client.load_model("plus"), 400, "Still served: version 1.")
    await answers(client, "plus", [2, 3])
    await refused(lambda: client.load_model("plus", config="{}"), 400, "The parameter config is not supported")
    content = {"file:1/model.onnx": (files / "one.onnx").read_bytes()}
    await refused(lambda: client.load_model("plus", files=content, config="{}"), 400, "is not supported")
    await refused(lambda: client.load_model("nothing"), 404, "nothing")
    await refused(lambda: client.unload_model("nothing"), 404, "nothing")
    await call(client.unload_model("plus"))
    (repository / "plus.onnx").unlink()


asyncio.run(run_both({"a key is needed": key_is_needed, "the life of a model": life, "refusals": refusals}))
