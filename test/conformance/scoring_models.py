"""Models that the scoring tests deploy beside the example's, and what `mlflow.pyfunc` itself says of their inputs.

Usage: scoring_models.py make FOLDER        writes one model folder a kind
       scoring_models.py predict MODEL      reads `{"input_data": …}` bodies from standard input, one a line, and prints predictions
       scoring_models.py rows               prints the breast cancer rows as one body
"""

import json
import logging
import os
import sys
import time
import warnings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402
from sklearn.datasets import load_breast_cancer  # noqa: E402
from sklearn.tree import DecisionTreeClassifier  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.ERROR)
REQUIREMENTS = ["azureml-ai-monitoring"]


class Sum(mlflow.pyfunc.PythonModel):
    """Named tensors in, named tensor out."""

    def predict(self, context, model_input, params=None):
        return np.asarray(model_input["left"]) + np.asarray(model_input["right"])


class Records(mlflow.pyfunc.PythonModel):
    """A frame in and out; scaled by a parameter."""

    def predict(self, context, model_input, params=None):
        return pd.DataFrame({"scaled": model_input["value"] * (params or {}).get("scale", 1.0), "count": model_input["count"]})


class Slow(mlflow.pyfunc.PythonModel):
    """Takes as many seconds as it is told to."""

    def predict(self, context, model_input, params=None):
        seconds = float(model_input["seconds"].iloc[0])
        time.sleep(seconds)
        return [seconds]


def make(folder: str) -> None:
    def save(name: str, model, example, predicted, params=None) -> None:
        mlflow.pyfunc.save_model(
            os.path.join(folder, name),
            python_model=model,
            signature=infer_signature(example, predicted, params),
            pip_requirements=REQUIREMENTS,
        )

    rows, classes = load_breast_cancer(return_X_y=True)
    tree = DecisionTreeClassifier(random_state=0, max_depth=4).fit(rows, classes)
    mlflow.sklearn.save_model(
        tree,
        os.path.join(folder, "tensor"),
        signature=infer_signature(rows, tree.predict(rows)),
        pip_requirements=REQUIREMENTS,
    )
    pair = {"left": np.array([1.0, 2.0]), "right": np.array([3.0, 4.0])}
    save("named", Sum(), pair, pair["left"] + pair["right"])
    table = pd.DataFrame({"value": [1.5, 2.5], "count": [1, 2]})
    save("records", Records(), table, table.rename(columns={"value": "scaled"}), {"scale": 1.0})
    save("slow", Slow(), pd.DataFrame({"seconds": [0.5]}), [0.5])


def predict(model: str) -> None:
    loaded = mlflow.pyfunc.load_model(model)
    for line in sys.stdin:
        data = json.loads(line)["input_data"]
        if isinstance(data, list):
            given = np.asarray(data)
        elif "columns" in data:
            schema = loaded.metadata.get_input_schema()
            types = dict(zip(schema.input_names(), schema.pandas_types()))
            given = pd.DataFrame(data["data"], columns=data["columns"]).astype(types)
        else:
            given = {name: np.asarray(value) for name, value in data.items()}
        predicted = loaded.predict(given)
        print(json.dumps(predicted.to_dict("records") if isinstance(predicted, pd.DataFrame) else np.asarray(predicted).tolist()))


def main() -> None:
    if sys.argv[1] == "make":
        make(sys.argv[2])
    elif sys.argv[1] == "predict":
        predict(sys.argv[2])
    else:
        rows = load_breast_cancer(as_frame=True).data
        print(json.dumps({"input_data": rows.to_dict("split")}))


if __name__ == "__main__":
    main()
