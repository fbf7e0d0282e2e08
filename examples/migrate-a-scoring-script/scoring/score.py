"""The old way: what Azure ML calls for the plain file `classifier.joblib`.

A request is a table as `{"input_data": {"columns": […], "data": [[…]]}}`; the answer a list with the species of each row, and how sure that is.
"""

import json
import os
from pathlib import Path

import joblib
import pandas as pd

SPECIES = ["setosa", "versicolor", "virginica"]
classifier = None


def init() -> None:
    global classifier
    classifier = joblib.load(Path(os.environ["AZUREML_MODEL_DIR"], "old-model", "classifier.joblib"))


def run(request: str) -> list[dict]:
    table = json.loads(request)["input_data"]
    rows = pd.DataFrame(table["data"], columns=table["columns"])
    probabilities = classifier.predict_proba(rows)
    return [{"species": SPECIES[row.argmax()], "probability": round(float(row.max()), 4)} for row in probabilities]
