"""An elastic net on the diabetes data that scikit-learn ships."""

import argparse

import mlflow
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--alpha", type=float)
parser.add_argument("--l1-ratio", type=float)
parser.add_argument("--note")
# A parameter that MLproject does not declare comes after the others.
parser.add_argument("--test-size", type=float, default=0.25)
arguments = parser.parse_args()

rows, targets = load_diabetes(return_X_y=True, as_frame=True)
train_rows, test_rows, train_targets, test_targets = train_test_split(
    rows, targets, test_size=arguments.test_size, random_state=7
)
with mlflow.start_run():
    model = ElasticNet(alpha=arguments.alpha, l1_ratio=arguments.l1_ratio, random_state=7).fit(train_rows, train_targets)
    predicted = model.predict(test_rows)
    mlflow.set_tag("note", arguments.note)
    mlflow.log_metric("mae", mean_absolute_error(test_targets, predicted))
    mlflow.log_metric("r2", r2_score(test_targets, predicted))
    mlflow.log_metric("test_rows", len(test_rows))
