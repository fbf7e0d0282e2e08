"""Trains a classifier on scikit-learn's breast cancer data and leaves it as an MLflow model folder.

Usage: train.py [FOLDER]      (default: `model` beside this file)

The folder appears whole or not at all, and holds the model as `mlflow.sklearn.log_model` wrote it.
"""

import logging
import os
import shutil
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"
warnings.filterwarnings("ignore", module="mlflow|pydantic")

import mlflow  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402
from sklearn.datasets import load_breast_cancer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.metrics import accuracy_score, roc_auc_score  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.ERROR)

# Azure ML's no-code serving imports these whatever the model is; MLflow infers what the model itself needs.
SERVING_REQUIREMENTS = ["azureml-ai-monitoring", "azureml-inference-server-http"]


def train(store: Path) -> Path:
    """Trains and logs in a run of a throw-away store; returns the logged model's folder inside it."""
    rows, classes = load_breast_cancer(return_X_y=True, as_frame=True)
    rows_train, rows_test, classes_train, classes_test = train_test_split(
        rows, classes, test_size=0.25, random_state=7, stratify=classes
    )
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    mlflow.set_tracking_uri((store / "runs").as_uri())
    mlflow.set_experiment("breast-cancer")
    with mlflow.start_run():
        classifier.fit(rows_train, classes_train)
        benign = classifier.predict_proba(rows_test)[:, 1]
        accuracy = accuracy_score(classes_test, benign > 0.5)
        auc = roc_auc_score(classes_test, benign)
        mlflow.log_metrics({"accuracy": accuracy, "auc": auc})
        logged = mlflow.sklearn.log_model(
            classifier,
            artifact_path="model",
            signature=infer_signature(rows_train, classifier.predict(rows_train)),
            input_example=rows_test.head(2),
            extra_pip_requirements=[f"{name}=={version(name)}" for name in SERVING_REQUIREMENTS],
        )
        folder = Path(mlflow.artifacts.download_artifacts(logged.model_uri, dst_path=str(store / "logged")))
    print(f"trained on {len(rows_train)} rows: accuracy {accuracy:.3f}, auc {auc:.3f} on {len(rows_test)} others")
    return folder


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "model").resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".model-", dir=target.parent) as scratch:
        folder = train(Path(scratch))
        if target.exists():
            shutil.move(target, Path(scratch) / "before")
        os.rename(folder, target)
    print(f"model folder: {target}")


if __name__ == "__main__":
    main()
