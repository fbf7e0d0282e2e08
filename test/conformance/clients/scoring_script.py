"""Models that are not MLflow's, with a scoring script, by the unmodified azure-ai-ml client, a function a step.

    scoring_script.py SUBSCRIPTION GROUP WORKSPACE
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

from azure.ai.ml import MLClient  # noqa: E402
from azure.ai.ml.entities import (  # noqa: E402
    CodeConfiguration,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
)
from azure.core.exceptions import HttpResponseError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

client = MLClient(EnvironmentCredential(), *sys.argv[1:])
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest"


def create_endpoint(endpoint):
    wanted = ManagedOnlineEndpoint(name=endpoint, auth_mode="key")
    return client.online_endpoints.begin_create_or_update(wanted).result().provisioning_state


def register(name, path):
    model = client.models.create_or_update(Model(name=name, path=path, type="custom_model"))
    return [model.type, model.version]


def deploy(endpoint, name, model, code, script="score.py", conda_file=None):
    """The state that the deployment ends in, or what the service said."""
    wanted = ManagedOnlineDeployment(
        name=name,
        endpoint_name=endpoint,
        model=model,
        code_configuration=CodeConfiguration(code=code, scoring_script=script),
        environment=Environment(name=name, image=IMAGE, conda_file=conda_file),
        environment_variables={"GREETING": "hello"},
        instance_type="Standard_DS3_v2",
        instance_count=1,
    )
    try:
        return client.online_deployments.begin_create_or_update(wanted).result().provisioning_state
    except HttpResponseError as error:
        return error.message


def invoke(endpoint, deployment, request_file):
    """The answer, or the status of the error and what the model's server said."""
    try:
        return json.loads(
            client.online_endpoints.invoke(endpoint, request_file=request_file, deployment_name=deployment)
        )
    except HttpResponseError as error:
        return [error.status_code, error.message]


def logs(endpoint, deployment):
    return client.online_deployments.get_logs(name=deployment, endpoint_name=endpoint, lines=200)


serve([create_endpoint, register, deploy, invoke, logs])
