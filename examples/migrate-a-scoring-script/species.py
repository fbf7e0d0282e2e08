"""The new way: the script's own steps as an MLflow model, which is its file (`mlflow.models.set_model`).

What reads the request and writes the answer is gone: MLflow does both, by the model's signature.
"""

from typing import Any

import joblib
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

SPECIES = ["setosa", "versicolor", "virginica"]


class Species(PythonModel):
    def load_context(self, context: Any) -> None:
        self.classifier = joblib.load(context.artifacts["classifier"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict | None = None) -> pd.DataFrame:
        probabilities = self.classifier.predict_proba(model_input)
        return pd.DataFrame(
            {
                "species": [SPECIES[row.argmax()] for row in probabilities],
                "probability": [round(float(row.max()), 4) for row in probabilities],
            }
        )


set_model(Species())
