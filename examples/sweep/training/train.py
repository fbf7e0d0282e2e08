"""One trial: a classifier of wines with these values, judged on rows that it did not learn from.

    train.py STRENGTH KERNEL
"""

import sys

import mlflow
from sklearn.datasets import load_wine
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

strength, kernel = float(sys.argv[1]), sys.argv[2]
features, classes = load_wine(return_X_y=True, as_frame=True)
model = make_pipeline(StandardScaler(), SVC(C=strength, kernel=kernel))
mlflow.log_params({"strength": strength, "kernel": kernel})

# What the sweep looks for has this very name in it.
mlflow.log_metric("accuracy", cross_val_score(model, features, classes, cv=5).mean())

model.fit(features, classes)
mlflow.sklearn.log_model(model, artifact_path="model", input_example=features.head(2))
