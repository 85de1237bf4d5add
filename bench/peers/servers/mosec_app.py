"""mosec at PORT: JSON at /infer and bytes at /raw, WORKERS processes for each."""

import os

import numpy
from digits import open_model, pixels_of
from mosec import Runtime, Server, Worker


class JsonDigits(Worker):
    def __init__(self):
        self.score = open_model()

    def forward(self, data):
        return {"outputs": self.score(pixels_of(data["data"])).ravel().tolist()}


class RawDigits(Worker):
    def __init__(self):
        self.score = open_model()

    def deserialize(self, data):
        return numpy.frombuffer(data, dtype=numpy.float32)

    def serialize(self, data):
        return data.tobytes()

    def forward(self, data):
        return self.score(data)


if __name__ == "__main__":
    workers = int(os.environ["WORKERS"])
    # Its options come from the command line or from the environment.
    os.environ.update(MOSEC_ADDRESS="127.0.0.1", MOSEC_PORT=os.environ["PORT"], MOSEC_LOG_LEVEL="warning")
    server = Server()
    server.register_runtime(
        {
            "/infer": [Runtime(JsonDigits, num=workers)],
            "/raw": [Runtime(RawDigits, num=workers)],
        }
    )
    server.run()
