"""Spoils a copy of the breast-cancer example's model, or prints the rows that it is asked for.

Usage: bad_models.py slow|failing|wrong FOLDER     bad_models.py rows FOLDER

`slow` takes a second for each request, `failing` raises for every fiftieth row of the data, `wrong` answers 1 whatever it is asked.
`rows` prints `{"columns": […], "rows": [[…]], "classes": […]}`: the data, and what the folder's model says of each row.
"""

import json
import sys
import time
from pathlib import Path

import cloudpickle
import mlflow
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.dummy import DummyClassifier

rows, _ = load_breast_cancer(return_X_y=True, as_frame=True)


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


def main(kind: str, folder: Path) -> None:
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
