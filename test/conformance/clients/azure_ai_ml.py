"""What an ML engineer does in a workspace with the unmodified azure-ai-ml client.

    azure_ai_ml.py SUBSCRIPTION GROUP WORKSPACE
"""

import json
import pathlib
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")

from azure.ai.ml import Input, MLClient, load_environment  # noqa: E402
from azure.ai.ml.constants import AssetTypes  # noqa: E402
from azure.ai.ml.entities import (  # noqa: E402
    AmlCompute,
    AzureBlobDatastore,
    BuildContext,
    Data,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

subscription, group, workspace = sys.argv[1:]
client = MLClient(EnvironmentCredential(), subscription, group, workspace)


def refused(call):
    """Status and words of a call that must be refused."""
    try:
        result = call()
        if hasattr(result, "result"):
            result.result()
    except HttpResponseError as error:
        return [error.status_code, error.error.code if error.error else None]
    return "taken"


def the_workspace():
    found = client.workspaces.get(workspace)
    keys = client.workspaces.get_keys(workspace)
    return {
        "name": found.name,
        "tracking": found.mlflow_tracking_uri,
        "listed": [each.name for each in client.workspaces.list()],
        "discovery": found.discovery_url is not None,
        "storage key": bool(keys.user_storage_key),
        "absent": refused(lambda: client.workspaces.get("nobody")),
    }


def datastores():
    account = client.datastores.get_default().account_name
    mine = AzureBlobDatastore(name="training", account_name=account, container_name="training", tags={"for": "churn"})
    client.datastores.create_or_update(mine)
    found = client.datastores.get("training")
    listed = sorted(each.name for each in client.datastores.list())
    client.datastores.delete("training")
    return {
        "default": client.datastores.get_default().name,
        "mine": [found.type, found.container_name, dict(found.tags)],
        "listed": listed,
        "deleted": refused(lambda: client.datastores.get("training")),
    }


def computes():
    wanted = AmlCompute(name="cpu", size="Standard_DS3_v2", min_instances=0, max_instances=2, idle_time_before_scale_down=600)
    made = client.compute.begin_create_or_update(wanted).result()
    made.max_instances = 4
    scaled = client.compute.begin_update(made).result()
    listed = [each.name for each in client.compute.list()]
    got = client.compute.get("cpu")
    client.compute.begin_delete("cpu").result()
    return {
        "made": [made.type, made.size, made.provisioning_state],
        "scaled": [scaled.max_instances, got.max_instances, got.idle_time_before_scale_down],
        "listed": listed,
        "deleted": refused(lambda: client.compute.get("cpu")),
    }


def environments():
    image = Environment(name="train", image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04", description="for training")
    first = client.environments.create_or_update(image)
    with tempfile.TemporaryDirectory() as folder:
        conda = pathlib.Path(folder, "conda.yaml")
        conda.write_text("name: churn\ndependencies: [python=3.11, pip, {pip: [mlflow==2.22.5]}]\n")
        second = client.environments.create_or_update(
            Environment(name="train", image=image.image, conda_file=conda, tags={"framework": "mlflow"})
        )
        pathlib.Path(folder, "Dockerfile").write_text("FROM python:3.11-slim\n")
        built = client.environments.create_or_update(Environment(name="built", build=BuildContext(path=folder)))
    latest = client.environments.get("train", label="latest")
    client.environments.archive("built")
    return {
        "versions": [first.version, second.version],
        "latest": [latest.version, latest.conda_file["dependencies"][0], dict(latest.tags)],
        "built": built.build.path.startswith("https://staiml.blob.core.windows.net/"),
        "listed": sorted(each.name for each in client.environments.list()),
        "all": sorted(each.version for each in client.environments.list("train")),
    }


def data():
    with tempfile.TemporaryDirectory() as folder:
        for month in ("january", "february"):
            pathlib.Path(folder, f"{month}.csv").write_text(f"month\n{month}\n")
        whole = client.data.create_or_update(Data(name="months", path=folder, type=AssetTypes.URI_FOLDER, tags={"year": "1"}))
        one = client.data.create_or_update(
            Data(name="january", path=f"{folder}/january.csv", type=AssetTypes.URI_FILE, version="7")
        )
        from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

        target = pathlib.Path(folder, "down")
        download_artifact_from_aml_uri(one.path, str(target), client.datastores)
        downloaded = [path.read_text() for path in target.rglob("*.csv")]
    found = client.data.get("months", label="latest")
    client.data.archive("january", version="7")
    return {
        "whole": [whole.version, found.type, dict(found.tags)],
        "one": [one.version, one.path.endswith("/january.csv")],
        "downloaded": downloaded,
        "listed": sorted(each.name for each in client.data.list()),
        "absent": refused(lambda: client.data.get("months", "9")),
    }


def models(folder):
    model = client.models.create_or_update(Model(name="churn", path=folder, type=AssetTypes.MLFLOW_MODEL))
    again = client.models.create_or_update(Model(name="churn", path=folder, type=AssetTypes.MLFLOW_MODEL))
    latest = client.models.get("churn", label="latest")
    with tempfile.TemporaryDirectory() as place:
        weights = pathlib.Path(place, "weights.bin")
        weights.write_bytes(b"\0\1\2")
        plain = client.models.create_or_update(Model(name="plain", path=weights, type=AssetTypes.CUSTOM_MODEL))
        client.models.download("plain", plain.version, place + "/down")
        downloaded = [path.read_bytes().hex() for path in pathlib.Path(place, "down").rglob("weights.bin")]
    return {
        "versions": [model.version, again.version, latest.version],
        "plain": [plain.type, downloaded],
        "listed": sorted(each.name for each in client.models.list()),
    }


def serve_it(request_file):
    endpoint = ManagedOnlineEndpoint(name="oe-churn", auth_mode="key", tags={"team": "churn"})
    made = client.online_endpoints.begin_create_or_update(endpoint).result()
    blue = ManagedOnlineDeployment(
        name="blue", endpoint_name="oe-churn", model="azureml:churn:1", instance_type="Standard_DS3_v2", instance_count=1
    )
    deployed = client.online_deployments.begin_create_or_update(blue).result()
    made.traffic = {"blue": 100}
    live = client.online_endpoints.begin_create_or_update(made).result()
    keys = client.online_endpoints.get_keys("oe-churn")
    answers = json.loads(client.online_endpoints.invoke("oe-churn", request_file=request_file))
    direct = json.loads(client.online_endpoints.invoke("oe-churn", request_file=request_file, deployment_name="blue"))
    client.online_endpoints.begin_regenerate_keys("oe-churn", key_type="secondary").result()
    return {
        "scoring": made.scoring_uri,
        "deployed": [deployed.provisioning_state, deployed.instance_count, deployed.model.split("/")[-3:]],
        "traffic": live.traffic,
        "answers": [len(answers), direct == answers],
        "keys": [
            keys.primary_key == client.online_endpoints.get_keys("oe-churn").primary_key,
            keys.secondary_key == client.online_endpoints.get_keys("oe-churn").secondary_key,
        ],
        "logs": client.online_deployments.get_logs("blue", "oe-churn", lines=50),
        "listed": [each.name for each in client.online_endpoints.list()],
    }


def change_it():
    blue = client.online_deployments.get("blue", "oe-churn")
    blue.instance_count = 2
    scaled = client.online_deployments.begin_create_or_update(blue).result()
    green = ManagedOnlineDeployment(
        name="green", endpoint_name="oe-churn", model="azureml:churn:2", instance_type="Standard_DS3_v2", instance_count=1
    )
    client.online_deployments.begin_create_or_update(green).result()
    endpoint = client.online_endpoints.get("oe-churn")
    endpoint.traffic = {"blue": 90, "green": 10}
    moved = client.online_endpoints.begin_create_or_update(endpoint).result()
    endpoint.traffic = {"blue": 90, "green": 20}
    too_much = refused(lambda: client.online_endpoints.begin_create_or_update(endpoint))
    weighted = refused(lambda: client.online_deployments.begin_delete("green", "oe-churn"))
    endpoint.traffic = {"blue": 100}
    client.online_endpoints.begin_create_or_update(endpoint).result()
    client.online_deployments.begin_delete("green", "oe-churn").result()
    return {
        "instances": scaled.instance_count,
        "traffic": moved.traffic,
        "too much": too_much,
        "weighted": weighted,
        "deployments": [each.name for each in client.online_deployments.list("oe-churn")],
        "tags": dict(client.online_endpoints.get("oe-churn").tags),
    }


def end_it():
    client.online_endpoints.begin_delete("oe-churn").result()
    return refused(lambda: client.online_endpoints.get("oe-churn"))


serve([the_workspace, datastores, computes, environments, data, models, serve_it, change_it, end_it])
