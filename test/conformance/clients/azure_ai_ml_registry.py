"""The model registry by the unmodified azure-ai-ml client.

    azure_ai_ml_registry.py SUBSCRIPTION GROUP WORKSPACE
"""

import pathlib
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")

from azure.ai.ml import MLClient  # noqa: E402
from azure.ai.ml._restclient.arm_ml_service import MachineLearningServicesMgmtClient  # noqa: E402
from azure.ai.ml.constants import AssetTypes  # noqa: E402
from azure.ai.ml.entities import Model  # noqa: E402
from azure.core.exceptions import ResourceNotFoundError  # noqa: E402
from azure.identity import EnvironmentCredential  # noqa: E402
from serve import serve  # noqa: E402

subscription, group, workspace = sys.argv[1:]
credential = EnvironmentCredential()
client = MLClient(credential, subscription, group, workspace)


def register(name, folder, tags, description):
    model = Model(name=name, path=folder, type=AssetTypes.MLFLOW_MODEL, tags=tags, description=description)
    return client.models.create_or_update(model).version


def read(name, version):
    try:
        found = client.models.get(name, version)
    except ResourceNotFoundError:
        return None
    return {"version": found.version, "tags": dict(found.tags), "description": found.description or ""}


def search(name):
    return sorted(found.version for found in client.models.list(name))


def files(name, version):
    with tempfile.TemporaryDirectory() as folder:
        client.models.download(name, version, folder)
        # The client makes a folder of the model's name, and in it one of the uploaded folder's name.
        [marker] = pathlib.Path(folder).rglob("MLmodel")
        return sorted(str(path.relative_to(marker.parent)) for path in marker.parent.rglob("*") if path.is_file())


def change(name, version, **changes):
    found = client.models.get(name, version)
    for key, value in changes.items():
        setattr(found, key, value)
    client.models.create_or_update(found)


def tag(name, version, key, value):
    change(name, version, tags={**client.models.get(name, version).tags, key: value})


def untag(name, version, key):
    change(name, version, tags={k: v for k, v in client.models.get(name, version).tags.items() if k != key})


def describe(name, version, description):
    change(name, version, description=description)


def delete(name, version):
    # MLClient only archives; the client under it, generated from the API's definition, deletes.
    MachineLearningServicesMgmtClient(credential, subscription).model_versions.delete(group, workspace, name, version)


def archive(name, version):
    client.models.archive(name, version)


def restore(name, version):
    client.models.restore(name, version)


serve([register, read, search, files, tag, untag, describe, delete, archive, restore])
