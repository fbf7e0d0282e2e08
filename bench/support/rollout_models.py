"""Trains the model that the bench of rollouts serves, spoils a copy of it, or prints the rows that it is asked for.

Usage: rollout_models.py train|slow|failing|wrong|rows FOLDER

`train` makes the folder: a classifier of the breast-cancer data by four of its columns, since what thirty cost in MLflow's checks and pandas would
be most of what two cores can do. `slow` takes a second for each request, `failing` raises for every fiftieth row of the data, `wrong` answers 1 whatever it is asked.
`rows` prints `{"columns": […], "rows": [[…]], "classes": […]}`: the data, and what the folder's model says of each row.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import cloudpickle
import mlflow
import numpy as np
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

COLUMNS = ["mean radius", "mean texture", "mean smoothness", "mean concavity"]
SERVING_REQUIREMENTS = ["azureml-ai-monitoring", "azureml-inference-server-http"]

data, targets = load_breast_cancer(return_X_y=True, as_frame=True)
rows = data[COLUMNS]


class Slow:
    def __init__(self, model):
        self.model = model

    def predict(self, data):
        time.sleep(1)
        return self.model.predict(data)


class Failing:
    def __init__(self, model, marks):
        self.model, self.marks = model, marks

    def predict(self, data):
        if any(float(value) in self.marks for value in np.asarray(data)[:, 0]):
            raise ValueError("this row is one of two in a hundred")
        return self.model.predict(data)


def train(folder: Path) -> None:
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(rows, targets)
    mlflow.sklearn.save_model(
        model,
        folder,
        signature=infer_signature(rows, model.predict(rows)),
        extra_pip_requirements=[f"{name}=={version(name)}" for name in SERVING_REQUIREMENTS],
    )


def main(kind: str, folder: Path) -> None:
    if kind == "train":
        train(folder)
        return
    model = mlflow.sklearn.load_model(folder)
    if kind == "rows":
        classes = [int(one) for one in model.predict(rows)]
        print(json.dumps({"columns": list(rows.columns), "rows": rows.to_numpy().tolist(), "classes": classes}))
        return
    marks = frozenset(float(value) for value in rows.iloc[::50, 0])
    spoilt = {
        "slow": lambda: Slow(model),
        "failing": lambda: Failing(model, marks),
        "wrong": lambda: DummyClassifier(strategy="constant", constant=1).fit([[0]], [1]),
    }[kind]()
    with open(folder / "model.pkl", "wb") as file:
        cloudpickle.dump(spoilt, file)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
