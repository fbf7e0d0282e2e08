"""Learns which wine it is, on the wine data that scikit-learn ships, and logs it as a model of a class of its own with its artifacts."""

import tempfile
from pathlib import Path

import joblib
import mlflow
from mlflow.models import infer_signature
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sommelier import Sommelier

COLUMNS = ["alcohol", "flavanoids", "color_intensity", "proline"]

rows, classes = load_wine(return_X_y=True, as_frame=True)
rows_train, rows_test, classes_train, classes_test = train_test_split(
    rows[COLUMNS], classes, test_size=0.25, random_state=7, stratify=classes
)
with mlflow.start_run(), tempfile.TemporaryDirectory() as folder:
    classifier = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows_train, classes_train)
    mlflow.log_metric("accuracy", classifier.score(rows_test, classes_test))
    file = Path(folder, "classifier.joblib")
    joblib.dump(classifier, file)
    mlflow.pyfunc.log_model(
        "model",
        python_model=Sommelier(),
        artifacts={"classifier": str(file), "wines": "wines.json"},
        code_paths=["sommelier.py"],
        signature=infer_signature(rows_test, ["Barolo"]),
        pip_requirements=["mlflow==2.22.5", "pandas==2.3.3", "scikit-learn==1.9.1"],
    )
