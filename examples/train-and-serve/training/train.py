"""Learns which tumours are malignant, on the breast cancer data that scikit-learn ships, and logs run and model to MLflow.

Usage: train.py STRENGTH      how far the classifier may follow the data: scikit-learn's C, above 0
"""

import sys

import mlflow
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

COLUMNS = ["worst radius", "worst texture", "worst concave points"]

rows, classes = load_breast_cancer(return_X_y=True, as_frame=True)
rows_train, rows_test, classes_train, classes_test = train_test_split(
    rows[COLUMNS], classes, test_size=0.25, random_state=7, stratify=classes
)

# Parameters, signature and model are logged by themselves; the block keeps all of it in one run, which is the job's.
mlflow.autolog()
with mlflow.start_run():
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=float(sys.argv[1])))
    classifier.fit(rows_train, classes_train)

    # What the model is judged by: rows that it has not learned from.
    benign = classifier.predict_proba(rows_test)[:, 1]
    accuracy = float(accuracy_score(classes_test, benign > 0.5))
    mlflow.log_metrics({"accuracy": accuracy, "auc": float(roc_auc_score(classes_test, benign))})
print(f"accuracy {accuracy:.3f} on {len(rows_test)} rows")
