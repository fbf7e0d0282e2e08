"""What a data scientist does with the unmodified MLflow client; each promise is a function that a test runs by its name.

Usage: mlflow_client.py PROMISE; the last line of standard output is what the promise found, as JSON.
"""

import json
import os
import pathlib
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402


# Without it, MLflow finds them out by loading the model in another process, each time.
REQUIREMENTS = ["scikit-learn"]


def refused(action):
    """The message of the error that the action ends in."""
    try:
        action()
    except MlflowException as error:
        return str(error)
    raise AssertionError("was not refused")


def regressor():
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])


def track():
    experiment = mlflow.set_experiment("wine")
    with mlflow.start_run(run_name="first") as run:
        mlflow.log_params({"alpha": 0.5, "quoted": '"artifact_uri": "mlflow-artifacts:/1/abc/artifacts"'})
        for step in range(5):
            mlflow.log_metric("rmse", 1.0 / (step + 1), step=step)
        mlflow.log_metrics({"later": 1.0}, synchronous=False).wait()
        mlflow.set_tag("team", "cellar")
        mlflow.log_text("hello", "notes/hello.txt")
        mlflow.log_dict({"a": 1}, "config.json")
    found = mlflow.search_runs(experiment_names=["wine"], filter_string="tags.team = 'cellar'", output_format="list")
    client = MlflowClient()
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(client.download_artifacts(run.info.run_id, "notes/hello.txt", folder)).read_text()
        whole = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, dst_path=folder)
        files = sorted(str(path.relative_to(whole)) for path in pathlib.Path(whole).rglob("*") if path.is_file())
    return {
        "run": run.info.run_id,
        "experiment": experiment.experiment_id,
        "artifactUri": run.info.artifact_uri,
        "found": [one.info.run_id for one in found],
        "foundUri": found[0].info.artifact_uri,
        "params": found[0].data.params,
        "history": [metric.value for metric in client.get_metric_history(run.info.run_id, "rmse")],
        "later": [metric.value for metric in client.get_metric_history(run.info.run_id, "later")],
        "listed": [[entry.path, entry.is_dir] for entry in client.list_artifacts(run.info.run_id)],
        "nested": [entry.path for entry in client.list_artifacts(run.info.run_id, "notes")],
        "text": text,
        "files": files,
        "again": error_of(lambda: client.log_text(run.info.run_id, "other", "notes/hello.txt")),
    }


def error_of(action):
    try:
        action()
    except Exception as error:  # the plug-in raises plain exceptions
        return str(error)
    return None


def register():
    client = MlflowClient()
    mlflow.set_experiment("models")
    with mlflow.start_run() as run:
        mlflow.sklearn.log_model(regressor(), "model", pip_requirements=REQUIREMENTS)
    first = mlflow.register_model(f"runs:/{run.info.run_id}/model", "line", tags={"origin": "run"})
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "saved")
        mlflow.sklearn.save_model(regressor(), path, pip_requirements=REQUIREMENTS)
        second = mlflow.register_model(f"file://{path}", "line")
    third = None
    with mlflow.start_run():
        third = mlflow.sklearn.log_model(
            regressor(), "model", registered_model_name="line", pip_requirements=REQUIREMENTS
        ).registered_model_version
    return {
        "run": run.info.run_id,
        "versions": [first.version, second.version, str(third)],
        "sources": [first.source, second.source],
        "runOfFirst": first.run_id,
        "byRun": mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model").predict([[3.0]]).tolist(),
        "byVersion": [mlflow.pyfunc.load_model(f"models:/line/{n}").predict([[3.0]]).tolist() for n in (1, 2)],
        "latest": mlflow.sklearn.load_model("models:/line/latest").predict([[3.0]]).tolist(),
        "models": [model.name for model in client.search_registered_models()],
        "byName": [model.name for model in client.search_registered_models(filter_string="name = 'line'")],
        "found": [one.version for one in client.search_model_versions("name = 'line'")],
        "absent": [one.version for one in client.search_model_versions("name = 'nobody'")],
    }


def edit():
    client = MlflowClient()
    client.set_model_version_tag("line", "1", "reviewed", "yes")
    client.set_registered_model_tag("line", "owner", "cellar")
    client.update_model_version("line", "1", description="a straight line")
    client.update_registered_model("line", description="lines")
    client.transition_model_version_stage("line", "1", "Staging")
    client.transition_model_version_stage("line", "2", "Staging", archive_existing_versions=True)
    stages = {one.version: one.current_stage for one in client.search_model_versions("name = 'line'")}
    tagged = client.get_model_version("line", "1")
    client.delete_model_version_tag("line", "1", "reviewed")
    client.delete_registered_model_tag("line", "owner")
    untagged = client.get_model_version("line", "1")
    client.delete_model_version("line", "3")
    return {
        "tags": dict(tagged.tags),
        "description": tagged.description,
        "tagsAfter": dict(untagged.tags),
        "modelTagsAfter": dict(client.get_registered_model("line").tags),
        "modelDescription": client.get_registered_model("line").description,
        "stages": stages,
        "staging": [one.version for one in client.get_latest_versions("line", stages=["Staging"])],
        "byStage": mlflow.pyfunc.load_model("models:/line/Staging").predict([[3.0]]).tolist(),
        "left": sorted(one.version for one in client.search_model_versions("name = 'line'")),
        "deleted": refused(lambda: client.get_model_version("line", "3")),
        "refused": {
            "rename": refused(lambda: client.rename_registered_model("line", "curve")),
            "delete": refused(lambda: client.delete_registered_model("line")),
            "like": refused(lambda: client.search_registered_models(filter_string="name LIKE 'l%'")),
            "tag": refused(lambda: client.search_registered_models(filter_string="tags.owner = 'cellar'")),
            "alias": refused(lambda: client.set_registered_model_alias("line", "champion", "1")),
            "stage": refused(lambda: client.transition_model_version_stage("line", "1", "Champion")),
            "elsewhere": refused(lambda: client.create_model_version("line", "s3://bucket/model")),
        },
    }


def versions():
    """Versions of the model MODEL, as MLflow's client sees them."""
    client = MlflowClient()
    name = os.environ["MODEL"]
    return [
        {"version": one.version, "source": one.source, "run": one.run_id, "tags": dict(one.tags), "description": one.description}
        for one in client.search_model_versions(f"name = '{name}'")
    ]


def predict():
    """A prediction of the model MODEL_URI."""
    return mlflow.pyfunc.load_model(os.environ["MODEL_URI"]).predict([[3.0]]).tolist()


def plain():
    """Without the plug-in: an https address and a token."""
    mlflow.set_experiment("plain")
    with mlflow.start_run() as run:
        mlflow.log_param("a", 1)
        mlflow.log_metric("m", 2.0)
    found = MlflowClient().get_run(run.info.run_id)
    return {"params": found.data.params, "metrics": found.data.metrics}


def reach():
    """The error that asking the server at all ends in."""
    return refused(lambda: MlflowClient().search_experiments())


PROMISES = {each.__name__: each for each in (track, register, edit, versions, predict, plain, reach)}

if __name__ == "__main__":
    print(json.dumps(PROMISES[sys.argv[1]]()))
