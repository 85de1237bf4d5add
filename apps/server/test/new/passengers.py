# Trains a pipeline on columns of numbers and texts, and writes it as ONNX: python passengers.py FILE
import sys
import numpy
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

random = numpy.random.RandomState(0)
fare = random.uniform(5, 200, (300, 1)).astype(object)
sex = random.choice(["female", "male"], (300, 1))
survived = numpy.where((sex[:, 0] == "female") & (fare[:, 0] > 50), "yes", "no")
columns = ColumnTransformer([("numbers", StandardScaler(), [0]), ("texts", OneHotEncoder(handle_unknown="ignore"), [1])])
pipeline = Pipeline([("columns", columns), ("model", LogisticRegression())]).fit(numpy.hstack([fare, sex]), survived)
inputs = [("fare", FloatTensorType([None, 1])), ("sex", StringTensorType([None, 1]))]
model = convert_sklearn(pipeline, initial_types=inputs, options={"zipmap": False})
with open(sys.argv[1], "wb") as file:
    file.write(model.SerializeToString())
