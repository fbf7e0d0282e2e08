"""How often a model is right on rows that it has not learned from: `judge.py MODEL ROWS`."""

import pathlib
import sys

import mlflow
import pandas

model = mlflow.pyfunc.load_model(sys.argv[1])
table = pandas.read_csv(pathlib.Path(sys.argv[2], "rows.csv"))
accuracy = float((model.predict(table.drop(columns="benign")) == table["benign"]).mean())
mlflow.log_metric("accuracy", accuracy)
print(f"accuracy {accuracy:.3f} on {len(table)} rows")
