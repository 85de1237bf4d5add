"""PyTriton: the Triton of its wheel in front of WORKERS Python processes; HTTP at PORT."""

import os

import numpy
from digits import open_model
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig


def instance():
    score = open_model()

    def infer(requests):
        return [{"scores": score(request.data["image"])} for request in requests]

    return infer


if __name__ == "__main__":
    config = TritonConfig(
        http_address="127.0.0.1",
        http_port=int(os.environ["PORT"]),
        grpc_port=int(os.environ["PORT"]) + 1,
        allow_metrics=False,
    )
    with Triton(config=config) as triton:
        triton.bind(
            model_name="digits",
            infer_func=[instance() for _ in range(int(os.environ["WORKERS"]))],
            inputs=[Tensor(name="image", dtype=numpy.float32, shape=(1, 1, 28, 28))],
            outputs=[Tensor(name="scores", dtype=numpy.float32, shape=(1, 10))],
            config=ModelConfig(batching=False),
        )
        triton.serve()
