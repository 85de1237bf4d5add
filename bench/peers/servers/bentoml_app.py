"""BentoML: WORKERS processes, each with the model."""

import os

import bentoml
from digits import open_model, pixels_of


@bentoml.service(workers=int(os.environ["WORKERS"]), traffic={"timeout": 60})
class Digits:
    def __init__(self):
        self.score = open_model()

    @bentoml.api
    def infer(self, data: list[float]) -> dict:
        return {"outputs": self.score(pixels_of(data)).ravel().tolist()}
