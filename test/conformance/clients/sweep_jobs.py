"""What an ML engineer does with sweeps by the unmodified azure-ai-ml and mlflow clients, a function a step.

    sweep_jobs.py SUBSCRIPTION GROUP WORKSPACE
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
from azure.ai.ml import MLClient, Output, command  # noqa: E402
from azure.ai.ml.constants import AssetTypes  # noqa: E402
from azure.ai.ml.entities import AmlCompute, Environment  # noqa: E402
from azure.ai.ml.exceptions import JobException  # noqa: E402
from azure.ai.ml.sweep import BanditPolicy, Choice, QUniform, RandomSamplingAlgorithm, Uniform  # noqa: E402
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
rate, depth, model = sys.argv[1:]
assert os.environ["AZUREML_SWEEP_depth"] == depth
assert os.environ["AZUREML_ROOT_RUN_ID"] == "grid-1"
mlflow.log_params({"rate": rate, "depth": depth})
mlflow.log_metric("accuracy", float(rate) + float(depth) / 10)
mlflow.log_text("seen", "notes/seen.txt")
pathlib.Path(model, "weights.txt").write_text(rate + " " + depth)
"""

# The worse trial says all that it has, and waits for its end.
SLOW = """
import sys, time
import mlflow
rate = float(sys.argv[1])
for step in range(3):
    mlflow.log_metric("accuracy", rate, step=step)
if rate < 0.5:
    time.sleep(600)
"""


def prepare():
    client.compute.begin_create_or_update(
        AmlCompute(name="two", size="Standard_DS3_v2", min_instances=0, max_instances=2, idle_time_before_scale_down=120)
    ).result()
    with tempfile.TemporaryDirectory() as folder:
        conda = pathlib.Path(folder, "conda.yaml")
        conda.write_text("name: train\ndependencies: [pip, {pip: [mlflow, azureml-mlflow]}]\n")
        client.environments.create_or_update(Environment(name="train", version="1", image=IMAGE, conda_file=conda))
    mlflow.set_tracking_uri(client.workspaces.get(client.workspace_name).mlflow_tracking_uri)
    return [each.name for each in client.compute.list()]


def submit(name, line, files, space, *, outputs=None, limits=None, policy=None, **sweep):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            pathlib.Path(folder, path).write_text(text)
        trial = command(
            command=line,
            environment="train@latest",
            code=folder if files else None,
            inputs={key: 0 for key in space},
            outputs=outputs,
        )
        job = trial(**space).sweep(**{"sampling_algorithm": "grid", "primary_metric": "accuracy", "goal": "maximize", **sweep})
        job.name = name
        job.display_name = name
        job.experiment_name = "search"
        job.early_termination = policy
        job.set_limits(**(limits or {"max_total_trials": 20}))
        return jobs.create_or_update(job)


def searches():
    made = submit(
        "grid-1",
        "python train.py ${{inputs.rate}} ${{inputs.depth}} ${{outputs.model}}",
        {"train.py": TRAIN},
        {"rate": Choice([0.1, 0.5]), "depth": Choice([1, 3])},
        outputs={"model": Output(type=AssetTypes.CUSTOM_MODEL)},
        limits={"max_total_trials": 20, "max_concurrent_trials": 2},
        compute="two",
    )
    printed = io.StringIO()
    with redirect_stdout(printed):
        jobs.stream("grid-1")
    job = jobs.get("grid-1")
    return {
        "made": [made.name, made.type, made.experiment_name],
        "streamed": [line for line in printed.getvalue().splitlines() if line.startswith("Streaming")],
        "told": "the best is trial 3" in printed.getvalue(),
        "status": job.status,
        "best": job.properties["best_child_run_id"],
    }


def tracked():
    parent = mlflow.get_run("grid-1")
    trials = mlflow.MlflowClient().search_runs(
        [parent.info.experiment_id], "tags.mlflow.parentRunId = 'grid-1'", order_by=["run_id"]
    )
    return {
        "parent": [parent.info.status, parent.data.tags["best_child_run_id"]],
        "trials": [[run.info.run_id, run.info.status, run.data.params, run.data.metrics] for run in trials],
        "experiment": mlflow.get_experiment(parent.info.experiment_id).name,
        "seen": mlflow.artifacts.load_text(f"{trials[3].info.artifact_uri}/notes/seen.txt"),
    }


def downloaded():
    with tempfile.TemporaryDirectory() as folder:
        jobs.download("grid-1", download_path=folder, output_name="model")
        files = {
            str(path.relative_to(folder)): path.read_text() for path in pathlib.Path(folder).rglob("*") if path.is_file()
        }
    return files


def lists():
    return {
        "listed": [each.name for each in jobs.list()],
        "children": sorted(each.name for each in jobs.list(parent_job_name="grid-1")),
        "trial": [jobs.get("grid-1_3").type, jobs.get("grid-1_3").status],
    }


def ends_early():
    submit(
        "early-1",
        "python slow.py ${{inputs.rate}}",
        {"slow.py": SLOW},
        {"rate": Choice([0.9, 0.1])},
        limits={"max_total_trials": 2, "max_concurrent_trials": 2},
        policy=BanditPolicy(slack_amount=0.2, evaluation_interval=1, delay_evaluation=2),
    )
    status = ended("early-1")
    runs = {name: mlflow.get_run(name).info.status for name in ("early-1", "early-1_0", "early-1_1")}
    return {"status": status, "runs": runs, "best": jobs.get("early-1").properties["best_child_run_id"]}


def draws():
    """By Sobol's sequence and by what was learned; a value is what its distribution gives."""
    line = "python -c 'import mlflow; mlflow.log_metric(\"accuracy\", -abs(${{inputs.x}} - 6))'"
    space = {"x": QUniform(min_value=0, max_value=10, q=2)}
    submit("sobol-1", line, {}, space, sampling_algorithm=RandomSamplingAlgorithm(seed=7, rule="sobol"), limits={"max_total_trials": 2})
    submit("bayes-1", line, {}, {"x": Uniform(min_value=0, max_value=10)}, sampling_algorithm="bayesian", limits={"max_total_trials": 3, "max_concurrent_trials": 1})
    return {
        "status": [ended("sobol-1"), ended("bayes-1")],
        "trials": [len(list(jobs.list(parent_job_name=name))) for name in ("sobol-1", "bayes-1")],
    }


def fails():
    submit("fails-1", "echo ${{inputs.x}}; exit 3", {}, {"x": Choice([1, 2])})
    try:
        with redirect_stdout(io.StringIO()):
            jobs.stream("fails-1")
    except JobException:
        return [jobs.get("fails-1").status, mlflow.get_run("fails-1").info.status]
    return "completed"


def cancels():
    submit("held-1", "sleep 6${{inputs.x}}0", {}, {"x": Choice([1, 2, 3])}, limits={"max_total_trials": 3, "max_concurrent_trials": 1})
    while not any(run.status == "Running" for run in jobs.list(parent_job_name="held-1")):
        time.sleep(0.1)
    jobs.begin_cancel("held-1").result()
    return [jobs.get("held-1").status, [each.status for each in jobs.list(parent_job_name="held-1")]]


def refuses():
    def words(space, **more):
        try:
            submit("refused-1", "echo ${{inputs.x}}", {}, space, **more)
        except HttpResponseError as error:
            return [error.status_code, error.message]
        return "taken"

    return {
        "grid": words({"x": Uniform(min_value=0, max_value=1)}),
        "bounds": words({"x": Uniform(min_value=1, max_value=0)}, sampling_algorithm="random"),
        "compute": words({"x": Choice([1])}, compute="none"),
    }


def ended(name):
    while (status := jobs.get(name).status) not in ENDED:
        time.sleep(0.2)
    return status


serve([prepare, searches, tracked, downloaded, lists, ends_early, draws, fails, cancels, refuses])
