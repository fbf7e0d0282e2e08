"""What an ML engineer does with command jobs by the unmodified azure-ai-ml client, a function a step.

    command_jobs.py SUBSCRIPTION GROUP WORKSPACE
"""

import io
import pathlib
import sys
import tempfile
import time
import warnings
from contextlib import redirect_stdout

warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
from azure.ai.ml import Input, MLClient, Output, command  # noqa: E402
from azure.ai.ml.constants import AssetTypes, InputOutputModes  # noqa: E402
from azure.ai.ml.entities import AmlCompute, Data, Environment  # noqa: E402
from azure.ai.ml.exceptions import JobException  # noqa: E402
from azure.core.exceptions import HttpResponseError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

client = MLClient(EnvironmentCredential(), *sys.argv[1:])
jobs = client.jobs
ENDED = ("Completed", "Failed", "Canceled")
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"

TRAIN = """
import os, pathlib, sys
import mlflow
rate, data, model, note = sys.argv[1:]
rows = pathlib.Path(data, "rows.csv").read_text().split()
print("rows", len(rows), flush=True)
mlflow.log_param("rate", rate)
mlflow.log_metric("rows", len(rows))
mlflow.log_text("seen", "notes/seen.txt")
pathlib.Path(model, "weights.txt").write_text(rate)
pathlib.Path(note).write_text(os.environ["MINE"])
pathlib.Path("outputs", "report.txt").write_text("fine")
"""


def prepare():
    client.compute.begin_create_or_update(
        AmlCompute(name="one", size="Standard_DS3_v2", min_instances=0, max_instances=1, idle_time_before_scale_down=120)
    ).result()
    with tempfile.TemporaryDirectory() as folder:
        conda = pathlib.Path(folder, "conda.yaml")
        conda.write_text("name: train\ndependencies: [pip, {pip: [mlflow, azureml-mlflow]}]\n")
        client.environments.create_or_update(Environment(name="train", version="1", image=IMAGE, conda_file=conda))
        client.environments.create_or_update(Environment(name="image", version="1", image=IMAGE))
        pathlib.Path(folder, "rows.csv").write_text("1\n2\n3\n")
        client.data.create_or_update(
            Data(name="rows", version="1", path=str(pathlib.Path(folder, "rows.csv")), type=AssetTypes.URI_FILE)
        )
    return [each.name for each in client.compute.list()]


def submit(name, line, files=None, **more):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in (files or {}).items():
            pathlib.Path(folder, path).write_text(text)
        job = command(
            **{"name": name, "command": line, "environment": "train@latest", "code": folder if files else None, **more}
        )
        return jobs.create_or_update(job)


def train():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "rows.csv").write_text("1\n2\n3\n4\n")
        made = submit(
            "train-1",
            "python train.py ${{inputs.rate}} ${{inputs.data}} ${{outputs.model}} ${{outputs.note}}",
            {"train.py": TRAIN},
            inputs={"rate": 0.5, "data": Input(type=AssetTypes.URI_FOLDER, path=folder)},
            outputs={"model": Output(type=AssetTypes.CUSTOM_MODEL), "note": Output(type=AssetTypes.URI_FILE)},
            environment_variables={"MINE": "my own"},
            experiment_name="trials",
            display_name="first trial",
            compute="one",
            tags={"team": "churn"},
        )
    printed = io.StringIO()
    with redirect_stdout(printed):
        jobs.stream("train-1")
    return {
        "made": [made.name, made.type, made.display_name, made.experiment_name],
        "streamed": [line for line in printed.getvalue().splitlines() if line.startswith(("rows", "Streaming", "<"))],
        "status": jobs.get("train-1").status,
    }


def tracked():
    mlflow.set_tracking_uri(client.workspaces.get(client.workspace_name).mlflow_tracking_uri)
    run = mlflow.get_run("train-1")
    return {
        "id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "experiment": mlflow.get_experiment(run.info.experiment_id).name,
        "metrics": run.data.metrics,
        "params": run.data.params,
        "team": run.data.tags["team"],
        "artifacts": sorted(each.path for each in mlflow.MlflowClient().list_artifacts("train-1")),
        "seen": mlflow.artifacts.load_text(f"{run.info.artifact_uri}/notes/seen.txt"),
    }


def downloaded():
    with tempfile.TemporaryDirectory() as folder:
        jobs.download("train-1", download_path=folder, all=True)
        found = {
            str(path.relative_to(folder)): path.read_text() for path in pathlib.Path(folder).rglob("*") if path.is_file()
        }
    return {
        "files": sorted(path for path in found if "system_logs" not in path),
        "model": found["named-outputs/model/weights.txt"],
        "note": [text for path, text in found.items() if path.startswith("named-outputs/note/")],
        "log": found["artifacts/user_logs/std_log.txt"].strip().splitlines()[0],
    }


def reads():
    """The same file by every kind of address, and one that the command reads by itself."""
    store = "azureml://datastores/workspaceblobstore/paths/azureml/train-1/model"
    submit(
        "reads-1",
        "cat ${{inputs.asset}}; cat ${{inputs.file}}; cat ${{inputs.folder}}/weights.txt; echo; echo ${{inputs.direct}}",
        inputs={
            "asset": Input(type=AssetTypes.URI_FILE, path="azureml:rows:1"),
            "file": Input(type=AssetTypes.URI_FILE, path=f"{store}/weights.txt"),
            "folder": Input(type=AssetTypes.CUSTOM_MODEL, path="azureml://jobs/train-1/outputs/model"),
            "direct": Input(type=AssetTypes.URI_FOLDER, path=store, mode=InputOutputModes.DIRECT),
        },
    )
    status = ended("reads-1")
    return [status, log_of("reads-1")]


def fails():
    submit("fails-1", "echo before; python -c 'raise ValueError(\"too few rows\")'", compute="one")
    try:
        with redirect_stdout(io.StringIO()):
            jobs.stream("fails-1")
    except JobException as error:
        return {
            "status": jobs.get("fails-1").status,
            "words": "too few rows" in str(error),
            "run": mlflow.get_run("fails-1").info.status,
        }
    return "completed"


def queues_and_cancels():
    submit("holds-1", "sleep 600", compute="one")
    wait_for("holds-1", "Running")
    submit("waits-1", "echo here", compute="one")
    wait_for("waits-1", "Queued")
    submit("serverless-1", "echo at once")
    serverless = ended("serverless-1")
    waits = jobs.get("waits-1").status
    jobs.begin_cancel("holds-1").result()
    return {
        "serverless": serverless,
        "waits": waits,
        "cancelled": [jobs.get("holds-1").status, mlflow.get_run("holds-1").info.status],
        "then": ended("waits-1"),
    }


def times_out():
    job = command(name="late-1", command="sleep 600", environment="train@latest")
    job.set_limits(timeout=1)
    jobs.create_or_update(job)
    return ended("late-1")


def refuses():
    def words(**more):
        try:
            submit(**{"name": "refused-1", "line": "true", **more})
        except HttpResponseError as error:
            return [error.status_code, error.message]
        return "taken"

    return {
        "image": words(environment="image@latest"),
        "cluster": words(compute="one", instance_count=2),
    }


def lists():
    job = jobs.get("train-1")
    return {
        "listed": sorted(each.name for each in jobs.list()),
        "outputs": {name: output.path for name, output in job.outputs.items()},
    }


def ended(name):
    while (status := jobs.get(name).status) not in ENDED:
        time.sleep(0.2)
    return status


def wait_for(name, status):
    while jobs.get(name).status != status:
        time.sleep(0.1)


def log_of(name):
    with tempfile.TemporaryDirectory() as folder:
        jobs.download(name, download_path=folder)
        return pathlib.Path(folder, "artifacts/user_logs/std_log.txt").read_text().splitlines()


serve([prepare, train, tracked, downloaded, reads, fails, queues_and_cancels, times_out, refuses, lists])
