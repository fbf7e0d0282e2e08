"""How many readings of a file are above a limit: `summarize.py FILE LIMIT`."""

import sys

import mlflow
import pandas

readings = pandas.read_csv(sys.argv[1])["value"]
with mlflow.start_run():
    mlflow.log_metric("readings", len(readings))
    mlflow.log_metric("above", int((readings > float(sys.argv[2])).sum()))
    mlflow.log_metric("mean", readings.mean())
