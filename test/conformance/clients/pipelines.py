"""What an ML engineer does with pipelines by the unmodified azure-ai-ml client, a function a step.

    pipelines.py SUBSCRIPTION GROUP WORKSPACE
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
from azure.ai.ml import Input, MLClient, Output, command, dsl, load_job  # noqa: E402
from azure.ai.ml.entities import (  # noqa: E402
    AmlCompute,
    BatchEndpoint,
    Environment,
    PipelineComponentBatchDeployment,
)
from azure.ai.ml.exceptions import JobException  # noqa: E402
from azure.ai.ml.sweep import Choice  # noqa: E402
from azure.core.exceptions import HttpResponseError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

client = MLClient(EnvironmentCredential(), *sys.argv[1:])
jobs = client.jobs
ENDED = ("Completed", "Failed", "Canceled")
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"

STEPS = """
import pathlib, sys
import mlflow
step, value, source, target = sys.argv[1:]
lines = [*pathlib.Path(source, "lines.txt").read_text().split(), f"{step}:{value}"]
pathlib.Path(target, "lines.txt").write_text("\\n".join(lines))
mlflow.log_metric("lines", len(lines))
print(step, "has", len(lines), "lines", flush=True)
"""


def prepare():
    with tempfile.TemporaryDirectory() as folder:
        conda = pathlib.Path(folder, "conda.yaml")
        conda.write_text("name: train\ndependencies: [pip, {pip: [mlflow, azureml-mlflow]}]\n")
        client.environments.create_or_update(Environment(name="train", version="1", image=IMAGE, conda_file=conda))
    return [each.name for each in client.environments.list()]


def step(name, folder):
    return command(
        name=name,
        code=folder,
        command=f"python step.py {name} ${{{{inputs.value}}}} ${{{{inputs.source}}}} ${{{{outputs.target}}}}",
        environment="train@latest",
        inputs={"value": Input(type="integer"), "source": Input(type="uri_folder")},
        outputs={"target": Output(type="uri_folder")},
    )


def three_steps(name, rate, last=3, **settings):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "code").mkdir()
        pathlib.Path(folder, "code", "step.py").write_text(STEPS)
        pathlib.Path(folder, "data").mkdir()
        pathlib.Path(folder, "data", "lines.txt").write_text("raw\n")
        one, two, three = (step(each, str(pathlib.Path(folder, "code"))) for each in ("clean", "train", "judge"))

        @dsl.pipeline(experiment_name="pipes", default_compute="serverless", **settings)
        def pipeline(raw, value):
            clean = one(source=raw, value=1)
            train = two(source=clean.outputs.target, value=value)
            judge = three(source=train.outputs.target, value=last)
            return {"report": judge.outputs.target}

        job = pipeline(raw=Input(type="uri_folder", path=str(pathlib.Path(folder, "data"))), value=rate)
        job.name = name
        return jobs.create_or_update(job)


def runs():
    made = three_steps("three-1", 2)
    printed = io.StringIO()
    with redirect_stdout(printed):
        jobs.stream("three-1")
    words = printed.getvalue()
    return {
        "made": [made.name, made.type, made.experiment_name],
        "streamed": [line for line in ("Streaming logs/azureml/executionlogs.txt", "step judge is Completed") if line in words],
        "status": jobs.get("three-1").status,
    }


def children(name):
    return {each.display_name: each for each in jobs.list(parent_job_name=name)}


def steps():
    found = children("three-1")
    with tempfile.TemporaryDirectory() as folder:
        jobs.download(found["train"].name, download_path=folder, all=True)
        files = {
            str(path.relative_to(folder)): path.read_text() for path in pathlib.Path(folder).rglob("*") if path.is_file()
        }
    with tempfile.TemporaryDirectory() as folder:
        jobs.download("three-1", download_path=folder, output_name="report")
        report = pathlib.Path(folder, "named-outputs/report/lines.txt").read_text().split("\n")
    return {
        "statuses": {step: child.status for step, child in sorted(found.items())},
        "target": files["named-outputs/target/lines.txt"].split("\n"),
        "log": [line for line in files["artifacts/user_logs/std_log.txt"].splitlines() if line.startswith("train")],
        "report": report,
    }


def tracked():
    mlflow.set_tracking_uri(client.workspaces.get(client.workspace_name).mlflow_tracking_uri)
    below = mlflow.search_runs(
        experiment_names=["pipes"], filter_string="tags.mlflow.parentRunId = 'three-1'", output_format="list"
    )
    return {
        "parent": mlflow.get_run("three-1").info.status,
        "steps": sorted([run.info.run_name, run.info.status, run.data.metrics["lines"]] for run in below),
    }


def reuses():
    """Only what changed, and what reads from it, runs again; nothing is reused where that is asked for."""
    three_steps("three-2", 2, last=4)
    second = ended("three-2")
    reused = {step: child.properties["azureml.isreused"] for step, child in sorted(children("three-2").items())}
    with tempfile.TemporaryDirectory() as folder:
        jobs.download("three-2", download_path=folder, output_name="report")
        report = pathlib.Path(folder, "named-outputs/report/lines.txt").read_text().split("\n")
    three_steps("three-3", 2, force_rerun=True)
    third = ended("three-3")
    return {
        "statuses": [second, third],
        "reused": reused,
        "report": report,
        "forced": sorted({child.properties["azureml.isreused"] for child in children("three-3").values()}),
    }


BROKEN = """
type: pipeline
name: NAME
experiment_name: pipes
settings: {continue_on_step_failure: GOES_ON, default_compute: serverless}
inputs: {seconds: 0.1}
jobs:
  breaks: {type: command, command: "sleep ${{inputs.s}}; echo broken >&2; exit 3", environment: "azureml:train:1",
    inputs: {s: "${{parent.inputs.seconds}}"}, outputs: {out: {type: uri_folder}}}
  after: {type: command, command: "ls ${{inputs.x}}", environment: "azureml:train:1",
    inputs: {x: "${{parent.jobs.breaks.outputs.out}}"}}
  apart: {type: command, command: "echo ${{inputs.y}}", environment: "azureml:train:1",
    inputs: {y: "${{parent.jobs.first.outputs.z}}"}}
  first: {type: command, command: "SLEEP; echo z > ${{outputs.z}}", environment: "azureml:train:1",
    outputs: {z: {type: uri_file}}}
"""


def from_yaml(name, goes_on, sleep="true"):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "pipeline.yml")
        text = BROKEN.replace("NAME", name).replace("GOES_ON", goes_on).replace("SLEEP", sleep)
        file.write_text(text)
        return jobs.create_or_update(load_job(file))


def fails():
    from_yaml("goes-on-1", "true")
    try:
        with redirect_stdout(io.StringIO()):
            jobs.stream("goes-on-1")
        words = "completed"
    except JobException as error:
        words = str(error)
    from_yaml("stops-1", "false", sleep="sleep 600")
    stops = ended("stops-1")
    return {
        "words": ["Step 'breaks' did not complete" in words, "status code 3" in words],
        "goes on": {step: child.status for step, child in sorted(children("goes-on-1").items())},
        "stops": [stops, {step: child.status for step, child in sorted(children("stops-1").items())}],
    }


def cancels():
    from_yaml("cancels-1", "false", sleep="sleep 600").name
    while children("cancels-1")["first"].status != "Running":
        time.sleep(0.1)
    jobs.begin_cancel("cancels-1").result()
    first = children("cancels-1")["first"]
    return [jobs.get("cancels-1").status, first.status, mlflow.get_run(first.name).info.status]


def nests():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "code").mkdir()
        pathlib.Path(folder, "code", "step.py").write_text(STEPS)
        pathlib.Path(folder, "data").mkdir()
        pathlib.Path(folder, "data", "lines.txt").write_text("raw\n")
        one, two = (step(each, str(pathlib.Path(folder, "code"))) for each in ("clean", "train"))

        @dsl.pipeline()
        def inner(source: Input(type="uri_folder"), value: Input(type="integer")):
            clean = one(source=source, value=value)
            train = two(source=clean.outputs.target, value=5)
            return {"both": train.outputs.target}

        @dsl.pipeline(experiment_name="pipes", default_compute="serverless")
        def outer(raw):
            within = inner(source=raw, value=7)
            judge = step("judge", str(pathlib.Path(folder, "code")))(source=within.outputs.both, value=9)
            return {"report": judge.outputs.target}

        job = outer(raw=Input(type="uri_folder", path=str(pathlib.Path(folder, "data"))))
        job.name = "nested-1"
        jobs.create_or_update(job)
    status = ended("nested-1")
    with tempfile.TemporaryDirectory() as folder:
        jobs.download("nested-1", download_path=folder, output_name="report")
        report = pathlib.Path(folder, "named-outputs/report/lines.txt").read_text().split("\n")
    within = children("nested-1")["within"]
    return {
        "status": status,
        "report": report,
        "within": {step: child.status for step, child in sorted(children(within.name).items())},
    }


TRIALS = """
import pathlib, sys
import mlflow
rate, source, target = sys.argv[1:]
score = 1 - abs(float(rate) - 0.3)
mlflow.log_metric("score", score)
lines = [*pathlib.Path(source, "lines.txt").read_text().split(), f"rate:{rate}"]
pathlib.Path(target, "lines.txt").write_text("\\n".join(lines))
"""


def sweeps():
    """how-to-use-sweep-in-pipeline: a step of many trials, of which the next step reads what the best has written."""
    with tempfile.TemporaryDirectory() as folder:
        code = pathlib.Path(folder, "code")
        code.mkdir()
        pathlib.Path(code, "step.py").write_text(STEPS)
        pathlib.Path(code, "trial.py").write_text(TRIALS)
        pathlib.Path(folder, "data").mkdir()
        pathlib.Path(folder, "data", "lines.txt").write_text("raw\n")
        one, three = step("clean", str(code)), step("judge", str(code))
        trial = command(
            name="trial",
            code=str(code),
            command="python trial.py ${{inputs.rate}} ${{inputs.source}} ${{outputs.target}}",
            environment="train@latest",
            inputs={"rate": Input(type="number"), "source": Input(type="uri_folder")},
            outputs={"target": Output(type="uri_folder")},
        ).component

        @dsl.pipeline(experiment_name="pipes", default_compute="serverless")
        def pipeline(raw):
            clean = one(source=raw, value=1)
            search = trial(rate=Choice([0.1, 0.3]), source=clean.outputs.target).sweep(
                primary_metric="score", goal="maximize", sampling_algorithm="grid", max_total_trials=2
            )
            judge = three(source=search.outputs.target, value=2)
            return {"report": judge.outputs.target, "target": search.outputs.target}

        job = pipeline(raw=Input(type="uri_folder", path=str(pathlib.Path(folder, "data"))))
        job.name = "sweeps-1"
        jobs.create_or_update(job)
    status = ended("sweeps-1")
    lines = {}
    with tempfile.TemporaryDirectory() as folder:
        for output in ("report", "target"):
            jobs.download("sweeps-1", download_path=folder, output_name=output)
            lines[output] = pathlib.Path(folder, f"named-outputs/{output}/lines.txt").read_text().split("\n")
    search = children("sweeps-1")["search"]
    trials = {each.name: each.status for each in jobs.list(parent_job_name=search.name)}
    return {
        "status": status,
        **lines,
        "trials": [trials.get(f"{search.name}_{number}") for number in (0, 1)],
        "best": mlflow.get_run(search.name).data.tags["best_child_run_id"].removeprefix(search.name),
    }


def refuses():
    def words(text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "pipeline.yml")
            file.write_text(text)
            try:
                jobs.create_or_update(load_job(file))
            except HttpResponseError as error:
                return [error.status_code, error.message]
        return "taken"

    circle = """
type: pipeline
name: circle-1
settings: {default_compute: serverless}
jobs:
  a: {type: command, command: "ls ${{inputs.x}} ${{outputs.o}}", environment: "azureml:train:1",
    inputs: {x: "${{parent.jobs.b.outputs.o}}"}, outputs: {o: {type: uri_folder}}}
  b: {type: command, command: "ls ${{inputs.x}} ${{outputs.o}}", environment: "azureml:train:1",
    inputs: {x: "${{parent.jobs.a.outputs.o}}"}, outputs: {o: {type: uri_folder}}}
"""
    return {"circle": words(circle)}


def deploys():
    """how-to-use-batch-pipeline-deployments: a pipeline component behind a batch endpoint, called with inputs of its own names."""
    client.compute.begin_create_or_update(AmlCompute(name="scorers", size="STANDARD_DS3_V2", max_instances=1)).result()
    with tempfile.TemporaryDirectory() as folder:
        code = pathlib.Path(folder, "code")
        code.mkdir()
        pathlib.Path(code, "step.py").write_text(STEPS)
        one, two = step("clean", str(code)), step("train", str(code))

        @dsl.pipeline(name="steps")
        def steps(source: Input(type="uri_folder"), value: Input(type="integer", default=6)):
            clean = one(source=source, value=value)
            train = two(source=clean.outputs.target, value=5)
            return {"both": train.outputs.target}

        component = client.components.create_or_update(steps().component)
        endpoints = client.batch_endpoints
        endpoints.begin_create_or_update(BatchEndpoint(name="nightly-steps")).result()
        deployment = PipelineComponentBatchDeployment(
            name="first",
            endpoint_name="nightly-steps",
            component=component,
            settings={"continue_on_step_failure": False, "default_compute": "scorers"},
        )
        client.batch_deployments.begin_create_or_update(deployment).result()
        data = pathlib.Path(folder, "data")
        data.mkdir()
        pathlib.Path(data, "lines.txt").write_text("raw\n")
        source = Input(type="uri_folder", path=str(data))
        job = endpoints.invoke("nightly-steps", deployment_name="first", inputs={"source": source})
    with redirect_stdout(io.StringIO()):
        jobs.stream(job.name)
    with tempfile.TemporaryDirectory() as folder:
        jobs.download(job.name, download_path=folder, output_name="both")
        both = pathlib.Path(folder, "named-outputs/both/lines.txt").read_text().split("\n")
    listed = [each.name == job.name for each in endpoints.list_jobs("nightly-steps")]
    try:
        endpoints.invoke("nightly-steps", deployment_name="first", inputs={"value": Input(type="integer", default=1)})
        refused = "taken"
    except HttpResponseError as error:
        refused = error.message.splitlines()[0]
    return {
        "status": jobs.get(job.name).status,
        "steps": {name: child.status for name, child in sorted(children(job.name).items())},
        "both": both,
        "listed": listed,
        "refused": refused,
    }


def ended(name):
    while (status := jobs.get(name).status) not in ENDED:
        time.sleep(0.2)
    return status


serve([prepare, runs, steps, tracked, reuses, fails, cancels, nests, sweeps, deploys, refuses])
