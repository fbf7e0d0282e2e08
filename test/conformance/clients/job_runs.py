"""Commands as command jobs, submitted by the unmodified azure-ai-ml client; what runs tell, by MLflow's.

    job_runs.py SUBSCRIPTION GROUP WORKSPACE
"""

import pathlib
import sys
import tempfile
import warnings
from contextlib import redirect_stdout

warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
from azure.ai.ml import Input, MLClient, command  # noqa: E402
from azure.ai.ml.entities import Environment  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

client = MLClient(EnvironmentCredential(), *sys.argv[1:])
IMAGE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04"


def submitted(name, line, folder, conda, inputs, variables=None):
    """Runs to its end; the job's state, and its log's last lines where it failed."""
    with tempfile.TemporaryDirectory() as place:
        file = pathlib.Path(place, "conda.yaml")
        file.write_text(conda)
        job = client.jobs.create_or_update(
            command(
                name=name,
                command=line,
                code=folder,
                environment=Environment(name=name, version="1", image=IMAGE, conda_file=file),
                inputs={key: Input(type=files["type"], path=files.get("path") or files.get("uri")) for key, files in inputs.items()},
                environment_variables=variables,
                experiment_name="jobs",
            )
        )
    with redirect_stdout(sys.stderr):
        client.jobs.stream(job.name)
    return client.jobs.get(name).status


def told(run_id):
    """What a run has logged; every value of a metric in its order."""
    run = mlflow.get_run(run_id)
    history = {key: [each.value for each in mlflow.MlflowClient().get_metric_history(run_id, key)] for key in run.data.metrics}
    return {
        "status": run.info.status,
        "experiment": mlflow.get_experiment(run.info.experiment_id).name,
        "metrics": history,
        "params": run.data.params,
        "tags": {key: value for key, value in run.data.tags.items() if "." not in key},
    }


def text(run_id, path):
    """What an artifact of a run holds."""
    return mlflow.artifacts.load_text(f"{mlflow.get_run(run_id).info.artifact_uri}/{path}")


serve([submitted, told, text])
