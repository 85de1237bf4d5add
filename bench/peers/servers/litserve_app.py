"""LitServe at PORT: WORKERS processes for the model, and as many for HTTP."""

import os

import litserve
from digits import open_model, pixels_of


class Digits(litserve.LitAPI):
    def setup(self, device):
        self.score = open_model()

    def decode_request(self, request):
        return pixels_of(request["data"])

    def predict(self, pixels):
        return self.score(pixels)

    def encode_response(self, scores):
        return {"outputs": scores.ravel().tolist()}


if __name__ == "__main__":
    workers = int(os.environ["WORKERS"])
    server = litserve.LitServer(Digits(api_path="/infer"), accelerator="cpu", workers_per_device=workers)
    server.run(
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        num_api_servers=workers,
        generate_client_file=False,
        log_level="warning",
    )
