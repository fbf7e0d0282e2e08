"""Learns which tumours are malignant: `train.py ROWS STRENGTH MODEL`, where the model goes as MLflow saves it."""

import pathlib
import sys

import mlflow
import pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

table = pandas.read_csv(pathlib.Path(sys.argv[1], "rows.csv"))
rows, classes = table.drop(columns="benign"), table["benign"]
classifier = make_pipeline(StandardScaler(), LogisticRegression(C=float(sys.argv[2]))).fit(rows, classes)

mlflow.log_param("strength", sys.argv[2])
signature = mlflow.models.infer_signature(rows, classifier.predict(rows))
mlflow.sklearn.save_model(classifier, sys.argv[3], signature=signature, input_example=rows.head(2))
