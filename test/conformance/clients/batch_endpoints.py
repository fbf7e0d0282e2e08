"""Microsoft's how-to-mlflow-batch by the unmodified azure-ai-ml client, a function a step.

    batch_endpoints.py SUBSCRIPTION GROUP WORKSPACE
"""

import io
import sys
import warnings
from contextlib import redirect_stdout
from pathlib import Path

warnings.filterwarnings("ignore")

from azure.ai.ml import Input, MLClient, Output  # noqa: E402
from azure.ai.ml.constants import AssetTypes, BatchDeploymentOutputAction  # noqa: E402
from azure.ai.ml.entities import (  # noqa: E402
    AmlCompute,
    BatchEndpoint,
    BatchRetrySettings,
    CodeConfiguration,
    Data,
    Environment,
    Model,
    ModelBatchDeployment,
    ModelBatchDeploymentSettings,
)
from azure.core.exceptions import HttpResponseError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

client = MLClient(EnvironmentCredential(), *sys.argv[1:])
endpoints = client.batch_endpoints
deployments = client.batch_deployments


def register(name, path, type):
    return client.models.create_or_update(Model(name=name, path=path, type=type)).version


def create_cluster(name):
    wanted = AmlCompute(name=name, size="STANDARD_DS3_V2", min_instances=0, max_instances=5)
    made = client.compute.begin_create_or_update(wanted).result()
    return [made.min_instances, made.max_instances]


def create_endpoint(endpoint):
    wanted = BatchEndpoint(name=endpoint, description="A heart condition classifier for batch inference")
    return endpoints.begin_create_or_update(wanted).result().scoring_uri


def deploy(endpoint, name, model, cluster, code=None, conda=None, output_action=None):
    """Two instances of two processes, two files at a time, as the page has it."""
    script = {}
    if code is not None:
        script["code_configuration"] = CodeConfiguration(code=code, scoring_script="score.py")
        script["environment"] = Environment(name=f"{name}-env", image="mcr.microsoft.com/base", conda_file=conda)
    settings = ModelBatchDeploymentSettings(
        instance_count=2,
        max_concurrency_per_instance=2,
        mini_batch_size=2,
        output_action=output_action or BatchDeploymentOutputAction.APPEND_ROW,
        output_file_name="predictions.csv",
        retry_settings=BatchRetrySettings(max_retries=3, timeout=300),
        error_threshold=-1,
        logging_level="info",
    )
    wanted = ModelBatchDeployment(
        name=name, endpoint_name=endpoint, model=model, compute=cluster, settings=settings, **script
    )
    return deployments.begin_create_or_update(wanted).result().provisioning_state


def make_default(endpoint, name):
    found = endpoints.get(endpoint)
    found.defaults.deployment_name = name
    return endpoints.begin_create_or_update(found).result().defaults.deployment_name


def register_data(name, folder):
    made = client.data.create_or_update(Data(name=name, path=folder, type=AssetTypes.URI_FOLDER))
    return [client.data.get(name=name, label="latest").id, made.path]


def invoke(endpoint, path, type="uri_folder", deployment=None, output=None, **overrides):
    """Name and status of the job, or the code of the refusal."""
    outputs = {} if output is None else {"outputs": {"score": Output(type=AssetTypes.URI_FILE, path=output)}}
    try:
        job = endpoints.invoke(
            endpoint_name=endpoint,
            deployment_name=deployment,
            inputs={"data": Input(path=path, type=type)},
            params_override=[{key: value} for key, value in overrides.items()],
            **outputs,
        )
    except HttpResponseError as error:
        return [error.error.code, error.message]
    return [job.name, job.status]


def stream(job):
    """What the client prints while the job is under way, and how it ended."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        client.jobs.stream(job)
    return [printed.getvalue(), client.jobs.get(job).status]


def download(job, folder, by_child=False):
    """The text of each file of the output `score`."""
    step = list(client.jobs.list(parent_job_name=job))[0]
    name = step.name if by_child else job
    client.jobs.download(name=name, output_name="score", download_path=folder)
    found = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {path.name: path.read_text() for path in found}


def jobs(endpoint):
    return sorted([job.name, job.status] for job in endpoints.list_jobs(endpoint))


def cancel(job):
    client.jobs.begin_cancel(job).result()
    return client.jobs.get(job).status


def delete_endpoint(endpoint):
    endpoints.begin_delete(endpoint).result()
    return [each.name for each in endpoints.list()]


serve(
    [
        register,
        create_cluster,
        create_endpoint,
        deploy,
        make_default,
        register_data,
        invoke,
        stream,
        download,
        jobs,
        cancel,
        delete_endpoint,
    ]
)
