"""Microsoft's own how-to pages, step by step, with the unmodified MLflow client; MLFLOW_TRACKING_URI says where."""

import os
import pathlib
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")

import mlflow  # noqa: E402
import pandas  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import ViewType  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402
from serve import serve  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

REQUIREMENTS = ["scikit-learn", "pandas"]
rows = pandas.DataFrame({"age": [20.0, 30.0, 60.0, 70.0], "dose": [1.0, 0.5, 0.2, 0.1]})
labels = [0, 0, 1, 1]


class Threshold(mlflow.pyfunc.PythonModel):
    """A wrapper that reads its threshold out of an artifact."""

    def load_context(self, context):
        self.threshold = float(pathlib.Path(context.artifacts["threshold"]).read_text())

    def predict(self, context, model_input, params=None):
        return (model_input["age"] > self.threshold).astype(int)


def loaded(run):
    model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    signature = model.metadata.signature
    return {
        "predicted": [int(each) for each in model.predict(rows)],
        "inputs": signature.inputs.input_names() if signature else None,
        "flavors": sorted(model.metadata.flavors),
    }


def autologged():
    mlflow.set_experiment("autolog")
    mlflow.sklearn.autolog()
    with mlflow.start_run() as run:
        LogisticRegression().fit(rows, labels)
    mlflow.sklearn.autolog(disable=True)
    found = MlflowClient().get_run(run.info.run_id)
    return {
        **loaded(run),
        "tracked": ["C" in found.data.params, "training_accuracy_score" in found.data.metrics],
    }


def by_hand():
    mlflow.sklearn.autolog(log_models=False)
    with mlflow.start_run() as run:
        model = LogisticRegression().fit(rows, labels)
        conda = {"name": "churn", "channels": ["conda-forge"], "dependencies": ["python=3.11", "pip", {"pip": REQUIREMENTS}]}
        mlflow.sklearn.log_model(
            model,
            "model",
            conda_env=conda,
            signature=infer_signature(rows, model.predict(rows)),
            input_example=rows.head(1),
        )
    mlflow.sklearn.autolog(disable=True)
    found = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model").metadata
    return {**loaded(run), "example": found.saved_input_example_info is not None}


def wrapped():
    with tempfile.TemporaryDirectory() as folder, mlflow.start_run() as run:
        threshold = pathlib.Path(folder, "threshold.txt")
        threshold.write_text("45")
        mlflow.pyfunc.log_model(
            "model",
            python_model=Threshold(),
            artifacts={"threshold": str(threshold)},
            signature=infer_signature(rows, labels),
            pip_requirements=REQUIREMENTS,
        )
    return loaded(run)


def by_loader():
    with tempfile.TemporaryDirectory() as folder:
        code = pathlib.Path(folder, "threshold_loader")
        code.mkdir()
        (code / "__init__.py").write_text(
            "import pathlib\n\n\nclass Model:\n"
            "    def __init__(self, threshold):\n        self.threshold = threshold\n\n"
            "    def predict(self, frame, params=None):\n        return (frame['age'] > self.threshold).astype(int)\n\n\n"
            "def _load_pyfunc(path):\n    return Model(float(pathlib.Path(path).read_text()))\n"
        )
        threshold = pathlib.Path(folder, "threshold.txt")
        threshold.write_text("45")
        with mlflow.start_run() as run:
            mlflow.pyfunc.log_model(
                "model",
                loader_module="threshold_loader",
                data_path=str(threshold),
                code_paths=[str(code)],
                signature=infer_signature(rows, labels),
                pip_requirements=REQUIREMENTS,
            )
    return loaded(run)


def managed(name):
    """Registered from a folder; searched, described, tagged, moved through the stages, loaded, deleted."""
    client = MlflowClient()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model")
        mlflow.sklearn.save_model(LogisticRegression().fit(rows, labels), path, pip_requirements=REQUIREMENTS)
        versions = [mlflow.register_model(f"file://{path}", name).version for _ in range(3)]
    client.update_registered_model(name, description="who leaves")
    client.set_model_version_tag(name, "1", "type", "classification")
    client.transition_model_version_stage(name, "1", "Production")
    client.transition_model_version_stage(name, "2", "Production", archive_existing_versions=True)
    stages = {each.version: each.current_stage for each in client.search_model_versions(f"name='{name}'")}
    tags = dict(client.get_model_version(name, "1").tags)
    client.delete_model_version_tag(name, "1", "type")
    predicted = [int(each) for each in mlflow.pyfunc.load_model(f"models:/{name}/2").predict(rows)]
    client.delete_model_version(name, "1")
    return {
        "versions": [str(each) for each in versions],
        "stages": stages,
        "tags": [tags, dict(client.get_model_version(name, "2").tags)],
        "description": client.get_registered_model(name).description,
        "production": [each.version for each in client.get_latest_versions(name, stages=["Production"])],
        "predicted": predicted,
        "left": sorted(each.version for each in client.search_model_versions(f"name='{name}'")),
    }


def tracked():
    """What a run is without a model in it; the artifacts of the run's root."""
    mlflow.set_experiment("tracked")
    with mlflow.start_run() as run:
        mlflow.log_params({"alpha": 0.5})
        mlflow.log_metric("rmse", 0.25)
        mlflow.log_text("hello", "notes.txt")
    found = MlflowClient().get_run(run.info.run_id)
    return {
        "params": found.data.params,
        "metrics": found.data.metrics,
        "listed": [each.path for each in MlflowClient().list_artifacts(run.info.run_id)],
        "text": mlflow.artifacts.load_text(f"{run.info.artifact_uri}/notes.txt"),
    }


def logged_model():
    """What logging a model ends in."""
    try:
        with mlflow.start_run():
            mlflow.sklearn.log_model(LogisticRegression().fit(rows, labels), name="model", pip_requirements=REQUIREMENTS)
    except MlflowException as error:
        return str(error)
    return "logged"


def pipelined():
    """how-to-use-mlflow-cli-runs: a run with metrics of one's own; a pipeline as its model; artifacts listed and downloaded."""
    mlflow.set_experiment("pipelines")
    mlflow.sklearn.autolog(log_models=False)
    with mlflow.start_run(run_name="scaled") as run:
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, labels)
        for step, loss in enumerate([0.5, 0.25, 0.125]):
            mlflow.log_metric("loss", loss, step=step)
        mlflow.log_dict({"seed": 7}, "settings.json")
        mlflow.sklearn.log_model(
            model, "model", signature=infer_signature(rows, model.predict(rows)), pip_requirements=REQUIREMENTS
        )
    mlflow.sklearn.autolog(disable=True)
    client = MlflowClient()
    found = client.get_run(run.info.run_id)
    with tempfile.TemporaryDirectory() as folder:
        client.download_artifacts(run.info.run_id, "settings.json", folder)
        settings = pathlib.Path(folder, "settings.json").read_text()
    return {
        **loaded(run),
        "name": found.info.run_name,
        "loss": [found.data.metrics["loss"], [each.value for each in client.get_metric_history(run.info.run_id, "loss")]],
        "listed": sorted({each.path for each in client.list_artifacts(run.info.run_id)} & {"model", "settings.json"}),
        "settings": settings.replace("\n", "").replace(" ", ""),
    }


def nested():
    """xgboost_nested_runs: a run with a child for each trial; the best one's parameters and model are the parent's."""
    mlflow.set_experiment("nested")
    client = MlflowClient()
    with mlflow.start_run(run_name="search") as parent:
        for depth in range(1, 6):
            with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                mlflow.log_param("depth", depth)
                mlflow.log_metric("accuracy", 1 - abs(depth - 3) / 10)
                if depth == 3:
                    mlflow.sklearn.log_model(
                        LogisticRegression().fit(rows, labels), "model", pip_requirements=REQUIREMENTS
                    )
        children = mlflow.search_runs(
            filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'", output_format="list"
        )
        best = max(children, key=lambda each: each.data.metrics["accuracy"])
        mlflow.log_params(best.data.params)
        with tempfile.TemporaryDirectory() as folder:
            path = client.download_artifacts(best.info.run_id, "model", folder)
            mlflow.log_artifacts(path, "model")
    return {
        "children": sorted(each.info.run_name for each in children),
        "best": best.info.run_name,
        "parent": client.get_run(parent.info.run_id).data.params,
        "predicted": loaded(parent)["predicted"],
        "statuses": sorted({each.info.status for each in mlflow.search_runs(output_format="list")}),
    }


def compared(name):
    """how-to-track-experiments-mlflow: runs found, filtered, ordered and read."""
    client = MlflowClient()
    both = {name, f"{name}-archived"}
    client.delete_experiment(client.create_experiment(f"{name}-archived"))
    mlflow.set_experiment(name)
    for alpha in (0.1, 0.5, 0.9):
        with mlflow.start_run(run_name=f"alpha {alpha}", tags={"team": "risk"}):
            mlflow.log_param("alpha", alpha)
            for step in range(3):
                mlflow.log_metric("rmse", alpha / (step + 1), step=step)
    search = lambda words="", **more: [  # noqa: E731
        each.info.run_name
        for each in mlflow.search_runs(
            experiment_names=[name], filter_string=words, output_format="list", **more
        )
    ]
    by_name = client.get_experiment_by_name(name)
    [last] = mlflow.search_runs([by_name.experiment_id], max_results=1, output_format="list")
    return {
        "experiments": len({each.name for each in client.search_experiments(view_type=ViewType.ALL)} & both),
        "active": sorted({each.name for each in client.search_experiments()} & both),
        "named": by_name.name,
        "all": sorted(search()),
        "metric": search("metrics.rmse < 0.2", order_by=["attributes.start_time ASC"]),
        "param": search("params.alpha = '0.5'"),
        "both": search("tags.team = 'risk' and metrics.rmse > 0.2"),
        "finished": len(search("attributes.status = 'FINISHED'")),
        "running": search("attributes.status = 'RUNNING'"),
        "newest": last.info.run_name,
        "history": [each.value for each in client.get_metric_history(last.info.run_id, "rmse")],
        "columns": sorted(
            each for each in mlflow.search_runs(experiment_names=[name]).columns if each.startswith(("metrics", "params"))
        ),
    }


serve([autologged, pipelined, nested, compared, by_hand, wrapped, by_loader, managed, tracked, logged_model])
