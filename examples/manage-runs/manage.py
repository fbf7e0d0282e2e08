"""Logs runs, finds and compares them, deletes the worst, restores it, and draws what it compared.

Usage: manage.py EXPERIMENT      (MLFLOW_TRACKING_URI says where)
"""

import os
import sys
import warnings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"
warnings.filterwarnings("ignore")

import matplotlib  # noqa: E402

matplotlib.use("Agg")

import mlflow  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import ViewType  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402
from sklearn.metrics import accuracy_score  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from sklearn.tree import DecisionTreeClassifier  # noqa: E402

DEPTHS = [2, 5, 12]
TRAINED = "tags.kind = 'trained'"


def log_runs() -> None:
    """A run for each depth of the tree."""
    pixels, digits = load_digits(return_X_y=True)
    pixels_train, pixels_test, digits_train, digits_test = train_test_split(
        pixels, digits, test_size=0.25, random_state=7, stratify=digits
    )
    for depth in DEPTHS:
        with mlflow.start_run(run_name=f"depth {depth}"):
            classifier = DecisionTreeClassifier(max_depth=depth, random_state=7).fit(pixels_train, digits_train)
            mlflow.set_tag("kind", "trained")
            mlflow.log_param("depth", depth)
            mlflow.log_metric("accuracy", accuracy_score(digits_test, classifier.predict(pixels_test)))


def compared():
    """The trained runs, best first, as a table."""
    return mlflow.search_runs(filter_string=TRAINED, order_by=["metrics.accuracy DESC"])


def draw(found) -> Figure:
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.subplots()
    axes.bar(found["params.depth"], found["metrics.accuracy"])
    axes.set(xlabel="depth", ylabel="accuracy", ylim=(0, 1))
    return figure


def main() -> None:
    mlflow.set_experiment(sys.argv[1])
    client = MlflowClient()
    log_runs()

    found = compared()
    print(found[["tags.mlflow.runName", "params.depth", "metrics.accuracy", "status"]].to_string(index=False))
    good = mlflow.search_runs(filter_string=f"{TRAINED} and metrics.accuracy > 0.8")
    print(f"{len(good)} of {len(found)} are above 0.8")

    worst = found.iloc[-1]["run_id"]
    client.delete_run(worst)
    deleted = mlflow.search_runs(filter_string=TRAINED, run_view_type=ViewType.DELETED_ONLY)
    print(f"deleted: {len(compared())} are left, {len(deleted)} can be restored")
    client.restore_run(worst)
    print(f"restored: {len(compared())} are there")

    with mlflow.start_run(run_name="comparison") as comparison:
        mlflow.log_figure(draw(found), "comparison.png")
        mlflow.log_table(found[["run_id", "params.depth", "metrics.accuracy"]], "comparison.json")
    print(f"comparison.png is in run {comparison.info.run_id}")


if __name__ == "__main__":
    main()
