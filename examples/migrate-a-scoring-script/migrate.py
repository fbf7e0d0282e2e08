"""Makes an MLflow model of the old plain file, without training anew: the same classifier, and the scoring script's steps as `species.py`.

Usage: migrate.py [FOLDER]      (`old-model` and `mlflow-model` are in it; default: the folder of this file)
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
from mlflow.models import ModelSignature  # noqa: E402
from mlflow.types import ColSpec, Schema  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.ERROR)

COLUMNS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec("double", name) for name in COLUMNS]),
    outputs=Schema([ColSpec("string", "species"), ColSpec("double", "probability")]),
)
# What the old environment had, MLflow, and what Azure ML's no-code serving imports whatever the model is.
REQUIREMENTS = ["mlflow", "joblib", "pandas", "scikit-learn", "azureml-ai-monitoring", "azureml-inference-server-http"]


def main() -> None:
    here = Path(__file__).parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    migrated = folder / "mlflow-model"
    shutil.rmtree(migrated, ignore_errors=True)
    # Saving asks for a tracking store, which would be left in the caller's folder.
    with tempfile.TemporaryDirectory() as store:
        mlflow.set_tracking_uri(Path(store).as_uri())
        mlflow.pyfunc.save_model(
            path=str(migrated),
            python_model=str(here / "species.py"),
            artifacts={"classifier": str(folder / "old-model" / "classifier.joblib")},
            signature=SIGNATURE,
            pip_requirements=[f"{name}=={version(name)}" for name in REQUIREMENTS],
        )
    print(f"MLflow model: {migrated}")


if __name__ == "__main__":
    main()
