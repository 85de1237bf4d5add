"""FastAPI and ONNX Runtime at PORT, WORKERS processes: the model opened at start, runs off the event loop and with a deadline."""

import asyncio
import os
from contextlib import asynccontextmanager

import numpy
from digits import open_model, pixels_of
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel

MAX_BYTES = 20 * 1024 * 1024
TIMEOUT_SECONDS = 60

score = None


class Picture(BaseModel):
    data: list[float]


class Scores(BaseModel):
    outputs: list[float]


@asynccontextmanager
async def lifespan(app: FastAPI):
    global score
    score = open_model()
    yield


app = FastAPI(lifespan=lifespan)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])


@app.get("/ready")
def ready():
    if score is None:
        raise HTTPException(503, "Model not loaded yet.")
    return {"status": "ready"}


async def run(pixels):
    if score is None:
        raise HTTPException(503, "Model not loaded yet.")
    loop = asyncio.get_running_loop()
    try:
        return await asyncio.wait_for(loop.run_in_executor(None, lambda: score(pixels)), timeout=TIMEOUT_SECONDS)
    except asyncio.TimeoutError:
        raise HTTPException(504, "Inference timed out.")


@app.post("/infer", response_model=Scores)
async def infer(picture: Picture):
    return Scores(outputs=(await run(pixels_of(picture.data))).ravel().tolist())


@app.post("/raw")
async def raw(request: Request):
    data = await request.body()
    if not data:
        raise HTTPException(400, "Empty upload.")
    if len(data) > MAX_BYTES:
        raise HTTPException(413, "File too large.")
    scores = await run(numpy.frombuffer(data, dtype=numpy.float32))
    return Response(scores.tobytes(), media_type="application/octet-stream")


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        "fastapi_app:app",
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        workers=int(os.environ["WORKERS"]),
        access_log=False,
        log_level="warning",
    )
