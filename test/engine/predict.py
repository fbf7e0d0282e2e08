"""Prints, as JSON, what MLflow itself says: the registered version by its own client, and the model's answers to every row of its data."""

import json
import sys

import mlflow
from mlflow import MlflowClient
from sklearn.datasets import load_breast_cancer

name, version = sys.argv[1:3]
frame = load_breast_cancer(as_frame=True).data
registered = MlflowClient().get_model_version(name, version)
model = mlflow.pyfunc.load_model(f"models:/{name}/{version}")
json.dump(
    {
        "version": registered.version,
        "status": registered.status,
        "tags": registered.tags,
        "request": {"input_data": frame.to_dict(orient="split")},
        "answers": model.predict(frame).tolist(),
    },
    sys.stdout,
)
