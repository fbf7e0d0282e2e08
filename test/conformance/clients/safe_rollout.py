"""Microsoft's online-endpoints-safe-rollout notebook by the unmodified azure-ai-ml client, a function a step.

    safe_rollout.py SUBSCRIPTION GROUP WORKSPACE
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

from azure.ai.ml import MLClient  # noqa: E402
from azure.ai.ml.entities import ManagedOnlineDeployment, ManagedOnlineEndpoint  # noqa: E402
from azure.core.exceptions import HttpResponseError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

client = MLClient(EnvironmentCredential(), *sys.argv[1:])
endpoints = client.online_endpoints
deployments = client.online_deployments


def create_endpoint(endpoint):
    return endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=endpoint, auth_mode="key")).result().scoring_uri


def deploy(endpoint, name, model):
    wanted = ManagedOnlineDeployment(
        name=name, endpoint_name=endpoint, model=model, instance_type="Standard_DS3_v2", instance_count=1
    )
    return deployments.begin_create_or_update(wanted).result().provisioning_state


def scale(endpoint, name, instances):
    deployment = deployments.get(name, endpoint)
    deployment.instance_count = instances
    return deployments.begin_create_or_update(deployment).result().instance_count


def instances(endpoint, name):
    return deployments.get(name, endpoint).instance_count


def move(endpoint, traffic=None, mirror=None):
    """The live traffic and mirroring, after what is given was put."""
    found = endpoints.get(endpoint)
    if traffic is not None:
        found.traffic = traffic
    if mirror is not None:
        found.mirror_traffic = mirror
    moved = endpoints.begin_create_or_update(found).result()
    return [moved.traffic, moved.mirror_traffic]


def invoke(endpoint, request_file, count=1, deployment=None):
    """The different answers to that many calls."""
    answers = {endpoints.invoke(endpoint, request_file=request_file, deployment_name=deployment) for _ in range(count)}
    return [json.loads(answer) for answer in answers]


def scored(endpoint, name):
    """How many requests the deployment's log has."""
    return deployments.get_logs(name, endpoint, lines=1000).count("POST /score 200")


def delete_deployment(endpoint, name):
    """The code of the refusal, if so."""
    try:
        deployments.begin_delete(name, endpoint).result()
    except HttpResponseError as error:
        return error.error.code
    return [each.name for each in deployments.list(endpoint)]


def delete_endpoint(endpoint):
    endpoints.begin_delete(endpoint).result()
    return [each.name for each in endpoints.list()]


serve([create_endpoint, deploy, scale, instances, move, invoke, scored, delete_deployment, delete_endpoint])
