"""Trains a classifier of irises and leaves it as a plain file, as it was done before MLflow.

Usage: train.py [FOLDER]      (default: `old-model` beside this file)
"""

import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

COLUMNS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "old-model")
    folder.mkdir(parents=True, exist_ok=True)
    rows, species = load_iris(return_X_y=True, as_frame=True)
    rows.columns = COLUMNS
    # So near to the optimum, every machine's model gives the same four decimals.
    classifier = LogisticRegression(solver="newton-cholesky", tol=1e-10)
    joblib.dump(classifier.fit(rows, species), folder / "classifier.joblib")
    print(f"plain model: {folder / 'classifier.joblib'}")


if __name__ == "__main__":
    main()
