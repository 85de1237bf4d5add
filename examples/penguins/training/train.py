"""Trains a pipeline that tells the species of a penguin, exports it to ONNX, and compares both.

python train.py FOLDER   writes penguins.onnx and parity.json
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from palmerpenguins import load_penguins
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDER = Path(sys.argv[1])
NUMBERS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
TEXTS = ["island", "sex"]

penguins = load_penguins().dropna()
# Columns of pandas' own text type are not what the converter knows.
rows = penguins[NUMBERS].astype(np.float32).join(penguins[TEXTS].astype(object))
used, held_out, used_species, species = train_test_split(
    rows, penguins["species"].to_numpy(dtype=object), test_size=0.3, random_state=7
)

pipeline = make_pipeline(
    ColumnTransformer(
        [("numbers", StandardScaler(), NUMBERS), ("texts", OneHotEncoder(handle_unknown="ignore"), TEXTS)]
    ),
    LogisticRegression(max_iter=1000),
)
pipeline.fit(used, used_species)

model = convert_sklearn(
    pipeline,
    initial_types=[
        *((name, FloatTensorType([None, 1])) for name in NUMBERS),
        *((name, StringTensorType([None, 1])) for name in TEXTS),
    ],
    options={"zipmap": False},  # probabilities as a tensor; the default is a list of maps
    target_opset=17,
)
FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "penguins.onnx").write_bytes(model.SerializeToString())


def column(name):
    values = held_out[name].to_numpy()
    return values.reshape(-1, 1) if name in TEXTS else values.astype(np.float32).reshape(-1, 1)


session = onnxruntime.InferenceSession(model.SerializeToString())
label, probabilities = session.run(None, {name: column(name) for name in [*NUMBERS, *TEXTS]})
expected = pipeline.predict_proba(held_out)
report = {
    "accuracy": round(float((label == species).mean()), 4),
    "sameLabels": bool((label == pipeline.predict(held_out)).all()),
    "largestDifference": float(np.abs(probabilities - expected).max()),
}
print(json.dumps(report))

# What the service must answer too.
parity = [
    {"row": row, "species": label, "probabilities": dict(zip(pipeline.classes_, values.tolist()))}
    for row, label, values in zip(held_out.head(12).to_dict("records"), pipeline.predict(held_out), expected)
]
(FOLDER / "parity.json").write_text(json.dumps(parity, indent=1) + "\n")
