"""Azure's clients, told where everything is; they take no proxy.

    endpoints_azure.py SUBSCRIPTION GROUP WORKSPACE
"""

import os
import pathlib
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")

from azure.ai.ml import MLClient  # noqa: E402
from azure.ai.ml.constants import AssetTypes  # noqa: E402
from azure.ai.ml.entities import Model  # noqa: E402
from azure.identity import ClientSecretCredential, DefaultAzureCredential  # noqa: E402
from serve import serve  # noqa: E402

subscription, group, workspace = sys.argv[1:]


def proxies():
    return [name for name in os.environ if name.lower() in ("https_proxy", "http_proxy")]


def azure_ai_ml():
    client = MLClient(DefaultAzureCredential(), subscription, group, workspace)
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "weights.txt").write_text("0.5")
        made = client.models.create_or_update(Model(name="plain", path=folder, type=AssetTypes.CUSTOM_MODEL))
    with tempfile.TemporaryDirectory() as folder:
        client.models.download("plain", made.version, folder)
        texts = [path.read_text() for path in pathlib.Path(folder).rglob("weights.txt")]
    return {
        "tracking": client.workspaces.get(workspace).mlflow_tracking_uri,
        "account": client.datastores.get_default().account_name,
        "version": made.version,
        "texts": texts,
    }


def identity(authority, tenant):
    credential = ClientSecretCredential(
        tenant,
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=authority,
        disable_instance_discovery=True,
    )
    return len(credential.get_token("https://management.azure.com/.default").token.split("."))


serve([proxies, azure_ai_ml, identity])
