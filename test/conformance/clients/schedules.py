"""Schedules, by the unmodified azure-ai-ml client, a function a step.

    schedules.py SUBSCRIPTION GROUP WORKSPACE
"""

import pathlib
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")

from azure.ai.ml import MLClient, Output, command, load_job  # noqa: E402
from azure.ai.ml.entities import CronTrigger, Environment, JobSchedule  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

client = MLClient(EnvironmentCredential(), *sys.argv[1:])

PIPELINE = """
type: pipeline
experiment_name: pipes
settings: {default_compute: serverless}
jobs:
  says: {type: command, command: "echo each minute", environment: "azureml:train:1"}
"""


def runs():
    """A pipeline each minute; the schedule goes on no more once it is off."""
    with tempfile.TemporaryDirectory() as folder:
        conda = pathlib.Path(folder, "conda.yaml")
        conda.write_text("name: train\ndependencies: [pip]\n")
        image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
        client.environments.create_or_update(Environment(name="train", version="1", image=image, conda_file=conda))
        file = pathlib.Path(folder, "pipeline.yml")
        file.write_text(PIPELINE)
        trigger = CronTrigger(expression="* * * * *", time_zone="UTC")
        schedule = JobSchedule(name="each-minute", trigger=trigger, create_job=load_job(file))
        client.schedules.begin_create_or_update(schedule).result()
    made = submitted("each-minute-")
    client.schedules.begin_disable("each-minute").result()
    return [made, ended(made), client.schedules.get("each-minute").is_enabled]


def ended(name):
    while (status := client.jobs.get(name).status) not in ("Completed", "Failed", "Canceled"):
        time.sleep(0.2)
    return status


def first():
    """A job that writes down whose run it is."""
    wanted = command(
        name="first",
        command="echo $AZUREML_RUN_ID > ${{outputs.note}}/note.txt",
        environment="azureml:train:1",
        outputs={"note": Output(type="uri_folder")},
    )
    client.jobs.create_or_update(wanted)
    return ended("first")


def note(name):
    with tempfile.TemporaryDirectory() as folder:
        client.jobs.download(name, download_path=folder, output_name="note")
        return next(pathlib.Path(folder).rglob("note.txt")).read_text().strip()


def submitted(prefix):
    """The last job that a schedule has submitted, once it has."""
    while not (made := [each.name for each in client.jobs.list() if each.name.startswith(prefix)]):
        time.sleep(0.2)
    return made[-1]


serve([runs, ended, first, note, submitted])
