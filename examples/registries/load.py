"""Loads a model from the workspace that took it, and asks it about tumours that are known.

Usage: load.py MODEL_URI      (MLFLOW_TRACKING_URI says of which workspace)
"""

import os
import sys
import warnings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
from sklearn.datasets import load_breast_cancer  # noqa: E402


def main() -> None:
    tumours = load_breast_cancer(as_frame=True)
    model = mlflow.pyfunc.load_model(sys.argv[1])
    table = tumours.data.head(5)[["mean radius", "mean texture"]].assign(
        known=tumours.target.head(5), predicted=model.predict(tumours.data.head(5))
    )
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
