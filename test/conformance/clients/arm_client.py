"""Microsoft's own client of the Machine Learning API, generated from its definition, against whatever ARM answers.

    arm_client.py WHEEL SUBSCRIPTION GROUP ARM_IDS_AS_JSON

WHEEL is azure-ai-ml's. Signs in with AZURE_* as any program does. Prints what it saw as one JSON object.
"""

import json
import sys

wheel, subscription, group, given = sys.argv[1:]
sys.path.insert(0, f"{wheel}/azure/ai/ml/_restclient")

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from arm_ml_service import MachineLearningServicesMgmtClient, models as ml  # noqa: E402

ids = json.loads(given)
client = MachineLearningServicesMgmtClient(EnvironmentCredential(), subscription)
seen = {}


def refused(call):
    """Status and code of a call that must be refused."""
    try:
        result = call()
        if hasattr(result, "result"):
            result.result()
    except HttpResponseError as error:
        return [error.status_code, error.error.code if error.error else None, type(error).__name__]
    return "taken"


workspace = client.workspaces.begin_create_or_update(
    group,
    "mlws",
    ml.Workspace(
        location="westeurope",
        identity=ml.ManagedServiceIdentity(type="SystemAssigned"),
        properties=ml.WorkspaceProperties(
            storage_account=ids["storage"], key_vault=ids["vault"], application_insights=ids["insights"]
        ),
    ),
).result()
seen["workspace"] = [workspace.name, workspace.properties.provisioning_state, workspace.properties.ml_flow_tracking_uri]
seen["workspaces"] = [each.name for each in client.workspaces.list_by_resource_group(group)]
client.workspaces.begin_update(group, "mlws", ml.WorkspaceUpdateParameters(tags={"team": "churn"})).result()
seen["workspace tags"] = dict(client.workspaces.get(group, "mlws").tags)
seen["keys"] = client.workspaces.list_keys(group, "mlws").user_storage_key is not None

compute = client.compute.begin_create_or_update(
    group,
    "mlws",
    "cpu",
    ml.ComputeResource(
        location="westeurope",
        properties=ml.AmlCompute(
            properties=ml.AmlComputeProperties(
                vm_size="Standard_DS3_v2",
                scale_settings=ml.ScaleSettings(min_node_count=0, max_node_count=2),
            )
        ),
    ),
).result()
seen["compute"] = [compute.properties.compute_type, compute.properties.provisioning_state]
compute = client.compute.begin_update(
    group,
    "mlws",
    "cpu",
    # As JSON: the client's own class of this body calls itself without end.
    {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 5}}}},
).result()
seen["compute nodes"] = compute.properties.properties.scale_settings.max_node_count

stores = client.datastores.list(group, "mlws")
seen["datastores"] = sorted(each.name for each in stores)
secrets = client.datastores.list_secrets(group, "mlws", "workspaceblobstore")
seen["secrets"] = secrets.secrets_type

uri = (
    f"azureml://subscriptions/{subscription}/resourcegroups/{group}/workspaces/mlws"
    "/datastores/workspaceblobstore/paths/models/churn"
)
for version in ("1", "2", "3"):
    model = client.model_versions.create_or_update(
        group,
        "mlws",
        "churn",
        version,
        ml.ModelVersion(properties=ml.ModelVersionProperties(model_type="mlflow_model", model_uri=uri)),
    )
seen["model"] = [model.name, model.properties.model_uri == uri, model.properties.provisioning_state]
newest = client.model_versions.list(group, "mlws", "churn", order_by="createdtime desc", top=1)
seen["versions by pages of one"] = [each.name for each in newest]
container = client.model_containers.get(group, "mlws", "churn")
seen["container"] = [container.properties.latest_version, container.properties.next_version]
seen["version not a number"] = refused(
    lambda: client.model_versions.create_or_update(
        group, "mlws", "churn", "one", ml.ModelVersion(properties=ml.ModelVersionProperties(model_uri=uri))
    )
)

endpoint = ml.OnlineEndpoint(
    location="westeurope",
    identity=ml.ManagedServiceIdentity(type="SystemAssigned"),
    properties=ml.OnlineEndpointProperties(auth_mode="Key"),
)
made = client.online_endpoints.begin_create_or_update(group, "mlws", "churn", endpoint).result()
seen["endpoint"] = [made.properties.provisioning_state, made.properties.scoring_uri, made.identity.principal_id is not None]


def deployment(**changes):
    settings = {"model": model.id, "instance_type": "Standard_DS3_v2", **changes}
    return ml.OnlineDeployment(
        location="westeurope",
        sku=ml.Sku(name="Default", capacity=1),
        properties=ml.ManagedOnlineDeployment(**settings),
    )


blue = client.online_deployments.begin_create_or_update(group, "mlws", "churn", "blue", deployment()).result()
seen["deployment"] = [blue.properties.endpoint_compute_type, blue.properties.provisioning_state, blue.sku.capacity]
client.online_deployments.begin_update(
    group, "mlws", "churn", "blue", ml.PartialMinimalTrackedResourceWithSku(sku=ml.PartialSku(capacity=3))
).result()
seen["instances"] = client.online_deployments.get(group, "mlws", "churn", "blue").sku.capacity
seen["another size"] = refused(
    lambda: client.online_deployments.begin_create_or_update(
        group, "mlws", "churn", "blue", deployment(instance_type="Standard_F2s_v2")
    )
)
made.properties.traffic = {"blue": 100}
live = client.online_endpoints.begin_create_or_update(group, "mlws", "churn", made).result()
seen["traffic"] = dict(live.properties.traffic)
made.properties.traffic = {"green": 100}
seen["traffic to nobody"] = refused(lambda: client.online_endpoints.begin_create_or_update(group, "mlws", "churn", made))
seen["endpoint keys"] = client.online_endpoints.list_keys(group, "mlws", "churn").primary_key is not None
client.online_endpoints.begin_regenerate_keys(
    group, "mlws", "churn", ml.RegenerateEndpointKeysRequest(key_type="Primary", key_value="mine")
).result()
seen["key of my own"] = client.online_endpoints.list_keys(group, "mlws", "churn").primary_key
logs = client.online_deployments.get_logs(group, "mlws", "churn", "blue", ml.DeploymentLogsRequest(tail=5))
seen["logs"] = logs.content
seen["deployments"] = [each.name for each in client.online_deployments.list(group, "mlws", "churn")]
seen["skus"] = [each.sku.name for each in client.online_deployments.list_skus(group, "mlws", "churn", "blue")]
seen["delete a weighted one"] = refused(lambda: client.online_deployments.begin_delete(group, "mlws", "churn", "blue"))
made.properties.traffic = {}
client.online_endpoints.begin_create_or_update(group, "mlws", "churn", made).result()
client.online_deployments.begin_delete(group, "mlws", "churn", "blue").result()
client.online_endpoints.begin_delete(group, "mlws", "churn").result()
seen["endpoint gone"] = refused(lambda: client.online_endpoints.get(group, "mlws", "churn"))
client.model_versions.delete(group, "mlws", "churn", "3")
seen["container after delete"] = client.model_containers.get(group, "mlws", "churn").properties.latest_version
client.compute.begin_delete(group, "mlws", "cpu", underlying_resource_action="Delete").result()
seen["computes"] = [each.name for each in client.compute.list(group, "mlws")]
client.workspaces.begin_delete(group, "mlws").result()
again = ml.Workspace(location="westeurope", properties=workspace.properties)
seen["soft-deleted name"] = refused(lambda: client.workspaces.begin_create_or_update(group, "mlws", again))
client.workspaces.begin_delete(group, "mlws", force_to_purge=True).result()
seen["purged name"] = client.workspaces.begin_create_or_update(group, "mlws", again).result().name
client.workspaces.begin_delete(group, "mlws", force_to_purge=True).result()
print(json.dumps(seen))
