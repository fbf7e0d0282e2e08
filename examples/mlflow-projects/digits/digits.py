"""Nearest neighbours on the digits that scikit-learn ships: `digits.py train NEIGHBOURS`, `digits.py compare UP_TO`."""

import sys

import mlflow
from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier

rows, digits = load_digits(return_X_y=True)


def train(neighbours: int) -> None:
    train_rows, test_rows, train_digits, test_digits = train_test_split(rows, digits, random_state=7)
    with mlflow.start_run():
        model = KNeighborsClassifier(neighbours).fit(train_rows, train_digits)
        mlflow.log_metric("accuracy", model.score(test_rows, test_digits))


def compare(up_to: int) -> None:
    with mlflow.start_run():
        for neighbours in range(1, up_to + 1):
            scores = cross_val_score(KNeighborsClassifier(neighbours), rows, digits, cv=3)
            mlflow.log_metric("accuracy", scores.mean(), step=neighbours)


if __name__ == "__main__":
    {"train": train, "compare": compare}[sys.argv[1]](int(sys.argv[2]))
