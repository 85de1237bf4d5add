"""Exports models of libraries for tables as their converters do by default, and writes what Python makes of some rows.

For each model of the folder that is named on the command line: NAME.onnx; and in cases.json the inputs as the Open Inference Protocol has them,
and what ONNX Runtime gives in Python. Where the library itself says the same is checked here.
"""

import json
import os
import sys

import catboost
import lightgbm
import numpy as np
import onnxmltools
import onnxruntime
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as FloatTensor
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import DictionaryType, FloatTensorType, StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.datasets import load_diabetes, load_iris, make_multilabel_classification
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    GradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
)
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.mixture import GaussianMixture
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

folder = sys.argv[1]
os.chdir(folder)
cases = {}

X, species = load_iris(return_X_y=True)
X = X.astype(np.float32)
names = np.array(["setosa", "versicolor", "virginica"], dtype=object)[species]
patients, progress = load_diabetes(return_X_y=True)
patients = patients.astype(np.float32)
points, topics = make_multilabel_classification(n_samples=200, n_features=6, n_classes=3, random_state=0)
points = points.astype(np.float32)
datatypes = {"float32": "FP32", "float64": "FP64", "int64": "INT64", "bool": "BOOL", "object": "BYTES", "str": "BYTES"}


def tensor(name, values):
    values = np.asarray(values)
    datatype = datatypes["str" if values.dtype.kind == "U" else str(values.dtype)]
    return {"name": name, "datatype": datatype, "shape": list(values.shape), "data": values.ravel().tolist()}


def output(name, value):
    """What is served for an output: a tensor, the tensors of a sequence, or maps whose keys are the classes of a tensor."""
    if not isinstance(value, list):
        return [tensor(name, value)]
    if isinstance(value[0], dict):
        return [{"name": name, "maps": [{str(key): float(score) for key, score in row.items()} for row in value]}]
    return [tensor(f"{name}_{index}", part) for index, part in enumerate(value)]


def add(name, exported, feeds, model=None, rows=None, served=None):
    """feeds: what Python is fed; served: what is sent instead of a map; model and rows: the library's own, to compare with."""
    content = exported if isinstance(exported, bytes) else exported.SerializeToString()
    with open(f"{name}.onnx", "wb") as file:
        file.write(content)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    values = session.run(None, feeds)
    if hasattr(model, "predict_proba"):
        last = values[-1]
        scores = np.array([list(row.values()) for row in last]) if isinstance(last, list) else last
        difference = np.abs(scores - model.predict_proba(rows)).max()
        assert difference < 1e-4, f"{name}: {difference}"
    outputs = [part for node, value in zip(session.get_outputs(), values) for part in output(node.name, value)]
    inputs = served or [tensor(key, value) for key, value in feeds.items()]
    cases[name] = {"inputs": inputs, "outputs": outputs}


some = X[::15]
for model in [
    LogisticRegression(),
    RandomForestClassifier(20, random_state=0),
    GradientBoostingClassifier(n_estimators=5),
    SVC(probability=True),
    GaussianNB(),
    KNeighborsClassifier(),
    MLPClassifier(max_iter=50),
    DecisionTreeClassifier(),
    AdaBoostClassifier(n_estimators=5),
    BaggingClassifier(n_estimators=3),
    CalibratedClassifierCV(LogisticRegression()),
    StackingClassifier([("regression", LogisticRegression()), ("bayes", GaussianNB())]),
    OneVsRestClassifier(LogisticRegression()),
]:
    add(type(model).__name__, to_onnx(model.fit(X, names), X[:1]), {"X": some}, model, some)
for model in [LinearSVC(), RidgeClassifier()]:
    add(type(model).__name__, to_onnx(model.fit(X, names), X[:1]), {"X": some})
for name, target in {"Whole": species, "Yes": species > 0}.items():
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, target)
    add(f"Pipeline{name}", to_onnx(model, X[:1]), {"X": some}, model, some)
add("KMeans", to_onnx(KMeans(3, random_state=0).fit(X), X[:1]), {"X": some})
add("GaussianMixture", to_onnx(GaussianMixture(3, random_state=0).fit(X), X[:1]), {"X": some})
forest = IsolationForest(n_estimators=5, random_state=0).fit(X)
add("IsolationForest", to_onnx(forest, X[:1], target_opset={"": 17, "ai.onnx.ml": 3}), {"X": some})
add("RandomForestRegressor", to_onnx(RandomForestRegressor(5).fit(patients, progress), patients[:1]), {"X": patients[:7]})
for model in [MultiOutputClassifier(LogisticRegression()), MLPClassifier(max_iter=20), OneVsRestClassifier(LogisticRegression())]:
    exported = to_onnx(model.fit(points, topics), points[:1])
    add(f"{type(model).__name__}OfTopics", exported, {"X": points[:9]})

facts = [{"area": 28.0, "rooms": 1.0}, {"area": 95.0, "garden": 1.0}, {"rooms": 4.0}]
model = make_pipeline(DictVectorizer(sparse=False), LogisticRegression()).fit(facts, [0, 1, 0])
exported = convert_sklearn(model, initial_types=[("x", DictionaryType(StringTensorType([1]), FloatTensorType([])))])
row = np.float32([[facts[1].get(key, 0) for key in model[0].get_feature_names_out()]])
add("DictVectorizer", exported, {"x": facts[1]}, model, facts[1:2], served=[tensor("x", row)])

texts = np.array([["a good day"], ["bad night"], ["good night"]], dtype=object)
model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts.ravel(), ["yes", "no", "yes"])
initial_types = [("x", StringTensorType([None, 1]))]
exported = convert_sklearn(model, initial_types=initial_types, options={TfidfVectorizer: {"locale": "C.UTF-8"}})
add("TfidfVectorizer", exported, {"x": texts}, model, texts.ravel())

four, ten = [("input", FloatTensor([None, 4]))], [("input", FloatTensor([None, 10]))]
for name, target in {"Whole": species, "Texts": names}.items():
    model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(X, target)
    add(f"LightGBM{name}", onnxmltools.convert_lightgbm(model, initial_types=four), {"input": some}, model, some)
model = lightgbm.LGBMRegressor(n_estimators=5, verbose=-1).fit(patients, progress)
add("LightGBMRegressor", onnxmltools.convert_lightgbm(model, initial_types=ten), {"input": patients[:7]})
for name, target in {"Whole": species, "Yes": (species > 0).astype(int)}.items():
    model = xgboost.XGBClassifier(n_estimators=5).fit(X, target)
    add(f"XGBoost{name}", onnxmltools.convert_xgboost(model, initial_types=four), {"input": some}, model, some)
model = xgboost.XGBRegressor(n_estimators=5).fit(patients, progress)
add("XGBoostRegressor", onnxmltools.convert_xgboost(model, initial_types=ten), {"input": patients[:7]})


def saved(model):
    model.save_model("catboost.tmp", format="onnx")
    with open("catboost.tmp", "rb") as file:
        return file.read()


quiet = {"iterations": 5, "verbose": 0, "allow_writing_files": False}
for name, target in {"Whole": species, "Texts": names}.items():
    model = catboost.CatBoostClassifier(**quiet).fit(X, target)
    add(f"CatBoost{name}", saved(model), {"features": some}, model, some)
add("CatBoostRegressor", saved(catboost.CatBoostRegressor(**quiet).fit(patients, progress)), {"features": patients[:7]})

os.remove("catboost.tmp")
with open("cases.json", "w") as file:
    json.dump({"onnxruntime": onnxruntime.__version__, "cases": cases}, file)
print(len(cases))
