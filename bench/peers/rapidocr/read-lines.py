"""Reads images with RapidOCR: commands come as JSON lines on standard input, answers go to standard output.

{"load": {...}}   reads the models and the files, answers with the versions
{"round": true}   reads every file once; a line for each and one for the whole round
"""

import io
import json
import sys
import time
from importlib.metadata import version

import cv2
from PIL import Image, ImageOps
from rapidocr import ModelType, OCRVersion, RapidOCR
from rapidocr.ch_ppocr_det.utils import DetPreProcess
from rapidocr.utils.output import RapidOCROutput

# RapidOCR logs to standard output, which belongs to the answers.
answers = sys.stdout
sys.stdout = sys.stderr
cv2.setNumThreads(1)


class ObservedSession:
    """A session that remembers the size of its last input."""

    def __init__(self, session):
        self.session = session
        self.size = None

    def __call__(self, planes):
        self.size = [planes.shape[3], planes.shape[2]]
        return self.session(planes)


class TimedStage:
    """A stage of RapidOCR that adds up its time; RapidOCR's own figures lack images without text."""

    def __init__(self, stage):
        self.stage = stage
        self.milliseconds = 0

    def __call__(self, value):
        started = time.perf_counter()
        try:
            return self.stage(value)
        finally:
            self.milliseconds += (time.perf_counter() - started) * 1000

    def take(self):
        milliseconds, self.milliseconds = self.milliseconds, 0
        return milliseconds


class Peer:
    def __init__(self, load):
        models = load["models"]
        parameters = {
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": models["detection"],
            "Cls.model_path": models["orientation"],
            "Rec.model_path": models["recognition"],
            "Rec.rec_keys_path": models["dictionary"],
            **load["parameters"],
        }
        for section in ("Det", "Cls", "Rec"):
            parameters[f"{section}.ocr_version"] = OCRVersion.PPOCRV4
            parameters[f"{section}.model_type"] = ModelType.MOBILE
        self.engine = RapidOCR(params=parameters)
        engine = self.engine
        self.detector = engine._load_det_model()
        self.detector.session = ObservedSession(self.detector.session)
        engine.text_det = TimedStage(self.detector)
        engine.text_cls = TimedStage(engine._load_cls_model())
        engine.text_rec = TimedStage(engine._load_rec_model())
        self.stages = {"detection": engine.text_det, "orientation": engine.text_cls, "recognition": engine.text_rec}
        self.files = []
        for file in load["files"]:
            with open(file["path"], "rb") as opened:
                self.files.append((file, opened.read()))

    def read(self, file, data):
        self.detector.session.size = None
        self.look_at(file.get("size"))
        started = time.perf_counter()
        # Of bytes RapidOCR ignores the EXIF orientation, of a path it does not.
        try:
            result, error = self.engine(ImageOps.exif_transpose(Image.open(io.BytesIO(data)))), None
        except Exception as exception:  # One file that cannot be read is its result.
            result, error = RapidOCROutput(), str(exception) or type(exception).__name__
        milliseconds = (time.perf_counter() - started) * 1000
        lines = zip(result.txts or (), result.scores or (), result.boxes if result.boxes is not None else ())
        return {
            "file": file["path"],
            "lines": [
                {"text": text, "confidence": confidence, "polygon": box.tolist()} for text, confidence, box in lines
            ],
            "milliseconds": milliseconds,
            "detectionSize": self.detector.session.size,
            "error": error,
            "stages": {name: stage.take() for name, stage in self.stages.items()},
        }

    def look_at(self, size):
        """Detects at this width and height whatever the image's own size is; without them, as RapidOCR would."""
        detector = self.detector
        preprocess = DetPreProcess(detector.limit_side_len, detector.limit_type, detector.mean, detector.std)
        if size is not None:
            preprocess.resize = lambda image: cv2.resize(image, tuple(size))
        detector.get_preprocess = lambda: preprocess

    def round(self):
        started, started_cpu = time.perf_counter(), time.process_time()
        for file, data in self.files:
            yield self.read(file, data)
        yield {
            "milliseconds": (time.perf_counter() - started) * 1000,
            "cpuMs": (time.process_time() - started_cpu) * 1000,
        }


def answer(value):
    print(json.dumps(value), file=answers, flush=True)


peer = None
for line in sys.stdin:
    command = json.loads(line)
    if "load" in command:
        peer = Peer(command["load"])
        packages = ("rapidocr", "onnxruntime", "opencv-python-headless")
        answer({"versions": {name: version(name) for name in packages}})
    else:
        for value in peer.round():
            answer(value)
