"""MLflow with and without Azure's plug-in, told where everything is; they take no proxy."""

import os
import pathlib
import tempfile
import warnings

warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from serve import serve  # noqa: E402


def track():
    """With the plug-in, at `azureml://127.0.0.1:…`."""
    from sklearn.linear_model import LinearRegression

    mlflow.set_experiment("endpoints")
    with mlflow.start_run() as run:
        mlflow.log_param("alpha", 0.5)
        mlflow.log_metric("rmse", 0.25, step=3)
        mlflow.log_text("hello", "notes/hello.txt")
        model = LinearRegression().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])
        mlflow.sklearn.log_model(model, "model", pip_requirements=["scikit-learn"])
        with mlflow.start_run(nested=True) as child:
            mlflow.log_metric("rmse", 0.5)
    registered = mlflow.register_model(f"runs:/{run.info.run_id}/model", "line")
    loaded = mlflow.sklearn.load_model(f"models:/line/{registered.version}")
    found = mlflow.search_runs(experiment_names=["endpoints"], filter_string="params.alpha = '0.5'", output_format="list")
    children = MlflowClient().search_runs(
        [run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'"
    )
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(mlflow.artifacts.download_artifacts(
            run_id=run.info.run_id, artifact_path="notes/hello.txt", dst_path=folder)).read_text()
    return {
        "run": run.info.run_id,
        "found": [each.info.run_id for each in found],
        "children": [each.info.run_id for each in children] == [child.info.run_id],
        "rmse": found[0].data.metrics["rmse"],
        "text": text,
        "version": str(registered.version),
        "predicted": round(float(loaded.predict([[4.0]])[0]), 6),
    }


def plain(tracking_uri, token):
    """MLflow by itself: `https://127.0.0.1:…` and a bearer token."""
    os.environ["MLFLOW_TRACKING_TOKEN"] = token
    client = MlflowClient(tracking_uri)
    experiment = client.create_experiment("plain")
    run = client.create_run(experiment)
    client.log_metric(run.info.run_id, "loss", 0.125)
    return {"run": run.info.run_id, "metrics": client.get_run(run.info.run_id).data.metrics}


serve([track, plain])
