"""A search in one job: each trial is a run below the job's own, which has what the best one found.

    train.py TRIALS
"""

import sys

import mlflow
import optuna
from sklearn.datasets import load_wine
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

features, classes = load_wine(return_X_y=True, as_frame=True)


def classifier(strength, kernel):
    return make_pipeline(StandardScaler(), SVC(C=strength, kernel=kernel))


def accuracy_of(trial):
    trial.suggest_float("strength", 0.02, 20, log=True)
    trial.suggest_categorical("kernel", ["linear", "rbf"])
    with mlflow.start_run(nested=True, run_name=f"trial-{trial.number}"):
        mlflow.log_params(trial.params)
        accuracy = cross_val_score(classifier(**trial.params), features, classes, cv=5).mean()
        mlflow.log_metric("accuracy", accuracy)
    return accuracy


# The job's own run, in which Azure ML and the local Azure have the script begin.
with mlflow.start_run():
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=7))
    study.optimize(accuracy_of, n_trials=int(sys.argv[1]))
    mlflow.log_params(study.best_params)
    mlflow.log_metric("accuracy", study.best_value)
    best = classifier(**study.best_params).fit(features, classes)
    mlflow.sklearn.log_model(best, artifact_path="model", input_example=features.head(2))
