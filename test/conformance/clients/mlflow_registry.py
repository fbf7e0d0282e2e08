"""The model registry by the unmodified MLflow client, whatever its version; MLFLOW_TRACKING_URI says where."""

import os
import pathlib
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import RestException  # noqa: E402
from serve import serve  # noqa: E402

client = MlflowClient()


def mlflow_version():
    return mlflow.__version__


def register(name, folder, tags, description):
    registered = mlflow.register_model(f"file://{folder}", name, tags=tags)
    if description:
        client.update_model_version(name, registered.version, description)
    return registered.version


def read(name, version):
    try:
        found = client.get_model_version(name, version)
    except RestException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return None
        raise
    return {"version": found.version, "tags": dict(found.tags), "description": found.description or ""}


def search(name):
    return sorted(found.version for found in client.search_model_versions(f"name = '{name}'"))


def files(name, version):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(mlflow.artifacts.download_artifacts(f"models:/{name}/{version}", dst_path=folder))
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def load(name, version):
    """The kind of what MLflow makes of it."""
    loaded = mlflow.pyfunc.load_model(f"models:/{name}/{version}")
    return loaded.metadata.flavors["python_function"]["loader_module"].removeprefix("mlflow.")


def tag(name, version, key, value):
    client.set_model_version_tag(name, version, key, value)


def untag(name, version, key):
    client.delete_model_version_tag(name, version, key)


def describe(name, version, description):
    client.update_model_version(name, version, description)


def delete(name, version):
    client.delete_model_version(name, version)


serve([mlflow_version, register, read, search, files, load, tag, untag, describe, delete])
