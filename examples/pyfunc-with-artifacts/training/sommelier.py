"""The model's own class: `predict` names a wine, or says that it is not sure, by what is in its two artifacts."""

import json
from pathlib import Path

import joblib
import mlflow


class Sommelier(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        self.classifier = joblib.load(context.artifacts["classifier"])
        self.wines = json.loads(Path(context.artifacts["wines"]).read_text(encoding="utf8"))

    def predict(self, context, model_input, params=None):
        chances = self.classifier.predict_proba(model_input)
        return [
            self.wines["names"][row.argmax()] if row.max() >= self.wines["sure"] else "not sure" for row in chances
        ]
