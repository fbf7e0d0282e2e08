"""The old way in batch: what Azure ML calls for the plain file `classifier.joblib`, some files at a time.

A line of the output is row, species, probability and file.
"""

import os
from pathlib import Path

import joblib
import pandas as pd

SPECIES = ["setosa", "versicolor", "virginica"]
classifier = None


def init() -> None:
    global classifier
    classifier = joblib.load(Path(os.environ["AZUREML_MODEL_DIR"], "old-model", "classifier.joblib"))


def run(mini_batch: list[str]) -> pd.DataFrame:
    return pd.concat([scored(Path(file)) for file in mini_batch])


def scored(file: Path) -> pd.DataFrame:
    probabilities = classifier.predict_proba(pd.read_csv(file))
    return pd.DataFrame(
        {
            "row": range(len(probabilities)),
            "species": [SPECIES[row.argmax()] for row in probabilities],
            "probability": [round(float(row.max()), 4) for row in probabilities],
            "file": file.name,
        }
    )
