"""Endpoints by MLflow's deployment client, as Azure ML's plug-in has it; MLFLOW_TRACKING_URI says where."""

import json
import os
import tempfile
import warnings

warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
import pandas  # noqa: E402
import requests  # noqa: E402
from mlflow.deployments import get_deploy_client  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.pyfunc import load_model, scoring_server  # noqa: E402
from serve import serve  # noqa: E402

client = get_deploy_client(os.environ["MLFLOW_TRACKING_URI"])


def configuration(kind, content):
    """The plug-in takes settings as a file."""
    file = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
    with file:
        json.dump(content, file)
    return {f"{kind}-config-file": file.name}


def registered(name, folder):
    """The newest version, after the folder was registered where there is none."""
    registry = mlflow.MlflowClient()
    if not registry.search_model_versions(f"name='{name}'"):
        mlflow.register_model(f"file://{folder}", name)
    return [version.version for version in registry.search_model_versions(f"name='{name}'")]


def create_endpoint(endpoint):
    made = client.create_endpoint(endpoint, configuration("endpoint", {"auth_mode": "key", "tags": {"team": "churn"}}))
    return [made["name"], made["properties"]["provisioningState"]]


def create_deployment(endpoint, name, model):
    settings = {"instance_type": "Standard_DS3_v2", "instance_count": 1}
    made = client.create_deployment(name, model, config=configuration("deploy", settings), endpoint=endpoint)
    return [made["name"], made["flavor"], made["properties"]["model"].split("/")[-3:]]


def traffic(endpoint, weights=None):
    """The live traffic, after it was moved where weights are given."""
    if weights is not None:
        client.update_endpoint(endpoint, configuration("endpoint", {"traffic": weights}))
    return client.get_endpoint(endpoint)["properties"]["traffic"]


def scale(endpoint, name, instances):
    client.update_deployment(name, endpoint=endpoint, config=configuration("deploy", {"instance_count": instances}))
    return client.get_deployment(name, endpoint)["sku"]["capacity"]


def predict(endpoint, rows, deployment=None):
    answer = client.predict(deployment, pandas.DataFrame(**rows), endpoint=endpoint)
    return json.loads(answer) if isinstance(answer, str) else pandas.DataFrame(answer).to_numpy().ravel().tolist()


def rest(endpoint, key, body, deployment=None):
    """What the page does without MLflow: a key, and a header where one deployment is meant."""
    headers = {"Authorization": f"Bearer {key}"}
    if deployment is not None:
        headers["azureml-model-deployment"] = deployment
    answer = requests.post(client.get_endpoint(endpoint)["properties"]["scoringUri"], json=body, headers=headers)
    answered_by = answer.headers.get("azureml-model-deployment")
    return [answer.status_code, answered_by, answer.json() if answer.ok else None]


def local_server(folder, bodies):
    """What the server of `mlflow models serve` answers to each; where it refuses, the status."""
    model = load_model(folder)
    schema = model.metadata.get_input_schema()

    def answer(body):
        try:
            answered = scoring_server.invocations(json.dumps(body), "application/json", model, schema)
        except MlflowException as error:
            return error.get_http_status_code()
        return json.loads(answered.response)["predictions"]

    return [answer(body) for body in bodies]


def listed(endpoint):
    return {
        "endpoints": [each["name"] for each in client.list_endpoints()],
        "deployments": sorted(each["name"] for each in client.list_deployments(endpoint)),
    }


def delete_deployment(endpoint, name):
    client.delete_deployment(name, endpoint)


def delete_endpoint(endpoint):
    client.delete_endpoint(endpoint)


serve(
    [
        registered,
        create_endpoint,
        create_deployment,
        traffic,
        scale,
        predict,
        rest,
        local_server,
        listed,
        delete_deployment,
        delete_endpoint,
    ]
)
