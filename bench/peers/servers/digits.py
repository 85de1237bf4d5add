"""The model of all peers: the file at MODEL, on one thread, 784 numbers in and ten out."""

import os

import numpy
import onnxruntime

SHAPE = (1, 1, 28, 28)


def open_model():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
    return lambda pixels: session.run(None, {"image": pixels.reshape(SHAPE)})[0]


def pixels_of(numbers):
    return numpy.asarray(numbers, dtype=numpy.float32)
